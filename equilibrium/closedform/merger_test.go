package closedform_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium/closedform"
)

// TestMergerNumbers are the gains that the model page lists, r = 1 and risk
// capacity 1: negative below half of the market.
func TestMergerNumbers(t *testing.T) {
	for share, want := range map[float64]float64{.3: -.103571, .49: -.004953, .5: 0, .51: .005054, .9: 1.171429} {
		m, err := closedform.FringeMerger(share, 1, 1)
		require.NoError(t, err)
		require.Zero(t, m.Eigenvalues[0])
		require.InDelta(t, want, m.Eigenvalues[1], 5e-7)
	}
}

// TestMerger rebuilds the matrices from what they are: a part of a fringe that
// is alone, and the large trader of the market after the merger.
func TestMerger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		share := rapid.Float64Range(.02, .98).Draw(t, "share")
		capacity, r := logUniform(t, .1, 10, "capacity"), logUniform(t, .05, 5, "r")
		m, err := closedform.FringeMerger(share, capacity, r)
		require.NoError(t, err)

		price, _ := closedform.FirstBest([]float64{1 / capacity}, r)
		alone := mat.NewSymDense(1, []float64{-1 / capacity / (2 * r)})
		requireClose(t, closedform.FringePart(share, []float64{price}, alone), m.Before, 1e-13, "before")
		after, err := closedform.LargeAndFringe(1/(share*capacity), 1/((1-share)*capacity), r)
		require.NoError(t, err)
		requireClose(t, after.A[0], m.After, 1e-13, "after")

		var difference mat.Dense
		difference.Sub(m.After, m.Before)
		require.InDelta(t, 0, mat.Norm(&difference, 1)-mat.Norm(m.Difference, 1), 1e-12*mat.Norm(m.Before, 1))
		for k := range 4 {
			require.InDelta(t, difference.At(k/2, k%2), m.Difference.At(k/2, k%2), 1e-13*mat.Norm(m.After, 1))
		}
		requireEigenvalues(t, m)
		x1, x2 := rapid.Float64Range(-2, 2).Draw(t, "x1"), rapid.Float64Range(-2, 2).Draw(t, "x2")
		x := mat.NewVecDense(2, []float64{x1, x2})
		require.InDelta(t, mat.Inner(x, m.After, x)-mat.Inner(x, m.Before, x), m.Gain(x1, x2), 1e-12*mat.Norm(m.After, 1))
		require.InDelta(t, 0, m.Gain(share, 1-share), 1e-14*mat.Norm(m.After, 1)) // first best
		if share != closedform.MergerThreshold {
			require.Equal(t, share > closedform.MergerThreshold, m.Gain(1, 0) > 0)
		}
	})
}

func requireEigenvalues(t require.TestingT, m closedform.Merger) {
	var eigen mat.EigenSym
	require.True(t, eigen.Factorize(m.Difference, false))
	low, high := math.Min(0, m.Eigenvalues[1]), math.Max(0, m.Eigenvalues[1])
	for k, want := range []float64{low, high} {
		require.InDelta(t, want, eigen.Values(nil)[k], 1e-14*mat.Norm(m.After, 1))
	}
}

// TestFringePart plays a market in which a part of the fringe has its own
// account: it sells what is not its share, then trades its share of the fringe's
// trades, and pays for what it holds. The value must be what it earns.
func TestFringePart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		share := rapid.Float64Range(.05, .95).Draw(t, "share")
		large, fringe := logUniform(t, .2, 5, "large"), logUniform(t, .2, 5, "fringe")
		r, step := logUniform(t, .2, 2, "r"), logUniform(t, .1, 1, "step")
		speed := logUniform(t, .3, 3, "speed")
		x := []float64{1.3, .4, -.9} // the large trader, the part, the rest
		start := mat.NewVecDense(2, []float64{x[0], x[1] + x[2]})
		sold := x[1] - share*(x[1]+x[2])

		m, err := closedform.LargeAndFringeCommittedDiscrete(large, fringe, r, speed, step)
		require.NoError(t, err)
		earned := sumOverAuctions(m, start, fringe, r, step, share, sold)
		a := closedform.FringePart(share, m.P, m.A[1])
		require.InDelta(t, earned, mat.Inner(mat.NewVecDense(3, x), a, mat.NewVecDense(3, x)), 1e-11*mat.Norm(a, 1))

		m, err = closedform.LargeAndFringe(large, fringe, r)
		require.NoError(t, err)
		earned = priceOf(m, start)*sold + integrate(m, start, fringe, r, share)
		a = closedform.FringePart(share, m.P, m.A[1])
		require.InDelta(t, earned, mat.Inner(mat.NewVecDense(3, x), a, mat.NewVecDense(3, x)), 1e-8*mat.Norm(a, 1))
	})
}

func priceOf(m closedform.Mechanism, x mat.Vector) float64 {
	return m.P[0]*x.AtVec(0) + m.P[1]*x.AtVec(1)
}

// sumOverAuctions adds up what the part earns at auctions, until discounting
// leaves nothing.
func sumOverAuctions(m closedform.Mechanism, start *mat.VecDense, fringe, r, step, share, sold float64) float64 {
	h, sum := -math.Expm1(-r*step)/r, 0.0
	x, q := mat.VecDenseCopyOf(start), mat.NewVecDense(2, nil)
	for k := 0; float64(k)*r*step < 40; k++ {
		p := priceOf(m, x)
		q.MulVec(m.Q, x)
		x.SubVec(x, q)
		held := share * x.AtVec(1)
		sum += math.Exp(-r*step*float64(k)) * (p*(share*q.AtVec(1)+sold) - fringe/share*h/2*held*held)
		sold = 0
	}
	return sum
}

// integrate is what the part earns in continuous time once it holds its share,
// by Simpson's rule.
func integrate(m closedform.Mechanism, start *mat.VecDense, fringe, r, share float64) float64 {
	const n = 4000
	end := 25 / r
	var step, q mat.Dense
	q.Scale(-end/n, m.Q)
	step.Exp(&q)
	x, rate := mat.VecDenseCopyOf(start), mat.NewVecDense(2, nil)
	sum := 0.0
	for k := range n + 1 {
		rate.MulVec(m.Q, x)
		held := share * x.AtVec(1)
		flow := math.Exp(-r*end/n*float64(k)) * (priceOf(m, x)*share*rate.AtVec(1) - fringe/share/2*held*held)
		sum += flow * simpson(k, n)
		x.MulVec(&step, x)
	}
	return sum * end / n
}

// simpson is the weight of node k of n+1, for steps of length 1.
func simpson(k, n int) float64 {
	switch {
	case k == 0 || k == n:
		return 1. / 3
	case k%2 == 1:
		return 4. / 3
	}
	return 2. / 3
}

func TestFringePartErrors(t *testing.T) {
	a := mat.NewSymDense(1, []float64{-1})
	for _, share := range []float64{0, 1, math.NaN()} {
		require.Panics(t, func() { closedform.FringePart(share, []float64{-1}, a) })
	}
}
