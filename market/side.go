package market

import "math"

// The sides of a market with two prices: who comes to sell is paid the bid, who
// comes to buy pays the ask.
const (
	Bid = iota
	Ask
)

// Side is one of the auctions that are held at a tick: what is submitted to it, and
// what comes of it. A market with one price has one; with a bid and an ask it has
// two, and a trader may take part in both.
type Side struct {
	Orders *Orders
	Price  []float64   // of the last auction, per path
	Trade  [][]float64 // quantity sold in the last auction, [seat][path]

	auction *Auction
}

func newSide(seats, capacity int) *Side {
	return &Side{
		Orders: NewOrders(seats, capacity), Price: make([]float64, capacity), Trade: Matrix(seats, capacity),
		auction: NewAuction(seats),
	}
}

// Clear holds the auctions of every side. The error is a NotAcceptableError.
func (b *Block) Clear() error {
	for _, s := range b.Sides {
		if err := s.auction.Clear(s.Orders, s, b.Paths); err != nil {
			return err
		}
	}
	return nil
}

// Settle moves the traded quantities and pays for them: X⁺ = X − q and
// cash += p q, or (m + p)q where money is kept at absolute prices, on every side.
func (b *Block) Settle() {
	for _, s := range b.Sides {
		b.settle(s)
	}
}

func (b *Block) settle(s *Side) {
	price := s.Price[:b.Accounts]
	for i := range b.Inventory {
		inventory := b.Inventory[i][:b.Paths]
		trade, volume := s.Trade[i][:len(inventory)], b.Volume[i][:len(inventory)]
		for p, q := range trade {
			inventory[p] -= q
			volume[p] += math.Abs(q)
		}
		cash := b.Cash[i][:len(price)]
		if b.Level != nil {
			payAbsolute(cash, b.Level, price, trade)
			continue
		}
		for p, price := range price {
			cash[p] += float64(price * trade[p])
		}
	}
}

// payAbsolute adds (m + p)q to the cash of a seat.
func payAbsolute(cash, level, price, trade []float64) {
	level, price, trade = level[:len(cash)], price[:len(cash)], trade[:len(cash)]
	for p := range cash {
		cash[p] += float64((level[p] + price[p]) * trade[p])
	}
}
