package cournot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/internal/golden"
)

// parameters are a model in the golden tables.
type parameters struct {
	Beta, Eta, Delta, Omega float64
	N                       int
}

func (p parameters) model() cournot.Model {
	return cournot.Model{DiscountRate: p.Beta, Makers: p.N, InventoryCost: p.Eta, Activity: p.Delta, Reservation: p.Omega}
}

// overlapping are the orders of the golden schedule.
var overlapping = cournot.Orders{
	Sells: []clock.Schedule{
		{{From: 0, To: .3, Rate: 2}, {From: .3, To: .9, Rate: 5}},
		{{From: 1.4, To: 2, Rate: 1}},
	},
	Buys:      []clock.Schedule{{{From: .3, To: .9, Rate: 1}, {From: .9, To: 1.4, Rate: 3}}},
	Inventory: .1,
}

// near requires |got − want| ≤ tol|want| + 1e-13 scale.
func near(t require.TestingT, want, got, tol, scale float64, label ...any) {
	bound := tol*abs(want) + 1e-13*scale
	require.InDelta(t, want, got, bound, label...)
}

func abs(x float64) float64 { return max(x, -x) }

func TestGoldenSchedule(t *testing.T) {
	type solution struct {
		BNodes        []float64          `json:"B_nodes"`
		INodes        []float64          `json:"i_nodes"`
		Surplus       map[string]float64 `json:"surplus_per_order"`
		MakerValue    float64            `json:"maker_value"`
		InvestorValue float64            `json:"investor_value"`
		Quotes        []struct{ T, I, Bid, Ask float64 }
	}
	var g struct {
		Schedule struct {
			Params              parameters
			Nodes, Sell, Buy    []float64
			I0                  float64
			Published, OpenLoop solution `json:"-"`
		}
	}
	golden.Cournot(t, &g)
	var s struct{ Schedule map[string]any }
	golden.Cournot(t, &s)
	var raw struct {
		Schedule struct {
			Published solution
			OpenLoop  solution `json:"open_loop"`
		}
	}
	golden.Cournot(t, &raw)
	for concept, want := range map[cournot.Concept]solution{cournot.Published: raw.Schedule.Published, cournot.OpenLoop: raw.Schedule.OpenLoop} {
		require.NoError(t, overlapping.Validate())
		p := g.Schedule.Params.model().Announce(concept, overlapping)
		for k, at := range g.Schedule.Nodes {
			now := p.At(at)
			near(t, want.BNodes[k], now.Anticipation, 1e-10, 1)
			near(t, want.INodes[k], now.Inventory, 1e-10, 1)
		}
		for _, q := range want.Quotes {
			now := p.At(q.T)
			near(t, q.I, now.Inventory, 1e-10, 1)
			near(t, q.Bid, now.Bid, 1e-10, 1)
			near(t, q.Ask, now.Ask, 1e-10, 1)
		}
		near(t, want.Surplus["A_sell_2_on_0_0.3_and_5_on_0.3_0.9"], p.Sell(0).Proceeds, 1e-10, 1)
		near(t, want.Surplus["C_sell_1_on_1.4_2"], p.Sell(1).Proceeds, 1e-10, 1)
		near(t, want.Surplus["B_buy_1_on_0.3_0.9_and_3_on_0.9_1.4"], p.Buy(0).Proceeds, 1e-10, 1)
		near(t, want.MakerValue, p.MakerValue(), 1e-10, 1)
		near(t, want.InvestorValue, p.InvestorWorth(), 1e-10, 1)
	}
}
