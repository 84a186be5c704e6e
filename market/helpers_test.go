package market_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
	"walras/market"
)

// order is what one seat submits, weight·p + Σ slopes_j q_j = intercept.
type order struct {
	weight    float64
	slopes    []float64
	intercept float64
}

// schedule is p = intercept − Σ slopes_j q_j.
func schedule(intercept float64, slopes ...float64) order {
	return order{1, slopes, intercept}
}

// quantity is a fixed quantity sold by seat i of n.
func quantity(sold float64, i, n int) order {
	slopes := make([]float64, n)
	slopes[i] = 1
	return order{0, slopes, sold}
}

// solved clears the orders with all N+1 unknowns (p, q₁ … q_N): every order and
// Σ q = 0.
func solved(orders []order) (price float64, trades []float64) {
	n := len(orders)
	system, right := mat.NewDense(n+1, n+1, nil), mat.NewVecDense(n+1, nil)
	for i, o := range orders {
		system.Set(i, 0, o.weight)
		for j, s := range o.slopes {
			system.Set(i, j+1, s)
		}
		right.SetVec(i, o.intercept)
		system.Set(n, i+1, 1)
	}
	var x mat.VecDense
	if err := x.SolveVec(system, right); err != nil {
		panic(err)
	}
	return x.AtVec(0), x.RawVector().Data[1:]
}

// submit writes the orders for every path of the block.
func submit(o *market.Orders, orders []order, paths int) {
	for i, each := range orders {
		if each.weight == 0 {
			o.Quantity(i)
		} else {
			o.Schedule(i, each.slopes)
		}
		for p := range paths {
			o.Intercept[i][p] = each.intercept
		}
	}
}

// requireCleared compares every path with the given price and trades.
func requireCleared(t require.TestingT, price float64, trades []float64, b *market.Block, tol float64) {
	scale := 0.0
	for _, q := range trades {
		scale = math.Max(scale, math.Abs(q))
	}
	for p := range b.Paths {
		require.InDelta(t, price, b.Price[p], tol*math.Abs(price), "price")
		sum := 0.0
		for i, q := range trades {
			require.InDelta(t, q, b.Trade[i][p], tol*scale, "trade of seat %d", i+1)
			sum += b.Trade[i][p]
		}
		require.InDelta(t, 0, sum, 1e-15*float64(len(trades))*scale)
	}
}

// clear clears the orders once, on a block of three paths.
func clear(orders []order) (*market.Block, error) {
	n := len(orders)
	b, o := market.NewBlock(n, 3), market.NewOrders(n, 3)
	submit(o, orders, 3)
	return b, market.NewAuction(n).Clear(o, b.Side, b.Paths)
}

// equilibria are policies of markets in the discrete game and on a grid.
func equilibria(t *testing.T) map[string]*equilibrium.Policy {
	t.Helper()
	strategic := func(count int, b float64) equilibrium.Trader {
		return equilibrium.Trader{HoldingCost: b, Count: count}
	}
	fringe := equilibrium.Trader{Kind: equilibrium.Fringe, HoldingCost: 1.7, Count: 1}
	list := make(map[string]*equilibrium.Policy)
	for name, traders := range map[string][]equilibrium.Trader{
		"five traders":     {strategic(1, 1), strategic(1, 1.5), strategic(1, 2), strategic(1, 2.5), strategic(1, 3)},
		"large and fringe": {strategic(1, .7), fringe},
		"types and fringe": {strategic(3, .7), fringe, strategic(2, 4)},
		"wide":             {strategic(1, .01), strategic(1, 1), strategic(1, 50)},
		"a thousand":       {strategic(1, 1), strategic(1, 2), strategic(1000, 300)},
	} {
		g := equilibrium.Game{DiscountRate: .8, Traders: traders}
		seats := g.Seats(10)
		covariance := mat.NewSymDense(len(seats), nil)
		discrete, err := g.Discrete(.1)
		require.NoError(t, err)
		list[name], err = discrete.Policy(seats, covariance)
		require.NoError(t, err)
		continuous, err := g.Continuous()
		require.NoError(t, err)
		step := 1 / continuous.Speeds()[len(continuous.Speeds())-1]
		list[fmt.Sprintf("%s on a grid", name)], err = continuous.OnGrid(step, seats, covariance)
		require.NoError(t, err)
	}
	return list
}

func vector(x []float64) *mat.VecDense { return mat.NewVecDense(len(x), x) }

// requireClose demands entries equal to tol of the largest.
func requireClose(t require.TestingT, want, got mat.Matrix, tol float64, label string) {
	var d mat.Dense
	d.Sub(want, got)
	size := math.Max(mat.Max(want), -mat.Min(want))
	off := math.Max(mat.Max(&d), -mat.Min(&d))
	require.LessOrEqual(t, off, tol*size, label)
}

// between draws a number.
func between(t *rapid.T, low, high float64, label string) float64 {
	return rapid.Float64Range(low, high).Draw(t, label)
}
