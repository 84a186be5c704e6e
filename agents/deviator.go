package agents

import (
	"walras/clock"
	"walras/internal/kernel"
	"walras/market"
)

// Misreporter is a trader whose report is a linear function of what it knows and
// of what the auction reveals: its order is weight·p + Σ_j slope_j q_j = π̂X +
// constant.
type Misreporter struct {
	Trader
	Weight   float64
	Constant float64
}

// Submit writes the relation.
func (m *Misreporter) Submit(_ clock.Moment, b *market.Block) {
	b.Orders.Relation(m.Seat, m.Weight, m.Slopes)
	intercept := b.Orders.Intercept[m.Seat][:b.Paths]
	kernel.Scale(intercept, m.Report, b.Signal[m.Seat])
	if m.Constant != 0 {
		kernel.Shift(intercept, intercept, -m.Constant)
	}
}

// Scheduled is a trader that sells a given quantity in every auction, whatever
// the price.
type Scheduled struct {
	Trader
	Quantity func(k int) float64 // at the auction of tick k
}

// Submit writes the quantity.
func (s *Scheduled) Submit(now clock.Moment, b *market.Block) {
	submitQuantity(s.Seat, s.Quantity(now.Index), b.Side, b.Paths)
}

func submitQuantity(seat int, quantity float64, side *market.Side, paths int) {
	side.Orders.Quantity(seat)
	fill(side.Orders.Intercept[seat][:paths], quantity)
}
