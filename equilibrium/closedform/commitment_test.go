package closedform_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium/closedform"
)

// TestCommitted checks the fringe's condition and both value matrices against
// the equations, at a rate that is not the equilibrium's, in continuous time
// and at auctions.
func TestCommitted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		large, fringe := logUniform(t, .1, 10, "large"), logUniform(t, .1, 10, "fringe")
		r, speed := logUniform(t, .05, 5, "r"), logUniform(t, .05, 20, "speed")
		g := game{b: []float64{large, fringe}, r: r, fringe: true}
		m, err := closedform.LargeAndFringeCommitted(large, fringe, r, speed)
		require.NoError(t, err)
		requireCommitted(t, g, m, speed)

		g.step = logUniform(t, .01, 2, "step")
		m, err = closedform.LargeAndFringeCommittedDiscrete(large, fringe, r, speed, g.step)
		require.NoError(t, err)
		requireCommitted(t, g, m, -math.Expm1(-speed*g.step))
	})
}

func requireCommitted(t require.TestingT, g game, m closedform.Mechanism, sold float64) {
	residual, scale := g.residuals(m.P, m.Q)
	for j := range 2 {
		require.InDelta(t, 0, mat.Sum(m.Q.ColView(j)), 1e-14*sold)
		require.InDelta(t, 0, residual.At(1, j), 1e-12*scale.At(1, j))
	}
	require.InEpsilon(t, sold, mat.Trace(m.Q), 1e-13)
	price, shares := closedform.FirstBest(g.b, g.r)
	require.InEpsilon(t, price, m.P[0]*shares[0]+m.P[1]*shares[1], 1e-12)
	for i, want := range g.values(m.P, m.Q) {
		requireClose(t, want, m.A[i], 1e-11, "A[%d]", i)
	}
	speed := sold
	if g.step > 0 {
		speed = -math.Log1p(-sold) / g.step
	}
	w, err := closedform.CommitmentValue(g.b[0], g.b[1], g.r, speed, g.step)
	require.NoError(t, err)
	x := mat.NewVecDense(2, []float64{1, -1})
	require.InDelta(t, mat.Inner(x, m.A[0], x), w, 1e-10*mat.Norm(m.A[0], 1))
}

// TestEquilibriumIsACommitment: to commit to the speed of the equilibrium
// changes nothing, and the equilibrium's own value of (1, −1) is b_L = b_F: 0.
func TestEquilibriumIsACommitment(t *testing.T) {
	const large, fringe, r = 2.7, 1.3, .6
	want, err := closedform.LargeAndFringe(large, fringe, r)
	require.NoError(t, err)
	got, err := closedform.LargeAndFringeCommitted(large, fringe, r, r*(large+fringe)/(2*fringe))
	require.NoError(t, err)
	requireClose(t, row(want.P), row(got.P), 1e-14, "P")
	requireClose(t, want.Q, got.Q, 1e-14, "Q")
	for i := range want.A {
		requireClose(t, want.A[i], got.A[i], 1e-13, "A[%d]", i)
	}
}

func TestCommitmentNumbers(t *testing.T) {
	best, err := closedform.BestCommitment(1, 1, 1)
	require.NoError(t, err)
	require.InEpsilon(t, 1+math.Sqrt(3), best, 1e-15)
	w, err := closedform.CommitmentValue(1, 1, 1, best, 0)
	require.NoError(t, err)
	require.InDelta(t, .0358984, w, 5e-8)
	w, err = closedform.CommitmentValue(1, 1, 1, 1, 0) // the equilibrium's speed
	require.NoError(t, err)
	require.InDelta(t, 0, w, 1e-16)

	// The formula of the model page, with nothing simplified.
	const large, fringe, r, speed = 1.7, .8, .45, 2.3
	w, err = closedform.CommitmentValue(large, fringe, r, speed, 0)
	require.NoError(t, err)
	require.InEpsilon(t, -(large*r-(2*fringe-large)*speed)/(2*(speed+r)*(2*speed+r)), w, 1e-14)
}

// TestBestCommitment compares with a search, above and below a share of 1/3,
// and with the equilibrium's rate.
func TestBestCommitment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		large, fringe := logUniform(t, .2, 5, "large"), logUniform(t, .2, 5, "fringe")
		r := logUniform(t, .05, 5, "r")
		value := func(speed, step float64) float64 {
			w, err := closedform.CommitmentValue(large, fringe, r, speed, step)
			require.NoError(t, err)
			return w
		}
		best, err := closedform.BestCommitment(large, fringe, r)
		require.NoError(t, err)
		require.Greater(t, best, r*(large+fringe)/(2*fringe))
		share := fringe / (large + fringe)
		require.Equal(t, share <= closedform.CommitmentThreshold, math.IsInf(best, 1))
		requireBest(t, func(speed float64) float64 { return value(speed, 0) }, best, r)

		step := logUniform(t, .01, 3, "step")
		best, err = closedform.BestCommitmentDiscrete(large, fringe, r, step)
		require.NoError(t, err)
		require.False(t, math.IsInf(best, 0))
		requireBest(t, func(speed float64) float64 { return value(speed, step) }, best, r)
	})
}

// requireBest demands that no rate on a grid over six decades around r is
// better, and that the rates next to the best one are worse.
func requireBest(t require.TestingT, value func(float64) float64, best, r float64) {
	top := value(best)
	for k := range 241 {
		speed := r * math.Pow(10, -3+float64(k)/40)
		require.LessOrEqual(t, value(speed), top+1e-15*math.Abs(value(0)))
	}
	if !math.IsInf(best, 1) {
		require.Less(t, value(best*(1+1e-4)), top)
		require.Less(t, value(best*(1-1e-4)), top)
	}
}

// TestCommittedDiscreteOrder: auctions tend to continuous time at first order.
func TestCommittedDiscreteOrder(t *testing.T) {
	const large, fringe, r, speed = 1.7, 2.1, .6, 1.9
	limit, err := closedform.LargeAndFringeCommitted(large, fringe, r, speed)
	require.NoError(t, err)
	bestLimit, err := closedform.BestCommitment(large, fringe, r)
	require.NoError(t, err)
	var last []float64
	for k := range 5 {
		step := math.Pow(10, -1-float64(k))
		m, err := closedform.LargeAndFringeCommittedDiscrete(large, fringe, r, speed, step)
		require.NoError(t, err)
		best, err := closedform.BestCommitmentDiscrete(large, fringe, r, step)
		require.NoError(t, err)
		miss := []float64{
			m.P[0] - limit.P[0], m.Q.At(1, 1)/step - limit.Q.At(1, 1),
			m.A[0].At(0, 1) - limit.A[0].At(0, 1), m.A[1].At(1, 1) - limit.A[1].At(1, 1),
		}
		if k > 1 {
			for i := range miss {
				require.InDelta(t, 10, last[i]/miss[i], .15, "number %d at step %v", i, step)
			}
			require.InDelta(t, bestLimit, best, 3*step*step*bestLimit, "the best rate is right to second order")
		}
		last = miss
	}
}

// TestCommitAtOnce: all is sold at the first auction, for nothing but what the
// market pays for the total.
func TestCommitAtOnce(t *testing.T) {
	m, err := closedform.LargeAndFringeCommittedDiscrete(1.7, 2.1, .6, math.Inf(1), .3)
	require.NoError(t, err)
	require.InDelta(t, m.P[0], m.P[1], 1e-15)
	require.InEpsilon(t, 1, mat.Trace(m.Q), 1e-15)
	for _, step := range []float64{0, .3} {
		w, err := closedform.CommitmentValue(1.7, 2.1, .6, math.Inf(1), step)
		require.NoError(t, err)
		require.Zero(t, w)
	}
}
