package papers

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
)

// preferences is (6), the payoff, against the values that the equilibrium
// conditions determine, and Lemma 1.
func preferences(p *page, l lab) error {
	const r = 2. // at r = 1, as in all examples, a factor r does not show
	g := equilibrium.Game{DiscountRate: r}
	x0 := []float64{1, 0, 0, 0, -1}
	for i, b := range []float64{1, 1.5, 2, 2.5, 3} {
		g.Traders = append(g.Traders, equilibrium.Trader{Name: string(rune('a' + i)), HoldingCost: b, Count: 1})
	}
	s, err := g.Continuous()
	if err != nil {
		return err
	}
	seats := g.Seats(1)
	value, err := s.ValueOn(seats, 0, mat.NewSymDense(len(x0), nil))
	if err != nil {
		return err
	}
	start := mat.NewVecDense(len(x0), x0)
	of := mat.Inner(start, value.A, start)
	present := payoff(s.PriceOn(seats), s.FlowsOn(seats), g.Traders[0].HoldingCost, r, start)
	p.market = "five traders, r = 2"
	at := "value of trader 1 at X₀ = (1, 0, 0, 0, −1), XᵀA¹X"
	p.formula("(6)", at, "E[r∫e^{−rt}(pq − bX²/2)dt]", r*present, of).errs("SS-2")
	p.formula("(6), corrected", at, "E[∫e^{−rt}(pq − bX²/2)dt]", present, of)
	return lemma1(p, l)
}

// payoff is what trader 1 earns from X₀ on without shocks, by quadrature over the
// path X = e^{−Qt}X₀.
func payoff(price []float64, flows *mat.Dense, b, r float64, start *mat.VecDense) float64 {
	at := func(t float64) float64 {
		var decay mat.Dense
		decay.Scale(-t, flows)
		decay.Exp(&decay)
		var x, q mat.VecDense
		x.MulVec(&decay, start)
		q.MulVec(flows, &x)
		p := mat.Dot(mat.NewVecDense(len(price), price), &x)
		return math.Exp(-r*t) * (p*q.AtVec(0) - b/2*x.AtVec(0)*x.AtVec(0))
	}
	sum := 0.
	for k := range 24 { // beyond, less than e^{−2·12} is left
		sum += quad.Fixed(at, float64(k)/2, float64(k+1)/2, 12, nil, 0)
	}
	return sum
}

// lemma1 is the variance of a liquidation's revenue, (2).
func lemma1(p *page, l lab) error {
	seller := closedform.AlmgrenChriss{Volatility: .5, Instantaneous: .3, Permanent: .4, RiskAversion: 15, Quantity: .5, Horizon: .5}
	variance := seller.Volatility * seller.Volatility * quad.Fixed(func(t float64) float64 {
		x := seller.Inventory(t)
		return x * x
	}, 0, seller.Horizon, 40, nil, 0)
	const step = .002
	list, err := l.run("almgren-chriss", set("impact.instantaneous", seller.Instantaneous), set("impact.permanent", seller.Permanent),
		set("clock.policy", "continuous"), set("clock.step", step), set("monte_carlo.paths", paths), set("record.statistics_every", 250))
	if err != nil {
		return err
	}
	m, err := list.get("payoff_variance", "t3", math.NaN())
	if err != nil {
		return err
	}
	p.market = "I = 0.3, λ = 0.4, σ = 0.5, γ = 15, X₀ = T = 0.5"
	// X² falls fastest when the sale begins.
	κ := seller.Volatility * math.Sqrt(seller.RiskAversion/(2*seller.Instantaneous))
	p.formula("(2)", "variance of the revenue", "σ²E∫X²dt", variance, seller.Optimal().Variance).simulated(m).
		atTicks(step, 2*κ/math.Tanh(κ*seller.Horizon), variance)
	return nil
}
