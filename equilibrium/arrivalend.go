package equilibrium

import "math"

// Hazard is the rate at which the orders end just after a time at which they trade.
func (e *RandomEnd) Hazard(t float64) float64 {
	type part struct{ logarithm, hazard float64 }
	parts, largest := make([]part, len(e.Components)), math.Inf(-1)
	for i, w := range e.Components {
		survival, hazard := w.after(t)
		parts[i] = part{math.Log(w.Weight) + survival, hazard}
		largest = math.Max(largest, parts[i].logarithm)
	}
	sum, weights := 0., 0.
	for _, p := range parts {
		weight := math.Exp(p.logarithm - largest)
		weights += weight
		sum += weight * p.hazard
	}
	return sum / weights
}

// after are the logarithm of the probability that the time is longer than t and the
// rate at which it then ends: with x = νt, ln Σ_{k<n} x^k/k! − x, and ν times the last
// term's part of the sum.
func (w Waiting) after(t float64) (logarithm, hazard float64) {
	rate := float64(w.Stages) / w.Mean
	x, term, sum, scale := rate*t, 1., 1., 0.
	for k := 1; k < w.Stages; k++ {
		term *= x / float64(k)
		if sum += term; sum > 1e200 { // before it overflows
			term, sum, scale = term/1e200, sum/1e200, scale+math.Log(1e200)
		}
	}
	return math.Log(sum) + scale - x, rate * term / sum
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
