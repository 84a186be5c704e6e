package experiment

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/internal/golden"
)

// TestArrivalLab: gains agree with their theory, and those of the theory with what the
// market itself lets expect.
func TestArrivalLab(t *testing.T) {
	if testing.Short() {
		t.Skip("numbers, not concurrency")
	}
	for _, sets := range [][]string{{"agents.fund.disclosure=sunshine", "agents.fund.duration=1.3", "agents.new.deviation.speed=1.5"}, {"solution=open_loop", "agents.fund.kind=large_buyer"}} {
		s := loadText(t, unequal, sets...)
		lab, err := DeviateArrivals(context.Background(), s, LabOptions{Workers: 2})
		require.NoError(t, err)
		require.True(t, lab.Passed, "%v: %+v", sets, lab.Rows)
		l := &arrivalLab{scenario: s}
		require.NoError(t, l.prepare(s))
		for _, trial := range l.trials {
			if trial.sim == nil || trial.sim.Arrivals.Anchored() {
				continue
			}
			expects, err := trial.sim.Arrivals.Values(s.DiscountRate)
			require.NoError(t, err)
			values := expects.At(0, 0, 0)
			x := trial.sim.Initial[:len(trial.sim.Arrivals.Makers)]
			gain := values(trial.seat, x) - l.expected[trial.stays]
			assert.InDelta(t, trial.row.Exact, gain, 1e-9, "%v %s %s", sets, trial.row.Agent, trial.row.Deviation)
		}
	}
}

// TestBestResponsesAreGolden: relative gains of a maker's best response to the
// published policy, two of them with a hidden order.
func TestBestResponsesAreGolden(t *testing.T) {
	if testing.Short() {
		t.Skip("numbers, not concurrency")
	}
	for name, want := range map[string][2]float64{"toy": {5.43511e-4, 5.17464e-4}, "lumpy": {1.410993e-2, 1.184113e-2}} {
		g := golden.PoissonSets(t)[name]
		for i, sets := range [][]string{{"agents.fund=null"}, nil} {
			s := loadText(t, goldenArrivals(g), append(sets, "monte_carlo.paths=10")...)
			l := &arrivalLab{scenario: s}
			require.NoError(t, l.prepare(s))
			last := l.trials[3]
			require.Equal(t, "best response", last.row.Deviation)
			require.InDelta(t, want[i], last.row.Exact/l.expected[0], 6e-6*want[i], name)
		}
	}
}
