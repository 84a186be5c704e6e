package lyapunov_test

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/internal/lyapunov"
)

// covariance is a random positive semidefinite matrix of the given size.
func covariance(t *rapid.T, n int, scale float64) *mat.SymDense {
	x := mat.NewDense(n, n, rapid.SliceOfN(rapid.Float64Range(-1, 1), n*n, n*n).Draw(t, "factor"))
	s := mat.NewSymDense(n, nil)
	s.SymOuterK(scale, x)
	return s
}

func TestRiccatiEquation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "n")
		g := mat.NewDense(n, n, rapid.SliceOfN(rapid.Float64Range(-.3, .3), n*n, n*n).Draw(t, "G"))
		for i := range n {
			g.Set(i, i, g.At(i, i)+2)
		}
		s, c := covariance(t, n, .02), rightSide(n)
		a, err := lyapunov.Riccati(g, s, c, nil)
		require.NoError(t, err)
		var left, right, quadratic, sum mat.Dense
		left.Mul(g.T(), a)
		right.Mul(a, g)
		quadratic.Product(a, s, a)
		sum.Add(&left, &right)
		sum.Add(&sum, &quadratic)
		sum.Sub(&sum, c)
		require.LessOrEqual(t, mat.Norm(&sum, 2), 1e-13*mat.Norm(c, 2))

		again, err := lyapunov.Riccati(g, s, c, a) // from the solution
		require.NoError(t, err)
		far := mat.NewSymDense(n, nil)
		far.ScaleSym(-1e6, a)
		third, err := lyapunov.Riccati(g, s, c, far) // from a guess that is no help
		require.NoError(t, err)
		require.True(t, mat.EqualApprox(a, again, 1e-12))
		require.True(t, mat.EqualApprox(a, third, 1e-12))
	})
}

// TestRiccatiScalar: 2ga + sa² = c has the root (√(g²+sc) − g)/s that is
// continuous in s, and none beyond sc = −g².
func TestRiccatiScalar(t *testing.T) {
	const g, c = .7, -1.3
	one := func(x float64) *mat.SymDense { return mat.NewSymDense(1, []float64{x}) }
	for _, s := range []float64{1e-3, .1, .37} {
		a, err := lyapunov.Riccati(one(g), one(s), one(c), nil)
		require.NoError(t, err)
		require.InEpsilon(t, (math.Sqrt(g*g+s*c)-g)/s, a.At(0, 0), 1e-10)
	}
	var unstable *lyapunov.UnstableError
	for _, s := range []float64{.38, 5} {
		_, err := lyapunov.Riccati(one(g), one(s), one(c), nil)
		require.True(t, errors.As(err, &unstable), "s = %v: %v", s, err)
	}
	zero, err := lyapunov.Riccati(one(g), one(.4), one(0), nil)
	require.NoError(t, err)
	require.Zero(t, zero.At(0, 0))
}
