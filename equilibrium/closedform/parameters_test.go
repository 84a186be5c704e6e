package closedform_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium/closedform"
)

// TestWelfareParameterErrors checks that every parameter of the welfare results
// and of the Almgren–Chriss seller is guarded and named.
func TestWelfareParameterErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	merger := func(share, capacity, r float64) error {
		_, err := closedform.FringeMerger(share, capacity, r)
		return err
	}
	committed := func(l, f, r, speed, step float64) error {
		_, err := closedform.LargeAndFringeCommittedDiscrete(l, f, r, speed, step)
		return err
	}
	value := func(speed, step float64) error {
		_, err := closedform.CommitmentValue(1, 1, 1, speed, step)
		return err
	}
	_, continuous := closedform.LargeAndFringeCommitted(1, 1, 1, inf)
	_, best := closedform.BestCommitment(1, nan, 1)
	_, bestDiscrete := closedform.BestCommitmentDiscrete(1, 1, 1, 0)
	welfare := func(e closedform.Entry, fringe float64) error { _, err := e.Welfare(fringe); return err }
	_, slope := closedform.Entry{Large: 1, DiscountRate: 1}.Slope(0)
	pairs := func(m closedform.SymmetricMarket, step float64) error { _, err := m.Welfare(step); return err }
	market := closedform.SymmetricMarket{Traders: 4, HoldingCost: 1, DiscountRate: 1, Variance: 1}
	seller := closedform.AlmgrenChriss{Instantaneous: 1, Horizon: 1}
	require.NoError(t, seller.Validate())
	sell := func(change func(*closedform.AlmgrenChriss)) error {
		a := seller
		change(&a)
		return a.Validate()
	}
	with := func(change func(*closedform.SymmetricMarket)) error {
		m := market
		change(&m)
		return pairs(m, .1)
	}
	cases := []struct {
		err  error
		name string
	}{
		{merger(0, 1, 1), "share"}, {merger(1, 1, 1), "share"}, {merger(.5, 0, 1), "capacity"}, {merger(.5, 1, nan), "discountRate"},
		{committed(0, 1, 1, 1, 1), "large"}, {committed(1, 0, 1, 1, 1), "fringe"}, {committed(1, 1, 0, 1, 1), "discountRate"},
		{committed(1, 1, 1, nan, 1), "speed"}, {committed(1, 1, 1, 1, 0), "step"}, {continuous, "speed"},
		{value(-1, 0), "speed"}, {value(1, -1), "step"}, {best, "fringe"}, {bestDiscrete, "step"},
		{welfare(closedform.Entry{DiscountRate: 1}, 1), "Large"}, {welfare(closedform.Entry{Large: 1}, 1), "DiscountRate"},
		{welfare(closedform.Entry{Large: 1, DiscountRate: 1, Aggregate: nan}, 1), "Aggregate"},
		{welfare(closedform.Entry{Large: 1, DiscountRate: 1, LargeShock: inf}, 1), "LargeShock"},
		{welfare(closedform.Entry{Large: 1, DiscountRate: 1, Idiosyncrasy: -inf}, 1), "Idiosyncrasy"}, {slope, "fringe"},
		{with(func(m *closedform.SymmetricMarket) { m.Traders = 2 }), "n"},
		{with(func(m *closedform.SymmetricMarket) { m.HoldingCost = 0 }), "holdingCost"},
		{with(func(m *closedform.SymmetricMarket) { m.Variance = -1 }), "Variance"},
		{with(func(m *closedform.SymmetricMarket) { m.Correlation = 1.01 }), "Correlation"},
		{with(func(m *closedform.SymmetricMarket) { m.Correlation = -.34 }), "Correlation"}, {pairs(market, nan), "step"},
		{sell(func(a *closedform.AlmgrenChriss) { a.Price = nan }), "Price"},
		{sell(func(a *closedform.AlmgrenChriss) { a.Volatility = -1 }), "Volatility"},
		{sell(func(a *closedform.AlmgrenChriss) { a.Instantaneous = 0 }), "Instantaneous"},
		{sell(func(a *closedform.AlmgrenChriss) { a.Permanent = nan }), "Permanent"},
		{sell(func(a *closedform.AlmgrenChriss) { a.RiskAversion = inf }), "RiskAversion"},
		{sell(func(a *closedform.AlmgrenChriss) { a.Quantity = inf }), "Quantity"},
		{sell(func(a *closedform.AlmgrenChriss) { a.Horizon = 0 }), "Horizon"},
	}
	for _, c := range cases {
		var parameter *closedform.ParameterError
		require.ErrorAs(t, c.err, &parameter)
		require.Equal(t, c.name, parameter.Name)
		require.ErrorContains(t, c.err, "closedform: "+c.name+" = ")
	}
}
