package equilibrium_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
)

// requireClosedForm compares P, Q and, where the closed form has them, A.
func requireClosedForm(t *testing.T, want closedform.Mechanism, s *equilibrium.Solution, tol float64) {
	t.Helper()
	got := written(t, s, nil)
	requireClose(t, vector(want.P), vector(got.p), 0, tol, "P")
	requireClose(t, want.Q, got.q, 0, tol, "Q")
	for i, a := range want.A {
		requireClose(t, a, got.values[i].A, 0, tol, fmt.Sprintf("A of member %d", i+1))
	}
}

// TestSymmetric solves identical traders both as one type and as types of
// different size.
func TestSymmetric(t *testing.T) {
	const b, r, step = 1.7, .3, .4
	for _, n := range []int{3, 4, 7, 30} {
		continuous, err := closedform.Symmetric(n, b, r)
		require.NoError(t, err)
		discrete, err := closedform.SymmetricDiscrete(n, b, r, step)
		require.NoError(t, err)
		for _, g := range []equilibrium.Game{
			game(r, members(n, b)),
			game(r, members(1, b), members(n-1, b)),
		} {
			requireClosedForm(t, continuous, solve(t, g, 0), 1e-12)
			requireClosedForm(t, discrete, solve(t, g, step), 1e-12)
		}
	}
}

func TestLargeAndFringe(t *testing.T) {
	const r = .8
	for _, b := range [][2]float64{{1.3, 2.1}, {.01, 3}, {40, .02}} {
		want, err := closedform.LargeAndFringe(b[0], b[1], r)
		require.NoError(t, err)
		s := solve(t, game(r, members(1, b[0]), fringe(b[1])), 0)
		requireClosedForm(t, want, s, 1e-12)

		impact, err := closedform.LargeAndFringeImpact(b[0], b[1], r)
		require.NoError(t, err)
		got := s.ImpactOf(0)
		require.InEpsilon(t, impact.Instantaneous, got.Instantaneous, 1e-12)
		require.InEpsilon(t, impact.Permanent, got.Permanent, 1e-12)
		require.InDelta(t, 0, got.Transient, 1e-12*impact.Permanent) // Prop 6: the fringe learns at once
	}
}

func TestIdenticalLargeAndFringe(t *testing.T) {
	const b, r = 1.4, .6
	for n := 1; n <= 20; n++ {
		for _, f := range []float64{.2, 1.4, 9} {
			want, speeds, err := closedform.IdenticalLargeAndFringe(n, b, f, r)
			require.NoError(t, err)
			s := solve(t, game(r, members(n, b), fringe(f)), 0)
			requireClosedForm(t, want, s, 1e-11)
			got, _, ok := s.Modes()
			require.True(t, ok)
			require.InEpsilon(t, speeds[1], got[n], 1e-11)
			for _, kappa := range got[1:n] {
				require.InEpsilon(t, speeds[0], kappa, 1e-11)
			}
		}
	}
}

// TestNearSymmetric measures the error of the first-order approximation in the
// size ε of the differences between traders: it falls as ε².
func TestNearSymmetric(t *testing.T) {
	const r = .7
	pattern := []float64{.9, .2, -.1, -.4, -.6}
	distances := func(epsilon float64) (p, q float64) {
		b := make([]float64, len(pattern))
		for i, e := range pattern {
			b[i] = 1.6 * (1 + epsilon*e)
		}
		near, err := closedform.NearSymmetric(b, r)
		require.NoError(t, err)
		m := written(t, solve(t, game(r, large(b...)...), 0), nil)
		return distance(vector(near.P), vector(m.p)), distance(near.Q, m.q)
	}
	p0, q0 := distances(.02)
	p1, q1 := distances(.01)
	require.InDelta(t, 2, math.Log2(p0/p1), .05)
	require.InDelta(t, 2, math.Log2(q0/q1), .05)
	require.Less(t, q1, 1e-3)
}

// TestFirstBest checks the price at the efficient allocation: nobody trades,
// and a unit costs what holding it for ever does.
func TestFirstBest(t *testing.T) {
	g := game(.4, members(2, .5), members(1, 3), fringe(1.2), members(3, 7))
	price, shares := closedform.FirstBest(costs(g), g.DiscountRate)
	x := mat.NewVecDense(len(shares), shares)
	timings(t, func(t *testing.T, step float64) {
		m := written(t, solve(t, g, step), nil)
		require.InEpsilon(t, price, mat.Dot(mat.NewVecDense(len(m.p), m.p), x), 1e-12)
		var trade mat.VecDense
		trade.MulVec(m.q, x)
		require.Less(t, mat.Norm(&trade, 2), 1e-12*size(m.q))
	})
}
