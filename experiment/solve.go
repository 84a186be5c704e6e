package experiment

import (
	"walras/equilibrium"
	"walras/market"
	"walras/scenarios"
)

// shownMembers is the largest market whose members are shown one by one, and
// whose value matrices are given without asking.
const shownMembers = 50

// Equilibrium is the solution of a scenario as `sim solve --json` prints it.
// Above fifty members rows are types: P per member, Q the matrix that maps the
// types' totals to their selling rates.
type Equilibrium struct {
	Scenario      string         `json:"scenario"`
	Market        string         `json:"market"`
	Agents        []string       `json:"agents"`
	Counts        []int          `json:"counts,omitempty"` // of types, above fifty members
	Continuous    *Continuous    `json:"continuous"`
	Discrete      *Discrete      `json:"discrete"` // nil under exponential utility
	Approximation *Approximation `json:"approximation"`
	Response      *Response      `json:"response,omitempty"` // to the agent that sells on a schedule
	Experiments   *Experiments   `json:"experiments,omitempty"`
	Conditions    Conditions     `json:"conditions"`
	Warnings      []string       `json:"warnings,omitempty"`
}

// Continuous is the equilibrium in continuous time.
type Continuous struct {
	P            []float64     `json:"P"`
	Q            [][]float64   `json:"Q"`
	A            [][][]float64 `json:"A,omitempty"`
	K            []float64     `json:"k"`
	Speeds       []float64     `json:"speeds"`
	Eigenvectors [][]float64   `json:"eigenvectors,omitempty"` // not by types
	Impact       Impact        `json:"impact"`
	FirstBest    *Price        `json:"first_best"` // nil under exponential utility
	Welfare      []float64     `json:"welfare"`
	Residual     float64       `json:"residual"`
	ClosedForm   *ClosedForm   `json:"closed_form,omitempty"` // where the market has a formula
}

// Impact lists the price impacts of each agent.
type Impact struct {
	Instantaneous []float64 `json:"instantaneous"`
	Permanent     []float64 `json:"permanent"` // nil, like the next, where common values leave it undefined
	Transient     []float64 `json:"transient"`
}

// Price is a price vector alone.
type Price struct {
	P []float64 `json:"P"`
}

// Discrete is the equilibrium of the exact discrete-time game; Q in quantities
// per auction.
type Discrete struct {
	Step       float64       `json:"step"`
	P          []float64     `json:"P"`
	Q          [][]float64   `json:"Q"`
	A          [][][]float64 `json:"A,omitempty"`
	K          []float64     `json:"k"`
	Welfare    []float64     `json:"welfare"`
	Residual   float64       `json:"residual"`
	ClosedForm *ClosedForm   `json:"closed_form,omitempty"` // where the market has a formula
}

// discrete solves the discrete-time game; under exponential utility there is
// none, and both results are nil.
func (m *Market) discrete() (*equilibrium.Solution, error) {
	if m.Game.Exponential {
		return nil, nil
	}
	return m.solve(m.Clock.Step)
}

// Approximation is the near-symmetric approximation (SS 41) in continuous time.
type Approximation struct {
	P []float64   `json:"P"`
	Q [][]float64 `json:"Q"`
}

// Conditions are the sufficient conditions, for both timings.
type Conditions struct {
	Stable      bool `json:"stable"`
	SecondOrder bool `json:"second_order"`
	Acceptable  bool `json:"acceptable"`

	Makers *MakersCondition `json:"makers,omitempty"` // where investors come one at a time
}

// Solve computes the equilibrium of a double auction in continuous time and at the
// scenario's step. Value matrices of more than fifty members are given if full
// is set. The error is that of the timing which the scenario's clock plays; a
// failure of the other one is a warning.
func Solve(s *scenarios.Scenario, full bool) (*Equilibrium, error) {
	m := NewMarket(s)
	e := &Equilibrium{Scenario: s.Name, Market: s.Market}
	view := m.view()
	e.Agents, e.Counts = view.names, view.counts
	continuous, errContinuous := m.solve(0)
	discrete, errDiscrete := m.discrete()
	needed, other := errDiscrete, errContinuous
	if s.Clock.Policy == scenarios.PolicyContinuous {
		needed, other = errContinuous, errDiscrete
		if needed == nil {
			_, needed = continuous.OnGrid(m.Clock.Step, m.Seats, m.Covariance)
		}
	}
	if needed != nil {
		return nil, needed
	}
	if other != nil {
		e.Warnings = append(e.Warnings, other.Error())
	}
	e.Conditions = Conditions{Stable: true, SecondOrder: true, Acceptable: true}
	for _, solution := range []*equilibrium.Solution{continuous, discrete} {
		if solution != nil {
			e.check(solution, view)
		}
	}
	var err error
	if continuous != nil {
		if e.Continuous, err = view.continuous(continuous, full); err != nil {
			return nil, err
		}
		e.Approximation = view.approximation()
	}
	if discrete != nil {
		if e.Discrete, err = view.discrete(discrete, full); err != nil {
			return nil, err
		}
	}
	if e.Response, err = m.response(s, continuous, discrete); err != nil {
		return nil, err
	}
	e.Experiments, err = m.experiments(s, continuous, discrete)
	return e, err
}

func (e *Equilibrium) check(s *equilibrium.Solution, v *view) {
	c := s.Conditions()
	_, err := market.ProfileOf(s.Mechanism(v.seats))
	e.Conditions.Stable = e.Conditions.Stable && c.Stable
	e.Conditions.SecondOrder = e.Conditions.SecondOrder && c.SecondOrder
	e.Conditions.Acceptable = e.Conditions.Acceptable && err == nil
}
