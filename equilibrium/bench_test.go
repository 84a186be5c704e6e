package equilibrium_test

import (
	"flag"
	"fmt"
	"testing"

	"walras/equilibrium"
)

// evenly are n traders with holding costs 1, 1.1, 1.2 …
func evenly(n int) []equilibrium.Trader {
	b := make([]float64, n)
	for i := range b {
		b[i] = 1 + .1*float64(i)
	}
	return large(b...)
}

func benchmark(b *testing.B, traders []equilibrium.Trader) {
	for _, step := range []float64{0, .25} {
		b.Run(fmt.Sprintf("step=%g", step), func(b *testing.B) {
			for b.Loop() {
				solve(b, game(1, traders...), step)
			}
		})
	}
}

func BenchmarkFive(b *testing.B)           { benchmark(b, large(1, 1.5, 2, 2.5, 3)) }
func BenchmarkForty(b *testing.B)          { benchmark(b, evenly(40)) }
func BenchmarkFortyGeometric(b *testing.B) { benchmark(b, geometric(40, 1e4)) }
func BenchmarkHundred(b *testing.B)        { benchmark(b, evenly(100)) }
func BenchmarkHundredWide(b *testing.B)    { benchmark(b, geometric(100, 125)) }
func BenchmarkHundredFringe(b *testing.B)  { benchmark(b, append(evenly(99), fringe(1))) }
func BenchmarkTenTypes(b *testing.B)       { benchmark(b, ten(1_000_000)) }
func BenchmarkTenTypesFringe(b *testing.B) { benchmark(b, append(ten(1_000_000), fringe(2))) }

// The largest markets take seconds to minutes: ask for them with -large.
var largest = flag.Bool("large", false, "benchmark markets of 300 and 1000 different traders")

func BenchmarkThreeHundred(b *testing.B) { benchmarkLargest(b, 300) }
func BenchmarkThousand(b *testing.B)     { benchmarkLargest(b, 1000) }

func benchmarkLargest(b *testing.B, n int) {
	if !*largest {
		b.Skip("needs -large")
	}
	benchmark(b, evenly(n))
}
