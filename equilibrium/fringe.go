package equilibrium

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// fringe is a continuum of price takers (SS 17): it pays what a unit is worth
// to it, P = −(b1^N + PQ)/r in continuous time and P = ρPM − bh(1^N − Q^N) in
// the discrete game.
type fringe struct{}

func (fringe) impact(*state, int, class) float64 { return 0 }

func (fringe) carried(it *iteration, s *state, t int, g *row) {
	n := s.n
	g.own = 0
	for u := range n {
		drift, size := 0.0, 0.0 // (PQ)_u, with columns of Q that sum to 0
		flows := 0.0            // that the fringe's own trade is the sum of
		for v := range n {
			term := s.dearer(v, t) * it.totals.At(v, u)
			drift += term
			size += math.Abs(term)
			flows += math.Abs(it.totals.At(v, u))
		}
		if it.timing.continuous() {
			g.totals[u], g.terms[u] = -drift/it.timing.DiscountRate, size/it.timing.DiscountRate
		} else {
			g.totals[u], g.terms[u] = it.rho*(s.price[u]-drift), it.rho*(math.Abs(s.price[u])+size)
			if it.many != nil {
				g.terms[u] += it.holding(t) * flows
			}
		}
	}
	if it.timing.continuous() {
		g.totals[t] -= it.classes[t].cost / it.timing.DiscountRate
	}
}

// fringePrice solves the fringe's condition for P: P(rI + Q) = −b1^N, or
// P(I − ρM) = −bh(1^N − Q^N).
func (it *iteration) fringePrice(s, out *state) error {
	n, f := s.n, it.fringe
	rhs := mat.NewVecDense(n, nil)
	if it.timing.continuous() {
		rhs.SetVec(f, -it.classes[f].cost)
	} else {
		w := it.holding(f)
		for i := range n {
			rhs.SetVec(i, w*s.mean[f*n+i])
		}
		rhs.SetVec(f, rhs.AtVec(f)-w)
	}
	solution := mat.NewVecDense(n, out.price)
	if err := solution.SolveVec(it.growthFrom(f).T(), rhs); singular(err) {
		return errLeftDomain
	}
	for i := range n {
		if i != f {
			out.price[i] += out.price[f]
		}
	}
	return nil
}

// growthFrom is the matrix (1−ρ)I + ρQ, or rI + Q, of a row vector v that is
// given by v^f and the differences v − v^f, which is all that vQ depends on:
// with a million members Q is so large that rounding errors of v itself would
// swamp rv.
func (it *iteration) growthFrom(f int) *mat.Dense {
	n := len(it.classes)
	gap := it.timing.DiscountRate
	if !it.timing.continuous() {
		gap *= it.timing.HoldingTime() // 1 − ρ = rh
	}
	growth := mat.NewDense(n, n, nil)
	growth.Scale(it.rho, it.totals)
	for i := range n {
		growth.Set(i, i, growth.At(i, i)+gap)
	}
	for i := range n {
		growth.Set(f, i, gap)
	}
	return growth
}

// singular tells a matrix without inverse from one that is badly conditioned.
func singular(err error) bool {
	if err == nil {
		return false
	}
	c, ok := err.(mat.Condition)
	return !ok || math.IsInf(float64(c), 1)
}

// residualDemand gives the fringe what the others leave: Q^N = −Σ Q^i.
func (it *iteration) residualDemand(out *state) {
	n, f := out.n, it.fringe
	for u := range n {
		sum := 0.0
		for t, c := range it.classes {
			if t != f {
				sum += c.count * out.mean[t*n+u]
			}
		}
		out.mean[f*n+u] = -sum
	}
	out.own[f] = 0
}
