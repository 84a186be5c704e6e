package experiment

import (
	"math"

	"walras/scenarios"
)

// solveMakersPoint gives what the orders of a market of makers get: columns order.*
// of an order that is alone, orders.NAME.* of several.
func solveMakersPoint(s *scenarios.Scenario) (figures, []string, error) {
	e, err := SolveMakers(s)
	if err != nil {
		return nil, nil, err
	}
	var f figures
	for _, o := range e.Orders {
		prefix := "order"
		if len(e.Orders) > 1 {
			prefix = ofAgent("orders", o.Agent)
		}
		f.order(prefix, o, s.Units)
	}
	if c, ok := e.Coefficients.(FlowCoefficients); ok {
		f.add("A", c.A, "")
		f.add("half_spread", c.AT, "")
		f.add("price_pressure", c.BT, "")
		f.add("reversion", c.M, "")
		f.add("anticipation", c.Gamma, "")
	}
	f.add("residual", e.Residual, "")
	return f, e.Warnings, nil
}

// order adds the numbers of one order.
func (f *figures) order(prefix string, o OrderSolution, u scenarios.Units) {
	at := func(name string, v float64, unit string) { f.add(prefix+"."+name, v, unit) }
	maybe := func(name string, v *float64, unit string) {
		if v == nil {
			at(name, math.NaN(), unit)
			return
		}
		at(name, *v, unit)
	}
	at("size", o.Size, u.Asset)
	maybe("rate", o.Rate, "")
	maybe("duration", o.Duration, u.Time)
	maybe("P", o.P, "")
	maybe("Q", o.Q, "")
	at("proceeds", o.Proceeds, "")
	maybe("optimal_rate", o.Best, "")
	maybe("minimum_duration", o.Shortest, u.Time)
	at("average_impact", o.Impact, u.Money)
	at("average_impact_undiscounted", o.Sum, u.Money)
	at("shortfall", o.Shortfall, u.Money)
	if gain, ok := o.Maker.(float64); ok {
		at("maker_gain", gain, "")
	}
	at("investor_gain", o.Investors, "")
	maybe("threshold_rate", o.Threshold, "")
	maybe("valid_rate", o.Valid, "")
}
