package shocks

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// Worked by hand: Σ = LLᵀ with L = [2 0 0; −1 3 0; ½ 1 1½].
func TestFactorOfADefiniteCovariance(t *testing.T) {
	sigma := mat.NewSymDense(3, []float64{4, -2, 1, -2, 10, 2.5, 1, 2.5, 3.5})
	b, err := NewBrownian(sigma, channels(3))
	require.NoError(t, err)
	want := mat.NewDense(3, 3, []float64{2, 0, 0, -1, 3, 0, 0.5, 1, 1.5})
	require.True(t, mat.Equal(want, b.Factor()), "%v", mat.Formatted(b.Factor()))
}

func TestDiagonalStaysDiagonal(t *testing.T) {
	b, err := NewBrownian(mat.NewDiagDense(3, []float64{0.49, 0, 2.25}), channels(3))
	require.NoError(t, err)
	require.True(t, mat.Equal(mat.NewDiagDense(3, []float64{0.7, 0, 1.5}), b.Factor()))
}

func TestFactorIsACopy(t *testing.T) {
	b, err := NewBrownian(mat.NewDiagDense(2, []float64{4, 9}), channels(2))
	require.NoError(t, err)
	b.Factor().(*mat.TriDense).SetTri(0, 0, 77)
	require.Equal(t, 2.0, b.Factor().At(0, 0))
}

// Any A gives a semidefinite AAᵀ, of any rank and with any scales: the factor is
// lower triangular, has a nonnegative diagonal, and its product is the matrix.
func TestFactorOfSemidefiniteCovariances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "agents")
		rank := rapid.IntRange(1, n).Draw(t, "rank")
		// Hundredths: products of much smaller entries would underflow.
		entry := rapid.IntRange(-300, 300)
		a := mat.NewDense(n, rank, nil)
		for i := range n {
			scale := math.Pow(10, rapid.Float64Range(-4, 4).Draw(t, "scale"))
			for j := range rank {
				a.Set(i, j, scale*float64(entry.Draw(t, "entry"))/100)
			}
		}
		var sigma mat.SymDense
		sigma.SymOuterK(1, a)
		b, err := NewBrownian(&sigma, channels(n))
		if err != nil {
			t.Fatal(err)
		}
		checkFactor(t, b.Factor(), &sigma, 2*reproduction)
		// The way that NewBrownian takes rarely.
		c, ok := correlations(&sigma)
		if !ok {
			t.Fatal("no correlations")
		}
		checkFactor(t, triangular(spread(c)), c, 1e-13)
	})
}

func checkFactor(t *rapid.T, l, sigma mat.Matrix, tolerance float64) {
	var product mat.Dense
	product.Mul(l, l.T())
	n, _ := l.Dims()
	for i := range n {
		for j := range n {
			size := math.Sqrt(sigma.At(i, i)) * math.Sqrt(sigma.At(j, j))
			if math.Abs(product.At(i, j)-sigma.At(i, j)) > tolerance*size {
				t.Fatalf("(%d, %d): %v, want %v", i, j, product.At(i, j), sigma.At(i, j))
			}
			if j > i && l.At(i, j) != 0 || l.At(i, i) < 0 {
				t.Fatalf("(%d, %d): %v", i, j, l.At(i, j))
			}
		}
	}
}

// Singular matrices whose factor is known keep full accuracy.
func TestFactorOfRankOne(t *testing.T) {
	v := []float64{0, 0.3, -1.1, 0.7}
	var sigma mat.SymDense
	sigma.SymOuterK(1, mat.NewDense(4, 1, v))
	b, err := NewBrownian(&sigma, channels(4))
	require.NoError(t, err)
	want := mat.NewDense(4, 4, nil)
	want.SetCol(1, v)
	require.True(t, mat.EqualApprox(want, b.Factor(), 1e-15), "%v", mat.Formatted(b.Factor()))
}

func TestNotPSD(t *testing.T) {
	for name, c := range map[string]struct {
		sigma    *mat.SymDense
		smallest float64
	}{
		"correlation of 2":            {mat.NewSymDense(2, []float64{1, 2, 2, 1}), -1},
		"negative variance":           {mat.NewSymDense(1, []float64{-0.25}), -0.25},
		"covariance without variance": {mat.NewSymDense(2, []float64{0, 1, 1, 1}), (1 - math.Sqrt(5)) / 2},
		// The eigenvalue is a root of (1−x)³ − 1.61(1−x) + 0.6.
		"twins that disagree": {mat.NewSymDense(3, []float64{1, 1, 0.5, 1, 1, 0.6, 0.5, 0.6, 1}), -0.007085630070},
		// Small against the others' variances, but not against its own.
		"one small scale": {mat.NewSymDense(3, []float64{1e12, 0, 0, 0, 1, 1.01, 0, 1.01, 1}), -0.01},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewBrownian(c.sigma, channels(c.sigma.SymmetricDim()))
			var e *NotPSDError
			require.ErrorAs(t, err, &e)
			require.InDelta(t, c.smallest, e.Smallest, 1e-11)
			require.ErrorContains(t, err, "not positive semidefinite")
		})
	}
}

// The second agent is the first but for 3e-15 of its variance, which looks like
// rounding; yet what it shares with the third is 5e-8.
func TestFactorBehindAlmostTwins(t *testing.T) {
	a := mat.NewDense(3, 2, []float64{1, 0, 1, 5e-8, 0.3, 0.9})
	var sigma mat.SymDense
	sigma.SymOuterK(1, a)
	require.False(t, reproduces(cholesky(&sigma), &sigma), "pointless example")
	b, err := NewBrownian(&sigma, channels(3))
	require.NoError(t, err)
	requireProduct(t, &sigma, b)
}

func requireProduct(t *testing.T, sigma mat.Matrix, b *Brownian) {
	t.Helper()
	var product mat.Dense
	product.Mul(b.Factor(), b.Factor().T())
	require.True(t, mat.EqualApprox(sigma, &product, 1e-13), "%v", mat.Formatted(&product))
}

// Rounding must not refuse a singular matrix: the second agent is almost the
// first, which amplifies rounding in the pivot of the third.
func TestSingularBehindStrongCorrelation(t *testing.T) {
	a := mat.NewDense(3, 2, []float64{1, 0, 15, 0.01, 0.3, 1})
	var sigma mat.SymDense
	sigma.SymOuterK(1, a)
	b, err := NewBrownian(&sigma, channels(3))
	require.NoError(t, err)
	requireProduct(t, &sigma, b)
}

func TestOtherBadCovariances(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(-1)} {
		sigma := mat.NewSymDense(2, []float64{1, bad, bad, 1})
		_, err := NewBrownian(sigma, channels(2))
		var e *NonFiniteError
		require.ErrorAs(t, err, &e)
		require.Equal(t, [2]int{1, 0}, [2]int{e.Row, e.Column})
	}
	_, err := NewBrownian(equicorrelated(3, 0), []uint64{5, 6, 5})
	require.Equal(t, &SameChannelError{0, 2}, err)
	require.Panics(t, func() { _, _ = NewBrownian(equicorrelated(3, 0), channels(2)) })
	require.Panics(t, func() { _, _ = NewBrownian(&mat.SymDense{}, nil) })
}
