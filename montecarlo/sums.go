package montecarlo

import "walras/internal/kernel"

// addMoments adds Σ(x − centre) and Σ(x − centre)².
func (w *worker) addMoments(sum, square int, x []float64, centre float64) {
	shifted := w.shifted[:len(x)]
	kernel.Shift(shifted, x, centre)
	w.add[sum].Sum(shifted)
	w.add[square].Product(shifted, shifted)
}

// observations are the values of independent paths: the paths themselves, or
// the means of antithetic pairs.
func (w *worker) observations(x []float64) []float64 {
	if !w.sim.Antithetic {
		return x
	}
	pairs := w.pairs[:len(x)/2]
	for j := range pairs {
		pairs[j] = (x[2*j] + x[2*j+1]) / 2
	}
	return pairs
}
