package equilibrium

import (
	"fmt"
	"math"
)

// Commitment binds the one strategic trader of a market with a fringe to close
// its misallocation at a rate, whatever its inventory, SS Proposition 8. The
// fringe takes the price that makes it indifferent; the first-order condition of
// the trader that has committed does not hold.
type Commitment struct {
	// Rate is κ > 0, per time. At auctions a step Δ apart the fraction 1 − e^{−κΔ}
	// of the misallocation is sold at each, so that what is left at time t is
	// e^{−κt} in continuous time and at any step.
	Rate float64
}

// commit writes down the mechanism of a commitment: with the misallocation
// m = (b_LX_L − b_FX_F)/(b_L + b_F) it is q_L = κm, q_F = −κm, and P solves the
// fringe's condition.
func (g Game) commit(classes []class, of []int, timing Timing) (*Solution, error) {
	rate := g.Commitment.Rate
	if !(rate > 0) || math.IsInf(rate, 1) {
		panic(fmt.Sprintf("equilibrium: a commitment needs a positive, finite rate, not %v", rate))
	}
	it := newIteration(classes, timing)
	if len(classes) != 2 || g.Members() != 2 || it.fringe < 0 {
		panic("equilibrium: a commitment needs one strategic trader and a fringe, and nobody else")
	}
	sold := rate
	if !timing.continuous() {
		sold = -math.Expm1(-rate * timing.Step)
	}
	s, f := newState(2), it.fringe
	l := 1 - f
	for t, share := range map[int]float64{l: classes[l].cost, f: -classes[f].cost} {
		share /= classes[l].cost + classes[f].cost
		s.mean[l*2+t], s.mean[f*2+t] = sold*share, -sold*share
	}
	s.totals(classes, it.totals)
	if err := it.fringePrice(s, s); err != nil {
		return nil, err
	}
	it.residual(s) // fills the rows
	solution := &Solution{
		Game: g, Timing: timing, Residual: it.violation(s, f), classes: classes, of: of, state: s,
		squares: []float64{it.rows[0].square, it.rows[1].square},
	}
	if !(solution.Residual <= acceptedResidual) {
		return nil, &NoEquilibriumError{Reason: fmt.Sprintf("the residual of the fringe's condition stays at %.3g", solution.Residual)}
	}
	return solution, nil
}

// violation is the largest one of the condition of the fringe t, relative to the
// size of its terms, once its row is filled.
func (it *iteration) violation(s *state, t int) float64 {
	worst, w := 0.0, it.holding(t)
	for u := range it.classes {
		g, trade, held := it.rows[t].totals[u], w*s.mean[t*s.n+u], 0.0
		if u == t {
			held = w
		}
		size := math.Abs(s.price[u]) + math.Abs(trade) + held + it.rows[t].terms[u]
		worst = math.Max(worst, math.Abs(s.price[u]-g-trade+held)/size)
	}
	return worst
}
