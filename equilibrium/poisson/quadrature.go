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
// grow.
func whileOn(l Law, rate float64, g func(t float64) float64) float64 {
	return forever(l, func(t float64) float64 { return math.Exp(-rate*t) * l.Survival(t) * g(t) })
}

// forever is ∫₀^∞ f for an f that vanishes like a survival function or its density.
func forever(l Law, f func(t float64) float64) float64 {
	step := l.Mean() / 4
	sum := layers(f, step)
	const negligible = 1e-18
	for lo := step; ; lo += step {
		part := quad.Fixed(f, lo, lo+step, nodes, quad.Legendre{}, 0)
		sum += part
		if math.Abs(part) <= negligible*math.Abs(sum) {
			return sum
		}
	}
}
