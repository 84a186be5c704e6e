package agents

import (
	"walras/clock"
	"walras/equilibrium"
	"walras/internal/kernel"
	"walras/market"
)

// MarketMaker buys at the bid and sells at the ask: quantities that are affine in the
// inventories of all makers, or, where prices are posted, whatever comes at its
// prices.
type MarketMaker struct {
	Seat   int
	Market *equilibrium.Cournot

	sharing []float64 // slopes of its order where prices are posted
}

// NewMarketMaker seats a maker of the market.
func NewMarketMaker(c *equilibrium.Cournot, seat int) *MarketMaker {
	m := &MarketMaker{Seat: seat, Market: c, sharing: make([]float64, c.Seats())}
	n := float64(len(c.Makers))
	for l := range c.Makers {
		m.sharing[l] = -1 / (n * c.Depth())
	}
	m.sharing[seat] = (1 - 1/n) / c.Depth()
	return m
}

// Submit writes an order for each side.
func (m *MarketMaker) Submit(now clock.Moment, b *market.Block) {
	for side := range b.Sides {
		if m.Market.Posts(now.Index) {
			m.post(now.Index, side, b)
			continue
		}
		b.Sides[side].Orders.Quantity(m.Seat)
		quantity, sign := m.sold(m.Seat, now.Index, side)
		m.write(quantity, sign, side, b)
	}
}

// sold is what maker j sells in the period of tick k, at the bid less than nothing.
func (m *MarketMaker) sold(j, k, side int) (quantity equilibrium.Affine, sign float64) {
	if side == market.Bid {
		return m.Market.Makers[j].Bid(k), -1
	}
	return m.Market.Makers[j].Ask(k), 1
}

// write writes the intercept of the order, sign times an affine function of the
// inventories.
func (m *MarketMaker) write(a equilibrium.Affine, sign float64, side int, b *market.Block) {
	intercept := b.Sides[side].Orders.Intercept[m.Seat][:b.Paths]
	kernel.CombineScaled(intercept, a.Slopes[0], b.Inventory[0][:b.Paths], a.Slopes[1:], b.Inventory[1:len(a.Slopes)])
	kernel.Shift(intercept, intercept, -a.Constant)
	if sign != 1 {
		kernel.Scale(intercept, sign, intercept)
	}
}

// post submits the price at which investors alone would take the quantities s_l that
// the makers planned to sell, p = ∓ω − Σ_l s_l/(δΔ), and that what a maker sells beyond
// its plan be the same for all:
//
//	p + (q_j − Σ_l q_l/N)/(δΔ) = ∓ω − Σ_l s_l/(δΔ) + (s_j − Σ_l s_l/N)/(δΔ).
//
// The N orders determine one price and N − 1 differences.
func (m *MarketMaker) post(k, side int, b *market.Block) {
	c := m.Market
	n, depth := float64(len(c.Makers)), c.Depth()
	order := equilibrium.Affine{Constant: c.Investors.Reservation, Slopes: make([]float64, len(c.Makers))}
	if side == market.Bid {
		order.Constant = -c.Investors.Reservation
	}
	for l := range c.Makers {
		planned, sign := m.sold(l, k, side)
		weight := -sign * (1 + 1/n) / depth
		if l == m.Seat {
			weight += sign / depth
		}
		order.Constant += float64(weight * planned.Constant)
		for i, slope := range planned.Slopes {
			order.Slopes[i] += float64(weight * slope)
		}
	}
	b.Sides[side].Orders.Relation(m.Seat, 1, m.sharing)
	m.write(order, 1, side, b)
}

// Earn adds D^k(p^a a + p^b b − ηΔx²) with the quantities sold at the ask and at the
// bid, and x the inventory with which the period began, before they were.
func (m *MarketMaker) Earn(now clock.Moment, b *market.Block) {
	held, payoff := b.Inventory[m.Seat][:b.Paths], b.Payoff[m.Seat][:b.Paths]
	bid, ask := b.Sides[market.Bid], b.Sides[market.Ask]
	bought, sold := bid.Trade[m.Seat], ask.Trade[m.Seat]
	cost := m.Market.Makers[m.Seat].InventoryCost * m.Market.Step
	for p := range payoff {
		x := held[p] + bought[p] + sold[p]
		flow := float64(bid.Price[p]*bought[p]) + float64(ask.Price[p]*sold[p]) - float64(cost*float64(x*x))
		payoff[p] += float64(now.Discount * flow)
	}
}

// Value is what the maker's position is worth at the horizon.
func (m *MarketMaker) Value(b *market.Block, p int) float64 {
	return worthOf(m.Market.Makers[m.Seat].Worth, m.Market, b, p)
}

// worthOf evaluates a worth at the makers' inventories on path p.
func worthOf(worth equilibrium.Worth, c *equilibrium.Cournot, b *market.Block, p int) float64 {
	if worth == nil {
		return 0
	}
	x := make([]float64, len(c.Makers))
	for l := range x {
		x[l] = b.Inventory[l][p]
	}
	return worth(x)
}
