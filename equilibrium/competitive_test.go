package equilibrium_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
)

// TestFringeAlone: the competitive market has the price and the values of the
// first best, at every timing alike, and its parts have those of the closed form
// before a merger.
func TestFringeAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b, r, step := logUniform(t, .1, 10, "b"), logUniform(t, .05, 5, "r"), randomStep(t)
		share := rapid.Float64Range(.01, .99).Draw(t, "share")
		s := solve(t, game(r, fringe(b)), step)
		require.LessOrEqual(t, s.Residual, 1e-13)
		require.Equal(t, equilibrium.Conditions{Stable: true, SecondOrder: true}, s.Conditions())
		seats := s.Game.Seats(everyone)
		require.InEpsilon(t, -b/r, s.PriceOn(seats)[0], 1e-15)
		require.Zero(t, s.FlowsOn(seats).At(0, 0))
		require.Equal(t, []float64{0}, s.Speeds())

		shocks := diagonal(1, .04)
		values, err := s.ValuesOn(seats, shocks)
		require.NoError(t, err)
		require.InEpsilon(t, -b/(2*r), values[0].A.At(0, 0), 1e-13)
		require.InEpsilon(t, closedform.ShockValue(values[0].A, shocks, r, step), values[0].K, 1e-12)

		merger, err := closedform.FringeMerger(share, 1/b, r)
		require.NoError(t, err)
		part := closedform.FringePart(share, s.PriceOn(seats), values[0].A)
		require.True(t, mat.EqualApprox(merger.Before, part, 1e-12*b/r))
	})
}

// TestFringeAloneOnGrid: nothing moves, so the policy of continuous time can be
// played at any step and is worth the same.
func TestFringeAloneOnGrid(t *testing.T) {
	s := solve(t, game(.7, fringe(1.3)), 0)
	for _, step := range []float64{.1, 3, 50} {
		p, err := s.OnGrid(step, s.Game.Seats(everyone), diagonal(1, 0))
		require.NoError(t, err)
		require.InEpsilon(t, -1.3/1.4, p.Values[0].A.At(0, 0), 1e-13)
	}
}
