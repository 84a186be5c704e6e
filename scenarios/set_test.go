package scenarios

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestSet(t *testing.T) {
	text := strings.NewReplacer("name: b", `name: "b.c"`).Replace(valid)
	s := mustLoad(t, text, "discount_rate=0.5", "clock.step=0.5", "clock.step=0.1", "agents.a.holding_cost=2",
		`agents."b.c".holding_cost=1`, "agents.'b.c'.volatility = 3", "agents.a.inventory=null", "units.time=day", "units={money: bps}",
		"shocks.correlation=[[1,0.2,0],[0.2,1,0],[0,0,1]]", "title=a = b", "monte_carlo.seed=0x10")
	assert.Equal(t, 0.5, s.DiscountRate)
	assert.Equal(t, 0.1, s.Clock.Step, "the last one wins")
	assert.Equal(t, Agent{Name: "a", Kind: KindTrader, HoldingCost: 2, Inventory: 0, Volatility: 0.1, Count: 1, Conduct: ConductStrategic}, s.Agents[0])
	assert.Equal(t, Agent{Name: "b.c", Kind: KindTrader, HoldingCost: 1, Inventory: -2, Volatility: 3, Count: 1, Conduct: ConductStrategic}, s.Agents[1])
	assert.Equal(t, Units{Money: "bps"}, s.Units, "a whole mapping replaces")
	assert.Equal(t, [][]float64{{1, .2, 0}, {.2, 1, 0}, {0, 0, 1}}, s.Shocks.Correlation.Matrix)
	assert.Equal(t, "a = b", s.Title)
	assert.EqualValues(t, 16, s.MonteCarlo.Seed)
}

func TestSetWholeLists(t *testing.T) {
	s := mustLoad(t, valid, "agents=[{name: x, kind: trader, holding_cost: 1, count: 3}]", "agents.x.count=4", "monte_carlo.variance_reduction=[antithetic]")
	assert.Equal(t, []Agent{{Name: "x", Kind: KindTrader, HoldingCost: 1, Inventory: 0, Volatility: 0, Count: 4, Conduct: ConductStrategic}}, s.Agents)
	assert.True(t, s.MonteCarlo.Antithetic)
	assert.Len(t, mustLoad(t, valid, "agents.f=null").Agents, 2, "an agent is removed")
	s = mustLoad(t, valid, "agents.f={name: g, kind: trader, holding_cost: 5}")
	assert.Equal(t, Agent{Name: "g", Kind: KindTrader, HoldingCost: 5, Inventory: 0, Volatility: 0, Count: 1, Conduct: ConductStrategic}, s.Agents[2])
}

func TestSetProblems(t *testing.T) {
	for set, want := range map[string]string{
		"discount_rate=-1":               "column 15: discount_rate: got -1, want a number greater than 0",
		"discount_rate":                  "column 14: there is no =; write --set key.path=value, for example --set clock.step=0.1",
		"discount_rate=":                 "column 15: there is no value; key=null clears a key",
		"discount_rate=#x":               "column 15: there is no value; key=null clears a key",
		"title=~ # x":                    "",
		"=1":                             "column 1: a word of the key is missing; write --set key.path=value, for example --set clock.step=0.1",
		"":                               "column 1: a word of the key is missing; write --set key.path=value, for example --set clock.step=0.1",
		"clock.=1":                       "column 7: a word of the key is missing; write --set key.path=value, for example --set clock.step=0.1",
		`agents."a.x=1`:                  "column 8: a quote is not closed; write --set key.path=value, for example --set clock.step=0.1",
		`agents."a"x=1`:                  "column 11: want a dot or = after a quoted word; write --set key.path=value, for example --set clock.step=0.1",
		"clock.stepp=1":                  "column 7: clock.stepp: there is no such key; did you mean step?",
		"agents.a.holding_cots=1":        "column 10: agents.a.holding_cots: there is no such key; did you mean holding_cost?",
		"agents.aa.holding_cost=1":       "column 8: agents.aa: there is no agent of this name; did you mean a?",
		"discount_rate.x=1":              "column 15: discount_rate.x: there are no keys inside 0.7; set the key above it",
		"agents.a.name.x=1":              `column 15: agents.a.name.x: there are no keys inside "a"; set the key above it`,
		"extends=symmetric":              "column 1: extends: extends cannot be overridden; write a file that extends the other scenario",
		"clock=[1":                       "column 7: not YAML: while parsing a flow sequence, did not find expected ',' or ']'",
		"clock={step: 1, step: 2}":       "column 17: step: the key stands here twice; the first is in line 1",
		"clock={horizon: 1, step: null}": "column 26: clock.step: the key has no value (null); give it one, or remove the key",
		"clock.step=0.3":                 "column 12: clock.step: got 0.3, but the horizon 5 is not a multiple of it; the nearest horizons are 4.8 and 5.1",
		"discount_rate=null":             "<stdin>:1:1: discount_rate: the key is missing; Discount rate r per unit of time, greater than 0.",
		"agents=null":                    "<stdin>:1:1: agents: the key is missing; The agents, or types of identical agents.",
		"conduct=strategic":              "column 1: conduct: there is no such key; did you mean agents[].conduct?",
		"agents.a.conduct=misperceived":  "column 18: agents.a.conduct: misperceived needs an impact_factor; add one: 0.5 takes the impact to be half of what it is, 1 is no_transient",
		"agents.b.impact_factor=2":       "column 24: agents.b.impact_factor: the conduct strategic has no impact factor; remove it, or set conduct: misperceived",
		"é.x=1":                          "column 1: é: there is no such key; allowed here: schema, name, title, extends, market, discount_rate, units, clock, shocks, common_values, utility, commitment, agents, fundamental, monte_carlo, record or sweep",
		"title=a\x00":                    "column 8: control character U+0000; remove it, or write it as an escape in double quotes",
		"agents.a.holding_cost=\n\n-3":   "column 25: agents.a.holding_cost: got -3, want a number greater than 0",
	} {
		_, err := loadText(valid, set)
		if want == "" {
			assert.NoError(t, err)
			continue
		}
		got := problems(t, err)
		assert.Len(t, got, 1, set)
		if strings.HasPrefix(want, "column") {
			want = oneLine("--set '"+set+"': ") + want
		}
		assert.Contains(t, got[0], want)
	}
}

func TestSetInsideWhatIsNull(t *testing.T) {
	text := strings.Replace(valid, "clock: {step: 0.25, horizon: 5}", "clock:", 1)
	assert.Equal(t, 4, mustLoad(t, text, "clock.step=0.5", "clock.horizon=2").Clock.Steps())
}

func TestSetChangesTheFirstOfAName(t *testing.T) {
	twice := strings.Replace(valid, "name: b", "name: a", 1)
	assert.Len(t, mustLoad(t, twice, "agents.a=null").Agents, 2)
}

func TestSetHintsAtQuotes(t *testing.T) {
	_, err := loadText(strings.Replace(valid, "name: b", "name: b.c", 1), "agents.b.c.holding_cost=1")
	assert.Equal(t, []string{`--set 'agents.b.c.holding_cost=1': column 8: agents.b: there is no agent of this name; put a name with a dot in quotes: agents."b.c"`}, problems(t, err))
}

// Any name and any number that a file can hold can be set.
func TestSetRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Draw(t, "scenario")
		agent := s.Agents[rapid.IntRange(0, len(s.Agents)-1).Draw(t, "agent")]
		cost, key := costs().Draw(t, "cost"), "holding_cost"
		if s.Exponential {
			key = "risk_aversion"
		}
		text := string(s.Canonical())
		got, err := loadText(text, join("agents", agent.Name)+"."+key+"="+shortest(cost))
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range got.Agents {
			want := s.Agents[i]
			if a.Name == agent.Name {
				if want.HoldingCost = cost; s.Exponential {
					want.HoldingCost, want.RiskAversion = 0, cost
				}
			}
			assert.Equal(t, want, a)
		}
	})
}

func TestPathsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringN(1, 10, -1), 1, 4).Draw(t, "words")
		path := ""
		for _, w := range words {
			path = join(path, w)
		}
		segments, end, fault := parsePath(path+"=1", "")
		if fault != "" || end != len(path) || len(segments) != len(words) {
			t.Fatalf("%q: %q ends at %d with %v", path, fault, end, segments)
		}
		for i, s := range segments {
			assert.Equal(t, words[i], s.text)
		}
	})
}

func TestNearest(t *testing.T) {
	for word, want := range map[string]string{
		"horizn": "horizon", "Holding-Cost": "holding_cost", "hozirno": "", "stpe": "step", "": "", "volatilty": "volatility", "xyz": "",
	} {
		assert.Equal(t, want, nearest(word, []string{"horizon", "holding_cost", "step", "volatility"}), word)
	}
	assert.Equal(t, "", nearest("t9", []string{"t1", "t2"}), "two are equally near")
	for _, c := range []struct {
		a, b string
		want int
	}{{"kitten", "sitting", 3}, {"ab", "ba", 1}, {"", "abc", 3}, {"é", "e", 1}, {"abcd", "acbd", 1}} {
		assert.Equal(t, c.want, distance(c.a, c.b), c.a)
		assert.Equal(t, c.want, distance(c.b, c.a), c.b)
	}
}
