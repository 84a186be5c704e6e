package closedform_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium/closedform"
)

// TestPairwiseMergerNumbers are those of the model page: three markets, each the
// pairwise merger of the one before, at auctions a quarter apart and in
// continuous time.
func TestPairwiseMergerNumbers(t *testing.T) {
	m := closedform.SymmetricMarket{Traders: 12, HoldingCost: 1.2, DiscountRate: .7, Variance: 1}
	for _, want := range []float64{-1.640, -1.920, -2.148} {
		discrete, err := m.Welfare(.25)
		require.NoError(t, err)
		require.InDelta(t, want, discrete, 5e-4)
		continuous, err := m.Welfare(0)
		require.NoError(t, err)
		require.InDelta(t, -2.449, continuous, 5e-4)
		if m.Traders > 3 {
			m, err = m.Merged()
			require.NoError(t, err)
		}
	}
}

// TestPairwiseMerger adds up the value matrices of the symmetric market, and
// merges shocks by adding up a covariance matrix in pairs.
func TestPairwiseMerger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := 2 * rapid.IntRange(3, 10).Draw(t, "pairs")
		before := closedform.SymmetricMarket{
			Traders: n, HoldingCost: logUniform(t, .1, 10, "b"), DiscountRate: logUniform(t, .05, 5, "r"),
			Variance: logUniform(t, .1, 10, "variance"), Correlation: rapid.Float64Range(-.9/float64(n-1), 1).Draw(t, "correlation"),
		}
		step := logUniform(t, .01, 2, "step")
		after, err := before.Merged()
		require.NoError(t, err)
		covariance := equicorrelated(before)
		requireWelfare(t, before, covariance, step)

		pairs := mat.NewDense(n/2, n, nil)
		for i := range n {
			pairs.Set(i/2, i, 1)
		}
		var half, merged mat.Dense
		half.Mul(pairs, covariance)
		merged.Mul(&half, pairs.T())
		requireClose(t, &merged, equicorrelated(after), 1e-12, "covariance")
		requireWelfare(t, after, equicorrelated(after), step)

		a, err := before.Welfare(0)
		require.NoError(t, err)
		b, err := after.Welfare(0)
		require.NoError(t, err)
		require.InDelta(t, a, b, 1e-12*math.Abs(a))
	})
}

func equicorrelated(m closedform.SymmetricMarket) *mat.SymDense {
	c := mat.NewSymDense(m.Traders, nil)
	for i := range m.Traders {
		for j := i + 1; j < m.Traders; j++ {
			c.SetSym(i, j, m.Variance*m.Correlation)
		}
		c.SetSym(i, i, m.Variance)
	}
	return c
}

func requireWelfare(t require.TestingT, m closedform.SymmetricMarket, covariance *mat.SymDense, step float64) {
	for _, step := range []float64{0, step} {
		mechanism, err := closedform.Symmetric(m.Traders, m.HoldingCost, m.DiscountRate)
		if step > 0 {
			mechanism, err = closedform.SymmetricDiscrete(m.Traders, m.HoldingCost, m.DiscountRate, step)
		}
		require.NoError(t, err)
		want, scale := 0.0, 0.0
		for _, a := range mechanism.A {
			k := closedform.ShockValue(a, covariance, m.DiscountRate, step)
			want += k
			scale += math.Abs(k)
		}
		got, err := m.Welfare(step)
		require.NoError(t, err)
		require.InDelta(t, want, got, 1e-12*scale, "step %v", step)
	}
}

func TestPairsThatCancel(t *testing.T) {
	m := closedform.SymmetricMarket{Traders: 6, HoldingCost: 1.2, DiscountRate: .7, Correlation: -.1}
	merged, err := m.Merged()
	require.NoError(t, err)
	require.Equal(t, closedform.SymmetricMarket{Traders: 3, HoldingCost: .6, DiscountRate: .7}, merged)
	_, err = merged.Merged()
	require.ErrorContains(t, err, "closedform: Traders = 3: must be even")
}
