package experiment

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var jumping = []string{"shocks.kind=compound_poisson", "shocks.rate=4", "monte_carlo.paths=40000"}

// TestRunWithJumps: the run passes, the same for any number of workers, and the volume,
// which has no closed form, is null in the file.
func TestRunWithJumps(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "jumps")
	out := run(t, load(t, small, jumping...), dir)
	require.True(t, out.Verdict.Passed, "failures: %+v", out.Verdict.Failures())
	alone := run(t, load(t, small, jumping...), filepath.Join(t.TempDir(), "alone"), func(o *Options) { o.Workers = 1 })
	assert.Equal(t, out.Manifest.Digest, alone.Manifest.Digest)
	type row struct {
		Statistic string   `parquet:"statistic"`
		Estimate  float64  `parquet:"estimate"`
		StdError  *float64 `parquet:"std_error"`
		Analytic  *float64 `parquet:"analytic"`
		Z         *float64 `parquet:"z"`
	}
	rows, err := parquet.ReadFile[row](filepath.Join(dir, "statistics.parquet"))
	require.NoError(t, err)
	require.Len(t, rows, len(out.Rows))
	volumes := 0
	for _, r := range rows {
		if r.Statistic == "volume" {
			volumes++
			assert.Nil(t, r.Analytic)
			assert.Nil(t, r.Z)
			assert.NotNil(t, r.StdError)
			assert.Positive(t, r.Estimate)
			continue
		}
		assert.NotNil(t, r.Analytic, r.Statistic)
	}
	assert.Equal(t, 4, volumes)
	for _, r := range out.Verdict.Rows {
		assert.NotEqual(t, "volume", r.Statistic)
	}
}

// TestJumpsKeepTheEquilibrium: policy, values and mean dynamics are those under Brownian
// shocks with the same covariance, to the last bit.
func TestJumpsKeepTheEquilibrium(t *testing.T) {
	brownian, err := Solve(load(t, small), true)
	require.NoError(t, err)
	jumps, err := Solve(load(t, small, jumping...), true)
	require.NoError(t, err)
	assert.Equal(t, brownian.Continuous, jumps.Continuous)
	assert.Equal(t, brownian.Discrete, jumps.Discrete)
	a := run(t, load(t, small, "monte_carlo.paths=40000"), filepath.Join(t.TempDir(), "a"))
	b := run(t, load(t, small, jumping...), filepath.Join(t.TempDir(), "b"))
	assert.Equal(t, string(a.Manifest.Policy), string(b.Manifest.Policy))
	for i, r := range a.Rows {
		s := b.Rows[i]
		require.Equal(t, r.Statistic, s.Statistic)
		switch r.Statistic {
		case "volume":
			continue
		case "inventory_covariance", "price_variance", "trade_variance":
			if r.StdError > 0 {
				assert.Greater(t, s.StdError, r.StdError, "%s at %g", r.Statistic, r.T)
			}
		case "inventory_mean", "price_mean", "trade_mean", "price_change_mean":
			assert.Equal(t, r.StdError, s.StdError)
		}
		assert.Equal(t, r.Analytic, s.Analytic, "%s at %g", r.Statistic, r.T)
		assert.False(t, math.IsNaN(s.Analytic))
	}
}
