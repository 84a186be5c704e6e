package closedform_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium/closedform"
)

// randomSeller draws a seller with urgency kT between 1/100 and 20.
func randomSeller(t *rapid.T) closedform.AlmgrenChriss {
	return closedform.AlmgrenChriss{
		Price: rapid.Float64Range(-2, 2).Draw(t, "p0"), Volatility: logUniform(t, .1, 3, "volatility"),
		Instantaneous: logUniform(t, .1, 3, "I"), Permanent: logUniform(t, .1, 3, "lambda"),
		RiskAversion: logUniform(t, .01, 3, "gamma"), Quantity: rapid.Float64Range(.5, 4).Draw(t, "X0"),
		Horizon: logUniform(t, .3, 3, "T"),
	}
}

// simulated is the revenue of a selling rate from the definition: the expected
// price times the rate, and the covariances σ²min(s,t) of the noise in the
// price, both by Simpson's rule. sold is ∫₀ᵗ q.
func simulated(a closedform.AlmgrenChriss, rate, sold func(float64) float64) closedform.Revenue {
	const n = 400
	dt := a.Horizon / n
	var y closedform.Revenue
	for k := range n + 1 {
		s, w := dt*float64(k), dt*simpson(k, n)
		q := rate(s)
		y.Mean += w * q * (a.Price - a.Instantaneous*q - a.Permanent*sold(s))
		y.Variance += 2 * w * q * s * (sold(a.Horizon) - sold(s)) // all t > s
	}
	y.Variance *= a.Volatility * a.Volatility
	return y
}

// TestLemma1 checks mean and variance of the revenue of the optimal schedule
// against the definition of the price: the variance of ∫p q is
// σ²∫∫ q_s q_t min(s,t), which by symmetry is twice the part with s < t.
func TestLemma1(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := randomSeller(t)
		require.NoError(t, a.Validate())
		if a.Urgency()*a.Horizon > 6 {
			a.RiskAversion *= .01 // what Simpson's rule can follow
		}
		for _, c := range []struct {
			y    closedform.Revenue
			rate func(float64) float64
			left func(float64) float64
		}{
			{a.Optimal(), func(s float64) float64 { return a.Rate(math.Min(s, a.Horizon*(1-1e-15))) }, a.Inventory},
			{
				a.Constant(), func(float64) float64 { return a.Quantity / a.Horizon },
				func(s float64) float64 { return a.Quantity * (1 - s/a.Horizon) },
			},
		} {
			want := simulated(a, c.rate, func(s float64) float64 { return a.Quantity - c.left(s) })
			require.InDelta(t, want.Mean, c.y.Mean, 1e-6*(math.Abs(want.Mean)+a.Quantity))
			require.InEpsilon(t, want.Variance, c.y.Variance, 1e-6)
		}
	})
}

// TestOptimalSchedule: inventory falls at the selling rate, from X_0 to 0, and
// every other schedule does worse, in particular the constant one.
func TestOptimalSchedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := randomSeller(t)
		require.InEpsilon(t, a.Quantity, a.Inventory(0), 1e-15)
		require.Zero(t, a.Inventory(a.Horizon))
		require.Zero(t, a.Rate(a.Horizon))
		s, d := rapid.Float64Range(.01, .99).Draw(t, "at")*a.Horizon, 1e-5*a.Horizon
		require.InEpsilon(t, (a.Inventory(s-d)-a.Inventory(s+d))/(2*d), a.Rate(s), 1e-6)

		best := a.Objective(a.Optimal())
		k := a.Urgency()
		want := a.Price*a.Quantity - (a.Permanent/2+a.Instantaneous*k/math.Tanh(k*a.Horizon))*a.Quantity*a.Quantity
		require.InEpsilon(t, want, best, 1e-12)
		require.Greater(t, best, a.Objective(a.Constant()))

		other := a // the optimum of somebody else
		other.RiskAversion *= 1.3
		require.Greater(t, best, a.Objective(other.Optimal()))

		schedule := stepwise(a, 200)
		require.Less(t, a.Objective(a.Of(schedule)), best)
		require.InDelta(t, best, a.Objective(a.Of(schedule)), .02*math.Abs(best)+.02*a.Instantaneous*k*a.Quantity*a.Quantity)
	})
}

// stepwise is the optimal schedule with constant rates on n intervals.
func stepwise(a closedform.AlmgrenChriss, n int) clock.Schedule {
	var s clock.Schedule
	for k := range n {
		from, to := a.Horizon*float64(k)/float64(n), a.Horizon*float64(k+1)/float64(n)
		s = append(s, clock.Interval{From: from, To: to, Rate: (a.Inventory(from) - a.Inventory(to)) / (to - from)})
	}
	return s
}

// TestUrgencyWithoutBounds: the formulas hold from no risk aversion to all of
// it, where sinh kT would overflow, and pass smoothly between their forms.
func TestUrgencyWithoutBounds(t *testing.T) {
	a := closedform.AlmgrenChriss{Price: 1, Volatility: .7, Instantaneous: .4, Permanent: .3, Quantity: 2, Horizon: 1.5}
	require.Equal(t, a.Constant(), a.Optimal())
	require.InEpsilon(t, 2/1.5, a.Rate(.3), 1e-15)
	require.InEpsilon(t, 1.6, a.Inventory(.3), 1e-15)
	for _, z := range []float64{1e-200, 1e-9, 9.99e-5, 1.01e-4, .999, 1.001, 30, 1e3, 1e6} {
		k := z / a.Horizon
		a.RiskAversion = k * k * a.Instantaneous / (a.Volatility * a.Volatility)
		if z == 1e-200 {
			a.RiskAversion = 1e-300
		}
		y := a.Optimal()
		want := a.Price*a.Quantity - a.Permanent/2*a.Quantity*a.Quantity - a.Instantaneous*a.Quantity*a.Quantity*a.Urgency()/math.Tanh(a.Urgency()*a.Horizon)
		require.InDelta(t, want, a.Objective(y), 1e-13*(a.Price*a.Quantity-want), "kT = %v", z)
		for _, x := range []float64{y.Mean, y.Variance, a.Rate(0), a.Rate(1), a.Inventory(1)} {
			require.False(t, math.IsNaN(x) || math.IsInf(x, 0), "kT = %v", z)
		}
	}
	// Straight to the last bits of the second moment of the inventory: for kT = 1
	// it is (sinh 2 − 2)/(4 sinh² 1), from either side.
	a.RiskAversion = a.Instantaneous / (a.Horizon * a.Horizon * a.Volatility * a.Volatility)
	second := (math.Sinh(2) - 2) / (4 * math.Sinh(1) * math.Sinh(1))
	require.InEpsilon(t, a.Volatility*a.Volatility*a.Horizon*4*second, a.Optimal().Variance, 1e-13)
}

// TestScheduledRevenue: a schedule in pieces agrees with the constant rate, and
// with the sum over auctions as they come close, at first order.
func TestScheduledRevenue(t *testing.T) {
	a := closedform.AlmgrenChriss{Price: .9, Volatility: .7, Instantaneous: .4, Permanent: .3, RiskAversion: .8, Quantity: 2, Horizon: 2}
	constant := a.Of(clock.Schedule{{From: 0, To: 1.3, Rate: 1}, {From: 1.3, To: 5, Rate: 1}})
	require.InEpsilon(t, a.Constant().Mean, constant.Mean, 1e-14)
	require.InEpsilon(t, a.Constant().Variance, constant.Variance, 1e-14)

	s := clock.Schedule{{From: .25, To: .5, Rate: 3}, {From: .5, To: 1, Rate: -1}, {From: 1.5, To: 9, Rate: .7}}
	want := a.Of(s)
	var last closedform.Revenue
	for n := 256; n <= 4096; n *= 2 {
		quantities := make([]float64, n)
		for k := range quantities {
			quantities[k] = s.Quantity(2*float64(k)/float64(n), 2*float64(k+1)/float64(n))
		}
		y := a.AtAuctions(quantities)
		miss := closedform.Revenue{Mean: y.Mean - want.Mean, Variance: y.Variance - want.Variance}
		if n > 256 {
			require.InDelta(t, 2, last.Mean/miss.Mean, .05)
			require.InDelta(t, 2, last.Variance/miss.Variance, .05)
		}
		last = miss
	}
}

// TestAtAuctions writes the revenue out as the sum Σ p_ka_k over prices that
// share their noise.
func TestAtAuctions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := randomSeller(t)
		sold := rapid.SliceOfN(rapid.Float64Range(-2, 2), 1, 8).Draw(t, "quantities")
		step := a.Horizon / float64(len(sold))
		var want closedform.Revenue
		for k, q := range sold {
			p := a.Price - a.Instantaneous/step*q
			for j := range k {
				p -= a.Permanent * sold[j]
			}
			want.Mean += p * q
			for j, other := range sold {
				want.Variance += a.Volatility * a.Volatility * q * other * step * float64(min(j, k))
			}
		}
		got := a.AtAuctions(sold)
		require.InDelta(t, want.Mean, got.Mean, 1e-11*(1+math.Abs(want.Mean)))
		require.InDelta(t, want.Variance, got.Variance, 1e-11*(1+want.Variance))
	})
}

// TestBestQuantities solves the seller's problem at auctions as a quadratic one
// with a constraint, written out from AtAuctions by its second differences.
func TestBestQuantities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, n := randomSeller(t), rapid.IntRange(1, 12).Draw(t, "n")
		a.Permanent = math.Min(a.Permanent, 1.9*a.Instantaneous*float64(n)/a.Horizon)
		if rapid.IntRange(0, 4).Draw(t, "neutral") == 0 {
			a.RiskAversion = 0
		}
		best, err := a.BestQuantities(n)
		require.NoError(t, err)
		want := constrainedOptimum(a, n)
		require.InDeltaSlice(t, want, best, 1e-9*a.Quantity)

		cost := a.Instantaneous/a.Horizon*float64(n) - a.Permanent/2
		objective := a.Price*a.Quantity - a.Permanent/2*a.Quantity*a.Quantity - cost*a.Quantity*best[0]
		require.InDelta(t, objective, a.Objective(a.AtAuctions(best)), 1e-10*(1+math.Abs(objective)))
	})
}

// constrainedOptimum maximises the objective subject to Σa = X_0.
func constrainedOptimum(a closedform.AlmgrenChriss, n int) []float64 {
	value := func(i, j int) float64 { // of one unit at i and one at j
		q := make([]float64, n)
		if i >= 0 {
			q[i]++
		}
		if j >= 0 {
			q[j]++
		}
		return a.Objective(a.AtAuctions(q))
	}
	system, right := mat.NewDense(n+1, n+1, nil), mat.NewVecDense(n+1, nil)
	for i := range n {
		for j := range n {
			system.Set(i, j, value(i, j)-value(i, -1)-value(-1, j))
		}
		right.SetVec(i, system.At(i, i)/2-value(i, -1)) // minus the slope at 0
		system.Set(i, n, 1)
		system.Set(n, i, 1)
	}
	right.SetVec(n, a.Quantity)
	var solution mat.VecDense
	if err := solution.SolveVec(system, right); err != nil {
		panic(err)
	}
	return mat.Col(nil, 0, solution.SliceVec(0, n))
}

// TestBestQuantitiesOrder: the optimum at auctions tends to the continuous one
// at first order, in sales and in revenue.
func TestBestQuantitiesOrder(t *testing.T) {
	a := closedform.AlmgrenChriss{Price: .9, Volatility: .7, Instantaneous: .4, Permanent: .3, RiskAversion: 1.8, Quantity: 2, Horizon: 2}
	limit := a.Optimal()
	var last []float64
	for n := 64; n <= 1024; n *= 2 {
		best, err := a.BestQuantities(n)
		require.NoError(t, err)
		y := a.AtAuctions(best)
		left := a.Quantity
		for _, q := range best[:n/4] {
			left -= q
		}
		miss := []float64{y.Mean - limit.Mean, y.Variance - limit.Variance, left - a.Inventory(.5)}
		for i := range last {
			require.InDelta(t, 2, last[i]/miss[i], .05, "number %d, %d auctions", i, n)
		}
		last = miss
	}
}

func TestSellerErrors(t *testing.T) {
	a := closedform.AlmgrenChriss{Volatility: 1, Instantaneous: 1, Permanent: 8, RiskAversion: 1, Quantity: 1, Horizon: 1}
	_, err := a.BestQuantities(4)
	require.ErrorContains(t, err, "closedform: Permanent = 8: must be below twice Instantaneous/Δ")
	list, err := a.BestQuantities(1) // no choice left
	require.NoError(t, err)
	require.Equal(t, []float64{1}, list)
	_, err = a.BestQuantities(0)
	require.ErrorContains(t, err, "closedform: n = 0")
	a.Permanent = 1
	list, err = a.BestQuantities(100_000)
	require.NoError(t, err)
	require.Len(t, list, 100_000)
}

// TestHalfLife: half is left then, for every urgency.
func TestHalfLife(t *testing.T) {
	a := closedform.AlmgrenChriss{Volatility: .7, Instantaneous: .4, Permanent: .3, Quantity: 2, Horizon: 1.5}
	last := a.Horizon
	for _, z := range []float64{0, 1e-9, 9.99e-5, 1.01e-4, .3, 2, 39.9, 40.1, 800, 1e6} {
		k := z / a.Horizon
		a.RiskAversion = k * k * a.Instantaneous / (a.Volatility * a.Volatility)
		half := a.HalfLife()
		require.InEpsilon(t, 1, a.Inventory(half), 1e-7, "kT = %v", z)
		require.LessOrEqual(t, half, last*(1+1e-9))
		last = half
	}
	require.InEpsilon(t, math.Ln2/1e6*a.Horizon, last, 1e-12)
}
