package agents_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/agents"
	"walras/clock"
	"walras/equilibrium"
	"walras/market"
)

// twoMakers trade with investors, a seller and a buyer.
func twoMakers() *equilibrium.Cournot {
	affine := func(c float64, slopes ...float64) func(int) equilibrium.Affine {
		return func(k int) equilibrium.Affine {
			return equilibrium.Affine{Constant: c + .1*float64(k), Slopes: slopes}
		}
	}
	return &equilibrium.Cournot{
		Step: .25,
		Makers: []equilibrium.Maker{
			{Bid: affine(.7, -.2, .05), Ask: affine(.6, .3, -.1), InventoryCost: 1.4, Worth: func(x []float64) float64 { return 5 - 2*x[0]*x[1] }},
			{Bid: affine(.9, .15, -.4), Ask: affine(.5, .02, .25), InventoryCost: .8},
		},
		Investors: equilibrium.Investors{Activity: 6, Reservation: 1.3, Worth: func(x []float64) float64 { return 3 * x[1] }},
		Orders: []equilibrium.LargeOrder{
			{Schedule: clock.Schedule{{From: .3, To: .6, Rate: 2}}},
			{Schedule: clock.Schedule{{From: 0, To: 9, Rate: .8}}, Buys: true},
		},
	}
}

var period = clock.Clock{Step: .25, Steps: 8, DiscountRate: .3}.At(1)

// cleared submits the orders of the period of tick 1 with given inventories.
func cleared(t *testing.T, c *equilibrium.Cournot) (*market.Block, []agents.Agent) {
	t.Helper()
	b, list := market.NewTwoSided(c.Seats(), 4), agents.Trading(c)
	b.Start([]float64{.4, -.9, 0, 7, -3}, 2)
	require.Len(t, list, 5)
	for _, a := range list {
		a.Submit(period, b)
	}
	require.NoError(t, b.Clear())
	return b, list
}

// TestQuantitiesAtBothSides: makers buy and sell what they submit, orders the integral
// of their rates, and the investors' demand gives the prices.
func TestQuantitiesAtBothSides(t *testing.T) {
	b, list := cleared(t, twoMakers())
	bids := []float64{.8 - .2*.4 - .05*.9, 1 + .15*.4 + .4*.9}
	asks := []float64{.7 + .3*.4 + .1*.9, .6 + .02*.4 - .25*.9}
	sold, bought := 2*.2, .8*.25
	bid := (bids[0]+bids[1]-sold)/(6*.25) - 1.3
	ask := 1.3 - (asks[0]+asks[1]-bought)/(6*.25)
	trades := [][2]float64{{-bids[0], asks[0]}, {-bids[1], asks[1]}, {1.5 * (1.3 + bid), -1.5 * (1.3 - ask)}, {sold, 0}, {0, -bought}}
	for p := range 2 {
		require.InDelta(t, bid, b.Sides[market.Bid].Price[p], 1e-14)
		require.InDelta(t, ask, b.Sides[market.Ask].Price[p], 1e-14)
		for i, q := range trades {
			require.InDelta(t, q[0], b.Sides[market.Bid].Trade[i][p], 1e-14, i)
			require.InDelta(t, q[1], b.Sides[market.Ask].Trade[i][p], 1e-14, i)
		}
	}

	b.Settle()
	b.Payoff[3][1] = 10 // what was earned before stays
	for _, a := range list {
		a.Earn(period, b)
	}
	d := math.Exp(-.3 * .25)
	for i, want := range []float64{
		ask*asks[0] - bid*bids[0] - 1.4*.25*.4*.4,
		ask*asks[1] - bid*bids[1] - .8*.25*.9*.9,
		1.5 / 2 * ((1.3-ask)*(1.3-ask) + (1.3+bid)*(1.3+bid)),
		(1.3 + bid) * sold,
		(1.3 - ask) * bought,
	} {
		require.InDelta(t, d*want, b.Payoff[i][0], 1e-13, i)
	}
	require.InDelta(t, 10+d*(1.3+bid)*sold, b.Payoff[3][1], 1e-13)
	require.Zero(t, b.Payoff[0][2], "not in use")

	x := []float64{b.Inventory[0][1], b.Inventory[1][1]}
	require.InDelta(t, 5-2*x[0]*x[1], list[0].(agents.Valuer).Value(b, 1), 1e-14)
	require.Zero(t, list[1].(agents.Valuer).Value(b, 1))
	require.InDelta(t, 3*x[1], list[2].(agents.Valuer).Value(b, 1), 1e-14)
}

// TestPostedPrices: the prices are those without orders, which the makers fill in
// equal shares.
func TestPostedPrices(t *testing.T) {
	c := twoMakers()
	alone := twoMakers()
	for i := range alone.Orders {
		alone.Orders[i].Schedule = nil
	}
	c.Posted = func(k int) bool { return k == 1 }
	posted, _ := cleared(t, c)
	free, _ := cleared(t, alone)
	flow := []float64{2 * .2, -.8 * .25}
	for side := range posted.Sides {
		a, b := posted.Sides[side], free.Sides[side]
		require.InDelta(t, b.Price[0], a.Price[0], 1e-14)
		for j := range 2 {
			require.InDelta(t, b.Trade[j][0]-flow[side]/2, a.Trade[j][0], 1e-13)
		}
		require.InDelta(t, b.Trade[2][0], a.Trade[2][0], 1e-13)
	}
}
