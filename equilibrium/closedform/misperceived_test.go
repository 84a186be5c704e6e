package closedform_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/equilibrium/closedform"
)

func TestMisperceivedIsEquilibrium(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 9).Draw(t, "n")
		b, r := logUniform(t, .1, 10, "b"), logUniform(t, .05, 5, "r")
		factor := logUniform(t, .1, .95, "share of the bound") * float64(n-1)
		m, err := closedform.Misperceived(n, b, factor, r)
		require.NoError(t, err)
		requireEquilibrium(t, game{b: repeat(b, n), r: r, factor: factor}, m.P, m.Q, m.A, 1e-11)

		step := logUniform(t, .01, 3, "step")
		m, err = closedform.MisperceivedDiscrete(n, b, factor, r, step)
		require.NoError(t, err)
		requireEquilibrium(t, game{b: repeat(b, n), r: r, step: step, factor: factor}, m.P, m.Q, m.A, 1e-11)
	})
}

// TestFactorOne is the market of strategic traders, to the last bit.
func TestFactorOne(t *testing.T) {
	m, err := closedform.Misperceived(5, 1.7, 1, .6)
	require.NoError(t, err)
	s, err := closedform.Symmetric(5, 1.7, .6)
	require.NoError(t, err)
	require.Equal(t, s, m)
	m, err = closedform.MisperceivedDiscrete(5, 1.7, 1, .6, .25)
	require.NoError(t, err)
	s, err = closedform.SymmetricDiscrete(5, 1.7, .6, .25)
	require.NoError(t, err)
	require.Equal(t, s, m)
}

// TestMisperceivedRange: trade ends at the factor n−1.
func TestMisperceivedRange(t *testing.T) {
	for _, c := range []struct {
		n                     int
		cost, factor, r, step float64
		name                  string
	}{
		{1, 1, .5, 1, .1, "n"}, {2, 1, 1, 1, .1, "factor"}, {4, 1, 3.5, 1, .1, "factor"}, {3, 1, 0, 1, .1, "factor"},
		{3, 0, .5, 1, .1, "holdingCost"}, {3, 1, .5, -1, .1, "discountRate"}, {3, 1, .5, 1, 0, "step"},
	} {
		_, err := closedform.MisperceivedDiscrete(c.n, c.cost, c.factor, c.r, c.step)
		var wrong *closedform.ParameterError
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, c.name, wrong.Name)
		_, err = closedform.Misperceived(c.n, c.cost, c.factor, c.r)
		require.Equal(t, c.step > 0, err != nil)
	}
	_, err := closedform.Misperceived(4, 1, 2.99, 1)
	require.NoError(t, err)
}
