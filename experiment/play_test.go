package experiment

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/analysis"
)

// deviating are deviations of every kind in the small market.
var deviating = []string{
	"agents.big.deviation.schedule=[{from: 0.1, to: 1.3, rate: 0.7}, {from: 2, to: 9, rate: -0.2}]",
	"agents.twins.deviation.misreport={scale: 0.3, shift: -0.1}",
	"agents.crowd.deviation.speed=0.6",
	"monte_carlo.variance_reduction=[control]",
}

// TestRunWithDeviations passes its verdict on either policy, with both estimates
// of welfare and without a bias.
func TestRunWithDeviations(t *testing.T) {
	for _, policy := range []string{"discrete", "continuous"} {
		s := load(t, small, append([]string{"clock.policy=" + policy}, deviating...)...)
		out := run(t, s, filepath.Join(t.TempDir(), "run"))
		assert.True(t, out.Verdict.Passed, policy)
		welfare := map[string]analysis.Row{}
		for _, r := range out.Rows {
			assert.True(t, math.IsNaN(r.Bias), "%s of %s", r.Statistic, r.Agent)
			if r.Agent == "crowd" && math.IsNaN(r.T) {
				welfare[r.Statistic] = r
			}
		}
		controlled, plain := welfare["welfare"], welfare["welfare_plain"]
		assert.Equal(t, plain.Analytic, controlled.Analytic)
		assert.Less(t, controlled.StdError, plain.StdError/3)
		assert.InDelta(t, controlled.Analytic, welfare["payoff"].Analytic+welfare["terminal_value"].Analytic, 1e-13)
	}
}

// TestEveryMemberDeviates: in a run all members of a type do, here by a tagged
// one and the total of the others; what a shift or a rate says is per member.
// Twice as many members with half as much each are nearly the same market.
func TestEveryMemberDeviates(t *testing.T) {
	for _, deviation := range []string{"speed=0.4", "misreport={scale: 0.2, shift: %g}", "schedule=[{from: 0, to: 2, rate: %g}]"} {
		price := func(members float64) float64 {
			own := deviation
			if strings.Contains(own, "%g") {
				own = fmt.Sprintf(own, 0.4/members)
			}
			s := load(t, frontRunning, "clock.horizon=3", fmt.Sprintf("agents.runner.count=%g", members), fmt.Sprintf("agents.runner.holding_cost=%g", members),
				fmt.Sprintf("agents.runner.inventory=%g", 1/members), "agents.runner.deviation."+own)
			m := NewMarket(s)
			play, _, err := m.Play(s)
			require.NoError(t, err)
			require.Len(t, m.Seats, 4)
			sim := simulation(s, m, play)
			return analysis.Recursion(play, sim.Initial, sim.Covariance, []int{3})[0].Price
		}
		assert.InEpsilon(t, price(2000), price(4000), 2e-3, deviation)
	}
}

// TestSpeedsOfFiveTraders: at half speed a strategic trader's gain needs less
// than a fiftieth of the paths.
func TestSpeedsOfFiveTraders(t *testing.T) {
	l := lab(t, builtIn(t, "five-traders", "monte_carlo.paths=1024"), 2)
	require.Len(t, l.Rows, 25)
	assert.True(t, l.Passed)
	for _, r := range l.Rows {
		assert.True(t, r.Loses)
		if r.Deviation == "half speed" {
			assert.Greater(t, r.VarianceRatio(), 50., r.Agent)
		}
	}
}
