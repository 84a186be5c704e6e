package scenarios

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func numbers(axis SweepAxis) []float64 {
	var all []float64
	for _, v := range axis.Values {
		all = append(all, v.Number)
	}
	return all
}

func TestRanges(t *testing.T) {
	for set, want := range map[string][]float64{
		"{from: 0.1, to: 0.5, points: 5}":                               {0.1, 0.2, 0.3, 0.4, 0.5},
		"{from: 0.01, to: 10, points: 4, scale: log}":                   {0.01, 0.1, 1, 10},
		"{from: 3, to: 1, points: 2}":                                   {3, 1},
		"{from: 0.1234567890123456, to: 0.6543210987654321, points: 2}": {0.1234567890123456, 0.6543210987654321},
		"{values: [2, 0.7, 2.5e-3]}":                                    {2, 0.7, 0.0025},
		"{from: 1.0e-300, to: 1.7e308, points: 3}":                      {1e-300, 8.5e307, 1.7e308},
	} {
		s := mustLoad(t, valid, "sweep=[{key: discount_rate, "+set[1:]+"]")
		assert.Equal(t, want, numbers(s.Sweep[0]), set)
	}
}

func TestPoints(t *testing.T) {
	s := mustLoad(t, valid, "clock.horizon=10", "sweep=[{key: clock.step, values: [1, 0.1]}, {key: agents.a.holding_cost, values: [2, 3, 4.5]}]")
	all, points, err := s.Points()
	require.NoError(t, err)
	require.Len(t, all, 6)
	assert.Equal(t, "clock.step = 1, agents.a.holding_cost = 3", points[1].String(), "the last axis is the fastest")
	assert.Equal(t, Point{{"clock.step", Value{Number: 0.1}}, {"agents.a.holding_cost", Value{Number: 2}}}, points[3])
	for i, p := range all {
		assert.Equal(t, points[i][0].Value.Number, p.Clock.Step)
		assert.Equal(t, points[i][1].Value.Number, p.Agents[0].HoldingCost)
		assert.Empty(t, p.Sweep)
		assert.Equal(t, max(1, p.Clock.Steps()/20), p.Record.StatisticsEvery, "follows the step of the point")
		again := mustLoad(t, string(p.Canonical()))
		assert.Equal(t, p, again)
	}
	alone := mustLoad(t, valid)
	all, points, err = alone.Points()
	require.NoError(t, err)
	assert.Equal(t, []*Scenario{alone}, all)
	assert.Equal(t, []Point{nil}, points)
}

// A key that the file states keeps its value at every point, also after the
// scenario went through its canonical form.
func TestStatedKeysStay(t *testing.T) {
	s := mustLoad(t, valid, "record.statistics_every=1", "sweep=[{key: clock.step, values: [0.25, 0.05]}]")
	s = mustLoad(t, string(s.Canonical()))
	all, _, err := s.Points()
	require.NoError(t, err)
	assert.Equal(t, 1, all[1].Record.StatisticsEvery)
	s = mustLoad(t, string(mustLoad(t, valid, "sweep=[{key: clock.step, values: [0.25, 0.05]}]").Canonical()))
	all, _, err = s.Points()
	require.NoError(t, err)
	assert.Equal(t, 5, all[1].Record.StatisticsEvery)
}

func TestWordsAndWholeNumbersAreSwept(t *testing.T) {
	s := mustLoad(t, valid, "sweep=[{key: clock.policy, values: [discrete, continuous]}, {key: agents.b.count, from: 1, to: 3, points: 3}]")
	all, points, err := s.Points()
	require.NoError(t, err)
	assert.Equal(t, PolicyContinuous, all[5].Clock.Policy)
	assert.Equal(t, 3, all[5].Agents[1].Count)
	assert.Equal(t, Value{Word: "continuous"}, points[5][0].Value)
}

func TestSweepProblems(t *testing.T) {
	for _, c := range []struct{ sweep, want string }{
		{`[{key: clock.stepp, values: [1]}]`, `<stdin>:10:15: clock.stepp: there is no such key; did you mean step?`},
		{`[{key: agents.z.count, values: [1]}]`, `<stdin>:10:15: agents.z: there is no agent of this name; the agents are a, b, f`},
		{`[{key: clock.step, values: [0.5, 0.3]}]`, `<stdin>:10:41: clock.horizon: got 5, want a multiple of the step 0.3 (at clock.step = 0.3); the nearest horizons are 4.8 and 5.1`},
		{`[{key: discount_rate, values: [1, -1]}]`, `<stdin>:10:42: discount_rate: got -1, want a number greater than 0`},
		{`[{key: agents.a.count, from: 1, to: 2, points: 3}]`, `<stdin>:10:37: agents.a.count: got 1.5, want a whole number from 1 to 1000000000`},
		{`[{values: [1]}]`, `<stdin>:10:9: sweep[0].key: the key is missing; The key that changes, as in --set: clock.step, agents.t1.holding_cost.`},
		{`[{key: clock.step}]`, `<stdin>:10:9: sweep[0]: the axis has no values; give values, or all of from, to and points`},
		{`[{key: clock.step, from: 1, to: 2}]`, `<stdin>:10:9: sweep[0]: the axis has no values; give values, or all of from, to and points`},
		{`[{key: clock.step, from: 1, values: [2]}]`, `<stdin>:10:44: sweep[0].values: both values and a range; give values, or from, to and points`},
		{`[{key: clock.step, values: []}]`, `<stdin>:10:35: sweep[0].values: the list is empty; want a list of numbers or words`},
		{`[{key: clock.step, values: [true]}]`, `<stdin>:10:36: sweep[0].values[0]: got true, want a number or a word`},
		{`[{key: clock.step, values: [.nan]}]`, `<stdin>:10:36: sweep[0].values[0]: got .nan, want a number, finite`},
		{`[{key: monte_carlo.seed, values: [9007199254740993]}]`, `<stdin>:10:42: sweep[0].values[0]: got 9007199254740993, want a number that a float64 holds exactly`},
		{`[{key: clock.step, from: -1, to: 1, points: 3, scale: log}]`, `<stdin>:10:62: sweep[0].scale: got log, but from or to is not greater than 0; use linear`},
		{`[{key: sweep, values: [1]}]`, `<stdin>:10:15: sweep[0].key: got "sweep", want a key of the market`},
		{`[{key: "a b=", values: [1]}]`, `<stdin>:10:15: sweep[0].key: got "a b=", want a key as in --set; for example agents.t1.holding_cost`},
		{`[{key: name, values: [x]}, {key: name, values: [y]}]`, `<stdin>:10:56: sweep[1]: "name" is swept twice; remove one of the axes`},
		{`[{key: clock.step, from: 1, to: 2, points: 10001}]`, `<stdin>:10:51: sweep[0].points: got 10001, want a whole number from 2 to 10000`},
		{`[{key: discount_rate, from: 1, to: 2, points: 200}, {key: agents.a.holding_cost, from: 1, to: 2, points: 51}]`, `<stdin>:10:95: sweep[1]: the sweep has more than 10000 points, the limit`},
	} {
		_, err := loadText(valid + "sweep: " + c.sweep)
		got := problems(t, err)
		assert.Contains(t, got[0], c.want, c.sweep)
		assert.Len(t, got, 1, c.sweep)
	}
}

func TestProblemsOfPointsSayWhichPoint(t *testing.T) {
	_, err := loadText(valid + "sweep: [{key: clock.step, values: [0.5, 0.3]}, {key: clock.policy, values: [discrete]}]")
	assert.Equal(t, []string{"<stdin>:10:41: clock.horizon: got 5, want a multiple of the step 0.3 (at clock.step = 0.3, clock.policy = discrete); the nearest horizons are 4.8 and 5.1"}, problems(t, err))
}

func TestOneMistakeIsNotToldForEveryPoint(t *testing.T) {
	_, err := loadText(valid + "sweep: [{key: clock.stepp, from: 1, to: 2, points: 1000}]")
	assert.Len(t, problems(t, err), 1)
	_, err = loadText(valid + "sweep: [{key: clock.step, from: 0.3, to: 0.4, points: 1000}]")
	assert.Len(t, problems(t, err), maxBadPoints)
}

func TestSweepsOfManyAgentsAreLimited(t *testing.T) {
	var many strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&many, "  - {name: y%d, kind: trader, holding_cost: 1}\n", i)
	}
	_, err := loadText(valid + many.String() + "sweep: [{key: discount_rate, from: 1, to: 2, points: 10000}]")
	assert.Contains(t, problems(t, err)[0], "sweep[0]: the sweep has 10000 points of 12")
}

func TestCombinationsDecide(t *testing.T) {
	s := mustLoad(t, valid, "sweep=[{key: clock.step, values: [0.3]}, {key: clock.horizon, values: [3, 6]}]")
	all, _, err := s.Points()
	require.NoError(t, err)
	assert.Equal(t, 20, all[1].Clock.Steps())
}

func TestScenarioMadeByHand(t *testing.T) {
	s := mustLoad(t, valid)
	s.Sweep = []SweepAxis{{Key: "discount_rate", Values: []Value{{Number: -1}}}}
	_, _, err := s.Points()
	assert.Contains(t, problems(t, err)[0], "got -1, want a number greater than 0")
	s.DiscountRate = math.NaN()
	assert.Panics(t, func() { s.Canonical() })
}

func TestValueString(t *testing.T) {
	for want, v := range map[string]Value{"x": {Word: "x"}, "0.1": {Number: 0.1}, "1e-07": {Number: 1e-7}, "100000": {Number: 1e5}, "-3": {Number: -3}} {
		assert.Equal(t, want, v.String())
		assert.Equal(t, want, fmt.Sprint(v))
	}
}
