package equilibrium

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Boundedly rational traders do not follow how the others react to their
// sales. They reckon with the instantaneous impact φI^i and the permanent
// impact φλ^i alone (SS 33), where φ is 1 unless they misperceive it. The
// marginal revenue v = P − φIQ^i is then what a unit earns if it is kept:
//
//	(1−ρ)v + ρvQ = y,   y = ρφλQ^iM − bh(1^i − Q^i)   (discrete game)
//	    rv +  vQ = y,   y = φλQ^i − b1^i              (continuous time)

// noTransient traders see all but the transient impact of their sales.
type noTransient struct{ perceiving }

func (noTransient) carried(it *iteration, s *state, t int, g *row) {
	gap, slope := it.earnings(s, t, g)
	g.slope = slope / gap // of the slowest mode: where it is too large, the iteration is only slower
	g.own /= gap + it.rho*s.own[t]
	it.discounted(g.totals)
	it.andHolding(s, t, g)
}

// momentumBlind traders, moreover, expect the price to stay where it is: they
// leave ρPQ out of ρvQ, and what remains is −ρφIQ^iQ.
type momentumBlind struct{ perceiving }

func (momentumBlind) carried(it *iteration, s *state, t int, g *row) {
	gap, slope := it.earnings(s, t, g)
	n, impact := s.n, it.rho*s.impact(t, it.classes[t])
	g.slope = (slope + impact*it.fastest()) / gap
	g.own = (g.own + impact*s.own[t]*s.own[t]) / gap
	for u := range n {
		again, size := 0.0, 0.0 // (Q^iQ)_u
		for v := range n {
			term := s.mean[t*n+v] * it.totals.At(v, u)
			again += term
			size += math.Abs(term)
		}
		g.terms[u] = (math.Abs(g.totals[u]) + impact*size) / gap
		g.totals[u] = (g.totals[u] + impact*again) / gap
	}
	it.andHolding(s, t, g)
}

// earnings writes y to the row of class t. It returns what a unit of v decays
// by, 1−ρ or r, and about how fast y grows with Q^i.
func (it *iteration) earnings(s *state, t int, y *row) (gap, slope float64) {
	n, c := s.n, it.classes[t]
	permanent := it.rho * c.factor * it.permanentImpact(t)
	if it.timing.continuous() {
		y.own = permanent*s.own[t] - c.cost
		for u := range n {
			y.totals[u] = permanent * s.mean[t*n+u]
		}
		y.totals[t] -= c.cost / c.count
		return it.timing.DiscountRate, permanent
	}
	w := it.holding(t)
	y.own = (permanent*s.own[t] - w) * (1 - s.own[t])
	for u := range n {
		again := 0.0 // (Q^iQ)_u
		for v := range n {
			again += s.mean[t*n+v] * it.totals.At(v, u)
		}
		y.totals[u] = permanent*(s.mean[t*n+u]-again) + w*s.mean[t*n+u]
	}
	y.totals[t] -= w / c.count
	return it.timing.DiscountRate * it.timing.HoldingTime(), permanent*(1-s.diagonal(t, c)) + w
}

// andHolding turns v into g = v + w(1^i − Q^i).
func (it *iteration) andHolding(s *state, t int, g *row) {
	w := it.holding(t)
	g.slope -= w
	g.own += w * (1 - s.own[t])
	for u := range g.totals {
		g.totals[u] -= w * s.mean[t*s.n+u]
	}
	g.totals[t] += w / it.classes[t].count
}

// permanentImpact is λ = 1/(r Σ 1/b) over all others than one member of class t.
func (it *iteration) permanentImpact(t int) float64 {
	capacity := 0.0
	for u, c := range it.classes {
		others := c.count
		if u == t {
			others--
		}
		capacity += others / c.cost
	}
	return 1 / (it.timing.DiscountRate * capacity)
}

// discounted solves v((1−ρ)I + ρQ) = y, or v(rI + Q) = y, in place.
func (it *iteration) discounted(y []float64) {
	pivot := max(it.fringe, 0)
	if it.growth == nil {
		it.growth = new(mat.LU)
		it.growth.Factorize(it.growthFrom(pivot).T())
	}
	v := mat.NewVecDense(len(y), y)
	if err := it.growth.SolveVecTo(v, false, v); singular(err) {
		y[pivot] = nan
	}
	for i := range y {
		if i != pivot {
			y[i] += y[pivot]
		}
	}
}

// fastest is the largest speed at which inventories move.
func (it *iteration) fastest() float64 {
	fastest := 0.0
	for t := range it.classes {
		fastest = math.Max(fastest, it.totals.At(t, t))
	}
	return fastest
}
