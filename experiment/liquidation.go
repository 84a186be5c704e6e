package experiment

import (
	"encoding/json"
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/analysis"
	"walras/clock"
	"walras/equilibrium"
	"walras/equilibrium/closedform"
	"walras/scenarios"
)

// sellerOf is the order of a scenario with given price impact.
func sellerOf(s *scenarios.Scenario) closedform.AlmgrenChriss {
	a := s.Agents[0]
	return closedform.AlmgrenChriss{
		Price: s.Fundamental.Start, Volatility: s.Fundamental.Volatility,
		Instantaneous: s.Impact.Instantaneous, Permanent: s.Impact.Permanent,
		RiskAversion: a.RiskAversion, Quantity: a.Size, Horizon: a.Duration,
	}
}

// liquidation plans the order with the scenario's strategy, or with the other one.
func liquidation(s *scenarios.Scenario, strategy string) (*equilibrium.Liquidation, error) {
	return equilibrium.NewLiquidation(sellerOf(s), s.Agents[0].Start, s.Clock.Step,
		strategy == scenarios.StrategyOptimalSchedule, s.Clock.Policy == scenarios.PolicyContinuous)
}

func stageLiquidation(s *scenarios.Scenario) (*stage, error) {
	order, err := liquidation(s, s.Agents[0].Strategy)
	if err != nil {
		return nil, err
	}
	// Money is not discounted, whatever the scenario's rate.
	sim := newSimulation(s, 2, clock.Clock{Step: s.Clock.Step, Steps: s.Clock.Steps()})
	sim.Play, sim.Covariance = order.Play(), mat.NewSymDense(2, nil)
	sim.Names[equilibrium.SellerSeat], sim.Names[equilibrium.CounterpartySeat] = s.Agents[0].Name, scenarios.Counterparty
	sim.Initial[equilibrium.SellerSeat] = order.Seller.Quantity
	sim.Absolute = true
	out := &stage{sim: sim, parts: pointsAt(sim.Record.Ticks, order.Parts(sim.Clock.Steps))}
	if s.Clock.Policy == scenarios.PolicyContinuous {
		out.limit = analysis.LimitOfLiquidation(order)
	}
	out.policy = func() json.RawMessage {
		return exactly(struct {
			Step       float64   `json:"step"`
			Impact     impact    `json:"impact"`
			Start      float64   `json:"start"`
			Quantities []float64 `json:"quantities"`
		}{order.Step, impact{order.Seller.Instantaneous, order.Seller.Permanent}, order.Start, order.Quantities})
	}
	return out, nil
}

// impact are I and λ.
type impact struct {
	Instantaneous float64 `json:"instantaneous"`
	Permanent     float64 `json:"permanent"`
}

// Liquidation is what is known of an order in a market with given price impact, as
// `sim solve --json` prints it.
type Liquidation struct {
	Scenario string   `json:"scenario"`
	Market   string   `json:"market"`
	Agents   []string `json:"agents"`
	Impact   impact   `json:"impact"`
	Strategy string   `json:"strategy"`
	Policy   string   `json:"policy"`
	Urgency  float64  `json:"urgency"`   // k = √(γσ²/I), per time
	HalfLife float64  `json:"half_life"` // the time in which the optimal schedule sells half

	Strategies []StrategyRevenue `json:"strategies"` // the scenario's own first
	Continuous []OrderPoint      `json:"continuous"` // the schedule just after t, with selling rates
	Auctions   []OrderPoint      `json:"auctions"`   // the schedule that is played, with quantities
	Warnings   []string          `json:"warnings,omitempty"`
}

// StrategyRevenue is what a strategy brings in continuous time (SS Lemma 1), and at
// the auctions that are played.
type StrategyRevenue struct {
	Strategy   string        `json:"strategy"`
	Continuous *OrderRevenue `json:"continuous"`
	Auctions   *OrderRevenue `json:"auctions"` // null where auctions have no best schedule
}

// OrderRevenue is the distribution of a revenue, a normal one, as seen from time 0.
type OrderRevenue struct {
	Mean              float64 `json:"mean"`
	Shortfall         float64 `json:"shortfall"` // size × price at time 0, less the mean
	Variance          float64 `json:"variance"`
	StandardDeviation float64 `json:"standard_deviation"`
	Objective         float64 `json:"objective"` // mean − γ variance
}

// OrderPoint is the order at one time: the inventory before the sale, what is sold,
// and the price relative to the fundamental.
type OrderPoint struct {
	Time      float64 `json:"t"`
	Inventory float64 `json:"inventory"`
	Sold      float64 `json:"sold"` // rate just after t, or quantity at the auction
	Price     float64 `json:"price"`
}

// Liquidate computes the schedule of a scenario with given price impact and what it
// brings, beside the other strategy.
func Liquidate(s *scenarios.Scenario) (*Liquidation, error) {
	own := s.Agents[0].Strategy
	order, err := liquidation(s, own)
	if err != nil {
		return nil, err
	}
	out := &Liquidation{
		Scenario: s.Name, Market: s.Market, Agents: []string{s.Agents[0].Name, scenarios.Counterparty},
		Impact: impact{order.Seller.Instantaneous, order.Seller.Permanent}, Strategy: own, Policy: s.Clock.Policy,
		Urgency: order.Seller.Urgency(), HalfLife: order.Seller.HalfLife(),
	}
	other := scenarios.StrategyOptimalSchedule
	if own == other {
		other = scenarios.StrategyConstant
	}
	out.Strategies = []StrategyRevenue{revenues(own, order)}
	if alternative, err := liquidation(s, other); err == nil {
		out.Strategies = append(out.Strategies, revenues(other, alternative))
	} else {
		continuous := *order
		continuous.Optimal = !order.Optimal
		out.Strategies = append(out.Strategies, StrategyRevenue{Strategy: other, Continuous: orderRevenue(&continuous, continuous.Continuous())})
		out.Warnings = append(out.Warnings, "no best schedule for auctions: "+err.Error())
	}
	out.schedule(s, order)
	return out, nil
}

// revenues are those of one strategy.
func revenues(name string, l *equilibrium.Liquidation) StrategyRevenue {
	return StrategyRevenue{Strategy: name, Continuous: orderRevenue(l, l.Continuous()), Auctions: orderRevenue(l, l.Revenue())}
}

func orderRevenue(l *equilibrium.Liquidation, y closedform.Revenue) *OrderRevenue {
	return &OrderRevenue{
		Mean: y.Mean, Shortfall: l.Seller.Price*l.Seller.Quantity - y.Mean, Variance: y.Variance,
		StandardDeviation: math.Sqrt(y.Variance), Objective: l.Seller.Objective(y),
	}
}

// schedule lists the order at the recorded ticks.
func (out *Liquidation) schedule(s *scenarios.Scenario, l *equilibrium.Liquidation) {
	ticks := clock.Clock{Step: s.Clock.Step, Steps: s.Clock.Steps()}
	recorded := ticks.Grid(s.Record.Every)
	for i, part := range pointsAt(recorded, l.Parts(ticks.Steps)) {
		t := ticks.At(recorded[i]).Time
		inventory, rate, price := l.At(t)
		out.Continuous = append(out.Continuous, OrderPoint{Time: t, Inventory: inventory, Sold: rate, Price: price})
		if recorded[i] < ticks.Steps {
			out.Auctions = append(out.Auctions, OrderPoint{Time: t, Inventory: part.Inventories[equilibrium.SellerSeat], Sold: part.Sold, Price: part.Price})
		}
	}
}
