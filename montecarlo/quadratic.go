package montecarlo

import (
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/internal/kernel"
	"walras/market"
)

// quadratic evaluates quadratic forms per path.
type quadratic struct {
	row, left    []float64   // linear functions, one at a time, per path
	coefficients []float64   // of one of them
	y            [][]float64 // coordinates of concise values, after the member's excess
}

func newQuadratic(seats int) quadratic {
	return quadratic{row: make([]float64, tileSize), left: make([]float64, tileSize), coefficients: make([]float64, seats)}
}

// load takes the inventories at which concise values are asked for next.
func (q *quadratic) load(values []equilibrium.Value, x [][]float64, paths int) {
	for _, v := range values {
		if !v.Concise() {
			continue
		}
		if q.y == nil {
			q.y = market.Matrix(1+v.Coordinates(), tileSize)
		}
		for j := range v.Coordinates() {
			linear(q.y[j+1][:paths], v.Coordinate(j), x)
		}
		return
	}
}

// value writes f − k per path; inventories of concise values are to be loaded.
func (q *quadratic) value(dst []float64, v equilibrium.Value, x [][]float64) {
	if !v.Concise() {
		q.evaluate(dst, v.A, x)
		return
	}
	n := len(dst)
	clear(q.y[0])
	if v.Excess(q.coefficients) {
		linear(q.y[0][:n], q.coefficients, x)
	}
	terms, width := v.Terms()
	if len(q.coefficients) < width {
		q.coefficients = make([]float64, width)
	}
	clear(dst)
	for t := range terms {
		second := q.coefficients[:width]
		left, weight := v.Term(t, second)
		row := q.row[:n]
		linear(row, second, q.y)
		if left >= 0 {
			addProduct(dst, q.y[left], row)
		} else {
			kernel.Scale(q.left[:n], weight, row)
			addProduct(dst, q.left, row)
		}
	}
}

// evaluate writes xᵀAx per path.
func (q *quadratic) evaluate(dst []float64, a mat.Symmetric, x [][]float64) {
	n := len(dst)
	row := q.row[:n]
	clear(dst)
	for j := range x {
		for k := range x {
			q.coefficients[k] = a.At(j, k)
		}
		linear(row, q.coefficients[:len(x)], x)
		addProduct(dst, row, x[j])
	}
}

// regret writes XᵀFormX per path.
func (q *quadratic) regret(dst []float64, r *equilibrium.Regret, x [][]float64) {
	if r.Form != nil {
		q.evaluate(dst, r.Form, x)
		return
	}
	clear(dst)
	deviators, _ := r.First.Dims()
	for a := range deviators {
		left, row := q.left[:len(dst)], q.row[:len(dst)]
		linear(left, r.First.RawRowView(a), x)
		linear(row, r.Second.RawRowView(a), x)
		addProduct(dst, left, row)
	}
}

// linear writes Σ_j c_j x_j, of as many x as there are c.
func linear(dst, c []float64, x [][]float64) {
	kernel.CombineScaled(dst, c[0], x[0][:len(dst)], c[1:], x[1:])
}

func addProduct(dst, x, y []float64) {
	x, y = x[:len(dst)], y[:len(dst)]
	for p := range dst {
		dst[p] += float64(x[p] * y[p])
	}
}
