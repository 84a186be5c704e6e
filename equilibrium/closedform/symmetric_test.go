package closedform_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium/closedform"
)

func TestSymmetricIsEquilibrium(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 12).Draw(t, "n")
		b, r := logUniform(t, .1, 10, "b"), logUniform(t, .05, 5, "r")
		m, err := closedform.Symmetric(n, b, r)
		require.NoError(t, err)
		requireEquilibrium(t, game{b: repeat(b, n), r: r}, m.P, m.Q, m.A, 1e-12)
	})
}

func TestSymmetricDiscreteIsEquilibrium(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 12).Draw(t, "n")
		b, r := logUniform(t, .1, 10, "b"), logUniform(t, .05, 5, "r")
		step := logUniform(t, .001, 5, "step")
		m, err := closedform.SymmetricDiscrete(n, b, r, step)
		require.NoError(t, err)
		requireEquilibrium(t, game{b: repeat(b, n), r: r, step: step}, m.P, m.Q, m.A, 1e-11)
	})
}

// TestSymmetricDiscreteFormula compares κ_Δ with the formula as it is usually
// written, which is the same number with cancellation as Δ → 0.
func TestSymmetricDiscreteFormula(t *testing.T) {
	const r = .7
	for _, n := range []int{3, 5, 40} {
		for _, step := range []float64{.3, 2, 30} {
			m, err := closedform.SymmetricDiscrete(n, 1.7, r, step)
			require.NoError(t, err)
			rho, nn := math.Exp(-r*step), float64(n)
			c := (nn - 1) * (1 - rho)
			want := 1 - (math.Sqrt(c*c+4*rho)-c)/(2*rho)
			require.InEpsilon(t, want, m.Q.At(0, 0)*nn/(nn-1), 1e-14/rho)
		}
	}
}

// TestSymmetricDiscreteOrder measures the order at which the discrete game
// tends to the continuous one: Q/Δ and A^i at first order, down to steps where
// a cancelling formula would have lost it.
func TestSymmetricDiscreteOrder(t *testing.T) {
	const n, b, r = 5, 1.7, .6
	limit, err := closedform.Symmetric(n, b, r)
	require.NoError(t, err)
	var lastQ, lastA float64
	for k := range 6 {
		step := math.Pow(10, -1-float64(k))
		m, err := closedform.SymmetricDiscrete(n, b, r, step)
		require.NoError(t, err)
		require.Equal(t, limit.P, m.P)
		errQ := math.Abs(m.Q.At(0, 0)/step - limit.Q.At(0, 0))
		errA := math.Abs(m.A[0].At(0, 0) - limit.A[0].At(0, 0))
		if k > 1 {
			require.InDelta(t, 10, lastQ/errQ, .1, "Q at step %v", step)
			require.InDelta(t, 10, lastA/errA, .1, "A at step %v", step)
		}
		lastQ, lastA = errQ, errA
	}
}

func TestSymmetricSteadyState(t *testing.T) {
	const n, b, r = 7, 2.3, .4
	m, err := closedform.Symmetric(n, b, r)
	require.NoError(t, err)
	price, shares := closedform.FirstBest(repeat(b, n), r)
	require.InEpsilon(t, -b/(n*r), price, 1e-14)
	require.InEpsilon(t, price, m.P[3], 1e-14)
	var flow mat.VecDense
	flow.MulVec(m.Q, mat.NewVecDense(n, shares))
	require.InDelta(t, 0, mat.Norm(&flow, 2), 1e-15)
}

func TestFirstBest(t *testing.T) {
	// By hand: b = 2, 4, 8, r = 0.7: β = 7/8, price = −8/4.9.
	price, shares := closedform.FirstBest([]float64{2, 4, 8}, .7)
	require.InEpsilon(t, -8/4.9, price, 1e-15)
	requireGolden(t, row([]float64{4. / 7, 2. / 7, 1. / 7}), row(shares), 1e-15, "shares")
	require.Panics(t, func() { closedform.FirstBest([]float64{2, 0}, .7) })
	require.Panics(t, func() { closedform.FirstBest(nil, .7) })
}

func TestValueMatricesStopWhereTheyWouldNotFit(t *testing.T) {
	at, err := closedform.Symmetric(closedform.MaxValueTraders, 1.2, .3)
	require.NoError(t, err)
	require.Len(t, at.A, closedform.MaxValueTraders)
	beyond, err := closedform.Symmetric(closedform.MaxValueTraders+1, 1.2, .3)
	require.NoError(t, err)
	require.Nil(t, beyond.A)
	require.InEpsilon(t, -1.2/(101*.3), beyond.P[100], 1e-14)
}

// TestParameterErrors checks that every parameter of every function is guarded
// and named.
func TestParameterErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	symmetric := func(n int, b, r float64) error { _, err := closedform.Symmetric(n, b, r); return err }
	discrete := func(n int, b, r, step float64) error {
		_, err := closedform.SymmetricDiscrete(n, b, r, step)
		return err
	}
	common := func(n int, b, r, phi float64) error { _, err := closedform.SymmetricCommon(n, b, r, phi); return err }
	commonStep := func(phi, step float64) error {
		_, err := closedform.SymmetricCommonDiscrete(4, 1, .5, phi, step)
		return err
	}
	fringe := func(l, f, r float64) error { _, err := closedform.LargeAndFringe(l, f, r); return err }
	impact := func(l, f, r float64) error { _, err := closedform.LargeAndFringeImpact(l, f, r); return err }
	identical := func(n int, b, f, r float64) error {
		_, _, err := closedform.IdenticalLargeAndFringe(n, b, f, r)
		return err
	}
	near := func(b []float64, r float64) error { _, err := closedform.NearSymmetric(b, r); return err }
	spectrum := func(b []float64, r float64) error { _, err := closedform.NearSymmetricSpectrum(b, r); return err }
	cases := []struct {
		err  error
		name string
	}{
		{symmetric(2, 1, .5), "n"}, {symmetric(3, -1, .5), "holdingCost"}, {symmetric(3, 1, 0), "discountRate"},
		{discrete(2, 1, .5, .1), "n"}, {discrete(3, nan, .5, .1), "holdingCost"},
		{discrete(3, 1, inf, .1), "discountRate"}, {discrete(3, 1, .5, 0), "step"},
		{common(2, 1, .5, 0), "n"}, {common(4, 1, .5, 1./3), "common"}, {common(4, 1, .5, -1./3), "common"},
		{common(4, 1, .5, nan), "common"}, {commonStep(.2, 0), "step"}, {commonStep(.4, .1), "common"},
		{fringe(0, 2, .5), "large"}, {fringe(2, nan, .5), "fringe"}, {fringe(2, 2, -.5), "discountRate"},
		{impact(inf, 2, .5), "large"}, {impact(2, 0, .5), "fringe"}, {impact(2, 2, nan), "discountRate"},
		{identical(0, 2, 2, .5), "n"}, {identical(2, 0, 2, .5), "holdingCost"},
		{identical(2, 2, inf, .5), "fringe"}, {identical(2, 2, 2, 0), "discountRate"},
		{identical(2, 1e-13, 2, .5), "holdingCost/fringe"}, {identical(2, 1e13, 2, .5), "holdingCost/fringe"},
		{near([]float64{1, 2}, .5), "len(holdingCosts)"}, {near([]float64{1, 2, 0}, .5), "holdingCosts[2]"},
		{near([]float64{1, 2, 3}, 0), "discountRate"},
		{spectrum([]float64{1, 2}, .5), "len(holdingCosts)"}, {spectrum([]float64{1, nan, 3}, .5), "holdingCosts[1]"},
		{spectrum([]float64{1, 2, 3}, inf), "discountRate"},
	}
	for _, c := range cases {
		var parameter *closedform.ParameterError
		require.ErrorAs(t, c.err, &parameter)
		require.Equal(t, c.name, parameter.Name)
		require.ErrorContains(t, c.err, "closedform: "+c.name+" = ")
	}
}

// TestSymmetricCommonFormula compares κ with SS section 6 as it is printed, and
// the market without common values with Proposition 12.
func TestSymmetricCommonFormula(t *testing.T) {
	const b, r, step = 1.7, .6, .3
	for _, n := range []int{3, 5, 40} {
		for _, phi := range []float64{-.02, .1, .24} {
			m, err := closedform.SymmetricCommon(n, b, r, phi)
			require.NoError(t, err)
			nn := float64(n)
			speed := r * ((nn-2)*(1-phi) - phi*nn) / (2*(1-phi) + 2*phi*nn)
			require.InEpsilon(t, speed*(1-1/nn), m.Q.At(0, 0), 1e-13)
			require.InEpsilon(t, -b/(nn*r), m.P[1], 1e-15)
		}
		private, err := closedform.Symmetric(n, b, r)
		require.NoError(t, err)
		m, err := closedform.SymmetricCommon(n, b, r, 0)
		require.NoError(t, err)
		requireClose(t, private.A[0], m.A[0], 1e-14, "A")
		private, err = closedform.SymmetricDiscrete(n, b, r, step)
		require.NoError(t, err)
		m, err = closedform.SymmetricCommonDiscrete(n, b, r, 0, step)
		require.NoError(t, err)
		requireClose(t, private.Q, m.Q, 1e-14, "Q")
		requireClose(t, private.A[0], m.A[0], 1e-14, "A")
	}
}
