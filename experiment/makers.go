package experiment

import (
	"fmt"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/scenarios"
)

// makers is a market of market makers ready to be solved and played. Makers of one
// agent hold the same and do the same: they are one seat of the theory. Where
// inventory costs differ every maker is a seat of its own.
type makers struct {
	concept   cournot.Concept
	model     cournot.Model     // its inventory cost is that of all makers, if they are alike
	different cournot.Different // nil costs if makers are alike
	clock     clock.Clock

	members     []int     // per seat
	agents      []int     // of the scenario, per seat
	inventories []float64 // at time 0, per member of each seat
	speeds      []float64 // at which seats deviate; 1 is the policy
	names       []string  // of all makers, in sequence
	investors   scenarios.Agent
	orders      []largeOrder
}

// largeOrder is a large order whose rates are known.
type largeOrder struct {
	scenarios.Agent
	schedule clock.Schedule
	optimal  *cournot.Optimal // the schedule in continuous time, if it is the best one
}

func (o *largeOrder) buys() bool { return o.Kind == scenarios.KindLargeBuyer }

func (o *largeOrder) side() string {
	if o.buys() {
		return "buy"
	}
	return "sell"
}

// UnsolvedError is a combination of keys that the solver has no solution of.
type UnsolvedError struct{ What, Limit string }

// Error says what is asked for and what can be.
func (e *UnsolvedError) Error() string { return e.What + " is not solved: " + e.Limit }

// newMakers builds the market of a scenario, with or without what its agents do
// instead of their policies.
func newMakers(s *scenarios.Scenario, deviating bool) (*makers, error) {
	concept, err := cournot.ParseConcept(s.Solution)
	if err != nil {
		return nil, err
	}
	m := &makers{concept: concept, clock: clock.Clock{Step: s.Clock.Step, Steps: s.Clock.Steps(), DiscountRate: s.DiscountRate}}
	m.model.DiscountRate = s.DiscountRate
	alike := sameCosts(s)
	for i, a := range s.Agents {
		switch a.Kind {
		case scenarios.KindMarketMaker:
			m.seat(i, a, alike, deviating)
		case scenarios.KindInvestors:
			m.investors = a
			m.model.Activity, m.model.Reservation = a.Activity, a.ReservationValue
		}
	}
	if !alike {
		m.different.DiscountRate, m.different.Activity, m.different.Reservation = s.DiscountRate, m.model.Activity, m.model.Reservation
	}
	return m, m.place(s, deviating)
}

func sameCosts(s *scenarios.Scenario) bool {
	cost := 0.
	for _, a := range s.Agents {
		if a.Kind == scenarios.KindMarketMaker {
			if cost != 0 && a.InventoryCost != cost {
				return false
			}
			cost = a.InventoryCost
		}
	}
	return true
}

// seat adds the makers of an agent.
func (m *makers) seat(i int, a scenarios.Agent, alike, deviating bool) {
	speed := 1.
	if deviating && a.Deviation != nil {
		speed = *a.Deviation.Speed
	}
	m.names = append(m.names, a.Members()...)
	m.model.Makers += a.Count
	m.model.InventoryCost = a.InventoryCost
	add := func(count int) {
		m.members, m.agents = append(m.members, count), append(m.agents, i)
		m.inventories, m.speeds = append(m.inventories, a.Inventory), append(m.speeds, speed)
	}
	if alike {
		add(a.Count)
		return
	}
	for range a.Count {
		add(1)
		m.different.InventoryCosts = append(m.different.InventoryCosts, a.InventoryCost)
	}
}

func (m *makers) alike() bool { return m.different.InventoryCosts == nil }

// closed tells whether the market has closed forms: makers hold the same and know no
// rivals' inventories.
func (m *makers) closed() bool {
	for _, x := range m.inventories {
		if x != m.inventories[0] {
			return false
		}
	}
	return m.alike() && m.concept != cournot.Feedback
}

// idle tells whether nobody holds anything at time 0.
func (m *makers) idle() bool {
	for _, x := range m.inventories {
		if x != 0 {
			return false
		}
	}
	return true
}

// profile is what makers do at this step, 0 for continuous time.
func (m *makers) profile(step float64) (*cournot.Profile, error) {
	if m.alike() {
		return m.model.Profile(m.concept, step, m.members)
	}
	return m.different.Profile(m.concept, step)
}

// announced are the orders that everybody knows from time 0 on.
func (m *makers) announced() cournot.Orders {
	out := cournot.Orders{Inventory: m.inventories[0]}
	for i := range m.orders {
		if o := &m.orders[i]; o.buys() {
			out.Buys = append(out.Buys, o.schedule)
		} else {
			out.Sells = append(out.Sells, o.schedule)
		}
	}
	return out
}

// detected is the order that makers detect late, or nil.
func (m *makers) detected() *largeOrder {
	if len(m.orders) == 1 && m.orders[0].Disclosure.Kind == scenarios.DisclosureDetected {
		return &m.orders[0]
	}
	return nil
}

// delayed is the market in which makers detect the order late, from its start on. A
// buyer is the mirror image of a seller.
func (m *makers) delayed(o *largeOrder, rate float64) (cournot.Delayed, error) {
	reading, err := cournot.ParseReading(o.Disclosure.Before)
	if err == nil && !m.idle() {
		err = &UnsolvedError{"disclosure: detected_after", "for makers with an inventory at time 0; set it to 0"}
	}
	return cournot.Delayed{
		Market: m.model.Constants(m.concept), Order: cournot.Order{Rate: rate, Duration: o.Duration},
		Delay: o.Disclosure.After, Reading: reading,
	}, err
}

// places is the member of the makers in sequence that is the first of each seat.
func (m *makers) places() []int {
	list, next := make([]int, len(m.members)), 0
	for i, n := range m.members {
		list[i] = next
		next += n
	}
	return list
}

// check refuses what is solved for some markets only.
func (m *makers) check(o *largeOrder) error {
	if o.Strategy != scenarios.StrategyOptimalSchedule {
		return nil
	}
	refuse := func(limit string) error {
		return &UnsolvedError{fmt.Sprintf("agents.%s.strategy: optimal_schedule", o.Name), limit}
	}
	switch {
	case !m.closed():
		return refuse("makers must be identical, and the solution published or open_loop")
	case !m.idle():
		return refuse("makers must start without inventory")
	case o.Start > 0:
		return refuse("the order must start at time 0")
	}
	return nil
}
