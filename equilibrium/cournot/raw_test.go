package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/integrate/quad"
	"pgregory.net/rapid"

	"walras/equilibrium/cournot"
	_ "walras/internal/fixeddraws"
)

// within draws from [lo, hi], evenly in the logarithm.
func within(t *rapid.T, name string, lo, hi float64) float64 {
	return math.Exp(rapid.Float64Range(math.Log(lo), math.Log(hi)).Draw(t, name))
}

// drawMarket is any market worth looking at: β 1e-4…1e2, N 1…1000.
func drawMarket(t *rapid.T) cournot.Constants {
	m := cournot.Model{
		DiscountRate: within(t, "discount rate", 1e-4, 1e2), Makers: int(within(t, "makers", 1, 1000.5)),
		InventoryCost: within(t, "inventory cost", 1e-2, 1e2), Activity: within(t, "activity", 1e-2, 1e3),
		Reservation: within(t, "reservation", .1, 10),
	}
	require.NoError(t, m.Validate())
	return m.Constants(rapid.SampledFrom(concepts).Draw(t, "concept"))
}

// drawPath is an order to buy or sell in such a market, as large as trade in it
// may be, and initial inventories as large as what makers buy in that time.
func drawPath(t *rapid.T) cournot.Path {
	c := drawMarket(t)
	d := within(t, "duration", 1e-3, 1e2) / c.Gamma
	side := rapid.SampledFrom([]float64{1, -1}).Draw(t, "side")
	return cournot.Path{
		Market:    c,
		Order:     cournot.Order{Rate: side * within(t, "rate", 1e-3, 2) * c.Depth * float64(c.Makers), Duration: d},
		Inventory: rapid.Float64Range(-1, 1).Draw(t, "inventory") * c.Depth / (c.Gamma + c.M),
	}
}

// integral over [0, d] of a function with layers at both ends: intervals that
// shrink towards them.
func integral(f func(t float64) float64, d float64) float64 {
	sum := 0.
	for half := d / 2; half > d*1e-16; half /= 2 {
		from := half / 2
		if from <= d*1e-16 {
			from = 0
		}
		sum += quad.Fixed(f, from, half, 16, quad.Legendre{}, 0)
		sum += quad.Fixed(func(t float64) float64 { return f(d - t) }, from, half, 16, quad.Legendre{}, 0)
	}
	return sum
}

// TestEveryMomentIsAnEquilibrium checks the conditions of a Cournot market at
// single moments: everybody's trades add up, and no maker gains from quoting
// more or less at its marginal value of inventory.
func TestEveryMomentIsAnEquilibrium(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPath(t)
		c, d, f := p.Market, p.Order.Duration, p.Order.Rate
		n, ω := float64(c.Makers), c.Reservation
		check := func(m cournot.Moment, f float64) {
			scale := c.Activity*ω + math.Abs(f) + c.Activity*math.Abs(m.MarginalValue)
			require.InDelta(t, n*m.MakerBuys, m.InvestorsSell+math.Max(f, 0), 1e-13*scale*n)
			require.InDelta(t, n*m.MakerSells, m.InvestorsBuy+math.Max(-f, 0), 1e-13*scale*n)
			require.InDelta(t, m.MarginalValue, m.Ask-m.MakerSells/c.Activity, 1e-13*scale/c.Activity*n)
			require.InDelta(t, m.MarginalValue, m.Bid+m.MakerBuys/c.Activity, 1e-13*scale/c.Activity*n)
			require.InDelta(t, 2*c.HalfSpread+math.Abs(f)*c.Impact, m.Spread(), 1e-13*scale/c.Activity)
			require.InDelta(t, (m.Bid+m.Ask)/2, m.Mid(), 1e-13*scale/c.Activity)
		}
		check(p.At(rapid.Float64Range(0, .999).Draw(t, "during")*d), f)
		check(p.Before(d), f)
		check(p.At(d), 0)
		check(p.At(rapid.Float64Range(1, 3).Draw(t, "after")*d), 0)
	})
}

// TestPathsAgainstDefinitions integrates the flows: of inventory, of what the
// order, a maker and the investors gain, and under open_loop of the costs that
// another unit of inventory brings.
func TestPathsAgainstDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPath(t)
		c, d, f := p.Market, p.Order.Duration, p.Order.Rate
		β, δ, η, ω := c.DiscountRate, c.Activity, c.InventoryCost, c.Reservation
		over := func(flow func(m cournot.Moment) float64) float64 {
			return integral(func(t float64) float64 { return math.Exp(-β*t) * flow(p.Before(t)) }, d)
		}
		end := p.Before(d).Inventory
		later := math.Exp(-β * d)
		size := math.Abs(f)

		flow := integral(func(t float64) float64 { m := p.Before(t); return m.MakerBuys - m.MakerSells }, d)
		require.InDelta(t, end-p.Inventory, flow, 1e-12*(math.Abs(p.Inventory)+(c.Depth+size)*d))

		surplus := over(func(m cournot.Moment) float64 {
			if f < 0 {
				return size * (ω - m.Ask)
			}
			return size * (ω + m.Bid)
		})
		g := c.Proceeds(d)
		require.InDelta(t, surplus, g.Of(f, p.Inventory), 1e-12*spread(g, size, p.Inventory))

		earned := over(func(m cournot.Moment) float64 {
			return m.Ask*m.MakerSells - m.Bid*m.MakerBuys - 2*c.HalfSpread*c.Depth - η*m.Inventory*m.Inventory
		}) - c.Curvature*(later*end*end-p.Inventory*p.Inventory)
		g = c.MakerGain(d)
		paid := integral(func(t float64) float64 { return math.Exp(-β * t) }, d) * c.HalfSpread * c.Depth
		require.InDelta(t, earned, g.Of(f, p.Inventory), 1e-11*(spread(g, size, p.Inventory)+paid+c.Curvature*p.Inventory*p.Inventory))

		enjoyed := over(func(m cournot.Moment) float64 {
			x, y := ω-m.Ask, ω+m.Bid
			z := ω - c.HalfSpread
			return δ / 2 * (x*x + y*y - 2*z*z)
		}) + c.InvestorCurvature*(later*end*end-p.Inventory*p.Inventory)
		g = c.InvestorsGain(d)
		paid = integral(func(t float64) float64 { return math.Exp(-β * t) }, d) * δ * ω * ω
		require.InDelta(t, enjoyed, g.Of(f, p.Inventory), 1e-11*(spread(g, size, p.Inventory)+paid+c.InvestorCurvature*p.Inventory*p.Inventory))

		if c.Concept == cournot.OpenLoop {
			costs := over(func(m cournot.Moment) float64 { return -2 * η * m.Inventory }) - 2*c.A*end*later
			require.InDelta(t, costs, p.At(0).MarginalValue, 1e-11*c.A*(math.Abs(p.Inventory)+size*d))
		}
	})
}

// spread is the size of the terms of a gain.
func spread(g cournot.Gain, rate, inventory float64) float64 {
	return math.Abs(g.Linear*rate) + math.Abs(g.Square*rate*rate) + math.Abs(g.Slope*rate*inventory)
}

// TestAverageImpactAgainstDefinition integrates the price in the three measures.
func TestAverageImpactAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPath(t)
		c, d, f := p.Market, p.Order.Duration, p.Order.Rate
		worse := func(t float64) float64 {
			if f < 0 {
				return p.Before(t).Ask
			}
			return -p.Before(t).Bid
		}
		got := c.AverageImpact(p.Order, p.Inventory)
		scale := 1e-12 * (c.Reservation + math.Abs(f)/c.Activity + c.A*math.Abs(p.Inventory))
		require.InDelta(t, integral(func(t float64) float64 { return math.Exp(-c.DiscountRate*t) * worse(t) }, d)/d, got.Discounted, scale)
		require.InDelta(t, integral(worse, d)/d, got.Undiscounted, scale)
		require.InDelta(t, c.Reservation-c.Proceeds(d).Of(f, p.Inventory)/p.Order.Size()*math.Copysign(1, f), got.Shortfall, scale)
	})
}

// TestSlopeIsThatOfTheQuotes puts the slope beside the flow of inventory and the
// speed at which the announcement wears off.
func TestSlopeIsThatOfTheQuotes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPath(t)
		c, d, f := p.Market, p.Order.Duration, p.Order.Rate
		n, n1 := float64(c.Makers), float64(c.Makers+1)
		at := rapid.Float64Range(0, .999).Draw(t, "at") * d
		m := p.At(at)
		want := -c.Pressure*n*(m.MakerBuys-m.MakerSells) + f*n*c.K/n1*math.Exp(-c.Gamma*(d-at))
		scale := c.Pressure*n*(c.Depth+math.Abs(f)) + math.Abs(f)*n*c.K
		require.InDelta(t, want, p.Slope(at), 1e-12*scale)
		m = p.At(1.3 * d)
		require.InDelta(t, -c.Pressure*n*(m.MakerBuys-m.MakerSells), p.Slope(1.3*d), 1e-12*scale)
	})
}

// TestBuyerMirrorsSeller turns an order and the inventories round.
func TestBuyerMirrorsSeller(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPath(t)
		q := cournot.Path{Market: p.Market, Order: cournot.Order{Rate: -p.Order.Rate, Duration: p.Order.Duration}, Inventory: -p.Inventory}
		d := p.Order.Duration
		mirror := func(m cournot.Moment) cournot.Moment {
			return cournot.Moment{
				Inventory: -m.Inventory, MarginalValue: -m.MarginalValue, Bid: -m.Ask, Ask: -m.Bid,
				MakerBuys: m.MakerSells, MakerSells: m.MakerBuys, InvestorsSell: m.InvestorsBuy, InvestorsBuy: m.InvestorsSell,
			}
		}
		at := rapid.Float64Range(0, 2).Draw(t, "at") * d
		require.Equal(t, mirror(p.At(at)), q.At(at))
		require.Equal(t, mirror(p.Before(d)), q.Before(d))
		require.Equal(t, -p.Slope(at), q.Slope(at))
		require.Equal(t, p.Market.AverageImpact(p.Order, p.Inventory), q.Market.AverageImpact(q.Order, q.Inventory))
		for _, g := range []cournot.Gain{p.Market.Proceeds(d), p.Market.MakerGain(d), p.Market.InvestorsGain(d)} {
			require.Equal(t, g.Of(p.Order.Rate, p.Inventory), g.Of(q.Order.Rate, q.Inventory))
		}
	})
}
