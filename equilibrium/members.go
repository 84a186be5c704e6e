package equilibrium

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// byMember says that the traders are solved one by one: common values tell them
// apart, and so does the covariance under exponential utility.
func (g Game) byMember() bool { return g.Interaction != nil || g.Exponential }

// validateMembers panics on misuse of common values and exponential utility.
func (g Game) validateMembers() {
	n := len(g.Traders)
	for _, t := range g.Traders {
		if t.Kind != Strategic || t.Count != 1 {
			panic(fmt.Sprintf("equilibrium: common values and exponential utility need strategic traders listed one by one, not %q", t.Name))
		}
	}
	if g.Exponential {
		if g.Interaction != nil {
			panic("equilibrium: common values under exponential utility")
		}
		if g.Covariance == nil || g.Covariance.SymmetricDim() != n {
			panic("equilibrium: exponential utility needs the covariance of the traders' shocks")
		}
		return
	}
	rows, columns := g.Interaction.Dims()
	if rows != n || columns != n {
		panic("equilibrium: common values need a row and a column for every trader")
	}
	for i := range n {
		if g.Interaction.At(i, i) != 1 {
			panic("equilibrium: common values need ones on the diagonal")
		}
	}
}

// interactionOn is F over single seats; nil for private values.
func (g Game) interactionOn(seats []Seat) *mat.Dense {
	if g.Interaction == nil {
		return nil
	}
	f := mat.NewDense(len(seats), len(seats), nil)
	for i, a := range seats {
		for j, b := range seats {
			f.Set(i, j, g.Interaction.At(a.Type, b.Type))
		}
	}
	return f
}

// RiskAversion is α = b/r of a member of type t under exponential utility.
func (g Game) RiskAversion(t int) float64 { return g.Traders[t].HoldingCost / g.DiscountRate }

// plain is the market with private values and quadratic utility.
func (g Game) plain() Game {
	g.Interaction, g.Exponential, g.Covariance = nil, false, nil
	return g
}

// solveMembers starts from the market with private values and quadratic
// utility and follows F_s = I + s(F − I), or the covariance sC, to s = 1.
func (g Game) solveMembers(timing Timing) (*Solution, error) {
	if g.Exponential && !timing.continuous() {
		panic("equilibrium: exponential utility is solved in continuous time only")
	}
	if g.Interaction != nil {
		if limit := g.tradeLimit(); limit <= 1 {
			return nil, g.noTrade(limit)
		}
	}
	plain, err := g.plain().solve(timing.Step)
	if err != nil {
		return nil, err
	}
	seats := g.Seats(math.MaxInt)
	base := newState(len(seats))
	copy(base.price, plain.PriceOn(seats))
	copy(base.mean, plain.FlowsOn(seats).RawMatrix().Data)
	finest := 1e-4
	if g.Exponential {
		finest = 1e-3 // every attempt solves nonlinear value equations
	}
	s, _, reached := walk(g.single, timing, base, finest)
	switch {
	case reached == 1:
	case g.Exponential:
		return nil, lostInRisk(reached)
	default:
		return nil, g.lostInSignals(s, reached)
	}
	of := make([]int, len(seats))
	for t := range of {
		of[t] = t
	}
	return g.accept(of, newIteration(g.single(1), timing), s)
}

// single lists every trader as a class of its own, with a share of the
// off-diagonal part of F or of the covariance.
func (g Game) single(share float64) []class {
	list := make([]class, len(g.Traders))
	var shocks *mat.SymDense
	if g.Exponential {
		shocks = mat.NewSymDense(len(list), nil)
		shocks.ScaleSym(share, g.Covariance)
	}
	for t, trader := range g.Traders {
		list[t] = class{kind: trader.Kind, cost: trader.HoldingCost, count: 1, factor: trader.factor()}
		if g.Exponential {
			list[t].shocks = shocks
			continue
		}
		list[t].signal = make([]float64, len(list))
		for u := range list {
			list[t].signal[u] = share * g.Interaction.At(u, t)
		}
		list[t].signal[t] = 1
	}
	return list
}

// lostInSignals reports where continuation in F failed. As a rule somebody
// stops trading there, Q^iF^{·i} → 0, while the others still do.
func (g Game) lostInSignals(s *state, reached float64) error {
	least, largest, who := math.Inf(1), 0.0, ""
	for t, c := range g.single(reached) {
		d := s.diagonal(t, c)
		largest = math.Max(largest, d)
		if d < least {
			least, who = d, g.Traders[t].Name
		}
	}
	reason := fmt.Sprintf("continuation in the common values stopped at %.4g of the way from private values", reached)
	if least < .01*largest {
		reason += fmt.Sprintf(", where %s stops trading", who)
	}
	return &NoEquilibriumError{
		Reason: reason,
		Hint:   fmt.Sprintf("scale the off-diagonal entries of common_values by %.3g or less", .999*reached),
	}
}

// lostInRisk reports where continuation in the covariance failed.
func lostInRisk(reached float64) error {
	return &NoEquilibriumError{
		Reason: fmt.Sprintf("continuation in the covariance of the shocks stopped at %.4g of it: with larger shocks exponential utility has no solution, or none was found", reached),
		Hint:   fmt.Sprintf("scale the volatilities by %.3g or less, or lower the risk aversions", math.Sqrt(reached)),
	}
}
