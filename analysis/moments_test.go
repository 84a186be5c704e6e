package analysis_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"walras/analysis"
	"walras/equilibrium"
)

// TestRecursionAgainstPowers: moments equal M^kX₀ and Δ Σ_j M^jC(M^j)ᵀ summed
// term by term.
func TestRecursionAgainstPowers(t *testing.T) {
	s := simulation(t, 1, 1)
	ticks := []int{0, 3, 7, 15}
	got := analysis.Recursion(s.Play, s.Initial, s.Covariance, ticks)
	require.Len(t, got, len(ticks))
	m := s.Play.Policy.Transition()
	price := mat.NewVecDense(4, s.Play.Policy.Price)
	for at, k := range ticks {
		var power mat.Dense
		power.Pow(m, k)
		var mean mat.VecDense
		mean.MulVec(&power, mat.NewVecDense(4, s.Initial))
		v := mat.NewDense(4, 4, nil)
		for j := range k {
			var p, term mat.Dense
			p.Pow(m, j)
			term.Product(&p, s.Covariance, p.T())
			term.Scale(s.Clock.Step, &term)
			v.Add(v, &term)
		}
		assert.True(t, mat.EqualApprox(v, got[at].Covariance, 1e-14), "covariance at tick %d", k)
		for i := range 4 {
			assert.InDelta(t, mean.AtVec(i), got[at].Mean[i], 1e-14)
		}
		assert.InDelta(t, mat.Dot(price, &mean), got[at].Price, 1e-14)
		assert.InDelta(t, mat.Inner(price, v, price), got[at].PriceVariance, 1e-14)
	}
	// the change of the price is its mean at the next tick minus that at this one
	next := analysis.Recursion(s.Play, s.Initial, s.Covariance, []int{3, 4})
	assert.InDelta(t, next[1].Price-next[0].Price, next[0].Change, 1e-14)
}

// TestOutcomesAddUp: what is expected to be paid until the horizon, plus what is
// left there, is the value, for any horizon.
func TestOutcomesAddUp(t *testing.T) {
	s := simulation(t, 1, 1)
	for _, steps := range []int{1, 4, 40} {
		direct := flowPayoffs(s.Play.Policy, s.Initial, s.Covariance, steps)
		for i, w := range analysis.Outcomes(s.Play, s.Initial, s.Covariance, steps) {
			assert.InDelta(t, w.Value, w.Payoff+w.Terminal, 1e-14)
			assert.InDelta(t, direct[i], w.Payoff, 1e-13, "payoff of seat %d over %d periods", i, steps)
		}
	}
}

// flowPayoffs sums expected flow payoffs period by period, without value
// functions.
func flowPayoffs(p *equilibrium.Policy, initial []float64, covariance mat.Symmetric, steps int) []float64 {
	ticks := make([]int, steps)
	for k := range ticks {
		ticks[k] = k
	}
	n := len(initial)
	list := make([]float64, n)
	m := p.Transition()
	for k, at := range analysis.Recursion(playing(p), initial, covariance, ticks) {
		second := mat.NewDense(n, n, nil) // E XXᵀ
		for i := range n {
			for j := range n {
				second.Set(i, j, at.Covariance.At(i, j)+at.Mean[i]*at.Mean[j])
			}
		}
		for i := range n {
			flow, held := mat.Row(nil, i, p.Flows), mat.Row(nil, i, m)
			pq := bilinear(p.Price, second, flow)
			xx := bilinear(held, second, held)
			h := p.Timing.HoldingTime()
			list[i] += math.Exp(-p.Timing.DiscountRate*p.Timing.Step*float64(k)) * (pq - p.HoldingCost[i]*h/2*xx)
		}
	}
	return list
}

func bilinear(x []float64, m mat.Matrix, y []float64) float64 {
	return mat.Inner(mat.NewVecDense(len(x), x), m, mat.NewVecDense(len(y), y))
}

// TestBiasVanishes: the moments and values of the continuous-time policy on a
// grid tend to those of continuous time at first order in the step.
func TestBiasVanishes(t *testing.T) {
	g := equilibrium.Game{DiscountRate: 0.9}
	for i, b := range []float64{0.6, 1.7, 2.2} {
		g.Traders = append(g.Traders, equilibrium.Trader{Name: fmt.Sprint(i), HoldingCost: b, Count: 1})
	}
	seats := g.Seats(10)
	c := mat.NewSymDense(3, []float64{0.04, 0.01, 0, 0.01, 0.09, 0.02, 0, 0.02, 0.16})
	initial := []float64{1.3, -0.4, 0.2}
	solution, err := g.Continuous()
	require.NoError(t, err)
	limit := analysis.ContinuousAt(solution, seats, initial, c, 1.6)
	values, err := solution.ValuesOn(seats, c)
	require.NoError(t, err)
	errors := func(step float64) (mean, variance, welfare float64) {
		p, err := solution.OnGrid(step, seats, c)
		require.NoError(t, err)
		m := analysis.Recursion(playing(p), initial, c, []int{int(math.Round(1.6 / step))})[0]
		w := analysis.Outcomes(playing(p), initial, c, 5)
		return m.Mean[0] - limit.Mean[0], m.Covariance.At(1, 1) - limit.Covariance.At(1, 1), w[0].Value - values[0].At(initial)
	}
	m1, v1, w1 := errors(0.02)
	m2, v2, w2 := errors(0.01)
	for name, ratio := range map[string]float64{"mean": m1 / m2, "variance": v1 / v2, "welfare": w1 / w2} {
		assert.InDelta(t, 2, ratio, 0.1, name)
	}
}

// TestContinuousMoments: against an integral by the trapezium rule of small
// steps of the exponential, refined.
func TestContinuousMoments(t *testing.T) {
	g := equilibrium.Game{DiscountRate: 1.4}
	for i, b := range []float64{1.1, 2.3, 0.4} {
		g.Traders = append(g.Traders, equilibrium.Trader{Name: fmt.Sprint(i), HoldingCost: b, Count: 1})
	}
	seats := g.Seats(10)
	c := mat.NewSymDense(3, []float64{0.04, 0.01, 0, 0.01, 0.09, 0.02, 0, 0.02, 0.16})
	s, err := g.Continuous()
	require.NoError(t, err)
	got := analysis.ContinuousAt(s, seats, []float64{1, 2, -3}, c, 0.7)
	integral := simpson(0.7, 400, func(u float64) *mat.Dense {
		var e, q, f mat.Dense
		q.Scale(-u, s.FlowsOn(seats))
		e.Exp(&q)
		f.Product(&e, c, e.T())
		return &f
	})
	assert.True(t, mat.EqualApprox(integral, got.Covariance, 1e-11))
	total := got.Mean[0] + got.Mean[1] + got.Mean[2]
	assert.InDelta(t, 0, total, 1e-13, "trade conserves the total inventory")
}

// TestBiasAtLateTimes: far out, where the moments have settled, the bias is as
// small as the step makes it.
func TestBiasAtLateTimes(t *testing.T) {
	g := equilibrium.Game{DiscountRate: 1}
	for i, b := range []float64{1, 1.5, 2, 2.5, 3} {
		g.Traders = append(g.Traders, equilibrium.Trader{Name: fmt.Sprint(i), HoldingCost: b, Count: 1})
	}
	seats := g.Seats(10)
	c := mat.NewSymDense(5, nil)
	for i := range 5 {
		c.SetSym(i, i, 0.01)
	}
	s, err := g.Continuous()
	require.NoError(t, err)
	p, err := s.OnGrid(0.05, seats, c)
	require.NoError(t, err)
	for _, at := range []float64{5, 20, 60} {
		grid := analysis.Recursion(playing(p), []float64{1, 0, 0, 0, -1}, c, []int{int(math.Round(at / 0.05))})[0]
		limit := analysis.ContinuousAt(s, seats, []float64{1, 0, 0, 0, -1}, c, at)
		for i := range 5 {
			for j := range 5 {
				assert.InDelta(t, limit.Covariance.At(i, j), grid.Covariance.At(i, j), 2e-4, "t = %g", at)
			}
		}
	}
}

// simpson integrates a matrix function over [0, t].
func simpson(t float64, n int, f func(float64) *mat.Dense) *mat.Dense {
	h := t / float64(n)
	sum := mat.DenseCopyOf(f(0))
	for i := 1; i <= n; i++ {
		w := 4.0
		if i%2 == 0 {
			w = 2
		}
		if i == n {
			w = 1
		}
		var term mat.Dense
		term.Scale(w, f(float64(i)*h))
		sum.Add(sum, &term)
	}
	sum.Scale(h/3, sum)
	return sum
}
