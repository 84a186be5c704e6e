package experiment

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/output"
	"walras/scenarios"
)

// sweepOf runs a sweep over the axes.
func sweepOf(t *testing.T, s *scenarios.Scenario, dir string, simulate bool, workers int) *Sweep {
	t.Helper()
	out, err := RunSweep(context.Background(), s, SweepOptions{Simulate: simulate, Options: Options{Directory: dir, Version: "test", Workers: workers}})
	require.NoError(t, err)
	require.NoError(t, output.Verify(dir))
	return out
}

// over is the small market with the axes in the place of its own.
func over(t *testing.T, text string, axes ...string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load("-", scenarios.Options{Stdin: strings.NewReader(text), Over: axes, Sets: []string{"monte_carlo.paths=1500"}})
	require.NoError(t, err)
	return s
}

func bytesOf(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "sweep.parquet"))
	require.NoError(t, err)
	return string(text)
}

// sweptTable reads sweep.parquet: each row by the names of the columns.
func sweptTable(t *testing.T, dir string) (columns []string, rows []map[string]any) {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, "sweep.parquet"))
	require.NoError(t, err)
	defer file.Close()
	r := parquet.NewReader(file)
	for _, path := range r.Schema().Columns() {
		columns = append(columns, path[0])
	}
	batch := make([]parquet.Row, r.NumRows())
	n, _ := r.ReadRows(batch)
	require.Len(t, batch, n)
	for _, cells := range batch {
		row := make(map[string]any)
		for _, v := range cells {
			switch name := columns[v.Column()]; {
			case v.IsNull():
				row[name] = nil
			case v.Kind() == parquet.Double:
				row[name] = v.Double()
			case v.Kind() == parquet.Int64:
				row[name] = v.Int64()
			case v.Kind() == parquet.Boolean:
				row[name] = v.Boolean()
			default:
				row[name] = string(v.ByteArray())
			}
		}
		rows = append(rows, row)
	}
	return columns, rows
}

// TestSweepTable: every row has what its market alone gives.
func TestSweepTable(t *testing.T) {
	for _, policy := range []string{"discrete", "continuous"} {
		dir := filepath.Join(t.TempDir(), "sweep")
		s := over(t, small, "agents.crowd.holding_cost=0.5,2.3", "clock.step=0.1:0.3:3", "clock.policy="+policy)
		out := sweepOf(t, s, dir, false, 2)
		columns, rows := sweptTable(t, dir)
		require.Len(t, rows, 6)
		assert.Equal(t, []string{"point", "agents.crowd.holding_cost", "clock.step", "clock.policy", "status", "message", "welfare.big"}, columns[:7])
		all, _, err := s.Points()
		require.NoError(t, err)
		for i, row := range rows {
			assert.Equal(t, int64(i), row["point"])
			assert.Equal(t, []float64{0.5, 2.3}[i/3], row["agents.crowd.holding_cost"])
			assert.Equal(t, []float64{0.1, 0.2, 0.3}[i%3], row["clock.step"])
			assert.Equal(t, policy, row["clock.policy"])
			assert.Equal(t, "ok", row["status"])
			e, err := Solve(all[i], false)
			require.NoError(t, err)
			welfare, own := e.Discrete.Welfare, e.Discrete.Q[2][2]
			if policy == "continuous" {
				welfare, own = e.Continuous.Welfare, e.Continuous.Q[2][2]
			}
			sum := 0.0
			for j, name := range e.Agents {
				assert.Equal(t, welfare[j], row["welfare."+name])
				assert.Equal(t, e.Continuous.Impact.Transient[j], row["impact.transient."+name])
				sum += welfare[j]
			}
			assert.InDelta(t, sum, row["total_welfare"], 1e-14)
			assert.Equal(t, own, row["Q.twins[2]"])
			assert.Equal(t, e.Continuous.Speeds[1], row["speed"])
		}
		assert.True(t, out.Passed)
	}
}

// TestSweepDoesNotDependOnWorkers, nor on interruptions: the same bytes.
func TestSweepDoesNotDependOnWorkers(t *testing.T) {
	s := over(t, small, "agents.crowd.holding_cost=log:0.5:8:7", "clock.step=0.25,0.5")
	for _, simulate := range []bool{false, true} {
		one, two, many := t.TempDir(), t.TempDir(), t.TempDir()
		sweepOf(t, s, one, simulate, 1)
		sweepOf(t, s, two, simulate, 2)
		sweepOf(t, s, many, simulate, 50)
		assert.True(t, bytesOf(t, one) == bytesOf(t, two))
		assert.True(t, bytesOf(t, one) == bytesOf(t, many))
	}
}

// TestSweepIsResumed: interrupted twice, a sweep computes no point again and gives
// the bytes of an uninterrupted one.
func TestSweepIsResumed(t *testing.T) {
	s := over(t, small, "agents.crowd.holding_cost=log:0.5:8:9")
	whole, dir := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "parts")
	want := sweepOf(t, s, whole, true, 2)
	solve := solvers[s.Market]
	t.Cleanup(func() { solvers[s.Market] = solve })
	for attempt := range int64(2) {
		ctx, cancel := context.WithCancel(context.Background())
		calls, reported := 0, []int64(nil)
		solvers[s.Market] = func(s *scenarios.Scenario) (figures, []string, error) {
			if calls++; calls == 4 { // three are done
				cancel()
			}
			return solve(s)
		}
		_, err := RunSweep(ctx, s, SweepOptions{Simulate: true, Options: Options{
			Directory: dir, Version: "test", Workers: 1, Resume: true,
			Progress: func(done, total int64) {
				assert.Equal(t, int64(9), total)
				reported = append(reported, done)
			},
		}})
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 3*attempt, reported[0], "what was finished is not done again")
		assert.Equal(t, 3*attempt+3, reported[len(reported)-1], "and is kept")
		assert.NoFileExists(t, filepath.Join(dir, "sweep.parquet"))
	}
	solvers[s.Market] = solve
	o := SweepOptions{Simulate: true, Options: Options{Directory: dir, Version: "test", Workers: 2}}
	_, err := RunSweep(context.Background(), s, o)
	var exists *output.ExistsError
	require.ErrorAs(t, err, &exists)
	o.Resume = true
	got, err := RunSweep(context.Background(), s, o)
	require.NoError(t, err)
	assert.Equal(t, want.Manifest.Digest, got.Manifest.Digest)
	assert.True(t, bytesOf(t, whole) == bytesOf(t, dir))

	again, err := RunSweep(context.Background(), s, o)
	require.NoError(t, err)
	assert.True(t, again.Already && again.Passed)
	o.Simulate = false
	_, err = RunSweep(context.Background(), s, o)
	var other *output.OtherRunError
	assert.ErrorAs(t, err, &other, "solved points are not simulated ones")
}

// TestSweepSimulates: the estimates are those of `sim run` at the point, and are
// judged together: more points allow a larger z.
func TestSweepSimulates(t *testing.T) {
	s := over(t, small, "clock.step=0.2,0.5")
	dir := filepath.Join(t.TempDir(), "sweep")
	out := sweepOf(t, s, dir, true, 2)
	_, rows := sweptTable(t, dir)
	all, _, err := s.Points()
	require.NoError(t, err)
	checks := 0
	for i, point := range all {
		alone := run(t, point, filepath.Join(t.TempDir(), "run"))
		for _, r := range alone.Rows {
			if r.Statistic == "welfare" {
				assert.Equal(t, r.Estimate, rows[i]["welfare."+r.Agent+".estimate"])
				assert.Equal(t, r.StdError, rows[i]["welfare."+r.Agent+".std_error"])
				assert.Equal(t, r.Z, rows[i]["welfare."+r.Agent+".z"])
				assert.InDelta(t, rows[i]["welfare."+r.Agent].(float64), rows[i]["welfare."+r.Agent+".analytic"], 1e-12)
			}
		}
		assert.Equal(t, alone.Verdict.Largest, rows[i]["largest_z"])
		assert.Equal(t, true, rows[i]["passed"])
		assert.Greater(t, out.Allowed, alone.Verdict.Allowed)
		checks += int(rows[i]["checks"].(int64))
	}
	assert.Equal(t, checks, out.Checks)
}

// TestSweepKeepsPointsWithoutEquilibrium: two traders alone have none; the row says
// so, and the others are there.
func TestSweepKeepsPointsWithoutEquilibrium(t *testing.T) {
	const pair = `{schema: 1, name: pair, market: double_auction, discount_rate: 1, clock: {step: 0.5, horizon: 5},
		agents: [{name: a, kind: trader, holding_cost: 1, inventory: 1, count: 2, volatility: 0.1}]}`
	dir := filepath.Join(t.TempDir(), "sweep")
	out := sweepOf(t, over(t, pair, "agents.a.count=2,3,2"), dir, true, 2)
	_, rows := sweptTable(t, dir)
	assert.Equal(t, 1, out.Solved())
	assert.True(t, out.Passed, "what is not played cannot fail")
	for i, row := range rows {
		if i == 1 {
			assert.Equal(t, "ok", row["status"])
			assert.Nil(t, row["message"])
			assert.NotNil(t, row["welfare.a[3]"])
			continue
		}
		assert.Equal(t, "no_equilibrium", row["status"])
		assert.Contains(t, row["message"], "add a third trader or a fringe")
		for _, name := range []string{"welfare.a[1]", "speed", "largest_z", "passed", "checks", "welfare.a[1].estimate"} {
			require.Contains(t, row, name)
			assert.Nil(t, row[name], name)
		}
	}
}

// TestSweepOfLiquidation has both strategies in every row.
func TestSweepOfLiquidation(t *testing.T) {
	s, err := scenarios.Load("almgren-chriss", scenarios.Options{Over: []string{"agents.t3.strategy=constant,optimal_schedule"}})
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "sweep")
	sweepOf(t, s, dir, false, 2)
	_, rows := sweptTable(t, dir)
	all, _, err := s.Points()
	require.NoError(t, err)
	for i, row := range rows {
		l, err := Liquidate(all[i])
		require.NoError(t, err)
		assert.Equal(t, l.Strategy, row["agents.t3.strategy"])
		assert.Equal(t, l.Urgency, row["urgency"])
		for _, y := range l.Strategies {
			assert.Equal(t, y.Auctions.Mean, row["revenue_mean."+y.Strategy])
			assert.Equal(t, y.Auctions.Variance, row["revenue_variance."+y.Strategy])
			assert.Equal(t, y.Auctions.Objective, row["revenue_objective."+y.Strategy])
		}
	}
	assert.Greater(t, rows[0]["revenue_objective.optimal_schedule"], rows[0]["revenue_objective.constant"])
}

// TestColumnsStayApart: names of agents cannot make two columns one.
func TestColumnsStayApart(t *testing.T) {
	text := strings.NewReplacer("name: big", `name: "crowd.estimate"`, "name: twins", "name: 'a\u00a0b'").Replace(small)
	dir := filepath.Join(t.TempDir(), "sweep")
	sweepOf(t, over(t, text, "agents.'a\u00a0b'.holding_cost=1,2"), dir, true, 2)
	columns, rows := sweptTable(t, dir)
	assert.Subset(t, columns, []string{"welfare.crowd.estimate", `welfare."crowd.estimate"`, `welfare."a\u00a0b[2]"`})
	assert.NotEqual(t, rows[0]["welfare.crowd.estimate"], rows[0][`welfare."crowd.estimate"`])
	assert.Equal(t, map[string]bool{}, twice(columns))

	// No key that can be swept has the name of a result.
	s := over(t, small, "clock.step=0.5")
	out := sweepOf(t, s, filepath.Join(t.TempDir(), "keys"), true, 2)
	taken := append(append(scenarios.Keys(), s.Keys()...), "point", "status", "message", "checks", "largest_z", "passed")
	assert.Equal(t, map[string]bool{}, twice(append(taken[len(scenarios.Keys()):], out.Names...)))
}

func twice(names []string) map[string]bool {
	seen, found := make(map[string]bool), make(map[string]bool)
	for _, name := range names {
		if seen[name] {
			found[name] = true
		}
		seen[name] = true
	}
	return found
}

// TestNamesOfDifferentPoints: what only some points have stands in its place.
func TestNamesOfDifferentPoints(t *testing.T) {
	point := func(names ...string) (p sweptPoint) {
		for _, name := range names {
			p.Figures.add(name, 1, "")
		}
		return p
	}
	assert.Equal(t, []string{"z", "a", "b", "x", "c", "y"}, namesOf([]sweptPoint{
		{}, point("a", "b", "c"), point("a", "b", "c"), point("a", "b", "x", "c", "y"), point("z", "b"), {},
	}))
}

func TestSlowest(t *testing.T) {
	assert.Equal(t, 0.5, slowest([]float64{1e-17, 2, 0.5, 0}))
	assert.True(t, math.IsNaN(slowest([]float64{0})))
	assert.True(t, math.IsNaN(slowest(nil)))
}
