package closedform_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium/closedform"
)

func TestLargeAndFringeIsEquilibrium(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		large, fringe := logUniform(t, .1, 10, "large"), logUniform(t, .1, 10, "fringe")
		r := logUniform(t, .05, 5, "r")
		m, err := closedform.LargeAndFringe(large, fringe, r)
		require.NoError(t, err)
		g := game{b: []float64{large, fringe}, r: r, fringe: true}
		requireEquilibrium(t, g, m.P, m.Q, m.A, 1e-12)

		// It rests at the first best, with the first-best price.
		price, shares := closedform.FirstBest(g.b, r)
		require.InEpsilon(t, price, m.P[0]*shares[0]+m.P[1]*shares[1], 1e-13)
		var flow mat.VecDense
		flow.MulVec(m.Q, mat.NewVecDense(2, shares))
		require.InDelta(t, 0, mat.Norm(&flow, 2), 1e-14*m.Q.At(0, 0))
	})
}

// TestLargeAndFringeImpact derives the price after any sales from (P, Q): the
// fringe, with inventory X_F, sees q and believes X_L = (q + q_F X_F)/q_L, the
// price is P(X_L, X_F), and X_F grows by what it buys. The price must be
// −λX_F − Iq for every X_F and q, hence −λX^F_0 − Iq_t − λ∫q.
func TestLargeAndFringeImpact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		large, fringe := logUniform(t, .1, 10, "large"), logUniform(t, .1, 10, "fringe")
		r := logUniform(t, .05, 5, "r")
		m, err := closedform.LargeAndFringe(large, fringe, r)
		require.NoError(t, err)
		impact, err := closedform.LargeAndFringeImpact(large, fringe, r)
		require.NoError(t, err)

		inventory, rate := rapid.Float64Range(.5, 3).Draw(t, "X_F"), rapid.Float64Range(.5, 3).Draw(t, "q")
		belief := (rate - m.Q.At(0, 1)*inventory) / m.Q.At(0, 0)
		price := m.P[0]*belief + m.P[1]*inventory
		require.InEpsilon(t, -impact.Permanent*inventory-impact.Instantaneous*rate, price, 1e-13)
		require.InEpsilon(t, mat.Trace(m.Q), impact.Speed, 1e-14)
	})
}
