package agents_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"walras/agents"
	"walras/clock"
	"walras/equilibrium"
	"walras/market"
)

// policy is that of a market of two types and a fringe; a type of more than
// three members has a tagged member and a group.
func policy(t *testing.T) *equilibrium.Policy {
	t.Helper()
	g := equilibrium.Game{DiscountRate: .8, Traders: []equilibrium.Trader{
		{HoldingCost: 1.3, Count: 2},
		{Kind: equilibrium.Fringe, HoldingCost: 2.1, Count: 1},
		{HoldingCost: 3.7, Count: 6},
	}}
	s, err := g.Discrete(.25)
	require.NoError(t, err)
	seats := g.Seats(3)
	p, err := s.Policy(seats, mat.NewSymDense(len(seats), nil))
	require.NoError(t, err)
	return p
}

func TestFollowing(t *testing.T) {
	p := policy(t)
	list, err := agents.Following(p)
	require.NoError(t, err)
	profile, err := market.ProfileOf(p.Price, p.Flows)
	require.NoError(t, err)
	h := (1 - math.Exp(-.8*.25)) / .8
	for i, a := range list {
		trader := a.(*agents.Trader)
		require.Equal(t, i, trader.Seat)
		require.Equal(t, profile.Reports[i], trader.Report)
		require.Equal(t, mat.Row(nil, i, profile.Slopes), trader.Slopes)
		require.InEpsilon(t, []float64{1.3, 1.3, 2.1, 3.7, 3.7}[i]*h, trader.PeriodCost, 1e-14)
		require.Equal(t, i == 4, trader.Group)
	}

	p.Flows = mat.NewDense(5, 5, nil)
	_, err = agents.Following(p)
	var refused *market.NotAcceptableError
	require.ErrorAs(t, err, &refused)
}

// TestFollowersPlayThePolicy submits, clears and compares with P X and Q X.
func TestFollowersPlayThePolicy(t *testing.T) {
	p := policy(t)
	list, err := agents.Following(p)
	require.NoError(t, err)
	x := []float64{1.5, -.7, 2.2, -3, .4}
	b := market.NewBlock(5, 4)
	b.Start(x, 3)
	for _, a := range list {
		a.Submit(clock.Moment{}, b)
	}
	require.NoError(t, b.Clear())
	var q mat.VecDense
	q.MulVec(p.Flows, mat.NewVecDense(5, x))
	for path := range 3 {
		require.InEpsilon(t, mat.Dot(mat.NewVecDense(5, p.Price), mat.NewVecDense(5, x)), b.Price[path], 1e-12)
		for i := range x {
			require.InDelta(t, q.AtVec(i), b.Trade[i][path], 1e-12)
		}
	}
}

// TestSubmit writes π̂X of every path in use, and slopes that the auction sees.
func TestSubmit(t *testing.T) {
	b := market.NewBlock(2, 4)
	b.Start([]float64{0, 0}, 3)
	copy(b.Inventory[1], []float64{2, -1.5, 4, 100})
	first := agents.Trader{Seat: 0, Report: -3, Slopes: []float64{0, -.5}}
	second := agents.Trader{Seat: 1, Report: -.8, Slopes: []float64{-2.5, 0}}
	first.Submit(clock.Moment{}, b)
	second.Submit(clock.Moment{}, b)
	require.Equal(t, []float64{0, 0, 0, 0}, b.Orders.Intercept[0])
	require.InDeltaSlice(t, []float64{-1.6, 1.2, -3.2, 0}, b.Orders.Intercept[1], 1e-15)

	require.NoError(t, b.Clear())
	// p = .5q₂ and p = −.8X + 2.5q₁ with q₁ = −q₂: q₂ = −.8X/3
	for path, x := range []float64{2, -1.5, 4} {
		require.InDelta(t, -.8*x/3, b.Trade[1][path], 1e-15)
		require.InDelta(t, .5*b.Trade[1][path], b.Price[path], 1e-15)
	}
}

// TestEarn adds ρ^k(p q − (bh/2)(X⁺)²) to what was earned before.
func TestEarn(t *testing.T) {
	now := clock.Clock{Step: .25, Steps: 8, DiscountRate: .8}.At(3)
	b := market.NewBlock(2, 3)
	b.Start([]float64{0, 0}, 2)
	copy(b.Price, []float64{1.7, -2.3, 50})
	copy(b.Trade[1], []float64{.6, 1.9, 50})
	copy(b.Inventory[1], []float64{3.1, -.4, 50})
	copy(b.Payoff[1], []float64{10, -20, 7})
	trader := agents.Trader{Seat: 1, PeriodCost: .35}
	trader.Earn(now, b)
	rho := math.Exp(-.8 * .75)
	require.InEpsilon(t, 10+rho*(1.7*.6-.35/2*3.1*3.1), b.Payoff[1][0], 1e-15)
	require.InEpsilon(t, -20+rho*(-2.3*1.9-.35/2*.4*.4), b.Payoff[1][1], 1e-15)
	require.Equal(t, 7., b.Payoff[1][2]) // not in use
	require.Equal(t, []float64{0, 0, 0}, b.Payoff[0])

	before := append([]float64(nil), b.Payoff[1]...)
	group := agents.Trader{Seat: 1, PeriodCost: .35, Group: true}
	group.Earn(now, b)
	require.Equal(t, before, b.Payoff[1])
}

func TestNoAllocation(t *testing.T) {
	list, err := agents.Following(policy(t))
	require.NoError(t, err)
	b := market.NewBlock(5, 64)
	b.Start([]float64{1, -2, .5, 3, -1}, 64)
	now := clock.Moment{Index: 1, Time: .25, Discount: .9}
	round := func() {
		for _, agent := range list {
			agent.Submit(now, b)
		}
		if err := b.Clear(); err != nil {
			panic(err)
		}
		b.Settle()
		for _, agent := range list {
			agent.Earn(now, b)
		}
	}
	round()
	require.Zero(t, testing.AllocsPerRun(100, round))
}
