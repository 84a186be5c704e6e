package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium/cournot"
)

// TestProgramConverges: the program on a grid knows the prices of a schedule from
// a kernel alone, and approaches the optimal schedule like the step squared.
func TestProgramConverges(t *testing.T) {
	test := cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: 2}
	for _, concept := range concepts {
		for _, p := range []cournot.Program{
			{Market: test.Constants(concept), Size: 4.5, Duration: 1.5},
			{Market: test.Constants(concept), Duration: 1.5, Free: true},
			{Market: cournot.BlueChip().Model(cournot.Published).Constants(concept), Size: .07 * volume, Duration: 1 / 6.5},
		} {
			o, err := p.Market.OptimalSchedule(p.Size, p.Duration)
			if p.Free {
				o, err = p.Market.OptimalSize(p.Duration)
			}
			require.NoError(t, err)
			best := o.Execution().Proceeds
			var short [3]float64
			for k := range short {
				p.Intervals = 100 << k
				s, err := p.Solve()
				require.NoError(t, err)
				short[k] = best - s.Proceeds
				require.Positive(t, short[k]) // from below
				require.InEpsilon(t, o.Size, s.Schedule.Quantity(0, p.Duration), 1e-3)
				played := p.Market.Announce(cournot.Orders{Sells: []clock.Schedule{s.Schedule}}).Sell(0).Proceeds
				require.Less(t, played, best)
				require.InEpsilon(t, best, played, 5e-5)
				require.InDelta(t, o.Multiplier, s.Multiplier, 5e-2*p.Market.HalfSpread)
			}
			require.InDelta(t, 2, math.Log2(short[1]/short[2]), .1)
			require.InDelta(t, 2, math.Log2(short[0]/short[1]), .1)
			require.InDelta(t, 0, (4*short[2]-short[1])/3, 1e-6*best) // extrapolated
		}
	}
}

// TestProgramOfT1 has the number of the model page: at n = 400 the program is
// short of the optimum by 1.9e-6.
func TestProgramOfT1(t *testing.T) {
	c := cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: 2}.Constants(cournot.Published)
	o, err := c.OptimalSchedule(4.5, 1.5)
	require.NoError(t, err)
	s, err := cournot.Program{Market: c, Size: 4.5, Duration: 1.5, Intervals: 400}.Solve()
	require.NoError(t, err)
	require.InDelta(t, -1.9e-6, s.Proceeds/o.Execution().Proceeds-1, .05e-6)
}

// TestSaleEndsEarly: where late money is worth so little that the equations would
// have the seller buy back, the sale is over early, in the program as well, which
// is only told that rates are 0 or more.
func TestSaleEndsEarly(t *testing.T) {
	early := 0
	rapid.Check(t, func(t *rapid.T) {
		c := drawMarket(t)
		d := within(t, "patience", 1e-2, 3) / c.DiscountRate
		if c.Gamma*d > 10 || c.M*d > 10 { // what a coarse grid can follow
			d = 10 / (c.Gamma + c.M)
		}
		best, err := c.OptimalSize(d)
		require.NoError(t, err)
		size := best.Size * within(t, "size", 1e-3, .9)
		o, err := c.OptimalSchedule(size, d)
		require.NoError(t, err)
		proceeds := o.Execution().Proceeds
		var short [2]float64
		for k := range short {
			s, err := cournot.Program{Market: c, Size: size, Duration: d, Intervals: 50 << k}.Solve()
			require.NoError(t, err)
			short[k] = proceeds - s.Proceeds
			last := 0.
			for _, v := range s.Schedule {
				if v.Rate > 0 {
					last = v.To
				}
			}
			require.InDelta(t, o.End, last, 2*d/50)
		}
		require.Less(t, math.Abs(short[0]), .05*proceeds)
		require.Less(t, math.Abs(short[1]), .4*math.Abs(short[0])+1e-9*proceeds)
		if o.End < d {
			early++
			require.InDelta(t, 0, o.Rate(o.End), 1e-6*size/o.End)
		}
	})
	require.Greater(t, early, 20)
}

func TestProgramErrors(t *testing.T) {
	c := blueChip(cournot.Published)
	for text, p := range map[string]cournot.Program{
		"cournot: Intervals = 0: must be at least 1":         {Market: c, Size: 1, Duration: 1},
		"cournot: Size = 0: must be positive and finite":     {Market: c, Duration: 1, Intervals: 3},
		"cournot: Duration = 0: must be positive and finite": {Market: c, Size: 1, Intervals: 3},
	} {
		_, err := p.Solve()
		require.EqualError(t, err, text)
	}
}
