package papers

import (
	"math"

	"walras/equilibrium/cournot"
)

// depth is (24) with footnote 8, and Remark 1: what end investors trade.
func depth(p *page, _ lab) error {
	path := test()
	c, δ, ω := path.Market, path.Market.Activity, path.Market.Reservation
	n := float64(c.Makers)
	idle := cournot.Path{Market: c, Inventory: .1}.At(0)
	p.market = "β = 0.1, N = 3, η = 1, δ = 5, ω = 2"
	p.formula("(24)", "q^a + q^b of all makers at i = 0.1", "δ(2ω − (p^a − p^b))", δ*(2*ω-idle.Spread()), n*(idle.MakerBuys+idle.MakerSells))
	most := 0.
	for _, makers := range []int{1, 2, 3, 10, 1000} {
		m := c.Model
		m.Makers = makers
		now := cournot.Path{Market: m.Constants(cournot.Published)}.At(0)
		most = math.Max(most, float64(makers)*(now.MakerBuys+now.MakerSells))
	}
	p.claim("footnote 8", "largest total depth, N = 1 to 1000, less 2δω", "≤ 0: never above, as no spread is negative", most-2*δ*ω, most <= 2*δ*ω)

	p.market = inTest
	d := path.Order.Duration
	volume := func(t float64) float64 { now := path.At(t); return now.InvestorsBuy + now.InvestorsSell }
	now := path.At(.6)
	p.formula("Remark 1", "volume of the other investors at t = 0.6", "δ(2ω + p^b − p^a)", δ*(2*ω+now.Bid-now.Ask), volume(.6))
	least, largest := math.Inf(1), 0.
	for _, share := range shares(0, 1) {
		least, largest = math.Min(least, volume(share*d)), math.Max(largest, volume(share*d))
	}
	p.claim("Remark 1", "largest volume during the order, less the least", "0: constant", largest-least, largest-least < 1e-12*largest)
	return nil
}

// shares are numbers between two others.
func shares(from, to float64) (list []float64) {
	const n = 50
	for k := range n {
		list = append(list, from+(to-from)*(float64(k)+.5)/n)
	}
	return list
}

// shapes is what Lemmas 1 and 2 and Proposition 6 say of the form of paths and gains.
func shapes(p *page, _ lab) error {
	p.market = inTest
	path := test()
	c, f, d := path.Market, path.Order.Rate, path.Order.Duration
	double := path
	double.Order.Rate = 2 * f
	p.formula("Lemma 1", "i(d) at the rate 2f", "homogeneous of degree one: 2i(d)", 2*path.At(d).Inventory, double.At(d).Inventory)
	const later = .7
	p.formula("Lemma 1", "i(d + 0.7)", "decays exponentially: i(d)e^{−0.7M}, M = 4δA/(N+1)", path.At(d).Inventory*math.Exp(-later*4*c.Activity*c.A/float64(c.Makers+1)), path.At(d+later).Inventory)
	least := math.Inf(1) // change from one time to the next
	times := shares(0, d)
	for k := 1; k < len(times); k++ {
		least = math.Min(least, path.At(times[k]).Inventory-path.At(times[k-1]).Inventory)
	}
	p.claim("Lemma 1", "least change of the inventory from one of 50 times until d to the next", "> 0: strictly increasing", least, least > 0)
	for _, quote := range []struct {
		name  string
		start float64 // without an order
		of    func(cournot.Moment) float64
	}{
		{"bid", -c.HalfSpread, func(m cournot.Moment) float64 { return m.Bid }},
		{"ask", c.HalfSpread, func(m cournot.Moment) float64 { return m.Ask }},
	} {
		at := func(t float64) float64 { return quote.of(path.At(t)) }
		jump := at(0) - quote.start
		p.claim("Lemma 2", "jump of the "+quote.name+" at t = 0", "< 0", jump, jump < 0)
		decline := at(d/1000) - at(0)
		p.claim("Lemma 2", "change of the "+quote.name+" in the first thousandth of d", "< 0: declines at first", decline, decline < 0)
		bend, _ := curvature(at, 0, d)
		p.claim("Lemma 2", "least second difference of the "+quote.name+" before d", "> 0: convex", bend, bend > 0)
		_, bend = curvature(at, d, 3*d)
		p.claim("Lemma 2", "largest second difference of the "+quote.name+" after d", "< 0: concave", bend, bend < 0)
		rise := at(3*d) - at(d)
		p.claim("Lemma 2", "rise of the "+quote.name+" from d to 3d", "> 0: strictly increasing", rise, increasing(at, d, 3*d))
	}
	gain := c.InvestorsGain(d)
	half, whole := gain.Of(f/2, 0), gain.Of(f, 0)
	p.claim("Proposition 6", "gain of other investors at f, less twice that at f/2", "> 0: convex in f", whole-2*half, whole > 2*half)
	even := gain.Of(c.ThresholdRate(d), 0) / gain.Of(2*c.ThresholdRate(d), 0)
	p.claim("Proposition 6", "their gain at the threshold, over that at twice the rate", "0: equally well off", even, math.Abs(even) < agreement)
	return nil
}

// curvature is the least and the largest second difference of a function between two
// times.
func curvature(of func(float64) float64, from, to float64) (least, largest float64) {
	least, largest = math.Inf(1), math.Inf(-1)
	times := shares(from, to)
	for k := 2; k < len(times); k++ {
		bend := of(times[k]) - 2*of(times[k-1]) + of(times[k-2])
		least, largest = math.Min(least, bend), math.Max(largest, bend)
	}
	return least, largest
}

// increasing says whether a function rises from one time to the next between two.
func increasing(of func(float64) float64, from, to float64) bool {
	times := shares(from, to)
	for k := 1; k < len(times); k++ {
		if of(times[k]) <= of(times[k-1]) {
			return false
		}
	}
	return true
}
