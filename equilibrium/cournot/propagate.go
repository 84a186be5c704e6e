package cournot

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Exponentials of matrices and integrals over them, by doubling: what holds over
// a time u follows for 2u from products. Every matrix decays with time (or is
// constant), so that nothing overflows however long the time.

// exponential is e^{Wu}. While little has decayed the deviation from 1 is kept
// and not the matrix itself, so that slow changes keep their digits.
type exponential struct {
	m       *mat.Dense
	without bool // m is e^{Wu} − 1
}

// newExponential is e^{Wu} for ‖W‖u of order 1 or below.
func newExponential(w *mat.Dense, u float64) *exponential {
	term := times(u, w)
	sum := mat.DenseCopyOf(term)
	for k := 2.; k < taylorTerms; k++ {
		var next mat.Dense
		next.Mul(term, w)
		next.Scale(u/k, &next)
		term = &next
		sum.Add(sum, term)
	}
	return &exponential{m: sum, without: true}
}

// double goes from u to 2u.
func (e *exponential) double() {
	var square mat.Dense
	square.Mul(e.m, e.m)
	if e.without {
		square.Add(&square, times(2, e.m))
	}
	e.m = &square
	for i := range e.m.RawMatrix().Rows {
		if e.without && e.m.At(i, i) < -.5 {
			e.m, e.without = e.whole(), false
		}
	}
}

// whole is e^{Wu}.
func (e *exponential) whole() *mat.Dense {
	m := mat.DenseCopyOf(e.m)
	if e.without {
		for i := range m.RawMatrix().Rows {
			m.Set(i, i, m.At(i, i)+1)
		}
	}
	return m
}

// taylorTerms of a series whose argument is at most 1/2 give the last bit.
const taylorTerms = 18

// begin is where to begin doubling to end at u: at u/2ⁿ.
func begin(u float64, rates ...*mat.Dense) (first float64, doublings int) {
	norm := 0.
	for _, w := range rates {
		norm += mat.Norm(w, math.Inf(1))
	}
	for first = u; first*norm > .5; first /= 2 {
		doublings++
	}
	return first, doublings
}

// propagator is e^{Wu}.
func propagator(w *mat.Dense, u float64) *exponential {
	first, doublings := begin(u, w)
	e := newExponential(w, first)
	for range doublings {
		e.double()
	}
	return e
}

// after is e^{Wu}z.
func after(w *mat.Dense, u float64, z *mat.VecDense) *mat.VecDense {
	e := propagator(w, u)
	var out mat.VecDense
	out.MulVec(e.m, z)
	if e.without {
		out.AddVec(&out, z)
	}
	return &out
}

// carried are e^{−Mu} and ∫₀ᵘ e^{−Mv} C e^{Wv} dv: where x' = Cz − Mx and z was
// e^{Wv}z_u at time u − v, they take x_0 and z_u to x_u.
func carried(m, c, w *mat.Dense, u float64) (decay, inflow *mat.Dense) {
	back := times(-1, m)
	first, doublings := begin(u, m, w)
	em, ew := newExponential(back, first), newExponential(w, first)
	term := mat.DenseCopyOf(c)
	sum := times(first, c)
	for k := 1.; k < taylorTerms; k++ {
		var left, right mat.Dense
		left.Mul(back, term)
		right.Mul(term, w)
		term.Add(&left, &right)
		term.Scale(first/k, term)
		sum.Add(sum, times(first/(k+1), term))
	}
	for range doublings {
		var half, later mat.Dense
		half.Mul(em.whole(), sum)
		later.Mul(&half, ew.whole())
		sum.Add(sum, &later)
		em.double()
		ew.double()
	}
	return em.whole(), sum
}

// gathered are e^{Wu} and ∫₀ᵘ e^{−β(u−s)} e^{W's}Q e^{Ws} ds for a symmetric Q: the
// worth of the flow z'Qz when z was e^{Ws}z_0 at the time s before the end.
func gathered(w, q *mat.Dense, β, u float64) (decay, sum *mat.Dense) {
	first, doublings := begin(u, w)
	for ; β*first > .5; first /= 2 {
		doublings++
	}
	ew := newExponential(w, first)
	flow := mat.DenseCopyOf(q)
	term := times(first, q)
	sum = mat.DenseCopyOf(term)
	for k := 1.; k < taylorTerms; k++ { // term'' = −β term' + flow', power by power
		var left, right mat.Dense
		left.Mul(w.T(), flow)
		right.Mul(flow, w)
		flow.Add(&left, &right)
		flow.Scale(first/k, flow)
		term.Scale(-β, term)
		term.Add(term, flow)
		term.Scale(first/(k+1), term)
		sum.Add(sum, term)
	}
	for range doublings {
		var half, earlier mat.Dense
		e := ew.whole()
		half.Mul(sum, e)
		earlier.Mul(e.T(), &half)
		sum.Scale(math.Exp(-β*first), sum)
		sum.Add(sum, &earlier)
		first *= 2
		ew.double()
	}
	return ew.whole(), sum
}

func times(c float64, m mat.Matrix) *mat.Dense {
	var out mat.Dense
	out.Scale(c, m)
	return &out
}

// quadraticForm is z'Qz.
func quadraticForm(q mat.Matrix, z mat.Vector) float64 { return mat.Inner(z, q, z) }

func ones(n int) *mat.VecDense {
	v := mat.NewVecDense(n, nil)
	for i := range n {
		v.SetVec(i, 1)
	}
	return v
}

// row is row i as a vector.
func row(m *mat.Dense, i int) *mat.VecDense {
	return mat.NewVecDense(len(m.RawRowView(i)), append([]float64(nil), m.RawRowView(i)...))
}
