package rungekutta_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/internal/rungekutta"
)

// TestKnownSolutions: an oscillation, fast decay that is followed by a slow forcing,
// and a quadrature, over stretches of different lengths.
func TestKnownSolutions(t *testing.T) {
	const fast = 700.
	calls := 0
	s := rungekutta.New(func(t float64, y, slope []float64) {
		calls++
		slope[0], slope[1] = 3*y[1], -3*y[0]
		slope[2] = -fast * (y[2] - math.Sin(t)) // y = (M² sin t − M cos t + M e^{−Mt})/(M² + 1)
		slope[3] = math.Exp(-t) * t
	}, 4)
	y, size := make([]float64, 4), []float64{1, 1, .001, 1}
	y[1] = 1
	at := 0.
	for _, to := range []float64{.01, .5, .5000001, 2, 4} {
		s.Advance(at, to, y, size, 1e-12)
		at = to
		require.InDelta(t, math.Sin(3*at), y[0], 1e-11)
		require.InDelta(t, math.Cos(3*at), y[1], 1e-11)
		require.InDelta(t, (fast*fast*math.Sin(at)-fast*math.Cos(at)+fast*math.Exp(-fast*at))/(fast*fast+1), y[2], 1e-13)
		require.InDelta(t, 1-(1+at)*math.Exp(-at), y[3], 1e-11)
	}
	require.Less(t, calls, 70000)
}

// TestOrder: a tolerance 2⁸ times as large takes steps about twice as long.
func TestOrder(t *testing.T) {
	count := func(tolerance float64) (calls int) {
		y := []float64{1, 0}
		rungekutta.New(func(_ float64, y, slope []float64) {
			calls++
			slope[0], slope[1] = y[1], -y[0]
		}, 2).Advance(0, 100, y, []float64{1, 1}, tolerance)
		require.InDelta(t, math.Cos(100), y[0], 100*tolerance)
		return calls
	}
	require.InDelta(t, 2, float64(count(1e-12))/float64(count(256e-12)), .3)
}

// TestNoNumber: it ends, however the slope fails, and says so.
func TestNoNumber(t *testing.T) {
	for name, slope := range map[string]func(t, y float64) float64{
		"no number":     func(float64, float64) float64 { return math.NaN() },
		"from .3 on":    func(t, _ float64) float64 { return math.Sqrt(.3 - t) },
		"without bound": func(_, y float64) float64 { return y * y },
	} {
		y := []float64{2.}
		rungekutta.New(func(t float64, y, out []float64) { out[0] = slope(t, y[0]) }, 1).Advance(0, 1, y, []float64{1}, 1e-10)
		require.True(t, math.IsNaN(y[0]), "%s: %v", name, y[0])
	}
	y := []float64{2.}
	s := rungekutta.New(func(_ float64, y, out []float64) { out[0] = -y[0] }, 1)
	s.Advance(1, 1, y, []float64{1}, 1e-10)
	s.Advance(1, .5, y, []float64{1}, 1e-10)
	require.Equal(t, 2., y[0])
	s.Advance(1, 2, y, []float64{1}, 1e-10)
	require.InDelta(t, 2/math.E, y[0], 1e-9)
}
