package agents

import (
	"walras/equilibrium"
	"walras/market"
)

// Flowing is a large order that trades at the quotes all the time, at the rate of its
// phase. Its payoff is its surplus over the investors' reservation value.
type Flowing struct {
	Seat        int
	Order       equilibrium.FlowingOrder
	Reservation float64 // p̃ of the investors
}

// Stand submits nothing: the order takes the quotes at which investors would trade.
func (o *Flowing) Stand(_ Integral, b *market.Block) { o.Meet(b) }

// Meet submits nothing: an investor who comes trades with the makers.
func (o *Flowing) Meet(b *market.Block) {
	for _, s := range b.Sides {
		s.Orders.Quantity(o.Seat)
		clear(s.Orders.Intercept[o.Seat][:b.Paths])
	}
}

// EarnStanding adds f∫D(p̃ + b)du to sell at rate f, φ∫D(p̃ − a)du to buy at rate φ.
func (o *Flowing) EarnStanding(b *market.Block) {
	t, payoff := b.Period, b.Payoff[o.Seat][:b.Paths]
	quoted, sign := t.Quoted[market.Bid], 1.
	if o.Order.Buys {
		quoted, sign = t.Quoted[market.Ask], -1
	}
	for p := range payoff {
		gain := float64(o.Reservation*t.Weight[0][p]) + float64(sign*quoted[p])
		payoff[p] += float64(o.Order.Rates[t.Phase[p]] * gain)
	}
}

// EarnMeeting adds nothing.
func (o *Flowing) EarnMeeting(*market.Block) {}

// DealingIn gives every seat of a market that investors come to one at a time its
// agent.
func DealingIn(a *equilibrium.Arrivals, horizon, discountRate float64) []Dealing {
	var list []Dealing
	for seat := range a.Makers {
		list = append(list, NewDealer(a, seat, horizon, discountRate))
	}
	list = append(list, NewArriving(a))
	for i, order := range a.Orders {
		list = append(list, &Flowing{Seat: a.InvestorSeat() + 1 + i, Order: order, Reservation: a.Investors.Reservation})
	}
	return list
}
