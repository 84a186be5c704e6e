package experiment

import (
	"math"
	"slices"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/scenarios"
)

// arrivals is a market of market makers whom investors meet one at a time, ready to be
// solved and played. Makers are alike; those of one agent do the same and share a seat.
type arrivals struct {
	concept   cournot.Concept
	model     poisson.Model
	constants poisson.Constants // but of feedback
	feedback  poisson.Feedback  // of feedback alone
	clock     clock.Clock

	seats     []makerSeat
	inventory float64 // of every maker at time 0
	investors scenarios.Agent
	orders    []largeOrder
	law       poisson.Law // of the time at which the order ends; nil if it is given
	hidden    bool        // the makers do not know that time
	sold      float64     // rate at which they believe a hidden order trades
}

// makerSeat are makers who do the same.
type makerSeat struct {
	agent   int      // of the scenario
	members []string // their names
	speed   float64  // of their feedback; 1 is the policy
}

// newArrivals builds the market of a scenario, with or without what its agents do
// instead of their policies.
func newArrivals(s *scenarios.Scenario, deviating bool) (*arrivals, error) {
	concept, err := cournot.ParseConcept(s.Solution)
	if err != nil {
		return nil, err
	}
	m := &arrivals{concept: concept, clock: clock.Clock{Step: s.Clock.Step, Steps: s.Clock.Steps(), DiscountRate: s.DiscountRate}}
	m.model.DiscountRate = s.DiscountRate
	for i, a := range s.Agents {
		switch a.Kind {
		case scenarios.KindMarketMaker:
			seat := makerSeat{agent: i, members: a.Members(), speed: 1}
			if deviating && a.Deviation != nil {
				seat.speed = *a.Deviation.Speed
			}
			m.seats = append(m.seats, seat)
			m.model.Makers += a.Count
			m.model.InventoryCost, m.inventory = a.InventoryCost, a.Inventory
		case scenarios.KindInvestors:
			m.investors = a
			m.model.BuyRate, m.model.SellRate, m.model.Size = a.Arrivals.BuyRate, a.Arrivals.SellRate, a.Arrivals.Size
			m.model.Reservation = a.ReservationValue
		}
	}
	if err := m.solve(); err != nil {
		return nil, err
	}
	return m, m.place(s, deviating)
}

// solve finds what depends on no order.
func (m *arrivals) solve() (err error) {
	if err := m.model.Validate(); err != nil {
		return err
	}
	if m.concept == cournot.Feedback {
		m.feedback, err = m.model.Feedback()
		return err
	}
	m.constants = m.model.Constants(m.concept)
	return nil
}

// place adds the orders of a scenario; the last is one that looks for its best rate.
func (m *arrivals) place(s *scenarios.Scenario, deviating bool) error {
	open := -1
	for _, a := range s.Agents {
		if a.Kind != scenarios.KindLargeSeller && a.Kind != scenarios.KindLargeBuyer {
			continue
		}
		o := largeOrder{Agent: a}
		switch {
		case a.Strategy == scenarios.StrategyOptimalRate:
			open = len(m.orders)
		case a.Random == nil:
			o.schedule = ratesOf(a.Intervals())
			if a.Schedule != nil {
				o.Size = o.schedule.Quantity(0, math.Inf(1))
			}
		}
		if a.Random != nil {
			m.law, m.hidden = lawOf(a.Random), a.Disclosure.Kind == scenarios.DisclosureStealth
		}
		m.orders = append(m.orders, o)
	}
	if open >= 0 {
		if err := m.rate(open); err != nil {
			return err
		}
	}
	if m.law != nil {
		m.sold = m.orders[0].Rate
	}
	for i := range m.orders {
		if o := &m.orders[i]; deviating && o.Deviation != nil {
			m.speed(i, *o.Deviation.Speed)
		}
	}
	return nil
}

// lawOf is the law of a random duration.
func lawOf(d *scenarios.RandomDuration) poisson.Law {
	switch {
	case d.Mixture != nil:
		var l poisson.Hyperexponential
		for _, v := range d.Mixture {
			l.Weights, l.Means = append(l.Weights, v.Weight), append(l.Means, v.Mean)
		}
		return l
	case d.Exponential():
		return poisson.Exponential{MeanDuration: d.Mean}
	}
	return poisson.Erlang{Stages: d.Stages, MeanDuration: d.Mean}
}

// speed lets an order trade faster or slower than planned, and end the sooner or later.
// Makers answer it, unless they believe in a hidden order.
func (m *arrivals) speed(i int, s float64) {
	o := &m.orders[i]
	if m.law == nil {
		o.speed(s)
		return
	}
	o.Rate *= s
	if s == 0 { // the time it takes makes no difference
		return
	}
	law := *o.Random
	law.Mean /= s
	law.Mixture = slices.Clone(law.Mixture)
	for k := range law.Mixture {
		law.Mixture[k].Mean /= s
	}
	o.Random = &law
	if !m.hidden {
		m.law, m.sold = lawOf(&law), o.Rate
	}
}

// announced are the rates of orders that end at given times.
func (m *arrivals) announced() cournot.Flows {
	var all cournot.Orders
	for i := range m.orders {
		if o := &m.orders[i]; o.buys() {
			all.Buys = append(all.Buys, o.schedule)
		} else {
			all.Sells = append(all.Sells, o.schedule)
		}
	}
	return all.Flows()
}

// of are the flows of one order.
func (o *largeOrder) of() cournot.Flows {
	if o.buys() {
		return cournot.Flows{Buys: o.schedule}
	}
	return cournot.Flows{Sells: o.schedule}
}

// signed is a rate of the order as one of sales.
func (o *largeOrder) signed(rate float64) float64 {
	if o.buys() {
		return -rate
	}
	return rate
}

// facing is the market and the inventory of a maker as a seller finds them: a buyer is
// one in the mirror.
func (m *arrivals) facing(o *largeOrder) (poisson.Constants, float64) {
	if o.buys() {
		return m.model.Mirror().Constants(m.concept), -m.inventory
	}
	return m.constants, m.inventory
}

func (m *arrivals) deviates() bool {
	return slices.ContainsFunc(m.seats, func(s makerSeat) bool { return s.speed != 1 })
}
