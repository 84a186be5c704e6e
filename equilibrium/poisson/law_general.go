package poisson

import "walras/internal/convolve"

// General is a law known by its functions alone, smooth and on times of the order of
// its mean. Everything that it anticipates is computed by quadrature, which is slow
// for what a hidden order gains; the laws with a name are exact.
type General struct {
	MeanDuration float64                 // E D > 0
	Survives     func(t float64) float64 // P(D > t)
	Ends         func(t float64) float64 // density of D
}

// Validate returns a *ParameterError unless the mean is positive and finite and the
// functions begin as those of a duration do.
func (l General) Validate() error {
	if err := positive("MeanDuration", l.MeanDuration); err != nil {
		return err
	}
	if s := l.Survives(0); s != 1 {
		return &ParameterError{Name: "Survives(0)", Value: s, Limit: "1"}
	}
	if d := l.Ends(l.MeanDuration); !(d >= 0) {
		return &ParameterError{Name: "Ends(MeanDuration)", Value: d, Limit: "0 or more"}
	}
	return nil
}

// Mean is E D.
func (l General) Mean() float64 { return l.MeanDuration }

// Survival is P(D > t).
func (l General) Survival(t float64) float64 { return l.Survives(t) }

// Density is that of D.
func (l General) Density(t float64) float64 { return l.Ends(t) }

func (l General) expect(t float64, rates ...float64) float64 {
	return forever(l, func(left float64) float64 {
		return l.Ends(t+left) * convolve.Exponentials(left, rates...)
	}) / l.Survives(t)
}

func (l General) whileOn(rate float64, g func(t float64) float64) float64 {
	return whileOn(l, rate, g)
}
