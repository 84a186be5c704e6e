package montecarlo

import (
	"math"

	"walras/agents"
	"walras/market"
)

// single plays the paths of a tile one after another, in markets in which one type of
// makers meets at most one order: most of them. It is the protocol of floor.tile with
// the auctions solved by hand. By symmetry of the sides, with x the quantity that each
// of N makers quotes at the side of who comes,
//
//	price = ±(p̃ − Nx/c), a maker gains (p̃ − Nx/c)x, who comes N²x²/(2c).
//
// A test compares the two.
type single struct {
	*floor
	dealer          *agents.Dealer
	slope           [2]float64 // of x in the inventory, per side
	makers, perSize float64    // N, N/c
	reservation     float64
	cost            float64
	buyers          uint64    // of 2⁵³ who come
	rates           []float64 // of the order, per phase
	side            int       // at which it trades
	path                      // at hand
}

// path is what single knows of a path.
type path struct {
	held, bought     float64    // by a maker, and what investors have bought of it, net
	maker, investors float64    // payoffs
	order, flowed    float64    // payoff of the order, and what it has traded
	turnover         float64    // of a maker with investors
	came, negative   [2]float64 // investors, per side
}

// newSingle is nil where the market has more types or orders.
func newSingle(f *floor) *single {
	a := f.sim.Arrivals
	if len(a.Makers) != 1 || len(a.Orders) > 1 || a.Step > 0 {
		return nil
	}
	i, slope := a.Investors, a.Makers[0].Slopes[0]
	s := &single{
		floor: f, dealer: f.dealers[0].(*agents.Dealer), slope: [2]float64{market.Bid: -slope, market.Ask: slope},
		makers: f.makers, perSize: f.makers / i.Size, reservation: i.Reservation, cost: a.Makers[0].InventoryCost,
		buyers: uint64(math.Ceil(i.BuyRate / i.Rate() * (1 << 53))), rates: make([]float64, len(a.Phases)),
	}
	if len(a.Orders) == 1 {
		if s.rates = a.Orders[0].Rates; a.Orders[0].Buys {
			s.side = market.Ask
		}
	}
	return s
}

// tile plays paths of which nothing is recorded, and whose cash is not kept.
func (s *single) tile() error {
	t, b := s.times, s.block
	for p := range b.Paths {
		if s.stop.Load() {
			return errStopped
		}
		s.path = path{held: b.Inventory[0][p]}
		for _, stop := range t.stops[0] {
			for ends := t.ends(p, b.Period.Phase[p]); ends <= stop.Time; ends = t.ends(p, b.Period.Phase[p]) {
				s.stretch(p, ends)
				t.advance(p, b.Period)
			}
			s.stretch(p, stop.Time)
			if stop.statistic >= 0 {
				s.show(p)
				s.note(stop.statistic, p)
			}
		}
		s.show(p)
		s.leave(p)
	}
	return nil
}

// stretch plays path p until a time up to which nothing happens but that investors come.
func (s *single) stretch(p int, limit float64) {
	t, phase, at := s.times, s.block.Period.Phase[p], s.path
	now, discount, arrival := t.now[p], t.discount[p], t.arrival[p]
	stream, all, rate := &t.streams[p], t.market.Investors.Rate(), s.sim.Clock.DiscountRate
	quotes := [2]*agents.Quote{s.dealer.Quote(market.Bid, phase), s.dealer.Quote(market.Ask, phase)}
	flow, weight := newStanding(s, p, now), 0.
	for now < limit {
		until, comes := arrival, true
		if limit <= until {
			until, comes = limit, false
		}
		if long := now + t.longest; long < until {
			until, comes = long, false
		}
		u := until - now
		w0 := t.weight(0, u, discount)
		weight += w0
		square := float64(float64(at.held*at.held) * w0)
		if flow.rate != 0 {
			w1, w2 := t.weight(1, u, discount), t.weight(2, u, discount)
			flow.held += float64(at.held*w0) + float64(flow.drift*w1)
			square += float64(2*float64(float64(at.held*flow.drift)*w1)) + float64(float64(flow.drift*flow.drift)*w2)
			at.held += float64(flow.drift * u)
		}
		at.maker -= float64(s.cost * square)
		discount -= float64(rate * w0)
		now = until
		if !comes {
			continue
		}
		side := int((stream.Uint64()>>11 - s.buyers) >> 63) // 1, market.Ask, for a buyer
		arrival = now + stream.Exp()/all
		x := quotes[side].At(now-flow.origin) + float64(s.slope[side]*at.held)
		margin := float64(s.perSize * x)
		at.maker += float64(discount * float64((s.reservation-margin)*x))
		at.investors += float64(discount * float64(float64(margin*x)*(s.makers/2)))
		signed := float64(x * float64(2*side-1)) // what a maker sells
		at.held -= signed
		at.bought += signed
		at.turnover += math.Abs(x)
		at.came[side]++
		at.negative[side] += float64(math.Float64bits(x) >> 63)
	}
	flow.settle(s, phase, &at, now, weight)
	t.now[p], t.discount[p], t.arrival[p], s.path = now, discount, arrival, at
}

// standing is what the order trades at the quotes in a stretch.
type standing struct {
	rate, drift   float64 // of the order, and of a maker's inventory
	side          int
	origin, scale float64 // of the phase's times, and the discount there
	from          float64 // model time
	held          float64 // integral of what a maker holds, discounted
}

func newStanding(s *single, p int, now float64) standing {
	t, period := s.times, s.block.Period
	f := standing{rate: s.rates[period.Phase[p]], side: s.side, scale: period.Scale[p], from: now}
	if f.drift = f.rate / s.makers; f.side == market.Ask {
		f.drift = -f.drift
	}
	if t.market.Anchored() {
		f.origin = t.end[p]
	}
	return f
}

// settle pays for the stretch until now: at each moment the order gains N/c times what
// a maker quotes over the reservation value, on every unit; the weight is the integral of
// the discount.
func (f *standing) settle(s *single, phase int, at *path, now, weight float64) {
	if f.rate == 0 {
		return
	}
	quote := s.dealer.Quote(f.side, phase)
	quoted, constant := quote.Constant()
	quoted *= weight
	if !constant {
		quoted = f.scale * (quote.Integral(agents.Discounted, now-f.origin) - quote.Integral(agents.Discounted, f.from-f.origin))
	}
	quoted += float64(s.slope[f.side] * f.held)
	gain := float64(f.rate * float64(s.perSize*quoted))
	at.order += gain
	at.maker += (float64(float64(f.rate*s.reservation)*weight) - gain) / s.makers
	at.flowed += float64(f.rate * (now - f.from))
}

// show puts the path where its block is looked at.
func (s *single) show(p int) {
	b, a := s.block, s.sim.Arrivals
	b.Inventory[0][p], b.Inventory[1][p] = s.held, s.sim.Initial[1]+float64(s.makers*s.bought)
	if len(a.Orders) > 0 {
		sold := s.flowed
		if s.side == market.Ask {
			sold = -sold
		}
		b.Inventory[2][p] = s.sim.Initial[2] - sold
	}
	t, phase := s.times, b.Period.Phase[p]
	at := t.now[p]
	if a.Anchored() {
		at -= t.end[p]
	}
	for side, sign := range [2]float64{market.Bid: -1, market.Ask: 1} {
		x := s.dealer.Quote(side, phase).At(at) + float64(s.slope[side]*s.held)
		b.Sides[side].Price[p] = sign * (s.reservation - float64(s.perSize*x))
	}
}

// leave puts down what the path ends with.
func (s *single) leave(p int) {
	b := s.block
	b.Payoff[0][p], b.Payoff[1][p] = s.maker, s.investors
	b.Volume[0][p], b.Volume[1][p] = s.turnover+s.flowed/s.makers, s.turnover*s.makers
	if len(s.sim.Arrivals.Orders) > 0 {
		b.Payoff[2][p], b.Volume[2][p] = s.order, s.flowed
	}
	for side := range s.path.came {
		s.floor.came[side][p] = s.path.came[side]
		s.floor.negative[side] += s.path.negative[side]
	}
}
