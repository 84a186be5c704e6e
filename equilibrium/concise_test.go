package equilibrium

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// TestConciseValues holds values without matrices over the seats against those
// with them, over class totals and over modes.
func TestConciseValues(t *testing.T) {
	for name, g := range map[string]Game{
		"types": {DiscountRate: .7, Traders: []Trader{
			{HoldingCost: 1, Count: 40}, {HoldingCost: 1, Count: 5}, {HoldingCost: 2.5, Count: 1}, {HoldingCost: 3, Count: 1200}, {HoldingCost: .4, Count: 60},
		}},
		"types and a fringe": {DiscountRate: .7, Traders: []Trader{
			{HoldingCost: 1, Count: 80}, {HoldingCost: 2.5, Count: 30}, {Kind: Fringe, HoldingCost: .8, Count: 1},
		}},
		"boundedly rational": {DiscountRate: .7, Traders: []Trader{
			{HoldingCost: 1, Count: 90}, {Kind: MomentumBlind, HoldingCost: 2, Count: 30}, {Kind: NoTransient, HoldingCost: .5, Count: 1},
		}},
		"different":          unlike(105, 30, 0),
		"beside a fringe":    unlike(104, 30, .6),
		"different in pairs": counted(unlike(60, 9, 0)),
	} {
		for _, step := range []float64{0, .2} {
			if step == 0 && (name == "different in pairs" || name == "beside a fringe") {
				continue // takes its time
			}
			t.Run(fmt.Sprintf("%s, step %g", name, step), func(t *testing.T) {
				s, err := g.solve(step)
				require.NoError(t, err)
				requireConcise(t, s)
			})
		}
	}
}

func requireConcise(t *testing.T, s *Solution) {
	seats := s.Game.Seats(1000)
	n := len(seats)
	require.Greater(t, n, DenseSeats)
	x, covariance := make([]float64, n), mat.NewSymDense(n, nil)
	for i := range n {
		x[i] = math.Sin(float64(3*i+1)) * float64(seats[i].Members)
		for j := i; j < n; j++ {
			covariance.SetSym(i, j, .02*math.Cos(float64(i-j))*math.Sqrt(float64(seats[i].Members*seats[j].Members)))
		}
	}
	other := mat.NewDense(n, 2, nil)
	other.Apply(func(i, j int, _ float64) float64 { return math.Cos(float64(i * (j + 2))) }, other)
	values, err := s.ValuesOn(seats, covariance)
	require.NoError(t, err)
	traces := Traces(values, covariance)
	for i := 0; i < n; i += 13 {
		if seats[i].Members > 1 {
			require.False(t, values[i].Known())
			continue
		}
		require.True(t, values[i].Concise())
		want, err := s.ValueOn(seats, i, covariance)
		require.NoError(t, err)
		size := mat.Norm(want.A, math.Inf(1)) * floats.Norm(x, 2) * floats.Norm(x, 2)
		require.InDelta(t, want.At(x), values[i].At(x), 1e-12*size)
		require.InEpsilon(t, want.K, values[i].K, 1e-9)
		require.InEpsilon(t, traceProduct(want.A, covariance), traces[i], 1e-9)
		var distance mat.Dense
		distance.Sub(want.A, values[i].Dense())
		require.LessOrEqual(t, mat.Norm(&distance, math.Inf(1)), 1e-11*mat.Norm(want.A, math.Inf(1)))
		distance.Reset()
		distance.Sub(want.Times(other), values[i].Times(other))
		require.LessOrEqual(t, mat.Norm(&distance, math.Inf(1)), 1e-11*mat.Norm(want.A, math.Inf(1))*float64(n))
	}
}

// TestKernelFactor multiplies the factor of 1/denominator out, for speeds of very
// different size.
func TestKernelFactor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		it := &iteration{timing: Timing{DiscountRate: rapid.Float64Range(.05, 2).Draw(t, "r")}, rho: 1}
		largest, tolerance := 1e9, 1e-14
		if rapid.Bool().Draw(t, "discrete") {
			it.timing.Step, largest = rapid.Float64Range(.01, 1).Draw(t, "step"), 1
			it.rho = it.timing.Discount()
			tolerance /= it.denominator(0, 0) // 1 − ρ, with the digits that it has lost
		}
		speeds := []float64{0}
		for range rapid.IntRange(1, 60).Draw(t, "modes") {
			speeds = append(speeds, largest*math.Pow(10, rapid.Float64Range(-9, 0).Draw(t, "speed")))
		}
		l := it.kernelFactor(speeds)
		rank, _ := l.Dims()
		require.LessOrEqual(t, rank, 50)
		var w mat.Dense
		w.Mul(l.T(), l)
		worst := 0.0
		for j, a := range speeds {
			for k, b := range speeds {
				scale := 1 / math.Sqrt(it.denominator(a, a)*it.denominator(b, b))
				worst = math.Max(worst, math.Abs(w.At(j, k)-1/it.denominator(a, b))/scale)
			}
		}
		require.LessOrEqual(t, worst, tolerance)
	})
}
