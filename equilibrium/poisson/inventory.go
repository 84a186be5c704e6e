package poisson

import (
	"math"
	"sort"

	"walras/equilibrium/cournot"
)

// Inventory is the law of a maker's inventory from time 0 on, when it and all its
// rivals hold Initial then. Between arrivals it drifts at (f − φ)/N; a buyer leaves
// ρ of it less α^a, a seller ρ of it plus α^b:
//
//	I → ρI − α^a at the rate λ_B,   I → ρI + α^b at the rate λ_S,
//	α^a = (c/K)(p − B − φ/(cλ_B N)),   α^b = (c/K)(p + B − f/(cλ_S N)).
//
// B is constant, or exponential towards the end of a spell, so that all moments
// are sums of exponentials: exact, at any time.
type Inventory struct {
	Market  Constants
	Initial float64

	spells []spell // the last one without end and without orders
}

// spell is a time without jumps of the flows. With r the time to its end,
// B = B0 + settled + passing e^{−δr}.
type spell struct {
	flow
	from, length     float64 // the last one's is infinite
	hazard           float64 // rate ν at which the makers expect the order to end
	settled, passing float64

	mean, variance modes
	raw            [5]modes // E Iⁿ
}

// Known is the law of the inventory against flows that everybody knows from time 0
// (sunshine trading). The flows must be valid; without any it is that of a market
// without large orders.
func (c Constants) Known(flows cournot.Flows, initial float64) *Inventory {
	v := &Inventory{Market: c, Initial: initial, spells: c.knownSpells(flows)}
	v.solve()
	return v
}

// knownSpells are the spells of known flows: the cells of those who announce them, and
// what follows.
func (c Constants) knownSpells(flows cournot.Flows) []spell {
	public := c.Announce(flows)
	var list []spell
	for k, cell := range public.cells {
		settled := -c.KB * (cell.sell - cell.buy) / c.Delta
		list = append(list, spell{
			flow: cell.flow, from: public.edges[k], length: public.edges[k+1] - public.edges[k],
			settled: settled, passing: cell.end - settled,
		})
	}
	return append(list, spell{from: public.End(), length: math.Inf(1)})
}

// Hidden is the law of the inventory given that a hidden sale at the rate f ends at
// that duration (stealth trading), while makers know the law alone, of hazard ν:
// B = B0 − f kB/(ν + δ) until it does. A negative rate is a purchase.
func (c Constants) Hidden(law Exponential, rate, duration, initial float64) *Inventory {
	v := &Inventory{Market: c, Initial: initial}
	v.spells = []spell{c.hiddenSpell(law, rate), {from: duration, length: math.Inf(1)}}
	v.spells[0].length = duration
	v.solve()
	return v
}

// hiddenSpell is the spell while a hidden order goes on.
func (c Constants) hiddenSpell(law Exponential, rate float64) spell {
	hazard := 1 / law.MeanDuration
	return spell{
		flow: flow{math.Max(rate, 0), math.Max(-rate, 0)}, length: math.Inf(1),
		hazard: hazard, settled: -c.KB * rate / (hazard + c.Delta),
	}
}

// solve finds the moments forwards, spell by spell.
func (v *Inventory) solve() {
	start := [5]float64{1, v.Initial}
	for n := 2; n < len(start); n++ {
		start[n] = start[n-1] * v.Initial
	}
	variance := 0.
	for k := range v.spells {
		s := &v.spells[k]
		v.Market.follow(s, start, variance)
		if k+1 == len(v.spells) {
			break
		}
		for n := range start {
			start[n] = s.raw[n].at(s.length, s.length)
		}
		variance = s.variance.at(s.length, s.length)
	}
}

// after is the spell at time t; where flows jump, just after.
func (v *Inventory) after(t float64) *spell {
	return &v.spells[sort.Search(len(v.spells)-1, func(k int) bool { return v.spells[k+1].from > t })]
}

// before is the spell just before time t > 0.
func (v *Inventory) before(t float64) *spell {
	return &v.spells[sort.Search(len(v.spells)-1, func(k int) bool { return v.spells[k+1].from >= t })]
}

// Anticipation is B at time t; where flows jump it does not, unless an order was
// hidden.
func (v *Inventory) Anticipation(t float64) float64 { return v.Market.anticipation(v.after(t), t) }

func (c Constants) anticipation(s *spell, t float64) float64 {
	return c.B0 + approaching(s.settled, s.passing, c.Delta).at(t-s.from, s.length)
}

// decay is Λ(1 − ρⁿ), the rate at which the n-th moment reverts.
func (c Constants) decay(n int) float64 {
	sum, power := 0., 1.
	for range n {
		sum += power
		power *= c.Rho
	}
	return c.Reversion * sum
}

// pull is E dI/dt at inventory 0, λ_Sα^b − λ_Bα^a + (f−φ)/N, as modes. Where B has
// settled the orders' part of it is the small remainder of terms that cancel,
// ((f−φ)m/(NK)) (β+ν)/(δ+ν).
func (c Constants) pull(s *spell) modes {
	settled := c.inflow()*(s.sell-s.buy)*(c.DiscountRate+s.hazard)/(c.Delta+s.hazard) + c.drift()
	return approaching(settled, c.Size/c.K*c.Arrivals()*s.passing, c.Delta)
}

// follow finds the moments on a spell from those at its beginning:
//
//	g' = −Mg + pull,   v' = −M2 v + λ_B(α^a + rg)² + λ_S(α^b − rg)²,
//	m_n' = n (f−φ)/N m_{n−1} − Λ(1−ρⁿ) m_n + Σ_k C(n,k) ρ^{n−k} m_{n−k} w_k,
//
// w_k = λ_B(−α^a)^k + λ_S(α^b)^k. The variance has its own equation because it may
// be small beside the squared mean.
func (c Constants) follow(s *spell, start [5]float64, variance float64) {
	ask, bid := c.jumpModes(s)
	s.mean = fading(start[1], c.Reversion).plus(c.pull(s).followed(c.Reversion))
	sold, bought := ask.plus(s.mean.scaled(c.R)), bid.plus(s.mean.scaled(-c.R))
	news := sold.power(2).scaled(c.BuyRate).plus(bought.power(2).scaled(c.SellRate))
	s.variance = fading(variance, c.Reversion2).plus(news.followed(c.Reversion2))

	weights := c.weights(ask, bid)
	s.raw[0], s.raw[1] = fading(1, 0), s.mean
	for n := 2; n < len(s.raw); n++ {
		force := s.raw[n-1].scaled(float64(n) * (s.sell - s.buy) / float64(c.Makers))
		force = force.plus(c.scattered(n, s.raw, weights))
		s.raw[n] = fading(start[n], c.decay(n)).plus(force.followed(c.decay(n)))
	}
}

// jumpModes are α^a and α^b on a spell.
func (c Constants) jumpModes(s *spell) (ask, bid modes) {
	at := c.Policy(c.B0+s.settled, s.sell, s.buy)
	passing := c.Size / c.K * s.passing
	return approaching(at.Sells, -passing, c.Delta), approaching(at.Buys, passing, c.Delta)
}

// weights are w_1, …, w_4.
func (c Constants) weights(ask, bid modes) (w [5]modes) {
	for k := 1; k < len(w); k++ {
		w[k] = ask.scaled(-1).power(k).scaled(c.BuyRate).plus(bid.power(k).scaled(c.SellRate))
	}
	return w
}

// scattered is Σ_{k≥1} C(n,k) ρ^{n−k} m_{n−k} w_k.
func (c Constants) scattered(n int, raw, weights [5]modes) modes {
	var sum modes
	binomial := 1.
	for k := 1; k <= n; k++ {
		binomial *= float64(n-k+1) / float64(k)
		sum = sum.plus(raw[n-k].times(weights[k]).scaled(binomial * math.Pow(c.Rho, float64(n-k))))
	}
	return sum
}
