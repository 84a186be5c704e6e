package montecarlo_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/agents"
	"walras/clock"
	"walras/internal/kernel"
	"walras/market"
	"walras/montecarlo"
)

// TestWorkersDoNotMatter: the same bits for any number of workers.
func TestWorkersDoNotMatter(t *testing.T) {
	for _, antithetic := range []bool{false, true} {
		s := five.simulation(t, 5*montecarlo.BlockSize+778, 7)
		s.Antithetic = antithetic
		one, sums := play(t, s, 1)
		for _, workers := range []int{2, 5, 16} {
			other, otherSums := play(t, s, workers)
			require.Equal(t, one, other)
			require.Equal(t, sums, otherSums)
		}
	}
}

// TestTreeIsIndependentOfParts: sums do not depend on where a run is cut.
func TestTreeIsIndependentOfParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		blocks := rapid.IntRange(1, 70).Draw(t, "blocks")
		values := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), blocks, blocks).Draw(t, "values")
		push := func(tree *montecarlo.Tree, from, to int) {
			for b := from; b < to; b++ {
				tree.Push(montecarlo.Node{Index: int64(b), Sums: montecarlo.Sums{Add: []float64{values[b]}, Max: []float64{values[b]}}})
			}
		}
		var whole, parts montecarlo.Tree
		push(&whole, 0, blocks)
		for from := 0; from < blocks; {
			to := rapid.IntRange(from+1, blocks).Draw(t, "to")
			var part montecarlo.Tree
			push(&part, from, to)
			for _, n := range part.Nodes {
				parts.Push(n)
			}
			from = to
		}
		assert.Equal(t, whole.Total(), parts.Total())
	})
}

// TestPathsDoNotDependOnTheirNumber: a path is a function of its number.
func TestPathsDoNotDependOnTheirNumber(t *testing.T) {
	few, _ := play(t, five.simulation(t, 300, 3), 1)
	many, _ := play(t, five.simulation(t, 1500, 3), 2)
	n := len(few[0].Recorded)
	assert.Equal(t, few[0].Recorded, many[0].Recorded[:n])
	assert.Equal(t, few[0].Outcomes, many[0].Outcomes[:len(few[0].Outcomes)])
	other, _ := play(t, five.simulation(t, 300, 4), 1)
	assert.NotEqual(t, few[0].Recorded, other[0].Recorded)
}

// TestAntitheticPairsMirror: the mean of a pair of paths is the path without
// shocks.
func TestAntitheticPairsMirror(t *testing.T) {
	s := five.simulation(t, 64, 5)
	s.Antithetic = true
	results, _ := play(t, s, 1)
	quiet := five
	quiet.volatility = make([]float64, 5)
	still, _ := play(t, quiet.simulation(t, 1, 5), 1)
	width := len(still[0].Recorded)
	for pair := range 32 {
		a := results[0].Recorded[2*pair*width : (2*pair+1)*width]
		b := results[0].Recorded[(2*pair+1)*width : (2*pair+2)*width]
		for k := 0; k < s.Clock.Steps; k++ {
			at := k * (2 + 4*5)
			require.InDelta(t, still[0].Recorded[at], (a[at]+b[at])/2, 1e-14) // price
			require.NotEqual(t, a[at+2] == b[at+2], k > 0)                    // inventories differ once shocks came
		}
	}
}

// TestCancelStops: a cancelled run ends with the context's error, having handed
// over a contiguous beginning.
func TestCancelStops(t *testing.T) {
	s := five.simulation(t, 400*montecarlo.BlockSize, 2)
	s.Record = montecarlo.Record{Ticks: s.Record.Ticks}
	ctx, cancel := context.WithCancel(context.Background())
	next := int64(0)
	err := s.Run(ctx, 0, s.Blocks(), 3, func(r *montecarlo.Result) error {
		require.Equal(t, next, r.Block)
		next++
		if next == 5 {
			cancel()
		}
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.GreaterOrEqual(t, next, int64(5))
	assert.Less(t, next, s.Blocks())
}

// TestSinkErrorStops: an error of the sink ends the run and is returned.
func TestSinkErrorStops(t *testing.T) {
	full := errors.New("disk full")
	s := five.simulation(t, 50*montecarlo.BlockSize, 2)
	err := s.Run(context.Background(), 0, s.Blocks(), 2, func(r *montecarlo.Result) error {
		if r.Block == 3 {
			return full
		}
		return nil
	})
	require.ErrorIs(t, err, full)
}

// doubler buys a huge multiple of what it holds, whatever the price.
type doubler struct{ seat int }

func (d doubler) Submit(_ clock.Moment, b *market.Block) {
	b.Orders.Quantity(d.seat)
	kernel.Scale(b.Orders.Intercept[d.seat][:b.Paths], -1e60, b.Inventory[d.seat])
}

func (d doubler) Earn(clock.Moment, *market.Block) {}

// TestOverflowNamesThePlace: a path that leaves the range of numbers is an
// error with path, step and agent.
func TestOverflowNamesThePlace(t *testing.T) {
	s := five.simulation(t, 2000, 2)
	list, err := agents.Following(s.Play.Policy)
	require.NoError(t, err)
	list[1] = doubler{seat: 1}
	s.Agents = list
	err = s.Run(context.Background(), 0, s.Blocks(), 2, func(*montecarlo.Result) error { return nil })
	var overflow *montecarlo.OverflowError
	require.ErrorAs(t, err, &overflow)
	// 10⁶⁰-fold an auction from 0.3: 10³⁰⁰ after five, squared too much after three
	assert.Equal(t, montecarlo.OverflowError{Path: 0, Step: 2, Agent: "seat0", Quantity: "payoff"}, *overflow)
}

// TestOverflowInTheLastPeriod: the agent is the one whose payoff overflowed.
func TestOverflowInTheLastPeriod(t *testing.T) {
	m := five
	m.steps, m.inventory = 1, []float64{0, 0, 0, 0, 1e10}
	s := m.simulation(t, 10, 2)
	s.Play.Policy.HoldingCost[4] = 1e300
	s.Statistics = s.Clock.Grid(1)
	err := s.Run(context.Background(), 0, s.Blocks(), 1, func(*montecarlo.Result) error { return nil })
	var overflow *montecarlo.OverflowError
	require.ErrorAs(t, err, &overflow)
	assert.Equal(t, montecarlo.OverflowError{Path: 0, Step: 0, Agent: "seat4", Quantity: "payoff"}, *overflow)
}

// TestPathwiseIdentities: on every path of the first block the loop pays what
// the value functions promise, trades clear and cash is conserved, to 1e-12.
func TestPathwiseIdentities(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(3, 6).Draw(r, "traders")
		m := model{
			rate: rapid.Float64Range(0.05, 3).Draw(r, "rate"), step: rapid.Float64Range(0.02, 1).Draw(r, "step"),
			steps: rapid.IntRange(1, 25).Draw(r, "steps"), common: rapid.Float64Range(-0.1, 0.9).Draw(r, "common"),
			fringe: rapid.Bool().Draw(r, "fringe"), count: rapid.IntRange(1, 3).Draw(r, "count"),
		}
		for range n {
			m.costs = append(m.costs, math.Pow(10, rapid.Float64Range(-1, 1).Draw(r, "log cost")))
			m.inventory = append(m.inventory, rapid.Float64Range(-2, 2).Draw(r, "inventory"))
			m.volatility = append(m.volatility, float64(rapid.IntRange(0, 50).Draw(r, "volatility"))/100)
		}
		s := m.simulation(t, 100, 9)
		_, sums := play(t, s, 1)
		for i, e := range sums.Max {
			assert.LessOrEqual(r, e, 1e-12, "maximum %d of %v", i, sums.Max)
		}
	})
	grid := five
	grid.continuous = true
	_, sums := play(t, grid.simulation(t, 1024, 9), 1)
	for _, e := range sums.Max {
		assert.LessOrEqual(t, e, 1e-12)
	}
	assert.NotZero(t, sums.Max[0], "the check must have looked at something")
}

// TestIdentityHasTeeth: a wrong discount factor in the value functions, or a
// price that is off by one part in a billion, breaks the identity.
func TestIdentityHasTeeth(t *testing.T) {
	s := five.simulation(t, 100, 9)
	s.Play.Policy.Price[2] *= 1 + 1e-9
	_, sums := play(t, s, 1)
	assert.Greater(t, sums.Max[0], 1e-12)
	s = five.simulation(t, 100, 9)
	s.Clock.DiscountRate *= 1 + 1e-9
	_, sums = play(t, s, 1)
	assert.Greater(t, sums.Max[0], 1e-12)
	s = five.simulation(t, 100, 9)
	s.Play.Policy.Values[2].A.SetSym(2, 2, math.NaN())
	require.Error(t, s.Run(context.Background(), 0, 1, 1, func(*montecarlo.Result) error { return nil }))
}

// TestGroupsEqualMembers: a type followed by a tagged member and the total of
// the others gives the same price and the same tagged member as all members one
// by one, when there are no shocks.
func TestGroupsEqualMembers(t *testing.T) {
	m := five
	m.count, m.volatility = 7, make([]float64, 5)
	members := m.simulation(t, 1, 1)
	m.limit = 3
	groups := m.simulation(t, 1, 1)
	require.Len(t, members.Names, 11)
	require.Len(t, groups.Names, 6)
	a, _ := play(t, members, 1)
	b, _ := play(t, groups, 1)
	for k := 0; k < members.Clock.Steps; k++ {
		x, y := a[0].Recorded[k*(2+4*11):], b[0].Recorded[k*(2+4*6):]
		require.InDelta(t, x[0], y[0], 1e-13, "price at auction %d", k)
		for c := range 4 {
			require.InDelta(t, x[2+c], y[2+c], 1e-13, "tagged member, column %d", c)
		}
		require.InDelta(t, 6*x[2+4], y[2+4], 1e-12, "inventory of the others")
	}
	assert.InDelta(t, a[0].Outcomes[1], b[0].Outcomes[1], 1e-13, "terminal value of the tagged member")
}

// BenchmarkFiveTraders is the main job's loop without input or output: schedules,
// auction, settlement, payoffs and statistics of 20 of 80 auctions.
func BenchmarkFiveTraders(b *testing.B) {
	m := five
	m.rate, m.step, m.steps, m.common = 1, 0.25, 80, 0
	s := m.simulation(b, 32*montecarlo.BlockSize, 1)
	s.Statistics, s.Record = s.Clock.Grid(4), montecarlo.Record{Ticks: s.Clock.Grid(1)}
	for b.Loop() {
		play(b, s, 1)
	}
	steps := float64(s.Paths) * 80 * 5
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/steps, "ns/agent-step")
}
