package cournot

import (
	"fmt"
	"math"
)

// Targets are what is observed of a market without a large order and without
// inventories, from which a model is calibrated; CMZ Appendix D.
type Targets struct {
	DiscountRate float64 // β, per time
	Makers       int     // N
	Spread       float64 // ask less bid
	Pressure     float64 // fall of the mid price per unit of all makers' inventory
	Volume       float64 // what end investors buy and sell per time, together
}

// DiscountRate is the β at which a unit of time costs the fraction loss of a
// payment, −ln(1 − loss).
func DiscountRate(loss float64) float64 { return -math.Log1p(-loss) }

// BlueChip is the market of CMZ Appendix D, a Dutch blue chip on an afternoon of
// 2007–2008 (Menkveld 2013), in basis points, thousands of euros and trading days.
// (The text of the paper also has a pressure of 0.026; its η and its Figure 4(c)
// need 0.0026.)
func BlueChip() Targets {
	return Targets{DiscountRate: DiscountRate(2e-4), Makers: 10, Spread: 3.2, Pressure: 0.0026, Volume: 575_800}
}

// TradingDay is the length in hours of the day that is the paper's unit of time.
const TradingDay = 6.5

// Validate returns a *ParameterError for the first field outside its range.
func (t Targets) Validate() error {
	m := Model{DiscountRate: t.DiscountRate, Makers: t.Makers, InventoryCost: 1, Activity: 1, Reservation: 1}
	if err := m.Validate(); err != nil {
		return err
	}
	for _, p := range []struct {
		name  string
		value float64
	}{{"Spread", t.Spread}, {"Pressure", t.Pressure}, {"Volume", t.Volume}} {
		if err := positive(p.name, p.value); err != nil {
			return err
		}
	}
	return nil
}

// market is the model with all but the inventory cost: ω from the spread
// 2ω/(N+1), δ from the volume 2δ(ω − A_θ) = NδSpread.
func (t Targets) market() Model {
	n, n1 := float64(t.Makers), float64(t.Makers+1)
	return Model{
		DiscountRate: t.DiscountRate, Makers: t.Makers,
		Activity: t.Volume / (n * t.Spread), Reservation: t.Spread / 2 * n1,
	}
}

// Model is the market that meets the targets under published or open_loop; it
// panics for another concept.
func (t Targets) Model(concept Concept) Model {
	m := t.market()
	n1 := float64(t.Makers + 1)
	a := t.Pressure * n1 / 2
	m.InventoryCost = m.DiscountRate*a + 4*kappa(concept, m.Makers)*m.Activity*a*a/n1
	return m
}

// ModelWith is the market that meets the targets under a solution that is known
// by its price pressure alone, an increasing function of the inventory cost. Its
// error is that of the function, or says that no inventory cost fits.
func (t Targets) ModelWith(pressure func(Model) (float64, error)) (Model, error) {
	m := t.Model(OpenLoop)
	var failed error
	excess := func(logarithm float64) float64 {
		at := m
		at.InventoryCost = math.Exp(logarithm)
		b, err := pressure(at)
		if err != nil && failed == nil {
			failed = fmt.Errorf("cournot: price pressure at inventory cost %v: %w", at.InventoryCost, err)
		}
		return b - t.Pressure
	}
	start := math.Log(m.InventoryCost)
	const furthest = 64 // e^64 times the inventory cost of open_loop is no market
	for width := 1.; width <= furthest && failed == nil; width *= 2 {
		if lo, hi := start-width, start+width; excess(lo) < 0 && excess(hi) > 0 {
			m.InventoryCost = math.Exp(root(excess, lo, hi))
			return m, failed
		}
	}
	if failed == nil {
		failed = fmt.Errorf("cournot: no inventory cost gives the price pressure %v; choose a pressure that the solution can have", t.Pressure)
	}
	return Model{}, failed
}

// Surface is the average impact, in the measure of CMZ Figure 4(c), of orders of
// all these sizes (rows) and durations (columns): the liquidity surface.
func (c Constants) Surface(sizes, durations []float64) [][]float64 {
	rows := make([][]float64, len(sizes))
	for i, size := range sizes {
		for _, d := range durations {
			rows[i] = append(rows[i], c.AverageImpact(Order{Rate: size / d, Duration: d}, 0).Discounted)
		}
	}
	return rows
}
