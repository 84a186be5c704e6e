package agents

import (
	"walras/equilibrium"
	"walras/market"
)

// Arriving are investors who come one at a time: the next of them submits a schedule on
// each side, of which the one of the side that he comes to counts. Their payoff is their
// surplus.
type Arriving struct {
	Seat      int
	Investors equilibrium.ArrivingInvestors

	slopes []float64
}

// NewArriving seats the investors of the market.
func NewArriving(a *equilibrium.Arrivals) *Arriving {
	i := &Arriving{Seat: a.InvestorSeat(), Investors: a.Investors, slopes: make([]float64, a.Seats())}
	i.slopes[i.Seat] = -1 / a.Investors.Size
	return i
}

// Stand writes ∫p − ∫q/c = ∓p̃∫1, with q what an investor would sell.
func (i *Arriving) Stand(over Integral, b *market.Block) {
	weight := b.Period.Weight[0]
	if over == Plain {
		weight = b.Period.Length
	}
	i.submit(b, func(intercept []float64, reservation float64) {
		for p := range intercept {
			intercept[p] = reservation * weight[p]
		}
	})
}

// Meet writes p − q/c = ∓p̃.
func (i *Arriving) Meet(b *market.Block) { i.submit(b, fill) }

func (i *Arriving) submit(b *market.Block, write func(intercept []float64, reservation float64)) {
	for side, s := range b.Sides {
		reservation := i.Investors.Reservation
		if side == market.Bid {
			reservation = -reservation
		}
		s.Orders.Relation(i.Seat, 1, i.slopes)
		write(s.Orders.Intercept[i.Seat][:b.Paths], reservation)
	}
}

// EarnStanding adds nothing: nobody comes during a period.
func (i *Arriving) EarnStanding(*market.Block) {}

// EarnMeeting adds the surplus of who comes, half of the gain of the first unit on
// every unit: (c/2)(p̃ − a)² or (c/2)(b + p̃)².
func (i *Arriving) EarnMeeting(b *market.Block) {
	t, payoff, reservation := b.Period, b.Payoff[i.Seat][:b.Paths], i.Investors.Reservation
	bid, ask := b.Sides[market.Bid], b.Sides[market.Ask]
	sold, bought := bid.Trade[i.Seat][:len(payoff)], ask.Trade[i.Seat][:len(payoff)]
	for p := range payoff {
		surplus := float64(t.Comes[market.Bid][p]*float64((reservation+bid.Price[p])*sold[p])) -
			float64(t.Comes[market.Ask][p]*float64((reservation-ask.Price[p])*bought[p]))
		payoff[p] += float64(t.Discount[p] * (surplus / 2))
	}
}
