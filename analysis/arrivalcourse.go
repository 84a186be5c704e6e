package analysis

import (
	"math"

	"walras/equilibrium"
	"walras/internal/rungekutta"
	"walras/montecarlo"
)

// followed is the error of moments, relative to their sizes, that a step may make; and
// averaged, where they are averaged over ends by a quadrature that errs more.
const (
	followed = 1e-11
	averaged = 1e-8
)

// course follows the moments of the inventories in a market that investors come to one
// at a time, given when the orders end; or over all times at which they may end, where
// makers do not know it. Then what happens until the end does not depend on when it
// is: with m the moments given that orders still trade, f the density of the end and
// S the probability that it has not come, those after it, weighted with the
// probability that it has come, have
//
//	w' = Lw + f(t)m,
//
// L the generator, and the moments are Sm + w. Moments are those of deviations from the
// path that is expected while orders trade.
type course struct {
	sim    *montecarlo.Simulation
	market *equilibrium.Arrivals
	basis  *monomials

	end    float64 // of the orders, where it is random and given
	hidden *equilibrium.RandomEnd
	phase  [2]int // of the regimes: before the end, and after it where it is hidden

	deals [2]*deal
	after []linear
	rows  [2][][]float64
	stay  [][]float64

	before []float64 // reference at the tick of statistics before
	unit   float64   // size of a trade
	state  []float64
	size   []float64 // at least that of the state
	solver *rungekutta.Solver
	error  float64 // that a step may make
	views  map[*float64]*view
}

// view gives the parts of a state their names.
type view struct {
	reference []float64
	regimes   []regime
	payoff    []float64 // per seat, expected so far
	volume    []float64
}

// regime has the moments of the deviations, and those together with what the
// deviations were at the tick of statistics before: times y_k, then times y_k².
type regime struct {
	moments []float64
	pairs   [][]float64
}

// degreeOf is the degree of the moments that are followed: standard errors of fourth
// moments take the eighth, those of variances the fourth.
func degreeOf(types int) int {
	switch {
	case types <= 2:
		return 8
	case types <= 4:
		return 4
	}
	return 2
}

// newCourse follows the market from its beginning. end is the end of the orders where
// it is random and given; it does not matter where it is hidden or not random.
func newCourse(sim *montecarlo.Simulation, end float64, hidden *equilibrium.RandomEnd) *course {
	a := sim.Arrivals
	n := len(a.Makers)
	c := &course{
		sim: sim, market: a, basis: newMonomials(n, degreeOf(n)), error: followed, end: end, hidden: hidden, phase: [2]int{0, 1}, after: make([]linear, n),
	}
	c.stay = c.basis.rows()
	for i := range c.deals {
		c.deals[i], c.rows[i] = newDeal(n), c.basis.rows()
	}
	for k := range c.after {
		c.after[k].slopes = make([]float64, n)
	}
	regimes := 1
	if hidden != nil {
		regimes = 2
	}
	size := n + regimes*(c.basis.size()+c.pairs()*c.pairSize()) + 2*a.Seats()
	c.state, c.size, c.views = make([]float64, size), make([]float64, size), map[*float64]*view{}
	c.solver = rungekutta.New(c.slope, size)
	start := c.view(c.state)
	copy(start.reference, sim.Initial)
	c.before = append([]float64(nil), start.reference...)
	start.regimes[0].moments[0] = 1
	c.advance(0)
	c.describe(0, 0, start.reference)
	for side := range c.deals[0].quantity {
		for _, q := range c.deals[0].quantity[side] {
			c.unit = math.Max(c.unit, math.Abs(q.constant))
		}
	}
	if c.unit == 0 {
		c.unit = 1
	}
	c.measure()
	return c
}

// pairs is the number of lists of moments together with the tick before.
func (c *course) pairs() int {
	if c.basis.degree < 4 {
		return len(c.market.Makers)
	}
	return 2 * len(c.market.Makers)
}

// pairSize is the length of such a list.
func (c *course) pairSize() int { return c.basis.upTo[min(2, c.basis.degree-1)] }

// view is that of a state of the course, or of its slope.
func (c *course) view(state []float64) *view {
	if v := c.views[&state[0]]; v != nil {
		return v
	}
	v := &view{}
	c.views[&state[0]] = v
	take := func(n int) []float64 {
		part := state[:n:n]
		state = state[n:]
		return part
	}
	v.reference = take(len(c.market.Makers))
	for len(state) > 2*c.market.Seats() {
		r := regime{moments: take(c.basis.size())}
		for range c.pairs() {
			r.pairs = append(r.pairs, take(c.pairSize()))
		}
		v.regimes = append(v.regimes, r)
	}
	v.payoff, v.volume = take(c.market.Seats()), take(c.market.Seats())
	return v
}

// measure fills in the least sizes of the parts of the state.
func (c *course) measure() {
	v := c.view(c.size)
	for k := range v.reference {
		v.reference[k] = c.unit
	}
	for _, r := range v.regimes {
		for m := range r.moments {
			r.moments[m] = math.Pow(c.unit, float64(c.basis.order[m]))
		}
		for i, pair := range r.pairs {
			for m := range pair {
				pair[m] = math.Pow(c.unit, float64(1+i/len(c.market.Makers)+c.basis.order[m]))
			}
		}
	}
}

// ends is the time at which a phase ends.
func (c *course) ends(phase int) float64 {
	until := c.market.Phases[phase].Until
	if c.market.End != nil {
		until += c.end
	}
	return until
}

// advance moves to the phase that begins or holds at time t. Where the end is hidden
// both regimes stay in theirs.
func (c *course) advance(t float64) {
	if c.hidden != nil {
		return
	}
	for c.ends(c.phase[0]) <= t {
		c.phase[0]++
	}
}

// describe describes the market of a regime at time t.
func (c *course) describe(regime int, t float64, reference []float64) {
	if c.market.Anchored() {
		t = math.Min(t-c.end, c.market.Phases[c.phase[regime]].Until)
	}
	c.deals[regime].at(c.market, c.phase[regime], t, reference)
}

// slope is the right-hand side of the moment equations.
func (c *course) slope(t float64, state, slope []float64) {
	now, next := c.view(state), c.view(slope)
	clear(slope)
	discount := math.Exp(-c.sim.Clock.DiscountRate * t)
	for i, r := range now.regimes {
		c.describe(i, t, now.reference)
		weight, into := 1.0, next.regimes[i]
		if i == 0 {
			c.deals[0].velocity(c.market, next.reference)
			if c.hidden != nil {
				weight = survival(c.hidden, t)
			}
		} else {
			into.add(density(c.hidden, t), now.regimes[0])
		}
		c.generate(i, r, next.reference, into)
		c.deals[i].earn(c.market, c.basis, r.moments, weight, discount, c.phase[i], next.payoff, next.volume)
		hold(c.market, c.basis, r.moments, now.reference, weight*discount, next.payoff)
	}
}

// generate adds the slopes of the moments of a regime: those of the drift relative to
// the reference, and of the arrivals, λ(E(what y^α becomes) − E y^α).
func (c *course) generate(i int, r regime, velocity []float64, into regime) {
	b, d := c.basis, c.deals[i]
	for side, rate := range rates(c.market) {
		if rate == 0 {
			continue
		}
		d.moved(side, c.after)
		b.images(c.after, c.rows[side])
	}
	arrivals := rates(c.market)
	add := func(moments, slope []float64) {
		for m := range slope {
			for k, power := range b.powers[m] {
				if power > 0 {
					slope[m] += float64(power) * (d.drift - velocity[k]) * moments[b.lowered[m][k]]
				}
			}
			for side, rate := range arrivals {
				if rate > 0 {
					slope[m] += rate * (expected(c.rows[side][m], moments) - moments[m])
				}
			}
		}
	}
	add(r.moments, into.moments)
	for p, pair := range r.pairs {
		add(pair, into.pairs[p])
	}
}

// add adds a multiple of other moments.
func (r regime) add(factor float64, other regime) {
	for m, v := range other.moments {
		r.moments[m] += factor * v
	}
	for p, pair := range other.pairs {
		for m, v := range pair {
			r.pairs[p][m] += factor * v
		}
	}
}
