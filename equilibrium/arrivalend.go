package equilibrium

import "math"

// Hazard is the rate at which the orders end just after a time at which they trade.
func (e *RandomEnd) Hazard(t float64) float64 {
	density, survival := 0., 0.
	// Terms are taken relative to the slowest, so that far out nothing is 0/0.
	slowest := math.Inf(1)
	for _, w := range e.Components {
		slowest = math.Min(slowest, float64(w.Stages)/w.Mean)
	}
	for _, w := range e.Components {
		rate := float64(w.Stages) / w.Mean
		term := w.Weight * math.Exp((slowest-rate)*t)
		for k := range w.Stages { // (νt)^k/k!, and the last is that of the density
			if k > 0 {
				term *= rate * t / float64(k)
			}
			survival += term
		}
		density += rate * term
	}
	return density / survival
}

// reversion is the largest rate at which investors change what makers hold.
func (a *Arrivals) reversion() float64 {
	largest := 0.
	for _, m := range a.Makers {
		sum := 0.
		for _, slope := range m.Slopes {
			sum += math.Abs(slope)
		}
		largest = math.Max(largest, sum)
	}
	return a.Investors.Rate() * largest * math.Max(1, largest)
}
