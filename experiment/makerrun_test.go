package experiment

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"walras/internal/golden"
	"walras/scenarios"
)

const makersMarket = `
schema: 1
name: makers
title: A market of makers for tests
market: cournot
discount_rate: 0.1
fundamental: {start: 40, volatility: 1.5}
clock: {step: 0.1, horizon: 4, policy: discrete}
agents:
  - {name: maker, kind: market_maker, count: 3, inventory_cost: 1}
  - {name: investors, kind: investors, activity: 5, reservation_value: 2}
  - {name: fund, kind: large_seller, rate: 3, duration: 1.5}
monte_carlo: {paths: 1100, seed: 2}
`

// loadMakers reads the market with overrides; those that begin with + are more agents.
func loadMakers(t *testing.T, sets ...string) *scenarios.Scenario {
	t.Helper()
	text, rest := makersMarket, []string{}
	for _, set := range sets {
		if agent, ok := strings.CutPrefix(set, "+"); ok {
			text = strings.Replace(text, "monte_carlo:", "  - "+agent+"\nmonte_carlo:", 1)
			continue
		}
		rest = append(rest, set)
	}
	return load(t, text, rest...)
}

// TestRunsOfMakers: in every solution and policy the simulation agrees with the
// recursion, whatever the number of workers.
func TestRunsOfMakers(t *testing.T) {
	for name, sets := range map[string][]string{
		"published": {}, "open loop": {"solution=open_loop"}, "feedback": {"solution=feedback"},
		"on a grid": {"clock.policy=continuous"}, "feedback on a grid": {"clock.policy=continuous", "solution=feedback"},
		"different":          {"solution=open_loop", "agents.maker.inventory_cost=0.7", "agents.maker.inventory=0.4", "+{name: other, kind: market_maker, inventory_cost: 1.9}"},
		"off the grid":       {"agents.fund.duration=1.234", "agents.fund.start=0.31"},
		"a buyer, too":       {"agents.fund.start=0.5", "+{name: buyer, kind: large_buyer, schedule: [{from: 0, to: 0.7, rate: 2}, {from: 1, to: 1.3, rate: 4}]}"},
		"best rate":          {"agents.fund.rate=null", "agents.fund.strategy=optimal_rate"},
		"best schedule":      {"agents.fund.rate=null", "agents.fund.size=2", "agents.fund.strategy=optimal_schedule"},
		"hidden":             {"agents.fund.disclosure={detected_after: 0.43, before: quantity}"},
		"hidden from quotes": {"solution=open_loop", "agents.fund.disclosure={detected_after: 0.4, before: quote}"},
		"a slow maker":       {"agents.maker.deviation.speed=0.4", "solution=open_loop"},
		"a fast fund":        {"agents.fund.deviation.speed=1.7"},
	} {
		t.Run(name, func(t *testing.T) {
			s := loadMakers(t, sets...)
			out := run(t, s, filepath.Join(t.TempDir(), "run"))
			require.True(t, out.Verdict.Passed, "%+v", out.Verdict.Failures())
			require.Greater(t, len(out.Verdict.Rows), 200)
			require.Positive(t, out.Verdict.Allowed, "cash and the fundamental are random")
			again := run(t, s, filepath.Join(t.TempDir(), "again"), func(o *Options) { o.Workers = 1 })
			require.Equal(t, out.Manifest.Digest, again.Manifest.Digest)
		})
	}
}

// TestRunIsGolden: the game that is played is that of the golden recursion.
func TestRunIsGolden(t *testing.T) {
	var table struct {
		Discrete map[string]struct {
			Rows []struct {
				N        int
				Dt       float64
				X        float64 `json:"x_d"`
				First    float64 `json:"bid_0"`
				Last     float64 `json:"bid_last"`
				Proceeds float64
			}
			Continuous struct{ Proceeds float64 }
		}
	}
	golden.Cournot(t, &table)
	for _, solution := range []string{"published", "open_loop"} {
		want := table.Discrete[solution]
		for i, row := range want.Rows[:2] {
			s := loadMakers(t, "solution="+solution, fmt.Sprintf("clock.step=%v", row.Dt), "monte_carlo.paths=100", "record.paths=1")
			dir := filepath.Join(t.TempDir(), "run")
			out := run(t, s, dir)
			require.True(t, out.Verdict.Passed)
			quotes, err := parquet.ReadFile[quoteRow](filepath.Join(dir, "market.parquet"))
			require.NoError(t, err)
			agents, err := parquet.ReadFile[agentRow](filepath.Join(dir, "agents.parquet"))
			require.NoError(t, err)
			require.InDelta(t, row.First, *quotes[0].Bid, 1e-12)
			require.InDelta(t, row.Last, *quotes[row.N-1].Bid, 1e-12)
			require.InDelta(t, row.X, agents[5*row.N].Inventory, 1e-12)
			fund := agents[5*row.N+4]
			require.Equal(t, "fund", fund.Agent)
			require.InDelta(t, row.Proceeds, *fund.Payoff, 1e-11)
			l, err := SolveMakers(s)
			require.NoError(t, err)
			relative(t, row.Proceeds, l.Discrete.Orders[0].Proceeds, 1e-12, "proceeds of the game")
			relative(t, want.Continuous.Proceeds, l.Order.Proceeds, 1e-10, "proceeds in continuous time")
			if i == 1 { // at first order
				ratio := (want.Rows[0].Proceeds - l.Order.Proceeds) / (*fund.Payoff - l.Order.Proceeds)
				require.InDelta(t, 2, ratio, .1)
			}
		}
	}
}

// TestLimitOfRuns: what is played on a grid tends to continuous time at first order.
func TestLimitOfRuns(t *testing.T) {
	for name, sets := range map[string][]string{
		"order": {}, "hidden": {"agents.fund.disclosure={detected_after: 0.4, before: quote}"}, "feedback": {"solution=feedback"},
	} {
		bias := func(step string) map[string]float64 {
			out := run(t, loadMakers(t, append(sets, "clock.policy=continuous", "clock.step="+step, "monte_carlo.paths=2", "record.statistics_every=1")...),
				filepath.Join(t.TempDir(), "run"))
			list := map[string]float64{}
			for _, r := range out.Rows {
				if !math.IsNaN(r.Bias) {
					list[fmt.Sprintf("%s %s %.3f", r.Statistic, r.Agent, r.T)] = r.Bias
				}
			}
			return list
		}
		coarse, fine := bias("0.02"), bias("0.01")
		for _, key := range []string{"welfare maker[2] NaN", "welfare investors NaN", "welfare fund NaN", "bid_mean  0.700", "ask_mean  2.000", "inventory_mean maker[1] 1.000", "inventory_mean investors 2.000"} {
			require.Contains(t, coarse, key)
			require.InDelta(t, 2, coarse[key]/fine[key], .35, "%s, %s", name, key)
		}
	}
}
