package experiment

import (
	"math"
	"slices"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/scenarios"
)

// quotes are a market of market makers at one time, just after it. Prices are
// relative to the fundamental value.
type quotes struct {
	inventories []float64 // of a member of each seat
	bid, ask    float64
}

// theory is what is known of a market of market makers in continuous time.
type theory interface {
	// path is the market just after these times.
	path(times []float64) []quotes
	// before is the market just before t > 0.
	before(t float64) quotes
	// proceeds are those of order i, the others being there.
	proceeds(i int) float64
	// execution is all that it gets.
	execution(i int) cournot.Execution
	// makerGain is what all orders are worth to a member of a seat.
	makerGain(seat int) float64
	investorsGain() float64
}

// theory solves the market: by closed forms where there are, else by matrices.
func (m *makers) theory() (theory, error) {
	th, err := m.prices()
	if p, ok := th.(*played); ok && err == nil {
		err = p.value()
	}
	return th, err
}

// prices is the theory without what orders are worth to makers and investors.
func (m *makers) prices() (theory, error) {
	if o := m.detected(); o != nil {
		return m.newLate(o)
	}
	if m.closed() {
		return &public{m, m.model.Constants(m.concept).Announce(m.announced())}, nil
	}
	p, err := m.profile(0)
	if err != nil {
		return nil, err
	}
	return m.newPlayed(p)
}

// public is a market with closed forms.
type public struct {
	*makers
	*cournot.Public
}

func (p *public) quotes(v cournot.Moment) quotes {
	return quotes{slices.Repeat([]float64{v.Inventory}, len(p.members)), v.Bid, v.Ask}
}

func (p *public) path(times []float64) []quotes {
	o := p.best()
	return each(times, func(t float64) quotes {
		if o != nil {
			return p.quotes(o.At(t))
		}
		return p.quotes(p.At(t))
	})
}

func (p *public) before(t float64) quotes {
	if o := p.best(); o != nil {
		return p.quotes(o.Before(t))
	}
	return p.quotes(p.Before(t))
}

// best is the optimal schedule of the one order that has one, or nil. Of a buyer it
// would be mirrored: its rates on the clock stand for it.
func (p *public) best() *cournot.Optimal {
	if len(p.orders) == 1 && !p.orders[0].buys() {
		return p.orders[0].optimal
	}
	return nil
}

func (p *public) proceeds(i int) float64 { return p.execution(i).Proceeds }
func (p *public) makerGain(int) float64  { return p.MakerGain() }
func (p *public) investorsGain() float64 { return p.InvestorsGain() }

func each(times []float64, at func(t float64) quotes) []quotes {
	list := make([]quotes, len(times))
	for i, t := range times {
		list[i] = at(t)
	}
	return list
}

func (p *public) execution(i int) cournot.Execution {
	o := &p.orders[i]
	if o.optimal != nil {
		return o.optimal.Execution()
	}
	place := 0 // among the orders of its side
	for k := range i {
		if p.orders[k].buys() == o.buys() {
			place++
		}
	}
	if o.buys() {
		return p.Buy(place)
	}
	return p.Sell(place)
}

// late is a market in which makers detect the order late. Closed forms are those of a
// seller; a buyer is its mirror image.
type late struct {
	*makers
	order    *largeOrder
	delayed  cournot.Delayed
	discount float64 // at the start of the order
}

func (m *makers) newLate(o *largeOrder) (theory, error) {
	d, err := m.delayed(o, o.Rate)
	return &late{m, o, d, math.Exp(-m.clock.DiscountRate * o.Start)}, err
}

func (l *late) quotes(v cournot.Moment) quotes {
	if l.order.buys() {
		v.Inventory, v.Bid, v.Ask = -v.Inventory, -v.Ask, -v.Bid
	}
	return quotes{slices.Repeat([]float64{v.Inventory}, len(l.members)), v.Bid, v.Ask}
}

func (l *late) path(times []float64) []quotes { return each(times, l.at) }

func (l *late) at(t float64) quotes {
	if t < l.order.Start {
		half := l.delayed.Market.HalfSpread
		return quotes{make([]float64, len(l.members)), -half, half}
	}
	return l.quotes(l.delayed.At(t - l.order.Start))
}

func (l *late) before(t float64) quotes {
	if t <= l.order.Start {
		return l.at(math.Nextafter(math.Min(t, l.order.Start), -1))
	}
	return l.quotes(l.delayed.Before(t - l.order.Start))
}

func (l *late) proceeds(i int) float64 { return l.execution(i).Proceeds }
func (l *late) makerGain(int) float64  { return l.discount * l.delayed.MakerGain() }
func (l *late) investorsGain() float64 { return l.discount * l.delayed.InvestorsGain() }

func (l *late) execution(int) cournot.Execution {
	e := l.delayed.Execution()
	β, ω, u := l.clock.DiscountRate, l.model.Reservation, l.order.Start
	e.Proceeds *= l.discount
	// Prices are discounted from time 0 on.
	e.Shortfall = l.discount*e.Shortfall - ω*math.Expm1(-β*u)
	e.Discounted *= l.discount
	return e
}

// played is a market that is solved by matrices.
type played struct {
	*makers
	play         *cournot.Play
	undiscounted *cournot.Play
	gains        []float64
	investors    float64
}

func (m *makers) newPlayed(p *cournot.Profile) (theory, error) {
	out := &played{makers: m, play: p.Play(m.announced().Flows())}
	out.undiscounted = out.play.Undiscounted()
	return out, nil
}

// value finds what the orders are worth to makers and investors.
func (p *played) value() error {
	for j := range p.members {
		w, err := p.play.Worth(j, p.inventories)
		if err != nil {
			return err
		}
		p.gains = append(p.gains, w.Orders)
	}
	w, err := p.play.InvestorsWorth(p.inventories)
	p.investors = w.Orders
	return err
}

func (p *played) path(times []float64) []quotes {
	var list []quotes
	for _, v := range p.play.Path(p.inventories, times) {
		list = append(list, quotes{v.Inventories, v.Bid, v.Ask})
	}
	return list
}

func (p *played) before(t float64) quotes {
	v := p.play.Path(p.inventories, []float64{t})[0]
	return quotes{v.Inventories, v.BidBefore, v.AskBefore}
}

func (p *played) proceeds(i int) float64 {
	o := &p.orders[i]
	return p.surplus(p.play, o, o.schedule)
}

// surplus is that of an order in a play, its prices weighed with these rates.
func (p *played) surplus(play *cournot.Play, o *largeOrder, weights clock.Schedule) float64 {
	of := cournot.Flows{Sells: weights}
	if o.buys() {
		of = cournot.Flows{Buys: weights}
	}
	sells, buys := play.Proceeds(p.inventories, of)
	return sells + buys
}

func (p *played) makerGain(seat int) float64 { return p.gains[seat] }
func (p *played) investorsGain() float64     { return p.investors }

// execution weighs prices with the rates of the order; of an order of nothing, with
// those of a small one.
func (p *played) execution(i int) cournot.Execution {
	o := &p.orders[i]
	return o.execution(p.clock.DiscountRate, p.model.Reservation, func(weights clock.Schedule) (discounted, undiscounted float64) {
		return p.surplus(p.play, o, weights), p.surplus(p.undiscounted, o, weights)
	})
}

// execution is what an order gets: surplus is that over the reservation value ω of what
// is traded at these rates at the same prices, discounted and not.
func (o *largeOrder) execution(β, ω float64, surplus func(weights clock.Schedule) (discounted, undiscounted float64)) cournot.Execution {
	weights, discounted, quantity := o.schedule, 0., 0.
	if o.Size == 0 {
		weights = slices.Clone(weights)
		for k := range weights {
			weights[k].Rate = 1
		}
	}
	for _, v := range weights {
		quantity += v.Rate * (v.To - v.From)
		discounted -= v.Rate * math.Exp(-β*v.From) * math.Expm1(-β*(v.To-v.From)) / β
	}
	if quantity == 0 {
		return cournot.Execution{}
	}
	proceeds, sum := surplus(weights)
	e := cournot.Execution{Quantity: o.Size, AverageImpact: cournot.AverageImpact{
		Discounted: (ω*discounted - proceeds) / quantity, Undiscounted: ω - sum/quantity, Shortfall: ω - proceeds/quantity,
	}}
	if o.Size > 0 {
		e.Proceeds = proceeds
	}
	return e
}

// edges are the times at which some order's rate jumps, and 0.
func (m *makers) edges() []float64 {
	list := []float64{0}
	for i := range m.orders {
		o := &m.orders[i]
		for _, v := range o.schedule {
			list = append(list, v.From, v.To)
		}
		if o.Disclosure.Kind == scenarios.DisclosureDetected {
			list = append(list, o.Start+o.Disclosure.After)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// active tells whether some order trades just after time t.
func (m *makers) active(t float64) bool {
	return slices.ContainsFunc(m.orders, func(o largeOrder) bool {
		return slices.ContainsFunc(o.schedule, func(v clock.Interval) bool { return v.From <= t && t < v.To })
	})
}
