package experiment

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/internal/golden"
	"walras/scenarios"
)

func flat[T any](list [][]T) []T {
	var all []T
	for _, l := range list {
		all = append(all, l...)
	}
	return all
}

// TestBuiltInsAreGolden: what `sim solve --json` prints for the built-in
// scenarios agrees with the golden numbers, in continuous time and at every
// golden step.
func TestBuiltInsAreGolden(t *testing.T) {
	agree := func(t *testing.T, label string, want, got []float64) {
		t.Helper()
		golden.Agree(t, label, want, got, 1e-9)
	}
	for name, set := range map[string]string{
		"five-traders": "paper-five-traders", "symmetric": "symmetric-3",
		"one-large-and-fringe": "one-large-and-fringe", "front-running": "two-large-and-fringe",
	} {
		want := golden.DoubleAuction(t, set)
		require.Len(t, want.Discrete, 3)
		for _, auction := range want.Discrete {
			s, err := scenarios.Load(name, scenarios.Options{Sets: []string{fmt.Sprintf("clock.step=%g", auction.Step)}})
			require.NoError(t, err)
			e, err := Solve(s, false)
			require.NoError(t, err)
			require.Equal(t, Conditions{Stable: true, SecondOrder: true, Acceptable: true}, e.Conditions)
			c, d := e.Continuous, e.Discrete
			agree(t, name+" P", want.P, c.P)
			agree(t, name+" Q", flat(want.Q), flat(c.Q))
			agree(t, name+" A", flat(flat(want.A)), flat(flat(c.A)))
			agree(t, name+" k", want.K, c.K)
			agree(t, name+" welfare", want.Welfare, c.Welfare)
			agree(t, name+" speeds", want.Eigenvalues[1:], c.Speeds[1:])
			agree(t, name+" instantaneous", want.Instantaneous, c.Impact.Instantaneous)
			agree(t, name+" permanent", want.Permanent, c.Impact.Permanent)
			for i, g := range want.Transient { // a difference of impacts, which may be zero
				require.InDelta(t, g, c.Impact.Transient[i], 1e-9*want.Permanent[i])
			}
			agree(t, name+" discrete P", auction.P, d.P)
			agree(t, name+" discrete Q", flat(auction.Q), flat(d.Q))
			agree(t, name+" discrete A", flat(flat(auction.A)), flat(flat(d.A)))
			agree(t, name+" discrete k", auction.K, d.K)
			agree(t, name+" discrete welfare", auction.Welfare, d.Welfare)
		}
	}
}

// TestPreferencesAreGolden: the built-in scenarios with common values and
// exponential utility carry the parameters of the paper's examples.
func TestPreferencesAreGolden(t *testing.T) {
	for name, set := range map[string]string{
		"five-traders-common-values": "paper-common-values", "five-traders-exponential": "paper-exponential-mixed",
	} {
		want := golden.DoubleAuction(t, set)
		s, err := scenarios.Load(name, scenarios.Options{})
		require.NoError(t, err)
		require.Equal(t, want.F, s.CommonValues)
		e, err := Solve(s, false)
		require.NoError(t, err)
		require.Equal(t, Conditions{Stable: true, SecondOrder: true, Acceptable: true}, e.Conditions)
		golden.Agree(t, name+" P", want.P, e.Continuous.P, 1e-9)
		golden.Agree(t, name+" Q", flat(want.Q), flat(e.Continuous.Q), 1e-9)
		require.Len(t, e.Continuous.A, 5)
		require.Len(t, e.Continuous.Impact.Permanent, 5)
		require.Nil(t, e.Approximation)
		require.Nil(t, e.Continuous.ClosedForm)
		exponential := want.F == nil
		require.Equal(t, exponential, e.Discrete == nil)
		require.Equal(t, exponential, e.Continuous.FirstBest == nil)
	}
}
