package montecarlo

import (
	"math"

	"walras/equilibrium"
	"walras/internal/kernel"
	"walras/market"
)

// momentum gathers the regression of price changes on their expectation given
// the inventories, d_k = P(M − I)X_k, and a constant where somebody deviates.
type momentum struct {
	drift    []float64
	constant []float64 // of d, per tick; nil where nobody deviates
	none     bool      // d = 0 in symmetric markets: no regression
	expected []float64 // d of the auction before
	change   []float64 // Δp to this auction
	cross    []float64 // Σ_k d_kΔp_k
	square   []float64 // Σ_k d_k²
}

func newMomentum(play *equilibrium.Play, steps int) momentum {
	m := momentum{drift: driftOf(play.Price, play.Flows)}
	for _, v := range []*[]float64{&m.expected, &m.change, &m.cross, &m.square} {
		*v = make([]float64, tileSize)
	}
	m.none = NoMomentum(play)
	for k := 0; play.Deviates() && k < steps; k++ {
		m.constant = append(m.constant, play.DriftConstant(k))
	}
	return m
}

// NoMomentum reports whether the expected change of the price is zero at all
// inventories, as in symmetric markets where nobody deviates, or where it is no
// expectation but known, as in a liquidation.
func NoMomentum(play *equilibrium.Play) bool {
	if play.Liquidation != nil {
		return true
	}
	largest, scale := 0.0, 0.0
	for j, d := range driftOf(play.Price, play.Flows) {
		largest = math.Max(largest, math.Abs(d))
		sum := 0.0
		for i, p := range play.Price {
			sum += math.Abs(p * play.Flows.At(i, j))
		}
		scale = math.Max(scale, sum)
	}
	return largest <= 1e-10*scale && !play.Deviates()
}

// observe is called once the auction of tick k has cleared, before settlement.
func (m *momentum) observe(k int, b *market.Block, previous []float64) {
	n := b.Paths
	if k == 0 {
		clear(m.cross)
		clear(m.square)
	} else {
		m.add(b.Price[:n], previous)
	}
	if m.none {
		return
	}
	kernel.CombineScaled(m.expected[:n], m.drift[0], b.Inventory[0][:n], m.drift[1:], b.Inventory[1:])
	if m.constant != nil {
		kernel.Shift(m.expected[:n], m.expected[:n], -m.constant[k])
	}
}

// add takes the change of the price since the auction before.
func (m *momentum) add(price, previous []float64) {
	n := len(price)
	previous, change := previous[:n], m.change[:n]
	for p, now := range price {
		change[p] = now - previous[p]
	}
	if m.none {
		return
	}
	expected, cross, square := m.expected[:n], m.cross[:n], m.square[:n]
	for p, d := range expected {
		cross[p] += float64(d * change[p])
		square[p] += float64(d * d)
	}
}
