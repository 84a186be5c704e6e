package agents

import (
	"walras/clock"
	"walras/equilibrium"
	"walras/market"
)

// Investors sell δ(ω + p^b) per time at the bid and buy δ(ω − p^a) at the ask: they
// submit schedules, and learn the prices from the auctions. Their payoff is their
// surplus.
type Investors struct {
	Seat   int
	Market *equilibrium.Cournot

	slopes []float64
}

// NewInvestors seats the investors of the market.
func NewInvestors(c *equilibrium.Cournot) *Investors {
	i := &Investors{Seat: c.InvestorSeat(), Market: c, slopes: make([]float64, c.Seats())}
	i.slopes[i.Seat] = -1 / c.Depth()
	return i
}

// Submit writes p − q/(δΔ) = ∓ω, with q what they sell: less than nothing at the ask.
func (i *Investors) Submit(_ clock.Moment, b *market.Block) {
	for side, s := range b.Sides {
		intercept := i.Market.Investors.Reservation
		if side == market.Bid {
			intercept = -intercept
		}
		s.Orders.Relation(i.Seat, 1, i.slopes)
		fill(s.Orders.Intercept[i.Seat][:b.Paths], intercept)
	}
}

// Earn adds the surplus of the period, D^k(δΔ/2)((ω − p^a)² + (ω + p^b)²): half of
// the gain of the first unit on every unit that is traded.
func (i *Investors) Earn(now clock.Moment, b *market.Block) {
	payoff, reservation := b.Payoff[i.Seat][:b.Paths], i.Market.Investors.Reservation
	bid, ask := b.Sides[market.Bid], b.Sides[market.Ask]
	sold, bought := bid.Trade[i.Seat], ask.Trade[i.Seat]
	for p := range payoff {
		surplus := float64((reservation+bid.Price[p])*sold[p]) - float64((reservation-ask.Price[p])*bought[p])
		payoff[p] += float64(now.Discount * (surplus / 2))
	}
}

// Value is what the market is worth to investors after the horizon.
func (i *Investors) Value(b *market.Block, p int) float64 {
	return worthOf(i.Market.Investors.Worth, i.Market, b, p)
}

func fill(x []float64, v float64) {
	for p := range x {
		x[p] = v
	}
}
