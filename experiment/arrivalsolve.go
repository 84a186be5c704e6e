package experiment

import (
	"math"

	"walras/analysis"
	"walras/equilibrium/cournot"
	"walras/scenarios"
)

// ArrivalCoefficients are those of identical makers whom investors meet one at a time,
// under published, in the letters of the talk.
type ArrivalCoefficients struct {
	A     float64 `json:"A"`
	K     float64 `json:"K"`
	Small float64 `json:"m"`
	R     float64 `json:"r"`
	M     float64 `json:"M"`
	M2    float64 `json:"M2"`
	Delta float64 `json:"delta"`
	KB    float64 `json:"kB"`
	B0    float64 `json:"B0"`
	C0    float64 `json:"C0"`
	ArrivalMarket
}

// OwnCoefficients are those of open_loop, where the marginal value of what a maker
// holds differs from that of what its rivals hold.
type OwnCoefficients struct {
	Own    float64 `json:"a"`
	Rivals float64 `json:"b"`
	Slope  float64 `json:"A_eff"`
	ArrivalCoefficients
}

// ArrivalFeedback are those of feedback, in the letters of FeedbackCoefficients.
type ArrivalFeedback struct {
	A     float64 `json:"A_eff"`
	Alpha float64 `json:"alpha"`
	Zeta  float64 `json:"zeta"`
	Rho   float64 `json:"rho"`
	Own   float64 `json:"r1"`
	Cross float64 `json:"s2"`
	C0    float64 `json:"C0"`
}

// ArrivalMarket is what the market shows without a large order and without inventories.
type ArrivalMarket struct {
	Spread   float64 `json:"spread"`
	Pressure float64 `json:"price_pressure"` // 2A/K, per unit of all makers' inventory
	Bound    float64 `json:"inventory_bound"`
	Volume   float64 `json:"volume"` // of investors per time, on both sides
	Trades   float64 `json:"trades"` // per time
	Users    float64 `json:"investors_value"`
}

// MakersCondition is (*), under which makers gain from any order that they know or that
// is hidden by an exponential duration: its left side is positive. Of published alone.
type MakersCondition struct {
	Left  float64 `json:"left_side"`
	Holds bool    `json:"holds"`
}

// solveArrivals computes the solution of a market that investors come to one at a time,
// without deviations.
func solveArrivals(s *scenarios.Scenario) (*LargeOrders, error) {
	m, err := newArrivals(s, false)
	if err != nil {
		return nil, err
	}
	out := &LargeOrders{
		Scenario: s.Name, Market: s.Market, Solution: s.Solution, Orders: []OrderSolution{}, Agents: append(namesOfMakers(s), m.investors.Name),
		Conditions: Conditions{Stable: true, SecondOrder: true, Acceptable: true},
	}
	out.Coefficients, out.Residual = m.coefficients()
	if m.concept == cournot.Published {
		left := m.constants.MakersNeverLose()
		out.Conditions.Makers = &MakersCondition{left, left > 0}
	}
	for i := range m.orders {
		o, err := m.solved(i)
		if err != nil {
			return nil, err
		}
		out.Agents, out.Orders = append(out.Agents, o.Agent), append(out.Orders, *o)
	}
	if len(out.Orders) == 1 {
		out.Order = &out.Orders[0]
	}
	warnings, err := m.warnings(out.Orders)
	if err != nil {
		return nil, err
	}
	out.Conditions.Acceptable = len(warnings) == 0
	out.Warnings = append(append([]string{}, warnings...), losses(out.Orders)...)
	return out, m.path(out, s)
}

// coefficients are the constants of the solution, and what is left of its equations.
func (m *arrivals) coefficients() (any, float64) {
	if m.concept == cournot.Feedback {
		f := m.feedback
		return ArrivalFeedback{f.Slope(), f.Value, f.CrossValue, f.RivalValue, f.Own, f.Cross, f.C0}, f.Residual
	}
	c := m.constants
	users, _, _ := c.UsersCoefficients()
	at := c.Policy(c.B0, 0, 0)
	shared := ArrivalCoefficients{c.A, c.K, c.Small, c.R, c.Reversion, c.Reversion2, c.Delta, c.KB, c.B0, c.C0, ArrivalMarket{
		Spread: c.Spread(), Pressure: c.Pressure(), Bound: c.Bound(), Trades: c.Arrivals(),
		Volume: float64(c.Makers) * (c.BuyRate*at.Sells + c.SellRate*at.Buys), Users: users,
	}}
	residual := math.Abs(c.A*c.Delta-c.InventoryCost) / c.InventoryCost
	if m.concept == cournot.OpenLoop {
		return OwnCoefficients{c.OwnSlope, c.RivalSlope, c.A, shared}, residual
	}
	return shared, residual
}

// path lists what is expected of the market at the recorded ticks, averaged over a
// random duration.
func (m *arrivals) path(out *LargeOrders, s *scenarios.Scenario) error {
	exact := *s // in continuous time, as everything above
	exact.Clock.Policy = scenarios.PolicyEvent
	st, err := m.stage(&exact)
	if err != nil {
		return err
	}
	st.sim.Statistics = st.sim.Record.Ticks
	laws, _ := analysis.FollowArrivals(st.sim)
	for j, law := range laws {
		held := law.Inventory(0)
		out.Path = append(out.Path, QuotePoint{
			Time: m.clock.At(st.sim.Statistics[j]).Time, Inventory: held.Mean(), Variance: held.Variance(),
			Bid: law.Bid.Mean(), Ask: law.Ask.Mean(), Mid: law.Mid.Mean(), Active: law.Active,
		})
	}
	return nil
}
