package poisson

import (
	"math"
	"slices"
	"sort"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/internal/convolve"
)

// Public is how the market takes large orders that everybody knows from time 0 on:
// the makers anticipate B' = δ(B − B_0) + kB(f − φ), B = B_0 after the last one.
type Public struct {
	Market Constants
	Flows  cournot.Flows

	edges []float64 // times at which some rate may jump, from 0
	cells []cell    // between them
}

// cell is a stretch of time on which no rate jumps.
type cell struct {
	flow
	end float64 // B̂ at its end
}

// Announce solves the market with these orders, which must be valid.
func (c Constants) Announce(flows cournot.Flows) *Public {
	p := &Public{Market: c, Flows: flows, edges: edges(flows)}
	p.cells = make([]cell, len(p.edges)-1)
	b := 0.
	for k := len(p.cells) - 1; k >= 0; k-- {
		p.cells[k] = cell{flow: rates(flows, p.edges[k]), end: b}
		b = p.anticipated(&p.cells[k], p.edges[k+1]-p.edges[k])
	}
	return p
}

// edges are 0 and where intervals of the flows begin and end.
func edges(flows ...cournot.Flows) []float64 {
	at := []float64{0}
	for _, f := range flows {
		for _, v := range slices.Concat(f.Sells, f.Buys) {
			at = append(at, v.From, v.To)
		}
	}
	slices.Sort(at)
	return slices.Compact(at)
}

func rates(f cournot.Flows, t float64) flow { return flow{sell: f.Sells.Rate(t), buy: f.Buys.Rate(t)} }

// anticipated is B̂ when a cell has yet to last left.
func (p *Public) anticipated(c *cell, left float64) float64 {
	δ := p.Market.Delta
	return c.end*math.Exp(-δ*left) - p.Market.KB*(c.sell-c.buy)*convolve.H(δ, left)
}

// End is the time at which the last order ends; 0 without any.
func (p *Public) End() float64 { return p.edges[len(p.edges)-1] }

// Anticipation is B(t), which is continuous.
func (p *Public) Anticipation(t float64) float64 {
	k := sort.Search(len(p.cells), func(k int) bool { return p.edges[k+1] > t })
	if k == len(p.cells) {
		return p.Market.B0
	}
	return p.Market.B0 + p.anticipated(&p.cells[k], p.edges[k+1]-t)
}

// At are the quotes at time t ≥ 0 of makers who all hold inventory; where a rate
// jumps, just after.
func (p *Public) At(t, inventory float64) Quotes {
	return p.Market.Quotes(p.Anticipation(t), p.Flows.Sells.Rate(t), p.Flows.Buys.Rate(t), inventory)
}

// Before are the quotes just before time t > 0.
func (p *Public) Before(t, inventory float64) Quotes {
	just := math.Nextafter(t, 0)
	return p.Market.Quotes(p.Anticipation(t), p.Flows.Sells.Rate(just), p.Flows.Buys.Rate(just), inventory)
}

// Policy is what makers quote at time t ≥ 0; where a rate jumps, just after.
func (p *Public) Policy(t float64) Policy {
	return p.Market.Policy(p.Anticipation(t), p.Flows.Sells.Rate(t), p.Flows.Buys.Rate(t))
}

// MakerGain is what the orders from time t on add to the value of one maker when
// all makers hold inventory.
func (p *Public) MakerGain(t, inventory float64) float64 {
	return sum(p.gain(t, p.Market.DiscountRate, p.Market.makers(), p.Flows), inventory)
}

// MakerValue is the value of one maker at time t with the orders to come.
func (p *Public) MakerValue(t, inventory float64) float64 {
	return p.Market.MakerValue(inventory) + p.MakerGain(t, inventory)
}

// UsersGain is what the orders from time t on add to the value of the market to
// all end users.
func (p *Public) UsersGain(t, inventory float64) float64 {
	return sum(p.gain(t, p.Market.DiscountRate, p.Market.users(), p.Flows), inventory)
}

// Proceeds are what traders with the flows of gain over their reservation value
// from time 0 on, ∫e^{−βt} f(p + b)dt at the bid and ∫e^{−βt} φ(p − a)dt at the ask,
// the other flows being there. All flows ask for all.
func (p *Public) Proceeds(inventory float64, of cournot.Flows) (sells, buys float64) {
	return p.proceeds(p.Market.DiscountRate, inventory, of)
}

// Undiscounted are Proceeds without discount, from which average prices follow.
func (p *Public) Undiscounted(inventory float64, of cournot.Flows) (sells, buys float64) {
	return p.proceeds(0, inventory, of)
}

func (p *Public) proceeds(rate, inventory float64, of cournot.Flows) (sells, buys float64) {
	trader := p.Market.trader()
	sells = sum(p.gain(0, rate, trader, cournot.Flows{Sells: of.Sells}), inventory)
	buys = sum(p.gain(0, rate, trader, cournot.Flows{Buys: of.Buys}), inventory)
	return sells, buys
}

// sum is a gain of flows that are in its coefficients.
func sum(g cournot.Gain, inventory float64) float64 { return g.Linear + g.Square + g.Slope*inventory }

// gain is that of a payoff from time t on, of which the trades of some flows count.
func (p *Public) gain(t, rate float64, pays payoff, counted cournot.Flows) (gain cournot.Gain) {
	at := edges(p.Flows, counted)
	for k := len(at) - 1; k > 0 && at[k] > t; k-- {
		from, to := math.Max(at[k-1], t), at[k]
		orders := rates(p.Flows, from)
		s := p.Market.known(orders.sell-orders.buy, p.Anticipation(to)-p.Market.B0)
		gain = p.Market.before(s, p.Market.effects(pays, orders, rates(counted, from)), gain, rate,
			func(rates ...float64) float64 { return convolve.Exponentials(to-from, rates...) })
	}
	return gain
}

// Constantly is a large order that sells, or with a negative rate buys, from time 0
// until a duration.
func Constantly(rate, duration float64) cournot.Flows {
	s := clock.Schedule{{To: duration, Rate: math.Abs(rate)}}
	if rate < 0 {
		return cournot.Flows{Buys: s}
	}
	return cournot.Flows{Sells: s}
}
