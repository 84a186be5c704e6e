package poisson

import (
	"math"

	"walras/equilibrium/cournot"
	"walras/internal/convolve"
	"walras/internal/fixedpoint"
)

// BestRate is f*(D) = P/(2Q), the rate at which an announced seller gains most in a
// duration D ≥ 0 from makers without inventory. It falls from N c λ_S p/2 at D = 0
// (equal rates), while D f*(D), the size sold, rises.
func (c Constants) BestRate(duration float64) float64 {
	if duration == 0 {
		n := float64(c.Makers)
		return n * c.Size * c.SellRate * (c.Reservation + c.B0) / 2
	}
	return c.Sunshine(duration).Seller.Extremum()
}

// MinimumDuration is the shortest time in which a size > 0 is worth selling: with
// less the seller gains more from a smaller size. It solves D f*(D) = size.
func (c Constants) MinimumDuration(size float64) float64 {
	surplus := func(d float64) float64 { return d*c.BestRate(d) - size }
	return rising(surplus, size/c.BestRate(0))
}

// rising is the root of an increasing function on (0, ∞), looked for from a guess.
func rising(f func(float64) float64, guess float64) float64 {
	lo, hi := guess, guess
	for f(lo) > 0 {
		lo /= 2
	}
	for f(hi) < 0 {
		hi *= 2
	}
	return fixedpoint.Root(f, lo, hi)
}

// StealthCost is Q̃ − E Q(D) > 0: what hiding costs a seller, per squared rate, in
// comparison with announcing durations of the same law. Hidden sellers sell more
// when makers have much left to unload.
func (c Constants) StealthCost(law Exponential) float64 {
	β, δ, M, ν := c.DiscountRate, c.Delta, c.Reversion, 1/law.MeanDuration
	return 2 * c.A * c.Small / (c.K * c.K) * c.Kappa * M * ν / ((β + ν) * (β + ν + M) * (ν + δ) * (β + ν + M + δ))
}

// MeanPerTime is the mean over a law of the duration of an announced seller's gain
// per time, E[P(D)/D] and E[Q(D)/D].
func (c Constants) MeanPerTime(law Law) cournot.Gain {
	if l, ok := law.(Deterministic); ok {
		g := c.Sunshine(l.Duration).Seller
		return cournot.Gain{Linear: g.Linear / l.Duration, Square: g.Square / l.Duration, Slope: g.Slope / l.Duration}
	}
	mean := func(of func(cournot.Gain) float64) float64 {
		return forever(law, func(d float64) float64 { return law.Density(d) * of(c.sells(c.DiscountRate, d)) / d })
	}
	return cournot.Gain{
		Linear: mean(func(g cournot.Gain) float64 { return g.Linear }),
		Square: mean(func(g cournot.Gain) float64 { return g.Square }),
		Slope:  mean(func(g cournot.Gain) float64 { return g.Slope }),
	}
}

// sells is the gain of an announced seller, discounted at a rate.
func (c Constants) sells(rate, duration float64) cournot.Gain {
	one := flow{sell: 1}
	return c.before(c.known(1, 0), c.effects(c.trader(), one, one), cournot.Gain{}, rate,
		func(rates ...float64) float64 { return convolve.Exponentials(duration, rates...) })
}

// MeanBid is what an announced seller of this rate gets for a unit on average over
// time, discounted: ∫e^{−βt}E b dt / h_β(D).
func (c Constants) MeanBid(order cournot.Order, inventory float64) float64 {
	g := c.sells(c.DiscountRate, order.Duration).At(inventory)
	return (g.Linear+g.Square*order.Rate)/convolve.H(c.DiscountRate, order.Duration) - c.Reservation
}

// AverageImpact is how much worse than the fundamental value an announced order
// trades, in the measures of the flow market. An order of rate 0 pays the average
// of a small seller.
func (c Constants) AverageImpact(o cournot.Order, inventory float64) cournot.AverageImpact {
	if o.Rate < 0 { // a buyer is a seller in the mirror
		return c.Mirror().Constants(c.Concept).AverageImpact(cournot.Order{Rate: -o.Rate, Duration: o.Duration}, -inventory)
	}
	surplus := func(rate float64) float64 {
		g := c.sells(rate, o.Duration).At(inventory)
		return (g.Linear + g.Square*o.Rate) / o.Duration
	}
	discounted, p := surplus(c.DiscountRate), c.Reservation
	return cournot.AverageImpact{
		Discounted:   p*convolve.H(c.DiscountRate, o.Duration)/o.Duration - discounted,
		Undiscounted: p - surplus(0),
		Shortfall:    p - discounted,
	}
}

// MakersNeverLose is the left side of (*), (N−1)(N+1+2cA) + (1+cA)(1 − (N+2cA)²/2).
// Where it is positive, makers gain from every seller under published, announced or
// hidden by an exponential law; the remnant of a condition on slide 40.
func (c Constants) MakersNeverLose() float64 {
	n, cA := float64(c.Makers), c.Size*c.A
	return (n-1)*c.K + (1+cA)*(1-c.Small*c.Small/2)
}

// MakersLoseAbove is the rate f > 0 above which makers who hold inventory lose from
// the seller; +Inf if there is none.
func (g Gains) MakersLoseAbove(inventory float64) float64 {
	at := g.Maker.At(inventory)
	if at.Square >= 0 {
		return math.Inf(1)
	}
	return at.ChangeOfSign()
}

// UsersGainAbove is f̂, the rate f > 0 above which the end users as a whole gain from
// the seller, slide 41, when every maker holds inventory; 0 if from any.
func (g Gains) UsersGainAbove(inventory float64) float64 {
	return math.Max(0, g.Users.At(inventory).ChangeOfSign())
}

// MidSlope is dE(mid)/dt just after a seller of this order is announced, with makers
// who hold inventory. Without inventory and with equal rates
//
//	−(2A m f/K²)[β(1 − κe^{−δD}) + κ(1−κ)M e^{−δD}]/δ ≤ 0,
//
// so that the mid always falls at first.
func (c Constants) MidSlope(o cournot.Order, inventory float64) float64 {
	n, e := float64(c.Makers), math.Exp(-c.Delta*o.Duration)
	apart := c.apart()
	falls := c.DiscountRate*(apart-c.Kappa*math.Expm1(-c.Delta*o.Duration)) + c.Kappa*apart*c.Reversion*e
	return -2*c.A*c.Small/(c.K*c.K)*o.Rate*falls/c.Delta - 2*c.A*n/c.K*(c.drift()-c.Reversion*inventory)
}

// apart is 1 − κ: (N−1)/K published, 0 open_loop.
func (c Constants) apart() float64 {
	if c.Concept == cournot.OpenLoop {
		return 0
	}
	return float64(c.Makers-1) / c.K
}

// reversal is M/(f m/(NK)) times the mean inventory that a seller leaves at D, which
// exceeds 1 − κ exactly if the mid rises at the end.
func (c Constants) reversal(duration float64) float64 {
	β, δ, M := c.DiscountRate, c.Delta, c.Reversion
	return M / δ * (β*convolve.H(M, duration) + c.Kappa*M*convolve.H(M+δ, duration))
}

// Reverts says whether mid, bid and ask rise again before an announced seller stops
// at the duration, for equal rates and makers without inventory.
func (c Constants) Reverts(duration float64) bool { return c.reversal(duration) > c.apart() }

// ReversalDuration is the duration above which they do: finite always, and 0 for
// N = 1 and under open_loop. A hidden seller's mid falls until it stops.
func (c Constants) ReversalDuration() float64 {
	if c.apart() == 0 {
		return 0
	}
	// The reversal grows from 0, with slope M, to (β+M)/(M+δ) > 1 − κ.
	excess := func(d float64) float64 { return c.reversal(d) - c.apart() }
	return rising(excess, c.apart()/c.Reversion)
}
