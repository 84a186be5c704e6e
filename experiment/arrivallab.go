package experiment

import (
	"context"
	"fmt"
	"math"
	"slices"

	"walras/analysis"
	"walras/equilibrium"
	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/montecarlo"
	"walras/scenarios"
)

// arrivalLab is the deviation lab of a market that investors come to one at a time.
// Who deviates goes on after the horizon.
type arrivalLab struct {
	scenario *scenarios.Scenario // without its deviations
	market   *arrivals
	base     *montecarlo.Simulation
	expected []float64 // welfare per seat, of who keep to the policy
	trials   []*trial
}

// DeviateArrivals runs the deviation lab of a market that investors come to one at a
// time: of every type of makers the first member, and every order, leaves its policy in
// its own way or, without one, in each way of the standard set. An order that ends at
// random also changes its disclosure.
func DeviateArrivals(ctx context.Context, s *scenarios.Scenario, o LabOptions) (*Laboratory, error) {
	honest := *s
	honest.Agents = slices.Clone(s.Agents)
	for i := range honest.Agents {
		honest.Agents[i].Deviation = nil
	}
	lab := &arrivalLab{scenario: &honest}
	err := Await(ctx, func() error { return lab.prepare(s) })
	if err != nil {
		return nil, err
	}
	if err := runTrials(ctx, lab.base, lab.trials, o); err != nil {
		return nil, err
	}
	out := &Laboratory{Scenario: &honest}
	out.judge(lab.trials)
	return out, nil
}

// prepare lists who deviates how.
func (l *arrivalLab) prepare(s *scenarios.Scenario) (err error) {
	if l.market, err = newArrivals(l.scenario, false); err != nil {
		return err
	}
	if l.base, l.expected, err = l.simulation(l.market, nil); err != nil {
		return err
	}
	for seat := range l.market.seats {
		if err := l.maker(seat, s.Agents[l.market.seats[seat].agent].Deviation); err != nil {
			return err
		}
	}
	for i := range l.market.orders {
		own := s.Agents[slices.IndexFunc(s.Agents, func(a scenarios.Agent) bool { return a.Name == l.market.orders[i].Name })].Deviation
		if err := l.order(i, own); err != nil {
			return err
		}
	}
	return nil
}

// simulation is what the lab plays of a market, and what every seat expects of it.
func (l *arrivalLab) simulation(m *arrivals, change func(*equilibrium.Arrivals)) (*montecarlo.Simulation, []float64, error) {
	game, err := m.market(l.scenario.Clock.Policy)
	if err != nil {
		return nil, nil, err
	}
	if change != nil {
		change(game)
	}
	values, err := game.Values(m.clock.DiscountRate)
	if err != nil {
		return nil, nil, err
	}
	m.value(game, values)
	game.Valuations = m.valuations()
	sim := newSimulation(l.scenario, game.Seats(), m.clock)
	m.settle(sim, game)
	sim.Control, sim.Antithetic = true, false
	sim.Statistics = []int{0, sim.Clock.Steps}
	sim.Record = montecarlo.Record{Ticks: []int{sim.Clock.Steps}, Outcomes: sim.Paths}
	var expected []float64
	if game.Anchored() { // it depends on the time drawn
		_, outcomes := analysis.FollowArrivals(sim)
		for _, w := range outcomes {
			expected = append(expected, w.Payoff+w.Terminal)
		}
		return sim, expected, nil
	}
	at := values.At(0, 0, 0)
	for i := range game.Seats() {
		expected = append(expected, at(i, sim.Initial[:len(game.Makers)]))
	}
	return sim, expected, nil
}

// add adds a trial in which the seat has the place stays where nobody deviates; exact is
// its gain by a formula, nil for that of expectations.
func (l *arrivalLab) add(row Deviated, m *arrivals, seat, stays int, change func(*equilibrium.Arrivals), exact func() float64) error {
	sim, expected, err := l.simulation(m, change)
	if err != nil {
		return fmt.Errorf("%s, %s: %w", row.Agent, row.Deviation, err)
	}
	if row.Exact = expected[seat] - l.expected[stays]; exact != nil {
		row.Exact = exact()
	}
	common := m.law != nil && m.hidden != l.market.hidden
	if common {
		sim.Control = false
	}
	l.trials = append(l.trials, &trial{
		seat: seat, stays: stays, value: l.expected[stays], scale: valueScale(l.expected[stays], expected[seat]), row: row, sim: sim,
		common: common,
	})
	return nil
}

// maker adds the trials of the first member of a seat.
func (l *arrivalLab) maker(seat int, own *scenarios.Deviation) error {
	m := l.market.apart(seat)
	loses := m.concept != cournot.Published || m.model.Makers == 1
	row := Deviated{Agent: m.seats[seat].members[0], Loses: loses}
	speeds := standardSpeeds
	if own != nil {
		speeds = []speedOf{{describe(own), *own.Speed}}
	}
	theory := m.deviations(l.scenario.Clock.Policy)
	for _, w := range speeds {
		other := *m
		other.seats = slices.Clone(m.seats)
		other.seats[seat].speed = w.speed
		row.Deviation = w.name
		var exact func() float64
		if theory != nil {
			way := poisson.Deviation{Trade: 1, Feedback: w.speed}
			if w.speed == 0 {
				way.Trade = 0
			}
			exact = func() float64 { return theory.Of(way, m.inventory, m.inventory).Absolute }
		}
		if err := l.add(row, &other, seat, seat, nil, exact); err != nil {
			return err
		}
	}
	if own != nil {
		return nil
	}
	row.Deviation = "best response"
	if theory == nil {
		row.Note, row.Passed = "solved for published and open_loop at exact times, and orders of known or exponential duration", true
		l.trials = append(l.trials, &trial{row: row})
		return nil
	}
	change := func(game *equilibrium.Arrivals) { m.respond(game, seat, theory) }
	return l.add(row, m, seat, seat, change, func() float64 { return theory.Best(m.inventory, m.inventory).Absolute })
}

// apart gives the first member of a seat a seat of its own, in its place.
func (m *arrivals) apart(seat int) *arrivals {
	out := *m
	if s := m.seats[seat]; len(s.members) > 1 {
		first, others := s, s
		first.members, others.members = s.members[:1], s.members[1:]
		out.seats = slices.Insert(slices.Clone(m.seats), seat, first)
		out.seats[seat+1] = others
	}
	return &out
}

// deviations is the theory of what a maker gains by leaving the policy; nil where there
// is none.
func (m *arrivals) deviations(policy string) *poisson.Deviations {
	if policy != scenarios.PolicyEvent || m.concept == cournot.Feedback {
		return nil
	}
	if m.law == nil {
		return m.constants.DeviationsKnown(m.announced())
	}
	if l, ok := m.law.(poisson.Exponential); ok && m.hidden {
		return m.constants.DeviationsHidden(l, m.orders[0].signed(m.sold))
	}
	return nil
}

// respond lets a seat of one maker give its best response.
func (m *arrivals) respond(game *equilibrium.Arrivals, seat int, theory *poisson.Deviations) {
	for k := range game.Phases {
		p, response := &game.Phases[k], theory.Response(k)
		left := func(float64) float64 { return 0 }
		if until := p.Until; m.law == nil && k+1 < len(game.Phases) {
			left = func(t float64) float64 { return until - t }
		}
		p.Ask[seat] = func(t float64) float64 { return response(left(t)).Sells }
		p.Bid[seat] = func(t float64) float64 { return response(left(t)).Buys }
	}
	slopes, response := make([]float64, len(m.seats)), theory.Response(0)(0)
	for i, s := range m.seats {
		slopes[i] = response.Rivals * float64(len(s.members)) / float64(max(1, m.model.Makers-1))
	}
	slopes[seat] = response.Slope
	game.Makers[seat].Slopes = slopes
}

// order adds the trials of order i.
func (l *arrivalLab) order(i int, own *scenarios.Deviation) error {
	m, place := l.market, len(l.market.seats)+1+i
	row := Deviated{Agent: m.orders[i].Name}
	speeds := standardSpeeds
	if own != nil {
		speeds = []speedOf{{describe(own), *own.Speed}}
	}
	for _, w := range speeds {
		other := *m
		other.orders = slices.Clone(m.orders)
		other.speed(i, w.speed)
		row.Deviation = w.name
		if list := other.orders[i].schedule; len(list) > 0 && list[len(list)-1].To > m.clock.At(m.clock.Steps).Time*(1+1e-9) {
			late := row
			late.Note, late.Passed = "it would end after the horizon", true
			l.trials = append(l.trials, &trial{row: late})
			continue
		}
		if err := l.add(row, &other, place, place, nil, nil); err != nil {
			return err
		}
	}
	if m.law == nil || own != nil {
		return nil
	}
	other := *m
	sign := 1.
	if other.hidden, row.Deviation = !m.hidden, "sunshine"; other.hidden {
		row.Deviation, sign = "stealth", -1
	}
	var exact func() float64
	if law, ok := m.law.(poisson.Exponential); ok && l.scenario.Clock.Policy == scenarios.PolicyEvent {
		o := &m.orders[i]
		market, _ := m.facing(o)
		exact = func() float64 { return sign * o.Rate * o.Rate * market.StealthCost(law) }
	}
	return l.add(row, &other, place, place, nil, exact)
}

// valueScale is the size of values whose difference is a gain.
func valueScale(a, b float64) float64 { return math.Abs(a) + math.Abs(b) }
