package experiment

import (
	"math"
	"os"
	"path/filepath"
	"testing"
	"walras/montecarlo"

	"github.com/stretchr/testify/require"

	"walras/scenarios"
)

// loadText loads a scenario from its text.
func loadText(t *testing.T, text string, sets ...string) *scenarios.Scenario {
	t.Helper()
	file := filepath.Join(t.TempDir(), "test.yaml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	s, err := scenarios.Load(file, scenarios.Options{Sets: sets})
	require.NoError(t, err)
	return s
}

const toy = `
schema: 1
name: toy
market: cournot
discount_rate: 0.5
clock: {step: 0.1, horizon: 6}
agents:
  - {name: maker, kind: market_maker, count: 2, inventory_cost: 0.1}
  - {name: investors, kind: investors, arrivals: {rate: 3, size: 1}, reservation_value: 1}
  - {name: fund, kind: large_seller, rate: 0.3, duration: {mean: 1}, disclosure: stealth}
monte_carlo: {paths: 20000, seed: 1}
`

func TestX(t *testing.T) {
	for _, sets := range [][]string{nil, {"agents.fund.disclosure=sunshine"}, {"agents.fund.disclosure=sunshine", "agents.fund.duration=1.5"},
		{"clock.policy=discrete"}, {"clock.policy=discrete", "agents.fund.disclosure=sunshine"}, {"clock.policy=discrete", "agents.fund.disclosure=sunshine", "agents.fund.duration=1.53"},
		{"agents.fund.kind=large_buyer"}, {"agents.maker.deviation.speed=.5"}, {"agents.fund.deviation.speed=.5"}, {"agents.fund.duration.erlang=3"}, {"agents.fund.duration.erlang=3", "agents.fund.disclosure=sunshine"},
	} {
		s := loadText(t, toy, sets...)
		st, err := stages[s.Market](s)
		require.NoError(t, err)
		sim := st.sim
		l := sim.ArrivalLayout()
		var sum []float64
		var sq []float64
		n := 0.
		require.NoError(t, sim.Run(t.Context(), 0, sim.Blocks(), 2, func(r *montecarlo.Result) error {
			if sum == nil {
				sum, sq = make([]float64, 3), make([]float64, 3)
			}
			for p := range r.Paths {
				for i := range 3 {
					v := r.Outcomes[3*(3*p+i)] + r.Outcomes[3*(3*p+i)+1]
					sum[i] += v
					sq[i] += v * v
				}
				n++
			}
			return nil
		}))
		_ = l
		m, err := newArrivals(s, true)
		require.NoError(t, err)
		game, err := m.market(s.Clock.Policy)
		require.NoError(t, err)
		v := game.Values(s.DiscountRate)
		for i := range 3 {
			mean := sum[i] / n
			se := math.Sqrt((sq[i]/n - mean*mean) / n)
			at := math.NaN()
			if !game.Anchored() {
				at = v.Expected(i, sim.Initial[:1], 0, 0, 0)
			}
			t.Logf("%v seat %d: %.5f ± %.5f, value %.5f z %.2f", sets, i, mean, se, at, (mean-at)/se)
		}
	}
}
