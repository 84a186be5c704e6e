package closedform_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium/closedform"
)

// covarianceOf is ΣΣᵀ.
func covarianceOf(volatility *mat.Dense) *mat.SymDense {
	var c mat.SymDense
	c.SymOuterK(1, volatility)
	return &c
}

func TestEntry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) float64 { return rapid.Float64Range(-3, 3).Draw(t, label) }
		e := closedform.Entry{
			Large: logUniform(t, .1, 10, "large"), DiscountRate: logUniform(t, .05, 5, "r"),
			Aggregate: draw("aggregate"), LargeShock: draw("large shock"), Idiosyncrasy: draw("idiosyncrasy"),
		}
		fringe := logUniform(t, .1, 10, "fringe")
		welfare := func(fringe float64) float64 {
			w, err := e.Welfare(fringe)
			require.NoError(t, err)
			return w
		}
		m, err := closedform.LargeAndFringe(e.Large, fringe, e.DiscountRate)
		require.NoError(t, err)
		c := covarianceOf(e.Volatility(fringe))
		want := closedform.ShockValue(m.A[0], c, e.DiscountRate, 0)
		scale := mat.Norm(m.A[0], 1) * mat.Norm(c, 1) / e.DiscountRate
		require.InDelta(t, want, welfare(fringe), 1e-12*scale)

		slope, err := e.Slope(fringe)
		require.NoError(t, err)
		const d = 1e-4
		require.InDelta(t, (welfare(fringe*(1+d))-welfare(fringe*(1-d)))/(2*d*fringe), slope, 1e-6*scale/fringe)
		share := fringe / (e.Large + fringe)
		require.Equal(t, share > closedform.EntryThreshold, slope > 0)

		e.LargeShock, e.Idiosyncrasy = e.Aggregate/e.Large, 0 // in proportion to risk capacity
		require.InDelta(t, welfare(fringe), welfare(2*fringe), 1e-14*scale)
	})
}

// TestEntryByHand has b_L = 1 as in the proposition: with σ = 0 a unit of
// idiosyncratic shocks costs (b_F − b_F²)/(2r²(3b_F + 1)).
func TestEntryByHand(t *testing.T) {
	e := closedform.Entry{Large: 1, DiscountRate: .5, Idiosyncrasy: 2}
	w, err := e.Welfare(.25)
	require.NoError(t, err)
	require.InEpsilon(t, -4*.1875/(2*.25*1.75), w, 1e-14)
	slope, err := e.Slope(1. / 3)
	require.NoError(t, err)
	require.InDelta(t, 0, slope, 1e-15)
}
