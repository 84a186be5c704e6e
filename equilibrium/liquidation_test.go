package equilibrium_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
)

// randomOrder draws a seller, its first auction and the number of its auctions.
func randomOrder(t *rapid.T) (seller closedform.AlmgrenChriss, wait, n int) {
	n = rapid.IntRange(1, 12).Draw(t, "n")
	seller = closedform.AlmgrenChriss{
		Price: rapid.Float64Range(-2, 2).Draw(t, "p0"), Volatility: rapid.Float64Range(.1, 3).Draw(t, "sigma"),
		Instantaneous: rapid.Float64Range(.1, 3).Draw(t, "I"), RiskAversion: rapid.Float64Range(0, 5).Draw(t, "gamma"),
		Quantity: rapid.Float64Range(.3, 4).Draw(t, "X0"), Horizon: rapid.Float64Range(.3, 3).Draw(t, "T"),
	}
	// auctions have a best schedule
	seller.Permanent = rapid.Float64Range(0, 1.8).Draw(t, "lambda") * seller.Instantaneous / (seller.Horizon / float64(n))
	return seller, rapid.IntRange(0, 4).Draw(t, "wait"), n
}

// TestLiquidationSellsTheOrder: whatever the strategy and the clock, all is sold at
// the auctions of the order, and revenue and price follow from the definition over
// all auctions since time 0, those before the order included.
func TestLiquidationSellsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seller, wait, n := randomOrder(t)
		step := seller.Horizon / float64(n)
		l, err := equilibrium.NewLiquidation(seller, float64(wait)*step, step, rapid.Bool().Draw(t, "optimal"), rapid.Bool().Draw(t, "grid"))
		require.NoError(t, err)
		all, sum := make([]float64, wait+n), 0.
		for k := range all {
			all[k] = l.Quantity(k)
			require.Equal(t, k < wait, all[k] == 0)
			sum += all[k]
		}
		require.InEpsilon(t, seller.Quantity, sum, 1e-12)
		require.Zero(t, l.Quantity(wait+n)+l.Quantity(-1))

		whole := seller
		whole.Horizon = step * float64(wait+n)
		want := whole.AtAuctions(all)
		require.InDelta(t, want.Mean, l.Revenue().Mean, 1e-11*(1+math.Abs(want.Mean)))
		require.InDelta(t, want.Variance, l.Revenue().Variance, 1e-11*want.Variance)
		require.InDelta(t, want.Mean-seller.Price*seller.Quantity, l.Payoff().Mean, 1e-11*(10+math.Abs(want.Mean)))

		play, x, sold := l.Play(), []float64{seller.Quantity, 0}, 0.
		trade := make([]float64, 2)
		parts := slices.Collect(l.Parts(wait + n))
		for k, q := range all {
			price := play.Constants(k, trade)
			price += play.Price[0]*x[0] + play.Price[1]*x[1]
			require.InDelta(t, -seller.Instantaneous/step*q-seller.Permanent*sold, price, 1e-12*(1+math.Abs(price)))
			require.InDelta(t, price, parts[k].Price, 1e-12*(1+math.Abs(price)))
			require.InDeltaSlice(t, x, parts[k].Inventories, 1e-12)
			require.Equal(t, []float64{q, -q}, trade)
			x[0], x[1], sold = x[0]-q, x[1]+q, sold+q
		}
		require.True(t, play.Pays(0) && play.Sells(0) && !play.Pays(1) && !play.Sells(1))
	})
}

// TestEveryOtherScheduleIsWorse: the optimal schedule for auctions beats the
// constant one, the continuous-time one, and any random change of its own.
func TestEveryOtherScheduleIsWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seller, _, n := randomOrder(t)
		if n == 1 || seller.RiskAversion < .1 {
			t.Skip("nothing to choose")
		}
		step := seller.Horizon / float64(n)
		objective := func(optimal, grid bool) float64 {
			l, err := equilibrium.NewLiquidation(seller, 0, step, optimal, grid)
			require.NoError(t, err)
			return seller.Objective(l.Revenue())
		}
		best := objective(true, false)
		require.Greater(t, best, objective(false, false))
		require.GreaterOrEqual(t, best, objective(true, true)-1e-12*math.Abs(best))

		l, err := equilibrium.NewLiquidation(seller, 0, step, true, false)
		require.NoError(t, err)
		other := append([]float64(nil), l.Quantities...)
		size, changed := 0., 0.
		for k := range n - 1 {
			d := rapid.Float64Range(-1, 1).Draw(t, "change") * seller.Quantity
			other[k] += d
			changed -= d
			size += d * d
		}
		other[n-1] += changed // all is sold all the same
		if size > 1e-6 {
			require.Less(t, seller.Objective(seller.AtAuctions(other)), best)
		}
	})
}

// TestGridTendsToContinuousTime: revenue and price at the auctions tend to those of
// Lemma 1 at first order, for both strategies, also with a wait.
func TestGridTendsToContinuousTime(t *testing.T) {
	seller := closedform.AlmgrenChriss{Price: .9, Volatility: .7, Instantaneous: .4, Permanent: .3, RiskAversion: .8, Quantity: 2, Horizon: 2}
	for _, optimal := range []bool{false, true} {
		var last [3]float64
		for n := 64; n <= 1024; n *= 2 {
			step := seller.Horizon / float64(n)
			l, err := equilibrium.NewLiquidation(seller, .5, step, optimal, true)
			require.NoError(t, err)
			k := n/4 + n/2 // half way through the order
			left, _, price := l.At(float64(k) * step)
			parts := slices.Collect(l.Parts(n/4 + n))
			require.InDelta(t, left, parts[k].Inventories[0], 1e-12)
			y, limit := l.Payoff(), l.ContinuousPayoff()
			miss := [3]float64{y.Mean - limit.Mean, y.Variance - limit.Variance, parts[k].Price - price}
			for i := range miss {
				if n > 64 && (optimal || i < 2) { // a constant rate has its price at once
					require.InDelta(t, 2, last[i]/miss[i], .06, "%v", i)
				}
			}
			last = miss
		}
	}
	l, err := equilibrium.NewLiquidation(seller, .5, .25, true, true)
	require.NoError(t, err)
	waited, now := l.Continuous(), seller.Optimal()
	require.Equal(t, now.Mean, waited.Mean)
	require.InEpsilon(t, now.Variance+.7*.7*2*2*.5, waited.Variance, 1e-15)
	for _, c := range []struct{ t, left, rate float64 }{{.25, 2, 0}, {.5 - 1e-14, 2, seller.Rate(0)}, {2.5 - 1e-14, 0, 0}, {7, 0, 0}} {
		left, rate, _ := l.At(c.t)
		require.Equal(t, []float64{c.left, c.rate}, []float64{left, rate})
	}
}

// TestNoBestSchedule: what cannot be planned is an error that names the parameter.
func TestNoBestSchedule(t *testing.T) {
	seller := closedform.AlmgrenChriss{Volatility: .7, Instantaneous: .4, Permanent: 3.3, RiskAversion: .8, Quantity: 2, Horizon: 2}
	_, err := equilibrium.NewLiquidation(seller, 0, .25, true, false)
	require.ErrorContains(t, err, "Permanent")
	seller.Permanent = -1
	_, err = equilibrium.NewLiquidation(seller, 0, .25, false, false)
	require.ErrorContains(t, err, "Permanent")
}
