package analysis

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/montecarlo"
)

// Reliable is the number of independent observations from which second moments,
// and standard errors estimated from the sample, are judged under Brownian shocks.
const Reliable = 1000

// gaussianSquare is the excess kurtosis of the square of a Gaussian.
const gaussianSquare = 12

// normal reports whether the mean of n observations with this excess kurtosis is as
// near to normal as the variance of a Gaussian from Reliable observations: z is
// compared with normal quantiles only then. The kurtosis of a mean falls as 1/n.
func normal(kurtosis, n float64) bool { return kurtosis*Reliable <= gaussianSquare*n }

// product is what is known of the product of two centred quantities: their
// variances and covariance, their fourth cumulant κ(a,a,b,b), and the excess
// kurtosis to be reckoned with.
type product struct{ va, vb, c, fourth, kurtosis float64 }

// square is the product of a quantity with itself.
func (s Shape) square(variance float64) product {
	return product{variance, variance, variance, s.Fourth * variance * variance, s.ofSquare()}
}

// product is that of the inventories a and b with covariance v: no more is asked of
// a covariance than of both variances.
func (c Cumulants) product(v mat.Symmetric, a, b int) product {
	kurtosis := math.Max(c.Inventory[a].ofSquare(), c.Inventory[b].ofSquare())
	return product{v.At(a, a), v.At(b, b), v.At(a, b), c.Joint.At(a, b), kurtosis}
}

// Enough reports whether so many independent observations of what paths end with
// are enough to judge their mean by a standard error from the sample.
func Enough(sim *montecarlo.Simulation, observations int64) bool {
	return normal(ofPaths(sim), float64(observations))
}

// ofPaths is the excess kurtosis to be reckoned with in what paths end with, which
// is quadratic in the inventories: at least that of their squares at the
// horizon, and that of the square of a sum of as many jumps as a path has, counted
// with their discount, (1 − e^{−rT})ν/r. (For λ jumps the latter is below
// 12(1 + 6/λ), and tends to it as λ grows.) An investor who comes is such a jump.
func ofPaths(sim *montecarlo.Simulation) float64 {
	largest := float64(gaussianSquare)
	if sim.Arrivals != nil {
		return largest * (1 + 6/counted(sim, sim.Arrivals.Investors.Rate()))
	}
	if sim.JumpRate == 0 {
		return largest
	}
	horizon := CumulantsAt(sim.Play, sim.Covariance, sim.JumpRate, []int{sim.Clock.Steps})[0]
	largest *= 1 + 6/counted(sim, sim.JumpRate)
	for _, s := range horizon.Inventory {
		largest = math.Max(largest, s.ofSquare())
	}
	return largest
}

// counted is how many jumps a path has at this rate, counted with their discount.
func counted(sim *montecarlo.Simulation, rate float64) float64 {
	r, horizon := sim.Clock.DiscountRate, sim.Clock.At(sim.Clock.Steps).Time
	if r == 0 {
		return rate * horizon
	}
	return -rate * math.Expm1(-r*horizon) / r
}
