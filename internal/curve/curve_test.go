package curve_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/internal/curve"
)

func TestFitAgreesToRounding(t *testing.T) {
	for name, f := range map[string]func(float64) float64{
		"fades fast":   func(t float64) float64 { return 3 - 2*math.Exp(-287*(.2-t)) },
		"fades slowly": func(t float64) float64 { return .7 * math.Exp(.31*t) },
		"turns":        func(t float64) float64 { return math.Sin(40*t) / (1 + t*t) },
		"straight":     func(t float64) float64 { return 4.2 - 17*t },
	} {
		c := curve.Fit(f, -.05, .2)
		for k := range 1000 {
			at := -.05 + .25*float64(k)/999
			require.InDelta(t, f(at), c.At(at), 1e-13, "%s at %v", name, at)
		}
	}
}

func TestConstants(t *testing.T) {
	c := curve.Fit(func(float64) float64 { return 1.7 }, 2, 9)
	v, ok := c.Value()
	require.True(t, ok)
	require.Equal(t, 1.7, v)
	require.Equal(t, 1.7, c.At(1e9))
	require.InDelta(t, 1.7*3.4, c.Integral().At(3.4), 1e-14)
	_, ok = curve.Fit(func(t float64) float64 { return t }, 2, 9).Value()
	require.False(t, ok)
}

// TestIntegral compares with closed forms, over cells and within one.
func TestIntegral(t *testing.T) {
	f := func(t float64) float64 { return math.Exp(-1.3*t) * (2 - math.Exp(-50*(.7-t))) }
	primitive := func(t float64) float64 {
		return -2*math.Exp(-1.3*t)/1.3 - math.Exp(-35+48.7*t)/48.7
	}
	c := curve.Fit(f, .1, .7).Integral()
	for _, pair := range [][2]float64{{.1, .7}, {.33, .331}, {.5, .5000001}, {.69, .7}} {
		require.InDelta(t, primitive(pair[1])-primitive(pair[0]), c.At(pair[1])-c.At(pair[0]), 3e-15)
	}
}

// TestDiscountedKeepsDigits: over forty time constants of the discount, in both
// directions, what a short stretch is worth has the digits of the discount there.
func TestDiscountedKeepsDigits(t *testing.T) {
	const β = 1.7
	for _, ends := range [][2]float64{{-24, 0}, {0, 24}} {
		c := curve.Discounted(func(t float64) float64 { return 2 - math.Exp(-9.3*math.Abs(t)) }, β, ends[0], ends[1]).Integral()
		primitive := func(t float64) float64 {
			sign := math.Copysign(1, ends[1]-9) // e^{−9.3|t|} rises before 0 and falls after it
			return -2*math.Exp(-β*t)/β + math.Exp(-(β+9.3*sign)*t)/(β+9.3*sign)
		}
		for k := range 48 {
			from := ends[0] + float64(k)/2
			if k%2 == 1 { // within what changes fast
				from = float64(k)/100*math.Copysign(1, ends[1]-9) - .02
			}
			if from < ends[0] {
				continue
			}
			require.InEpsilon(t, primitive(from+.02)-primitive(from), c.At(from+.02)-c.At(from), 2e-11, "from %v", from)
		}
	}
}

func BenchmarkAt(b *testing.B) {
	c := curve.Fit(func(t float64) float64 { return 3 - 2*math.Exp(-287*(.2-t)) }, 0, .2)
	times := make([]float64, 256)
	for i := range times {
		times[i] = .1 + .001*math.Sin(float64(i))
	}
	sum := 0.
	for b.Loop() {
		for _, t := range times {
			sum += c.At(t)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(times)), "ns/value")
	_ = sum
}
