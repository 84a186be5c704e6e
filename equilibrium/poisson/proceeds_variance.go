package poisson

import "math"

// ProceedsVariance is the variance of what the sales bring, ∫ e^{−βt} f b dt, at
// prices relative to the fundamental value: of the inventories alone,
//
//	(2NA/K)² 2 ∫∫_{s<t} e^{−β(s+t)} f_s f_t e^{−M(t−s)} v(s) ds dt,
//
// and with the fundamental value, of volatility σ, added. The two are independent.
// A hidden order's is given its duration.
func (v *Inventory) ProceedsVariance(volatility float64) (inventory, total float64) {
	c := v.Market
	push := float64(c.Makers) * c.Pressure()
	inventory = push * push * v.weighted(c.Reversion, func(s *spell) modes { return s.variance })
	total = inventory + volatility*volatility*v.weighted(0, func(s *spell) modes {
		return fading(s.from, 0).plus(fading(1, 0).followed(0)) // the time t
	})
	return inventory, total
}

// weighted is the variance of ∫ e^{−βt} f X dt for a process X whose variance is
// given and whose covariance fades at a rate. With y = Cov(X, ∫),
// y' = −rate y + e^{−βt} f Var X and Var' = 2 e^{−βt} f y.
func (v *Inventory) weighted(rate float64, variance func(*spell) modes) float64 {
	β := v.Market.DiscountRate
	with, sum := 0., 0. // at the beginning of the spell
	for k := range v.spells[:len(v.spells)-1] {
		s := &v.spells[k]
		w := s.sell * math.Exp(-β*s.from)
		y := fading(with, rate).plus(variance(s).faded(β).scaled(w).followed(rate))
		sum += y.faded(β).scaled(2*w).followed(0).at(s.length, s.length)
		with = y.at(s.length, s.length)
	}
	return sum
}
