package equilibrium

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

// TestCurvatureUnderCommonValues compares c^i with what a misreport F^{·i}y loses
// in the regret of the play, which is all that it does: its best response is the
// policy.
func TestCurvatureUnderCommonValues(t *testing.T) {
	f := mat.NewDense(4, 4, []float64{1, .2, 0, -.1, .1, 1, .2, 0, 0, .15, 1, .1, .05, 0, .1, 1})
	g := Game{DiscountRate: .7, Interaction: f}
	for _, b := range []float64{.8, 1.4, 1.4, 2.2} {
		g.Traders = append(g.Traders, Trader{HoldingCost: b, Count: 1})
	}
	s, err := g.Discrete(.3)
	require.NoError(t, err)
	policy, err := s.Policy(g.Seats(math.MaxInt), mat.NewSymDense(4, nil))
	require.NoError(t, err)
	require.True(t, mat.Equal(f, policy.Interaction))
	for i := range g.Traders {
		c, d := policy.misreportForms(i, []int{i})
		require.LessOrEqual(t, mat.Norm(d, 1), 1e-12, "the first-order condition")
		require.InEpsilon(t, c.At(0, 0), s.curvature(i, s.squares[i]), 1e-11)
		best, err := policy.BestResponse(i)
		require.NoError(t, err)
		require.LessOrEqual(t, mat.Norm(mat.NewVecDense(4, best.Misreport), 1), 1e-9)
	}
}
