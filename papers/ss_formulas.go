package papers

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
)

// Parameters of the formulas: no round numbers, so that none hides a factor.
const (
	rate   = .6  // r
	cost   = 1.7 // b of identical traders
	number = 5   // N
	large  = 1.3 // b_L
	fringe = 2.1 // b_F
)

// symmetric is Proposition 12, and its extension to common values in section 6.
func symmetric(p *page, _ lab) error {
	g := identical(number, cost, rate, equilibrium.Strategic)
	s, err := g.Continuous()
	if err != nil {
		return err
	}
	seats := g.Seats(number)
	q := s.FlowsOn(seats)
	none := mat.NewSymDense(number, nil)
	value, err := s.ValueOn(seats, 0, none)
	if err != nil {
		return err
	}
	n, κ := float64(number), rate*(number-2)/2
	p.market = "N = 5, b = 1.7, r = 0.6"
	p.formula("(37)", "P", "−b/(Nr)", -cost/(n*rate), s.PriceOn(seats)[2])
	p.formula("(37)", "speed of trade", "κ = r(N−2)/2", κ, s.Speeds()[1])
	p.formula("(37)", "Q_ii", "κ(1 − 1/N)", κ*(1-1/n), q.At(1, 1))
	p.formula("(37)", "Q_ij", "−κ/N", -κ/n, q.At(1, 3))
	p.formula("(38)", "A^i_ii", "−(b/2r)(3N−2)/N²", -cost/(2*rate)*(3*n-2)/(n*n), value.A.At(0, 0))
	p.formula("(38)", "A^i_ij", "−(b/2r)(N−2)/N²", -cost/(2*rate)*(n-2)/(n*n), value.A.At(0, 2))
	p.formula("(38)", "A^i_jk", "(b/2r)(N−2)/((N−1)N²)", cost/(2*rate)*(n-2)/((n-1)*n*n), value.A.At(2, 3))
	p.formula("below (42)", "I", "(b/r)/((N−1)κ)", cost/rate/((n-1)*κ), s.ImpactOf(0).Instantaneous)
	p.formula("below (42)", "λ", "(b/r)/(N−1)", cost/rate/(n-1), s.ImpactOf(0).Permanent)
	drift := maxProduct(s.PriceOn(seats), q)
	p.claim("section 5.4", "largest expected price change per unit of inventory", "0: prices are martingales", drift, drift < 1e-12)

	const φ = .1
	common := identicalKnowing(φ)
	s, err = common.Continuous()
	if err != nil {
		return err
	}
	q = s.FlowsOn(common.Seats(1))
	speed := rate * ((n-2)*(1-φ) - φ*n) / (2*(1-φ) + 2*φ*n)
	p.formula("section 6", "speed with common values, φ = 0.1", "κ = r((N−2)(1−φ) − φN)/(2(1−φ) + 2φN)", speed, q.At(0, 0)*n/(n-1))
	bound := (n - 2) / (2 * (n - 1))
	_, below := identicalKnowing(bound - 1e-3).Continuous()
	_, above := identicalKnowing(bound + 1e-3).Continuous()
	var refused *equilibrium.NoEquilibriumError
	p.claim("section 6", "bound of φ", "trade if φ < (N−2)/(2(N−1)), none above", bound, below == nil && errors.As(above, &refused))
	return nil
}

// identicalKnowing are identical traders whose signals all have the common part φ.
func identicalKnowing(φ float64) equilibrium.Game {
	g := equilibrium.Game{DiscountRate: rate, Interaction: mat.NewDense(number, number, nil)}
	for i := range number {
		g.Traders = append(g.Traders, equilibrium.Trader{Name: string(rune('a' + i)), HoldingCost: cost, Count: 1})
		for j := range number {
			g.Interaction.Set(i, j, φ)
		}
		g.Interaction.Set(i, i, 1)
	}
	return g
}

// maxProduct is the largest entry of |PQ|.
func maxProduct(price []float64, q mat.Matrix) float64 {
	var product mat.VecDense
	product.MulVec(q.T(), mat.NewVecDense(len(price), price))
	return mat.Norm(&product, math.Inf(1))
}

// withFringe is large traders, n of them, beside a fringe.
func withFringe(n int, bL, bF, r float64) equilibrium.Game {
	return equilibrium.Game{DiscountRate: r, Traders: []equilibrium.Trader{
		{Name: "large", HoldingCost: bL, Count: n}, {Name: "fringe", Kind: equilibrium.Fringe, HoldingCost: bF, Count: 1},
	}}
}

// largeAndFringe is Propositions 5 and 6, and the examples of section 4.
func largeAndFringe(p *page, _ lab) error {
	g := withFringe(1, large, fringe, rate)
	s, err := g.Continuous()
	if err != nil {
		return err
	}
	seats := g.Seats(2)
	price, q := s.PriceOn(seats), s.FlowsOn(seats)
	none := mat.NewSymDense(2, nil)
	values, err := s.ValuesOn(seats, none)
	if err != nil {
		return err
	}
	const r, bL, bF = rate, large, fringe
	p.market = "b_L = 1.3, b_F = 2.1, r = 0.6"
	p.formula("(18)", "P_1", "−(1/r) b_F b_L/(3b_F + b_L)", -bF*bL/(r*(3*bF+bL)), price[0])
	p.formula("(18)", "P_2", "−(1/r) b_F(b_L + 2b_F)/(3b_F + b_L)", -bF*(bL+2*bF)/(r*(3*bF+bL)), price[1])
	p.formula("(18)", "Q_11", "(r/2) b_L/b_F", r/2*bL/bF, q.At(0, 0))
	p.formula("(18)", "Q_12", "−r/2", -r/2, q.At(0, 1))
	κ := r / 2 * (bL + bF) / bF
	p.formula("(19)", "speed of trade", "κ = (r/2)(b_L + b_F)/b_F", κ, s.Speeds()[1])
	front := bF / (2 * r * (3*bF + bL))
	p.formula("Proposition 5", "A^L_11", "−3b_L b_F/(2r(3b_F + b_L))", -3*bL*front, values[0].A.At(0, 0))
	p.formula("Proposition 5", "A^L_12", "−b_L b_F/(2r(3b_F + b_L))", -bL*front, values[0].A.At(0, 1))
	p.formula("Proposition 5", "A^L_22", "b_F²/(2r(3b_F + b_L))", bF*front, values[0].A.At(1, 1))
	p.formula("Proposition 5", "A^F_11", "b_F b_L²/(2r(3b_F + b_L)(2b_F + b_L))", front*bL*bL/(2*bF+bL), values[1].A.At(0, 0))
	p.formula("Proposition 5", "A^F_12", "−b_F² b_L/(2r(3b_F + b_L)(2b_F + b_L))", -front*bL*bF/(2*bF+bL), values[1].A.At(0, 1))
	p.formula("(20)", "λ", "b_F/r", bF/r, s.ImpactOf(0).Permanent)
	p.formula("(20)", "I", "λ/(r + κ)", bF/r/(r+κ), s.ImpactOf(0).Instantaneous)
	p.claim("section 4", "transient impact", "none, when the others are a fringe", s.ImpactOf(0).Transient, math.Abs(s.ImpactOf(0).Transient) < 1e-12)

	tiny, err := closedform.LargeAndFringe(1e-9, 1, rate)
	if err != nil {
		return err
	}
	p.formula("footnote 19", "price at (1, −1), b_F = 1, b_L → 0", "→ 2/(3r)", 2/(3*rate), tiny.P[0]-tiny.P[1]).within(1e-8)
	residual := rate*price[1] + price[0]*q.At(0, 1) + price[1]*q.At(1, 1)
	p.formula("(17)", "(rP + PQ)_2", "−b_F", -bF, residual)
	return nil
}

// identicalLarge is section 5.6: identical large traders and a fringe.
func identicalLarge(p *page, l lab) error {
	g := withFringe(2, large, fringe, rate)
	s, err := g.Continuous()
	if err != nil {
		return err
	}
	speeds := s.Speeds()
	κ, fast := speeds[1], speeds[2]
	p.market = "N = 3, b_L = 1.3, b_F = 2.1, r = 0.6"
	price := s.PriceOn(g.Seats(3))
	p.claim("(47)", "speed between the large traders and the fringe", "above that among the large ones", fast, κ < fast)
	p.formula("below (47)", "price at (1, 1, −2)", "(N−1)b_F/(r + κ̃)", 2*fringe/(rate+fast), price[0]+price[1]-2*price[2])
	p.formula("below (47)", "price at (1/b_L, 1/b_L, 1/b_F)", "−1/r", -1/rate, 2*price[0]/large+price[2]/fringe)
	p.claim("section 5.6", "speed between the large traders and the fringe", "above that of one large trader alone, (19)", fast, fast > rate/2*(large+fringe)/fringe)
	p.formula("section 5.6", "price at (1, −1, 0)", "0", 0, price[0]-price[1])

	e, err := solved("front-running")
	if err != nil {
		return err
	}
	list, err := l.run("front-running", set("monte_carlo.paths", paths), set("clock.policy", "continuous"), set("clock.step", .05), set("clock.horizon", .05), set("record.statistics_every", 1))
	if err != nil {
		return err
	}
	held, err := list.get("inventory_mean", "runner", .05)
	if err != nil {
		return err
	}
	rate := e.Continuous.Q[1][0] - e.Continuous.Q[1][2] // at (1, 0, −1)
	p.market = "b = 1, 1, 1, r = 1"
	p.claim("section 5.6", "selling rate of trader 2 at X₀ = (1, 0, −1)", "> 0: it sells short first", rate, rate > 0).
		simulated(held.times(-1 / .05))
	return nil
}

// identical is a market of n traders with one holding cost.
func identical(n int, b, r float64, kind equilibrium.Kind) equilibrium.Game {
	return equilibrium.Game{DiscountRate: r, Traders: []equilibrium.Trader{{Name: "trader", Kind: kind, HoldingCost: b, Count: n}}}
}
