package montecarlo

import (
	"gonum.org/v1/gonum/mat"

	"walras/internal/kernel"
)

// quadratic evaluates quadratic forms per path.
type quadratic struct {
	row          []float64 // Ax, one row at a time, per path
	coefficients []float64 // a row of A
}

func newQuadratic(seats int) quadratic {
	return quadratic{row: make([]float64, tileSize), coefficients: make([]float64, seats)}
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
		kernel.CombineScaled(row, q.coefficients[0], x[0][:n], q.coefficients[1:], x[1:])
		xj := x[j][:n]
		for p := range dst {
			dst[p] += float64(row[p] * xj[p])
		}
	}
}
