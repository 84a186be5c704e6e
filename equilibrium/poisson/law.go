package poisson

import (
	"fmt"
	"math"
	"slices"

	"walras/internal/convolve"
)

// Law is the law of the time D at which a hidden order stops, as makers know it.
// It is one of [Exponential], [Erlang], [Hyperexponential], [Deterministic] and
// [General].
type Law interface {
	Validate() error            // a *ParameterError for the first parameter outside its range
	Mean() float64              // E D
	Survival(t float64) float64 // P(D > t)
	Density(t float64) float64  // of D, 0 for Deterministic

	// expect is E[X(D − t) | D > t], X the convolution of e^{−rs} over the rates.
	expect(t float64, rates ...float64) float64
	// whileOn is ∫₀^∞ e^{−rate t} P(D > t) g(t)dt for a g that depends on time only
	// through what is known at t of the time left.
	whileOn(rate float64, g func(t float64) float64) float64
}

// Hazard is the rate at which an order that goes on at t stops; NaN where P(D > t) is
// too small for a number.
func Hazard(l Law, t float64) float64 { return l.Density(t) / l.Survival(t) }

// Exponential is the law of an order that stops at a constant rate ν = 1/mean.
type Exponential struct {
	MeanDuration float64 // 1/ν > 0
}

// Validate returns a *ParameterError unless the mean is positive and finite.
func (l Exponential) Validate() error { return positive("MeanDuration", l.MeanDuration) }

// Mean is 1/ν.
func (l Exponential) Mean() float64 { return l.MeanDuration }

// Survival is e^{−νt}.
func (l Exponential) Survival(t float64) float64 { return math.Exp(-t / l.MeanDuration) }

// Density is ν e^{−νt}.
func (l Exponential) Density(t float64) float64 { return l.Survival(t) / l.MeanDuration }

func (l Exponential) expect(_ float64, rates ...float64) float64 {
	ν := 1 / l.MeanDuration
	x := ν
	for _, r := range rates {
		x /= ν + r
	}
	return x
}

func (l Exponential) whileOn(rate float64, g func(t float64) float64) float64 {
	return g(0) / (rate + 1/l.MeanDuration)
}

// Erlang is the law of an order that stops after stages of the same exponential
// law, none of which is observed.
type Erlang struct {
	Stages       int     // ≥ 1
	MeanDuration float64 // of all stages, > 0
}

// Validate returns a *ParameterError for the first field outside its range.
func (l Erlang) Validate() error {
	if l.Stages < 1 {
		return &ParameterError{Name: "Stages", Value: float64(l.Stages), Limit: "at least 1"}
	}
	return positive("MeanDuration", l.MeanDuration)
}

// Mean is that of all stages.
func (l Erlang) Mean() float64 { return l.MeanDuration }

// passed are the weights e^{−x}x^j/j!, x = νt, of j stages passed and at least one to
// come, divided by the largest, and its logarithm.
func (l Erlang) passed(t float64) (weights []float64, logarithm float64) {
	const endless = 1e300 // at which nothing is left; Inf − Inf is no number
	x := math.Min(t*float64(l.Stages)/l.MeanDuration, endless)
	weights = make([]float64, l.Stages)
	top := int(math.Min(x, float64(l.Stages-1)))
	weights[top] = 1
	for j := top; j > 0; j-- {
		weights[j-1] = weights[j] * float64(j) / x
	}
	for j := top + 1; j < l.Stages; j++ {
		weights[j] = weights[j-1] * x / float64(j)
	}
	logarithm = -x
	if top > 0 {
		factorial, _ := math.Lgamma(float64(top + 1))
		logarithm += float64(top)*math.Log(x) - factorial
	}
	return weights, logarithm
}

// Survival is e^{−νt} Σ_j (νt)^j/j! over j less than the stages, ν = stages/mean.
func (l Erlang) Survival(t float64) float64 {
	weights, logarithm := l.passed(t)
	return math.Exp(logarithm) * total(weights)
}

// Density is ν e^{−νt}(νt)^j/j! for all stages but one.
func (l Erlang) Density(t float64) float64 {
	weights, logarithm := l.passed(t)
	return float64(l.Stages) / l.MeanDuration * math.Exp(logarithm) * weights[l.Stages-1]
}

// expect mixes the stages to come by their weights. With n of them
//
//	E X(D) = ν^n Π 1/(ν+r) Σ of all products of n−1 of the 1/(ν+r), repetition allowed.
func (l Erlang) expect(t float64, rates ...float64) float64 {
	ν := float64(l.Stages) / l.MeanDuration
	products := make([]float64, l.Stages) // of degree k
	products[0] = 1
	factor := ν
	for _, r := range rates {
		y := ν / (ν + r)
		factor /= ν + r
		for k := 1; k < l.Stages; k++ {
			products[k] += y * products[k-1]
		}
	}
	weights, _ := l.passed(t)
	sum := 0.
	for j, w := range weights {
		sum += w * products[l.Stages-1-j]
	}
	return factor * sum / total(weights)
}

func (l Erlang) whileOn(rate float64, g func(t float64) float64) float64 {
	return whileOn(l, rate, g)
}

// Hyperexponential is the law of an order that is one of several kinds, each of
// which stops at a rate of its own; which it is nobody sees.
type Hyperexponential struct {
	Weights []float64 // > 0; their sum need not be 1
	Means   []float64 // > 0, one for each weight
}

// Validate returns a *ParameterError for the first field outside its range.
func (l Hyperexponential) Validate() error {
	if len(l.Weights) == 0 || len(l.Means) != len(l.Weights) {
		return &ParameterError{Name: "Means", Value: float64(len(l.Means)), Limit: fmt.Sprintf("as many as weights, %d, and at least 1", len(l.Weights))}
	}
	for i := range l.Weights {
		if err := positive(fmt.Sprintf("Weights[%d]", i), l.Weights[i]); err != nil {
			return err
		}
		if err := positive(fmt.Sprintf("Means[%d]", i), l.Means[i]); err != nil {
			return err
		}
	}
	return nil
}

// Mean is the weighted mean.
func (l Hyperexponential) Mean() (mean float64) {
	for i, w := range l.Weights {
		mean += w * l.Means[i]
	}
	return mean / total(l.Weights)
}

// Survival is Σ w_i e^{−t/mean_i}.
func (l Hyperexponential) Survival(t float64) (s float64) {
	for i, w := range l.Weights {
		s += w * math.Exp(-t/l.Means[i])
	}
	return s / total(l.Weights)
}

// Density is Σ w_i e^{−t/mean_i}/mean_i.
func (l Hyperexponential) Density(t float64) (d float64) {
	for i, w := range l.Weights {
		d += w * math.Exp(-t/l.Means[i]) / l.Means[i]
	}
	return d / total(l.Weights)
}

// expect mixes the kinds by their weights at t, which are those of who goes on.
func (l Hyperexponential) expect(t float64, rates ...float64) float64 {
	longest := slices.Max(l.Means)
	sum, weights := 0., 0.
	for i, mean := range l.Means {
		w := l.Weights[i] * math.Exp(-t*(longest-mean)/(longest*mean))
		weights += w
		sum += w * Exponential{MeanDuration: mean}.expect(0, rates...)
	}
	return sum / weights
}

func (l Hyperexponential) whileOn(rate float64, g func(t float64) float64) float64 {
	return whileOn(l, rate, g)
}

// Deterministic is the law of an order that everybody knows to stop at one time:
// the limit in which hiding it is announcing it.
type Deterministic struct {
	Duration float64 // D > 0
}

// Validate returns a *ParameterError unless the duration is positive and finite.
func (l Deterministic) Validate() error { return positive("Duration", l.Duration) }

// Mean is the duration.
func (l Deterministic) Mean() float64 { return l.Duration }

// Survival is 1 before the end.
func (l Deterministic) Survival(t float64) float64 {
	if t < l.Duration {
		return 1
	}
	return 0
}

// Density is 0: all probability is at one time.
func (l Deterministic) Density(float64) float64 { return 0 }

func (l Deterministic) expect(t float64, rates ...float64) float64 {
	return convolve.Exponentials(math.Max(0, l.Duration-t), rates...)
}

func (l Deterministic) whileOn(rate float64, g func(t float64) float64) float64 {
	return layers(func(s float64) float64 {
		return math.Exp(-rate*s)*g(s) + math.Exp(-rate*(l.Duration-s))*g(l.Duration-s)
	}, l.Duration/2)
}

func total(weights []float64) (sum float64) {
	for _, w := range weights {
		sum += w
	}
	return sum
}
