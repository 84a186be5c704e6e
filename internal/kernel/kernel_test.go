package kernel_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/internal/kernel"
)

// numbers are n numbers of very different size, so that sums depend on their
// order in the last bits.
func numbers(r *rand.Rand, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64() * math.Pow(10, 4*r.Float64())
	}
	return x
}

func generator() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// terms are count vectors with their coefficients.
func terms(r *rand.Rand, count, n int) (c []float64, x [][]float64) {
	c = numbers(r, count)
	for range count {
		x = append(x, numbers(r, n))
	}
	return c, x
}

// combined is base + Σ c_j x_j from left to right, every product rounded.
func combined(base, c []float64, x [][]float64) []float64 {
	out := make([]float64, len(base))
	for p := range out {
		out[p] = base[p]
		for j := range c {
			product := c[j] * x[j][p]
			out[p] += float64(product)
		}
	}
	return out
}

func TestCombine(t *testing.T) {
	r := generator()
	for count := range 14 {
		for _, n := range []int{0, 1, 5, 64} {
			t.Run(fmt.Sprintf("%d terms of %d", count, n), func(t *testing.T) {
				base := numbers(r, n)
				c, x := terms(r, count, n)
				want := combined(base, c, x)

				kept, dst := slices.Clone(base), make([]float64, n)
				kernel.Combine(dst, base, c, x)
				require.Equal(t, want, dst)
				require.Equal(t, kept, base)

				kernel.Combine(base, base, c, x) // in place
				require.Equal(t, want, base)
			})
		}
	}
}

// TestOrderMatters makes sure that the data above tell one order from another.
func TestOrderMatters(t *testing.T) {
	r := generator()
	base := numbers(r, 64)
	c, x := terms(r, 2, 64)
	swapped := combined(base, []float64{c[1], c[0]}, [][]float64{x[1], x[0]})
	require.NotEqual(t, combined(base, c, x), swapped)
}

func TestScale(t *testing.T) {
	x := []float64{1, -2.5, 7, 0, 1e300}
	dst := make([]float64, 5)
	kernel.Scale(dst, 1.5, x)
	require.Equal(t, []float64{1.5, -3.75, 10.5, 0, 1.5e300}, dst)
	kernel.Scale(x, -1, x)
	require.Equal(t, []float64{-1, 2.5, -7, 0, -1e300}, x)
}

func TestShift(t *testing.T) {
	x, dst := []float64{1, 2.5, -7, 4}, []float64{9, 9, 9}
	kernel.Shift(dst, x, 1.25)
	require.Equal(t, []float64{-0.25, 1.25, -8.25}, dst)
}

// byRemainder sums terms by path number modulo four, one after another.
func byRemainder(term func(p int) float64, n int) (l kernel.Lanes) {
	for p := range n {
		l[p%4] += term(p)
	}
	return l
}

func TestLanes(t *testing.T) {
	r := generator()
	for _, n := range []int{0, 1, 3, 4, 7, 64, 101} {
		x, y := numbers(r, n), numbers(r, n)
		var sum, product kernel.Lanes
		sum.Sum(x)
		product.Product(x, y)
		require.Equal(t, byRemainder(func(p int) float64 { return x[p] }, n), sum)
		require.Equal(t, byRemainder(func(p int) float64 { return float64(x[p] * y[p]) }, n), product)
		require.Equal(t, (sum[0]+sum[1])+(sum[2]+sum[3]), sum.Total())
	}
}

// TestLanesAreIndependentOfTiles cuts a block at random multiples of four.
func TestLanesAreIndependentOfTiles(t *testing.T) {
	r := generator()
	const n = 103
	x, y := numbers(r, n), numbers(r, n)
	var sum, product kernel.Lanes
	sum.Sum(x)
	product.Product(x, y)
	for range 50 {
		var cutSum, cutProduct kernel.Lanes
		for from := 0; from < n; {
			to := min(n, from+4*(1+r.IntN(9)))
			cutSum.Sum(x[from:to])
			cutProduct.Product(x[from:to], y[from:to])
			from = to
		}
		require.Equal(t, sum, cutSum)
		require.Equal(t, product, cutProduct)
	}
	var shifted kernel.Lanes
	shifted.Sum(x[:3]) // not a multiple of four
	shifted.Sum(x[3:])
	require.NotEqual(t, sum, shifted)
}
