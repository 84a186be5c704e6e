package equilibrium_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
)

// The welfare results in closed form against the solver.

// TestMergerSolved: what a part of the fringe has after it has merged is the
// solver's value of a large trader, and it gains exactly above half the market.
func TestMergerSolved(t *testing.T) {
	const capacity, r = 1.7, .6
	for _, share := range []float64{.1, .3, .49, .51, .9} {
		m, err := closedform.FringeMerger(share, capacity, r)
		require.NoError(t, err)
		after := written(t, solve(t, game(r, members(1, 1/(share*capacity)), fringe(1/((1-share)*capacity))), 0), nil)
		requireClose(t, after.values[0].A, m.After, 0, 1e-11, "after")
		gain := after.values[0].At([]float64{2, -.7}) - after.values[0].K - mat.Inner(mat.NewVecDense(2, []float64{2, -.7}), m.Before, mat.NewVecDense(2, []float64{2, -.7}))
		require.InEpsilon(t, gain, m.Gain(2, -.7), 1e-9)
		require.Equal(t, share > .5, gain > 0)
	}
}

// TestEntrySolved: k^L of the solver as the fringe grows, around the share of
// 1/4 where it is lowest.
func TestEntrySolved(t *testing.T) {
	e := closedform.Entry{Large: 1.4, DiscountRate: .6, Aggregate: .8, LargeShock: .3, Idiosyncrasy: .5}
	welfare := func(cost float64) float64 {
		var c mat.SymDense
		c.SymOuterK(1, e.Volatility(cost))
		return written(t, solve(t, game(e.DiscountRate, members(1, e.Large), fringe(cost)), 0), &c).values[0].K
	}
	for _, cost := range []float64{.1, .3, 1.4 / 3, 1, 4} {
		want, err := e.Welfare(cost)
		require.NoError(t, err)
		require.InEpsilon(t, want, welfare(cost), 1e-10)
	}
	require.Greater(t, welfare(.4), welfare(1.4/3))
	require.Greater(t, welfare(.54), welfare(1.4/3))
}

// TestPairsSolved adds up the solver's k^i before and after a merger in pairs.
func TestPairsSolved(t *testing.T) {
	timings(t, func(t *testing.T, step float64) {
		m := closedform.SymmetricMarket{Traders: 12, HoldingCost: 1.3, DiscountRate: .8, Variance: .6, Correlation: .15}
		for m.Traders >= 3 {
			c := mat.NewSymDense(m.Traders, nil)
			for i := range m.Traders {
				for j := i; j < m.Traders; j++ {
					c.SetSym(i, j, m.Variance*m.Correlation)
				}
				c.SetSym(i, i, m.Variance)
			}
			sum := 0.0
			for _, v := range written(t, solve(t, game(m.DiscountRate, members(m.Traders, m.HoldingCost)), step), c).values {
				sum += v.K
			}
			want, err := m.Welfare(step)
			require.NoError(t, err)
			require.InEpsilon(t, want, sum, 1e-9)
			if m.Traders == 3 {
				break
			}
			m, err = m.Merged()
			require.NoError(t, err)
		}
	})
}

// TestFringePartPlayed plays discrete games with up to five large traders and a
// part of the fringe that keeps an account of its own: after the first auction
// it holds its share, and its value is what it earns.
func TestFringePartPlayed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "large traders")
		g := game(logUniform(t, .2, 2, "r"))
		for range n {
			g.Traders = append(g.Traders, members(1, logUniform(t, .2, 5, "b")))
		}
		cost := logUniform(t, .2, 5, "fringe's b")
		g.Traders = append(g.Traders, fringe(cost))
		share, step := rapid.Float64Range(.05, .95).Draw(t, "share"), logUniform(t, .1, 1, "step")
		x := rapid.SliceOfN(rapid.Float64Range(-2, 2), n+2, n+2).Draw(t, "X")

		s := solve(t, g, step)
		m := written(t, s, nil)
		a := closedform.FringePart(share, m.p, m.values[n].A)
		v := mat.NewVecDense(n+2, x)
		require.InDelta(t, earnedByPart(s, m, x, share, cost), mat.Inner(v, a, v), 1e-10*(1+mat.Norm(a, 1)))
	})
}

func earnedByPart(s *equilibrium.Solution, m mechanism, x []float64, share, cost float64) float64 {
	n := len(m.p) - 1
	all := mat.NewVecDense(n+1, append(append([]float64(nil), x[:n]...), x[n]+x[n+1]))
	q, price := mat.NewVecDense(n+1, nil), mat.NewVecDense(n+1, m.p)
	held, sum := x[n], 0.0
	for k := 0; float64(k)*s.Timing.Step*s.Timing.DiscountRate < 40; k++ {
		p := mat.Dot(price, all)
		q.MulVec(m.q, all)
		all.SubVec(all, q)
		sold := held - share*all.AtVec(n)
		held -= sold
		sum += math.Pow(s.Timing.Discount(), float64(k)) * (p*sold - cost/share*s.Timing.HoldingTime()/2*held*held)
	}
	return sum
}
