package cournot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/internal/golden"
)

// overlapping are the orders of the golden schedule.
var overlapping = cournot.Orders{
	Sells: []clock.Schedule{
		{{From: 0, To: .3, Rate: 2}, {From: .3, To: .9, Rate: 5}},
		{{From: 1.4, To: 2, Rate: 1}},
	},
	Buys:      []clock.Schedule{{{From: .3, To: .9, Rate: 1}, {From: .9, To: 1.4, Rate: 3}}},
	Inventory: .1,
}

type solution struct {
	BNodes        []float64          `json:"B_nodes"`
	INodes        []float64          `json:"i_nodes"`
	Surplus       map[string]float64 `json:"surplus_per_order"`
	MakerValue    float64            `json:"maker_value"`
	InvestorValue float64            `json:"investor_value"`
	Quotes        []struct{ T, I, Bid, Ask float64 }
}

// TestGoldenSchedule: two sells and a buy that overlaps one of them, from an
// inventory that is not zero.
func TestGoldenSchedule(t *testing.T) {
	var g struct {
		Schedule struct {
			Params           parameters
			Nodes, Sell, Buy []float64
			I0               float64
			Published        solution
			OpenLoop         solution `json:"open_loop"`
		}
	}
	golden.Cournot(t, &g)
	require.NoError(t, overlapping.Validate())
	for _, concept := range concepts {
		want := g.Schedule.Published
		if concept == cournot.OpenLoop {
			want = g.Schedule.OpenLoop
		}
		p := g.Schedule.Params.model().Constants(concept).Announce(overlapping)
		require.Equal(t, g.Schedule.I0, p.At(0).Inventory)
		require.Equal(t, g.Schedule.Nodes[len(g.Schedule.Nodes)-1], p.End())
		for k, at := range g.Schedule.Nodes {
			if k < len(g.Schedule.Sell) {
				sells, buys := p.Rates(at)
				require.Equal(t, []float64{g.Schedule.Sell[k], g.Schedule.Buy[k]}, []float64{sells, buys})
			}
			agree(t, "B", want.BNodes[k], p.Anticipation(at), 1)
			agree(t, "i", want.INodes[k], p.At(at).Inventory, 1)
			agree(t, "i", want.INodes[k], p.Before(at).Inventory, 1)
		}
		for _, q := range want.Quotes {
			now := p.At(q.T)
			agree(t, "i", q.I, now.Inventory, 1)
			agree(t, "bid", q.Bid, now.Bid, 1)
			agree(t, "ask", q.Ask, now.Ask, 1)
		}
		agreeAll(t, want.Surplus, map[string]float64{
			"A_sell_2_on_0_0.3_and_5_on_0.3_0.9":  p.Sell(0).Proceeds,
			"C_sell_1_on_1.4_2":                   p.Sell(1).Proceeds,
			"B_buy_1_on_0.3_0.9_and_3_on_0.9_1.4": p.Buy(0).Proceeds,
		})
		agree(t, "maker value", want.MakerValue, p.MakerValue(), 1)
		agree(t, "investor value", want.InvestorValue, p.InvestorsValue(), 1)
	}
}
