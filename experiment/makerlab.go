package experiment

import (
	"context"
	"fmt"
	"math"
	"slices"

	"walras/analysis"
	"walras/equilibrium/cournot"
	"walras/montecarlo"
	"walras/scenarios"
)

// MakerGain is what a maker or an order gains by leaving its policy, everybody else's
// unchanged. At relative prices nothing is random: one path tells all.
type MakerGain struct {
	Agent     string
	Deviation string
	Gain      float64 // in welfare, of the simulation
	Exact     float64 // of a best response by its own formula, else by the recursion
	Percent   float64 // Exact, of what the orders are worth to a maker when they are played; NaN of an order

	// The same of a best response in continuous time, else NaN.
	Continuous, ContinuousPercent float64

	Loses  bool   // theory forbids a gain: a maker in the equilibrium of the very game that is played
	Note   string // why there are no numbers
	Passed bool
}

// MakersLab is what came out of the deviation lab of a market of makers.
type MakersLab struct {
	Scenario *scenarios.Scenario // without its deviations
	Rows     []MakerGain
	Passed   bool
}

// DeviateMakers runs the deviation lab of a market of makers: of every type of makers
// the first member, and every order, leaves its policy in its own way or, without one,
// in each way of the standard set.
func DeviateMakers(ctx context.Context, s *scenarios.Scenario) (*MakersLab, error) {
	honest := *s
	honest.Agents = slices.Clone(s.Agents)
	for i := range honest.Agents {
		honest.Agents[i].Deviation = nil
	}
	honest.MonteCarlo.Paths, honest.MonteCarlo.Antithetic = 1, false
	honest.Record.Paths, honest.Record.Outcomes = 0, scenarios.OutcomesAll
	lab := &MakersLab{Scenario: &honest, Passed: true}
	err := Await(ctx, func() error {
		m, err := settled(&honest)
		if err != nil {
			return err
		}
		if n := len(m.names); n > playedMakers {
			return &UnsolvedError{fmt.Sprintf("a simulation of %d makers", n), fmt.Sprintf("at most %d are followed, one by one", playedMakers)}
		}
		seen := make(map[int]bool)
		for seat, agent := range m.agents {
			if seen[agent] {
				continue
			}
			seen[agent] = true
			if err := lab.maker(ctx, m.apart(seat), seat, s.Agents[agent].Deviation); err != nil {
				return err
			}
		}
		for i := range m.orders {
			if err := lab.order(ctx, m, i, s); err != nil {
				return err
			}
		}
		return nil
	})
	return lab, onGrid(err, s)
}

// settled is the market of the lab. Makers who differ and keep to their paths, whatever
// happens, do so after the horizon, too: it is moved to where inventories have run off.
func settled(s *scenarios.Scenario) (*makers, error) {
	const ticks, left = 100_000, 1e-8
	for {
		m, err := newMakers(s, false)
		if err != nil || m.concept != cournot.OpenLoop || m.closed() {
			return m, err
		}
		th, err := m.theory()
		if err != nil {
			return nil, err
		}
		size := 0.
		m.samples(th, func(_ float64, v quotes) { size = math.Max(size, largest(v.inventories)) })
		end := th.path([]float64{m.clock.At(m.clock.Steps).Time})[0]
		if largest(end.inventories) <= left*size || m.clock.Steps > ticks/2 {
			return m, nil
		}
		s.Clock.Horizon *= 2
	}
}

func largest(list []float64) float64 {
	worst := 0.
	for _, x := range list {
		worst = math.Max(worst, math.Abs(x))
	}
	return worst
}

// apart gives the first member of a seat a seat of its own, in its place.
func (m *makers) apart(seat int) *makers {
	out := *m
	if n := m.members[seat]; n > 1 {
		out.members = slices.Insert(slices.Clone(m.members), seat, 1)
		out.members[seat+1] = n - 1
		out.agents = slices.Insert(slices.Clone(m.agents), seat, m.agents[seat])
		out.inventories = slices.Insert(slices.Clone(m.inventories), seat, m.inventories[seat])
		out.speeds = slices.Insert(slices.Clone(m.speeds), seat, m.speeds[seat])
	}
	return &out
}

// speedOf is a deviation by speed.
type speedOf struct {
	name  string
	speed float64
}

// standardSpeeds are those of the lab's standard set.
var standardSpeeds = []speedOf{{"no trade", 0}, {"half speed", .5}, {"double speed", 2}}

// maker adds the rows of the maker that has this seat alone.
func (lab *MakersLab) maker(ctx context.Context, m *makers, seat int, own *scenarios.Deviation) error {
	base, err := m.labPlan(lab.Scenario)
	if err != nil {
		return err
	}
	worth, err := base.policy.Worth(seat, m.inventories)
	if err != nil {
		return err
	}
	place := m.places()[seat]
	loses := lab.Scenario.Clock.Policy == scenarios.PolicyDiscrete && (m.concept != cournot.Published || len(m.names) == 1) && m.detected() == nil
	add := func(name string, p *plan, exact float64) (*MakerGain, error) {
		row := MakerGain{Agent: m.names[place], Deviation: name, Exact: exact, Loses: loses, Continuous: math.NaN(), ContinuousPercent: math.NaN()}
		if err := lab.play(ctx, base, p, place, &row); err != nil {
			return nil, err
		}
		if row.Percent = math.NaN(); m.detected() == nil && worth.Orders > 0 {
			row.Percent = 100 * row.Exact / worth.Orders
		}
		lab.Rows = append(lab.Rows, row)
		return &lab.Rows[len(lab.Rows)-1], nil
	}
	speeds := standardSpeeds
	if own != nil {
		speeds = []speedOf{{describe(own), *own.Speed}}
	}
	for _, w := range speeds {
		slow := *m
		slow.speeds = slices.Clone(m.speeds)
		slow.speeds[seat] = w.speed
		p := *base
		p.makers = &slow
		if _, err := add(w.name, &p, math.NaN()); err != nil {
			return err
		}
	}
	if own != nil {
		return nil
	}
	if m.detected() != nil {
		lab.Rows = append(lab.Rows, MakerGain{Agent: m.names[place], Deviation: "best response", Note: "not solved for an order that is detected late", Passed: true})
		return nil
	}
	best, err := base.policy.Deviation(seat, m.inventories)
	if err != nil {
		return err
	}
	p := *base
	p.policy, p.after = best.Response, best.Response.Idle()
	row, err := add("best response", &p, best.Gain)
	if err != nil {
		return err
	}
	return m.continuous(row, seat)
}

// labPlan is the plan whose members go on after the horizon as they did before.
func (m *makers) labPlan(s *scenarios.Scenario) (*plan, error) {
	p, err := m.plan(s.Clock.Policy)
	if err == nil && m.detected() == nil {
		p.after = p.policy.Idle()
	}
	return p, err
}

// continuous adds what the best response gains in continuous time.
func (m *makers) continuous(row *MakerGain, seat int) error {
	profile, err := m.profile(0)
	if err != nil {
		return err
	}
	flows := m.announced().Flows()
	play, inventories := profile.Play(flows), m.inventories
	worth, err := play.Worth(seat, inventories)
	if err != nil {
		return err
	}
	if m.concept == cournot.OpenLoop { // others keep to their paths
		play, inventories = play.Apart(seat), append(slices.Clone(inventories), inventories[seat])
		seat = len(inventories) - 1
	}
	best, err := play.Deviation(seat, inventories)
	if err != nil {
		return err
	}
	row.Continuous = best.Gain
	if worth.Orders > 0 {
		row.ContinuousPercent = 100 * best.Gain / worth.Orders
	}
	return nil
}

// order adds the rows of order i: makers know what it does instead.
func (lab *MakersLab) order(ctx context.Context, m *makers, i int, s *scenarios.Scenario) error {
	base, err := m.labPlan(lab.Scenario)
	if err != nil {
		return err
	}
	speeds := standardSpeeds
	for _, a := range s.Agents {
		if a.Name == m.orders[i].Name && a.Deviation != nil {
			speeds = []speedOf{{describe(a.Deviation), *a.Deviation.Speed}}
		}
	}
	for _, w := range speeds {
		row := MakerGain{Agent: m.orders[i].Name, Deviation: w.name, Exact: math.NaN(), Percent: math.NaN(), Continuous: math.NaN(), ContinuousPercent: math.NaN()}
		other := *m
		other.orders = slices.Clone(m.orders)
		other.orders[i].speed(w.speed)
		if list := other.orders[i].schedule; len(list) > 0 && list[len(list)-1].To > m.clock.At(m.clock.Steps).Time*(1+1e-9) {
			row.Note, row.Passed = "it would end after the horizon", true
			lab.Rows = append(lab.Rows, row)
			continue
		}
		p, err := other.labPlan(lab.Scenario)
		if err != nil {
			return err
		}
		if err := lab.play(ctx, base, p, len(m.names)+1+i, &row); err != nil {
			return err
		}
		lab.Rows = append(lab.Rows, row)
	}
	return nil
}

// play compares the welfare of a seat with and without a deviation, in simulations and
// by recursion, and judges the row.
func (lab *MakersLab) play(ctx context.Context, base, deviating *plan, seat int, row *MakerGain) error {
	var simulated, followed [2]float64
	for i, p := range []*plan{base, deviating} {
		st, err := p.stage(lab.Scenario)
		if err != nil {
			return err
		}
		err = st.sim.Run(ctx, 0, 1, 1, func(r *montecarlo.Result) error {
			simulated[i] = r.Outcomes[3*seat] + r.Outcomes[3*seat+1]
			return nil
		})
		if err != nil {
			return err
		}
		outcome := analysis.FollowCournot(st.sim, func(int, analysis.CournotTick) {})[seat]
		followed[i] = outcome.Payoff + outcome.Terminal
	}
	row.Gain = simulated[1] - simulated[0]
	if math.IsNaN(row.Exact) {
		row.Exact = followed[1] - followed[0]
	}
	rounding := exactGain * (math.Abs(simulated[0]) + math.Abs(simulated[1]))
	row.Passed = math.Abs(row.Gain-row.Exact) <= rounding
	if row.Loses && row.Exact > rounding {
		row.Passed, row.Note = false, "a maker gains by leaving its equilibrium"
	}
	lab.Passed = lab.Passed && row.Passed
	return nil
}
