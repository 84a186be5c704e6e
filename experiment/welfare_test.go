package experiment

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/analysis"
	"walras/equilibrium/closedform"
	_ "walras/internal/fixeddraws"
	"walras/scenarios"
)

// builtin loads a scenario of the library.
func builtin(t *testing.T, name string, sets ...string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load(name, scenarios.Options{Sets: sets})
	require.NoError(t, err)
	return s
}

func solved(t *testing.T, s *scenarios.Scenario) *Equilibrium {
	t.Helper()
	e, err := Solve(s, false)
	require.NoError(t, err)
	return e
}

// rowOf is the row of a statistic of an agent.
func rowOf(t *testing.T, out *Outcome, statistic, agent string) analysis.Row {
	t.Helper()
	for _, r := range out.Rows {
		if r.Statistic == statistic && r.Agent == agent {
			return r
		}
	}
	require.Fail(t, "no row "+statistic+" of "+agent)
	return analysis.Row{}
}

// share is a merger with this share of risk capacity and the shocks of the
// library, in the scenarios merger and merger-before.
func share(beta float64) (after, before []string) {
	a, b, common, pair := beta, 1-beta, 0.04, 0.01
	after = []string{
		fmt.Sprintf("agents.large.holding_cost=%.17g", 1/a), fmt.Sprintf("agents.rest.holding_cost=%.17g", 1/b),
		fmt.Sprintf("shocks.covariance=[[%.17g, %.17g], [%.17g, %.17g]]", a*a*common+pair, a*b*common-pair, a*b*common-pair, b*b*common+pair),
	}
	return after, []string{fmt.Sprintf("agents.all.parts=[{name: some, share: %.17g, inventory: 1}, {name: rest, share: %.17g, inventory: -1}]", a, b)}
}

// quick makes runs short; with control variates welfare is exact all the same.
func quick(sets ...string) []string {
	return append(sets, "clock.horizon=1", "monte_carlo.paths=2000", "record.paths=2", "record.outcomes=none")
}

// TestMergerIsTheDifferenceOfTwoRuns: what the large trader has after the merger
// less what the same people had before is the number of Proposition 7, by theory
// and by simulation, and its sign turns at the share 1/2 in continuous time, and
// on the way there at auctions.
func TestMergerIsTheDifferenceOfTwoRuns(t *testing.T) {
	for _, c := range []struct{ beta, eigenvalue float64 }{{.3, -.103571}, {.49, -.004953}, {.51, .005054}, {.9, 1.171429}} {
		after, before := share(c.beta)
		e := solved(t, builtin(t, "merger", after...)).Experiments
		require.InDelta(t, c.eigenvalue, e.Merger.Continuous.Eigenvalues[1], 5e-7)
		require.Zero(t, e.Merger.Continuous.Eigenvalues[0])
		require.Equal(t, c.beta > .5, e.Merger.Continuous.Gain > 0 && e.Merger.Continuous.ShockGain > 0)

		const step = "clock.step=0.01"
		sets := quick(step, "monte_carlo.variance_reduction=[control]")
		merged := builtin(t, "merger", append(after, sets...)...)
		free := builtin(t, "merger-before", append(before, sets...)...)
		gain := solved(t, merged).Experiments.Merger.Discrete
		require.Equal(t, c.beta > .5, gain.Gain > 0, "at auctions every 0.01")
		large := rowOf(t, run(t, merged, filepath.Join(t.TempDir(), "after")), "welfare", "large")
		some := rowOf(t, run(t, free, filepath.Join(t.TempDir(), "before")), "part_welfare", "some")
		require.InDelta(t, gain.Gain+gain.ShockGain, large.Analytic-some.Analytic, 1e-12)
		require.InDelta(t, gain.Gain+gain.ShockGain, large.Estimate-some.Estimate, 1e-9)
	}
}

// TestMergersNeedALowerShareAtAuctions: at auctions the large trader gains
// from a smaller share on.
func TestMergersNeedALowerShareAtAuctions(t *testing.T) {
	for _, c := range []struct {
		step, below, above float64
	}{{.25, .35, .37}, {.1, .44, .455}, {.05, .47, .48}} {
		for beta, gains := range map[float64]bool{c.below: false, c.above: true} {
			after, _ := share(beta)
			e := solved(t, builtin(t, "merger", append(after, fmt.Sprintf("clock.step=%g", c.step))...)).Experiments
			require.Equal(t, gains, e.Merger.Discrete.Eigenvalues[1] > 0, "%g at %g", beta, c.step)
			require.Negative(t, e.Merger.Continuous.Eigenvalues[1])
		}
	}
}

// TestRunsOfMergersPass: without control variates the estimates have errors, and
// they are the right ones.
func TestRunsOfMergersPass(t *testing.T) {
	for _, sets := range [][]string{nil, {"clock.policy=continuous"}, {"monte_carlo.variance_reduction=[antithetic]", "clock.horizon=5"}, {"record.layout=wide"}, {"shocks.kind=none"}} {
		for _, name := range []string{"merger", "merger-before"} {
			out := run(t, builtin(t, name, append(quick(), sets...)...), filepath.Join(t.TempDir(), name))
			assert.Empty(t, out.Verdict.Failures(), "%s %v", name, sets)
			if name == "merger-before" {
				r := rowOf(t, out, "part_welfare", "some")
				assert.True(t, r.Judged)
				assert.Equal(t, sets != nil && sets[0] == "clock.policy=continuous", !math.IsNaN(r.Bias))
			}
		}
	}
}

// TestPartsAreTheClosedForm: parts of a fringe beside traders, in solve and in a
// run.
func TestPartsAreTheClosedForm(t *testing.T) {
	s := load(t, small, "agents.crowd.parts=[{name: few, share: 0.2, inventory: 0.7}, {name: many, share: 0.55, inventory: -1.9}]")
	e := solved(t, s)
	out := run(t, s, filepath.Join(t.TempDir(), "parts"))
	require.Empty(t, out.Verdict.Failures())
	for i, part := range s.Agents[2].Parts {
		x := mat.NewVecDense(5, []float64{2, -.5, -.5, part.Inventory, -1 - part.Inventory})
		worth := func(p []float64, a [][][]float64, k []float64) float64 {
			form := mat.NewSymDense(4, flat(a[3]))
			return mat.Inner(x, closedform.FringePart(part.Share, p, form), x) + part.Share*k[3]
		}
		got := e.Experiments.Parts[i]
		assert.Equal(t, part.Name, got.Name)
		assert.InDelta(t, worth(e.Continuous.P, e.Continuous.A, e.Continuous.K), *got.Continuous, 1e-12)
		assert.InDelta(t, worth(e.Discrete.P, e.Discrete.A, e.Discrete.K), *got.Discrete, 1e-12)
		assert.InDelta(t, *got.Discrete, rowOf(t, out, "part_welfare", part.Name).Analytic, 1e-12)
	}
}

// TestCommitmentRuns: the best rate beats the equilibrium and its neighbours, in
// theory and as simulated; a large trader with at most a third has none in
// continuous time.
func TestCommitmentRuns(t *testing.T) {
	value := func(sets ...string) float64 {
		out := run(t, builtin(t, "commitment", quick(sets...)...), filepath.Join(t.TempDir(), "run"))
		require.Empty(t, out.Verdict.Failures())
		return rowOf(t, out, "welfare", "large").Analytic
	}
	best := value()
	for _, rate := range []string{"2", "3.4", "8"} {
		require.Less(t, value("commitment.rate="+rate), best)
	}
	require.Less(t, value("commitment=null"), best)

	e := solved(t, builtin(t, "commitment"))
	require.InDelta(t, 1+math.Sqrt(3), *e.Experiments.Commitment.Continuous.BestRate, 1e-12)
	require.InDelta(t, .0358984, e.Experiments.Commitment.Continuous.BestValue, 5e-8)
	require.InDelta(t, 0, e.Experiments.Commitment.Continuous.Equilibrium, 1e-15)
	require.Less(t, e.Continuous.ClosedForm.Difference, 1e-12)
	require.Less(t, e.Discrete.ClosedForm.Difference, 1e-12)

	const below, above = "agents.large.holding_cost=2.02", "agents.large.holding_cost=1.98"
	small := solved(t, builtin(t, "commitment", below))
	require.Nil(t, small.Continuous)
	require.Len(t, small.Warnings, 1)
	require.Nil(t, small.Experiments.Commitment.Continuous.BestRate)
	require.NotNil(t, small.Experiments.Commitment.Discrete.BestRate)
	require.NotNil(t, solved(t, builtin(t, "commitment", above)).Experiments.Commitment.Continuous.BestRate)
	_, err := Solve(builtin(t, "commitment", below, "clock.policy=continuous"), false)
	var none *NoBestRateError
	require.ErrorAs(t, err, &none)
	require.InDelta(t, 1/3.02, none.Share, 1e-12)
}

// TestCommitmentToAnEvenHigherRate: below a third welfare rises with the rate,
// above it falls beyond the best one.
func TestCommitmentToAnEvenHigherRate(t *testing.T) {
	for cost, rises := range map[string]bool{"3": true, "1": false} {
		var values []float64
		for _, rate := range []string{"4", "10", "25"} {
			s := builtin(t, "commitment", "agents.large.holding_cost="+cost, "commitment.rate="+rate)
			values = append(values, *solved(t, s).Experiments.Commitment.Continuous.Value)
		}
		require.Equal(t, rises, values[0] < values[1] && values[1] < values[2])
		require.Equal(t, !rises, values[0] > values[1] && values[1] > values[2])
	}
}

// TestEntryReadsTheShocks: whatever shocks the market has, the numbers of
// Proposition 9 come back, and welfare is that of the solver; the slope changes
// its sign at the share 1/4.
func TestEntryReadsTheShocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(low, high float64, name string) float64 { return rapid.Float64Range(low, high).Draw(t, name) }
		want := closedform.Entry{
			Large: draw(.2, 5, "large"), DiscountRate: draw(.1, 2, "r"),
			Aggregate: draw(.01, 1, "σ"), LargeShock: draw(-1, 1, "σ_L"), Idiosyncrasy: draw(.01, 1, "σ̂"),
		}
		fringe := want.Large * draw(.05, 3, "fringe")
		c := mat.NewSymDense(2, nil)
		c.SymOuterK(1, want.Volatility(fringe))
		p := pair{large: want.Large, fringe: fringe, rate: want.DiscountRate, seats: [2]int{0, 1}}
		got, err := p.entry(c)
		require.NoError(t, err)
		require.InDelta(t, want.Aggregate, got.Aggregate, 1e-9)
		require.InDelta(t, want.LargeShock, got.LargeShock, 1e-9)
		require.InDelta(t, want.Idiosyncrasy, got.Idiosyncrasy, 1e-6)
		require.Equal(t, got.Share > .25, got.Continuous.Slope > 0)

		s, err := p.game().Continuous()
		require.NoError(t, err)
		value, err := s.ValueOn(s.Game.Seats(1), 0, c)
		require.NoError(t, err)
		require.InEpsilon(t, value.K+10, got.Continuous.Welfare+10, 1e-8)
		fine := p.entryAtAuctions(got, 1e-4, value.K)
		require.InDelta(t, got.Continuous.Slope, fine.Slope, 1e-2*(math.Abs(got.Continuous.Slope)+math.Abs(value.K)/fringe))
	})
}

// TestEntryRuns: welfare falls as the fringe grows to three times the large
// trader's capacity, and rises from there on.
func TestEntryRuns(t *testing.T) {
	var estimates []float64
	for _, cost := range []string{"1", "0.3333333333333333", "0.1"} {
		s := builtin(t, "entry", quick("monte_carlo.paths=10000", "agents.fringe.holding_cost="+cost)...)
		out := run(t, s, filepath.Join(t.TempDir(), "run"))
		require.Empty(t, out.Verdict.Failures())
		estimates = append(estimates, rowOf(t, out, "welfare", "large").Estimate)
	}
	require.Greater(t, estimates[0], estimates[1])
	require.Greater(t, estimates[2], estimates[1])
	require.Nil(t, solved(t, builtin(t, "entry", "shocks.kind=none")).Experiments.Entry)
}

// TestPairs are the numbers of the page, and which markets have them.
func TestPairs(t *testing.T) {
	list := solved(t, builtin(t, "pairwise-merger")).Experiments.Pairs
	require.Len(t, list, 3)
	for i, want := range []float64{-1.640, -1.920, -2.148} {
		assert.Equal(t, 12>>i, list[i].Traders)
		assert.InDelta(t, -2.449, list[i].Continuous, 5e-4)
		assert.InDelta(t, want, list[i].Discrete, 5e-4)
		s := builtin(t, "pairwise-merger", fmt.Sprintf("agents.trader.count=%d", list[i].Traders),
			fmt.Sprintf("agents.trader.holding_cost=%.17g", list[i].HoldingCost), fmt.Sprintf("agents.trader.volatility=%.17g", math.Sqrt(list[i].Variance)))
		total := 0.0
		for _, k := range solved(t, s).Discrete.K {
			total += k
		}
		assert.InDelta(t, list[i].Discrete, total, 1e-12)
	}
	for name, sets := range map[string][]string{
		"five-traders": nil, "symmetric": {"shocks.kind=none"}, "front-running": nil,
	} {
		assert.Nil(t, solved(t, builtin(t, name, sets...)).Experiments, name)
	}
	assert.Len(t, solved(t, builtin(t, "symmetric", "shocks.correlation=0.3")).Experiments.Pairs, 1)
	assert.Nil(t, solved(t, builtin(t, "symmetric", "shocks.correlation=[[1,.1,.2],[.1,1,.1],[.2,.1,1]]")).Experiments)
}

// TestExtremeCosts: where a share is 0 or 1 but for rounding there is nothing to
// compare, and solve says the rest.
func TestExtremeCosts(t *testing.T) {
	for _, costs := range [][2]string{{"1", "1e-17"}, {"1e-150", "1e-150"}, {"1e150", "2e150"}} {
		e := solved(t, builtin(t, "one-large-and-fringe", "agents.large.holding_cost="+costs[0], "agents.fringe.holding_cost="+costs[1], "clock.step=0.001", "clock.horizon=1"))
		assert.Nil(t, e.Experiments)
		_, err := json.Marshal(e)
		assert.NoError(t, err, "%v", costs)
	}
}

// TestOrderOfAgents: the experiments do not depend on who is named first.
func TestOrderOfAgents(t *testing.T) {
	const text = `
schema: 1
name: order
market: double_auction
discount_rate: 0.8
clock: {step: 0.2, horizon: 1}
agents:
%s
%s
shocks: {correlation: 0.3}
commitment: {agent: big, rate: best}
`
	const big, crowd = "  - {name: big, kind: trader, holding_cost: 0.6, inventory: 2, volatility: 0.3}", "  - {name: crowd, kind: fringe, holding_cost: 2.3, inventory: -1, volatility: 0.4, parts: [{name: x, share: 0.3, inventory: 1}]}"
	a, b := solved(t, load(t, fmt.Sprintf(text, big, crowd))).Experiments, solved(t, load(t, fmt.Sprintf(text, crowd, big))).Experiments
	assert.InDelta(t, a.Merger.Discrete.Gain, b.Merger.Discrete.Gain, 1e-13)
	assert.InDelta(t, a.Entry.Continuous.Welfare, b.Entry.Continuous.Welfare, 1e-13)
	assert.InDelta(t, *a.Commitment.Discrete.Value, *b.Commitment.Discrete.Value, 1e-13)
	assert.InDelta(t, *a.Parts[0].Discrete, *b.Parts[0].Discrete, 1e-12)
}
