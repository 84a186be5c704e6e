package montecarlo_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/clock"
	"walras/equilibrium"
	"walras/market"
	"walras/montecarlo"
)

// quoting is a market of two makers with made-up quantities and a seller.
func quoting(paths int64) *montecarlo.Simulation {
	affine := func(c float64, slopes ...float64) func(int) equilibrium.Affine {
		return func(k int) equilibrium.Affine {
			return equilibrium.Affine{Constant: c + .02*float64(k), Slopes: slopes}
		}
	}
	c := &equilibrium.Cournot{
		Step: .25,
		Makers: []equilibrium.Maker{
			{Bid: affine(.7, -.2, .05), Ask: affine(.6, .3, -.1), InventoryCost: 1.4, Worth: func(x []float64) float64 { return 5 - 2*x[0]*x[1] }},
			{Bid: affine(.9, .15, -.4), Ask: affine(.5, .02, .25), InventoryCost: .8},
		},
		Investors: equilibrium.Investors{Activity: 6, Reservation: 1.3},
		Orders:    []equilibrium.LargeOrder{{Schedule: clock.Schedule{{From: .3, To: 1.6, Rate: 2}}}},
	}
	cl := clock.Clock{Step: c.Step, Steps: 9, DiscountRate: .3}
	return &montecarlo.Simulation{
		Cournot: c, Names: []string{"a", "b", "investors", "fund"}, Initial: []float64{.4, -.9, 0, 2.6},
		Clock: cl, Paths: paths, Seed: 5, Reference: montecarlo.Fundamental{Start: 40, Volatility: 2.5},
		Statistics: cl.Grid(2), Record: montecarlo.Record{Paths: paths, Ticks: cl.Grid(1), Outcomes: paths},
	}
}

// TestQuotesDoNotDependOnWorkers: nor do cash and sums, to the last bit.
func TestQuotesDoNotDependOnWorkers(t *testing.T) {
	s := quoting(2*montecarlo.BlockSize + 301)
	one, first := play(t, s, 1)
	many, second := play(t, s, 3)
	require.Equal(t, first, second)
	require.Equal(t, len(one), len(many))
	for i := range one {
		require.Equal(t, one[i].Recorded, many[i].Recorded)
		require.Equal(t, one[i].Outcomes, many[i].Outcomes)
	}
	l := s.CournotLayout()
	assert.Less(t, first.Max[l.Clearing()], 1e-15)
	assert.Less(t, first.Max[l.CashBalance()], 1e-15)
}

// TestCashAtAbsolutePrices: the cash of a row is what trades brought at the
// fundamental of the rows so far, and what all have sums to zero.
func TestCashAtAbsolutePrices(t *testing.T) {
	for _, antithetic := range []bool{false, true} {
		s := quoting(600)
		s.Antithetic = antithetic
		results, _ := play(t, s, 2)
		width, ticks := s.RowWidth(), s.Clock.Steps+1
		require.Equal(t, 3+4*4, width)
		moved := 0.
		for p := range int(s.Paths) {
			rows := results[0].Recorded[p*ticks*width:][:ticks*width]
			seller := 0.
			for k := range ticks {
				row := rows[k*width:][:width]
				if k < s.Clock.Steps {
					seller += (row[2] + row[market.Bid]) * row[3+4*3+1]
				}
				require.InDelta(t, seller, row[3+4*3+2], 1e-11)
				require.InDelta(t, 0, row[5]+row[9]+row[13]+row[17], 1e-11)
			}
			require.Equal(t, 40., rows[2])
			moved += math.Abs(rows[(ticks-1)*width+2] - 40)
		}
		assert.InDelta(t, 2.5*math.Sqrt(2*2.25/math.Pi), moved/600, .4)
	}
}

// TestQuotesOverflow: makers who flee from their inventories are named.
func TestQuotesOverflow(t *testing.T) {
	s := quoting(300)
	s.Cournot.Makers[1].Ask = func(int) equilibrium.Affine {
		return equilibrium.Affine{Slopes: []float64{0, 1e60}}
	}
	err := s.Run(context.Background(), 0, s.Blocks(), 2, func(*montecarlo.Result) error { return nil })
	var overflow *montecarlo.OverflowError
	require.ErrorAs(t, err, &overflow)
	assert.Zero(t, overflow.Path)
	assert.Equal(t, "payoff", overflow.Quantity)

	s = quoting(300)
	s.Cournot.Makers[0].Worth = func([]float64) float64 { return math.Inf(1) }
	require.ErrorAs(t, s.Run(context.Background(), 0, 1, 1, func(*montecarlo.Result) error { return nil }), &overflow)
	assert.Equal(t, "a", overflow.Agent)
	assert.Equal(t, "terminal value", overflow.Quantity)
}

// BenchmarkQuotes is the loop of a market with two sides.
func BenchmarkQuotes(b *testing.B) {
	s := quoting(20000)
	s.Record = montecarlo.Record{Ticks: []int{s.Clock.Steps}}
	for b.Loop() {
		require.NoError(b, s.Run(context.Background(), 0, s.Blocks(), 1, func(*montecarlo.Result) error { return nil }))
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/20000/float64(len(s.Names)*s.Clock.Steps), "ns/agent-step")
}
