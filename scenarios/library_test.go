package scenarios

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBuiltins(t *testing.T) {
	all := Names()
	var names []string
	for _, info := range all {
		names = append(names, info.Name)
		s, err := Load(info.Name, Options{})
		require.NoError(t, err)
		assert.Equal(t, info, Info{s.Name, s.Title, s.Market}, "a file is called like its scenario")
		assert.EqualValues(t, 1, s.MonteCarlo.Seed)
		_, _, err = s.Points()
		assert.NoError(t, err)
	}
	assert.IsIncreasing(t, names)
	assert.Subset(t, names, []string{"bounded-rationality", "five-traders", "front-running", "momentum", "one-large-and-fringe", "price-impact", "symmetric", "trading-frequency"})
	all[0].Name = "changed"
	assert.Equal(t, names[0], Names()[0].Name, "the caller's copy is its own")
}

func TestBuiltinsAreCommentedAndPleasant(t *testing.T) {
	for _, info := range Names() {
		text, err := Source(info.Name)
		require.NoError(t, err)
		lines := strings.Split(string(text), "\n")
		assert.Equal(t, "# yaml-language-server: $schema=walras.schema.json", lines[0], info.Name)
		comments := 0
		for _, line := range lines {
			if strings.HasPrefix(line, "#") {
				comments++
			}
			assert.NotContains(t, line, "\t")
		}
		assert.Greater(t, comments, 15, info.Name)
		assert.Contains(t, string(text), "sim run "+info.Name)
		// What `sim init` writes is the same scenario.
		copied, err := loadText(string(text))
		require.NoError(t, err)
		original, err := Load(info.Name, Options{})
		require.NoError(t, err)
		assert.Equal(t, original, copied)
	}
}

func TestSourceOfNothing(t *testing.T) {
	_, err := Source("five-tradrs")
	assert.Equal(t, []string{"five-tradrs: there is no built-in scenario of this name; did you mean five-traders?"}, problems(t, err))
	assert.True(t, errors.Is(err, fs.ErrNotExist))
	_, err = Source("../library/five-traders")
	assert.Error(t, err)
}

// The parameters of the golden tables (golden/double-auction.json: r, b, the
// diagonal of Sigma and X0 of the set named), copied here by hand.
func TestBuiltinsHaveGoldenParameters(t *testing.T) {
	for name, want := range map[string]struct {
		r        float64
		b, x, sd []float64
		fringe   bool
	}{
		"five-traders":         {1, []float64{1, 1.5, 2, 2.5, 3}, []float64{1, 0, 0, 0, -1}, []float64{.1, .1, .1, .1, .1}, false}, // paper-five-traders
		"symmetric":            {0.5, []float64{2, 2, 2}, []float64{1, 0, -1}, []float64{.2, .2, .2}, false},                       // symmetric-3
		"one-large-and-fringe": {0.7, []float64{1.3, 2.1}, []float64{1, -1}, []float64{.1, .2}, true},                              // one-large-and-fringe
		"front-running":        {1, []float64{1, 1, 1}, []float64{1, 0, -1}, []float64{.1, .1, .1}, true},                          // two-large-and-fringe
	} {
		s, err := Load(name, Options{})
		require.NoError(t, err)
		assert.Equal(t, want.r, s.DiscountRate, name)
		require.Len(t, s.Agents, len(want.b))
		for i, a := range s.Agents {
			assert.Equal(t, []float64{want.b[i], want.x[i], want.sd[i]}, []float64{a.HoldingCost, a.Inventory, a.Volatility}, name)
			assert.Equal(t, 1, a.Count)
			assert.Equal(t, want.fringe && i == len(want.b)-1, a.Kind == KindFringe)
		}
		assert.Equal(t, Shocks{Kind: ShocksBrownian}, s.Shocks, "independent")
	}
}

func TestTradingFrequencySweepsTheStep(t *testing.T) {
	s, err := Load("trading-frequency", Options{})
	require.NoError(t, err)
	all, _, err := s.Points()
	require.NoError(t, err)
	var steps []int
	for _, p := range all {
		steps = append(steps, p.Clock.Steps())
	}
	assert.Equal(t, []int{20, 40, 80, 200, 400}, steps)
}
