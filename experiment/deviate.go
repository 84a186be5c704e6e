package experiment

import (
	"context"
	"fmt"
	"math"

	"walras/analysis"
	"walras/equilibrium"
	"walras/montecarlo"
	"walras/scenarios"
)

// Deviated is one agent leaving its policy in one way, everybody else's policies
// and random streams unchanged.
type Deviated struct {
	Agent     string
	Deviation string
	Gain      float64 // in welfare, estimated path by path against the run without deviation
	StdError  float64
	Plain     float64 // standard error of the deviator's welfare alone: no common paths, no control variate
	Exact     float64 // by the regret identity
	Z         float64 // (Gain − Exact)/StdError; NaN for an identity or without a standard error
	N         int64   // independent observations; z is judged from analysis.Reliable of them

	// Loses says that theory forbids a gain: a strategic trader in the
	// equilibrium that is played. For others the sign is reported, not judged.
	Loses  bool
	Note   string // why there are no numbers
	Passed bool
}

// VarianceRatio is how many times fewer paths common random numbers and the
// control variate need; NaN where either standard error is zero.
func (d Deviated) VarianceRatio() float64 {
	if !(d.StdError > 0) || !(d.Plain > 0) {
		return math.NaN()
	}
	ratio := d.Plain / d.StdError
	return ratio * ratio
}

// Laboratory is what came out of the deviation lab.
type Laboratory struct {
	Scenario *scenarios.Scenario // without its deviations
	Rows     []Deviated
	Largest  float64 // largest |z|
	Allowed  float64
	Passed   bool
}

// LabOptions are what the lab needs besides its scenario.
type LabOptions struct {
	Workers  int                     // ≥ 1
	Progress func(done, total int64) // paths played, of all runs; nil for none
}

// trial is one deviation on its way through the lab.
type trial struct {
	seat  int     // of who deviates
	stays int     // its seat where nobody deviates
	value float64 // of its policy, about which sums are taken
	scale float64 // of the value, to which rounding is relative
	row   Deviated

	// common paths alone tell more than with a control variate, which takes off what
	// paths have in common.
	common bool
	sim    *montecarlo.Simulation
	plain  observations
	fine   observations // with control variate
}

// Deviate runs the deviation lab of a double auction: the scenario's deviations are removed; then
// one agent after another, of a type its first member, leaves its policy in its
// own way or, without one, in each way of the standard set.
func Deviate(ctx context.Context, s *scenarios.Scenario, o LabOptions) (*Laboratory, error) {
	honest := *s
	honest.Agents = append([]scenarios.Agent(nil), s.Agents...)
	for i := range honest.Agents {
		honest.Agents[i].Deviation = nil
	}
	market := NewMarket(&honest)
	var trials []*trial
	var base *montecarlo.Simulation
	err := Await(ctx, func() error {
		play, _, err := market.Play(&honest)
		if err != nil {
			return err
		}
		base = labSimulation(&honest, market, play)
		trials, err = newTrials(s, market, base)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := runTrials(ctx, base, trials, o); err != nil {
		return nil, err
	}
	lab := &Laboratory{Scenario: &honest}
	lab.judge(trials)
	return lab, nil
}

// Undeviated says why the lab does not play a scenario; nothing if it does.
func Undeviated(s *scenarios.Scenario) string {
	switch {
	case s.Market == scenarios.MarketAlmgrenChriss:
		return fmt.Sprintf("the deviation lab plays double auctions and market makers, and %s is a market of Almgren & Chriss, in which nobody has a policy to leave", s.Name)
	case s.Exponential:
		return "the deviation lab is for quadratic utility: under exponential utility gains have no closed form"
	}
	return ""
}

// labSimulation is a simulation that keeps what the lab compares.
func labSimulation(s *scenarios.Scenario, m *Market, play *equilibrium.Play) *montecarlo.Simulation {
	sim := simulation(s, m, play)
	sim.Control = true
	sim.Statistics = []int{0, sim.Clock.Steps}
	sim.Record = montecarlo.Record{Ticks: []int{sim.Clock.Steps}, Outcomes: sim.Paths}
	return sim
}

// newTrials lists who deviates how.
func newTrials(s *scenarios.Scenario, m *Market, base *montecarlo.Simulation) ([]*trial, error) {
	policy := base.Play.Policy
	var trials []*trial
	seen := make(map[int]bool)
	for i, seat := range m.Seats {
		if seen[seat.Type] {
			continue
		}
		seen[seat.Type] = true
		for _, w := range ways(s.Agents[m.origin[seat.Type]].Deviation, policy, i, usualSize(base)) {
			t := &trial{seat: i, stays: i, row: Deviated{Agent: m.Names[i], Deviation: w.name, Note: w.note}}
			t.row.Loses = policy.Kinds[i] == equilibrium.Strategic && policy.Equilibrium
			trials = append(trials, t)
			if w.deviation == nil {
				t.row.Passed = !t.row.Loses
				continue
			}
			if err := t.prepare(base, w.deviation); err != nil {
				return nil, fmt.Errorf("%s, %s: %w", t.row.Agent, w.name, err)
			}
		}
	}
	return trials, nil
}

// prepare sets up the simulation of the deviation. Only the deviator's welfare is
// needed, so only its value function is kept.
func (t *trial) prepare(base *montecarlo.Simulation, d *equilibrium.Deviation) error {
	policy := *base.Play.Policy
	policy.Values = make([]equilibrium.Value, len(policy.Values))
	policy.Values[t.seat] = base.Play.Policy.Values[t.seat]
	deviations := make([]*equilibrium.Deviation, len(policy.Seats))
	deviations[t.seat] = d
	play, err := policy.Play(deviations)
	if err != nil {
		return err
	}
	sim := *base
	sim.Play = play
	t.sim = &sim
	value := base.Play.Policy.Values[t.seat]
	t.value = value.At(sim.Initial)
	t.scale = math.Abs(value.At(base.Initial)) + math.Abs(value.K)
	t.row.Exact = analysis.Gain(play, t.seat, sim.Initial, sim.Covariance, sim.Clock.Steps)
	return nil
}

// way is a name for a deviation, or why there is none.
type way struct {
	name, note string
	deviation  *equilibrium.Deviation
}

// ways are an agent's own deviation, or the standard set.
func ways(own *scenarios.Deviation, policy *equilibrium.Policy, i int, size float64) []way {
	if own != nil {
		return []way{{name: describe(own), deviation: deviation(policy, i, own)}}
	}
	if len(policy.Seats) == 1 {
		return []way{{name: "none", note: "a fringe alone has nobody to trade with, and no policy to leave"}}
	}
	list := []way{
		{name: "no trade", deviation: equilibrium.NoTrade()},
		{name: "half speed", deviation: policy.AtSpeed(i, 0.5)},
		{name: "double speed", deviation: policy.AtSpeed(i, 2)},
		{name: fmt.Sprintf("misreport by %g", size/10), deviation: policy.Misreporting(i, 0, size/10)},
	}
	best, err := policy.BestResponse(i)
	if err != nil {
		return append(list, way{name: "best response", note: err.Error()})
	}
	return append(list, way{name: "best response", deviation: best})
}

// usualSize is the size of a member's inventory in this market: the largest at
// the start, or, if all are zero, the largest that shocks cause in the time 1/r.
func usualSize(sim *montecarlo.Simulation) float64 {
	start, shocked := 0.0, 0.0
	for i, x := range sim.Initial {
		members := float64(sim.Play.Policy.Seats[i].Members)
		start = math.Max(start, math.Abs(x)/members)
		shocked = math.Max(shocked, math.Sqrt(sim.Covariance.At(i, i)/sim.Clock.DiscountRate)/members)
	}
	switch {
	case start > 0:
		return start
	case shocked > 0:
		return shocked
	}
	return 1
}

// describe names a deviation of a scenario.
func describe(d *scenarios.Deviation) string {
	switch {
	case d.Misreport != nil:
		return fmt.Sprintf("misreport by %g X %+g", d.Misreport.Scale, d.Misreport.Shift)
	case d.Speed != nil:
		return fmt.Sprintf("speed %g", *d.Speed)
	case len(d.Schedule) == 1:
		return "schedule of 1 interval"
	default:
		return fmt.Sprintf("schedule of %d intervals", len(d.Schedule))
	}
}
