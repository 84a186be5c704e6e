package poisson

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// nodes and weights of the Gauss–Legendre rule on [−1, 1].
var nodes, weights = legendre(20)

func legendre(n int) (x, w []float64) {
	x, w = make([]float64, n), make([]float64, n)
	quad.Legendre{}.FixedLocations(x, w, -1, 1)
	return x, w
}

// gauss is ∫f from lo to hi for an f that is smooth there.
func gauss(f func(s float64) float64, lo, hi float64) float64 {
	sum, half := 0., (hi-lo)/2
	for k, x := range nodes {
		sum += weights[k] * f(lo+half*(1+x))
	}
	return half * sum
}

// layers is ∫₀ᵘ f for an f that is smooth but for layers at 0 of any width down to
// u/10⁸, on intervals each twice as long as the one before it.
func layers(f func(s float64) float64, u float64) float64 {
	sum, hi := 0., u
	for ; hi > u*1e-9; hi /= 2 {
		sum += gauss(f, hi/2, hi)
	}
	return sum + gauss(f, 0, hi)
}

// whileOn is ∫₀^∞ e^{−rate t} P(D > t) g(t)dt by quadrature, for a g that does not
// grow.
func whileOn(l Law, rate float64, g func(t float64) float64) float64 {
	return forever(l, func(t float64) float64 { return math.Exp(-rate*t) * l.Survival(t) * g(t) })
}

// forever is ∫₀^∞ f for an f that vanishes like a survival function or its density.
func forever(l Law, f func(t float64) float64) float64 {
	mean := l.Mean()
	const negligible, growth = 1e-18, 1.1
	step := mean / 4
	sum := layers(f, step)
	for lo := step; ; {
		part := gauss(f, lo, lo+step)
		sum += part
		if lo > mean && !(math.Abs(part) > negligible*math.Abs(sum)) { // or one is no number
			return sum
		}
		lo += step
		if lo > 2*mean {
			step *= growth
		}
	}
}
