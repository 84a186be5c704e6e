package experiment

import (
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
	return play, continuous, err
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
