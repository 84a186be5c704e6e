package experiment

import (
	"iter"

	"walras/clock"
	"walras/equilibrium"
	"walras/scenarios"
)

// Response is how the market answers the one agent of a scenario that sells on a
// schedule, without shocks (SS Proposition 10). The price falls short of the
// undisturbed one, at which the agent never sells, by three parts: what the
// sale of the moment costs, what all sales so far cost for good, and what is
// left of their passing impact. Almgren and Chriss know the first two.
type Response struct {
	Agent      string           `json:"agent"`
	Impact     equilibriumParts `json:"impact"`
	Continuous []ResponsePoint  `json:"continuous,omitempty"`
	Discrete   []ResponsePoint  `json:"discrete,omitempty"`
	Revenue    *Revenue         `json:"revenue,omitempty"` // at the auctions that are played
}

// equilibriumParts are I^i, λ^i and T^i.
type equilibriumParts struct {
	Instantaneous float64 `json:"instantaneous"`
	Permanent     float64 `json:"permanent"`
	Transient     float64 `json:"transient"`
}

// ResponsePoint is the market at one time: Price = Undisturbed − Instantaneous −
// Permanent − Transient.
type ResponsePoint struct {
	Time          float64   `json:"t"`
	Sold          float64   `json:"sold"` // rate just after t, or quantity at the auction
	Price         float64   `json:"price"`
	Undisturbed   float64   `json:"undisturbed"`
	Instantaneous float64   `json:"instantaneous"`
	Permanent     float64   `json:"permanent"`
	Transient     float64   `json:"transient"`
	Belief        float64   `json:"belief"` // the inventory that the others take the agent for
	Inventories   []float64 `json:"inventories"`
}

// Revenue is Σ p q of the schedule, and its parts; AlmgrenChriss is what it would
// be without the transient part.
type Revenue struct {
	Total         float64 `json:"total"`
	Undisturbed   float64 `json:"undisturbed"`
	Instantaneous float64 `json:"instantaneous"`
	Permanent     float64 `json:"permanent"`
	Transient     float64 `json:"transient"`
	AlmgrenChriss float64 `json:"almgren_chriss"`
}

// scheduled finds the seat and the schedule of the only deviator of a scenario,
// if it is a single member that sells on a schedule.
func (m *Market) scheduled(s *scenarios.Scenario) (seat int, schedule clock.Schedule, ok bool) {
	seat = -1
	for i, place := range m.Seats {
		d := s.Agents[m.origin[place.Type]].Deviation
		switch {
		case d == nil:
			continue
		case seat >= 0 || d.Schedule == nil || place.Members > 1:
			return -1, nil, false
		}
		seat, schedule = i, scheduleOf(d, 1)
	}
	return seat, schedule, seat >= 0 && m.Game.Interaction == nil && !m.Game.Exponential
}

// response computes the answer at the recorded ticks, in continuous time and at
// auctions; nil where nobody, or more than one, sells on a schedule.
func (m *Market) response(s *scenarios.Scenario, continuous, discrete *equilibrium.Solution) (*Response, error) {
	seat, schedule, ok := m.scheduled(s)
	if !ok {
		return nil, nil
	}
	out := &Response{Agent: m.Names[seat]}
	ticks := m.Clock.Grid(s.Record.Every)
	if continuous != nil {
		r := continuous.ResponseTo(m.Seats, seat)
		out.Impact = equilibriumParts(r.Impact)
		times := make([]float64, len(ticks))
		for i, k := range ticks {
			times[i] = m.Clock.At(k).Time
		}
		out.Continuous = responsePoints(r.Path(m.Initial, schedule, times))
	}
	r, err := m.responseAtAuctions(s, seat, continuous, discrete)
	if err != nil || r == nil {
		return out, err
	}
	out.Revenue = &Revenue{}
	for p := range m.auctions(r, schedule) {
		out.Revenue.add(p)
	}
	out.Discrete = responsePoints(pointsAt(ticks, m.auctions(r, schedule)))
	return out, nil
}

// auctions are the points at all ticks when one agent sells on a schedule.
func (m *Market) auctions(r *equilibrium.Response, schedule clock.Schedule) iter.Seq[equilibrium.ResponsePoint] {
	return r.Auctions(m.Initial, m.Clock.Steps, func(k int) float64 { return r.Timing.Quantity(schedule, k) })
}

// pointsAt keeps the points at ascending ticks, the last of them included.
func pointsAt(ticks []int, all iter.Seq[equilibrium.ResponsePoint]) []equilibrium.ResponsePoint {
	kept, k := make([]equilibrium.ResponsePoint, 0, len(ticks)), 0
	for p := range all {
		if ticks[len(kept)] == k {
			kept = append(kept, p)
		}
		k++
	}
	return kept
}

// responseAtAuctions is the answer at the auctions that the scenario plays.
func (m *Market) responseAtAuctions(s *scenarios.Scenario, seat int, continuous, discrete *equilibrium.Solution) (*equilibrium.Response, error) {
	switch {
	case s.Clock.Policy == scenarios.PolicyContinuous && continuous != nil:
		policy, err := continuous.OnGrid(m.Clock.Step, m.Seats, m.Covariance)
		if err != nil {
			return nil, err
		}
		return policy.ResponseTo(seat), nil
	case discrete != nil:
		return discrete.ResponseTo(m.Seats, seat), nil
	}
	return nil, nil
}

// add takes what is sold at one auction.
func (r *Revenue) add(p equilibrium.ResponsePoint) {
	q := p.Sold
	r.Total += p.Price * q
	r.Undisturbed += p.Undisturbed * q
	r.Instantaneous += p.Instantaneous * q
	r.Permanent += p.Permanent * q
	r.Transient += p.Transient * q
	r.AlmgrenChriss += (p.Price + p.Transient) * q
}

func responsePoints(list []equilibrium.ResponsePoint) []ResponsePoint {
	out := make([]ResponsePoint, len(list))
	for i, p := range list {
		out[i] = ResponsePoint{
			Time: p.Time, Sold: p.Sold, Price: p.Price, Undisturbed: p.Undisturbed, Instantaneous: p.Instantaneous,
			Permanent: p.Permanent, Transient: p.Transient, Belief: p.Belief, Inventories: p.Inventories,
		}
	}
	return out
}

// parts splits the price at the recorded ticks of a run; nil where nobody, or more
// than one, sells on a schedule. Shocks move the undisturbed price alone: the market
// is linear.
func (m *Market) parts(s *scenarios.Scenario, policy *equilibrium.Policy, ticks []int) []equilibrium.ResponsePoint {
	seat, schedule, ok := m.scheduled(s)
	if !ok {
		return nil
	}
	return pointsAt(ticks, m.auctions(policy.ResponseTo(seat), schedule))
}
