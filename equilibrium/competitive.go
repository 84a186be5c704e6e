package equilibrium

import "fmt"

// competitive reports whether the market is a fringe alone: price takers who
// share all risk at once, the market before anybody has merged (SS Proposition
// 7).
func (g Game) competitive() bool { return len(g.Traders) == 1 && g.Traders[0].Kind == Fringe }

// shareAtOnce is the market of a fringe alone. As one body it has nobody to
// trade with, Q = 0, and the price is that of the first best: its condition
// (SS 17) says P = −b/r, and at auctions P(1−ρ) = −bh, which is the same.
func (g Game) shareAtOnce(classes []class, of []int, timing Timing) (*Solution, error) {
	s := newState(1)
	s.price[0] = -classes[0].cost / timing.DiscountRate
	residual := newIteration(classes, timing).residual(s)
	if !(residual <= acceptedResidual) {
		return nil, &NoEquilibriumError{Reason: fmt.Sprintf("the residual of the fringe's condition stays at %.3g", residual)}
	}
	return &Solution{Game: g, Timing: timing, Residual: residual, classes: classes, of: of, state: s, squares: []float64{0}}, nil
}
