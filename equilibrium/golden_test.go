package equilibrium_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/internal/golden"
)

const (
	goldenTolerance = 1e-9
	goldenFloor     = 1e-13 // of the largest entry
)

// goldenMarket adds the game to the numbers.
type goldenMarket struct{ golden.Market }

func (m goldenMarket) game() equilibrium.Game {
	g := game(m.R, large(m.B...)...)
	if m.Fringe {
		g.Traders[len(m.B)-1] = fringe(m.B[len(m.B)-1])
	}
	return g
}

// covariance is ΣΣᵀ.
func (m goldenMarket) covariance() *mat.SymDense {
	var c mat.SymDense
	c.SymOuterK(1, dense(m.Sigma))
	return &c
}

func TestGolden(t *testing.T) {
	for _, name := range golden.Quadratic {
		m := goldenMarket{golden.DoubleAuction(t, name)}
		require.Len(t, m.Discrete, 3)
		for _, c := range m.All() {
			t.Run(fmt.Sprintf("%s/step=%g", name, c.Step), func(t *testing.T) {
				s := solve(t, m.game(), c.Step)
				require.LessOrEqual(t, s.Residual, 1e-11)
				requireGolden(t, c, written(t, s, m.covariance()), m.X0)
			})
		}
	}
}

func requireGolden(t *testing.T, want golden.Equilibrium, got mechanism, x0 []float64) {
	t.Helper()
	requireClose(t, vector(want.P), vector(got.p), goldenTolerance, goldenFloor, "P")
	requireClose(t, dense(want.Q), got.q, goldenTolerance, goldenFloor, "Q")
	require.Len(t, want.A, len(got.values))
	k := make([]float64, len(got.values))
	for i, v := range got.values {
		requireClose(t, dense(want.A[i]), v.A, goldenTolerance, goldenFloor, "A")
		k[i] = v.K
	}
	requireClose(t, vector(want.K), vector(k), goldenTolerance, goldenFloor, "k")
	requireClose(t, vector(want.Welfare), vector(got.welfare(x0)), goldenTolerance, goldenFloor, "welfare")
}

func TestGoldenSpeedsAndImpacts(t *testing.T) {
	for _, name := range golden.Quadratic {
		m := goldenMarket{golden.DoubleAuction(t, name)}
		s := solve(t, m.game(), 0)
		speeds, _, ok := s.Modes()
		require.True(t, ok, name)
		requireClose(t, vector(m.Eigenvalues), vector(speeds), goldenTolerance, goldenFloor, "speeds")

		var instantaneous, permanent, transient []float64
		for i := range m.B {
			impact := s.ImpactOf(i)
			instantaneous = append(instantaneous, impact.Instantaneous)
			permanent = append(permanent, impact.Permanent)
			transient = append(transient, impact.Transient)
		}
		requireClose(t, vector(m.Instantaneous), vector(instantaneous), goldenTolerance, goldenFloor, "I")
		requireClose(t, vector(m.Permanent), vector(permanent), goldenTolerance, goldenFloor, "λ")
		// T is a difference of numbers of the size of λ.
		for i := range m.B {
			require.InDelta(t, m.Transient[i], transient[i], goldenTolerance*m.Permanent[i], "%s T of trader %d", name, i+1)
		}
	}
}

// TestPrintedTable checks the numbers that SS print for five traders with
// holding costs 1, 1.5, 2, 2.5, 3 (§5.1). They cut 1.3865 and .38754 off after
// the last digit shown and round the others.
func TestPrintedTable(t *testing.T) {
	s := solve(t, game(1, large(1, 1.5, 2, 2.5, 3)...), 0)
	for i, printed := range []float64{-.254, -.329, -.387, -.435, -.476} {
		requirePrinted(t, printed, s.Price(i), .001, printed == -.387)
	}
	speeds, _, ok := s.Modes()
	require.True(t, ok)
	require.Len(t, speeds, 5)
	for i, printed := range []float64{.93, 1.38, 1.82, 2.24} {
		requirePrinted(t, printed, speeds[i+1], .01, printed == 1.38)
	}
}

// requirePrinted allows half a unit of the last digit, or, for a number that
// was cut off, up to one unit away from zero.
func requirePrinted(t *testing.T, printed, x, unit float64, cut bool) {
	t.Helper()
	if cut {
		require.InDelta(t, printed, x, unit)
		require.Greater(t, x/printed, 1.)
		return
	}
	require.InDelta(t, printed, x, unit/2)
}
