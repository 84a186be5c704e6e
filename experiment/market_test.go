package experiment

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/scenarios"
)

// TestSeatCovariance: a group receives the sum of its members' shocks, whatever
// way the covariance is given.
func TestSeatCovariance(t *testing.T) {
	const text = `
schema: 1
name: seats
market: double_auction
discount_rate: 0.7
clock: {step: 0.2, horizon: 1}
agents:
  - {name: a, kind: trader, holding_cost: 0.6, volatility: 0.3}
  - {name: b, kind: trader, holding_cost: 1.7, count: 3, volatility: 0.2}
shocks: {correlation: 0.25}
`
	s := load(t, text)
	members := []equilibrium.Seat{{Type: 0, Members: 1}, {Type: 1, Members: 1}, {Type: 1, Members: 1}, {Type: 1, Members: 1}}
	groups := []equilibrium.Seat{{Type: 0, Members: 1}, {Type: 1, Members: 1}, {Type: 1, Members: 2}}
	sum := mat.NewDense(3, 4, []float64{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1})
	aggregate := func(c *mat.SymDense) *mat.Dense {
		var out mat.Dense
		out.Product(sum, c, sum.T())
		return &out
	}
	common := covariance(s, members)
	assert.InDelta(t, 0.3*0.2*0.25, common.At(0, 2), 1e-16)
	assert.InDelta(t, 0.04, common.At(3, 3), 1e-16)
	assert.True(t, mat.EqualApprox(aggregate(common), covariance(s, groups), 1e-16))
	matrix := load(t, text, "shocks.correlation=[[1,0.1,0.2,-0.3],[0.1,1,0.4,0],[0.2,0.4,1,0.5],[-0.3,0,0.5,1]]")
	full := covariance(matrix, members)
	assert.InDelta(t, -0.3*0.3*0.2, full.At(0, 3), 1e-16)
	assert.True(t, mat.EqualApprox(aggregate(full), covariance(matrix, groups), 1e-16))
	given := load(t, text, "agents.a.volatility=null", "agents.b.volatility=null", "shocks.correlation=null",
		"shocks.covariance=[[0.9,0.1,0.2,-0.3],[0.1,0.8,0.4,0],[0.2,0.4,0.7,0.1],[-0.3,0,0.1,0.6]]")
	assert.InDelta(t, 0.7+0.6+0.2, covariance(given, groups).At(2, 2), 1e-15)
	assert.Zero(t, mat.Sum(covariance(load(t, text, "shocks.kind=none"), members)))
}

// TestLargeTypeIsFollowedByTotals: a type of more than a thousand members runs
// with a tagged member and a group, whose payoff is null, and passes.
func TestLargeTypeIsFollowedByTotals(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "large")
	out := run(t, load(t, small, "agents.twins.count=1500", "agents.twins.holding_cost=2000", "agents.twins.volatility=0.01", "record.paths=3"), dir)
	assert.Empty(t, out.Verdict.Failures())
	rows := read[agentRow](t, dir, "agents.parquet")
	assert.Equal(t, "twins[1]", rows[1].Agent)
	assert.Equal(t, "twins[2..1500]", rows[2].Agent)
	assert.NotNil(t, rows[1].Payoff)
	assert.Nil(t, rows[2].Payoff)
	assert.InDelta(t, 1499*rows[1].Inventory, rows[2].Inventory, 1e-9)
}

// TestSolveShowsTypes: above fifty members the equilibrium is given by types.
func TestSolveShowsTypes(t *testing.T) {
	e, err := Solve(load(t, small, "agents.twins.count=40"), false)
	require.NoError(t, err)
	assert.Len(t, e.Agents, 42)
	assert.Len(t, e.Discrete.A, 42)
	assert.Nil(t, e.Approximation, "null with a fringe")
	e, err = Solve(load(t, small, "agents.twins.count=300"), false)
	require.NoError(t, err)
	assert.Equal(t, []string{"big", "twins", "crowd"}, e.Agents)
	assert.Equal(t, []int{1, 300, 1}, e.Counts)
	assert.Len(t, e.Continuous.P, 3)
	assert.Len(t, e.Continuous.Welfare, 3)
	assert.Empty(t, e.Continuous.A)
	assert.Len(t, e.Continuous.Speeds, 4, "three between the types, one inside a type")
	full, err := Solve(load(t, small, "agents.twins.count=60"), true)
	require.NoError(t, err)
	assert.Len(t, full.Continuous.A, 3)
	_, err = json.Marshal(full)
	require.NoError(t, err)
}

// TestClosedFormsStandBeside: markets with a formula show it, others do not.
func TestClosedFormsStandBeside(t *testing.T) {
	alike := []string{"agents.twins.holding_cost=0.6"}
	misperceived := append(alike, "agents.twins.conduct=misperceived", "agents.twins.impact_factor=0.7",
		"agents.big.conduct=misperceived", "agents.big.impact_factor=0.7")
	for _, c := range []struct {
		sets                 []string
		continuous, discrete string
	}{
		{[]string{"agents.twins=null"}, "one large trader and a fringe (SS Propositions 5, 6)", ""},
		{alike, "identical large traders and a fringe (SS section 5.6)", ""},
		{append(alike, "agents.crowd=null"), "identical traders (SS Proposition 12)", "identical traders, discrete game"},
		{nil, "", ""},
		{append(alike, "agents.twins.conduct=momentum_blind", "agents.crowd=null"), "identical traders (SS Proposition 12)", "identical traders, discrete game"},
		{append(misperceived, "agents.crowd=null"), "identical traders who misperceive their impact", "identical traders who misperceive their impact, discrete game"},
		{append(misperceived[:3:3], "agents.crowd=null"), "", ""},
		{append(alike, "agents.twins.conduct=no_transient"), "", ""},
		{append(alike, "agents.crowd.kind=trader"), "", ""},
	} {
		e, err := Solve(load(t, small, c.sets...), false)
		require.NoError(t, err)
		for name, got := range map[string]*ClosedForm{c.continuous: e.Continuous.ClosedForm, c.discrete: e.Discrete.ClosedForm} {
			if got == nil {
				continue
			}
			assert.Equal(t, name, got.Source)
			assert.Less(t, got.Difference, 1e-12)
		}
		assert.Equal(t, c.continuous == "", e.Continuous.ClosedForm == nil)
		assert.Equal(t, c.discrete == "", e.Discrete.ClosedForm == nil)
	}
}

// TestBoundedRationality passes its verdict on either clock, and has no
// approximation of strategic traders.
func TestBoundedRationality(t *testing.T) {
	for _, policy := range []string{scenarios.PolicyDiscrete, scenarios.PolicyContinuous} {
		s, err := scenarios.Load("bounded-rationality", scenarios.Options{Sets: []string{"monte_carlo.paths=20000", "clock.policy=" + policy}})
		require.NoError(t, err)
		out := run(t, s, filepath.Join(t.TempDir(), policy))
		assert.Empty(t, out.Verdict.Failures())
		e, err := Solve(s, false)
		require.NoError(t, err)
		assert.Nil(t, e.Approximation)
		assert.Nil(t, e.Continuous.ClosedForm)
		assert.Equal(t, Conditions{Stable: true, SecondOrder: true, Acceptable: true}, e.Conditions)
	}
	five, err := scenarios.Load("five-traders", scenarios.Options{})
	require.NoError(t, err)
	e, err := Solve(five, false)
	require.NoError(t, err)
	assert.NotNil(t, e.Approximation)
}

// TestConductReachesTheGame by every word of the scenario.
func TestConductReachesTheGame(t *testing.T) {
	s := load(t, small, "agents.big={name: big, kind: trader, holding_cost: 0.6, conduct: misperceived, impact_factor: 0.3}",
		"agents.twins.conduct=momentum_blind")
	kinds := func() (list []equilibrium.Kind) {
		for _, trader := range NewMarket(s).Game.Traders {
			list = append(list, trader.Kind)
		}
		return list
	}
	assert.Equal(t, []equilibrium.Kind{equilibrium.Misperceived, equilibrium.MomentumBlind, equilibrium.Fringe}, kinds())
	assert.Equal(t, 0.3, NewMarket(s).Game.Traders[0].ImpactFactor)
	s = load(t, small, "agents.big.conduct=strategic", "agents.twins.conduct=no_transient")
	assert.Equal(t, []equilibrium.Kind{equilibrium.Strategic, equilibrium.NoTransient, equilibrium.Fringe}, kinds())
}

// TestValuesByTypeEqualValuesByMember: what `solve` shows of a large type is the
// value of its members.
func TestValuesByTypeEqualValuesByMember(t *testing.T) {
	s := load(t, small, "agents.twins.count=60")
	byType, err := Solve(s, false)
	require.NoError(t, err)
	byMember, err := Solve(s, true)
	require.NoError(t, err)
	assert.InDeltaSlice(t, byMember.Continuous.Welfare, byType.Continuous.Welfare, 1e-11)
	assert.InDeltaSlice(t, byMember.Discrete.Welfare, byType.Discrete.Welfare, 1e-11)
	assert.InDeltaSlice(t, byMember.Discrete.K, byType.Discrete.K, 1e-11)
	large, err := Solve(load(t, small, "agents.twins.count=1500"), false)
	require.NoError(t, err)
	assert.Len(t, large.Discrete.Welfare, 3)
}

// TestPreferencesTellMembersApart: under common values and exponential utility
// every member is a trader, and the covariance is that of the inventories.
func TestPreferencesTellMembersApart(t *testing.T) {
	const text = `
schema: 1
name: preferences
market: double_auction
discount_rate: 0.7
clock: {step: 0.2, horizon: 1}
agents:
  - {name: a, kind: trader, holding_cost: 0.6, inventory: 2, volatility: 0.3}
  - {name: b, kind: trader, holding_cost: 1.7, count: 2, volatility: 0.2}
shocks: {correlation: [[1, 0.25, 0.1], [0.25, 1, -0.2], [0.1, -0.2, 1]]}
`
	plain := NewMarket(load(t, text))
	common := NewMarket(load(t, text, "common_values=[[1, 0.2, 0], [-0.1, 1, 0.3], [0, 0.1, 1]]"))
	assert.Equal(t, plain.Names, common.Names)
	assert.Equal(t, []string{"a", "b[1]", "b[2]"}, common.Names)
	assert.Equal(t, plain.Initial, common.Initial)
	require.Len(t, common.Game.Traders, 3)
	assert.Equal(t, equilibrium.Trader{Name: "b[2]", HoldingCost: 1.7, Count: 1}, common.Game.Traders[2])
	f := mat.NewDense(3, 3, []float64{1, .2, 0, -.1, 1, .3, 0, .1, 1})
	var want mat.Dense
	want.Product(f, plain.Covariance, f.T())
	assert.True(t, mat.EqualApprox(&want, common.Covariance, 1e-16))
	assert.True(t, mat.Equal(f, common.Game.Interaction))

	averse := NewMarket(load(t, text, "utility=exponential", "agents.a.holding_cost=null", "agents.b.holding_cost=null",
		"agents.a.risk_aversion=1.1", "agents.b.risk_aversion=1.9"))
	assert.True(t, averse.Game.Exponential)
	assert.InEpsilon(t, .7*1.9, averse.Game.Traders[2].HoldingCost, 1e-15)
	assert.True(t, mat.Equal(plain.Covariance, averse.Game.Covariance))
}

// TestRunWithCommonValues plays the game with common values against theory, and
// once with a trader that lies about what it knows.
func TestRunWithCommonValues(t *testing.T) {
	for name, sets := range map[string][]string{
		"truth": nil, "lie": {"agents.t2.deviation={misreport: {scale: 0.2}}", "discount_rate=0.7"},
	} {
		sets = append(sets, "monte_carlo.paths=4000", "clock.horizon=5")
		s, err := scenarios.Load("five-traders-common-values", scenarios.Options{Sets: sets})
		require.NoError(t, err)
		out := run(t, s, filepath.Join(t.TempDir(), name))
		assert.Empty(t, out.Verdict.Failures(), name)
	}
}
