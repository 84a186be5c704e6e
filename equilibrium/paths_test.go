package equilibrium

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// The value of a unit carried to the next auction is computed in the eigenbasis
// where there is a good one, and directly from the value equation otherwise.

// randomState draws classes and a mechanism near the symmetric one: not a
// solution, and with a spectrum that may be anything.
func randomState(t *rapid.T, noise float64) (*iteration, *state) {
	n := rapid.IntRange(1, 5).Draw(t, "classes")
	var classes []class
	for range n {
		classes = append(classes, class{
			count:  float64(rapid.SampledFrom([]int{1, 1, 2, 30}).Draw(t, "count")),
			cost:   rapid.SampledFrom([]float64{.5, 1, 1, 3}).Draw(t, "cost"),
			factor: 1,
		})
	}
	classes = append(classes, class{count: 2, cost: 1.5, factor: 1})
	timing := Timing{DiscountRate: .7, Step: rapid.SampledFrom([]float64{0, .2}).Draw(t, "step")}
	s := start(classes, timing, middle{cost: 1, eagerness: .5})
	shake := func(x float64) float64 {
		return x * (1 + noise*rapid.Float64Range(-1, 1).Draw(t, "noise"))
	}
	for i := range s.price {
		s.price[i], s.own[i] = shake(s.price[i]), shake(s.own[i])
	}
	for i := range s.mean {
		s.mean[i] = shake(s.mean[i])
	}
	balanced(s, classes)
	return newIteration(classes, timing), s
}

// balanced makes the trades sum to zero at the expense of the last class.
func balanced(s *state, classes []class) {
	last := s.n - 1
	for u := range classes {
		sum := 0.0
		for t := range last {
			sum += classes[t].count * s.mean[t*s.n+u]
		}
		s.mean[last*s.n+u] = -sum / classes[last].count
	}
}

// bothWays evaluates g of every class by either method.
func bothWays(it *iteration, s *state) (modes, direct []row) {
	for t := range it.classes {
		a, b := row{totals: make([]float64, s.n)}, row{totals: make([]float64, s.n)}
		it.carriedByModes(s, t, &a)
		it.carriedDirectly(s, t, &b)
		modes, direct = append(modes, a), append(direct, b)
	}
	return modes, direct
}

func requireSameRow(t require.TestingT, a, b row, tol float64) {
	scale := math.Abs(a.own)
	for _, v := range a.totals {
		scale = math.Max(scale, math.Abs(v))
	}
	require.InDelta(t, a.own, b.own, tol*scale)
	require.InDeltaSlice(t, a.totals, b.totals, tol*scale)
	require.InDelta(t, a.square, b.square, tol*math.Abs(a.square)+tol*scale)
}

func TestModesAndDirectSolutionAgree(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		it, s := randomState(t, .2)
		it.prepare(s)
		if !it.diagonal {
			return // complex
		}
		it.direct = &valuer{classes: it.classes, timing: it.timing, state: s}
		compared++
		modes, direct := bothWays(it, s)
		for i := range modes {
			requireSameRow(t, modes[i], direct[i], 1e-8)
		}
	})
	require.Greater(t, compared, 10)
}

// TestRepeatedSpectrum lists identical traders as two classes, which the solver
// itself never does: their speeds coincide, and either method must find the
// equilibrium of the market in which they are one class.
func TestRepeatedSpectrum(t *testing.T) {
	for _, step := range []float64{0, .3} {
		game := Game{DiscountRate: .8, Traders: []Trader{{HoldingCost: 1, Count: 4}, {HoldingCost: 2, Count: 1}}}
		timing := Timing{DiscountRate: .8, Step: step}
		classes, _ := game.classes()
		merged, _, err := follow(classes, timing)
		require.NoError(t, err)

		split := []class{{cost: 1, count: 2, factor: 1}, {cost: 1, count: 2, factor: 1}, classes[1]}
		from := []int{0, 0, 1}
		s := newState(3)
		for t, c := range from {
			s.price[t], s.own[t] = merged.price[c], merged.own[c]
			for u, d := range from {
				s.mean[t*3+u] = merged.mean[c*2+d]
			}
		}
		s.mean[0*3+0] += s.own[0] * (1./2 - 1./4) // the excess is over another mean
		s.mean[1*3+1] += s.own[1] * (1./2 - 1./4)
		s.mean[0*3+1] -= s.own[0] / 4
		s.mean[1*3+0] -= s.own[1] / 4

		it := newIteration(split, timing)
		require.Less(t, it.residual(s), 1e-12)
		it.prepare(s)
		it.direct = &valuer{classes: split, timing: timing, state: s}
		modes, direct := bothWays(it, s)
		for i := range modes {
			requireSameRow(t, modes[i], direct[i], 1e-11)
		}
	}
}

// TestUnusableSpectra are matrices without a basis of real eigenvectors.
func TestUnusableSpectra(t *testing.T) {
	ones := []class{{cost: 1, count: 1}, {cost: 1, count: 1}, {cost: 1, count: 1}, {cost: 1, count: 1}}
	for name, m := range map[string][]float64{
		"rotation":            {1, -1, 0, 0, 1, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3},
		"two equal rotations": {1, -1, 0, 0, 1, 1, 0, 0, 0, 0, 1, -1, 0, 0, 1, 1},
		"defective":           {1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 2},
		"not a number":        {1, 1, 0, 0, 0, math.NaN(), 1, 0, 0, 0, 1, 0, 0, 0, 0, 2},
		"infinite":            {1, 1, 0, 0, 0, math.Inf(1), 1, 0, 0, 0, 1, 0, 0, 0, 0, 2},
	} {
		require.False(t, newSpectrum(4).decompose(mat.NewDense(4, 4, m), ones), name)
	}
}

// TestSpectrum checks R U = U K and U⁻¹U = I for a matrix that is symmetric in
// the scaled coordinates of unequal classes.
func TestSpectrum(t *testing.T) {
	classes := []class{{cost: 1, count: 1}, {cost: 3, count: 5}, {cost: .2, count: 2}}
	r := mat.NewDense(3, 3, []float64{2, -1, .5, -1, 3, .2, .5, .2, 1})
	for i := range 3 {
		for j := range 3 {
			ratio := classes[i].count / classes[i].cost * classes[j].cost / classes[j].count
			r.Set(i, j, r.At(i, j)*math.Sqrt(ratio))
		}
	}
	sp := newSpectrum(3)
	require.True(t, sp.schur(r, classes))
	sp.eigenvectors()
	require.True(t, sp.invert())
	u, inverse := mat.NewDense(3, 3, sp.vectors), mat.NewDense(3, 3, sp.inverse)
	var ru, uk, id mat.Dense
	ru.Mul(r, u)
	uk.Mul(u, mat.NewDiagDense(3, sp.speeds))
	id.Mul(inverse, u)
	require.True(t, mat.EqualApprox(&ru, &uk, 1e-14*10))
	require.True(t, mat.EqualApprox(&id, mat.NewDiagDense(3, []float64{1, 1, 1}), 1e-14))
}
