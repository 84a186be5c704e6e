package experiment

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/agents"
	"walras/analysis"
	"walras/montecarlo"
	"walras/scenarios"
)

const averse = `
schema: 1
name: averse
market: double_auction
utility: exponential
discount_rate: 0.7
clock: {step: 0.05, horizon: 1}
agents:
  - {name: a, kind: trader, risk_aversion: 1.2, inventory: 0.4}
  - {name: b, kind: trader, risk_aversion: 1.9, inventory: -0.1}
  - {name: c, kind: trader, risk_aversion: 2.6, inventory: -0.2}
  - {name: d, kind: trader, risk_aversion: 0.8}
shocks:
  covariance: [[.03, .01, 0, 0], [.01, .02, 0, .004], [0, 0, .01, 0], [0, .004, 0, .05]]
monte_carlo: {paths: 40000, seed: 5}
`

// judged plays a scenario in memory, with its agents changed, and judges it.
func judged(t *testing.T, s *scenarios.Scenario, change func(*agents.RiskAverse)) analysis.Verdict {
	t.Helper()
	stage, err := stageAuction(s)
	require.NoError(t, err)
	sim := stage.sim
	sim.Agents, err = agents.Playing(sim.Play)
	require.NoError(t, err)
	for _, a := range sim.Agents {
		change(a.(*agents.RiskAverse))
	}
	var tree montecarlo.Tree
	require.NoError(t, sim.Run(context.Background(), 0, sim.Blocks(), 2, func(r *montecarlo.Result) error {
		tree.Push(montecarlo.Node{Index: r.Block, Sums: r.Sums})
		return nil
	}))
	return analysis.Judge(sim, tree.Total(), analysis.Statistics(sim, tree.Total(), stage.limit))
}

// TestUtilityIsItsValue: what risk-averse traders get from consuming, and from
// what is left, is the value function of appendix A; wrong accounts are found.
func TestUtilityIsItsValue(t *testing.T) {
	s := load(t, averse)
	for name, c := range map[string]struct {
		change func(*agents.RiskAverse)
		passed bool
	}{
		"as it is":                     {func(*agents.RiskAverse) {}, true},
		"consumes 5 % too much":        {func(a *agents.RiskAverse) { a.Rate *= 1.05 }, false},
		"less averse than it believes": {func(a *agents.RiskAverse) { a.Aversion *= 0.7 }, false},
		"forgets the value of shocks":  {func(a *agents.RiskAverse) { a.Worth.K = 0 }, false},
	} {
		v := judged(t, s, c.change)
		assert.Equal(t, c.passed, v.Passed, "%s: %v", name, v.Failures())
		rows := map[string]int{}
		for _, r := range v.Rows {
			rows[r.Statistic]++
		}
		for _, statistic := range []string{"welfare", "payoff", "terminal_value", "certainty_equivalent"} {
			assert.Equal(t, 4, rows[statistic], "all are judged")
		}
	}
}

// TestUtilityTendsToItsValue: the bias of the grid is of first order in the step,
// and two steps of Richardson's extrapolation leave nearly nothing of it.
func TestUtilityTendsToItsValue(t *testing.T) {
	var bias [3][]float64
	for j, step := range []string{"0.02", "0.01", "0.005"} {
		s := load(t, averse, "clock.step="+step, "monte_carlo.paths=2")
		stage, err := stageAuction(s)
		require.NoError(t, err)
		p := stage.sim.Play.Policy
		for i := range p.Price {
			worth := -math.Exp(-p.HoldingCost[i]*p.Values[i].At(stage.sim.Initial)) / s.DiscountRate
			u := analysis.Utilities(p, i, stage.sim.Initial, stage.sim.Covariance, s.Clock.Steps(), 1)
			bias[j] = append(bias[j], -u[len(u)-1]-worth)
		}
	}
	for i := range bias[0] {
		a, b, c := bias[0][i], bias[1][i], bias[2][i]
		assert.InDelta(t, 1, math.Log2(a/b), 0.1)
		assert.InDelta(t, 1, math.Log2(b/c), 0.05)
		assert.Less(t, math.Abs(4*(2*c-b)-(2*b-a))/3, math.Abs(c)/1000)
	}
}

// TestMissedTailIsNoIdentity: where the expectation of a utility comes from paths
// that no sample has, the sample's standard error is tiny beside it. That is a row
// not to be judged, and no identity that failed.
func TestMissedTailIsNoIdentity(t *testing.T) {
	s := builtIn(t, "five-traders-exponential", "discount_rate=1000", "clock.step=1e-5", "clock.horizon=0.001", "monte_carlo.paths=2000")
	v := judged(t, s, func(*agents.RiskAverse) {})
	assert.Empty(t, v.Failures())
}
