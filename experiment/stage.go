package experiment

import (
	"encoding/json"

	"walras/agents"
	"walras/analysis"
	"walras/clock"
	"walras/equilibrium"
	"walras/montecarlo"
	"walras/scenarios"
)

// stage is a market ready to be played, whichever it is: all that a run needs to
// know of it.
type stage struct {
	sim    *montecarlo.Simulation
	limit  *analysis.Limit             // the same in continuous time, of what is played on a grid; else nil
	parts  []equilibrium.ResponsePoint // of the price at the recorded ticks, where one agent's sales make them; else nil
	policy func() json.RawMessage      // the numbers that are played with, exactly

	// members are the names under which rows of paths list a seat, where seats stand
	// for several members; else nil.
	members [][]string

	fringe int             // seat of the fringe, if it has parts
	groups []analysis.Part // its parts
}

// stages solve the scenarios of each market.
var stages = map[string]func(*scenarios.Scenario) (*stage, error){
	scenarios.MarketDoubleAuction: stageAuction,
	scenarios.MarketAlmgrenChriss: stageLiquidation,
	scenarios.MarketCournot:       stageCournot,
}

// stageCournot readies a market of market makers.
func stageCournot(s *scenarios.Scenario) (*stage, error) {
	if s.Poisson() != nil {
		return stageArrivals(s)
	}
	return stageMakers(s)
}

func stageAuction(s *scenarios.Scenario) (*stage, error) {
	market := NewMarket(s)
	play, continuous, err := market.Play(s)
	if err != nil {
		return nil, err
	}
	sim := simulation(s, market, play)
	out := &stage{
		sim: sim, parts: market.parts(s, play.Policy, sim.Record.Ticks),
		policy: func() json.RawMessage { return coefficients(play.Policy) },
	}
	out.fringe, out.groups = market.fringeParts(s)
	if continuous != nil && !play.Deviates() { // its moments are those of the policy
		out.limit, err = analysis.LimitOf(continuous, out.sim)
	}
	return out, err
}

// simulation is what the scenario asks to be played in a double auction.
func simulation(s *scenarios.Scenario, m *Market, play *equilibrium.Play) *montecarlo.Simulation {
	sim := newSimulation(s, len(m.Names), m.Clock)
	sim.Play = play
	sim.Names, sim.Initial, sim.Covariance, sim.JumpRate = m.Names, m.Initial, m.Covariance, m.JumpRate
	sim.Absolute = play.Policy.Exponential // wealth bears the risk of the asset's value
	return sim
}

// newSimulation is what the scenario asks of any market with n seats; which, is to follow.
func newSimulation(s *scenarios.Scenario, n int, c clock.Clock) *montecarlo.Simulation {
	sim := &montecarlo.Simulation{
		Names: make([]string, n), Initial: make([]float64, n), Clock: c,
		Paths: s.MonteCarlo.Paths, Seed: s.MonteCarlo.Seed, Antithetic: s.MonteCarlo.Antithetic, Control: s.MonteCarlo.Control,
		Statistics: c.Grid(s.Record.StatisticsEvery),
		Record:     montecarlo.Record{Paths: min(s.Record.Paths, s.MonteCarlo.Paths), Ticks: c.Grid(s.Record.Every)},
		Reference:  montecarlo.Fundamental{Start: s.Fundamental.Start, Volatility: s.Fundamental.Volatility},
	}
	switch s.Record.Outcomes {
	case scenarios.OutcomesAll:
		sim.Record.Outcomes = sim.Paths
	case scenarios.OutcomesRecorded:
		sim.Record.Outcomes = sim.Record.Paths
	}
	return sim
}

// coefficients are the numbers that a double auction is played with.
func coefficients(p *equilibrium.Policy) json.RawMessage {
	type policy struct {
		Step     float64     `json:"step"`
		Discount float64     `json:"discount"`
		Price    []float64   `json:"P"`
		Flows    [][]float64 `json:"Q"`
		Reports  []float64   `json:"reports"`
		Slopes   [][]float64 `json:"slopes"`
	}
	out := policy{Step: p.Timing.Step, Discount: p.Timing.Discount(), Price: p.Price, Flows: rows(p.Flows)}
	if list, err := agents.Following(p); err == nil {
		for _, a := range list {
			schedule := a.(agents.Scheduler)
			report, slopes := schedule.Schedule()
			out.Reports = append(out.Reports, report)
			out.Slopes = append(out.Slopes, slopes)
		}
	}
	return exactly(out)
}

// exactly is a value of finite numbers as JSON.
func exactly(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic("experiment: " + err.Error())
	}
	return text
}
