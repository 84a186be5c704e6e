package papers

import (
	"fmt"
	"math"

	"walras/equilibrium/cournot"
	"walras/experiment"
)

// test is the market in which formulas are evaluated: β 0.1, N 3, η 1, δ 5, ω 2,
// with an order of rate 3 and duration 1.5.
func test() cournot.Path {
	m := cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: 2}
	return cournot.Path{Market: m.Constants(cournot.Published), Order: cournot.Order{Rate: 3, Duration: 1.5}}
}

// inTest names it.
const inTest = "β = 0.1, N = 3, η = 1, δ = 5, ω = 2; f = 3, d = 1.5"

// statics is Table 1.
func statics(p *page, _ lab) error {
	p.market = inTest
	s := test().Market.Statics()
	for _, row := range []struct {
		name             string
		spread, pressure string
		of               func(cournot.Gradient) float64
	}{
		{"η", "unchanged", "+", func(g cournot.Gradient) float64 { return g.InventoryCost }},
		{"N", "−", "−", func(g cournot.Gradient) float64 { return g.Makers }},
		{"β", "unchanged", "−", func(g cournot.Gradient) float64 { return g.DiscountRate }},
		{"δ", "unchanged", "−", func(g cournot.Gradient) float64 { return g.Activity }},
		{"ω", "+", "unchanged", func(g cournot.Gradient) float64 { return g.Reservation }},
	} {
		for _, cell := range []struct {
			of, printed string
			value       float64
		}{{"spread", row.spread, row.of(s.Spread)}, {"price pressure", row.pressure, row.of(s.Pressure)}} {
			holds := map[string]bool{"unchanged": cell.value == 0, "+": cell.value > 0, "−": cell.value < 0}[cell.printed]
			p.claim("Table 1", "derivative of the "+cell.of+" in "+row.name, cell.printed, cell.value, holds)
		}
	}
	return nil
}

// competition is Corollary 1, in a market of so many makers that it is at the
// limit to the digits compared.
func competition(p *page, _ lab) error {
	m := cournot.Model{DiscountRate: .3, Makers: 1e9, InventoryCost: .7, Activity: 1.3, Reservation: 1.1}
	c := m.Constants(cournot.Published)
	n, β, η, δ, ω := float64(m.Makers), m.DiscountRate, m.InventoryCost, m.Activity, m.Reservation
	const i = .1
	p.market = "β = 0.3, η = 0.7, δ = 1.3, ω = 1.1, N = 10⁹"
	p.claim("(19)", "2A_θ", "→ 0", 2*c.HalfSpread, 2*c.HalfSpread < 1e-8)
	p.formula("(20)", "B_θ", "→ 2η/β", 2*η/β, c.Pressure).errs("CMZ-2")
	p.claim("proof of Corollary 1", "B_θ", "→ 0", c.Pressure, c.Pressure < 1e-8)
	const limit = 1e-7 // N is not infinite
	p.formula("(20), corrected", "N B_θ", "→ 2η/β", 2*η/β, n*c.Pressure).within(limit)
	p.formula("(21)", "N C_θ + N D_θ i at i = 0.1", "→ δω − 2δηi/β", δ*ω-2*δ*η/β*i, n*c.Depth+n*c.DepthSlope*i).errs("CMZ-3")
	p.formula("(21), corrected", "N C_θ − N D_θ i at i = 0.1", "→ δω − 2δηi/β", δ*ω-2*δ*η/β*i, n*c.Depth-n*c.DepthSlope*i).within(limit)
	p.formula("(22)", "N C_θ + N D_θ i at i = 0.1", "→ δω + 2δηi/β", δ*ω+2*δ*η/β*i, n*c.Depth+n*c.DepthSlope*i).within(limit)
	p.claim("(23)", "v^M(0)", "→ 0", c.Value, c.Value < 1e-8)
	return nil
}

// concepts is what (A1) takes a maker to believe, against Definition 1: the gain
// of a maker that deviates while its rivals keep the published policy.
func concepts(p *page, l lab) error {
	p.market = calibrated + ", 7 % of ADV in 1 h"
	c := published() // gains at ticks are relative to I_θ, too
	for _, solution := range []string{"published", "open_loop"} {
		s, err := load("large-order", set("solution", solution))
		if err != nil {
			return err
		}
		lab, err := experiment.DeviateMakers(l.ctx, s)
		if err != nil {
			return err
		}
		for _, row := range lab.Rows {
			if row.Deviation != "best response" {
				continue
			}
			most := math.Abs(row.ContinuousPercent) + 100*s.Clock.Step*(c.M+c.Gamma) // what is no mistake in continuous time is one of order Δ, and gains of order Δ²
			e := p.claim("Definition 1, Proposition 2", solution+": gain of a maker's best response, % of I_θ", "0: no maker gains by deviating",
				row.ContinuousPercent, math.Abs(row.ContinuousPercent) < 1e-6).simulated(measured{row.Percent / row.Exact * row.Gain, 0, row.Percent}).atTicks(s.Clock.Step, c.M+c.Gamma, most)
			if solution == "published" {
				e.errs("CMZ-1")
			}
		}
	}
	return nil
}

// largeSeller is Proposition 2 and Lemmas 1 and 2: what is claimed of the paths.
func largeSeller(p *page, _ lab) error {
	p.market = inTest
	path := test()
	c, f, d := path.Market, path.Order.Rate, path.Order.Duration
	n := float64(c.Makers)
	const t = .6
	now, g := path.At(t), c.Announced(d-t)
	p.formula("(25)", "p^b at t = 0.6", "−A_θ − B_θNi − f(G_θ + H_θ)", -c.HalfSpread-c.Pressure*n*now.Inventory-f*(g+c.Impact), now.Bid)
	p.formula("(26)", "p^a at t = 0.6", "A_θ − B_θNi − fG_θ", c.HalfSpread-c.Pressure*n*now.Inventory-f*g, now.Ask)
	p.formula("(27)", "spread at t = 0.6", "2A_θ + fH_θ", 2*c.HalfSpread+f*c.Impact, now.Spread())
	half := path.At(d / 2)
	p.formula("(28)", "B_θ", "(p^a + p^b)/(2Ni), at t = d/2", (half.Ask+half.Bid)/(2*n*half.Inventory), c.Pressure).errs("CMZ-11")
	shifted := path
	shifted.Inventory = .01
	p.formula("(28), corrected", "B_θ", "−∂mid/∂(Ni)", (path.At(0).Mid()-shifted.At(0).Mid())/(n*.01), c.Pressure)
	p.formula("(29)", "q^b at t = 0.6", "C_θ − D_θi − f(δ/N)(G_θ − NH_θ)", c.Depth-c.DepthSlope*now.Inventory-f*c.Activity/n*(g-n*c.Impact), now.MakerBuys)
	p.formula("(30)", "q^a at t = 0.6", "C_θ + D_θi + f(δ/N)G_θ", c.Depth+c.DepthSlope*now.Inventory+f*c.Activity/n*g, now.MakerSells)

	slope := c.Announced(1e-8) / 1e-8
	p.claim("section 3.2", "G_θ(0)", "0", c.Announced(0), c.Announced(0) == 0)
	p.claim("section 3.2", "G'_θ(0)", "0", slope, math.Abs(slope) < 1e-6).errs("CMZ-8")
	p.claim("Lemma 1", "inventory at d, less that at d/2", "> 0", path.At(d).Inventory-half.Inventory, path.At(d).Inventory > half.Inventory)
	p.claim("Lemma 2", "slope of the bid at t = 0", "< 0", path.Slope(0), path.Slope(0) < 0)
	p.claim("Proposition 2", "I_θ(d), less I_θ(d/2)", "> 0: increasing in d", c.MakerGain(d).Of(f, 0)-c.MakerGain(d/2).Of(f, 0), c.MakerGain(d).Of(f, 0) > c.MakerGain(d/2).Of(f, 0))
	p.claim("Proposition 2", "G_θ(d) − 2G_θ(d/2) + G_θ(0)", "< 0: concave", c.Announced(d)-2*c.Announced(d/2), c.Announced(d) < 2*c.Announced(d/2))
	p.formula("Proposition 2", "jump of the bid at d", "fH_θ", f*c.Impact, path.At(d).Bid-path.Before(d).Bid)
	p.claim("Lemma 2", "jump of the ask at d", "0", path.At(d).Ask-path.Before(d).Ask, math.Abs(path.At(d).Ask-path.Before(d).Ask) < 1e-12)
	p.market = calibrated
	long := published()
	for _, minutes := range []float64{6, 60} {
		order := cournot.Path{Market: long, Order: cournot.Order{Rate: 1e5, Duration: minutes / 60 / cournot.TradingDay}}
		slope := order.Slope(order.Order.Duration * (1 - 1e-9))
		p.claim("Lemma 2", fmt.Sprintf("order of %v minutes: slope of the bid at its end", minutes), "> 0 if d is large enough", slope,
			(slope > 0) == (order.Order.Duration > long.ReversalDuration()))
	}
	return nil
}
