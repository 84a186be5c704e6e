package poisson

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// nodes of the Gauss–Legendre rule on one interval.
const nodes = 20

// layers is ∫₀ᵘ f for an f that is smooth but for layers of any width at 0, on
// intervals each twice as long as the one before it.
func layers(f func(s float64) float64, u float64) float64 {
	sum := 0.
	for hi := u; hi > u*1e-17; hi /= 2 {
		sum += quad.Fixed(f, hi/2, hi, nodes, quad.Legendre{}, 0)
	}
	return sum
}

// whileOn is ∫₀^∞ e^{−rate t} P(D > t) g(t)dt by quadrature, for a g that does not
// grow. Intervals are as long as the law lets S change by a moderate factor.
func whileOn(l Law, rate float64, g func(t float64) float64) float64 {
	f := func(t float64) float64 { return math.Exp(-rate*t) * l.Survival(t) * g(t) }
	first := l.Mean()
	sum := layers(f, first)
	const negligible = 1e-18
	for lo, step := first, first; ; lo += step {
		part := quad.Fixed(f, lo, lo+step, nodes, quad.Legendre{}, 0)
		sum += part
		if math.Abs(part) <= negligible*math.Abs(sum) {
			return sum
		}
	}
}
