package equilibrium

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// equation is that of values W in a market that does not change but that, at a rate h,
// its orders end and values are W′: βW = P + LW + h(W′ − W) with L the expected change
// per time. At Bernoulli steps W = P + e^{−βΔ}(e^{−hΔ}LW + (1 − e^{−hΔ})LW′), with L what
// is expected after a step.
type equation struct {
	*stretch
	discount, hazard float64
	lasts, ends      float64 // weights of W and W′ on the right side
}

func (v *Values) equation(s *stretch, hazard float64) *equation {
	e := &equation{stretch: s, discount: v.discount, hazard: hazard, lasts: 1, ends: hazard}
	if s.step > 0 {
		gamma := math.Exp(-v.discount * s.step)
		e.lasts, e.ends = gamma*math.Exp(-hazard*s.step), -gamma*math.Expm1(-hazard*s.step)
	}
	return e
}

// before is a Bernoulli step back from W, and in continuous time dW/ds, with s the time
// to go.
func (e *equation) before(w, ended, pay *mat.Dense) *mat.Dense {
	out := e.change(w)
	out.Scale(e.lasts, out)
	out.Add(out, pay)
	if e.ends > 0 {
		out.Add(out, e.ended(ended))
	}
	if e.step == 0 {
		var lost mat.Dense
		lost.Scale(e.discount+e.hazard, w)
		out.Sub(out, &lost)
	}
	return out
}

// ended is what the end of the orders adds to the right side.
func (e *equation) ended(w *mat.Dense) *mat.Dense {
	out := w
	if e.step > 0 {
		out = e.change(w)
	}
	var scaled mat.Dense
	scaled.Scale(e.ends, out)
	return &scaled
}

// solve is W for a right side.
func (e *equation) solve(right *mat.Dense) *mat.Dense {
	var solved mat.VecDense
	system := e.matrix()
	system.Scale(-1, system)
	if e.step > 0 {
		for i := range e.size() {
			system.Set(i, i, system.At(i, i)+1)
		}
	}
	// What is singular gives numbers that are not finite, which are found where they
	// are used.
	_ = solved.SolveVec(system, e.half(right))
	return e.full(&solved)
}

// followed are the values a time before they are W. Pay and W go together: the values
// of a market that never changes, of order 1/β, would leave few digits of W.
func (e *equation) followed(w, pay *mat.Dense, time float64) *mat.Dense {
	n, half, paid := e.size(), e.half(w), e.half(pay)
	system := mat.NewDense(n+1, n+1, nil)
	system.Slice(0, n, 0, n).(*mat.Dense).Copy(e.matrix())
	for i := range n {
		system.Set(i, n, paid.AtVec(i))
	}
	var power mat.Dense
	if e.step > 0 {
		system.Set(n, n, 1)
		power.Pow(system, int(math.Round(time/e.step)))
	} else {
		system.Scale(time, system)
		power.Exp(system)
	}
	with := mat.NewVecDense(n+1, append(half.RawVector().Data, 1))
	var out mat.VecDense
	out.MulVec(&power, with)
	return e.full(&out)
}

// matrix is W ↦ before(W) without pay and end, in the coordinates of half.
func (e *equation) matrix() *mat.Dense {
	n := e.size()
	out, none := mat.NewDense(n, n, nil), mat.NewDense(e.width, e.width, nil)
	unit := mat.NewVecDense(n, nil)
	for k := range n {
		unit.SetVec(k, 1)
		column := e.half(e.before(e.full(unit), none, none))
		for i := range n {
			out.Set(i, k, column.AtVec(i))
		}
		unit.SetVec(k, 0)
	}
	return out
}

func (e *equation) size() int { return e.width * (e.width + 1) / 2 }

// half lists the lower triangle of a symmetric matrix.
func (e *equation) half(w *mat.Dense) *mat.VecDense {
	var list []float64
	for i := range e.width {
		list = append(list, w.RawRowView(i)[:i+1]...)
	}
	return mat.NewVecDense(len(list), list)
}

// full is the matrix with this lower triangle.
func (e *equation) full(list *mat.VecDense) *mat.Dense {
	w, next := mat.NewDense(e.width, e.width, nil), 0
	for i := range e.width {
		for j := range i + 1 {
			w.Set(i, j, list.AtVec(next))
			w.Set(j, i, list.AtVec(next))
			next++
		}
	}
	return w
}
