package analysis

import (
	"math"

	"walras/market"
	"walras/montecarlo"
)

// ArrivalOutcome is what a seat of a market that investors come to one at a time is
// expected to end with; a member, where the seat is a type of makers. The volume is
// that of quantities with their signs.
type ArrivalOutcome struct{ Payoff, Terminal, Volume float64 }

// FollowArrivals returns what is known of the ticks of statistics of a simulation, and
// what its seats end with.
func FollowArrivals(sim *montecarlo.Simulation) ([]*ArrivalLaw, []ArrivalOutcome) {
	end := sim.Arrivals.End
	phases := sim.Arrivals.Phases
	switch {
	case end == nil:
		return newCourse(sim, 0, nil).run()
	case !end.Known && len(phases) == 2 && phases[0].Until == 0:
		return newCourse(sim, 0, end).run()
	}
	laws, outcomes := make([]*ArrivalLaw, len(sim.Statistics)), make([]ArrivalOutcome, sim.Arrivals.Seats())
	for j := range laws {
		laws[j] = &ArrivalLaw{}
	}
	total := 0.0
	list := endings(sim)
	for _, e := range list {
		total += e.probability
	}
	for _, e := range list {
		c := newCourse(sim, e.time, nil)
		c.error = averaged
		some, ended := c.run()
		weight := e.probability / total
		for j, law := range some {
			laws[j].add(weight, law)
		}
		for i, w := range ended {
			outcomes[i].Payoff += weight * w.Payoff
			outcomes[i].Terminal += weight * w.Terminal
			outcomes[i].Volume += weight * w.Volume
		}
	}
	return laws, outcomes
}

// run follows the market to its horizon.
func (c *course) run() (laws []*ArrivalLaw, outcomes []ArrivalOutcome) {
	clock := c.sim.Clock
	horizon, j := clock.At(clock.Steps), 0
	if c.market.Step > 0 {
		for k := range clock.Steps + 1 {
			now := clock.At(k)
			c.advance(now.Time)
			if j < len(c.sim.Statistics) && c.sim.Statistics[j] == k {
				laws = append(laws, c.read(now.Time))
				j++
			}
			if k < clock.Steps {
				c.step(now)
			}
		}
	} else {
		t := 0.0
		for _, k := range c.sim.Statistics {
			c.reach(t, clock.At(k).Time)
			t = clock.At(k).Time
			laws = append(laws, c.read(t))
		}
		c.reach(t, horizon.Time)
	}
	now := c.view(c.state)
	for i := range c.market.Seats() {
		outcomes = append(outcomes, ArrivalOutcome{
			Payoff: now.payoff[i], Volume: now.volume[i], Terminal: horizon.Discount * c.worth(i, horizon.Time),
		})
	}
	return laws, outcomes
}

// reach integrates the moment equations to a time, through the phases.
func (c *course) reach(from, to float64) {
	for from < to {
		end := to
		if c.hidden == nil {
			end = math.Min(to, c.ends(c.phase[0]))
		}
		if end > from {
			c.solver.Advance(from, end, c.state, c.size, c.error)
		}
		from = end
		c.advance(from)
	}
}

// read is the law at a tick, after which pairs are those with this tick.
func (c *course) read(t float64) *ArrivalLaw {
	b, now := c.basis, c.view(c.state)
	l := &ArrivalLaw{
		basis: b, centre: append([]float64(nil), now.reference...), before: c.before, moments: make([]float64, b.size()),
		traded: append([]float64(nil), now.volume[c.market.InvestorSeat()+1:]...),
	}
	c.before = l.centre
	for range c.pairs() {
		l.pairs = append(l.pairs, make([]float64, c.pairSize()))
	}
	for i, r := range now.regimes {
		weight := c.weight(i, t)
		regime{l.moments, l.pairs}.add(weight, r)
		if sell, buy := c.market.Flow(c.phase[i]); sell != 0 || buy != 0 {
			l.Active += weight * r.moments[0]
		}
		c.describe(i, t, c.quoted(i, now.reference))
		bid, ask := c.deals[i].price[market.Bid], c.deals[i].price[market.Ask]
		mid := linear{constant: (bid.constant + ask.constant) / 2}
		for k := range bid.slopes {
			mid.slopes = append(mid.slopes, (bid.slopes[k]+ask.slopes[k])/2)
		}
		for q, price := range [3]linear{bid, ask, mid} {
			into := l.quotes()[q]
			if i == 0 {
				*into = Powers{price.constant, make([]float64, b.degree+1)}
			}
			price.constant -= into.centre
			for d, v := range b.about(r.moments, price) {
				into.about[d] += weight * v
			}
		}
		c.pair(r)
	}
	return l
}

// weight is what the moments of a regime count.
func (c *course) weight(i int, t float64) float64 {
	if c.hidden != nil && i == 0 {
		return survival(c.hidden, t)
	}
	return 1
}

// pair begins the moments together with what the deviations are now.
func (c *course) pair(r regime) {
	n := c.basis.variables
	for p, pair := range r.pairs {
		for m := range pair {
			at := c.basis.raised[m][p%n]
			if p >= n {
				at = c.basis.raised[at][p%n]
			}
			pair[m] = r.moments[at]
		}
	}
}

// worth is what seat i is expected to be worth at the horizon: a quadratic function,
// whose coefficients its values at some points give.
func (c *course) worth(i int, horizon float64) float64 {
	now, left, sum := c.view(c.state), 0.0, 0.0
	if c.market.Anchored() {
		left = c.end - horizon
	}
	for g, r := range now.regimes {
		phase := c.phase[g]
		at := func(by float64, where ...int) float64 {
			x := append([]float64(nil), now.reference...)
			for _, k := range where {
				x[k] += by
			}
			return c.market.WorthOf(i, x, phase, left)
		}
		u, n := c.unit, c.basis.variables
		zero := at(0)
		value := zero * r.moments[0]
		for k := range n {
			first := c.basis.raised[0][k]
			up, down := at(u, k), at(-u, k)
			value += (up - down) / (2 * u) * r.moments[first]
			for l := range n {
				second := up + down - 2*zero
				if l != k {
					second = at(u, k, l) - up - at(u, l) + zero
				}
				value += second / (2 * u * u) * r.moments[c.basis.raised[first][l]]
			}
		}
		sum += c.weight(g, horizon) * value
	}
	return sum
}
