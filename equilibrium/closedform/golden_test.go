package closedform_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium/closedform"
	"walras/internal/golden"
)

// goldenTolerance is relative; beside it stand 1e-13 of the largest entry.
const goldenTolerance = 1e-12

// requireGolden compares entry by entry: |x − g| ≤ tol·|g| + 1e-13·max|g|.
func requireGolden(t *testing.T, want, got mat.Matrix, tol float64, label string) {
	t.Helper()
	rows, cols := want.Dims()
	gotRows, gotCols := got.Dims()
	require.Equal(t, [2]int{rows, cols}, [2]int{gotRows, gotCols}, label)
	scale := math.Max(math.Abs(mat.Max(want)), math.Abs(mat.Min(want)))
	for i := range rows {
		for j := range cols {
			g := want.At(i, j)
			require.InDelta(t, g, got.At(i, j), tol*math.Abs(g)+1e-13*scale, "%s (%d, %d)", label, i, j)
		}
	}
}

func row(v []float64) mat.Matrix { return mat.NewDense(1, len(v), v) }

func requireGoldenMechanism(t *testing.T, want golden.Equilibrium, got closedform.Mechanism) {
	t.Helper()
	requireGolden(t, row(want.P), row(got.P), goldenTolerance, "P")
	requireGolden(t, dense(want.Q), got.Q, goldenTolerance, "Q")
	require.Len(t, got.A, len(want.A))
	for i, a := range want.A {
		requireGolden(t, dense(a), got.A[i], goldenTolerance, "A")
	}
}

func TestGoldenSymmetric(t *testing.T) {
	g := golden.DoubleAuction(t, "symmetric-3")
	m, err := closedform.Symmetric(len(g.B), g.B[0], g.R)
	require.NoError(t, err)
	requireGoldenMechanism(t, g.Equilibrium, m)
	require.Len(t, g.Discrete, 3)
	for _, c := range g.Discrete {
		m, err := closedform.SymmetricDiscrete(len(g.B), g.B[0], g.R, c.Step)
		require.NoError(t, err)
		requireGoldenMechanism(t, c, m)
	}
}

func TestGoldenLargeAndFringe(t *testing.T) {
	g := golden.DoubleAuction(t, "one-large-and-fringe")
	m, err := closedform.LargeAndFringe(g.B[0], g.B[1], g.R)
	require.NoError(t, err)
	requireGoldenMechanism(t, g.Equilibrium, m)

	impact, err := closedform.LargeAndFringeImpact(g.B[0], g.B[1], g.R)
	require.NoError(t, err)
	require.InEpsilon(t, g.Instantaneous[0], impact.Instantaneous, goldenTolerance)
	require.InEpsilon(t, g.Permanent[0], impact.Permanent, goldenTolerance)
	require.InEpsilon(t, g.Eigenvalues[1], impact.Speed, goldenTolerance)
}

func TestGoldenIdenticalLargeAndFringe(t *testing.T) {
	g := golden.DoubleAuction(t, "two-large-and-fringe")
	m, speeds, err := closedform.IdenticalLargeAndFringe(2, g.B[0], g.B[2], g.R)
	require.NoError(t, err)
	requireGoldenMechanism(t, g.Equilibrium, m)
	require.InEpsilon(t, g.Eigenvalues[1], speeds[0], goldenTolerance)
	require.InEpsilon(t, g.Eigenvalues[2], speeds[1], goldenTolerance)
	require.InDelta(t, 0.87671863, speeds[0], 5e-9)
	require.InDelta(t, 2.01520841, speeds[1], 5e-9)
}

// TestPrintedApproximation checks the numbers printed in SS (44); SS rounds
// .225, .375 to three and two digits.
func TestPrintedApproximation(t *testing.T) {
	g := golden.DoubleAuction(t, "paper-five-traders")
	m, err := closedform.NearSymmetric(g.B, g.R)
	require.NoError(t, err)
	requireGolden(t, row([]float64{-.29, -.345, -.4, -.455, -.51}), row(m.P), goldenTolerance, "P")
	requireGolden(t, dense([][]float64{
		{.6, -.225, -.3, -.375, -.45},
		{-.15, .9, -.3, -.375, -.45},
		{-.15, -.225, 1.2, -.375, -.45},
		{-.15, -.225, -.3, 1.5, -.45},
		{-.15, -.225, -.3, -.375, 1.8},
	}), m.Q, goldenTolerance, "Q")
	require.Nil(t, m.A)

	// "Quite precise numerically even for risk capacities away from symmetric":
	// the largest errors are in P_1 and Q_44.
	require.InDelta(t, .29-.25402815, floats.Distance(g.P, m.P, math.Inf(1)), 1e-8)
	var difference mat.Dense
	difference.Sub(dense(g.Q), m.Q)
	require.InDelta(t, 1.59831371-1.5, mat.Max(absolute(&difference)), 1e-8)
}
