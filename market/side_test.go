package market_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"walras/market"
)

// TestTwoSides: each side clears by itself, and inventories, volume and cash collect
// both.
func TestTwoSides(t *testing.T) {
	b := market.NewTwoSided(3, 4)
	b.Start([]float64{1, -2, .5}, 3)
	b.Level = []float64{10, 12.5, 9, -1}
	b.Accounts = 2
	bid, ask := b.Sides[market.Bid].Orders, b.Sides[market.Ask].Orders
	for side, o := range []*market.Orders{bid, ask} {
		o.Schedule(0, []float64{0, -.5, -.25})       // p = c + .5q₁ + .25q₂
		o.Relation(2, 1, []float64{0, 0, -1 / 1.25}) // q = 1.25(p ∓ c)
		for p := range 3 {
			o.Intercept[0][p] = []float64{-.75, .75}[side] + .1*float64(p)
			o.Intercept[1][p] = []float64{.4, -.6}[side]
			o.Intercept[2][p] = []float64{-1.5, 1.5}[side]
		}
	}
	require.NoError(t, b.Clear())
	for side, s := range b.Sides {
		for p := range 3 {
			q := []float64{s.Trade[0][p], s.Trade[1][p], s.Trade[2][p]}
			require.InDelta(t, 0, q[0]+q[1]+q[2], 1e-15)
			require.InDelta(t, []float64{.4, -.6}[side], q[1], 1e-15)
			require.InDelta(t, 1.25*(s.Price[p]-[]float64{-1.5, 1.5}[side]), q[2], 1e-14)
			require.InDelta(t, []float64{-.75, .75}[side]+.1*float64(p)+.5*q[1]+.25*q[2], s.Price[p], 1e-14)
		}
	}
	b.Settle()
	for i, x := range []float64{1, -2, .5} {
		for p := range 3 {
			sold, bought := b.Sides[0].Trade[i][p], b.Sides[1].Trade[i][p]
			require.InDelta(t, sold+bought, b.NetSold(i)[p], 1e-15)
			require.InDelta(t, x-sold-bought, b.Inventory[i][p], 1e-15)
			require.InDelta(t, max(sold, -sold)+max(bought, -bought), b.Volume[i][p], 1e-15)
			cash := (b.Level[p]+b.Sides[0].Price[p])*sold + (b.Level[p]+b.Sides[1].Price[p])*bought
			if p >= b.Accounts {
				cash = 0
			}
			require.InDelta(t, cash, b.Cash[i][p], 1e-13)
		}
	}
	require.Same(t, b.Side, b.Sides[market.Bid])
}

// TestASideThatDoesNotClear is an error, whatever the other does.
func TestASideThatDoesNotClear(t *testing.T) {
	b := market.NewTwoSided(2, 1)
	b.Sides[market.Bid].Orders.Schedule(0, []float64{0, -.5})
	require.ErrorAs(t, b.Clear(), new(*market.NotAcceptableError), "nobody sets the ask")
	b.Sides[market.Ask].Orders.Schedule(1, []float64{-.3, 0})
	require.NoError(t, b.Clear())
}
