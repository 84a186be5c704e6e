package cournot

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/integrate/quad"
	"pgregory.net/rapid"

	_ "walras/internal/fixeddraws"
)

// byQuadrature is ∫₀ᵘ f, for a positive f with layers at both ends.
func byQuadrature(f func(s float64) float64, u float64) float64 {
	sum := 0.
	for half := u / 2; half > u*1e-17; half /= 2 {
		sum += quad.Fixed(f, half/2, half, 20, quad.Legendre{}, 0)
		sum += quad.Fixed(func(s float64) float64 { return f(u - s) }, half/2, half, 20, quad.Legendre{}, 0)
	}
	return sum
}

// drawRates are four rates, some of them tied, nearly tied, or 0.
func drawRates(t *rapid.T) (rates [4]float64) {
	for i := range rates {
		rates[i] = math.Pow(10, rapid.Float64Range(-4, 3).Draw(t, "exponent"))
		switch j := rapid.IntRange(0, 3).Draw(t, "like"); rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			rates[i] = 0
		case 1:
			rates[i] = rates[min(i, j)]
		case 2:
			rates[i] = rates[min(i, j)] * (1 + math.Pow(10, rapid.Float64Range(-16, -1).Draw(t, "apart")))
		}
	}
	return rates
}

// TestIntegrals builds each integral from the one before it by quadrature, the
// first from exponentials, and permutes the rates.
func TestIntegrals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRates(t)
		a, b, c, d := r[0], r[1], r[2], r[3]
		u := within(t, 1e-6, 1e2)
		for order, pair := range [][2]float64{
			{byQuadrature(func(s float64) float64 { return math.Exp(-a * s) }, u), h(a, u)},
			{byQuadrature(func(s float64) float64 { return math.Exp(-a*(u-s) - b*s) }, u), x1(a, b, u)},
			{byQuadrature(func(s float64) float64 { return math.Exp(-a*(u-s)) * x1(b, c, s) }, u), x2(a, b, c, u)},
			{byQuadrature(func(s float64) float64 { return math.Exp(-a*(u-s)) * x2(b, c, d, s) }, u), x3(a, b, c, d, u)},
		} {
			if pair[0] > 1e-300 {
				require.InEpsilon(t, pair[0], pair[1], 1e-11, "order %d of %v at %v", order, r, u)
			}
		}
		require.Equal(t, x3(a, b, c, d, u), x3(d, b, a, c, u))
		require.Equal(t, x2(a, b, c, u), x2(c, a, b, u))
	})
}

// within draws from [lo, hi], evenly in the logarithm.
func within(t *rapid.T, lo, hi float64) float64 {
	return math.Exp(rapid.Float64Range(math.Log(lo), math.Log(hi)).Draw(t, "within"))
}

func TestRoot(t *testing.T) {
	require.Equal(t, math.Sqrt2, root(func(x float64) float64 { return x*x - 2 }, 0, 2))
	require.Zero(t, root(func(x float64) float64 { return x }, 0, 0))
	require.Equal(t, 1e-300, root(func(x float64) float64 { return x - 1e-300 }, 0, 1))
}
