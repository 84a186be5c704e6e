package shocks

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

func jumps(t *testing.T, sigma mat.Symmetric, rate float64, names ...uint64) *CompoundPoisson {
	t.Helper()
	if names == nil {
		names = channels(sigma.SymmetricDim())
	}
	p, err := NewCompoundPoisson(sigma, rate, names)
	require.NoError(t, err)
	return p
}

// runJumps is run for a compound Poisson process.
func runJumps(p *CompoundPoisson, cfg Config, first int64, n, periods int) [][][]float64 {
	return collect(p.Increments(cfg), len(p.motion.channels), cfg.Paths, first, n, periods)
}

// The definition, without tiles and periods: every path has its list of arrival
// times and every agent its list of normals; jump n is L·εₙ/√ν.
func TestJumpsAreTheirDefinition(t *testing.T) {
	const step, rate, paths, periods = 0.3, 2.2, 7, 90
	p := jumps(t, equicorrelated(4, 0.4), rate)
	l, names := p.motion.Factor(), channels(4)
	got := runJumps(p, Config{Seed: 41, Step: step, Paths: paths}, 1000, paths, periods)
	for path := range paths {
		key := Key{41, Simulation, uint64(1000 + path), 0, Arrivals}
		clock := NewStream(key)
		var streams []*Stream
		for _, name := range names {
			streams = append(streams, NewStream(Key{key.Seed, key.Domain, key.Path, name, Jumps}))
		}
		at := clock.Exp() / rate
		for k := range periods {
			var want [4]float64
			for ; at < step*float64(k+1); at += clock.Exp() / rate {
				var e [4]float64
				for a, s := range streams {
					e[a] = s.Norm()
					for j := range a + 1 {
						want[a] += float64(l.At(a, j)*e[j]) / math.Sqrt(rate)
					}
				}
			}
			for a := range names {
				require.InDelta(t, want[a], got[a][path][k], 1e-13, "agent %d, path %d, period %d", a, path, k)
			}
		}
	}
}

// The same jumps arrive whatever the step: sums over four short periods are those
// over a long one.
func TestJumpsDoNotDependOnTheStep(t *testing.T) {
	p := jumps(t, equicorrelated(2, 0.3), 1.7)
	long := runJumps(p, Config{Seed: 42, Step: 2, Paths: 64}, 0, 64, 25)
	short := runJumps(p, Config{Seed: 42, Step: 0.5, Paths: 64}, 0, 64, 100)
	for a := range long {
		for path := range long[a] {
			for k, want := range long[a][path] {
				sum := 0.0
				for _, x := range short[a][path][4*k : 4*k+4] {
					sum += x
				}
				require.InDelta(t, want, sum, 1e-14)
			}
		}
	}
}

func TestTilesOfJumpsDoNotMatter(t *testing.T) {
	const n, periods = 700, 30
	p := jumps(t, equicorrelated(3, -0.3), 0.9)
	for _, antithetic := range []bool{false, true} {
		for _, first := range []int64{0, 33} {
			cfg := Config{Seed: 43, Step: 0.7, Paths: 256, Antithetic: antithetic}
			want := runJumps(p, cfg, first, n, periods)
			for _, cfg.Paths = range []int{1024, 7, 1} {
				requireSameBits(t, want, runJumps(p, cfg, first, n, periods))
			}
		}
	}
}

// An agent's jumps are its own, and their times everybody's: neither changes when
// others, independent of it or after it, come and go, nor with its place.
func TestJumpsBelongToTheAgent(t *testing.T) {
	const rate = 1.3
	names := channels(3)
	cfg := Config{Seed: 44, Step: 0.5, Paths: 16}
	independent := equicorrelated(3, 0)
	all := runJumps(jumps(t, independent, rate), cfg, 0, 16, 40)
	alone := jumps(t, mat.NewDiagDense(1, []float64{independent.At(1, 1)}), rate, names[1])
	requireSameBits(t, all[1:2], runJumps(alone, cfg, 0, 16, 40))
	swapped := jumps(t, mat.NewDiagDense(2, []float64{independent.At(2, 2), independent.At(1, 1)}), rate, names[2], names[1])
	requireSameBits(t, [][][]float64{all[2], all[1]}, runJumps(swapped, cfg, 0, 16, 40))

	correlated := equicorrelated(3, 0.4)
	all = runJumps(jumps(t, correlated, rate), cfg, 0, 16, 40)
	requireSameBits(t, all[:2], runJumps(jumps(t, correlated.SliceSym(0, 2), rate, names[:2]...), cfg, 0, 16, 40))
	for path := range all[0] {
		for k := range all[0][path] {
			require.Equal(t, all[0][path][k] == 0, all[2][path][k] == 0, "one clock")
		}
	}
}

func TestAntitheticJumps(t *testing.T) {
	const n, periods = 64, 40
	p := jumps(t, equicorrelated(3, 0.4), 0.6)
	cfg := Config{Seed: 45, Step: 2, Paths: 64}
	plain := runJumps(p, cfg, 0, n, periods)
	cfg.Antithetic = true
	paired := runJumps(p, cfg, 0, n, periods)
	for a := range plain {
		for path := range n {
			for k := range periods {
				want := plain[a][path&^1][k]
				if path&1 == 1 && want != 0 {
					want = -want
				}
				require.Equal(t, math.Float64bits(want), math.Float64bits(paired[a][path][k]))
			}
		}
	}
}

// counts plays so many periods and returns the number of jumps [period][path].
func counts(p *CompoundPoisson, cfg Config, periods int) [][]float64 {
	source, dst := p.Increments(cfg), tile(len(p.motion.channels), cfg.Paths)
	source.Start(0, cfg.Paths)
	list := tile(periods, cfg.Paths)
	for k := range list {
		source.Next(dst)
		for h, lane := range source.hit {
			list[k][lane] = float64(source.jumps[h])
		}
	}
	return list
}

// Jumps of a period are Poisson, by chi-square over the classes 0, 1, …, and by
// their first moments: with mean λ the variance is λ, the third cumulant λ, and
// the fourth central moment λ + 3λ². Counts of successive periods, and of
// neighbouring paths, are independent.
func TestCountsArePoisson(t *testing.T) {
	for _, mean := range []float64{0.04, 0.7, 6.5} {
		const paths, periods = 512, 400
		list := counts(jumps(t, mat.NewDiagDense(1, []float64{0.49}), mean/0.25), Config{Seed: 46, Step: 0.25, Paths: paths}, periods)
		const n = paths * periods
		var sum, square, cube, time, neighbour float64
		classes := make([]float64, 60)
		for k := range list {
			for path, x := range list[k] {
				d := x - mean
				sum, square, cube = sum+x, square+d*d, cube+d*d*d
				classes[int(x)]++
				if k > 0 {
					time += d * (list[k-1][path] - mean)
				}
				if path&1 == 1 {
					neighbour += d * (list[k][path-1] - mean)
				}
			}
		}
		requireNear(t, mean, sum/n, mean/n, "mean")
		requireNear(t, mean, square/n, (mean+2*mean*mean)/n, "variance")
		m6 := mean + 25*mean*mean + 15*mean*mean*mean // sixth central moment
		requireNear(t, mean, cube/n, (m6-mean*mean)/n, "third central moment")
		requireNear(t, 0, time/(n-paths), mean*mean/(n-paths), "covariance over time")
		requireNear(t, 0, neighbour/(n/2), mean*mean/(n/2), "covariance over paths")
		requirePoisson(t, classes, mean, n)
	}
}

// requirePoisson compares counts by class; those with less than 10 expected are
// put together.
func requirePoisson(t *testing.T, classes []float64, mean, n float64) {
	t.Helper()
	law := distuv.Poisson{Lambda: mean}
	chi, degrees, restSeen, restExpected := 0.0, 0, 0.0, 0.0
	for x, seen := range classes {
		expected := n * law.Prob(float64(x))
		if expected < 10 {
			restSeen, restExpected = restSeen+seen, restExpected+expected
			continue
		}
		chi, degrees = chi+(seen-expected)*(seen-expected)/expected, degrees+1
	}
	if restExpected > 0 {
		chi += (restSeen - restExpected) * (restSeen - restExpected) / restExpected
	}
	p := distuv.ChiSquared{K: float64(degrees)}.Survival(chi)
	require.Greater(t, p, 1e-6, "mean %g: chi² %g with %d degrees", mean, chi, degrees)
}

// Times of arrival are uniform over the horizon: jumps by tenths of it, in
// periods much shorter than the time between jumps.
func TestArrivalsAreUniform(t *testing.T) {
	const paths, periods, tenth = 256, 1000, 100
	list := counts(jumps(t, mat.NewDiagDense(1, []float64{2}), 3), Config{Seed: 47, Step: 0.01, Paths: paths}, periods)
	var seen [periods / tenth]float64
	for k := range list {
		for _, x := range list[k] {
			seen[k/tenth] += x
		}
	}
	const expected = 3 * 0.01 * tenth * paths
	chi := 0.0
	for _, x := range seen {
		chi += (x - expected) * (x - expected) / expected
	}
	p := distuv.ChiSquared{K: float64(len(seen))}.Survival(chi)
	require.Greater(t, p, 1e-6, "chi² %g", chi)
}

// Covariances over agents are ΣΔ whatever the rate, and fourth moments those of a
// compound Poisson process: E xᵢ²xⱼ² = ΔΔ(ΣᵢᵢΣⱼⱼ+2Σᵢⱼ²)(1+1/(νΔ)), which is also the
// variance of the products but for (ΣᵢⱼΔ)².
func TestCovarianceOfJumps(t *testing.T) {
	const agents, paths, periods, step = 4, 512, 1024, 0.25
	const n = paths * periods
	sigma := equicorrelated(agents, 0.35)
	for _, rate := range []float64{0.3, 4, 50} {
		source, dst := jumps(t, sigma, rate).Increments(Config{Seed: 48, Step: step, Paths: paths}), tile(agents, paths)
		var products, squares [agents][agents]float64
		var sums [agents]float64
		source.Start(0, paths)
		for range periods {
			source.Next(dst)
			for i := range agents {
				for p, x := range dst[i] {
					sums[i] += x
					for j := range i + 1 {
						y := x * dst[j][p]
						products[i][j] += y
						squares[i][j] += y * y
					}
				}
			}
		}
		u := 1 / (rate * step)
		for i := range agents {
			requireNear(t, 0, sums[i]/n, sigma.At(i, i)*step/n, "mean of %d at rate %g", i, rate)
			for j := range i + 1 {
				c := sigma.At(i, j) * step
				g := sigma.At(i, i)*sigma.At(j, j)*step*step + 2*c*c
				requireNear(t, c, products[i][j]/n, (g*(1+u)-c*c)/n, "Σ(%d, %d)Δ at rate %g", i, j, rate)
				// E N⁴ of the Poisson number of jumps gives the eighth moment.
				eighth := 105 * math.Pow(sigma.At(i, i)*sigma.At(j, j), 2) * math.Pow(step, 4) * (1 + 6*u + 7*u*u + u*u*u)
				requireNear(t, g*(1+u), squares[i][j]/n, eighth/n, "fourth moment (%d, %d) at rate %g", i, j, rate)
			}
		}
	}
}

// Without volatility: zeros, bit for bit, and no stream.
func TestDegenerateJumps(t *testing.T) {
	p := jumps(t, mat.NewDiagDense(3, []float64{0.25, 0, 4}), 5)
	cfg := Config{Seed: 49, Step: 0.4, Paths: 9}
	require.Len(t, p.Increments(cfg).columns, 2)
	for _, cfg.Antithetic = range []bool{false, true} {
		for _, path := range runJumps(p, cfg, 0, 9, 40)[1] {
			for _, x := range path {
				require.Zero(t, math.Float64bits(x))
			}
		}
	}
}

func TestJumpsDoNotAllocate(t *testing.T) {
	for _, antithetic := range []bool{false, true} {
		cfg := Config{Seed: 50, Step: 0.1, Paths: 20, Antithetic: antithetic}
		source, dst := jumps(t, equicorrelated(3, 0.2), 7).Increments(cfg), tile(3, 20)
		require.Zero(t, testing.AllocsPerRun(10, func() {
			source.Start(3, 17)
			for range 100 {
				source.Next(dst)
			}
		}))
	}
}

func TestMisuseOfJumpsPanics(t *testing.T) {
	for _, rate := range []float64{0, -2, math.NaN(), math.Inf(1)} {
		require.Panics(t, func() { _, _ = NewCompoundPoisson(equicorrelated(2, 0), rate, channels(2)) }, "rate %g", rate)
	}
	_, err := NewCompoundPoisson(mat.NewSymDense(2, []float64{1, 2, 2, 1}), 3, channels(2))
	var e *NotPSDError
	require.ErrorAs(t, err, &e)
	p := jumps(t, equicorrelated(2, 0), 3)
	for _, cfg := range []Config{{Paths: 4}, {Step: -1, Paths: 4}, {Step: math.Inf(1), Paths: 4}, {Step: 1}} {
		require.Panics(t, func() { p.Increments(cfg) }, "%+v", cfg)
	}
	source := p.Increments(Config{Step: 1, Paths: 4})
	require.Panics(t, func() { source.Next(tile(2, 4)) }, "not started")
	require.Panics(t, func() { source.Start(0, 5) })
	source.Start(0, 4)
	require.Panics(t, func() { source.Next(tile(3, 4)) })
	source.Next(tile(2, 4))
}
