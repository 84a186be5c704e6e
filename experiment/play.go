package experiment

import (
	"errors"
	"strings"

	"walras/clock"
	"walras/equilibrium"
	"walras/scenarios"
)

// Play solves the market and lets its agents deviate as the scenario says. For
// a policy on a grid the solution in continuous time is returned with it.
func (m *Market) Play(s *scenarios.Scenario) (*equilibrium.Play, *equilibrium.Solution, error) {
	policy, continuous, err := m.Policy(s.Clock.Policy)
	if err != nil {
		return nil, nil, err
	}
	deviations := make([]*equilibrium.Deviation, len(m.Seats))
	for i, seat := range m.Seats {
		if d := s.Agents[m.origin[seat.Type]].Deviation; d != nil {
			deviations[i] = deviation(policy, i, d)
		}
	}
	play, err := policy.Play(deviations)
	var undetermined *equilibrium.UndeterminedError
	if errors.As(err, &undetermined) {
		err = &DeviationError{Agents: m.named(undetermined.Seats), All: len(undetermined.Seats) == len(m.Seats)}
	}
	return play, continuous, err
}

// named are the names of seats.
func (m *Market) named(seats []int) []string {
	var list []string
	for _, i := range seats {
		list = append(list, m.Names[i])
	}
	return list
}

// DeviationError says that no auction can be held with the deviations of a scenario.
type DeviationError struct {
	Agents []string // who deviate
	All    bool     // nobody is left who follows the policy
}

// Error names the agents and says what to do.
func (e *DeviationError) Error() string {
	if e.All {
		return "everybody deviates (" + strings.Join(e.Agents, ", ") + "), which leaves the price undetermined; let somebody follow the policy"
	}
	return "with the deviations of " + strings.Join(e.Agents, ", ") + " the auction cannot be cleared accurately: they are too large, or undo each other; make them smaller"
}

// deviation is what the scenario asks of seat i. A shift or a schedule is per
// member.
func deviation(policy *equilibrium.Policy, i int, d *scenarios.Deviation) *equilibrium.Deviation {
	members := float64(policy.Seats[i].Members)
	switch {
	case d.Misreport != nil:
		return policy.Misreporting(i, d.Misreport.Scale, d.Misreport.Shift*members)
	case d.Speed != nil:
		return policy.AtSpeed(i, *d.Speed)
	default:
		return &equilibrium.Deviation{Schedule: scheduleOf(d, members)}
	}
}

// scheduleOf is what so many members sell together on the schedule of each; not nil.
func scheduleOf(d *scenarios.Deviation, members float64) clock.Schedule {
	schedule := make(clock.Schedule, 0, len(d.Schedule))
	for _, v := range d.Schedule {
		schedule = append(schedule, clock.Interval{From: v.From, To: v.To, Rate: v.Rate * members})
	}
	return schedule
}
