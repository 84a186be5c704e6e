package fixedpoint_test

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/internal/fixedpoint"
)

var options = fixedpoint.Options{Depth: 8, Damping: .5, Tolerance: 1e-13, MaxIterations: 100}

// linear is x ↦ Bx + c with eigenvalues of B in magnitude up to rate.
func linear(rate float64) fixedpoint.Map {
	return func(x, out []float64) error {
		n := len(x)
		for i := range x {
			b := rate * float64(i+1) / float64(n)
			out[i] = b*x[i] + float64(i) - 1.5
			if i > 0 {
				out[i] += .3 * x[i-1]
			}
		}
		return nil
	}
}

// solution is the fixed point of linear(rate).
func solution(rate float64, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		right := float64(i) - 1.5
		if i > 0 {
			right += .3 * x[i-1]
		}
		x[i] = right / (1 - rate*float64(i+1)/float64(n))
	}
	return x
}

// TestAndersonOnLinearMaps needs no more iterations than a few beyond the
// dimension, for contractions as for maps that diverge by themselves.
func TestAndersonOnLinearMaps(t *testing.T) {
	for _, rate := range []float64{.5, .99, -3} {
		x := make([]float64, 6)
		result, err := fixedpoint.Anderson(linear(rate), x, options)
		require.NoError(t, err)
		require.True(t, result.Converged, "rate %g: %+v", rate, result)
		require.LessOrEqual(t, result.Residual, options.Tolerance)
		require.LessOrEqual(t, result.Iterations, 20)
		require.InDeltaSlice(t, solution(rate, 6), x, 1e-10)
	}
}

// cosine is a nonlinear map whose fixed point is x₁ = cos x₁ = .739…, x₂ = x₁/2.
func cosine(x, out []float64) error {
	out[0] = math.Cos(x[0])
	out[1] = x[0] - x[1]
	return nil
}

const dottie = .7390851332151607 // x = cos x

func TestAndersonOnNonlinearMap(t *testing.T) {
	x := []float64{0, 3}
	result, err := fixedpoint.Anderson(cosine, x, options)
	require.NoError(t, err)
	require.True(t, result.Converged)
	require.Less(t, result.Iterations, 20) // plain iteration needs 80
	require.InDeltaSlice(t, []float64{dottie, dottie / 2}, x, 1e-12)
}

// TestFirstStepIsDamped looks at the first two points that are evaluated.
func TestFirstStepIsDamped(t *testing.T) {
	var points []float64
	o := options
	o.Damping, o.MaxIterations = .25, 2
	_, err := fixedpoint.Anderson(func(x, out []float64) error {
		points = append(points, x[0])
		out[0] = 10
		return nil
	}, []float64{2}, o)
	require.NoError(t, err)
	require.Equal(t, []float64{2, 4}, points)
}

// TestAndersonKeepsTheBest ends on a map without a fixed point, with the best
// point met and its residual.
func TestAndersonKeepsTheBest(t *testing.T) {
	best := math.Inf(1)
	var at float64
	distant := func(x, out []float64) error {
		out[0] = x[0] + 1 + x[0]*x[0]
		if r := out[0] - x[0]; r < best {
			best, at = r, x[0]
		}
		return nil
	}
	x := []float64{3}
	result, err := fixedpoint.Anderson(distant, x, options)
	require.NoError(t, err)
	require.False(t, result.Converged)
	require.Equal(t, best, result.Residual)
	require.Equal(t, at, x[0])
	require.GreaterOrEqual(t, result.Residual, 1.)
}

func TestAndersonStopsWhereTheMapDiverges(t *testing.T) {
	calls := 0
	explode := func(x, out []float64) error {
		calls++
		out[0] = 1e3*x[0]*x[0]*x[0] + 1
		return nil
	}
	x := []float64{5}
	result, err := fixedpoint.Anderson(explode, x, fixedpoint.Options{Depth: 2, Damping: 1, Tolerance: 1e-13, MaxIterations: 1000})
	require.NoError(t, err)
	require.False(t, result.Converged)
	require.Less(t, calls, 20)
	require.Equal(t, []float64{5.}, x) // nothing better was met
}

// TestAndersonReportsErrors leaves the domain at the third evaluation.
func TestAndersonReportsErrors(t *testing.T) {
	outside := errors.New("outside")
	calls := 0
	x := []float64{0, 3}
	result, err := fixedpoint.Anderson(func(x, out []float64) error {
		if calls++; calls == 3 {
			return outside
		}
		return cosine(x, out)
	}, x, options)
	require.ErrorIs(t, err, outside)
	require.False(t, result.Converged)
	require.Equal(t, 2, result.Iterations)
	image := make([]float64, 2)
	require.NoError(t, cosine(x, image))
	require.Equal(t, result.Residual, math.Max(math.Abs(image[0]-x[0]), math.Abs(image[1]-x[1])))
}

// TestPlateau gives a map whose noise keeps it above the tolerance.
func TestPlateau(t *testing.T) {
	calls := 0
	noisy := func(x, out []float64) error {
		calls++
		out[0] = .1*x[0] + 1 + 1e-9*math.Sin(float64(7*calls))
		return nil
	}
	o := options
	o.Plateau = 1e-6
	x := []float64{0}
	result, err := fixedpoint.Anderson(noisy, x, o)
	require.NoError(t, err)
	require.False(t, result.Converged)
	require.Less(t, result.Iterations, 40)
	require.InDelta(t, 1/.9, x[0], 1e-8)

	calls, o.Plateau = 0, 0
	result, err = fixedpoint.Anderson(noisy, []float64{0}, o)
	require.NoError(t, err)
	require.Equal(t, o.MaxIterations, result.Iterations)
}

// TestNewtonPolishesToRounding starts near the solution.
func TestNewtonPolishesToRounding(t *testing.T) {
	x := []float64{.7, .4}
	result, err := fixedpoint.Newton(cosine, x, []float64{1, 1}, fixedpoint.Options{Tolerance: 1e-16, MaxIterations: 10})
	require.NoError(t, err)
	require.LessOrEqual(t, result.Residual, 2e-16)
	require.LessOrEqual(t, result.Iterations, 6)
	require.InDeltaSlice(t, []float64{dottie, dottie / 2}, x, 3e-16)

	x = []float64{1, 2, 3, 4}
	_, err = fixedpoint.Newton(linear(-3), x, []float64{1, 1, 1, 1}, fixedpoint.Options{Tolerance: 1e-14, MaxIterations: 10})
	require.NoError(t, err)
	require.InDeltaSlice(t, solution(-3, 4), x, 1e-14)
}

// TestNewtonScalesItsSteps solves in a variable of size 1e-9, where a step of
// 1e-7 would leave the domain.
func TestNewtonScalesItsSteps(t *testing.T) {
	small := func(x, out []float64) error {
		if math.Abs(x[0]) > 1e-8 {
			return errors.New("outside")
		}
		out[0] = 1e-9 * math.Cos(x[0]*1e9)
		return nil
	}
	x := []float64{.7e-9}
	result, err := fixedpoint.Newton(small, x, []float64{1e-9}, fixedpoint.Options{Tolerance: 1e-24, MaxIterations: 10})
	require.NoError(t, err)
	require.True(t, result.Converged)
	require.InEpsilon(t, dottie*1e-9, x[0], 1e-14)
}

// TestNewtonGivesUp has no fixed point, or no derivative to find it by; x stays
// at the best point met.
func TestNewtonGivesUp(t *testing.T) {
	shift := func(x, out []float64) error { out[0] = x[0] + 1; return nil }
	x := []float64{3}
	result, err := fixedpoint.Newton(shift, x, []float64{1}, fixedpoint.Options{Tolerance: 1e-12, MaxIterations: 10})
	require.NoError(t, err)
	require.False(t, result.Converged)
	require.Equal(t, 1., result.Residual)
	require.Equal(t, []float64{3.}, x)

	outside := errors.New("outside")
	_, err = fixedpoint.Newton(func([]float64, []float64) error { return outside }, x, []float64{1}, options)
	require.ErrorIs(t, err, outside)
}
