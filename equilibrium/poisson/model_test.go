package poisson_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/internal/golden"
)

// TestValidate names the first parameter that cannot be.
func TestValidate(t *testing.T) {
	good := model(golden.PoissonSets(t)["toy"])
	require.NoError(t, good.Validate())
	for name, spoil := range map[string]func(m *poisson.Model){
		"Makers":        func(m *poisson.Model) { m.Makers = 0 },
		"DiscountRate":  func(m *poisson.Model) { m.DiscountRate = 0 },
		"InventoryCost": func(m *poisson.Model) { m.InventoryCost = -1 },
		"BuyRate":       func(m *poisson.Model) { m.BuyRate = math.NaN() },
		"SellRate":      func(m *poisson.Model) { m.SellRate = 0 },
		"Size":          func(m *poisson.Model) { m.Size = math.Inf(1) },
		"Reservation":   func(m *poisson.Model) { m.Reservation = 0 },
	} {
		m := good
		spoil(&m)
		var found *poisson.ParameterError
		require.ErrorAs(t, m.Validate(), &found)
		require.Equal(t, name, found.Name)
		require.ErrorContains(t, found, "poisson: "+name)
	}
	for name, law := range map[string]poisson.Law{
		"MeanDuration": poisson.Exponential{},
		"Stages":       poisson.Erlang{MeanDuration: 1},
		"Means":        poisson.Hyperexponential{Weights: []float64{1}},
		"Weights[1]":   poisson.Hyperexponential{Weights: []float64{1, 0}, Means: []float64{1, 1}},
		"Means[0]":     poisson.Hyperexponential{Weights: []float64{1}, Means: []float64{-1}},
		"Duration":     poisson.Deterministic{Duration: math.Inf(1)},
	} {
		require.ErrorContains(t, law.Validate(), "poisson: "+name+" =")
	}
	require.Panics(t, func() { good.Constants(cournot.Feedback) })
	targets := poisson.BlueChip()
	targets.Trades = 0
	require.ErrorContains(t, targets.Validate(), "Trades")
	targets.Makers = 0
	require.ErrorContains(t, targets.Validate(), "Makers")
}

// TestOpenLoopIdle has the value of a maker under open_loop in the form that equal
// rates allow.
func TestOpenLoopIdle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		m.SellRate = m.BuyRate
		c := m.Constants(cournot.OpenLoop)
		n, λ, own := float64(c.Makers), c.BuyRate, c.Size*c.Reservation/c.K
		F := (c.InventoryCost + 8*c.Size*λ*n*c.A*c.A/(c.K*c.K)) / (c.DiscountRate + c.Reversion2)
		require.InEpsilon(t, F, c.Curvature, 1e-13)
		worth := 2*c.Size*λ*c.Reservation*c.Reservation*(1+2*c.Size*c.A)/(c.K*c.K) - F*c.Arrivals()*own*own
		require.InDelta(t, worth/c.DiscountRate, c.C0, 1e-12*(1+c.C0))
		require.InDelta(t, 0, c.Tilt, 1e-14)
	})
}

// TestQuotesAreConsistent: what is traded at a quote is what end users want there,
// and two sides jump as the difference of quotes says.
func TestQuotesAreConsistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).Constants(rapid.SampledFrom(concepts).Draw(t, "concept"))
		draw := func(name string) float64 { return rapid.Float64Range(-.5, .5).Draw(t, name) }
		b, i, f, φ := draw("B"), draw("i"), math.Abs(draw("f")), math.Abs(draw("φ"))
		q, n := c.Quotes(b, f, φ, i), float64(c.Makers)
		near(t, "buyers", c.Size*(c.Reservation-q.Ask), n*q.Sells, 1e-12)
		near(t, "sellers", c.Size*(c.Reservation+q.Bid), n*q.Buys, 1e-12)
		near(t, "spread", q.Ask-q.Bid, c.SpreadWith(f, φ), 1e-12)
		near(t, "pressure", q.Mid()-c.Quotes(b, f, φ, i+1).Mid(), n*c.Pressure(), 1e-12)
		on, off := c.Quotes(b, f, 0, i), c.Quotes(c.B0, 0, 0, i)
		ask, bid := c.Jump(b, f)
		near(t, "ask", off.Ask-on.Ask, ask, 1e-12)
		near(t, "bid", off.Bid-on.Bid, bid, 1e-12)
		flows := drawFlows(t)
		p := c.Announce(flows)
		s := rapid.Float64Range(0, 3).Draw(t, "t")
		policy, at := p.Policy(s), p.At(s, i)
		near(t, "sells", at.Sells, policy.Sells+policy.Slope*i, 1e-14)
		near(t, "buys", at.Buys, policy.Buys-policy.Slope*i, 1e-14)
		if end := p.End(); end > 0 {
			f, φ := flows.Sells.Rate(math.Nextafter(end, 0)), flows.Buys.Rate(math.Nextafter(end, 0))
			before, after := p.Before(end, i), p.At(end, i)
			near(t, "bid at the end", f/(c.Size*c.SellRate*c.K), after.Bid-before.Bid, 1e-12)
			near(t, "ask at the end", -φ/(c.Size*c.BuyRate*c.K), after.Ask-before.Ask, 1e-12)
		}
	})
}
