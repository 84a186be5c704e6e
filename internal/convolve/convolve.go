// Package convolve holds exponentials convolved with each other: the integrals
// that make up closed forms of orders that are constant by pieces. They are
// divided differences of x ↦ e^{−xu}, positive, symmetric in the rates, which may
// tie, and accurate for u however short or long.
package convolve

import (
	"math"
	"slices"
)

// H is h_g(u) = ∫₀ᵘ e^{−gs}ds = (1 − e^{−gu})/g, for g ≥ 0.
func H(g, u float64) float64 {
	if g == 0 {
		return u
	}
	return -math.Expm1(-g*u) / g
}

// Pair is X(a,c;u) = ∫₀ᵘ e^{−a(u−s)} e^{−cs}ds, for a, c ≥ 0.
func Pair(a, c, u float64) float64 { return math.Exp(-math.Min(a, c)*u) * H(math.Abs(a-c), u) }

// Exponentials is the convolution of e^{−rs} over one or more rates r ≥ 0, at u ≥ 0.
func Exponentials(u float64, rates ...float64) float64 {
	rates = append(make([]float64, 0, 8), rates...)
	slices.Sort(rates)
	return sorted(u, rates)
}

func sorted(u float64, rates []float64) float64 {
	last := len(rates) - 1
	gap := rates[last] - rates[0]
	switch {
	case last == 1:
		return Pair(rates[0], rates[1], u)
	case gap*u > 1: // a difference over the widest gap
		return (sorted(u, rates[:last]) - sorted(u, rates[1:])) / gap
	}
	// e^{−r₀u} uⁿ Σ_k (−1)^k S_k/(k+n)!, with S_k the sum of all products of k of
	// the (r_i − r₀)u, repetition allowed.
	products := make([]float64, last) // of degree k, in the first i+1 rates
	factor := math.Exp(-rates[0] * u)
	for i := range products {
		products[i] = 1
		factor *= u / float64(i+1)
	}
	sum := 1.
	for k, weight := 1, 1.; ; k++ {
		weight /= float64(k + last)
		below := 0.
		for i := range products {
			below -= (rates[i+1] - rates[0]) * u * products[i]
			products[i] = below
		}
		next := sum + below*weight
		if next == sum || math.IsNaN(next) {
			return factor * next
		}
		sum = next
	}
}
