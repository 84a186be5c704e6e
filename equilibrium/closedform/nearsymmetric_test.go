package closedform_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium/closedform"
)

// newton solves the raw conditions of a game without fringe from (p, q):
// unknowns P and all rows of Q but the last, central-difference Jacobian.
func newton(t *testing.T, g game, p []float64, q *mat.Dense) ([]float64, *mat.Dense) {
	n := len(p)
	x := append(append([]float64(nil), p...), q.RawMatrix().Data[:n*(n-1)]...)
	unpack := func(x []float64) ([]float64, *mat.Dense) {
		rows := mat.NewDense(n, n, append(append([]float64(nil), x[n:]...), make([]float64, n)...))
		for j := range n {
			rows.Set(n-1, j, -mat.Sum(rows.ColView(j)))
		}
		return x[:n], rows
	}
	evaluate := func(x []float64) []float64 {
		residual, _ := g.residuals(unpack(x))
		return residual.RawMatrix().Data
	}
	jacobian := mat.NewDense(n*n, n*n, nil)
	for range 12 {
		for k := range x {
			const h = 1e-5
			at := x[k]
			x[k] = at + h
			up := evaluate(x)
			x[k] = at - h
			down := evaluate(x)
			x[k] = at
			for i := range up {
				jacobian.Set(i, k, (up[i]-down[i])/(2*h))
			}
		}
		var move mat.VecDense
		require.NoError(t, move.SolveVec(jacobian, mat.NewVecDense(n*n, evaluate(x))))
		for k := range x {
			x[k] -= move.AtVec(k)
		}
		if mat.Norm(&move, 2) < 1e-13 {
			break
		}
	}
	p, q = unpack(x)
	requireEquilibrium(t, g, p, q, nil, 1e-12)
	return p, q
}

// TestNearSymmetricOrder measures the order of the error of (41) in ε: 2, for
// both P and Q.
func TestNearSymmetricOrder(t *testing.T) {
	const b, r = 1.7, .6
	for _, direction := range [][]float64{
		{-.5, -.1, .6},
		{-.6, .3, -.2, .5},
		{.4, -.5, .35, -.45, .2},
	} {
		var last [2]float64
		for _, size := range []float64{.2, .1, .05, .025} {
			costs := make([]float64, len(direction))
			for i, e := range direction {
				costs[i] = b * (1 + size*e)
			}
			m, err := closedform.NearSymmetric(costs, r)
			require.NoError(t, err)
			p, q := newton(t, game{b: costs, r: r}, m.P, m.Q)
			var dp, dq mat.Dense
			dp.Sub(row(p), row(m.P))
			dq.Sub(q, m.Q)
			errors := [2]float64{mat.Norm(&dp, 2), mat.Norm(&dq, 2)}
			for k, e := range errors {
				if last[k] > 0 {
					require.InDelta(t, 2, math.Log2(last[k]/e), .08, "N = %d, size %v", len(direction), size)
				}
			}
			last = errors
		}
	}
}

func TestNearSymmetricWithoutPerturbation(t *testing.T) {
	want, err := closedform.Symmetric(6, 2.4, .3)
	require.NoError(t, err)
	got, err := closedform.NearSymmetric(repeat(2.4, 6), .3)
	require.NoError(t, err)
	requireClose(t, row(want.P), row(got.P), 1e-14, "P")
	requireClose(t, want.Q, got.Q, 1e-14, "Q")
}

// TestNearSymmetricRests: trade ends exactly at the first best.
func TestNearSymmetricRests(t *testing.T) {
	costs := []float64{.8, 1.9, 3.1, 1.2}
	m, err := closedform.NearSymmetric(costs, .7)
	require.NoError(t, err)
	_, shares := closedform.FirstBest(costs, .7)
	var flow mat.VecDense
	flow.MulVec(m.Q, mat.NewVecDense(4, shares))
	require.InDelta(t, 0, mat.Norm(&flow, 2), 1e-15)
}

// requireSpectrum checks Q̂v = κ'v for every pair, strict interlacing between
// different holding costs, and that the vectors are a basis.
func requireSpectrum(t require.TestingT, costs []float64, r float64) {
	m, err := closedform.NearSymmetric(costs, r)
	require.NoError(t, err)
	s, err := closedform.NearSymmetricSpectrum(costs, r)
	require.NoError(t, err)
	n := len(costs)
	var moved, scaled mat.Dense
	moved.Mul(m.Q, s.Vectors)
	scaled.Mul(s.Vectors, mat.NewDiagDense(n, s.Speeds))
	moved.Sub(&moved, &scaled)
	require.LessOrEqual(t, mat.Norm(&moved, math.Inf(1)), 1e-13*float64(n)*mat.Norm(m.Q, math.Inf(1)))
	require.InEpsilon(t, mat.Trace(m.Q), sum(s.Speeds), 1e-12)
	require.Equal(t, []float64{0, 0, 0}, []float64{s.Speeds[0], s.Lower[0], s.Upper[0]})
	for i := 1; i < n; i++ {
		if i > 1 {
			require.Equal(t, s.Upper[i-1], s.Lower[i])
		}
		if s.Upper[i]-s.Lower[i] < 1e-14*s.Upper[i] { // hardly a number between
			require.LessOrEqual(t, s.Lower[i], s.Speeds[i])
			require.LessOrEqual(t, s.Speeds[i], s.Upper[i])
			continue
		}
		require.Less(t, s.Lower[i], s.Speeds[i])
		require.Less(t, s.Speeds[i], s.Upper[i])
	}
	for i := range n {
		require.InDelta(t, 1, mat.Max(absolute(mat.NewDense(n, 1, mat.Col(nil, i, s.Vectors)))), 1e-15)
	}
	// Columns of √D V belonging to different speeds are orthogonal, so V can
	// only be as bad as the spread of costs, here at most 100.
	require.Less(t, mat.Cond(s.Vectors, 2), 1e4)
}

func sum(v []float64) (total float64) {
	for _, x := range v {
		total += x
	}
	return total
}

func TestNearSymmetricSpectrum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 12).Draw(t, "n")
		costs := make([]float64, n)
		for i := range costs {
			costs[i] = logUniform(t, .1, 10, "b")
		}
		requireSpectrum(t, costs, logUniform(t, .05, 5, "r"))
	})
}

func TestNearSymmetricSpectrumWithEqualCosts(t *testing.T) {
	requireSpectrum(t, []float64{2, 1.5, 2, .7, 2, .7}, .6)
	requireSpectrum(t, repeat(1.3, 5), .6)
	requireSpectrum(t, []float64{1.5, 1.5 + 1e-11, 2.5, .7}, .6)
	requireSpectrum(t, []float64{1.5, math.Nextafter(1.5, 2), 2.5, .7}, .6)
}

// TestEigenvectorSigns is the pattern SS read off (45): in order of size,
// the vector of the i-th speed is positive for the first i−1 traders and
// negative for the rest.
func TestEigenvectorSigns(t *testing.T) {
	s, err := closedform.NearSymmetricSpectrum([]float64{1, 1.5, 2, 2.5, 3}, 1)
	require.NoError(t, err)
	for i := 1; i < 5; i++ {
		for j := range 5 {
			require.Equal(t, j >= i, math.Signbit(s.Vectors.At(j, i)), "vector %d, trader %d", i, j)
		}
	}
}
