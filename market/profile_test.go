package market_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
	"walras/market"
)

// TestReports checks π̂^i = −b_i/r, the price at which a trader would keep its
// inventory for ever: in continuous time, in the discrete game and on a grid.
// A group of m members reports as one of them does: its inventory is theirs.
func TestReports(t *testing.T) {
	for name, policy := range equilibria(t) {
		t.Run(name, func(t *testing.T) {
			profile, err := market.ProfileOf(policy.Price, policy.Flows)
			require.NoError(t, err)
			for i, b := range policy.HoldingCost {
				want := -b / policy.Timing.DiscountRate / float64(policy.Seats[i].Members)
				require.InEpsilon(t, want, profile.Reports[i], 1e-10)
				require.Zero(t, profile.Slopes.At(i, i))
			}
		})
	}
}

// TestRoundTripFromMechanism goes from price and flows to schedules and back.
func TestRoundTripFromMechanism(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := equilibrium.Game{DiscountRate: between(t, .1, 3, "r")}
		for range rapid.IntRange(3, 8).Draw(t, "traders") {
			b := math.Exp(between(t, -3, 3, "log b"))
			g.Traders = append(g.Traders, equilibrium.Trader{HoldingCost: b, Count: 1})
		}
		g.Traders[0].Kind = rapid.SampledFrom([]equilibrium.Kind{equilibrium.Strategic, equilibrium.Fringe}).Draw(t, "kind")
		s, err := g.Discrete(between(t, .02, 1, "step"))
		require.NoError(t, err)
		seats := g.Seats(1)
		profile, err := market.ProfileOf(s.PriceOn(seats), s.FlowsOn(seats))
		require.NoError(t, err)
		price, flows, err := profile.Mechanism()
		require.NoError(t, err)
		requireClose(t, vector(s.PriceOn(seats)), vector(price), 1e-12, "P")
		requireClose(t, s.FlowsOn(seats), flows, 1e-12, "Q")
	})
}

// randomProfile is a profile whose schedules clear.
func randomProfile(t *rapid.T) *market.Profile {
	n := rapid.IntRange(2, 8).Draw(t, "seats")
	p := &market.Profile{Reports: make([]float64, n), Slopes: mat.NewDense(n, n, nil)}
	for i := range n {
		p.Reports[i] = -between(t, .2, 5, "report")
		level := between(t, .5, 2, "level")
		for j := range n {
			if j != i {
				p.Slopes.Set(i, j, -level+between(t, -.1, .1, "slope"))
			}
		}
	}
	return p
}

// TestRoundTripFromProfile goes from schedules to price and flows and back.
func TestRoundTripFromProfile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := randomProfile(t)
		price, flows, err := want.Mechanism()
		require.NoError(t, err)
		for j := range price {
			require.InDelta(t, 0, mat.Sum(flows.ColView(j)), 1e-14*mat.Norm(flows, 2))
		}
		got, err := market.ProfileOf(price, flows)
		require.NoError(t, err)
		requireClose(t, vector(want.Reports), vector(got.Reports), 1e-12, "π̂")
		requireClose(t, want.Slopes, got.Slopes, 1e-12, "π")
	})
}

// TestMechanismIsWhatTheAuctionDoes compares Mechanism with clearing.
func TestMechanismIsWhatTheAuctionDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		profile := randomProfile(t)
		price, flows, err := profile.Mechanism()
		require.NoError(t, err)
		for j := range price {
			orders := make([]order, len(price))
			for i := range orders {
				orders[i] = schedule(0, mat.Row(nil, i, profile.Slopes)...)
			}
			orders[j].intercept = profile.Reports[j] // one unit of X_j
			p, trades := solved(orders)
			require.InEpsilon(t, p, price[j], 1e-10)
			requireClose(t, vector(trades), flows.ColView(j), 1e-10, "Q")
		}
	})
}

// TestUnrevealingMechanisms have no schedules that implement them.
func TestUnrevealingMechanisms(t *testing.T) {
	twins := mat.NewDense(3, 3, []float64{.4, -.2, -.2, -.1, .2, .2, -.3, 0, 0})
	blind := mat.NewDense(3, 3, []float64{.4, -.2, -.2, -.4, .2, .2, 0, 0, 0})
	for name, c := range map[string]struct {
		price []float64
		flows *mat.Dense
		seats []int
	}{
		"no trade":            {[]float64{-1, -1, -1}, mat.NewDense(3, 3, nil), []int{0, 1, 2}},
		"two identical seats": {[]float64{-.3, -.5, -.5}, twins, []int{1, 2}},
		"a silent seat":       {[]float64{-.3, -.5, -.2}, blind, []int{0, 1, 2}},
		"no price":            {[]float64{0, 0, 0}, twins, []int{1, 2}},
	} {
		_, err := market.ProfileOf(c.price, c.flows)
		var refused *market.NotAcceptableError
		require.ErrorAs(t, err, &refused, name)
		require.Subset(t, c.seats, refused.Seats, name)
		require.NotEmpty(t, refused.Seats, name)
		require.Equal(t, "price and flows do not reveal these inventories", refused.Reason, name)
	}
	// Without X₂ the price would be 0 at no trade: nothing to report on.
	infinite := mat.NewDense(2, 2, []float64{0, -1, 0, 1})
	_, err := market.ProfileOf([]float64{-1, -1}, infinite)
	var refused *market.NotAcceptableError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, []int{1}, refused.Seats)
	require.Equal(t, "the schedule's intercept would not be finite", refused.Reason)
}

func TestUnusableProfiles(t *testing.T) {
	p := &market.Profile{Reports: []float64{-1, 0, -2}, Slopes: mat.NewDense(3, 3, nil)}
	_, _, err := p.Mechanism()
	var refused *market.NotAcceptableError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, []int{1}, refused.Seats)
	require.Equal(t, "the schedule does not depend on its inventory", refused.Reason)

	p.Reports[1] = -1 // all submit p = π̂X: three prices
	_, _, err = p.Mechanism()
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "the schedules do not determine a price", refused.Reason)
}

// TestProfileInOtherUnits measures inventories, money and time in other units.
func TestProfileInOtherUnits(t *testing.T) {
	policy := equilibria(t)["five traders"]
	want, err := market.ProfileOf(policy.Price, policy.Flows)
	require.NoError(t, err)
	for _, unit := range []float64{1e-25, 1e25} {
		price := append([]float64(nil), policy.Price...)
		for i := range price {
			price[i] *= unit
		}
		got, err := market.ProfileOf(price, policy.Flows)
		require.NoError(t, err)
		var slopes mat.Dense
		slopes.Scale(unit, want.Slopes)
		requireClose(t, &slopes, got.Slopes, 1e-12, "π")
		again, flows, err := got.Mechanism()
		require.NoError(t, err)
		requireClose(t, vector(price), vector(again), 1e-12, "P")
		requireClose(t, policy.Flows, flows, 1e-12, "Q")
	}
}
