package scenarios

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func loadOver(text string, over ...string) (*Scenario, error) {
	return Load("-", Options{Stdin: strings.NewReader(text), Over: over})
}

func TestOver(t *testing.T) {
	for over, want := range map[string]SweepAxis{
		"discount_rate=0.1:0.5:5":          {"discount_rate", []Value{{Number: 0.1}, {Number: 0.2}, {Number: 0.3}, {Number: 0.4}, {Number: 0.5}}},
		"discount_rate=linear:3:1:3":       {"discount_rate", []Value{{Number: 3}, {Number: 2}, {Number: 1}}},
		"discount_rate=log:0.01:10:4":      {"discount_rate", []Value{{Number: 0.01}, {Number: 0.1}, {Number: 1}, {Number: 10}}},
		"discount_rate = 2, 0.7 ,2.5e-3":   {"discount_rate", []Value{{Number: 2}, {Number: 0.7}, {Number: 0.0025}}},
		"discount_rate=3":                  {"discount_rate", []Value{{Number: 3}}},
		"clock.policy=discrete,continuous": {"clock.policy", []Value{{Word: "discrete"}, {Word: "continuous"}}},
		`agents."a"."holding_cost"=1,2`:    {"agents.a.holding_cost", []Value{{Number: 1}, {Number: 2}}},
	} {
		s, err := loadOver(valid, over)
		require.NoError(t, err, over)
		assert.Equal(t, []SweepAxis{want}, s.Sweep, over)
		again := mustLoad(t, string(s.Canonical()))
		assert.Equal(t, s.Sweep, again.Sweep, "the canonical form keeps it: %s", over)
	}
}

// TestOverReplacesAndAdds: an axis of the same key, however it is written, is
// another one in its place; the rest of the sweep stays, new axes come last.
func TestOverReplacesAndAdds(t *testing.T) {
	text := valid + `sweep: [{key: "agents.'a'.holding_cost", values: [5]}, {key: discount_rate, values: [1, 2]}]`
	s, err := loadOver(text, "agents.a.holding_cost=1,2,3", "clock.step=1", "clock.step=0.5,1")
	require.NoError(t, err)
	var keys []string
	for _, axis := range s.Sweep {
		keys = append(keys, axis.Key)
	}
	assert.Equal(t, []string{"agents.a.holding_cost", "discount_rate", "clock.step"}, keys)
	assert.Equal(t, []float64{1, 2, 3}, numbers(s.Sweep[0]))
	assert.Equal(t, []float64{0.5, 1}, numbers(s.Sweep[2]), "the last one wins")
	all, _, err := s.Points()
	require.NoError(t, err)
	assert.Len(t, all, 12)
}

// TestOneKeyIsSweptOnce: two spellings of a key are one key.
func TestOneKeyIsSweptOnce(t *testing.T) {
	_, err := loadText(valid + `sweep: [{key: clock.step, values: [1]}, {key: "clock.'step'", values: [0.5]}]`)
	assert.ErrorContains(t, err, `"clock.step" is swept twice`)
}

func TestOverProblems(t *testing.T) {
	for over, want := range map[string]string{
		"discount_rate":                     "column 14: there is no =; write --over KEY=v1,v2",
		"discount_rate=":                    "column 15: there are no values; write --over",
		"=1":                                "column 1: a word of the key is missing; write --over",
		`agents."a.x=1`:                     "column 8: a quote is not closed; write --over",
		"discount_rate=1,,2":                "column 17: there is no value here; write --over",
		"discount_rate=1,2,":                "column 19: there is no value here",
		"discount_rate=1:2":                 "column 15: a range of 2 parts, want the first value, the last, and how many; write --over",
		"discount_rate=1:2:3:4:5":           "column 15: a range of 5 parts",
		"discount_rate=1:2:":                "column 19: there is no value here",
		"discount_rate=1:2:3,4":             "column 20: both a range and a list of values",
		"discount_rate=lug:1:2:3":           `column 15: sweep[0].scale: got "lug", want linear or log; did you mean log?`,
		"discount_rate=log:0:2:3":           "column 15: sweep[0].scale: got log, but from or to is not greater than 0; use linear",
		"discount_rate=1:2:2.5":             "column 19: sweep[0].points: got 2.5, want a whole number from 2 to 10000",
		"discount_rate=1:2:1":               "column 19: sweep[0].points: got 1, want a whole number from 2 to 10000",
		"discount_rate=1:x:3":               `column 17: sweep[0].to: got "x", want a number`,
		"discount_rate=1,-1":                "column 17: discount_rate: got -1, want a number greater than 0",
		"discount_rate=-1:1:3":              "column 15: discount_rate: got -1, want a number greater than 0",
		"discount_rate=[1,2]":               "column 15: a list in brackets; write the values without: v1,v2,…",
		"discount_rate={a,b":                "column 15: not YAML",
		"discount_rate=1,true":              "column 17: sweep[0].values[1]: got true, want a number or a word",
		"discount_rate=.nan":                "column 15: sweep[0].values[0]: got .nan, want a number, finite",
		"clock.stepp=1":                     "column 1: clock.stepp: there is no such key; did you mean step?",
		"agents.aa.holding_cost=1":          "column 1: agents.aa: there is no agent of this name; did you mean a?",
		"clock.step=0.5,0.3":                "column 16: clock.step: got 0.3, but the horizon 5 is not a multiple of it; the nearest",
		"sweep=1":                           `column 1: sweep[0].key: got "sweep", want a key of the market`,
		"discount_rate=1:2:10001":           "column 19: sweep[0].points: got 10001",
		"agents.a.count=1:2:3":              "agents.a.count: got 1.5, want a whole number",
		"extends=symmetric,momentum":        `sweep[0].key: got "extends", want a key of the market`,
		"monte_carlo.seed=9007199254740993": "want a number that a float64 holds exactly",
	} {
		_, err := loadOver(valid, over)
		got := problems(t, err)[0]
		assert.True(t, strings.HasPrefix(got, "--over "), got)
		assert.Contains(t, got, want, over)
	}
}

// TestOverOfABadSweep: the file's own mistake is told, and nothing panics.
func TestOverOfABadSweep(t *testing.T) {
	for _, sweep := range []string{"sweep: 3", "sweep: {key: a}", "sweep: [3]", "sweep: [{key: [1]}]"} {
		_, err := loadOver(valid+sweep, "discount_rate=1")
		assert.ErrorContains(t, err, "<stdin>:10:", sweep)
	}
	s, err := loadOver(valid+"sweep: []", "discount_rate=1")
	require.NoError(t, err)
	assert.Len(t, s.Sweep, 1)
}

// TestOverNeverPanics: whatever is written is an axis or a problem.
func TestOverNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		over := "discount_rate=" + rapid.StringMatching(`([0-9.:,\[\]{}"' \-a-z#&*!|>%@]|log:|1e3){0,12}`).Draw(t, "values")
		s, err := loadOver(valid, over)
		if err == nil && len(s.Sweep) != 1 {
			t.Fatalf("%q is neither an axis nor a problem", over)
		}
	})
}
