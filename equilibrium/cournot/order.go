package cournot

import "math"

// Gain is what an order adds to somebody's value at its announcement:
// Linear·|f| + Square·f² + Slope·f·i for the rate f and makers with inventory i.
// It is the difference to a market without the order, and is never formed by
// subtracting values, which are of order 1/β.
type Gain struct {
	Linear float64 // money per rate
	Square float64 // money per rate squared
	Slope  float64 // money per rate and inventory
}

// Of is the gain of an order of this rate when every maker holds inventory.
func (g Gain) Of(rate, inventory float64) float64 {
	return g.Linear*math.Abs(rate) + g.Square*rate*rate + g.Slope*rate*inventory
}

// At is the gain as a function of the rate f > 0 alone, at an inventory.
func (g Gain) At(inventory float64) Gain {
	return Gain{Linear: g.Linear + g.Slope*inventory, Square: g.Square}
}

// Extremum is the rate f > 0 at which the gain turns, without inventories.
func (g Gain) Extremum() float64 { return -g.Linear / (2 * g.Square) }

// ChangeOfSign is the rate f > 0 at which the gain is 0, without inventories.
func (g Gain) ChangeOfSign() float64 { return -g.Linear / g.Square }

// Proceeds is what the trader of an order of duration d gains: P_d(f) = P f − Q f²,
// CMZ (A18)–(A20), with P Linear and −Q Square. It is the discounted surplus over
// the trader's reservation value, ∫e^{−βt} f(ω + p^b)dt for a seller and
// ∫e^{−βt} φ(ω − p^a)dt for a buyer, not cash.
func (c Constants) Proceeds(d float64) Gain {
	n, n1 := c.counts()
	β := c.DiscountRate
	return Gain{
		Linear: n * c.Reservation * h(β, d) / n1,
		Square: -c.priceSlope(β, d),
		Slope:  -c.Pressure * n * h(β+c.M, d),
	}
}

// priceSlope is ∫₀ᵈ e^{−βt}(H + G(d−t) + N B_θ g(t))dt: how much worse the price
// is per unit of the order's rate. For the discount rate it is Q; as a sum of
// positive terms it keeps its digits for short orders, which (A19) does not.
func (c Constants) priceSlope(β, d float64) float64 {
	n, n1 := c.counts()
	anticipation := n * c.K / n1 * x2(0, c.Gamma, β, d)
	inventories := c.Pressure * n / n1 *
		(c.S*x2(0, c.M+β, β, d) + c.Rho*x2(c.Gamma, c.Gamma+c.M+β, β, d))
	return c.Impact*h(β, d) + anticipation + inventories
}

// BestRate is f*(d) = P/(2Q), the rate at which a trader gains most in a given
// time d, 0 ≤ d ≤ ∞; CMZ Proposition 3. It falls from Nδω/2 at d = 0, while d f*(d),
// the size traded, rises.
func (c Constants) BestRate(d float64) float64 {
	n, _ := c.counts()
	δω := c.Activity * c.Reservation
	switch {
	case d == 0:
		return n * δω / 2
	case math.IsInf(d, 1):
		β := c.DiscountRate
		return n * δω / (n + 2 - n*c.S*β/(c.M+β))
	}
	return c.Proceeds(d).Extremum()
}

// MinimumDuration is the shortest time in which a size ≥ 0 is worth trading:
// with less the trader gains more from a smaller size. It solves d f*(d) = size,
// CMZ Proposition 4.
func (c Constants) MinimumDuration(size float64) float64 {
	surplusSize := func(d float64) float64 { return d*c.BestRate(d) - size }
	return root(surplusSize, size/c.BestRate(0), size/c.BestRate(math.Inf(1)))
}

// AverageImpact is how much worse than the fundamental value an order trades, in
// three measures; for a seller:
type AverageImpact struct {
	Discounted   float64 // −(1/d)∫e^{−βt} p^b dt, as in CMZ Figure 4(c)
	Undiscounted float64 // −(1/d)∫p^b dt, as in its footnote 13
	Shortfall    float64 // ω − proceeds/size
}

// AverageImpact is that of an order when every maker holds inventory at time 0.
// An order of rate 0 pays the average of a small seller.
func (c Constants) AverageImpact(o Order, inventory float64) AverageImpact {
	n, _ := c.counts()
	d := o.Duration
	against := inventory
	if o.Rate < 0 { // a buyer is the mirror image of a seller
		against = -inventory
	}
	at := func(β float64) float64 {
		return (c.HalfSpread*h(β, d) + math.Abs(o.Rate)*c.priceSlope(β, d) + c.Pressure*n*against*h(β+c.M, d)) / d
	}
	mean := at(c.DiscountRate)
	return AverageImpact{
		Discounted:   mean,
		Undiscounted: at(0),
		// The last term is ω(1 − h_β/d): the price is discounted, the size is not.
		Shortfall: mean + c.Reservation*c.DiscountRate*x2(0, 0, c.DiscountRate, d)/d,
	}
}
