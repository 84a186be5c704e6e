package experiment

import (
	"walras/equilibrium"
	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
)

// valuations are what seats expect at any time if nobody deviates, by closed forms: for
// control variates, which need not be exact. Where an order is hidden by a law with a
// memory they are those of an exponential time of the same mean.
func (m *arrivals) valuations() []equilibrium.Valuation {
	if m.concept == cournot.Feedback {
		return nil
	}
	c := m.constants
	_, _, users := c.UsersCoefficients()
	var list []equilibrium.Valuation
	for range m.seats {
		list = append(list, equilibrium.Valuation{Square: -c.Curvature})
	}
	list = append(list, equilibrium.Valuation{Square: users})
	for range m.orders {
		list = append(list, equilibrium.Valuation{})
	}
	for _, worth := range m.worths() {
		for i := range list {
			who := max(0, i-len(m.seats)+1) // 0 of a maker, 1 of investors
			constant := func(t float64) float64 { return worth(t, 0)[who] }
			list[i].Constant = append(list[i].Constant, constant)
			// What is not linear is in Square.
			slope := func(t float64) float64 { return worth(t, 1)[who] - worth(t, 0)[who] - list[i].Square }
			list[i].Slope = append(list[i].Slope, slope)
		}
	}
	return list
}

// worths are what a maker, investors and the orders expect in each phase at a time, as
// the phase counts it, if every maker holds an inventory.
func (m *arrivals) worths() []func(t, inventory float64) []float64 {
	idle := func(_, x float64) []float64 {
		return append([]float64{m.constants.MakerValue(x), m.constants.UsersValue(x)}, make([]float64, len(m.orders))...)
	}
	if m.law == nil {
		list := make([]func(t, x float64) []float64, len(m.edges()))
		for k := range list {
			list[k] = m.coming
		}
		list[len(list)-1] = idle
		return list
	}
	market, _ := m.facing(&m.orders[0])
	with := func(g poisson.Gains, x float64) []float64 {
		out, facing := idle(0, x), m.orders[0].signed(x)
		out[0] += g.Maker.Of(m.sold, facing)
		out[1] += g.Users.Of(m.sold, facing)
		out[2] = g.Seller.Of(m.orders[0].Rate, facing)
		return out
	}
	if m.hidden {
		gains := market.Stealth(poisson.Exponential{MeanDuration: m.law.Mean()})
		return []func(t, x float64) []float64{func(_, x float64) []float64 { return with(gains, x) }, idle}
	}
	known := func(t, x float64) []float64 { return with(market.Sunshine(-t), x) }
	return []func(t, x float64) []float64{known, known, idle}
}

// coming are the worths at a time at which orders are to come that everybody knows.
func (m *arrivals) coming(t, x float64) []float64 {
	left := m.announced().After(t)
	public := m.constants.Announce(left)
	out := []float64{public.MakerValue(0, x), m.constants.UsersValue(x) + public.UsersGain(0, x)}
	for i := range m.orders {
		of := m.orders[i].of().After(t)
		sells, buys := public.Proceeds(x, of)
		out = append(out, sells+buys)
	}
	return out
}
