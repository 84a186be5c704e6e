package papers

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/clock"
	"walras/equilibrium"
)

// responses are formulas about traders who leave their policy, (21), (26) and
// (31), and values that follow from the closed forms, (61) and those below (42).
func responses(p *page, _ lab) error {
	for _, f := range []func(*page) error{beliefs, merged, nearImpact} {
		if err := f(p); err != nil {
			return err
		}
	}
	return nil
}

// selling is a rate of sale for a while.
var selling = clock.Schedule{{From: 0, To: 1, Rate: .7}}

// beliefs are what the others take a seller's inventory to be.
func beliefs(p *page) error {
	g := withFringe(1, large, fringe, rate)
	s, err := g.Continuous()
	if err != nil {
		return err
	}
	const x = -.4 // of the fringe
	at := s.ResponseTo(g.Seats(2), 0).Path([]float64{0, x}, selling, []float64{0})[0]
	p.market = "b_L = 1.3, b_F = 2.1, r = 0.6"
	p.formula("(21)", "inventory that the large trader reveals at q = 0.7, X_F = −0.4", "(b_F/b_L)(2q/r + X_F)", fringe/large*(2/rate*at.Sold+x), at.Belief)

	// Shocks to the fringe move X_F and nothing else as long as nothing is sold.
	const shock = .15
	opening := func(x float64) float64 {
		return s.ResponseTo(g.Seats(2), 0).Path([]float64{0, x}, nil, []float64{0})[0].Price
	}
	p.formula("(20)", "p_0 at X_F = −0.4", "−λX_F", -fringe/rate*x, opening(x))
	p.formula("(20)", "σ with shocks of volatility 0.15 to the fringe", "λ times that volatility", fringe/rate*shock, math.Abs(opening(x+shock)-opening(x)))

	g = equilibrium.Game{DiscountRate: rate}
	for i, b := range []float64{1, 1.5, 2, 2.5, 3} {
		g.Traders = append(g.Traders, equilibrium.Trader{Name: fmt.Sprint(i + 1), HoldingCost: b, Count: 1})
	}
	if s, err = g.Continuous(); err != nil {
		return err
	}
	const i = 2
	seats := g.Seats(1)
	q, price := s.FlowsOn(seats), s.PriceOn(seats)
	others := []float64{.3, -.2, 0, .5, -.1}
	answer := s.ResponseTo(seats, i)
	at = answer.Path(others, selling, []float64{0})[0]
	impact := s.ImpactOf(i)
	revealed, total := at.Sold, 0.
	for j, v := range others {
		if j != i {
			revealed -= q.At(i, j) * v
			total += (price[j] + impact.Instantaneous*q.At(i, j)) * q.At(j, i) / q.At(i, i)
		}
	}
	p.market = "b = 1, 1.5, 2, 2.5, 3, r = 0.6"
	p.formula("(26)", "inventory that trader 3 reveals at q = 0.7, X = (0.3, −0.2, ·, 0.5, −0.1)", "(q − Q^{i,−i}X^{−i})/q^{ii}", revealed/q.At(i, i), at.Belief)
	p.formula("(29)", "I³", "−p³/q³³", -price[i]/q.At(i, i), impact.Instantaneous)
	p.formula("(31)", "impact of a sale of trader 3 at once, λ + T", "(P^{−i} + IQ^{i,−i})Q^{−i,i}/q^{ii}", total, answer.ImpulseResponse(0))
	p.formula("(31)", "impact of a sale of trader 3 at last", "λ³", impact.Permanent, answer.ImpulseResponse(100))
	return nil
}

// merged is (61), the value to a large trader with a share of the market.
func merged(p *page) error {
	const share = .3
	g := withFringe(1, 1/share, 1/(1-share), rate)
	s, err := g.Continuous()
	if err != nil {
		return err
	}
	value, err := s.ValueOn(g.Seats(2), 0, mat.NewSymDense(2, nil))
	if err != nil {
		return err
	}
	front := 1 / (2 * rate * (2*share + 1))
	p.market = "β₁ = 0.3, β₂ = 0.7, r = 0.6"
	p.formula("(61)", "A^L_11", "−3/(2r(2β₁ + 1))", -3*front, value.A.At(0, 0))
	p.formula("(61)", "A^L_12", "−1/(2r(2β₁ + 1))", -front, value.A.At(0, 1))
	p.formula("(61)", "A^L_22", "(β₁/β₂)/(2r(2β₁ + 1))", front*share/(1-share), value.A.At(1, 1))
	return nil
}

// nearImpact is the impact of nearly identical traders, to first order.
func nearImpact(p *page) error {
	const n, ε = 5., 1e-3
	g := equilibrium.Game{DiscountRate: rate}
	for i := range int(n) {
		g.Traders = append(g.Traders, equilibrium.Trader{Name: fmt.Sprint(i + 1), HoldingCost: cost * (1 + float64(i-2)*ε), Count: 1})
	}
	s, err := g.Continuous()
	if err != nil {
		return err
	}
	κ := rate * (n - 2) / 2
	p.market = "N = 5, b = 1.7(1 + ε), ε = −2e-3, …, 2e-3, r = 0.6"
	p.formula("section 5.5", "I of the largest", "(b/r)/((N−1)κ) (1 − (N−2)²/(N(N−1)) ε)", cost/rate/((n-1)*κ)*(1+(n-2)*(n-2)/(n*(n-1))*2*ε), s.ImpactOf(0).Instantaneous).within(10 * ε * ε)
	p.formula("(42)", "λ of the largest", "(b/r)/(N−1) (1 − ε/(N−1))", cost/rate/(n-1)*(1+2*ε/(n-1)), s.ImpactOf(0).Permanent).within(10 * ε * ε)
	p.claim("Proposition 13", "transient impact of the largest, over ε²", "of order ε²", s.ImpactOf(0).Transient/(ε*ε), math.Abs(s.ImpactOf(0).Transient) < 10*ε*ε)
	return nil
}
