package poisson

import (
	"math"

	"walras/internal/rungekutta"
)

// Unconditional are the moments at time t when a hidden order sells (buys, if
// negative) at that rate and its duration is random: of the part of paths where it
// goes on, which has weight S(t), and of the rest. They are exact for an
// [Exponential] law and a [Deterministic] one, which hides nothing; for others the
// equations of both parts are integrated numerically, to about 1e-11.
func (c Constants) Unconditional(law Law, rate, initial, t float64) Moments {
	if l, sure := law.(Deterministic); sure {
		return c.Known(Constantly(rate, l.Duration), initial).At(t)
	}
	var going, over [5]float64
	if l, memoryless := law.(Exponential); memoryless {
		going, over = c.partsExactly(l, rate, initial, t)
	} else {
		going, over = c.parts(law, rate, initial, t)
	}
	var m Moments
	for n := range m.Raw {
		m.Raw[n] = going[n] + over[n]
	}
	m.Mean = m.Raw[1]
	m.Variance = m.Raw[2] - m.Mean*m.Mean

	// The quotes depend on whether the order goes on, and that goes with inventory.
	sell, buy, left := math.Max(rate, 0), math.Max(-rate, 0), going[0]
	B, ended := c.HiddenAnticipation(law, rate, t)-c.B0, 1-left
	c.quoted(&m, c.B0+B*left, sell*left, buy*left)
	jump := c.Quotes(c.B0+B, sell, buy, 0).Mid() - c.Quotes(c.B0, 0, 0, 0).Mid()
	push := float64(c.Makers) * c.Pressure()
	with := going[1] - m.Mean*left
	m.PriceDeviation = math.Sqrt(math.Max(0, push*push*m.Variance+jump*jump*left*ended-2*push*jump*with))
	return m
}

// partsExactly are E Iⁿ while an order of exponential law goes on, and after it.
func (c Constants) partsExactly(law Exponential, rate, initial, t float64) (going, over [5]float64) {
	hazard, forever := 1/law.MeanDuration, math.Inf(1)
	on := &Inventory{Market: c, Initial: initial, spells: []spell{c.hiddenSpell(law, rate)}}
	on.solve()
	weights := c.weights(c.jumpModes(&spell{}))
	var after [5]modes
	for n := range after {
		during := on.spells[0].raw[n].faded(hazard)
		after[n] = during.scaled(hazard).plus(c.scattered(n, after, weights)).followed(c.decay(n))
		going[n], over[n] = during.at(t, forever), after[n].at(t, forever)
	}
	return going, over
}

// unconditionalError is that of a step of parts, relative to sizes of the moments.
const unconditionalError = 1e-12

// parts integrates the moments g_n given that the order goes on, and those of the
// rest, o_n' = density g_n + ….
func (c Constants) parts(law Law, rate, initial, t float64) (going, over [5]float64) {
	sell, buy := math.Max(rate, 0), math.Max(-rate, 0)
	drift, idle := rate/float64(c.Makers), c.Policy(c.B0, 0, 0)
	// State and slope are g_0, …, g_4, o_0, …, o_4.
	slope := func(t float64, x, out []float64) {
		policy := c.Policy(c.HiddenAnticipation(law, rate, t), sell, buy)
		ends := law.Density(t)
		on, off := [5]float64(x[:5]), [5]float64(x[5:])
		for n := range on {
			out[n] = c.scatter(n, on, policy) - c.decay(n)*on[n]
			if n > 0 {
				out[n] += float64(n) * drift * on[n-1]
			}
			out[5+n] = ends*on[n] + c.scatter(n, off, idle) - c.decay(n)*off[n]
		}
	}
	state := []float64{1, initial, sq(initial), initial * sq(initial), sq(sq(initial)), 0, 0, 0, 0, 0}
	unit := math.Abs(idle.Sells) + math.Abs(initial) + math.Abs(drift)*math.Min(t, 1/c.Reversion)
	sizes := make([]float64, len(state))
	for i := range sizes {
		sizes[i] = math.Pow(unit, float64(i%5))
	}
	rungekutta.New(slope, len(state)).Advance(0, t, state, sizes, unconditionalError)
	survival := law.Survival(t)
	for n := range going {
		going[n], over[n] = survival*state[n], state[5+n]
	}
	return going, over
}
