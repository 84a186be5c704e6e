package cournot

import (
	"math"
	"slices"
)

// Exponentials convolved with each other: the integrals that make up every
// closed form of a constant order. They are divided differences of x ↦ e^{−xu},
// positive, symmetric in the rates, which may tie, and accurate for u however
// short or long.

// h is h_g(u) = ∫₀ᵘ e^{−gs}ds = (1 − e^{−gu})/g, for g ≥ 0.
func h(g, u float64) float64 {
	if g == 0 {
		return u
	}
	return -math.Expm1(-g*u) / g
}

// x1 is X(a,c;u) = ∫₀ᵘ e^{−a(u−s)} e^{−cs}ds, for a, c ≥ 0.
func x1(a, c, u float64) float64 { return math.Exp(-math.Min(a, c)*u) * h(math.Abs(a-c), u) }

// x2 is X2(a,b,c;u) = ∫₀ᵘ e^{−a(u−s)} X(b,c;s)ds, for a, b, c ≥ 0.
func x2(a, b, c, u float64) float64 { return convolution(u, a, b, c) }

// x3 is X3(a,b,c,d;u) = ∫₀ᵘ e^{−a(u−s)} X2(b,c,d;s)ds, for a, b, c, d ≥ 0.
func x3(a, b, c, d, u float64) float64 { return convolution(u, a, b, c, d) }

// convolution is that of the exponentials e^{−rs} of two or more rates, at u.
func convolution(u float64, rates ...float64) float64 {
	slices.Sort(rates)
	return sortedConvolution(u, rates)
}

func sortedConvolution(u float64, rates []float64) float64 {
	last := len(rates) - 1
	gap := rates[last] - rates[0]
	switch {
	case last == 1:
		return x1(rates[0], rates[1], u)
	case gap*u > 1: // a difference over the widest gap
		return (sortedConvolution(u, rates[:last]) - sortedConvolution(u, rates[1:])) / gap
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
		if next == sum {
			return factor * sum
		}
		sum = next
	}
}

// root is where an increasing function changes sign between lo and hi, to the
// last bit: the interval is halved until nothing lies between its ends.
func root(f func(float64) float64, lo, hi float64) float64 {
	for {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			return hi
		}
		if f(mid) < 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
}
