package experiment

import (
	"slices"

	"gonum.org/v1/gonum/mat"

	"walras/equilibrium/cournot"
	"walras/scenarios"
)

// LargeOrders is the solution of a market of market makers as `sim solve --json`
// prints it, in continuous time but for Discrete. Where investors come one at a time
// the path is that of expectations at the times of the scenario's clock.
type LargeOrders struct {
	Scenario     string          `json:"scenario"`
	Market       string          `json:"market"`
	Solution     string          `json:"solution"`
	Agents       []string        `json:"agents"`
	Conditions   Conditions      `json:"conditions"` // acceptable: all investors trade in their direction
	Residual     float64         `json:"residual"`
	Warnings     []string        `json:"warnings"`
	Coefficients any             `json:"coefficients"` // FlowCoefficients, FeedbackCoefficients or DifferentCoefficients; ArrivalCoefficients or one of its kin
	Orders       []OrderSolution `json:"orders"`
	Order        *OrderSolution  `json:"order,omitempty"` // the order, if it is alone
	Discrete     *DiscreteMakers `json:"discrete,omitempty"`
	Path         []QuotePoint    `json:"path"`
}

// FlowCoefficients are those of identical makers under published and open_loop, in
// the letters of CMZ.
type FlowCoefficients struct {
	A     float64 `json:"A"`
	Gamma float64 `json:"gamma"`
	M     float64 `json:"M"`
	AT    float64 `json:"A_theta"`
	BT    float64 `json:"B_theta"`
	CT    float64 `json:"C_theta"`
	DT    float64 `json:"D_theta"`
	ET    float64 `json:"E_theta"`
	FT    float64 `json:"F_theta"`
	HT    float64 `json:"H_theta"`
}

// FeedbackCoefficients are those of identical makers under feedback.
type FeedbackCoefficients struct {
	A     float64 `json:"A"`
	Alpha float64 `json:"alpha"`
	Zeta  float64 `json:"zeta"`
	Rho   float64 `json:"rho"`
	M     float64 `json:"M"`
	BT    float64 `json:"B_theta"`
}

// DifferentCoefficients are those of different makers: K under open_loop, P_j under
// feedback.
type DifferentCoefficients struct {
	K [][]float64   `json:"K,omitempty"`
	P [][][]float64 `json:"P,omitempty"`
}

// OrderSolution is what a large order gets. What it has not is nil.
type OrderSolution struct {
	Agent     string     `json:"agent"`
	Side      string     `json:"side"` // sell or buy
	Size      float64    `json:"size"`
	Rate      *float64   `json:"rate"`     // of an order at a constant rate
	Duration  *float64   `json:"duration"` // nil of a schedule
	P         *float64   `json:"P"`
	Q         *float64   `json:"Q"`
	Proceeds  float64    `json:"proceeds"`
	Best      *float64   `json:"optimal_rate"`
	Shortest  *float64   `json:"minimum_duration"`
	Impact    *float64   `json:"average_impact"`
	Sum       *float64   `json:"average_impact_undiscounted"`
	Shortfall float64    `json:"shortfall"`
	Maker     any        `json:"maker_gain"` // a number, or one for each maker where they differ
	Investors float64    `json:"investor_gain"`
	Threshold *float64   `json:"threshold_rate"`
	Valid     *float64   `json:"valid_rate"`
	Rates     []RateFrom `json:"rates"`

	*ArrivalOrder // of investors who come one at a time; else nil
}

// RateFrom is the rate of an order from a time on.
type RateFrom struct {
	Time float64 `json:"t"`
	Rate float64 `json:"rate"`
}

// QuotePoint is the market just after a time, at relative prices.
type QuotePoint struct {
	Time      float64 `json:"t"`
	Inventory any     `json:"inventory"` // of a maker, or of each where they differ
	Variance  float64 `json:"inventory_variance"`
	Bid       float64 `json:"bid"`
	Ask       float64 `json:"ask"`
	Mid       float64 `json:"mid"`
	Active    float64 `json:"active"` // 1 while an order trades
}

// SolveMakers computes the solution of a market of market makers, without
// deviations.
func SolveMakers(s *scenarios.Scenario) (*LargeOrders, error) {
	if s.Poisson() != nil {
		return solveArrivals(s)
	}
	m, err := newMakers(s, false)
	if err != nil {
		return nil, err
	}
	th, err := m.theory()
	if err != nil {
		return nil, err
	}
	out := &LargeOrders{
		Scenario: s.Name, Market: s.Market, Solution: s.Solution, Orders: []OrderSolution{},
		Conditions: Conditions{Stable: true, SecondOrder: true, Acceptable: true},
	}
	out.Agents = append(namesOfMakers(s), m.investors.Name)
	if out.Coefficients, out.Residual, err = m.coefficients(); err != nil {
		return nil, err
	}
	for i := range m.orders {
		o, err := m.solved(th, i)
		if err != nil {
			return nil, err
		}
		out.Agents, out.Orders = append(out.Agents, o.Agent), append(out.Orders, *o)
	}
	if len(out.Orders) == 1 {
		out.Order = &out.Orders[0]
	}
	out.Warnings = append([]string{}, m.warnings(th, out.Orders)...)
	out.Conditions.Acceptable = len(out.Warnings) == 0
	if s.Clock.Policy == scenarios.PolicyDiscrete {
		if out.Discrete, err = m.discrete(); err != nil {
			return nil, err
		}
	}
	out.path(m, th, s.Record.Every)
	return out, nil
}

// namesOfMakers are those of all makers of a scenario, or of their types where they are
// many.
func namesOfMakers(s *scenarios.Scenario) (names []string) {
	var types []string
	for _, a := range s.Agents {
		if a.Kind == scenarios.KindMarketMaker {
			names, types = append(names, a.Members()...), append(types, a.Name)
		}
	}
	if len(names) > shownMembers {
		return types
	}
	return names
}

// coefficients are the constants of the solution, and what is left of its equations.
func (m *makers) coefficients() (any, float64, error) {
	switch {
	case m.alike() && m.concept == cournot.Feedback:
		s, err := m.model.Slopes(cournot.Feedback, 0)
		if err != nil {
			return nil, 0, err
		}
		n1 := float64(m.model.Makers + 1)
		A := s.Total()
		return FeedbackCoefficients{A, s.Own, s.Cross, s.Rivals, 4 * m.model.Activity * A / n1, 2 * A / n1}, m.model.FeedbackResidual(s), nil
	case m.alike():
		c := m.model.Constants(m.concept)
		return FlowCoefficients{
			c.A, c.Gamma, c.M, c.HalfSpread, c.Pressure, c.Depth, c.DepthSlope, c.Value, c.Curvature, c.Impact,
		}, c.Residual(), nil
	case m.concept == cournot.Feedback:
		if err := m.different.Validate(); err != nil {
			return nil, 0, err
		}
		p, err := m.different.FeedbackSlopes(0)
		if err != nil {
			return nil, 0, err
		}
		var out DifferentCoefficients
		for _, one := range p {
			out.P = append(out.P, table(one))
		}
		return out, m.different.FeedbackResidual(p), nil
	}
	if err := m.different.Validate(); err != nil {
		return nil, 0, err
	}
	k, err := m.different.OpenLoopSlopes(0)
	if err != nil {
		return nil, 0, err
	}
	return DifferentCoefficients{K: table(k)}, m.different.OpenLoopResidual(k), nil
}

func table(m mat.Matrix) [][]float64 {
	n, _ := m.Dims()
	list := make([][]float64, n)
	for i := range list {
		list[i] = mat.Row(nil, i, m)
	}
	return list
}

// ofMakers is a number for all makers, or, where they differ, one for each.
func (m *makers) ofMakers(seats []float64) any {
	if !slices.ContainsFunc(m.inventories, func(x float64) bool { return x != m.inventories[0] }) && m.alike() {
		return seats[0]
	}
	var list []float64
	for i, n := range m.members {
		list = append(list, slices.Repeat(seats[i:i+1], n)...)
	}
	return list
}

// path lists the market at the recorded ticks.
func (out *LargeOrders) path(m *makers, th theory, every int) {
	var times []float64
	for _, k := range m.clock.Grid(every) {
		times = append(times, m.clock.At(k).Time)
	}
	for i, v := range th.path(times) {
		p := QuotePoint{Time: times[i], Inventory: m.ofMakers(v.inventories), Bid: v.bid, Ask: v.ask, Mid: (v.bid + v.ask) / 2}
		if m.active(times[i]) {
			p.Active = 1
		}
		out.Path = append(out.Path, p)
	}
}
