package experiment

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/analysis"
	"walras/scenarios"
)

// frontRunning is the built-in scenario of this name, with fewer paths.
const frontRunning = `
schema: 1
name: front-running
market: double_auction
discount_rate: 1
clock: {step: 0.25, horizon: 20}
agents:
  - {name: seller, kind: trader, holding_cost: 1, inventory: 1, volatility: 0.1}
  - {name: runner, kind: trader, holding_cost: 1, volatility: 0.1}
  - {name: fringe, kind: fringe, holding_cost: 1, inventory: -1, volatility: 0.1}
monte_carlo: {paths: 2048, seed: 5}
`

func lab(t *testing.T, s *scenarios.Scenario, workers int) *Laboratory {
	t.Helper()
	l, err := Deviate(context.Background(), s, LabOptions{Workers: workers})
	require.NoError(t, err)
	return l
}

// row finds what an agent gains by a deviation.
func (lab *Laboratory) row(t *testing.T, agent, deviation string) Deviated {
	t.Helper()
	for _, r := range lab.Rows {
		if r.Agent == agent && r.Deviation == deviation {
			return r
		}
	}
	require.Failf(t, "no such row", "%s, %s", agent, deviation)
	return Deviated{}
}

func builtIn(t *testing.T, name string, sets ...string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load(name, scenarios.Options{Sets: sets})
	require.NoError(t, err)
	return s
}

// TestHalfSpeedOfFringes: gains of a fringe that deviates as one body in two
// built-in markets (Δ = .25, T = 20), computed independently.
func TestHalfSpeedOfFringes(t *testing.T) {
	for name, want := range map[string]float64{"front-running": .1023, "one-large-and-fringe": .3069} {
		l := lab(t, builtIn(t, name, "monte_carlo.paths=2048"), 2)
		r := l.row(t, "fringe", "half speed")
		assert.InDelta(t, want, r.Exact, 5e-5, name)
		assert.InDelta(t, r.Exact, r.Gain, 5*r.StdError, name)
		assert.False(t, r.Loses)
		assert.True(t, l.Passed)
		assert.Positive(t, l.row(t, "fringe", "best response").Exact-r.Exact, "%s: the best response is better still", name)
	}
}

// TestStrategicTradersLose by every deviation, and gain nothing by their best
// response; in a market without shocks all of it is exact.
func TestStrategicTradersLose(t *testing.T) {
	for _, sets := range [][]string{nil, {"shocks={kind: none}"}, {"monte_carlo.variance_reduction=[antithetic]"}, {"monte_carlo.paths=200"}} {
		l := lab(t, load(t, frontRunning, sets...), 2)
		require.Len(t, l.Rows, 15)
		assert.True(t, l.Passed, "%v", sets)
		for _, r := range l.Rows {
			assert.True(t, r.Passed)
			assert.Equal(t, r.Agent != "fringe", r.Loses)
			switch {
			case !r.Loses:
			case r.Deviation == "best response":
				assert.InDelta(t, 0, r.Exact, 1e-13)
				assert.InDelta(t, 0, r.Gain, 1e-13)
			default:
				assert.Less(t, r.Exact, -1e-4)
				assert.Less(t, r.Gain, -1e-4)
			}
			switch l.Scenario.Shocks.Kind {
			case scenarios.ShocksNone:
				assert.True(t, math.IsNaN(r.Z))
				assert.InDelta(t, r.Exact, r.Gain, 1e-13)
			default:
				assert.Greater(t, r.Plain, r.StdError)
			}
		}
		half := l.row(t, "seller", "half speed")
		if sets == nil {
			assert.Greater(t, half.VarianceRatio(), 50.)
			assert.EqualValues(t, 2048, half.N)
			assert.LessOrEqual(t, l.Largest, l.Allowed)
		}
		if l.Scenario.MonteCarlo.Antithetic {
			assert.EqualValues(t, 1024, half.N, "pairs")
		}
		if half.N < analysis.Reliable {
			assert.Zero(t, l.Largest, "shown, not judged")
			assert.False(t, math.IsNaN(half.Z))
		}
	}
}

// TestLabHasTeeth: gains beside the theory of a slightly other deviation fail,
// and so does a strategic trader that gains.
func TestLabHasTeeth(t *testing.T) {
	s := load(t, frontRunning)
	honest := *s
	m := NewMarket(&honest)
	play, _, err := m.Play(&honest)
	require.NoError(t, err)
	spoilt := func(spoil func([]*trial)) *Laboratory {
		base := labSimulation(&honest, m, play)
		trials, err := newTrials(s, m, base)
		require.NoError(t, err)
		spoil(trials)
		require.NoError(t, runTrials(context.Background(), base, trials, LabOptions{Workers: 2}))
		l := &Laboratory{Scenario: &honest}
		l.judge(trials)
		return l
	}
	assert.True(t, spoilt(func([]*trial) {}).Passed)
	assert.False(t, spoilt(func(list []*trial) { list[1].row.Exact *= 1.002 }).Passed)
	assert.False(t, spoilt(func(list []*trial) { list[3].row.Exact *= 1 + 1e-7 }).Passed, "an identity")
	assert.False(t, spoilt(func(list []*trial) { list[1].row.Exact = math.NaN() }).Passed)
	gains := spoilt(func(list []*trial) { list[11].row.Loses = true }) // the fringe at half speed
	assert.False(t, gains.Passed)
	assert.Contains(t, gains.Rows[11].Note, "gains by deviating")
}

// TestOwnDeviation is played instead of the standard set; everybody else keeps to
// the standard set and to the policy.
func TestOwnDeviation(t *testing.T) {
	standard := lab(t, load(t, frontRunning), 2)
	for set, name := range map[string]string{
		"agents.fringe.deviation.speed=0.5":                                  "speed 0.5",
		"agents.fringe.deviation.misreport={scale: 0, shift: 0.1}":           "misreport by 0 X +0.1",
		"agents.fringe.deviation.schedule=[]":                                "schedule of 0 intervals",
		"agents.fringe.deviation.schedule=[{from: 0.1, to: 1.2, rate: 0.3}]": "schedule of 1 interval",
		"agents.fringe.deviation.misreport={scale: -0.25}":                   "misreport by -0.25 X +0",
	} {
		l := lab(t, load(t, frontRunning, set), 2)
		require.Len(t, l.Rows, 11, set)
		assert.Nil(t, l.Scenario.Agents[2].Deviation, "the base case has none")
		assert.True(t, l.Passed, set)
		r := l.row(t, "fringe", name)
		assert.Equal(t, standard.row(t, "seller", "half speed"), l.row(t, "seller", "half speed"))
		like := map[string]string{"speed 0.5": "half speed", "misreport by 0 X +0.1": "misreport by 0.1", "schedule of 0 intervals": "no trade"}[name]
		if like != "" {
			r.Deviation = like
			want := standard.row(t, "fringe", like)
			if math.IsNaN(want.Z) { // NaN equals nothing
				want.Z, r.Z = 0, 0
			}
			assert.Equal(t, want, r)
		}
	}
}

// TestFirstMemberDeviates: of a type one member leaves its policy, as a trader of
// its own with the same costs would.
func TestFirstMemberDeviates(t *testing.T) {
	s := load(t, small, "monte_carlo.paths=1500", "shocks={correlation: 0}")
	l := lab(t, s, 2)
	require.Len(t, l.Rows, 15)
	assert.True(t, l.Passed)
	apart := load(t, small, "monte_carlo.paths=1500", "shocks={correlation: 0}",
		"agents=[{name: big, kind: trader, holding_cost: 0.6, inventory: 2, volatility: 0.3}, {name: one, kind: trader, holding_cost: 1.7, inventory: -0.5, volatility: 0.2}, {name: two, kind: trader, holding_cost: 1.7, inventory: -0.5, volatility: 0.2}, {name: crowd, kind: fringe, holding_cost: 2.3, inventory: -1, volatility: 0.4}]")
	other := lab(t, apart, 2)
	for _, way := range []string{"no trade", "half speed", "double speed", "misreport by 0.2", "best response"} {
		assert.InDelta(t, other.row(t, "one", way).Exact, l.row(t, "twins[1]", way).Exact, 1e-12, way)
	}
	// a type that is followed by totals: inventories of its members, not of the group
	many := load(t, frontRunning, "agents.runner.count=1200", "agents.runner.holding_cost=1500", "agents.runner.inventory=0.01", "monte_carlo.paths=64", "clock.horizon=5")
	l = lab(t, many, 2)
	assert.True(t, l.Passed)
	l.row(t, "runner[1]", "misreport by 0.1")
}

// TestUsualSizeWithoutInventories is that of the largest shocks.
func TestUsualSizeWithoutInventories(t *testing.T) {
	sets := []string{"agents.seller.inventory=0", "agents.fringe.inventory=0", "agents.fringe.volatility=0.8", "discount_rate=0.25", "monte_carlo.paths=32"}
	lab(t, load(t, frontRunning, sets...), 2).row(t, "seller", "misreport by 0.16") // 0.8/√0.25/10
	sets = append(sets, "shocks={kind: none}")
	lab(t, load(t, frontRunning, sets...), 2).row(t, "seller", "misreport by 0.1")
}

// TestLabOfGridPolicy: on a grid nobody must lose, and the best response gains.
func TestLabOfGridPolicy(t *testing.T) {
	l := lab(t, load(t, frontRunning, "clock.policy=continuous"), 2)
	assert.True(t, l.Passed)
	for _, agent := range []string{"seller", "runner", "fringe"} {
		r := l.row(t, agent, "best response")
		assert.False(t, r.Loses)
		assert.Greater(t, r.Exact, 1e-5, agent)
	}
}

// TestLabWorkersDoNotMatter, nor does the number of blocks played at a time.
func TestLabWorkersDoNotMatter(t *testing.T) {
	s := load(t, frontRunning, "monte_carlo.paths=9500", "clock.horizon=2", "agents.runner.deviation.speed=0", "agents.fringe.deviation.speed=0.7")
	rows := func(workers int) []Deviated {
		list := lab(t, s, workers).Rows
		for i := range list {
			if math.IsNaN(list[i].Z) {
				list[i].Z = 0
			}
		}
		return list
	}
	assert.Equal(t, rows(1), rows(3))
}

// TestLabIsCancelled: with the context's error, before and during the paths.
func TestLabIsCancelled(t *testing.T) {
	s := load(t, frontRunning, "monte_carlo.paths=100000")
	ctx, cancel := context.WithCancel(context.Background())
	blocks, total := 0, int64(0)
	_, err := Deviate(ctx, s, LabOptions{Workers: 2, Progress: func(done, of int64) {
		if blocks++; blocks == 3 {
			cancel()
		}
		total = of
	}})
	require.ErrorIs(t, err, context.Canceled)
	assert.Less(t, blocks, 100)
	assert.EqualValues(t, 16*100000, total, "the run without deviation and 15 with one")
	_, err = Deviate(ctx, s, LabOptions{Workers: 1})
	require.ErrorIs(t, err, context.Canceled)
}
