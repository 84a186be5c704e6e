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

// byKronecker solves (Σ Xₖ ⊗ Yₖ) vec A = vec C densely, for equations that are
// sums of XₖAYₖᵀ.
func byKronecker(c mat.Matrix, pairs ...[2]mat.Matrix) *mat.Dense {
	n, _ := c.Dims()
	operator := mat.NewDense(n*n, n*n, nil)
	for _, p := range pairs {
		var k mat.Dense
		k.Kronecker(p[0], p[1])
		operator.Add(operator, &k)
	}
	right := mat.NewVecDense(n*n, nil)
	for i := range n {
		for j := range n {
			right.SetVec(i*n+j, c.At(i, j))
		}
	}
	var a mat.VecDense
	if err := a.SolveVec(operator, right); err != nil {
		panic(err)
	}
	return mat.NewDense(n, n, a.RawVector().Data)
}

func identity(n int) *mat.Dense {
	m := mat.NewDense(n, n, nil)
	for i := range n {
		m.Set(i, i, 1)
	}
	return m
}

func scaled(c float64, m mat.Matrix) *mat.Dense {
	var out mat.Dense
	out.Scale(c, m)
	return &out
}

// rightSide is a symmetric matrix without any pattern.
func rightSide(n int) *mat.SymDense {
	c := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			c.SetSym(i, j, math.Sin(float64(3*i+7*j+1)))
		}
	}
	return c
}

func requireClose(t require.TestingT, want, got mat.Matrix, tol float64) {
	scale := mat.Norm(want, 2)
	var d mat.Dense
	d.Sub(want, got)
	require.LessOrEqual(t, mat.Norm(&d, 2), tol*scale)
}

func requireLyapunov(t require.TestingT, g *mat.Dense, tol float64) {
	n, _ := g.Dims()
	solver, err := lyapunov.NewLyapunov(g)
	require.NoError(t, err)
	c := rightSide(n)
	requireClose(t, byKronecker(c, [2]mat.Matrix{g.T(), identity(n)}, [2]mat.Matrix{identity(n), g.T()}), solver.Solve(c), tol)
}

func requireStein(t require.TestingT, m *mat.Dense, rho, tol float64) {
	n, _ := m.Dims()
	solver, err := lyapunov.NewStein(m, rho)
	require.NoError(t, err)
	c := rightSide(n)
	requireClose(t, byKronecker(c, [2]mat.Matrix{identity(n), identity(n)}, [2]mat.Matrix{scaled(-rho, m.T()), m.T()}), solver.Solve(c), tol)
}

// special are matrices with eigenvalues of real part and modulus in (0, 1).
var special = map[string]*mat.Dense{
	"one number":      mat.NewDense(1, 1, []float64{.3}),
	"Jordan block":    mat.NewDense(3, 3, []float64{.5, 1, 0, 0, .5, 1, 0, 0, .5}),
	"rotation":        mat.NewDense(2, 2, []float64{.1, -.9, .9, .1}),
	"two rotations":   mat.NewDense(4, 4, []float64{.1, -.9, 1, 0, .9, .1, 0, 1, 0, 0, .1, -.9, 0, 0, .9, .1}),
	"repeated":        mat.NewDense(3, 3, []float64{.4, 0, 0, 0, .4, 0, 0, 0, .4}),
	"wide":            mat.NewDense(3, 3, []float64{1e-4, 2, -1, 0, .01, 3, 0, 0, .9}),
	"far from normal": mat.NewDense(2, 2, []float64{.5, 100, 0, .3}),
}

func TestSpecialSpectra(t *testing.T) {
	for name, m := range special {
		t.Run(name, func(t *testing.T) {
			requireLyapunov(t, m, 1e-10)
			requireStein(t, m, .95, 1e-10)
		})
	}
}

func TestRandomMatrices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		m := mat.NewDense(n, n, nil)
		for i := range n {
			for j := range n {
				m.Set(i, j, rapid.Float64Range(-1, 1).Draw(t, "entry"))
			}
		}
		scale := mat.Norm(m, 2)
		g := identity(n) // its spectrum is in a disc around 1.1 of radius 1
		g.Scale(1.1*(1+scale), g)
		g.Add(g, m)
		requireLyapunov(t, g, 1e-12)
		m.Scale(.97/(scale+1e-3), m)
		requireStein(t, m, 1, 1e-12)
	})
}

// TestDiscountMatters solves with √ρ times the spectral radius just below one
// although the spectral radius is above.
func TestDiscountMatters(t *testing.T) {
	requireStein(t, mat.NewDense(2, 2, []float64{1.04, .5, 0, .2}), .9, 1e-10)
}

func TestUnstable(t *testing.T) {
	half := mat.NewDense(2, 2, []float64{.5, 3, 0, -.25})
	for name, g := range map[string]*mat.Dense{
		"negative number":  mat.NewDense(1, 1, []float64{-.5}),
		"zero":             mat.NewDense(1, 1, []float64{0}),
		"one negative":     half,
		"pure rotation":    mat.NewDense(2, 2, []float64{0, -1, 1, 0}),
		"rotating outward": mat.NewDense(2, 2, []float64{-.1, -1, 1, -.1}),
		"not a number":     mat.NewDense(2, 2, []float64{1, 0, math.NaN(), 1}),
	} {
		_, err := lyapunov.NewLyapunov(g)
		requireUnstable(t, err, "Lyapunov", name)
	}
	for name, m := range map[string]*mat.Dense{
		"just one":         mat.NewDense(1, 1, []float64{1 / math.Sqrt(.9)}),
		"above":            mat.NewDense(2, 2, []float64{.1, 7, 0, -1.2}),
		"rotating outward": mat.NewDense(2, 2, []float64{.8, -.8, .8, .8}),
		"not a number":     mat.NewDense(2, 2, []float64{.1, 0, math.NaN(), .1}),
	} {
		_, err := lyapunov.NewStein(m, .9)
		requireUnstable(t, err, "Stein", name)
	}
}

func requireUnstable(t *testing.T, err error, equation, name string) {
	t.Helper()
	var unstable *lyapunov.UnstableError
	require.True(t, errors.As(err, &unstable), name)
	require.Equal(t, equation, unstable.Equation, name)
	require.Contains(t, err.Error(), "the "+equation+" equation has no stable solution")
}

// TestSolverIsReusable solves for two right sides, in either order.
func TestSolverIsReusable(t *testing.T) {
	solver, err := lyapunov.NewLyapunov(special["Jordan block"])
	require.NoError(t, err)
	one, two := rightSide(3), mat.NewSymDense(3, []float64{1, 2, 3, 2, 5, 6, 3, 6, 9})
	first := solver.Solve(one)
	second := solver.Solve(two)
	require.True(t, mat.Equal(first, solver.Solve(one)))
	require.True(t, mat.Equal(second, solver.Solve(two)))
	require.False(t, mat.EqualApprox(first, second, 1e-3))
}
