package experiment

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/analysis"
	"walras/internal/golden"
	"walras/montecarlo"
)

// TestSmallTradesApproachAFlow: as investors become small and many, c → 0 with cλ fixed,
// the market that is played approaches the one whose investors are a flow: what agents
// hold and quote on average with order 1 in c, and E sup|I − g| of its paths, of which g
// is the inventory in the flow, with order ½.
func TestSmallTradesApproachAFlow(t *testing.T) {
	if testing.Short() {
		t.Skip("numbers, not concurrency")
	}
	const times = 4 // so many more investors each time
	g := golden.PoissonSets(t)["toy"]
	sets := []string{"agents.fund.disclosure=sunshine", fmt.Sprintf("agents.fund.duration=%v", g.Duration), fmt.Sprintf("clock.step=%v", g.Duration/8), "record.statistics_every=1", "monte_carlo.paths=400"}
	flow, err := SolveMakers(loadText(t, goldenArrivals(g), append(sets, "clock.policy=continuous", "agents.investors.arrivals=null", fmt.Sprintf("agents.investors.activity=%v", g.Size*g.BuyRate))...))
	require.NoError(t, err)
	var off [3][]float64 // of inventory, bid and path, at every size
	for _, many := range []float64{16, 64, 256} {
		s := loadText(t, goldenArrivals(g), append(sets,
			fmt.Sprintf("agents.investors.arrivals.rate=%v", many*g.BuyRate), fmt.Sprintf("agents.investors.arrivals.size=%v", g.Size/many))...)
		m, err := newArrivals(s, false)
		require.NoError(t, err)
		st, err := m.stage(s) // without quantiles, which take the longest
		require.NoError(t, err)
		sim := st.sim
		sim.Record = montecarlo.Record{Paths: sim.Paths, Ticks: sim.Statistics}
		laws, _ := analysis.FollowArrivals(sim)
		require.Len(t, flow.Path, len(laws))
		inventory, bid := 0., 0.
		for j, law := range laws {
			inventory = math.Max(inventory, math.Abs(law.Inventory(0).Mean()-flow.Path[j].Inventory.(float64)))
			bid = math.Max(bid, math.Abs(law.Bid.Mean()-flow.Path[j].Bid))
		}
		off[0], off[1], off[2] = append(off[0], inventory), append(off[1], bid), append(off[2], farthest(t, st, flow.Path))
	}
	for i, what := range []string{"inventory", "bid", "path"} {
		for k := range 2 {
			order := math.Log(off[i][k]/off[i][k+1]) / math.Log(times)
			t.Logf("%s: %v, order %.4f", what, off[i], order)
			if what == "path" {
				assert.InDelta(t, .5, order, .05)
				continue
			}
			assert.InDelta(t, 1, order, .03/math.Pow(times, float64(k)), what)
		}
	}
}

// farthest is E sup|I − g| over the paths of a stage, which are judged besides.
func farthest(t *testing.T, st *stage, path []QuotePoint) float64 {
	t.Helper()
	sim, sum := st.sim, 0.
	width, ticks := sim.RowWidth(), len(sim.Record.Ticks)
	var tree montecarlo.Tree
	require.NoError(t, sim.Run(context.Background(), 0, sim.Blocks(), 2, func(r *montecarlo.Result) error {
		for at := 0; at < len(r.Recorded); at += width * ticks {
			most := 0.
			for j, p := range path {
				most = math.Max(most, math.Abs(r.Recorded[at+j*width+3]-p.Inventory.(float64)))
			}
			sum += most
		}
		tree.Push(montecarlo.Node{Index: r.Block, Sums: r.Sums})
		return nil
	}))
	var out Outcome
	require.NoError(t, out.judge(st, tree.Total()))
	require.Empty(t, out.Verdict.Failures())
	return sum / float64(sim.Paths)
}

// TestStepsAreOfFirstOrder: what seats expect at Bernoulli steps, as it is played, differs
// from exact times by an error of order 1 in Δ, and Richardson's extrapolation of three
// steps agrees with them; the numbers are those of docs/stealth.md.
func TestStepsAreOfFirstOrder(t *testing.T) {
	_, exact := expectedOf(t, builtin(t, "sunshine"))
	var at [3][]float64
	for k, step := range []string{"0.1", "0.05", "0.025"} {
		_, at[k] = expectedOf(t, builtin(t, "sunshine", "clock.policy=discrete", "clock.step="+step))
	}
	for i, want := range exact {
		for k := range 2 {
			order := math.Log2((at[k][i] - want) / (at[k+1][i] - want))
			assert.InDelta(t, 1, order, .008/float64(1+k), "seat %d", i)
		}
		once := [2]float64{2*at[1][i] - at[0][i], 2*at[2][i] - at[1][i]}
		assert.InEpsilon(t, want, once[1]+(once[1]-once[0])/3, 2e-7, "seat %d", i)
	}
	golden.Agree(t, "a maker", []float64{1.3923686, 1.3748253, 1.3661109, 1.3574346}, []float64{at[0][0], at[1][0], at[2][0], exact[0]}, 1e-7)
}
