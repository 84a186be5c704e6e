package shocks

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

// run returns the increments [agent][path][period] of paths first … first+n−1
// made with tiles of the given size.
func run(t *testing.T, b *Brownian, cfg Config, first int64, n, periods int) [][][]float64 {
	t.Helper()
	return collect(b.Increments(cfg), len(b.channels), cfg.Paths, first, n, periods)
}

func collect(source Increments, agents, capacity int, first int64, n, periods int) [][][]float64 {
	out := make([][][]float64, agents)
	for a := range out {
		out[a] = make([][]float64, n)
	}
	dst := tile(agents, capacity)
	for begin := 0; begin < n; begin += capacity {
		paths := min(capacity, n-begin)
		source.Start(first+int64(begin), paths)
		for range periods {
			for a := range dst { // Next must overwrite
				dst[a][0], dst[a][paths-1] = math.NaN(), math.NaN()
			}
			source.Next(dst)
			for a := range out {
				for p := range paths {
					out[a][begin+p] = append(out[a][begin+p], dst[a][p])
				}
			}
		}
	}
	return out
}

func motion(t *testing.T, sigma mat.Symmetric, names ...uint64) *Brownian {
	t.Helper()
	if names == nil {
		names = channels(sigma.SymmetricDim())
	}
	b, err := NewBrownian(sigma, names)
	require.NoError(t, err)
	return b
}

// The definition, without tiles and buffers: √Δ·L·ε with one Norm from each
// agent's own stream.
func TestIncrementsAreTheirDefinition(t *testing.T) {
	const step, paths, periods = 0.3, 5, 71
	b := motion(t, equicorrelated(4, 0.4))
	l, names := b.Factor(), channels(4)
	got := run(t, b, Config{Seed: 31, Step: step, Paths: paths}, 1000, paths, periods)
	for p := range paths {
		var streams []*Stream
		for a := range names {
			streams = append(streams, NewStream(Key{31, Simulation, uint64(1000 + p), names[a], Inventory}))
		}
		for k := range periods {
			var e [4]float64
			for a, s := range streams {
				e[a] = s.Norm()
			}
			for a := range names {
				want := 0.0
				for j := range a + 1 {
					want += float64(l.At(a, j) * math.Sqrt(step) * e[j])
				}
				require.InDelta(t, want, got[a][p][k], 1e-14, "agent %d, path %d, period %d", a, p, k)
			}
		}
	}
}

// The bytes do not depend on the size of a tile, on where it begins, or on what
// the source did before.
func TestTilesDoNotMatter(t *testing.T) {
	const n, periods = 1100, 45
	b := motion(t, equicorrelated(3, -0.3))
	for _, antithetic := range []bool{false, true} {
		for _, first := range []int64{0, 33} {
			t.Run(fmt.Sprintf("%v/%d", antithetic, first), func(t *testing.T) {
				cfg := Config{Seed: 32, Step: 0.7, Paths: 256, Antithetic: antithetic}
				want := run(t, b, cfg, first, n, periods)
				for _, cfg.Paths = range []int{1024, 7, 1} {
					requireSameBits(t, want, run(t, b, cfg, first, n, periods))
				}
			})
		}
	}
}

func requireSameBits(t *testing.T, want, got [][][]float64) {
	t.Helper()
	for a := range want {
		for p := range want[a] {
			for k := range want[a][p] {
				if math.Float64bits(want[a][p][k]) != math.Float64bits(got[a][p][k]) {
					t.Fatalf("agent %d, path %d, period %d: %v, want %v", a, p, k, got[a][p][k], want[a][p][k])
				}
			}
		}
	}
}

// An agent's shocks are its own: they do not change when others, independent of
// it or after it, come and go, nor with its place.
func TestShocksBelongToTheAgent(t *testing.T) {
	names := channels(3)
	cfg := Config{Seed: 33, Step: 0.5, Paths: 16}
	independent := equicorrelated(3, 0)
	all := run(t, motion(t, independent), cfg, 0, 16, 40)
	alone := motion(t, mat.NewDiagDense(1, []float64{independent.At(1, 1)}), names[1])
	requireSameBits(t, all[1:2], run(t, alone, cfg, 0, 16, 40))
	swapped := motion(t, mat.NewDiagDense(2, []float64{independent.At(2, 2), independent.At(1, 1)}), names[2], names[1])
	got := run(t, swapped, cfg, 0, 16, 40)
	requireSameBits(t, [][][]float64{all[2], all[1]}, got)

	correlated := equicorrelated(3, 0.4)
	all = run(t, motion(t, correlated), cfg, 0, 16, 40)
	firstTwo := motion(t, correlated.SliceSym(0, 2), names[:2]...)
	requireSameBits(t, all[:2], run(t, firstTwo, cfg, 0, 16, 40))
}

// Pairs have opposite signs, and the even paths are those of a plain run.
func TestAntitheticPairs(t *testing.T) {
	const n, periods = 64, 40
	b := motion(t, equicorrelated(3, 0.4))
	cfg := Config{Seed: 34, Step: 2, Paths: 64}
	plain := run(t, b, cfg, 0, n, periods)
	cfg.Antithetic = true
	paired := run(t, b, cfg, 0, n, periods)
	for a := range plain {
		for p := range n {
			for k := range periods {
				want := plain[a][p&^1][k]
				if p&1 == 1 {
					want = -want
				}
				require.Equal(t, want, paired[a][p][k])
			}
		}
	}
}

// Sample covariances over agents, and no covariance over time and paths. With
// known zero means the sample covariance has variance (ΣᵢᵢΣⱼⱼ+Σᵢⱼ²)/n, times Δ².
func TestCovarianceOfIncrements(t *testing.T) {
	const agents, paths, periods, step = 5, 512, 2048, 0.25
	const n = paths * periods
	sigma := equicorrelated(agents, 0.35)
	source, dst := motion(t, sigma).Increments(Config{Seed: 35, Step: step, Paths: paths}), tile(agents, paths)
	before := make([]float64, paths)
	var products [agents][agents]float64
	var time, neighbour float64
	source.Start(0, paths)
	for k := range periods {
		source.Next(dst)
		for i := range agents {
			for j := range i + 1 {
				products[i][j] += mat.Dot(mat.NewVecDense(paths, dst[i]), mat.NewVecDense(paths, dst[j]))
			}
		}
		for p := range paths {
			if k > 0 {
				time += dst[0][p] * before[p]
			}
			neighbour += dst[0][p] * dst[0][p^1] / 2
		}
		copy(before, dst[0])
	}
	for i := range agents {
		for j := range i + 1 {
			cij, cii, cjj := sigma.At(i, j)*step, sigma.At(i, i)*step, sigma.At(j, j)*step
			requireNear(t, cij, products[i][j]/n, (cii*cjj+cij*cij)/n, "Σ(%d, %d)Δ", i, j)
		}
	}
	c := sigma.At(0, 0) * step
	requireNear(t, 0, time/(n-paths), c*c/(n-paths), "covariance over time")
	requireNear(t, 0, neighbour/(n/2), c*c/(n/2), "covariance over paths")
}

// Without volatility: zeros, bit for bit, and no stream. With one source of risk:
// one stream, and everyone follows it.
func TestDegenerateAgents(t *testing.T) {
	const paths, periods = 9, 40
	cfg := Config{Seed: 36, Step: 0.1, Paths: paths}
	b := motion(t, mat.NewDiagDense(3, []float64{0.25, 0, 4}))
	require.Len(t, b.Increments(cfg).columns, 2)
	for _, cfg.Antithetic = range []bool{false, true} {
		for _, path := range run(t, b, cfg, 0, paths, periods)[1] {
			for _, x := range path {
				require.Zero(t, math.Float64bits(x))
			}
		}
	}
	rankOne := motion(t, mat.NewSymDense(2, []float64{4, -3, -3, 2.25}))
	require.Len(t, rankOne.Increments(cfg).columns, 1)
	got := run(t, rankOne, cfg, 0, paths, periods)
	for p := range paths {
		for k := range periods {
			require.InEpsilon(t, -0.75*got[0][p][k], got[1][p][k], 1e-14)
		}
	}
}

func TestIncrementsDoNotAllocate(t *testing.T) {
	for _, antithetic := range []bool{false, true} {
		cfg := Config{Seed: 37, Step: 0.1, Paths: 20, Antithetic: antithetic}
		source, dst := motion(t, equicorrelated(3, 0.2)).Increments(cfg), tile(3, 20)
		require.Zero(t, testing.AllocsPerRun(10, func() {
			source.Start(3, 17)
			for range 100 {
				source.Next(dst)
			}
		}))
	}
}

func TestMisuseOfIncrementsPanics(t *testing.T) {
	b := motion(t, equicorrelated(2, 0))
	for _, cfg := range []Config{{Paths: 4}, {Step: -1, Paths: 4}, {Step: math.NaN(), Paths: 4},
		{Step: math.Inf(1), Paths: 4}, {Step: 1}} {
		require.Panics(t, func() { b.Increments(cfg) }, "%+v", cfg)
	}
	source := b.Increments(Config{Step: 1, Paths: 4})
	require.Panics(t, func() { source.Next(tile(2, 4)) }, "not started")
	require.Panics(t, func() { source.Start(-1, 4) })
	require.Panics(t, func() { source.Start(0, 5) })
	require.Panics(t, func() { source.Start(0, 0) })
	source.Start(0, 4)
	require.Panics(t, func() { source.Next(tile(3, 4)) })
	require.Panics(t, func() { source.Next(tile(2, 3)) })
	source.Next(tile(2, 4))
}
