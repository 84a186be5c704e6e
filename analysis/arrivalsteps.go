package analysis

import (
	"walras/clock"
	"walras/market"
)

// quoted are the inventories at which those who hold the given ones quote: at Bernoulli
// steps, with a maker's share of what orders trade in the step.
func (c *course) quoted(regime int, x []float64) []float64 {
	list := append([]float64(nil), x...)
	sell, buy := c.market.Flow(c.phase[regime])
	for k := range list {
		list[k] += (sell - buy) * c.market.Step / float64(c.market.Members())
	}
	return list
}

// step follows a Bernoulli step: holding is paid for, then the flow, and then at most
// one investor comes.
func (c *course) step(now clock.Moment) {
	b, v, step := c.basis, c.view(c.state), c.market.Step
	before := append([]float64(nil), v.reference...)
	next := make([]float64, len(before))
	for i, r := range v.regimes {
		weight := c.weight(i, now.Time) * step
		hold(c.market, b, r.moments, before, weight*now.Discount, v.payoff)
		flowed := c.quoted(i, before)
		c.describe(i, now.Time, flowed)
		c.deals[i].earn(c.market, b, r.moments, weight, now.Discount, c.phase[i], v.payoff, v.volume)
		if i == 0 {
			c.deals[0].velocity(c.market, next)
			for k := range next {
				next[k] = before[k] + step*next[k]
			}
		}
		c.meet(i, r, flowed, next)
	}
	copy(v.reference, next)
	if c.hidden != nil {
		later := now.Time + step
		v.regimes[1].add(survival(c.hidden, now.Time)-survival(c.hidden, later), v.regimes[0])
	}
}

// meet replaces the moments about one reference by those about the next, once an
// investor may have come.
func (c *course) meet(i int, r regime, reference, next []float64) {
	b, arrivals, step := c.basis, rates(c.market), c.market.Step
	for side := range arrivals {
		c.deals[i].moved(side, c.after)
		for k := range c.after {
			c.after[k].constant += reference[k] - next[k]
		}
		b.images(c.after, c.rows[side])
	}
	for k := range c.after {
		clear(c.after[k].slopes)
		c.after[k].slopes[k], c.after[k].constant = 1, reference[k]-next[k]
	}
	b.images(c.after, c.stay)
	some := [2]float64{arrivals[market.Bid] * step, arrivals[market.Ask] * step}
	replace := func(moments []float64) {
		was := append([]float64(nil), moments...)
		for m := range moments {
			moments[m] = some[0]*expected(c.rows[0][m], was) + some[1]*expected(c.rows[1][m], was) +
				(1-some[0]-some[1])*expected(c.stay[m], was)
		}
	}
	replace(r.moments)
	for _, pair := range r.pairs {
		replace(pair)
	}
}
