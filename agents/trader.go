package agents

import (
	"walras/clock"
	"walras/internal/kernel"
	"walras/market"
)

// Agent is a participant of a market.
type Agent interface {
	// Submit fills the agent's order for every path of the block.
	Submit(now clock.Moment, b *market.Block)
	// Earn adds the discounted payoff of the period that follows the auction,
	// once trades are settled.
	Earn(now clock.Moment, b *market.Block)
}

// Valuer is an agent that says itself what it ends with.
type Valuer interface {
	// Value is what path p of the block is worth at the horizon, not discounted.
	Value(b *market.Block, p int) float64
}

// Trader follows a policy of the double auction: it submits the schedule
// p = π̂X − Σ_j π^j q_j, and holding X⁺ costs (b h/2)(X⁺)² a period. Strategic
// traders and a fringe differ in their coefficients only. A group of members
// that trade as one has no payoff of its own.
type Trader struct {
	Seat       int
	Report     float64   // π̂, money per asset unit²
	Slopes     []float64 // π^{ij} per seat
	PeriodCost float64   // b h, money per asset unit²
	Group      bool
}

// Scheduler is an agent that submits the same schedule in every auction.
type Scheduler interface {
	// Schedule is π̂ and the slopes π^{ij} per seat.
	Schedule() (report float64, slopes []float64)
}

// Schedule is what the trader submits.
func (t *Trader) Schedule() (report float64, slopes []float64) { return t.Report, t.Slopes }

// Submit writes the schedule.
func (t *Trader) Submit(_ clock.Moment, b *market.Block) {
	b.Orders.Schedule(t.Seat, t.Slopes)
	kernel.Scale(b.Orders.Intercept[t.Seat][:b.Paths], t.Report, b.Signal[t.Seat])
}

// Earn adds ρ^k(p q − (b h/2)(X⁺)²).
func (t *Trader) Earn(now clock.Moment, b *market.Block) {
	if t.Group {
		return
	}
	price := b.Price[:b.Paths]
	trade, held := b.Trade[t.Seat][:len(price)], b.Inventory[t.Seat][:len(price)]
	payoff := b.Payoff[t.Seat][:len(price)]
	discount, cost := now.Discount, t.PeriodCost/2
	for p, price := range price {
		x := held[p]
		flow := float64(price*trade[p]) - float64(cost*float64(x*x))
		payoff[p] += float64(discount * flow)
	}
}
