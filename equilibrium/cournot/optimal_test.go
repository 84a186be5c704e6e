package cournot_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/internal/golden"
)

// TestGoldenStackelberg holds the schedule of a seller who commits to the table.
func TestGoldenStackelberg(t *testing.T) {
	var g struct {
		Stackelberg map[string]struct {
			Params           parameters
			Concept          string
			S, D, Lagrange   float64
			ProceedsOptimal  float64            `json:"proceeds_optimal"`
			ProceedsConstant float64            `json:"proceeds_constant"`
			FOverMean        map[string]float64 `json:"f_over_mean"`
			Shortfall        float64            `json:"avg_price_impact_optimal"`
			GainPerUnit      float64            `json:"gain_per_unit"`
			GainInPercent    float64            `json:"gain_pct_of_proceeds"`
		}
	}
	golden.Cournot(t, &g)
	require.Len(t, g.Stackelberg, 4)
	for name, want := range g.Stackelberg {
		concept, err := cournot.ParseConcept(want.Concept)
		require.NoError(t, err)
		c := want.Params.model().Constants(concept)
		o, err := c.OptimalSchedule(want.S, want.D)
		require.NoError(t, err)
		require.Equal(t, want.D, o.End)
		e, constant := o.Execution(), c.Proceeds(want.D).Of(want.S/want.D, 0)
		agree(t, name+" multiplier", want.Lagrange, o.Multiplier, 1)
		agree(t, name+" proceeds", want.ProceedsOptimal, e.Proceeds, 1)
		agree(t, name+" constant", want.ProceedsConstant, constant, 1)
		agree(t, name+" shortfall", want.Shortfall, e.Shortfall, 1)
		agree(t, name+" gain", want.GainPerUnit, (e.Proceeds-constant)/want.S, 100) // a difference
		agree(t, name+" gain in %", want.GainInPercent, 100*(e.Proceeds/constant-1), 1000)
		rates := map[string]float64{}
		for label, x := range map[string]float64{"0": 0, "d/4": .25, "d/2": .5, "3d/4": .75, "0.9d": .9, "d": 1} {
			rates[label] = o.Rate(x*want.D) * want.D / want.S
		}
		agreeAll(t, want.FOverMean, rates)
	}
}

// TestOptimalForABlueChip: 7 % of the daily volume in one hour.
func TestOptimalForABlueChip(t *testing.T) {
	c := blueChip(cournot.Published)
	const size, d = .07 * volume, 1 / 6.5
	o, err := c.OptimalSchedule(size, d)
	require.NoError(t, err)
	best, constant := o.Execution().AverageImpact, c.AverageImpact(cournot.Order{Rate: size / d, Duration: d}, 0)
	for _, x := range [][2]float64{
		{9.152655, constant.Discounted}, {9.065261, best.Discounted},
		{9.152794, constant.Undiscounted}, {9.065408, best.Undiscounted},
		{9.152926, constant.Shortfall}, {9.065544, best.Shortfall},
	} {
		require.InDelta(t, x[0], x[1], 5.1e-7)
	}
	require.InDelta(t, 1.03, 100*(o.Execution().Proceeds/c.Proceeds(d).Of(size/d, 0)-1), .005)

	// What is saved of the shortfall above the half spread, in %, for 2 % of volume.
	for concept, saved := range map[cournot.Concept][]float64{
		cournot.Published: {.79, 1.98, 1.78, 1.16, .66, .35, .21},
		cournot.OpenLoop:  {.67, 2.61, 3.03, 2.15, 1.24, .66, .41},
	} {
		for k, hours := range []float64{.1, .25, .5, 1, 2, 4, 6.5} {
			c, d := cournot.BlueChip().Model(cournot.Published).Constants(concept), hours/6.5
			o, err := c.OptimalSchedule(.02*volume, d)
			require.NoError(t, err)
			constant := c.AverageImpact(cournot.Order{Rate: .02 * volume / d, Duration: d}, 0)
			got := 100 * (constant.Shortfall - o.Execution().Shortfall) / (constant.Shortfall - c.HalfSpread)
			require.InDelta(t, saved[k], got, .00501, "%v hours", hours)
		}
	}
}

// even are n+1 times from 0 to d.
func even(d float64, n int) []float64 {
	grid := make([]float64, n+1)
	for k := range grid {
		grid[k] = d * float64(k) / float64(n)
	}
	return grid
}

// seller draws a market, a duration, and a size up to what sells best.
func seller(t *rapid.T) (c cournot.Constants, size, d float64) {
	c = drawMarket(t)
	d = within(t, "duration", 1e-2, 50) / c.Gamma
	best, err := c.OptimalSize(d)
	require.NoError(t, err)
	return c, best.Size * within(t, "size", 1e-2, 1.2), d
}

// TestOptimalIsOptimal: the conditions of an optimum, and that no other schedule
// of the size does better; the nearest steps do nearly as well.
func TestOptimalIsOptimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, size, d := seller(t)
		o, err := c.OptimalSchedule(size, d)
		require.NoError(t, err)
		n := float64(c.Makers)
		u0 := n * c.HalfSpread
		e := o.Execution()
		require.InEpsilon(t, size, e.Quantity, 1e-15)
		scale := u0 * size

		sell := o.Schedule(even(d, 40))
		require.InEpsilon(t, size, sell.Quantity(0, d), 1e-10)
		worth := func(s clock.Schedule) float64 {
			return c.Announce(cournot.Orders{Sells: []clock.Schedule{s}}).Sell(0).Proceeds
		}
		require.LessOrEqual(t, worth(sell), e.Proceeds+1e-10*scale)
		require.LessOrEqual(t, c.Proceeds(d).Of(size/d, 0), e.Proceeds+1e-10*scale)
		other := drawSchedule(t, 1, d)
		if q := other.Quantity(0, d); q > 1e-3*d {
			for k := range other {
				other[k].Rate *= size / q
			}
			require.LessOrEqual(t, worth(other), e.Proceeds+1e-10*scale)
		}
		// By the first-order condition 2 × proceeds = u_0∫e^{−βt}f dt + ΛS.
		discounted := (e.Discounted*size + e.Proceeds) / c.Reservation
		require.InDelta(t, (u0*discounted+o.Multiplier*size)/2, e.Proceeds, 1e-9*scale)

		// Between its ends the path solves the equations of the makers.
		x := rapid.Float64Range(.1, .9).Draw(t, "at") * o.End
		step := 1e-4 * math.Min(o.End, 1/(c.Gamma+c.M*math.Sqrt(n))) // the fastest mode is of order √N M
		m := o.At(x)
		moves := (o.At(x+step).Inventory - o.At(x-step).Inventory) / (2 * step)
		require.InDelta(t, m.MakerBuys-m.MakerSells, moves, 1e-6*(m.MakerBuys+m.MakerSells+o.Rate(x)))
		require.Zero(t, o.At(0).Inventory)
		require.InDelta(t, -2*c.A*o.Before(o.End).Inventory, o.Before(o.End).MarginalValue, 1e-11*c.Reservation)
		require.InDelta(t, o.Before(o.End).Inventory, o.At(o.End).Inventory, 1e-13*size)
		require.Zero(t, o.Rate(d*1.01))
	})
}

// TestMultiplier: Λ is what one more unit to sell would bring, and the free size
// is the one at which that is nothing.
func TestMultiplier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, size, d := seller(t)
		proceeds := func(size float64) float64 {
			o, err := c.OptimalSchedule(size, d)
			require.NoError(t, err)
			return o.Execution().Proceeds
		}
		o, err := c.OptimalSchedule(size, d)
		require.NoError(t, err)
		const x = 1e-3
		u0 := float64(c.Makers) * c.HalfSpread
		require.InDelta(t, o.Multiplier, (proceeds(size*(1+x))-proceeds(size*(1-x)))/(2*x*size), 1e-5*u0)

		best, err := c.OptimalSize(d)
		require.NoError(t, err)
		require.Zero(t, best.Multiplier)
		again, err := c.OptimalSchedule(best.Size, d)
		require.NoError(t, err)
		require.InDelta(t, 0, again.Multiplier, 1e-10*u0)
		require.InEpsilon(t, best.Execution().Proceeds, again.Execution().Proceeds, 1e-10)
		if c.DiscountRate*d < 3 { // else the last units bring next to nothing
			require.Less(t, proceeds(best.Size*.9), best.Execution().Proceeds)
			require.Less(t, proceeds(best.Size*1.1), best.Execution().Proceeds)
		}
		require.GreaterOrEqual(t, best.Execution().Proceeds, c.Proceeds(d).Of(c.BestRate(d), 0)*(1-1e-12))
	})
}

// TestScheduleOfTheOptimum averages the rate over the intervals of a grid that
// does not end with the order.
func TestScheduleOfTheOptimum(t *testing.T) {
	c := cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: 2}.Constants(cournot.Published)
	o, err := c.OptimalSchedule(4.5, 1.5)
	require.NoError(t, err)
	s := o.Schedule([]float64{0, .4, .8, 1.2, 1.6, 2})
	require.NoError(t, s.Validate())
	require.Len(t, s, 4)
	require.InEpsilon(t, 4.5, s.Quantity(0, 2), 1e-14)
	for k, v := range s {
		require.InDelta(t, .4, v.To-v.From, 1e-15)
		to := math.Min(v.To, 1.5)
		require.InEpsilon(t, byPieces(o.Rate, []float64{v.From, to}, .1)/.4, v.Rate, 1e-12, strconv.Itoa(k))
	}
}

// TestOptimalWithoutBounds: seconds and centuries, patience and none.
func TestOptimalWithoutBounds(t *testing.T) {
	for _, concept := range concepts {
		for _, c := range []cournot.Constants{
			blueChip(concept),
			cournot.Model{DiscountRate: 90, Makers: 1000, InventoryCost: 1e-3, Activity: 5, Reservation: 2}.Constants(concept),
			cournot.Model{DiscountRate: 1e-4, Makers: 1, InventoryCost: 30, Activity: 5, Reservation: 2}.Constants(concept),
		} {
			for _, d := range []float64{1e-6, 1e-3, 1, 1e3, 1e6} {
				best, err := c.OptimalSize(d)
				require.NoError(t, err)
				o, err := c.OptimalSchedule(best.Size/3, d)
				require.NoError(t, err)
				constant := c.Proceeds(d).Of(o.Size/d, 0)
				require.GreaterOrEqual(t, o.Execution().Proceeds, constant*(1-1e-10), "%v, d = %v", c.Model, d)
				if d == 1e-6 { // too short for makers to act: the rate hardly matters
					require.InEpsilon(t, constant, o.Execution().Proceeds, 1e-3)
				}
			}
		}
	}
}

func TestOptimalErrors(t *testing.T) {
	c := blueChip(cournot.Published)
	_, err := c.OptimalSchedule(0, 1)
	require.EqualError(t, err, "cournot: Size = 0: must be positive and finite")
	_, err = c.OptimalSchedule(1, math.Inf(1))
	require.EqualError(t, err, "cournot: Duration = +Inf: must be positive and finite")
	_, err = c.OptimalSize(-1)
	require.EqualError(t, err, "cournot: Duration = -1: must be positive and finite")
}
