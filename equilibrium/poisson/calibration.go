package poisson

import (
	"fmt"
	"math"

	"walras/equilibrium/cournot"
)

// Targets are what is observed of a market without a large order and without
// inventories, those of the flow market and the number of trades.
type Targets struct {
	cournot.Targets
	Trades float64 // arrivals per time, on both sides together
}

// BlueChip is the market of [cournot.BlueChip] at the price pressure to which the
// figures of the slides belong, with its 33 800 trades a day (Menkveld 2013).
func BlueChip() Targets {
	t := Targets{Targets: cournot.BlueChip(), Trades: 33_800}
	t.Pressure = .026
	return t
}

// Validate returns an error for the first field outside its range.
func (t Targets) Validate() error {
	if err := t.Targets.Validate(); err != nil {
		return err
	}
	return positive("Trades", t.Trades)
}

// Model is the market that meets the targets exactly under published or open_loop,
// with equal rates. With v the volume of a trade, π the pressure 2A/K and s the
// spread, the size solves
//
//	Nπs c² + (2vNπ − sN)c + 2v = 0.
//
// Of two roots the smaller is the one that has a limit when π → 0. The error says
// that pressure or trades are out of reach.
func (t Targets) Model(concept cournot.Concept) (Model, error) {
	n, s, π, v := float64(t.Makers), t.Spread, t.Pressure, t.Volume/t.Trades
	half := (s - 2*v*π) * n / 2
	square := half*half - 2*v*n*π*s
	if half <= 0 || square < 0 {
		return Model{}, fmt.Errorf("poisson: a spread of %v with trades of %v allows no price pressure of %v; lower the pressure or raise the number of trades", s, v, π)
	}
	c := 2 * v / (half + math.Sqrt(square))
	K := (n + 1) / (1 - c*π)
	λ := t.Trades / 2
	m := Model{
		DiscountRate: t.DiscountRate, Makers: t.Makers, BuyRate: λ, SellRate: λ,
		Size: c, Reservation: v * K / (n * c),
	}
	A := π * K / 2
	m.InventoryCost = A * m.at(concept, A).Delta
	return m, nil
}

// FromFlow is the Poisson market that resembles a flow market: as much reservation
// value and inventory cost, and trades of the activity δ = cλ at λ arrivals per time
// on each side. It approaches the flow market as λ grows.
func FromFlow(m cournot.Model, arrivals float64) Model {
	return Model{
		DiscountRate: m.DiscountRate, Makers: m.Makers, InventoryCost: m.InventoryCost,
		BuyRate: arrivals, SellRate: arrivals, Size: m.Activity / arrivals, Reservation: m.Reservation,
	}
}

// Flow is the limit of the market when c → 0 while cλ stays, for equal rates.
func (m Model) Flow() cournot.Model {
	return cournot.Model{
		DiscountRate: m.DiscountRate, Makers: m.Makers, InventoryCost: m.InventoryCost,
		Activity: m.Size * m.Arrivals() / 2, Reservation: m.Reservation,
	}
}
