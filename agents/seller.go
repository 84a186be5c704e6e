package agents

import (
	"walras/clock"
	"walras/equilibrium"
	"walras/market"
)

// Seller sells a given quantity in every auction, whatever the price. Its payoff is
// its revenue at absolute prices, less what the same quantity is worth at the
// fundamental value of time 0.
type Seller struct {
	Seat     int
	Quantity func(k int) float64 // at the auction of tick k
}

// Submit writes the quantity.
func (s *Seller) Submit(now clock.Moment, b *market.Block) {
	submitQuantity(s.Seat, s.Quantity(now.Index), b.Side, b.Paths)
}

// Earn adds ρ^k(m_k − m_0 + p_k)q_k.
func (s *Seller) Earn(now clock.Moment, b *market.Block) {
	price := b.Price[:b.Paths]
	fundamental, trade := b.Fundamental[:len(price)], b.Trade[s.Seat][:len(price)]
	payoff := b.Payoff[s.Seat][:len(price)]
	for p, price := range price {
		revenue := float64((fundamental[p] + price) * trade[p])
		payoff[p] += float64(now.Discount * revenue)
	}
}

// liquidating are the seller and its counterparty, whose schedule is the price
// impact: p = −λX − (I/Δ)q, with X what it holds and q what the seller sells. Who
// stands behind the counterparty, and what it earns, is not said.
func liquidating(l *equilibrium.Liquidation) []Agent {
	return []Agent{
		equilibrium.SellerSeat: &Seller{Seat: equilibrium.SellerSeat, Quantity: l.Quantity},
		equilibrium.CounterpartySeat: &Trader{
			Seat: equilibrium.CounterpartySeat, Report: -l.Seller.Permanent, Slopes: []float64{l.Impact(), 0}, Group: true,
		},
	}
}
