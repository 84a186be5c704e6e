package poisson

import (
	"walras/equilibrium/cournot"
	"walras/internal/convolve"
)

// Gains are what a large seller of constant rate f adds from time 0 on, when every
// maker holds i: Linear f + Square f² + Slope f i. A buyer is a seller in the
// [Model.Mirror] where makers hold −i.
type Gains struct {
	Seller cournot.Gain // to the seller, over the reservation value: P f − Q f² − R f i
	Maker  cournot.Gain // to one maker: c1, c2 and B/f
	Users  cournot.Gain // to all end users: X, Y and W
}

// Mirror is the market with buyers and sellers exchanged.
func (m Model) Mirror() Model {
	m.BuyRate, m.SellRate = m.SellRate, m.BuyRate
	return m
}

// each forms the gain of every payoff.
func (c Constants) each(gain func(effects) cournot.Gain) Gains {
	of := func(p payoff) cournot.Gain { return gain(c.effects(p, flow{sell: 1}, flow{sell: 1})) }
	return Gains{Seller: of(c.trader()), Maker: of(c.makers()), Users: of(c.users())}
}

// Sunshine are the gains of a seller who announces at time 0 to stop at the
// duration, slides 20 and 26.
func (c Constants) Sunshine(duration float64) Gains {
	return c.announced(func(rates ...float64) float64 { return convolve.Exponentials(duration, rates...) })
}

// MeanSunshine is the mean of Sunshine over a law of the duration.
func (c Constants) MeanSunshine(law Law) Gains {
	return c.announced(func(rates ...float64) float64 { return law.expect(0, rates...) })
}

func (c Constants) announced(x convolution) Gains {
	return c.each(func(e effects) cournot.Gain {
		return c.before(c.known(1, 0), e, cournot.Gain{}, c.DiscountRate, x)
	})
}

// Stealth are the gains of a seller who hides when to stop, and whose law the
// market knows, slides 20 and 26.
func (c Constants) Stealth(law Law) Gains {
	return c.each(func(e effects) cournot.Gain { return c.hidden(e, law) })
}

// StealthGiven are the gains of a hidden seller given that it stops at the
// duration, while the market knows the law alone.
func (c Constants) StealthGiven(law Exponential, duration float64) Gains {
	anticipated := -c.KB * law.expect(0, 0, c.Delta)
	return c.each(func(e effects) cournot.Gain {
		return c.before(c.constant(1, anticipated), e, cournot.Gain{}, c.DiscountRate,
			func(rates ...float64) float64 { return convolve.Exponentials(duration, rates...) })
	})
}
