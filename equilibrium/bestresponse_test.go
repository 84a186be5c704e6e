package equilibrium_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
)

// TestBestResponseOfStrategicTraders is the policy itself in the discrete
// equilibrium.
func TestBestResponseOfStrategicTraders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGame(t)
		seats := g.Seats(everyone)
		policy := policyOf(t, g, seats, false, rapid.Float64Range(.05, .9).Draw(t, "step"))
		i := rapid.IntRange(0, len(seats)-1).Draw(t, "seat")
		best, err := policy.BestResponse(i)
		require.NoError(t, err)
		require.Nil(t, best.Schedule)
		if policy.Kinds[i] == equilibrium.Strategic {
			require.LessOrEqual(t, size(vector(best.Misreport)), 1e-8)
		} else {
			require.Greater(t, size(vector(best.Misreport)), 1e-2)
		}
	})
}

// TestBestResponseSatisfiesItsOwnCondition: with the value B of playing it for
// ever, B solved densely, no small change of the rule pays: the derivative of
// what an auction brings is zero at every inventory, for a fringe, on a grid and
// under common values.
func TestBestResponseSatisfiesItsOwnCondition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := randomPolicy(t)
		n := len(policy.Seats)
		i := rapid.IntRange(0, n-1).Draw(t, "seat")
		best, err := policy.BestResponse(i)
		if err != nil {
			t.Skip("none")
		}
		play := func(d *equilibrium.Deviation) *equilibrium.Play {
			deviations := make([]*equilibrium.Deviation, n)
			deviations[i] = d
			p, err := policy.Play(deviations)
			require.NoError(t, err)
			return p
		}
		optimum := play(best)
		m := raw{b: policy.HoldingCost, r: policy.Timing.DiscountRate, step: policy.Timing.Step, p: optimum.Price, q: optimum.Flows}
		b := m.values()[i]
		x := randomVector(t, n, "x")
		earn := func(shift float64) float64 {
			d := *best
			d.Shift = shift
			price, q := auction(play(&d), 0, x)
			var left mat.VecDense
			left.SubVec(x, q)
			return price*q.AtVec(i) - m.cost(i)/2*left.AtVec(i)*left.AtVec(i) + m.discount()*mat.Inner(&left, b, &left)
		}
		up, here, down := earn(1), earn(0), earn(-1)
		// a parabola in the shift, whose top is at 0
		require.Negative(t, up+down-2*here)
		require.LessOrEqual(t, (up-down)/(up+down-2*here), 1e-6)
		require.GreaterOrEqual(t, (up-down)/(up+down-2*here), -1e-6)
	})
}

// TestNoBestResponse: where selling raises the price, or inventories explode.
func TestNoBestResponse(t *testing.T) {
	g := game(.8, large(.7, 1.6, 2.9)...)
	var none *equilibrium.NoBestResponseError

	upward := policyOf(t, g, g.Seats(everyone), false, .3)
	for j := range upward.Price {
		upward.Price[j] *= -50
	}
	_, err := upward.BestResponse(1)
	require.ErrorAs(t, err, &none)
	require.EqualError(t, err, "no best response: the more it trades, the more it earns")

	wild := policyOf(t, g, g.Seats(everyone), false, .3)
	wild.Flows.Scale(40, wild.Flows)
	_, err = wild.BestResponse(1)
	require.ErrorAs(t, err, &none)
	require.EqualError(t, err, "no best response: the inventories it would hold grow without bound")
}
