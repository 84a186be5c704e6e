package equilibrium

import "walras/clock"

// Cournot is a market of Cournot market makers as it is played at the ticks of a
// clock. At tick k every maker submits what it will buy at the bid and sell at the
// ask in [kΔ, (k+1)Δ), investors submit linear demand on both sides, and large orders
// what their schedules trade. Prices are relative to the fundamental value.
//
// It is the market, not its solution: where the makers' quantities come from it does
// not know.
type Cournot struct {
	Step      float64      // Δ, time
	Makers    []Maker      // seats 0 … N−1, N ≥ 1
	Investors Investors    // seat N
	Orders    []LargeOrder // the seats that follow

	// Posted reports whether in the period of tick k makers post the prices at which
	// their quantities would sell to investors alone, and share what comes besides
	// equally; nil is never.
	Posted func(k int) bool
}

// Affine is a quantity that is affine in the inventories x of the makers.
type Affine struct {
	Constant float64   // asset units
	Slopes   []float64 // per maker
}

// At is the quantity at the inventories x, Constant + Σ_l Slopes_l x_l.
func (a Affine) At(x []float64) float64 {
	sum := a.Constant
	for l, slope := range a.Slopes {
		sum += float64(slope * x[l])
	}
	return sum
}

// Maker is a market maker: what it trades in a period, for which holding x_k costs
// ηΔx_k².
type Maker struct {
	Bid, Ask      func(k int) Affine // bought at the bid and sold at the ask in the period of tick k
	InventoryCost float64            // η, money per asset unit squared per time
	Worth         Worth              // nil is 0
}

// Worth is what a seat ends with, a function of the makers' inventories x at the
// horizon, not discounted.
type Worth func(x []float64) float64

// Investors buy δ(ω − p^a) and sell δ(ω + p^b) per time.
type Investors struct {
	Activity    float64 // δ, asset units per time and money per asset unit
	Reservation float64 // ω, money per asset unit
	Worth       Worth   // nil is 0
}

// LargeOrder sells at the bid, or buys at the ask, what its schedule says.
type LargeOrder struct {
	Buys     bool
	Schedule clock.Schedule // rates, asset units per time
}

// Quantity is what the order trades in the period of tick k, by the exact integral
// of its rate.
func (o LargeOrder) Quantity(k int, step float64) float64 {
	return o.Schedule.Quantity(float64(k)*step, float64(k+1)*step)
}

// Seats is the number of seats: the makers, the investors, the large orders.
func (c *Cournot) Seats() int { return len(c.Makers) + 1 + len(c.Orders) }

// InvestorSeat is the seat of the investors.
func (c *Cournot) InvestorSeat() int { return len(c.Makers) }

// Depth is δΔ, how much more investors trade in a period for a better price.
func (c *Cournot) Depth() float64 { return c.Investors.Activity * c.Step }

// Posts reports whether prices are posted in the period of tick k.
func (c *Cournot) Posts(k int) bool { return c.Posted != nil && c.Posted(k) }
