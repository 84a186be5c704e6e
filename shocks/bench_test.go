package shocks

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// sink keeps the compiler from dropping the work of a benchmark.
var sink float64

// perNumber reports the time of one of n numbers drawn per iteration.
func perNumber(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/number")
}

func BenchmarkNorms(b *testing.B) {
	s, dst := NewStream(Key{Seed: 1}), make([]float64, 2048)
	for b.Loop() {
		s.Norms(dst)
	}
	perNumber(b, len(dst))
}

func BenchmarkNormsStrided(b *testing.B) {
	const periods, stride = 16, 256 + 8
	s, dst := NewStream(Key{Seed: 1}), make([]float64, periods*stride)
	for b.Loop() {
		for p := range stride {
			s.NormsStrided(dst[p:], stride, periods)
		}
	}
	perNumber(b, len(dst))
}

func BenchmarkNorm(b *testing.B) {
	s := NewStream(Key{Seed: 1})
	for b.Loop() {
		sink = s.Norm()
	}
}

// BenchmarkNormFloat64 is the comparison: the ziggurat of the standard library,
// 128 layers with 32-bit points, on its PCG.
func BenchmarkNormFloat64(b *testing.B) {
	r, dst := rand.New(rand.NewPCG(1, 2)), make([]float64, 2048)
	for b.Loop() {
		for i := range dst {
			dst[i] = r.NormFloat64()
		}
	}
	perNumber(b, len(dst))
}

func BenchmarkExp(b *testing.B) {
	s, dst := NewStream(Key{Seed: 1}), make([]float64, 2048)
	for b.Loop() {
		for i := range dst {
			dst[i] = s.Exp()
		}
	}
	perNumber(b, len(dst))
}

func BenchmarkReset(b *testing.B) {
	s := new(Stream)
	for b.Loop() {
		s.Reset(Key{Seed: 1, Path: 7})
	}
	sink = s.Float64()
}

// BenchmarkIncrements5 is the whole way to the increments of five agents: ns per
// agent and period of one path, streams keyed anew every 128 periods.
func BenchmarkIncrements5(b *testing.B) {
	const agents, periods = 5, 128
	for _, paths := range []int{128, 256, 1024} {
		for name, correlation := range map[string]float64{"independent": 0, "correlated": 0.3} {
			b.Run(fmt.Sprintf("%s/%d", name, paths), func(b *testing.B) {
				motion, err := NewBrownian(equicorrelated(agents, correlation), channels(agents))
				if err != nil {
					b.Fatal(err)
				}
				source, dst := motion.Increments(Config{Seed: 1, Step: 0.1, Paths: paths}), tile(agents, paths)
				for b.Loop() {
					source.Start(0, paths)
					for range periods {
						source.Next(dst)
					}
				}
				perNumber(b, agents*paths*periods)
			})
		}
	}
}

// BenchmarkJumps5 is the same with jumps of so many a period on average: ns per
// agent and period of one path.
func BenchmarkJumps5(b *testing.B) {
	const agents, periods, paths = 5, 128, 256
	for _, mean := range []float64{0.01, 1, 50} {
		b.Run(fmt.Sprint(mean), func(b *testing.B) {
			process, err := NewCompoundPoisson(equicorrelated(agents, 0.3), 10*mean, channels(agents))
			if err != nil {
				b.Fatal(err)
			}
			source, dst := process.Increments(Config{Seed: 1, Step: 0.1, Paths: paths}), tile(agents, paths)
			for b.Loop() {
				source.Start(0, paths)
				for range periods {
					source.Next(dst)
				}
			}
			perNumber(b, agents*paths*periods)
		})
	}
}
