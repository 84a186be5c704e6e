package montecarlo

import (
	"math"

	"walras/clock"
	"walras/equilibrium"
	"walras/market"
	"walras/shocks"
)

// times are those at which something happens on the paths of a tile, each on its own:
// an investor comes, a phase ends, or a tick is reached at which something is noted.
// Between them a period of market.Period passes.
type times struct {
	sim    *Simulation
	market *equilibrium.Arrivals
	stops  [2][]stop // of paths that are not recorded, and of those that are

	streams  []shocks.Stream      // arrivals
	now      []float64            // model time
	discount []float64            // at that time
	arrival  []float64            // time of the next
	end      []float64            // of the orders, where it is random
	stopped  []int                // stops that are past
	event    []event              // that ends the period
	longest  float64              // length of a period
	minus    float64              // −β
	terms    int                  // of the series in weights, besides the first
	inverse  [3][maxTerms]float64 // 1/(n!(n+k+1)), per k and n
}

// stop is a time at which all paths stop.
type stop struct {
	clock.Moment
	statistic, recorded int // places, or −1
}

// event is what ends a period.
type event int

const (
	nothing event = iota // but that it has become long, or that the path is at its end
	comes                // an investor
	phaseEnds
	stopReached
)

// shortSeries is the largest discount rate times length of a period: a short series
// gives its weights.
const shortSeries = 1. / 16

func newTimes(s *Simulation, c *calendar) *times {
	row := func() []float64 { return make([]float64, tileSize) }
	t := &times{
		sim: s, market: s.Arrivals, streams: make([]shocks.Stream, tileSize), now: row(), discount: row(), arrival: row(), end: row(),
		stopped: make([]int, tileSize), event: make([]event, tileSize),
	}
	last, gap := 0., 0.
	for k, m := range c.moments {
		at := stop{m, c.statistic[k], c.recorded[k]}
		if at.statistic >= 0 || k == s.Clock.Steps {
			gap, last = math.Max(gap, m.Time-last), m.Time
			t.stops[0] = append(t.stops[0], at)
			t.stops[1] = append(t.stops[1], at)
		} else if at.recorded >= 0 {
			t.stops[1] = append(t.stops[1], at)
		}
	}
	if t.longest = math.Inf(1); s.Clock.DiscountRate > 0 {
		t.longest = shortSeries / s.Clock.DiscountRate
	}
	t.series(math.Min(gap, t.longest) * s.Clock.DiscountRate)
	return t
}

// maxTerms is more than the series has at shortSeries; a power of 2.
const maxTerms = 16

// series chooses the number of terms, for a rate times length of at most x.
func (t *times) series(x float64) {
	t.minus = -t.sim.Clock.DiscountRate
	for term := x; term > 1e-17 && t.terms < maxTerms-1; t.terms++ {
		term *= x / float64(t.terms+2)
	}
	for k := range t.inverse {
		factorial := 1.
		for n := range t.inverse[k] {
			t.inverse[k][n] = 1 / (factorial * float64(n+k+1))
			factorial *= float64(n + 1)
		}
	}
}

// start puts the paths at time 0.
func (t *times) start(first int64, b *market.Block) {
	channel := shocks.Channel(t.sim.Names[t.market.InvestorSeat()])
	for p := range b.Paths {
		key := shocks.Key{Seed: t.sim.Seed, Path: uint64(first) + uint64(p), Channel: channel, Purpose: shocks.Arrivals}
		t.streams[p].Reset(key)
		t.now[p], t.discount[p], t.stopped[p] = 0, 1, 0
		if t.market.Step == 0 {
			t.arrival[p] = t.streams[p].Exp() / t.market.Investors.Rate()
		}
		b.Period.Phase[p], b.Period.Scale[p] = 0, 1
		if t.market.End != nil {
			t.drawEnd(uint64(first)+uint64(p), p)
			if t.market.End.Known {
				b.Period.Scale[p] = math.Exp(-t.sim.Clock.DiscountRate * t.end[p])
			}
		}
		t.advance(p, b.Period)
	}
}

// drawEnd draws the time at which the orders end on a path.
func (t *times) drawEnd(path uint64, p int) {
	channel := shocks.Channel(t.sim.Names[t.market.InvestorSeat()+1])
	s := shocks.NewStream(shocks.Key{Seed: t.sim.Seed, Path: path, Channel: channel, Purpose: shocks.Duration})
	components := t.market.End.Components
	u, i := s.Float64(), 0
	for ; i < len(components)-1 && u >= components[i].Weight; i++ {
		u -= components[i].Weight
	}
	w, sum := components[i], 0.
	for range w.Stages {
		sum += s.Exp()
	}
	t.end[p] = float64(sum*w.Mean) / float64(w.Stages)
	if step := t.market.Step; step > 0 {
		t.end[p] = step * math.Ceil(t.end[p]/step)
	}
}

// ends is the time at which the phase of path p ends.
func (t *times) ends(p, phase int) float64 {
	if t.market.End == nil {
		return t.market.Phases[phase].Until
	}
	return t.end[p] + t.market.Phases[phase].Until
}

// advance moves path p to the phase that begins now, or holds.
func (t *times) advance(p int, period *market.Period) {
	for t.ends(p, period.Phase[p]) <= t.now[p] {
		period.Phase[p]++
	}
	sell, buy := t.market.Flow(period.Phase[p])
	period.Flow[market.Bid][p], period.Flow[market.Ask][p] = sell, buy
}

// left is the time until the orders end, where makers know it.
func (t *times) left(p int) float64 {
	if !t.market.Anchored() {
		return 0
	}
	return t.end[p] - t.now[p]
}

// list are the stops of path p, when the first so many are recorded.
func (t *times) list(p, recorded int) []stop {
	if p < recorded {
		return t.stops[1]
	}
	return t.stops[0]
}

// next writes the periods until whatever comes first on each path, and reports whether
// there is any path with one.
func (t *times) next(recorded int, period *market.Period, paths int) (more bool) {
	buyers := t.market.Investors.BuyRate / t.market.Investors.Rate()
	anchored := t.market.Anchored()
	for p := range paths {
		until, what := t.now[p], nothing
		if stops := t.list(p, recorded); t.stopped[p] < len(stops) {
			more = true
			until, what = stops[t.stopped[p]].Time, stopReached
			if t.arrival[p] < until {
				until, what = t.arrival[p], comes
			}
			if ends := t.ends(p, period.Phase[p]); ends <= until {
				until, what = ends, phaseEnds
			}
			if long := t.now[p] + t.longest; long < until {
				until, what = long, nothing
			}
		}
		buyer, seller := 0., 0.
		if what == comes {
			if t.streams[p].Float64() < buyers {
				buyer = 1
			} else {
				seller = 1
			}
			t.arrival[p] = until + t.streams[p].Exp()/t.market.Investors.Rate()
		}
		origin := 0.
		if anchored {
			origin = t.end[p]
		}
		t.event[p] = what
		period.Comes[market.Ask][p], period.Comes[market.Bid][p] = buyer, seller
		period.From[p], period.To[p], period.Length[p] = t.now[p]-origin, until-origin, until-t.now[p]
		t.now[p] = until
	}
	t.weigh(period, paths)
	return more
}

// weigh writes the weights of the periods, with x = βu by the series
//
//	∫₀ᵘ e^{−βv} v^k dv = u^{k+1} Σ_n (−x)^n/(n!(n+k+1)).
func (t *times) weigh(period *market.Period, paths int) {
	rate := t.sim.Clock.DiscountRate
	for k := range period.Weight {
		weight := period.Weight[k][:paths]
		for p := range weight {
			weight[p] = t.weight(k, period.Length[p], t.discount[p])
		}
	}
	w0 := period.Weight[0]
	for p, d := range t.discount[:paths] { // e^{−βu} = 1 − β∫₀ᵘe^{−βv}dv
		t.discount[p] = d - float64(rate*w0[p])
	}
	copy(period.Discount, t.discount[:paths])
}

// weight is one of them, of a period of length u that begins when the discount is d.
func (t *times) weight(k int, u, d float64) float64 {
	x, c := t.minus*u, &t.inverse[k]
	sum := c[t.terms&(maxTerms-1)]
	for n := t.terms - 1; n >= 0; n-- {
		sum = c[n&(maxTerms-1)] + float64(sum*x)
	}
	switch k {
	case 1:
		u *= u
	case 2:
		u *= u * u
	}
	return float64(d * (u * sum))
}
