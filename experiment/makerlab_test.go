package experiment

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/scenarios"
)

func deviateMakers(t *testing.T, s *scenarios.Scenario) map[string]MakerGain {
	t.Helper()
	lab, err := DeviateMakers(context.Background(), s)
	require.NoError(t, err)
	rows := map[string]MakerGain{}
	for _, r := range lab.Rows {
		require.True(t, r.Passed, "%+v", r)
		rows[r.Agent+", "+r.Deviation] = r
	}
	require.True(t, lab.Passed)
	return rows
}

// TestPublishedIsNoEquilibrium: what a maker gains by its best response to the
// published policy, in per cent of the order's value to a maker; nothing is gained
// where it is an equilibrium.
func TestPublishedIsNoEquilibrium(t *testing.T) {
	if testing.Short() {
		t.Skip("numbers, not concurrency")
	}
	for n, want := range map[int]float64{1: 0, 2: .0265489, 5: .657990, 10: 4.202212, 50: 178.3846} {
		s, err := scenarios.Load("large-order", scenarios.Options{Sets: []string{fmt.Sprintf("agents.maker.count=%d", n)}})
		require.NoError(t, err)
		name := "maker[1], best response"
		if n == 1 {
			name = "maker, best response"
		}
		row := deviateMakers(t, s)[name]
		require.InDelta(t, want, row.ContinuousPercent, 1e-5*want+1e-9)
		require.InDelta(t, want, row.Percent, .05*want+.004, "what is played on a grid")
		if n == 10 {
			require.InDelta(t, 613.9844226411606, row.Continuous, 1e-6)
		}
	}
	for _, solution := range []string{"open_loop", "feedback"} {
		s, err := scenarios.Load("large-order", scenarios.Options{Sets: []string{"solution=" + solution}})
		require.NoError(t, err)
		require.InDelta(t, 0, deviateMakers(t, s)["maker[1], best response"].Continuous, 1e-9)
	}
}

// TestNobodyGainsInEquilibrium: in the exact games every deviation loses, and the best
// response gains nothing, for makers who are alike or not.
func TestNobodyGainsInEquilibrium(t *testing.T) {
	for name, sets := range map[string][]string{
		"open loop": {"solution=open_loop"}, "feedback": {"solution=feedback"},
		"one": {"agents.maker.count=1"}, "with inventory": {"solution=open_loop", "agents.maker.inventory=0.4"},
		"different":          {"solution=open_loop", "agents.maker.inventory=0.4", "+{name: other, kind: market_maker, inventory_cost: 1.9}"},
		"different feedback": {"solution=feedback", "agents.maker.inventory=0.4", "+{name: other, kind: market_maker, inventory_cost: 1.9, inventory: -0.3}"},
		"unequal":            {"solution=open_loop", "+{name: other, kind: market_maker, inventory_cost: 1, inventory: -0.3}"},
	} {
		t.Run(name, func(t *testing.T) {
			s := loadMakers(t, sets...)
			judged := 0
			for _, r := range deviateMakers(t, s) {
				if !r.Loses {
					require.Equal(t, "fund", r.Agent)
					continue
				}
				judged++
				if r.Deviation == "best response" {
					assert.InDelta(t, 0, r.Exact, 1e-12)
					assert.InDelta(t, 0, r.Continuous, 1e-12)
				} else {
					assert.Negative(t, r.Exact, r.Deviation)
				}
			}
			require.GreaterOrEqual(t, judged, 4)
		})
	}
}

// TestDeviationsOfTheirOwn: a scenario's deviation stands instead of the standard set,
// and a best response beats all speeds.
func TestDeviationsOfTheirOwn(t *testing.T) {
	rows := deviateMakers(t, loadMakers(t, "agents.maker.deviation.speed=1.3", "agents.fund.deviation.speed=1.5"))
	require.Len(t, rows, 2)
	own := rows["maker[1], speed 1.3"]
	require.NotZero(t, own.Gain)
	all := deviateMakers(t, loadMakers(t))
	require.Len(t, all, 7)
	best := all["maker[1], best response"]
	require.Positive(t, best.Gain)
	require.Greater(t, best.Gain, own.Gain)
	require.Less(t, all["maker[1], no trade"].Gain, 0.)
	hidden := deviateMakers(t, loadMakers(t, "agents.fund.disclosure={detected_after: 0.4, before: quote}"))
	require.NotEmpty(t, hidden["maker[1], best response"].Note)
	require.NotZero(t, hidden["maker[1], double speed"].Gain)
}
