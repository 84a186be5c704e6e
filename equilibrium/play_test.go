package equilibrium_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
)

// TestPlayWithoutDeviations is the policy itself.
func TestPlayWithoutDeviations(t *testing.T) {
	g := game(.8, large(.7, 1.6, 2.9)...)
	policy := policyOf(t, g, g.Seats(everyone), false, .3)
	for _, deviations := range [][]*equilibrium.Deviation{nil, make([]*equilibrium.Deviation, 3)} {
		play, err := policy.Play(deviations)
		require.NoError(t, err)
		require.False(t, play.Deviates())
		require.Nil(t, play.Deviation(1))
		require.Equal(t, policy.Price, play.Price)
		require.True(t, mat.Equal(policy.Flows, play.Flows))
		linear := []float64{1, 2, 3}
		require.Zero(t, play.Regret(1).At(4, linear))
		require.Equal(t, []float64{0, 0, 0}, linear)
		require.Zero(t, play.DriftConstant(0))
	}
	// a deviation that says nothing is the policy, too
	play, err := policy.Play([]*equilibrium.Deviation{nil, policy.AtSpeed(1, 1), nil})
	require.NoError(t, err)
	requireClose(t, policy.Flows, play.Flows, 0, 1e-14, "Q")
	require.True(t, play.Deviates())
}

// TestNobodyLeftIsAnError: schedules of all seats leave the price undetermined in
// any market; of all but one they do not.
func TestNobodyLeftIsAnError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := randomPolicy(t)
		n := len(policy.Seats)
		deviations := make([]*equilibrium.Deviation, n)
		seats := make([]int, n)
		for i := range deviations {
			deviations[i], seats[i] = equilibrium.NoTrade(), i
		}
		_, err := policy.Play(deviations)
		var undetermined *equilibrium.UndeterminedError
		require.ErrorAs(t, err, &undetermined)
		require.Equal(t, seats, undetermined.Seats)
		require.Contains(t, err.Error(), "seats 1, 2")
		deviations[n-1] = nil
		play, err := policy.Play(deviations)
		require.NoError(t, err)
		require.LessOrEqual(t, size(play.Flows), 1e-9*size(policy.Flows))
	})
}

// TestDriftConstant: with inventories carried through auction k, the expected
// price of the next auction is the one that DriftConstant completes.
func TestDriftConstant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := randomPolicy(t)
		play, n := randomPlay(t, policy), len(policy.Seats)
		x, k := randomVector(t, n, "x"), rapid.IntRange(0, 6).Draw(t, "k")
		now, q := auction(play, k, x)
		var left, drift mat.VecDense
		left.SubVec(x, q)
		next, _ := auction(play, k+1, &left)
		drift.MulVec(play.Flows.T(), mat.NewVecDense(n, play.Price))
		want := next - now
		scale := math.Abs(next) + math.Abs(now) + size(vector(play.Price))*2*float64(n)
		require.InDelta(t, want, play.DriftConstant(k)-mat.Dot(&drift, x), 1e-11*scale)
	})
}

// TestGroupsDeviateAsTheirMembers: a tagged member and the group of the others
// give the price and the tagged member's trade that all members give one by one,
// whatever they do.
func TestGroupsDeviateAsTheirMembers(t *testing.T) {
	g := game(.8, append(large(.7, 1.6), members(5, 2.9), fringe(4))...)
	deviate := map[string]func(p *equilibrium.Policy, i int) *equilibrium.Deviation{
		"speed":    func(p *equilibrium.Policy, i int) *equilibrium.Deviation { return p.AtSpeed(i, .4) },
		"no trade": func(p *equilibrium.Policy, i int) *equilibrium.Deviation { return p.AtSpeed(i, 0) },
		"misreport": func(p *equilibrium.Policy, i int) *equilibrium.Deviation {
			return p.Misreporting(i, .3, -.2*float64(p.Seats[i].Members))
		},
	}
	for name, deviation := range deviate {
		var prices, trades []float64
		for _, limit := range []int{everyone, 3} {
			policy := policyOf(t, g, g.Seats(limit), false, .3)
			deviations := make([]*equilibrium.Deviation, len(policy.Seats))
			x := mat.NewVecDense(len(policy.Seats), nil)
			for i, seat := range policy.Seats {
				x.SetVec(i, []float64{1, -.5, .2, -.9}[seat.Type]*float64(seat.Members))
				if seat.Type == 2 {
					deviations[i] = deviation(policy, i)
				}
			}
			play, err := policy.Play(deviations)
			require.NoError(t, err)
			price, q := auction(play, 1, x)
			prices, trades = append(prices, price), append(trades, q.AtVec(2))
		}
		require.InDelta(t, prices[0], prices[1], 1e-12, name)
		require.InDelta(t, trades[0], trades[1], 1e-12, name)
	}
}
