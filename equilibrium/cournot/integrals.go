package cournot

import "math"

// Exponentials convolved with each other: the integrals that make up every
// closed form of a constant order. They stand for divided differences of
// x ↦ e^{−xu}, so that rates may tie and u may be long.

// h is h_g(u) = ∫₀ᵘ e^{−gs}ds = (1 − e^{−gu})/g, for g ≥ 0.
func h(g, u float64) float64 {
	if g == 0 {
		return u
	}
	return -math.Expm1(-g*u) / g
}

// x1 is X(a,c;u) = ∫₀ᵘ e^{−a(u−s)} e^{−cs}ds, for a, c ≥ 0.
func x1(a, c, u float64) float64 {
	return math.Exp(-math.Min(a, c)*u) * h(math.Abs(a-c), u)
}

// x2 is X2(a,b,c;u) = ∫₀ᵘ e^{−a(u−s)} X(b,c;s)ds, for a, b, c ≥ 0; their order
// does not matter.
func x2(a, b, c, u float64) float64 {
	if a > b {
		a, b = b, a
	}
	if b > c {
		b, c = c, b
	}
	if a > b {
		a, b = b, a
	}
	return math.Exp(-a*u) * x2From0(b-a, c-a, u)
}

// x2From0 is X2(0,p,q;u) for 0 ≤ p ≤ q.
func x2From0(p, q, u float64) float64 {
	if q*u > 1 { // a difference over the widest gap
		return (h(p, u) - x1(p, q, u)) / q
	}
	// u² Σ_k (−1)^k S_k/(k+2)!, with S_k = Σ_j (pu)^j (qu)^{k−j}.
	pu, qu := p*u, q*u
	power, symmetric, factorial, sum := 1., 1., 2., 0.
	for k := 0.; ; k++ {
		next := sum + symmetric/factorial
		if next == sum {
			return u * u * sum
		}
		sum = next
		power *= -pu
		symmetric = power - qu*symmetric
		factorial *= k + 3
	}
}
