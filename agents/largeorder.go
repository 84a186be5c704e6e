package agents

import (
	"walras/clock"
	"walras/equilibrium"
	"walras/market"
)

// LargeOrder sells at the bid, or buys at the ask, what its schedule says, whatever
// the price. Its payoff is its surplus over the investors' reservation value.
type LargeOrder struct {
	Seat   int
	Market *equilibrium.Cournot
	Order  equilibrium.LargeOrder
}

// Submit writes the quantity on its side; on the other it has no order.
func (o *LargeOrder) Submit(now clock.Moment, b *market.Block) {
	quantity := o.Order.Quantity(now.Index, o.Market.Step)
	submitQuantity(o.Seat, float64(o.sign()*quantity), b.Sides[o.side()], b.Paths)
}

// Earn adds D^k(ω + p^b)q to sell q, D^k(ω − p^a)q to buy it.
func (o *LargeOrder) Earn(now clock.Moment, b *market.Block) {
	payoff, s, sign := b.Payoff[o.Seat][:b.Paths], b.Sides[o.side()], o.sign()
	price, trade := s.Price[:len(payoff)], s.Trade[o.Seat][:len(payoff)]
	reservation := float64(sign * o.Market.Investors.Reservation)
	for p, price := range price {
		payoff[p] += float64(now.Discount * float64((reservation+price)*trade[p]))
	}
}

func (o *LargeOrder) side() int {
	if o.Order.Buys {
		return market.Ask
	}
	return market.Bid
}

// sign is that of what the order sells.
func (o *LargeOrder) sign() float64 {
	if o.Order.Buys {
		return -1
	}
	return 1
}

// Trading gives every seat of a market of market makers its agent.
func Trading(c *equilibrium.Cournot) []Agent {
	var list []Agent
	for seat := range c.Makers {
		list = append(list, NewMarketMaker(c, seat))
	}
	list = append(list, NewInvestors(c))
	for i, order := range c.Orders {
		list = append(list, &LargeOrder{Seat: c.InvestorSeat() + 1 + i, Market: c, Order: order})
	}
	return list
}
