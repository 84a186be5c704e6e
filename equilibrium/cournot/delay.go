package cournot

import (
	"fmt"
	"math"
	"slices"

	"walras/clock"
)

// Reading is what makers keep doing while they do not know of a large order.
type Reading int

// The two readings, and how scenarios spell them. In one the seller loses by not
// being known, in the other it gains.
const (
	Quantities Reading = iota // quantity: makers trade what they would; small sellers are crowded out
	Quotes                    // quote: makers keep their prices and take what comes
)

var readings = []string{Quantities: "quantity", Quotes: "quote"}

// String is the reading as scenarios spell it.
func (r Reading) String() string {
	if r < 0 || int(r) >= len(readings) {
		return fmt.Sprintf("Reading(%d)", int(r))
	}
	return readings[r]
}

// ParseReading is the reading that scenarios spell so.
func ParseReading(name string) (Reading, error) {
	if i := slices.Index(readings, name); i >= 0 {
		return Reading(i), nil
	}
	return 0, fmt.Errorf("cournot: before = %q: must be quantity or quote", name)
}

// Delayed is a sell order at a constant rate that makers learn of, with its rate
// and end, only at time τ. Until then they follow their policy for an idle
// market; they start without inventories. With τ = 0 the order is announced at
// once, with τ ≥ d never.
type Delayed struct {
	Market  Constants
	Order   Order   // Rate f ≥ 0
	Delay   float64 // τ ≥ 0
	Reading Reading
}

// Validate returns a *ParameterError for the first field outside its range.
func (o Delayed) Validate() error {
	if err := o.Order.Validate(); err != nil {
		return err
	}
	if o.Order.Rate < 0 {
		return &ParameterError{Name: "Rate", Value: o.Order.Rate, Limit: "0 or more"}
	}
	if !(o.Delay >= 0) {
		return &ParameterError{Name: "Delay", Value: o.Delay, Limit: "0 or more"}
	}
	return nil
}

// hidden is how long the order trades without being known.
func (o Delayed) hidden() float64 { return math.Min(o.Delay, o.Order.Duration) }

// known is the market from the time on at which the order is known or over.
func (o Delayed) known() *Public {
	hidden := o.hidden()
	orders := Orders{Inventory: o.unaware(hidden).Inventory}
	if left := o.Order.Duration - hidden; left > 0 {
		orders.Sells = []clock.Schedule{{{To: left, Rate: o.Order.Rate}}}
	}
	return o.Market.Announce(orders)
}

// unaware is the market at a time t when makers do not know of the order. Under
// Quantities they buy what they sell, and stay without inventories,
//
//	i = 0,              p^b = −ω/(N+1) − f/δ,
//
// under Quotes small traders see the prices of an idle market,
//
//	i = (f/N) h_M(t),   p^b = −ω/(N+1) − B_θ f h_M(t).
func (o Delayed) unaware(t float64) Moment {
	c, f := &o.Market, o.Order.Rate
	n, _ := c.counts()
	if o.Reading == Quantities {
		m := c.moment(0, 0, 0, 0)
		m.Bid -= f / c.Activity
		m.InvestorsSell -= f
		return m
	}
	m := c.moment(0, 0, 0, f/n*h(c.M, t))
	m.MakerBuys += f / n
	return m
}

// At is the market at time t ≥ 0; at τ and d just after.
func (o Delayed) At(t float64) Moment {
	if hidden := o.hidden(); t >= hidden {
		return o.known().At(t - hidden)
	}
	return o.unaware(t)
}

// Before is the market just before time t > 0.
func (o Delayed) Before(t float64) Moment {
	if hidden := o.hidden(); t > hidden {
		return o.known().Before(t - hidden)
	}
	return o.unaware(t)
}

// Gain is what the seller gains, P f − Q_delay f², with P that of an announced
// order and
//
//	Quantities: Q_delay = h_β(τ)/δ + e^{−βτ}Q(d−τ),
//	Quotes:     Q_delay = B_θ X2(0,M+β,β;τ) + e^{−βτ}[Q(d−τ) + B_θ h_M(τ)h_{β+M}(d−τ)].
func (o Delayed) Gain() Gain { return o.gain(o.Market.DiscountRate) }

// gain is that with prices discounted at the rate β, in the makers' market.
func (o Delayed) gain(β float64) Gain {
	c, d, τ := &o.Market, o.Order.Duration, o.hidden()
	n, n1 := c.counts()
	slope := c.priceSlope(β, d-τ)
	var before float64
	if o.Reading == Quantities {
		before = h(β, τ) / c.Activity
	} else {
		before = c.Pressure * x2(0, c.M+β, β, τ)
		slope += c.Pressure * h(c.M, τ) * h(β+c.M, d-τ)
	}
	return Gain{
		Linear: n * c.Reservation * h(β, d) / n1,
		Square: -(before + math.Exp(-β*τ)*slope),
	}
}

// Execution is what the seller gets.
func (o Delayed) Execution() Execution {
	c, f, d := &o.Market, o.Order.Rate, o.Order.Duration
	β := c.DiscountRate
	impact := func(β float64) float64 { return (c.HalfSpread*h(β, d) - f*o.gain(β).Square) / d }
	return Execution{
		Quantity: f * d, Proceeds: o.Gain().Of(f, 0),
		AverageImpact: AverageImpact{
			Discounted: impact(β), Undiscounted: impact(0),
			Shortfall: impact(β) + c.Reservation*β*x2(0, 0, β, d)/d,
		},
	}
}

// MakerGain is what the order is worth to one maker: its value with it less its
// value without. While the order is hidden a maker earns fω/(N+1) more per time
// under Quantities, from the lower bid, and under Quotes (f/N)(ω/(N+1) + B_θ f h_M)
// for what it buys, and pays for holding that.
func (o Delayed) MakerGain() float64 {
	c, f, τ := &o.Market, o.Order.Rate, o.hidden()
	n, _ := c.counts()
	β := c.DiscountRate
	before := f * c.HalfSpread * h(β, τ)
	if o.Reading == Quotes {
		before = f / n * (c.HalfSpread*h(β, τ) + c.Pressure*f*x2(0, c.M+β, β, τ))
	}
	return before + o.gainFromHolding(-c.Curvature) + math.Exp(-β*τ)*o.known().MakerGain()
}

// InvestorsGain is what the order is worth to the end investors together. While
// it is hidden they lose at the bid under Quantities, and under Quotes gain from
// makers who are eager to sell.
func (o Delayed) InvestorsGain() float64 {
	c, f, τ := &o.Market, o.Order.Rate, o.hidden()
	n, n1 := c.counts()
	β := c.DiscountRate
	before := 0.
	if o.Reading == Quantities {
		before = f * (f/(2*c.Activity) - n*c.Reservation/n1) * h(β, τ)
	}
	return before + o.gainFromHolding(c.InvestorCurvature) + math.Exp(-β*τ)*o.known().InvestorsGain()
}

// gainFromHolding is the part of a gain that is due to the inventories i which
// makers take in before τ: ∫₀^τ e^{−βt}(β+2M)F i²dt + e^{−βτ}F i(τ)² when an idle
// market is worth F i².
func (o Delayed) gainFromHolding(curvature float64) float64 {
	if o.Reading == Quantities {
		return 0
	}
	c, τ := &o.Market, o.hidden()
	n, _ := c.counts()
	β, M := c.DiscountRate, c.M
	held := o.Order.Rate / n
	during := 2 * x3(0, β, M+β, 2*M+β, τ) // ∫₀^τ e^{−βt}h_M(t)²dt
	after := math.Exp(-β*τ) * h(M, τ) * h(M, τ)
	return curvature * held * held * ((β+2*M)*during + after)
}
