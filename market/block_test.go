package market_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/market"
)

// run holds three auctions with shocks between them on blocks of the given
// size, and returns the final state of all paths.
func run(t *testing.T, size int) *market.Block {
	t.Helper()
	const paths, seats = 103, 4
	all := market.NewBlock(seats, paths)
	for from := 0; from < paths; from += size {
		n := min(size, paths-from)
		b, o, a := market.NewBlock(seats, size), market.NewOrders(seats, size), market.NewAuction(seats)
		b.Start([]float64{1, -2, .5, 3}, n)
		dx := market.Matrix(seats, size)
		for round := range 3 {
			play(t, a, o, b, from, round)
			for i := range dx {
				for p := range n {
					dx[i][p] = draw(from+p, round, i)
				}
			}
			b.Shock(dx)
		}
		for i := range seats {
			copy(all.Inventory[i][from:], b.Inventory[i][:n])
			copy(all.Cash[i][from:], b.Cash[i][:n])
			copy(all.Volume[i][from:], b.Volume[i][:n])
		}
	}
	return all
}

// play submits π̂X with a misreport, clears and settles.
func play(t *testing.T, a *market.Auction, o *market.Orders, b *market.Block, from, round int) {
	t.Helper()
	for i, each := range four() {
		o.Schedule(i, each.slopes)
		for p := range b.Paths {
			o.Intercept[i][p] = -.1 * (1 + float64(i)) * (b.Inventory[i][p] + draw(from+p, round, 10+i))
		}
	}
	require.NoError(t, a.Clear(o, b.Side, b.Paths))
	b.Settle()
}

// draw is a number of its own for every path, round and purpose.
func draw(path, round, purpose int) float64 {
	return rand.New(rand.NewPCG(uint64(path), uint64(100*round+purpose))).NormFloat64()
}

// TestBlocksDoNotMatter cuts the paths into blocks of different size.
func TestBlocksDoNotMatter(t *testing.T) {
	want := run(t, 103)
	for _, size := range []int{1, 4, 7, 64} {
		got := run(t, size)
		require.Equal(t, want.Inventory, got.Inventory, "blocks of %d", size)
		require.Equal(t, want.Cash, got.Cash, "blocks of %d", size)
		require.Equal(t, want.Volume, got.Volume, "blocks of %d", size)
	}
}

// TestSettlementConserves checks that trade creates neither inventory nor cash.
func TestSettlementConserves(t *testing.T) {
	b, o, a := market.NewBlock(4, 50), market.NewOrders(4, 50), market.NewAuction(4)
	b.Start([]float64{1, -2, .5, 3}, 50)
	for round := range 5 {
		play(t, a, o, b, 0, round)
	}
	for p := range 50 {
		inventory, size, cash, turnover := 0.0, 1.0, 0.0, 0.0
		for i := range 4 {
			inventory += b.Inventory[i][p]
			size += math.Abs(b.Inventory[i][p])
			cash += b.Cash[i][p]
			turnover += math.Abs(b.Cash[i][p])
		}
		require.InDelta(t, 2.5, inventory, 1e-14*size)
		require.Less(t, size, 1e4)
		require.InDelta(t, 0, cash, 1e-13*turnover)
		require.Positive(t, turnover)
	}
}

func TestSettle(t *testing.T) {
	b := market.NewBlock(2, 3)
	b.Start([]float64{5, -1}, 2)
	b.Price = []float64{2, -3, 99}
	b.Trade = [][]float64{{1.5, -2, 99}, {-1.5, 2, 99}}
	b.Settle()
	b.Settle()
	require.Equal(t, [][]float64{{2, 9, 0}, {2, -5, 0}}, b.Inventory)
	require.Equal(t, [][]float64{{6, 12, 0}, {-6, -12, 0}}, b.Cash)
	require.Equal(t, [][]float64{{3, 4, 0}, {3, 4, 0}}, b.Volume)
	require.Equal(t, [][]float64{{0, 0, 0}, {0, 0, 0}}, b.Payoff) // the agents' business
}

// TestStart begins anew, whatever the block was used for.
func TestStart(t *testing.T) {
	b := market.NewBlock(2, 3)
	for i := range 2 {
		for p := range 3 {
			b.Inventory[i][p], b.Cash[i][p], b.Volume[i][p], b.Payoff[i][p] = 7, 7, 7, 7
		}
	}
	b.Start([]float64{1.5, -4}, 2)
	require.Equal(t, 2, b.Paths)
	require.Equal(t, [][]float64{{1.5, 1.5, 7}, {-4, -4, 7}}, b.Inventory)
	for _, m := range [][][]float64{b.Cash, b.Volume, b.Payoff} {
		require.Equal(t, [][]float64{{0, 0, 7}, {0, 0, 7}}, m)
	}
}

func TestShock(t *testing.T) {
	b := market.NewBlock(2, 3)
	b.Start([]float64{1, 2}, 2)
	b.Shock([][]float64{{.5, -1, 8}, {0, 3, 8}})
	require.Equal(t, [][]float64{{1.5, 0, 0}, {2, 5, 0}}, b.Inventory)
}

// TestMatrixRowsAreApart appends to a row without touching the next.
func TestMatrixRowsAreApart(t *testing.T) {
	m := market.Matrix(2, 2)
	_ = append(m[0], 9)
	require.Equal(t, [][]float64{{0, 0}, {0, 0}}, m)
}

// TestNoAllocation runs the loop after its first round.
func TestNoAllocation(t *testing.T) {
	b, o, a := market.NewBlock(4, 64), market.NewOrders(4, 64), market.NewAuction(4)
	b.Start([]float64{1, -2, .5, 3}, 64)
	orders, dx := four(), market.Matrix(4, 64)
	round := func() {
		for i, each := range orders {
			o.Schedule(i, each.slopes)
		}
		if err := a.Clear(o, b.Side, b.Paths); err != nil {
			panic(err)
		}
		b.Settle()
		b.Shock(dx)
	}
	round()
	require.Zero(t, testing.AllocsPerRun(100, round))
}
