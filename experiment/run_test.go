package experiment

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/montecarlo"
	"walras/output"
	"walras/scenarios"
)

const small = `
schema: 1
name: small
title: A market for tests
market: double_auction
discount_rate: 0.7
units: {time: day, money: EUR, asset: share}
clock: {step: 0.2, horizon: 3}
agents:
  - {name: big, kind: trader, holding_cost: 0.6, inventory: 2, volatility: 0.3}
  - {name: twins, kind: trader, holding_cost: 1.7, count: 2, inventory: -0.5, volatility: 0.2}
  - {name: crowd, kind: fringe, holding_cost: 2.3, inventory: -1, volatility: 0.4}
shocks: {correlation: 0.3}
fundamental: {start: 100, volatility: 2}
monte_carlo: {paths: 6000, seed: 3}
record: {paths: 1500, every: 1}
`

// load reads a scenario from text with overrides.
func load(t *testing.T, text string, sets ...string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load("-", scenarios.Options{Stdin: strings.NewReader(text), Sets: sets})
	require.NoError(t, err)
	return s
}

func run(t *testing.T, s *scenarios.Scenario, dir string, change ...func(*Options)) *Outcome {
	t.Helper()
	o := Options{Directory: dir, Version: "test", Workers: 2}
	for _, c := range change {
		c(&o)
	}
	out, err := Run(context.Background(), s, o)
	require.NoError(t, err)
	require.NoError(t, output.Verify(dir))
	return out
}

type agentRow struct {
	Path      int64    `parquet:"path"`
	Step      int32    `parquet:"step"`
	T         float64  `parquet:"t"`
	Agent     string   `parquet:"agent"`
	Inventory float64  `parquet:"inventory"`
	Trade     *float64 `parquet:"trade"`
	Cash      float64  `parquet:"cash"`
	Payoff    *float64 `parquet:"payoff"`
}

type marketRow struct {
	Path        int64    `parquet:"path"`
	Step        int32    `parquet:"step"`
	T           float64  `parquet:"t"`
	Price       *float64 `parquet:"price"`
	Fundamental float64  `parquet:"fundamental"`
}

type outcomeRow struct {
	Path     int64   `parquet:"path"`
	Agent    string  `parquet:"agent"`
	Payoff   float64 `parquet:"payoff"`
	Terminal float64 `parquet:"terminal_value"`
	Welfare  float64 `parquet:"welfare"`
	Volume   float64 `parquet:"volume"`
}

func read[T any](t *testing.T, dir, name string) []T {
	t.Helper()
	rows, err := parquet.ReadFile[T](filepath.Join(dir, name))
	require.NoError(t, err)
	return rows
}

// TestTablesTellTheAccounts: what the files say is consistent row by row:
// trades clear, cash is the sum of price times quantity, payoffs and volumes add
// up to the outcomes.
func TestTablesTellTheAccounts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "small")
	out := run(t, load(t, small), dir)
	assert.True(t, out.Verdict.Passed)
	agents, market, outcomes := read[agentRow](t, dir, "agents.parquet"), read[marketRow](t, dir, "market.parquet"), read[outcomeRow](t, dir, "outcomes.parquet")
	names := []string{"big", "twins[1]", "twins[2]", "crowd"}
	require.Len(t, agents, 1500*16*4)
	require.Len(t, market, 1500*16)
	require.Len(t, outcomes, 6000*4)
	cash, volume := make([]float64, 4), make([]float64, 4)
	for r, m := range market {
		require.Equal(t, int64(r/16), m.Path)
		require.Equal(t, int32(r%16), m.Step)
		if m.Step == 0 {
			clear(cash)
			clear(volume)
			require.Equal(t, 100.0, m.Fundamental)
		}
		require.Equal(t, m.Step == 15, m.Price == nil, "no auction at the horizon")
		sum := 0.0
		for i, name := range names {
			a := agents[4*r+i]
			require.Equal(t, name, a.Agent)
			require.Equal(t, m.T, a.T)
			if a.Trade != nil {
				sum += *a.Trade
				cash[i] += *m.Price * *a.Trade
				volume[i] += max(*a.Trade, -*a.Trade)
			}
			require.InDelta(t, cash[i], a.Cash, 1e-12)
			if m.Step == 15 {
				o := outcomes[4*(r/16)+i]
				require.Equal(t, name, o.Agent)
				require.Equal(t, *a.Payoff, o.Payoff)
				require.Equal(t, o.Payoff+o.Terminal, o.Welfare)
				require.InDelta(t, volume[i], o.Volume, 1e-12)
			}
		}
		require.InDelta(t, 0, sum, 1e-13, "trades clear")
	}
}

// TestLayoutsAgree: the wide table has the numbers of the long one.
func TestLayoutsAgree(t *testing.T) {
	long, wide := filepath.Join(t.TempDir(), "long"), filepath.Join(t.TempDir(), "wide")
	sets := []string{"monte_carlo.paths=50", "record.paths=20", "record.every=4"}
	run(t, load(t, small, sets...), long)
	run(t, load(t, small, append(sets, "record.layout=wide")...), wide)
	rows := read[agentRow](t, long, "agents.parquet")
	assert.Equal(t, []float64{0, 0.8, 1.6, 2.4000000000000004, 3}, []float64{rows[0].T, rows[4].T, rows[8].T, rows[12].T, rows[16].T})
	type wideRow struct {
		Path      int64    `parquet:"path"`
		T         float64  `parquet:"t"`
		Inventory float64  `parquet:"inventory.twins[2]"`
		Trade     *float64 `parquet:"trade.twins[2]"`
		Payoff    *float64 `parquet:"payoff.crowd"`
	}
	list := read[wideRow](t, wide, "agents.parquet")
	require.Len(t, list, 20*5)
	for k, w := range list {
		require.Equal(t, rows[4*k+2].Inventory, w.Inventory)
		require.Equal(t, rows[4*k+2].Trade, w.Trade)
		require.Equal(t, rows[4*k+3].Payoff, w.Payoff)
	}
}

// TestResumeEqualsUninterrupted: a run that is stopped again and again, at any
// block, ends with the bytes of one that was not.
func TestResumeEqualsUninterrupted(t *testing.T) {
	defer func(old int64) { segmentWork = old }(segmentWork)
	s := load(t, small, "monte_carlo.paths=20000", "record.paths=3000")
	whole := filepath.Join(t.TempDir(), "whole")
	want := run(t, s, whole)
	segmentWork = 2 * montecarlo.BlockSize * 15 * 4 // two blocks
	dir := filepath.Join(t.TempDir(), "parts")
	stops := 0
	for {
		ctx, cancel := context.WithCancel(context.Background())
		seen := int64(-1)
		out, err := Run(ctx, s, Options{Directory: dir, Version: "test", Workers: 1, Resume: true, Progress: func(done, _ int64) {
			if seen < 0 {
				seen = done
			} else if done >= seen+3*montecarlo.BlockSize {
				cancel()
			}
		}})
		cancel()
		if err == nil {
			require.Equal(t, want.Manifest.Digest, out.Manifest.Digest)
			require.Equal(t, want.Rows, nanless(out.Rows, want.Rows))
			break
		}
		require.ErrorIs(t, err, context.Canceled)
		stops++
		require.Less(t, stops, 30)
		_, statErr := os.Stat(filepath.Join(dir, "manifest.json"))
		require.ErrorIs(t, statErr, os.ErrNotExist, "an interrupted run is not complete")
	}
	assert.Greater(t, stops, 1)
	for _, f := range want.Manifest.Files {
		a, err := os.ReadFile(filepath.Join(whole, f.Name))
		require.NoError(t, err)
		b, err := os.ReadFile(filepath.Join(dir, f.Name))
		require.NoError(t, err)
		assert.Equal(t, a, b, f.Name)
	}
	again := run(t, s, dir, func(o *Options) { o.Resume = true })
	assert.True(t, again.Already, "resuming a complete run does nothing")
}

// nanless returns want if both lists print alike, since NaN is never equal to
// itself.
func nanless[T any](got, want []T) []T {
	if fmt.Sprintf("%+v", got) == fmt.Sprintf("%+v", want) {
		return want
	}
	return got
}

// TestFailureLeavesNothing: a market without equilibrium, and one without
// permission to write, leave no directory behind.
func TestFailureLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	two := load(t, strings.Replace(strings.Replace(small, "count: 2, ", "", 1), "kind: fringe", "kind: trader", 1), "agents.twins=null")
	_, err := Run(context.Background(), two, Options{Directory: dir, Version: "test", Workers: 1})
	require.ErrorContains(t, err, "no equilibrium with trade")
	_, err = os.Stat(dir)
	require.ErrorIs(t, err, os.ErrNotExist)
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, []byte("x"), 0o600))
	_, err = Run(context.Background(), load(t, small), Options{Directory: filepath.Join(file, "run"), Version: "test", Workers: 1})
	var failure *output.Error
	require.ErrorAs(t, err, &failure)
}

// TestContinuousPolicyReportsItsBias: on a grid every Gaussian moment and every
// welfare carries its distance from continuous time, and the run passes.
func TestContinuousPolicyReportsItsBias(t *testing.T) {
	out := run(t, load(t, small, "clock.policy=continuous"), filepath.Join(t.TempDir(), "grid"))
	assert.True(t, out.Verdict.Passed)
	biased := 0
	for _, r := range out.Rows {
		if r.Statistic == "welfare" {
			require.NotZero(t, r.Bias)
			require.Less(t, max(r.Bias, -r.Bias), 0.5)
			biased++
		}
	}
	assert.Equal(t, 4, biased)
}

// TestOutcomesCanBeLeftOut: `record.outcomes` decides what is kept of paths.
func TestOutcomesCanBeLeftOut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	run(t, load(t, small, "record.outcomes=none", "record.paths=0"), dir)
	_, err := os.Stat(filepath.Join(dir, "outcomes.parquet"))
	require.ErrorIs(t, err, os.ErrNotExist)
	assert.Empty(t, read[agentRow](t, dir, "agents.parquet"))
	dir = filepath.Join(t.TempDir(), "recorded")
	run(t, load(t, small, "record.outcomes=recorded", "record.paths=1100"), dir)
	assert.Len(t, read[outcomeRow](t, dir, "outcomes.parquet"), 1100*4)
}
