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

// committed is one large trader beside a fringe, in either order, bound to a
// rate.
func committed(large, fringeCost, r, rate float64, fringeFirst bool) equilibrium.Game {
	g := game(r, members(1, large), fringe(fringeCost))
	if fringeFirst {
		g.Traders[0], g.Traders[1] = g.Traders[1], g.Traders[0]
	}
	g.Commitment = &equilibrium.Commitment{Rate: rate}
	return g
}

func TestCommitmentClosedForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, f := logUniform(t, .1, 10, "large"), logUniform(t, .1, 10, "fringe")
		r, rate := logUniform(t, .05, 5, "r"), logUniform(t, .05, 20, "rate")
		step := randomStep(t)
		s := solve(t, committed(l, f, r, rate, false), step)
		require.LessOrEqual(t, s.Residual, 1e-12)
		require.Equal(t, equilibrium.Conditions{Stable: true, SecondOrder: true}, s.Conditions())

		want, err := closedform.LargeAndFringeCommitted(l, f, r, rate)
		if step > 0 {
			want, err = closedform.LargeAndFringeCommittedDiscrete(l, f, r, rate, step)
		}
		require.NoError(t, err)
		got := written(t, s, nil)
		requireClose(t, vector(want.P), vector(got.p), 0, 1e-11, "P")
		requireClose(t, want.Q, got.q, 0, 1e-12, "Q")
		for i, v := range got.values {
			requireClose(t, want.A[i], v.A, 0, 1e-10, "A")
			require.InEpsilon(t, closedform.ShockValue(want.A[i], diagonal(2, .01), r, step), v.K, 1e-9)
		}
		other := written(t, solve(t, committed(l, f, r, rate, true), step), nil)
		requireClose(t, vector(got.p), vector([]float64{other.p[1], other.p[0]}), 0, 1e-13, "P in the other order")
		require.InEpsilon(t, got.q.At(0, 1), other.q.At(1, 0), 1e-14)
	})
}

// TestCommitmentToTheEquilibrium: to commit to the equilibrium's rate changes
// nothing in continuous time, and nobody does better at another rate than at
// the best one.
func TestCommitmentToTheEquilibrium(t *testing.T) {
	const l, f, r = 1.3, 1.7, .6
	free := game(r, members(1, l), fringe(f))
	bound := free
	bound.Commitment = &equilibrium.Commitment{Rate: r * (l + f) / (2 * f)}
	requireSame(t, written(t, solve(t, free, 0), nil), written(t, solve(t, bound, 0), nil), 1e-10)

	best, err := closedform.BestCommitment(l, f, r)
	require.NoError(t, err)
	welfare := func(rate float64) float64 {
		return written(t, solve(t, committed(l, f, r, rate, false), 0), nil).welfare([]float64{1, .4})[0]
	}
	require.Greater(t, welfare(best), welfare(best*1.01))
	require.Greater(t, welfare(best), welfare(best*.99))
	require.Greater(t, welfare(best), welfare(bound.Commitment.Rate))
}

// TestCommitmentIsPlayed: the policy on seats and on a grid is that of the
// mechanism, and does not claim to be an equilibrium.
func TestCommitmentIsPlayed(t *testing.T) {
	g := committed(1.3, 1.7, .6, 2, false)
	seats := g.Seats(everyone)
	exact, err := solve(t, g, .25).Policy(seats, diagonal(2, .01))
	require.NoError(t, err)
	require.False(t, exact.Equilibrium)
	require.InEpsilon(t, -math.Expm1(-.5), mat.Trace(exact.Flows), 1e-13)
	grid, err := solve(t, g, 0).OnGrid(.25, seats, diagonal(2, .01))
	require.NoError(t, err)
	require.InEpsilon(t, .5, mat.Trace(grid.Flows), 1e-13)
}

func TestCommitmentMisuse(t *testing.T) {
	bind := func(rate float64, traders ...equilibrium.Trader) func() {
		g := game(.6, traders...)
		g.Commitment = &equilibrium.Commitment{Rate: rate}
		return func() { _, _ = g.Continuous() }
	}
	require.Panics(t, bind(0, members(1, 1), fringe(1)))
	require.Panics(t, bind(math.Inf(1), members(1, 1), fringe(1)))
	require.Panics(t, bind(1, large(1, 2, 3)...))
	require.Panics(t, bind(1, members(2, 1), fringe(1)))
	require.Panics(t, bind(1, members(1, 1), members(1, 2), fringe(1)))
	require.NotPanics(t, bind(1, members(1, 1), fringe(1)))
}
