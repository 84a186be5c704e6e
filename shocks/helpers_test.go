package shocks

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// channels returns the channels of n agents.
func channels(n int) []uint64 {
	c := make([]uint64, n)
	for i := range c {
		c[i] = Channel(fmt.Sprintf("agent %d", i))
	}
	return c
}

// equicorrelated returns the covariance of agents with volatilities 0.7, 0.8, …
// and one correlation for all pairs.
func equicorrelated(n int, correlation float64) *mat.SymDense {
	volatility := func(i int) float64 { return 0.7 + 0.1*float64(i) }
	c := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i {
			c.SetSym(i, j, correlation*volatility(i)*volatility(j))
		}
		c.SetSym(i, i, volatility(i)*volatility(i))
	}
	return c
}

// tile returns room for the increments of one period.
func tile(agents, paths int) [][]float64 {
	dst := make([][]float64, agents)
	for a := range dst {
		dst[a] = make([]float64, paths)
	}
	return dst
}

// requireNear fails if an estimate is further than five standard errors from
// what it estimates: one fair test in two million. variance is the estimate's.
func requireNear(t *testing.T, want, got, variance float64, what string, args ...any) {
	t.Helper()
	limit := 5 * math.Sqrt(variance)
	if !(math.Abs(got-want) <= limit) {
		t.Fatalf("%s: %v, want %v ± %v", fmt.Sprintf(what, args...), got, want, limit)
	}
}
