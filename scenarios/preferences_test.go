package scenarios

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// three are strategic traders; preferences are added to them.
const three = `schema: 1
name: test
market: double_auction
discount_rate: 0.7
clock: {step: 0.25, horizon: 5}
agents:
  - {name: a, kind: trader, holding_cost: 1.3}
  - {name: b, kind: trader, holding_cost: 1.7, count: 2}
`

// averse are the same with risk aversions.
var averse = strings.ReplaceAll(three, "holding_cost", "risk_aversion") + "utility: exponential\n"

const interaction = "common_values=[[1, 0.2, 0], [-0.1, 1, 0.3], [0, 0, 1]]"

func TestCommonValues(t *testing.T) {
	s := mustLoad(t, three, interaction)
	assert.Equal(t, [][]float64{{1, .2, 0}, {-.1, 1, .3}, {0, 0, 1}}, s.CommonValues)
	assert.False(t, s.Exponential)
	assert.Equal(t, PolicyDiscrete, s.Clock.Policy)
	assert.Contains(t, string(s.Canonical()), `"shocks":{"kind":"brownian"},"common_values":[[1,0.2,0],[-0.1,1,0.3],[0,0,1]],"agents":[`)
	assert.Equal(t, s, mustLoad(t, string(s.Canonical())))
}

func TestExponentialUtility(t *testing.T) {
	s := mustLoad(t, averse)
	assert.True(t, s.Exponential)
	assert.Equal(t, PolicyContinuous, s.Clock.Policy, "the default under exponential utility")
	assert.Equal(t, 1.7, s.Agents[1].RiskAversion)
	assert.Zero(t, s.Agents[1].HoldingCost)
	assert.Contains(t, string(s.Canonical()), `"utility":"exponential","agents":[{"name":"a","kind":"trader","inventory":0,"volatility":0,"count":1,"risk_aversion":1.3}`)
	assert.Equal(t, s, mustLoad(t, string(s.Canonical())))
	assert.Equal(t, s, mustLoad(t, averse, "clock.policy=continuous"))
}

// What is not said leaves no trace: digests of scenarios without these keys
// stay what they were.
func TestDefaultPreferencesAreNotWritten(t *testing.T) {
	plain := mustLoad(t, three)
	assert.Equal(t, plain, mustLoad(t, three, "utility=quadratic"))
	for _, word := range []string{"utility", "common_values", "risk_aversion"} {
		assert.NotContains(t, string(plain.Canonical()), word)
	}
}

func TestSweepOfExponentialUtility(t *testing.T) {
	s := mustLoad(t, averse, "sweep=[{key: agents.a.risk_aversion, values: [1, 2]}]")
	all, _, err := s.Points()
	require.NoError(t, err)
	require.Len(t, all, 2)
	assert.Equal(t, 2., all[1].Agents[0].RiskAversion)
	assert.Equal(t, PolicyContinuous, all[1].Clock.Policy)
}

func TestPreferenceProblems(t *testing.T) {
	for _, c := range []struct {
		name, text string
		sets, want []string
	}{
		{"rows", three, []string{"common_values=[[1, 0], [0, 1]]"}, []string{
			"common_values: got 2 rows, want 3: one for each member, in the order of the agents"}},
		{"row", three, []string{"common_values=[[1, 0, 0], [0, 1], [0, 0, 1]]"}, []string{
			"common_values[1]: got 2 numbers in row 2, want 3"}},
		{"diagonal", three, []string{"common_values=[[1, 0, 0], [0, 2, 0], [0, 0, 1]]"}, []string{
			"common_values[1][1]: got 2, want 1 on the diagonal; in units of what the trader itself observes"}},
		{"singular", three, []string{"common_values=[[1, 1, 0], [1, 1, 0], [0, 0, 1]]"}, []string{
			"common_values: the matrix cannot be inverted; inventories would not tell what the traders observe"}},
		{"not finite", three, []string{"common_values=[[1, .inf, 0], [0, 1, 0], [0, 0, 1]]"}, []string{
			"common_values[0][1]: got .inf, want a number, finite"}},
		{"fringe", valid, []string{interaction}, []string{
			"agents.f.kind: common values are for strategic traders only, not for a fringe; replace it by a trader"}},
		{"both", averse, []string{interaction}, []string{
			"common_values: common values are for quadratic utility only; remove common_values or utility"}},
		{"many", three, []string{"agents.b.count=60", interaction}, []string{
			"common_values: 61 members, the limit is 60: they are solved one by one; lower the counts"}},
		{"many averse", averse, []string{"agents.b.count=60"}, []string{
			"utility: 61 members, the limit is 60: they are solved one by one; lower the counts"}},
		{"no such utility", three, []string{"utility=exponentail"}, []string{
			`utility: got "exponentail", want quadratic or exponential; did you mean exponential?`}},
		{"fringe averse", averse, []string{"agents=[{name: a, kind: trader, risk_aversion: 1, count: 2}, {name: f, kind: fringe}]"}, []string{
			"agents.f.kind: exponential utilities are for strategic traders only, not for a fringe; replace it by a trader"}},
		{"cost under exponential", averse, []string{"agents.a.holding_cost=2"}, []string{
			"agents.a.holding_cost: under exponential utility the holding cost follows: b = discount_rate × risk_aversion; write risk_aversion instead"}},
		{"no risk aversion", three, []string{"utility=exponential", "agents.a.holding_cost=null", "agents.b.holding_cost=null", "agents.b.risk_aversion=1"}, []string{
			"agents.a.risk_aversion: the key is missing; α: utility of consuming at the rate c is −exp(−αc); with utility exponential instead of holding_cost."}},
		{"no holding cost", three, []string{"agents.a.holding_cost=null"}, []string{
			"agents.a.holding_cost: the key is missing; b: holding inventory X costs (b/2)X² per unit of time; a fringe's is the aggregate."}},
		{"risk aversion under quadratic", three, []string{"agents.a.risk_aversion=2"}, []string{
			"agents.a.risk_aversion: risk aversion belongs to exponential utility; remove it, or write utility: exponential"}},
		{"risk aversion", averse, []string{"agents.a.risk_aversion=0"}, []string{
			"agents.a.risk_aversion: got 0, want a number greater than 0"}},
		{"jumps", averse, []string{"shocks={kind: compound_poisson, rate: 2}"}, []string{
			"shocks.kind: exponential utility is solved for brownian shocks, not for jumps; write brownian"}},
		{"discrete", averse, []string{"clock.policy=discrete"}, []string{
			"clock.policy: exponential utility is solved in continuous time only, not as a discrete-time game; write continuous, or leave it out"}},
	} {
		_, err := loadText(c.text, c.sets...)
		got := problems(t, err)
		require.Len(t, got, len(c.want), "%s: %v", c.name, got)
		for i := range got {
			assert.True(t, strings.HasSuffix(got[i], ": "+c.want[i]), "%s:\n got %s\nwant %s", c.name, got[i], c.want[i])
		}
	}
}
