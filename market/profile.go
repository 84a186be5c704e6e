package market

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Profile is one schedule per seat, p = π̂^i X_i − Σ_{j≠i} π^{ij} q^j.
type Profile struct {
	Reports []float64  // π̂^i: intercept per unit of inventory
	Slopes  *mat.Dense // π^{ij}, with π^{ii} = 0
}

// ProfileOf finds the schedules that implement a mechanism, price p = P·X and
// quantities q = Q·X whose columns sum to 0 (SS, Theorem 1): with H the inverse
// of Q whose first row is replaced by P, π̂^i = 1/H_{i1} and row i of Π is
// π̂^i H_i. The error is a NotAcceptableError.
func ProfileOf(price []float64, flows mat.Matrix) (*Profile, error) {
	n := len(price)
	h, err := revealed(price, flows)
	if err != nil {
		return nil, err
	}
	p := &Profile{Reports: make([]float64, n), Slopes: mat.NewDense(n, n, nil)}
	largest := mat.Norm(h.ColView(0), math.Inf(1))
	for i := range n {
		if math.Abs(h.At(i, 0)) <= 1e-15*largest {
			return nil, &NotAcceptableError{Seats: []int{i}, Reason: "the schedule's intercept would not be finite"}
		}
		p.Reports[i] = 1 / h.At(i, 0)
		row := func(j int) float64 { return p.Reports[i] * h.At(i, j) }
		// entry (i,i) of Π is −π^{i1} because π^{ii} = 0; seat 1 has π^{11} = 0
		base := 0.0
		if i > 0 {
			base = -row(i)
			p.Slopes.Set(i, 0, base)
		}
		for j := 1; j < n; j++ {
			if j != i {
				p.Slopes.Set(i, j, float64(row(j))+base)
			}
		}
	}
	return p, nil
}

// revealed is H, which tells inventories from the price and the quantities of
// seats 2 … N. Rows are inverted relative to their size, which depends on the
// units of money and time.
func revealed(price []float64, flows mat.Matrix) (*mat.Dense, error) {
	n := len(price)
	replaced := mat.DenseCopyOf(flows)
	replaced.SetRow(0, price)
	size := make([]float64, n)
	for i := range n {
		row := replaced.RawRowView(i)
		if size[i] = floats.Norm(row, math.Inf(1)); size[i] > 0 {
			floats.Scale(1/size[i], row)
		}
	}
	if singular(replaced) {
		return nil, &NotAcceptableError{Seats: columns(replaced), Reason: "price and flows do not reveal these inventories"}
	}
	h := new(mat.Dense)
	if err := h.Inverse(replaced); err != nil {
		if _, illConditioned := err.(mat.Condition); !illConditioned {
			return nil, err
		}
	}
	h.Apply(func(_, j int, v float64) float64 { return v / size[j] }, h)
	return h, nil
}

// Mechanism is the price vector and flow matrix that a profile implements:
// Q^P = Π⁻¹ diag(π̂), whose first row is P and whose other rows are those of Q.
func (p *Profile) Mechanism() (price []float64, flows *mat.Dense, err error) {
	n := len(p.Reports)
	weight := make([]float64, n)
	for i, r := range p.Reports {
		weight[i] = 1
		if r == 0 {
			return nil, nil, &NotAcceptableError{Seats: []int{i}, Reason: "the schedule does not depend on its inventory"}
		}
	}
	system := systemMatrix(weight, p.Slopes.RawMatrix().Data, n)
	if scaled := relative(system, weight); singular(scaled) {
		return nil, nil, &NotAcceptableError{Seats: dependent(scaled), Reason: "the schedules do not determine a price"}
	}
	var q mat.Dense
	if err := q.Solve(system, mat.NewDiagDense(n, p.Reports)); err != nil {
		if _, illConditioned := err.(mat.Condition); !illConditioned {
			return nil, nil, err
		}
	}
	price = mat.Row(nil, 0, &q)
	for j := range n {
		sum := 0.0
		for i := 1; i < n; i++ {
			sum += q.At(i, j)
		}
		q.Set(0, j, -sum)
	}
	return price, &q, nil
}

// columns names the columns of a singular matrix that are combinations of each
// other.
func columns(m *mat.Dense) []int { return dependent(mat.DenseCopyOf(m.T())) }
