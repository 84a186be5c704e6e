package experiment

import (
	"fmt"

	"walras/internal/numeral"
	"walras/scenarios"
)

// Line is a number of a solution, or a few, in words: `sim solve` and the page of a
// run say the same.
type Line struct{ Name, Text string }

// lines collects them.
type lines []Line

// add puts numbers with at most six digits behind a name.
func (l *lines) add(name string, values ...float64) {
	*l = append(*l, Line{name, numeral.Several(values)})
}

// optional leaves out what there is not.
func (l *lines) optional(name string, value *float64) {
	if value != nil {
		l.add(name, *value)
	}
}

// fixed writes a price with six decimals.
func (l *lines) fixed(name string, value *float64) {
	if value != nil {
		*l = append(*l, Line{name, numeral.Fixed(*value, 6)})
	}
}

// OfMakers is a number of all makers, or one for each.
func OfMakers(v any) string {
	if each, ok := v.([]float64); ok {
		return numeral.Several(each)
	}
	return numeral.Brief(v.(float64))
}

// ArrivalWords says how investors come one at a time.
func ArrivalWords(p *scenarios.Arrivals) string {
	who := fmt.Sprintf("%s buyers and as many sellers", numeral.Brief(p.BuyRate))
	if p.BuyRate != p.SellRate {
		who = fmt.Sprintf("%s buyers and %s sellers", numeral.Brief(p.BuyRate), numeral.Brief(p.SellRate))
	}
	return fmt.Sprintf("investors come one at a time, %s per unit of time; each trades %s per unit of price", who, numeral.Brief(p.Size))
}

// CoefficientLines are the constants of a market of market makers.
func (l *LargeOrders) CoefficientLines() []Line {
	var t lines
	switch c := l.Coefficients.(type) {
	case FlowCoefficients:
		t.add("A: marginal value of inventory, slope / 2", c.A)
		t.add("M: rate at which inventories revert", c.M)
		t.add("γ: rate at which orders are anticipated", c.Gamma)
		t.add("A_θ: half spread without orders", c.AT)
		t.add("B_θ: price pressure per unit of all makers' inventory", c.BT)
		t.add("C_θ, D_θ: depth, and its slope in a maker's inventory", c.CT, c.DT)
		t.add("E_θ, F_θ: a maker's value E_θ − F_θ i² without orders", c.ET, c.FT)
		t.add("H_θ: immediate price impact of an order's rate", c.HT)
	case FeedbackCoefficients:
		t.add("A: marginal value of inventory, slope / 2", c.A)
		t.add("α, ζ, ρ: of own, own-rival and rival-rival inventories", c.Alpha, c.Zeta, c.Rho)
		t.add("M: rate at which inventories revert", c.M)
		t.add("B_θ: price pressure per unit of all makers' inventory", c.BT)
	case ArrivalCoefficients:
		t.arrivals(c)
	case OwnCoefficients:
		t.add("a, b: marginal value −2a x + b y of own and of rivals' inventory", c.Own, c.Rivals)
		t.arrivals(c.ArrivalCoefficients)
	case ArrivalFeedback:
		t.add("A_eff: marginal value of inventory that all makers hold, slope / 2", c.A)
		t.add("α, ζ, ρ: of own, own-rival and rival-rival inventories", c.Alpha, c.Zeta, c.Rho)
		t.add("r₁, s₂: what an arrival takes of own, and of a rival's inventory", c.Own, c.Cross)
		t.add("C₀: a maker's value without inventories", c.C0)
	case DifferentCoefficients:
		for i, row := range c.K {
			t.add(fmt.Sprintf("K %d", i+1), row...)
		}
		for j, p := range c.P {
			for i, row := range p {
				t.add(fmt.Sprintf("P%d %d", j+1, i+1), row...)
			}
		}
	}
	return append(t, Line{"residual of the equations", fmt.Sprintf("%.1e", l.Residual)})
}

// arrivals lists the constants of a market that investors come to one at a time.
func (l *lines) arrivals(c ArrivalCoefficients) {
	l.add("A: marginal value of inventory, slope / 2", c.A)
	l.add("r: part of an inventory that an arrival takes", c.R)
	l.add("M, M₂: rates at which the mean and the variance of inventories revert", c.M, c.M2)
	l.add("δ: rate at which orders are anticipated", c.Delta)
	l.add("K, m, k_B: N + 1 + 2cA, N + 2cA, and what a unit of rate adds to anticipation", c.K, c.Small, c.KB)
	l.add("spread without orders", c.Spread)
	l.add("price pressure 2A/K per unit of all makers' inventory", c.Pressure)
	l.add("p/(2A): inventory at which a maker's side of the market is empty", c.Bound)
	l.add("volume and trades of investors per unit of time, without orders", c.Volume, c.Trades)
	l.add("B₀, C₀: a maker's value C₀ + B₀ i − A i² without orders", c.B0, c.C0)
	l.add("value of the market to investors, without orders and inventories", c.Users)
}
