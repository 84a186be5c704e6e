package experiment

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/montecarlo"
	"walras/scenarios"
)

// simulatedPrices plays one path in memory and gives the price at every auction.
func simulatedPrices(t *testing.T, s *scenarios.Scenario) []float64 {
	t.Helper()
	stage, err := stageAuction(s)
	require.NoError(t, err)
	width := stage.sim.RowWidth()
	var prices []float64
	require.NoError(t, stage.sim.Run(context.Background(), 0, 1, 1, func(r *montecarlo.Result) error {
		for row := 0; row < len(r.Recorded); row += width {
			prices = append(prices, r.Recorded[row])
		}
		return nil
	}))
	return prices
}

// TestFigure1IsSimulated plays Figure 1 through the auction: the price tends to the
// integrated equations (27), (28) at first order in the step, and extrapolated it
// agrees with them.
func TestFigure1IsSimulated(t *testing.T) {
	load := func(step string) *scenarios.Scenario {
		s, err := scenarios.Load("price-impact", scenarios.Options{Sets: []string{"clock.step=" + step}})
		require.NoError(t, err)
		s.Record.Paths = 1
		return s
	}
	solved, err := Solve(load("0.02"), false)
	require.NoError(t, err)
	var prices [4][]float64
	for j, step := range []string{"0.02", "0.01", "0.005", "0.0025"} {
		prices[j] = simulatedPrices(t, load(step))
	}
	points := solved.Response.Continuous
	for k := range points[:len(points)-1] {
		exact := points[k].Price
		v := [4]float64{prices[0][k], prices[1][2*k], prices[2][4*k], prices[3][8*k]}
		assert.InDelta(t, 1, math.Log2((v[2]-exact)/(v[3]-exact)), 0.02, "order at t = %v", points[k].Time)
		for order := 1; order < 4; order++ { // Richardson's extrapolation
			for j := 0; j < 4-order; j++ {
				v[j] = v[j+1] + (v[j+1]-v[j])/(math.Exp2(float64(order))-1)
			}
		}
		assert.InDelta(t, exact, v[0], 1e-6, "extrapolated, at t = %v", points[k].Time)
	}
	assert.InDelta(t, -0.300580, points[0].Price, 5e-7)
	assert.InDelta(t, -0.227697, points[25].Price, 5e-7, "just after the sales stop")
}

// TestPartsAtRecordedTicks: a run that records some ticks has the parts of these
// ticks, those of a run that records all of them.
func TestPartsAtRecordedTicks(t *testing.T) {
	type row struct {
		Step        int32    `parquet:"step"`
		Price       *float64 `parquet:"price"`
		Undisturbed *float64 `parquet:"undisturbed"`
		Permanent   *float64 `parquet:"permanent"`
		Transient   *float64 `parquet:"transient"`
	}
	for _, scenario := range []string{"price-impact", "almgren-chriss"} {
		written := func(every string) map[int32]row {
			s := builtIn(t, scenario, "record.every="+every, "monte_carlo.paths=2", "record.paths=1")
			dir := filepath.Join(t.TempDir(), every)
			run(t, s, dir)
			list := make(map[int32]row)
			for _, r := range read[row](t, dir, "market.parquet") {
				list[r.Step] = r
			}
			return list
		}
		all, some := written("1"), written("7")
		require.Less(t, 7, len(some))
		for k, r := range some {
			require.Equal(t, all[k], r, "%s, step %d", scenario, k)
		}
	}
}
