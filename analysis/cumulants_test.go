package analysis_test

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"walras/analysis"
	"walras/montecarlo"
)

// powerSeries are the coefficients of f about 0 up to order n, by Cauchy's integral over a
// circle of this radius.
func powerSeries(f func(complex128) complex128, n int, radius float64) []float64 {
	const points = 64
	list := make([]float64, n+1)
	for m := range list {
		sum := complex(0, 0)
		for p := range points {
			turn := cmplx.Rect(1, 2*math.Pi*float64(p)/points)
			sum += f(complex(radius, 0)*turn) / cmplx.Pow(turn, complex(float64(m), 0))
		}
		list[m] = real(sum) / points / math.Pow(radius, float64(m))
	}
	return list
}

// shapeOf is the shape of a·X_k from its cumulant function: log E exp(u aX_k) is the sum of
// νΔ(exp(u² aᵀC^s a/2ν) − 1) over the periods, and more for shocks still to come.
func shapeOf(s *montecarlo.Simulation, a []float64, k int, more float64) analysis.Shape {
	transition := s.Play.Transition()
	var variances []float64
	for age := range k {
		var power, aged mat.Dense
		power.Pow(transition, age)
		aged.Product(&power, s.Covariance, power.T())
		variances = append(variances, bilinear(a, &aged, a))
	}
	variances = append(variances, more)
	total := 0.0
	for _, v := range variances {
		total += s.Clock.Step * v
	}
	c := powerSeries(func(u complex128) complex128 {
		sum := complex(0, 0)
		for _, v := range variances {
			sum += complex(s.JumpRate*s.Clock.Step, 0) * (cmplx.Exp(u*u*complex(v/(2*s.JumpRate*total), 0)) - 1)
		}
		return sum
	}, 8, 1.5)
	return analysis.Shape{Variance: 2 * c[2] * total, Fourth: 24 * c[4], Sixth: 720 * c[6], Eighth: 40320 * c[8]}
}

func assertShape(t *testing.T, want, got analysis.Shape, what string) {
	t.Helper()
	for _, pair := range [][2]float64{{want.Variance, got.Variance}, {want.Fourth, got.Fourth}, {want.Sixth, got.Sixth}, {want.Eighth, got.Eighth}} {
		assert.InEpsilon(t, pair[0], pair[1], 1e-8, what)
	}
}

// TestCumulantsAgainstTheCumulantFunction: of inventories, trades, the price and its
// change; and the joint one of two inventories from those of their sum and difference,
// κ(a+b) + κ(a−b) = 2κ(a) + 2κ(b) + 12κ(a,a,b,b).
func TestCumulantsAgainstTheCumulantFunction(t *testing.T) {
	s := simulation(t, 1, 1)
	s.JumpRate = 1.7
	n := len(s.Initial)
	ticks := []int{1, 3, 9}
	for at, c := range analysis.CumulantsAt(s.Play, s.Covariance, s.JumpRate, ticks) {
		k := ticks[at]
		fourth := func(a, b int, sign float64) float64 {
			unit := make([]float64, n)
			unit[a] = 1
			unit[b] += sign
			x := shapeOf(s, unit, k, 0)
			return x.Fourth * x.Variance * x.Variance
		}
		for i := range n {
			unit := make([]float64, n)
			unit[i] = 1
			assertShape(t, shapeOf(s, unit, k, 0), c.Inventory[i], "inventory")
			assertShape(t, shapeOf(s, mat.Row(nil, i, s.Play.Flows), k, 0), c.Trade[i], "trade")
			for j := range i {
				joint := fourth(i, j, 1) + fourth(i, j, -1) - 2*fourth(i, i, 0) - 2*fourth(j, j, 0)
				assert.InEpsilon(t, joint/12, c.Joint.At(i, j), 1e-7)
			}
			assert.InEpsilon(t, fourth(i, i, 0), c.Joint.At(i, i), 1e-8)
		}
		assertShape(t, shapeOf(s, s.Play.Price, k, 0), c.Price, "price")
		drift := make([]float64, n)
		for j := range n {
			for i, p := range s.Play.Price {
				drift[j] -= p * s.Play.Flows.At(i, j)
			}
		}
		assertShape(t, shapeOf(s, drift, k, bilinear(s.Play.Price, s.Covariance, s.Play.Price)), c.Change, "change")
	}
	for _, c := range analysis.CumulantsAt(s.Play, s.Covariance, 0, ticks) {
		assert.Zero(t, c.Price)
		assert.Zero(t, mat.Norm(c.Joint, 1))
	}
}

// TestZIsStandardWithJumps: with few and many jumps, with and without antithetic pairs, the
// mean of z² is 1 within five standard errors, for every kind of statistic, and no run fails.
func TestZIsStandardWithJumps(t *testing.T) {
	for _, rate := range []float64{0.4, 9} {
		for _, antithetic := range []bool{false, true} {
			squares := make(map[string][]float64) // per seed
			for seed := range uint64(80) {
				s := simulation(t, 1500, 1000+seed)
				s.JumpRate, s.Antithetic = rate, antithetic
				rows, v := judge(t, s)
				require.True(t, v.Passed, "rate %g, seed %d: largest |z| %g", rate, seed, v.Largest)
				require.NoError(t, analysis.Finite(rows))
				sum, n := make(map[string]float64), make(map[string]float64)
				for _, r := range rows {
					if !math.IsNaN(r.Z) {
						sum[r.Statistic] += r.Z * r.Z
						n[r.Statistic]++
					}
				}
				for name := range sum {
					squares[name] = append(squares[name], sum[name]/n[name])
				}
			}
			assert.Len(t, squares, map[bool]int{false: 11, true: 7}[antithetic])
			for name, list := range squares {
				mean, sd := stat.MeanStdDev(list, nil)
				assert.InDelta(t, 1, mean, 5*sd/math.Sqrt(float64(len(list))), "%s at rate %g, antithetic %v", name, rate, antithetic)
			}
		}
	}
}

// TestVolumeHasNoClosedFormWithJumps: it is shown without theory, and never judged.
func TestVolumeHasNoClosedFormWithJumps(t *testing.T) {
	s := simulation(t, 20000, 3)
	s.JumpRate = 2.5
	rows, v := judge(t, s)
	assert.True(t, v.Passed)
	volumes := 0
	for _, r := range rows {
		if r.Statistic != "volume" {
			assert.False(t, math.IsNaN(r.Analytic), r.Statistic)
			continue
		}
		volumes++
		assert.True(t, math.IsNaN(r.Analytic) && math.IsNaN(r.Z) && !r.Judged && r.Passed)
		assert.Greater(t, r.Estimate, 0.0)
		assert.Greater(t, r.StdError, 0.0)
	}
	assert.Equal(t, 4, volumes)
	rows[len(rows)-1].Estimate = math.NaN()
	assert.Error(t, analysis.Finite(rows), "an estimate must be there")
}

// TestFewJumpsAreNotJudged: what rests on few jumps is shown only, even a mean, and comes
// under judgement as paths are added; identities always are.
func TestFewJumpsAreNotJudged(t *testing.T) {
	judged := func(paths int64, rate float64) map[string]bool {
		s := simulation(t, paths, 5)
		s.JumpRate = rate
		rows, _ := judge(t, s)
		all := make(map[string]bool)
		for _, r := range rows {
			if r.T == 0 && r.Statistic == "inventory_mean" {
				require.True(t, r.Judged)
			}
			if r.T != 0 && r.Statistic != "volume" {
				before, seen := all[r.Statistic]
				all[r.Statistic] = r.Judged && (before || !seen)
			}
		}
		return all
	}
	few, many := judged(2000, 0.02), judged(200000, 0.4)
	assert.Equal(t, len(few), len(many))
	for name := range few {
		assert.False(t, few[name], name)
		assert.True(t, many[name], name)
	}
}
