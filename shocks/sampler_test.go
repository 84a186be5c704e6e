package shocks

import (
	"math"
	"slices"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
)

const batch = 1 << 12

// A sampler is a distribution to be tested: how to draw it, and what is true.
type sampler struct {
	fill    func(s *Stream, dst []float64)
	moments [5]float64                // raw moments 0…4
	beyond  func(x float64) float64   // P(|X| > x)
	cdf     func(x float64) float64   // P(X ≤ x)
	layers  *[layers + 1]layer        // of its ziggurat
	raw     func(k int) (ex2 float64) // moment 2k
}

func normal() sampler {
	return sampler{
		fill:    (*Stream).Norms,
		moments: [5]float64{1, 0, 1, 0, 3},
		beyond:  func(x float64) float64 { return math.Erfc(x / math.Sqrt2) },
		cdf:     func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 },
		layers:  &normLayers,
		raw:     func(k int) float64 { return []float64{1, 1, 3, 15, 105}[k] },
	}
}

func exponential() sampler {
	return sampler{
		fill: func(s *Stream, dst []float64) {
			for i := range dst {
				dst[i] = s.Exp()
			}
		},
		moments: [5]float64{1, 1, 2, 6, 24},
		beyond:  func(x float64) float64 { return math.Exp(-x) },
		cdf:     func(x float64) float64 { return -math.Expm1(-x) },
		layers:  &expoLayers,
		raw:     func(k int) float64 { return math.Gamma(float64(2*k) + 1) },
	}
}

func eachSampler(t *testing.T, test func(t *testing.T, d sampler)) {
	t.Run("normal", func(t *testing.T) { test(t, normal()) })
	t.Run("exponential", func(t *testing.T) { test(t, exponential()) })
}

// draws calls visit with n numbers in batches.
func (d sampler) draws(seed uint64, n int, visit func(x []float64)) {
	s, x := NewStream(Key{Seed: seed}), make([]float64, batch)
	for range n / batch {
		d.fill(s, x)
		visit(x)
	}
}

// Mean, variance, skewness and kurtosis are all in the first four raw moments.
func TestMoments(t *testing.T) {
	eachSampler(t, func(t *testing.T, d sampler) {
		const n = 1 << 24
		var sum [5]float64
		d.draws(21, n, func(xs []float64) {
			for _, x := range xs {
				power := x
				for k := 1; k <= 4; k++ {
					sum[k] += power
					power *= x
				}
			}
		})
		for k := 1; k <= 4; k++ {
			m := d.moments[k]
			requireNear(t, m, sum[k]/n, (d.raw(k)-m*m)/n, "moment %d", k)
		}
	})
}

func TestTails(t *testing.T) {
	eachSampler(t, func(t *testing.T, d sampler) {
		const n = 1 << 26 // 38 normals beyond 5
		var count [18]int // [k]: beyond k
		d.draws(22, n, func(xs []float64) {
			for _, x := range xs {
				for k := 1; k < len(count) && math.Abs(x) > float64(k); k++ {
					count[k]++
				}
			}
		})
		for k := 1; k < len(count); k++ {
			p := d.beyond(float64(k))
			if n*p < 30 { // too few for the normal approximation
				require.LessOrEqual(t, float64(count[k]), n*p+10+10*math.Sqrt(n*p))
				continue
			}
			requireNear(t, p, float64(count[k])/n, p*(1-p)/n, "P(|X| > %d)", k)
		}
	})
}

// Kolmogorov–Smirnov: √n·D exceeds 2.7 with probability 2·exp(−2·2.7²) ≈ 1e-6.
func TestDistribution(t *testing.T) {
	eachSampler(t, func(t *testing.T, d sampler) {
		const n = 1 << 20
		var all []float64
		d.draws(23, n, func(xs []float64) { all = append(all, xs...) })
		slices.Sort(all)
		worst := 0.0
		for i, x := range all {
			f := d.cdf(x)
			worst = max(worst, f-float64(i)/n, float64(i+1)/n-f)
		}
		require.Less(t, worst*math.Sqrt(n), 2.7)
	})
}

// The numbers between the edges of neighbouring layers against the density there:
// a mistake in one layer of 1024 shows, in its box or in its wedge. χ² with ν
// degrees of freedom has variance 2ν.
func TestLayers(t *testing.T) {
	eachSampler(t, func(t *testing.T, d sampler) {
		const n = 1 << 23
		edges := []float64{0}
		for i := layers - 1; i > 0; i-- {
			edges = append(edges, d.layers[i].width*0x1p53)
		}
		count := make([]float64, layers)
		d.draws(24, n, func(xs []float64) {
			for _, x := range xs {
				count[sort.SearchFloat64s(edges, math.Abs(x))-1]++
			}
		})
		chi := 0.0
		for i, c := range count {
			expected := n * d.beyond(edges[i])
			if i+1 < layers {
				expected -= n * d.beyond(edges[i+1])
			}
			require.Greater(t, expected, 100.0)
			chi += (c - expected) * (c - expected) / expected
		}
		const nu = layers - 1
		requireNear(t, nu, chi, 2*nu, "χ²")
	})
}

// Every layer is named by some word, and gives numbers on both sides of zero:
// without and, given a word outside the box, through the wedge or the tail.
func TestEveryLayerIsHit(t *testing.T) {
	const n = 1 << 20
	s := NewStream(Key{Seed: 25})
	var inside [layers][2]bool
	for range n {
		u := s.Uint64()
		if l := normLayers[u&(layers-1)]; u>>10 < l.inside {
			inside[u&(layers-1)][u>>10/l.middle] = true
		}
	}
	both := [2]bool{true, true}
	for i := range uint64(layers) {
		// Nothing of the top layer is inside.
		require.True(t, inside[i] == both || i == layers-1, "layer %d", i)
		require.Equal(t, both, edgeSides(t, s, i), "layer %d", i)
	}
}

// edgeSides draws words that are not inside layer i and reports on which sides
// of zero they gave numbers.
func edgeSides(t *testing.T, s *Stream, i uint64) (sides [2]bool) {
	t.Helper()
	l := normLayers[i]
	outer, inner := l.width*0x1p53, normLayers[i+1].width*0x1p53
	for range 200 {
		j := l.inside + s.Uint64()%(1<<54-l.inside)
		x, ok := s.normEdge(j<<10 | i)
		if !ok {
			continue
		}
		require.GreaterOrEqual(t, math.Abs(x), inner*(1-0x1p-50), "layer %d", i)
		if i > 0 {
			require.LessOrEqual(t, math.Abs(x), outer, "layer %d", i)
		}
		if x > 0 {
			sides[1] = true
		} else {
			sides[0] = true
		}
	}
	return sides
}

// One number at a time, many at once, and by columns are the same numbers.
func TestWaysToDrawNormals(t *testing.T) {
	const n, stride = 100_000, 3
	key := Key{Seed: 26}
	one, many, columns := NewStream(key), NewStream(key), NewStream(key)
	x, y := make([]float64, n), make([]float64, n*stride)
	many.Norms(x[:n/3])
	many.Norms(x[n/3:])
	columns.NormsStrided(y[1:], stride, n)
	for i := range n {
		want := one.Norm()
		require.Equal(t, want, x[i], "number %d", i)
		require.Equal(t, [3]float64{0, want, 0}, [3]float64(y[i*stride:]), "number %d", i)
	}
	require.Equal(t, *one, *many)
	require.Equal(t, *one, *columns)
	columns.NormsStrided(nil, stride, 0)
	require.Equal(t, *one, *columns)
	require.Panics(t, func() { columns.NormsStrided(y, 0, 1) })
}

func TestFloat64(t *testing.T) {
	const n = 1 << 22
	s, sum, square := NewStream(Key{Seed: 27}), 0.0, 0.0
	for range n {
		x := s.Float64()
		require.True(t, x >= 0 && x < 1)
		sum += x
		square += x * x
	}
	requireNear(t, 1./2, sum/n, 1./12/n, "mean")
	requireNear(t, 1./3, square/n, (1./5-1./9)/n, "second moment")
	extreme := &Stream{a: math.MaxUint64}
	require.Equal(t, 1-0x1p-53, extreme.Float64())
}

// underCurve against the exact probability of the strip it draws in: heights
// uniform in [floor, top] are below top·exp(−d) with a probability that is linear
// in exp(−d).
func TestUnderCurve(t *testing.T) {
	const n, floor, top = 1 << 20, 0.5, 1.0
	for _, d := range []float64{0, 1e-3, 0.1, 0.4, 0.69} {
		s, count := NewStream(Key{Seed: 28}), 0.0
		for range n {
			if s.underCurve(d, floor, top) {
				count++
			}
		}
		p := (top*math.Exp(-d) - floor) / (top - floor)
		requireNear(t, p, count/n, p*(1-p)/n, "d = %v", d)
	}
}
