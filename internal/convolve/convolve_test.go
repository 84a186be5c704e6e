package convolve_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/integrate/quad"
	"pgregory.net/rapid"

	"walras/internal/convolve"
	_ "walras/internal/fixeddraws"
)

// TestExponentialsConvolve builds each convolution from the one with a rate less by its
// definition, with rates that differ much, little, or not at all.
func TestExponentialsConvolve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := rapid.Float64Range(.01, 3).Draw(t, "u")
		rates := rapid.SliceOfN(rapid.SampledFrom([]float64{0, .3, .3 + 1e-9, 1.1, 1.1, 4, 37}), 2, 6).Draw(t, "rates")
		last := len(rates) - 1
		sum := 0.
		for k := range 24 { // from both ends, where factors fade
			lo, hi := u*float64(k)/24, u*float64(k+1)/24
			sum += quad.Fixed(func(s float64) float64 {
				return convolve.Exponentials(s, rates[:last]...) * math.Exp(-rates[last]*(u-s))
			}, lo, hi, 20, quad.Legendre{}, 0)
		}
		require.InEpsilon(t, sum, convolve.Exponentials(u, rates...), 1e-11)
		if last == 1 {
			require.InEpsilon(t, sum, convolve.Pair(rates[0], rates[1], u), 1e-11)
		}
		require.InEpsilon(t, convolve.Exponentials(u, rates[0], 0), convolve.H(rates[0], u), 1e-14)
		require.Equal(t, math.Exp(-rates[0]*u), convolve.Exponentials(u, rates[0]))
	})
}

// TestShortTimes: uⁿ/n! is left, however different the rates.
func TestShortTimes(t *testing.T) {
	for _, u := range []float64{1e-12, 1e-40} {
		require.InEpsilon(t, u*u*u/6, convolve.Exponentials(u, 3, .2, 700, 3), 1e-9)
	}
	require.Zero(t, convolve.Exponentials(0, 3, .2, 700))
}

// TestNoNumber: it ends.
func TestNoNumber(t *testing.T) {
	require.True(t, math.IsNaN(convolve.Exponentials(2, .1, math.NaN(), .3)))
	require.True(t, math.IsNaN(convolve.Exponentials(math.NaN(), .1, .2, .3)))
	require.True(t, math.IsNaN(convolve.Exponentials(math.Inf(1), .2, .2, .2)))
}
