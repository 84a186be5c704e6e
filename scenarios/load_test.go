package scenarios

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDefaults(t *testing.T) {
	s := mustLoad(t, valid)
	assert.Equal(t, &Scenario{
		Schema: 1, Name: "test", Title: "test", Market: MarketDoubleAuction, DiscountRate: 0.7,
		Clock: Clock{Step: 0.25, Horizon: 5, Policy: PolicyDiscrete},
		Agents: []Agent{
			{Name: "a", Kind: KindTrader, HoldingCost: 1.3, Inventory: 2, Volatility: 0.1, Count: 1, Conduct: ConductStrategic},
			{Name: "b", Kind: KindTrader, HoldingCost: 1.7, Inventory: -2, Count: 1, Conduct: ConductStrategic},
			{Name: "f", Kind: KindFringe, HoldingCost: 2.1, Count: 1, Conduct: ConductStrategic},
		},
		Shocks:     Shocks{Kind: ShocksBrownian},
		MonteCarlo: MonteCarlo{Paths: 100000, Seed: 1},
		Record:     Record{Paths: 100, Every: 1, StatisticsEvery: 1, Outcomes: OutcomesAll, Layout: LayoutLong},
	}, s)
	assert.Equal(t, 20, s.Clock.Steps())
	assert.EqualValues(t, 3, s.TotalMembers())
}

func TestWhatFollowsFromOtherKeys(t *testing.T) {
	s := mustLoad(t, valid, "clock.horizon=1000", "monte_carlo.paths=1000001")
	assert.Equal(t, 200, s.Record.StatisticsEvery, "4000 steps ÷ 20")
	assert.Equal(t, OutcomesRecorded, s.Record.Outcomes)
	assert.Equal(t, OutcomesAll, mustLoad(t, valid, "monte_carlo.paths=1000000").Record.Outcomes)
	assert.EqualValues(t, 60, mustLoad(t, valid, "monte_carlo.paths=60").Record.Paths, "capped")
	assert.Equal(t, 3, mustLoad(t, valid, "record.statistics_every=3").Record.StatisticsEvery)
}

func TestEveryKeyIsRead(t *testing.T) {
	s := mustLoad(t, `{"schema": 1, "name": "x", "title": "T", "market": "double_auction", "discount_rate": 2,
	"units": {"time": "day", "money": "bps", "asset": "EUR1000"},
	"clock": {"step": 0.1, "horizon": 0.3, "policy": "continuous"},
	"shocks": {"kind": "brownian", "correlation": [[1, 0.2, 0.2], [0.2, 1, 0.2], [0.2, 0.2, 1]]},
	"agents": [{"name": "many", "kind": "trader", "holding_cost": 3, "volatility": 0.5, "count": 3}],
	"fundamental": {"start": 10000, "volatility": 100},
	"monte_carlo": {"paths": 1e3, "seed": 18446744073709551615, "variance_reduction": ["antithetic"]},
	"record": {"paths": 7, "every": 2, "statistics_every": 3, "outcomes": "none", "layout": "wide"}}`)
	r := [][]float64{{1, .2, .2}, {.2, 1, .2}, {.2, .2, 1}}
	assert.Equal(t, &Scenario{
		Schema: 1, Name: "x", Title: "T", Market: MarketDoubleAuction, DiscountRate: 2,
		Units:       Units{"day", "bps", "EUR1000"},
		Clock:       Clock{0.1, 0.3, PolicyContinuous},
		Agents:      []Agent{{Name: "many", Kind: KindTrader, HoldingCost: 3, Inventory: 0, Volatility: 0.5, Count: 3, Conduct: ConductStrategic}},
		Shocks:      Shocks{Kind: ShocksBrownian, Correlation: &Correlation{Matrix: r}},
		Fundamental: Fundamental{10000, 100},
		MonteCarlo:  MonteCarlo{Paths: 1000, Seed: math.MaxUint64, Antithetic: true},
		Record:      Record{7, 2, 3, OutcomesNone, LayoutWide},
	}, s)
	assert.Equal(t, 3, s.Clock.Steps(), "0.3/0.1 is not quite 3 in floats")
	assert.Equal(t, []string{"many[1]", "many[2]", "many[3]"}, s.Agents[0].Members())
}

// Each case replaces one part of valid, and gives the one line that must come
// out. Positions are counted by hand.
func TestProblems(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown key", "horizon: 5", "horizn: 5", `<stdin>:5:21: clock.horizn: there is no such key; did you mean horizon?`},
		{"unknown far from all", "horizon: 5", "horizon: 5, wobble: 5", `<stdin>:5:33: clock.wobble: there is no such key; allowed here: step, horizon or policy`},
		{"key at the wrong place", "discount_rate: 0.7", "discount_rate: 0.7\nholding_cost: 3", `<stdin>:5:1: holding_cost: there is no such key; did you mean agents[].holding_cost?`},
		{"key of a later version", "discount_rate: 0.7", "discount_rate: 0.7\nmonte_carlo: {until: 3}", `<stdin>:5:15: monte_carlo.until: this key is not available in this version; remove it`},
		{"later key of a deviation", "inventory: 2", "deviation: {policy: {}}", `<stdin>:7:60: agents.a.deviation.policy: this key is not available in this version; remove it`},
		{"unknown conduct", "inventory: 2", "conduct: no-transient", `<stdin>:7:57: agents.a.conduct: got "no-transient", want strategic, no_transient, momentum_blind or misperceived; did you mean no_transient?`},
		{"no impact factor", "inventory: 2", "conduct: misperceived", `<stdin>:7:57: agents.a.conduct: misperceived needs an impact_factor; add one: 0.5 takes the impact to be half of what it is, 1 is no_transient`},
		{"impact factor of another conduct", "inventory: 2", "conduct: no_transient, impact_factor: 2", `<stdin>:7:86: agents.a.impact_factor: the conduct no_transient has no impact factor; remove it, or set conduct: misperceived`},
		{"impact factor without conduct", "inventory: 2", "impact_factor: 1", `<stdin>:7:63: agents.a.impact_factor: the conduct strategic has no impact factor; remove it, or set conduct: misperceived`},
		{"impact factor of zero", "inventory: 2", "conduct: misperceived, impact_factor: 0", `<stdin>:7:86: agents.a.impact_factor: got 0, want a number greater than 0`},
		{"conduct of a fringe", "holding_cost: 2.1", "holding_cost: 2.1, conduct: no_transient", `<stdin>:9:48: agents.f.conduct: this key does not belong here; it is a key of kind trader`},
		{"later key at the wrong place", "horizon: 5", "horizon: 5, until: 1", `<stdin>:5:33: clock.until: this key is not available in this version; remove it`},
		{"word of another market", "horizon: 5", "horizon: 5, policy: event", `<stdin>:5:41: clock.policy: got "event", want discrete or continuous`},
		{"misspelt market", "double_auction", "double auktion", `<stdin>:3:9: market: got "double auktion", want double_auction, almgren_chriss or cournot; did you mean double_auction?`},
		{"kind of another market", "kind: fringe", "kind: market_maker", `<stdin>:9:21: agents.f.kind: got "market_maker", want trader or fringe`},
		{"other schema", "schema: 1", "schema: 2", `<stdin>:1:9: schema: got 2, want 1`},
		{"fraction for an integer", "holding_cost: 2.1", "holding_cost: 2.1, count: 1.5", `<stdin>:9:55: agents.f.count: got 1.5, want 1`},
		{"text for a number", "rate: 0.7", "rate: \"0.7\"", `<stdin>:4:16: discount_rate: got "0.7", want a number greater than 0; write it without quotes`},
		{"bool for a number", "rate: 0.7", "rate: true", `<stdin>:4:16: discount_rate: got true, want a number greater than 0`},
		{"list for a number", "rate: 0.7", "rate: [0.7]", `<stdin>:4:16: discount_rate: got a list, want a number greater than 0`},
		{"number for text", "name: test", "name: 5", `<stdin>:2:7: name: got 5, want text; put it in quotes`},
		{"list for a mapping", "{step: 0.25, horizon: 5}", "[0.25, 5]", `<stdin>:5:8: clock: got a list, want a mapping of keys`},
		{"null", "rate: 0.7", "rate: ~", `<stdin>:4:16: discount_rate: the key has no value (null); give it one, or remove the key`},
		{"NaN", "rate: 0.7", "rate: .nan", `<stdin>:4:16: discount_rate: got .nan, want a number greater than 0, finite`},
		{"infinite", "rate: 0.7", "rate: .inf", `<stdin>:4:16: discount_rate: got .inf, want a number greater than 0, finite`},
		{"overflow", "rate: 0.7", "rate: 1e400", `<stdin>:4:16: discount_rate: got "1e400", want a number greater than 0; it is not a finite number`},
		{"zero rate", "rate: 0.7", "rate: 0", `<stdin>:4:16: discount_rate: got 0, want a number greater than 0`},
		{"zero step", "step: 0.25", "step: 0", `<stdin>:5:15: clock.step: got 0, want a number greater than 0`},
		{"negative cost", "cost: 1.3", "cost: -1.3", `<stdin>:7:43: agents.a.holding_cost: got -1.3, want a number greater than 0`},
		{"negative volatility", "volatility: 0.1", "volatility: -1", `<stdin>:7:74: agents.a.volatility: got -1, want a number of at least 0`},
		{"octal", "inventory: 2", "inventory: 010", `<stdin>:7:59: agents.a.inventory: 010 begins with 0, which some programs read as octal; remove the 0, or put text in quotes`},
		{"off the grid", "horizon: 5", "horizon: 5.1", `<stdin>:5:30: clock.horizon: got 5.1, want a multiple of the step 0.25; the nearest horizons are 5 and 5.25`},
		{"horizon below the step", "horizon: 5", "horizon: 0.1", `<stdin>:5:30: clock.horizon: got 0.1, want a multiple of the step 0.25; the nearest horizon is 0.25`},
		{"too many steps", "step: 0.25", "step: 1e-300", `<stdin>:5:15: clock.step: 5e+300 steps (horizon 5 / step 1e-300), the limit is 10000000; take a longer step or a shorter horizon`},
		{"count zero", "inventory: 2", "count: 0", `<stdin>:7:55: agents.a.count: got 0, want a whole number from 1 to 1000000000`},
		{"count of a fringe", "holding_cost: 2.1", "holding_cost: 2.1, count: 2", `<stdin>:9:55: agents.f.count: got 2, want 1`},
		{"second fringe", "name: b, kind: trader", "name: b, kind: fringe", `<stdin>:9:21: agents.f.kind: a second fringe, a market has at most one; the first is "b"; a fringe stands for all price takers together`},
		{"same name", "name: b", "name: a", `<stdin>:8:12: agents.a.name: "a" is also the name of agent 1; names must differ`},
		{"key twice", "discount_rate: 0.7", "discount_rate: 0.7\ndiscount_rate: 0.8", `<stdin>:5:1: discount_rate: the key stands here twice; the first is in line 4`},
		{"missing key", "holding_cost: 2.1", "inventory: 2", `<stdin>:9:5: agents.f.holding_cost: the key is missing; b: holding inventory X costs (b/2)X² per unit of time; a fringe's is the aggregate.`},
		{"name with a slash", "name: test", "name: ../test", `<stdin>:2:7: name: got "../test", want a name of at most 100 bytes without slash, backslash and leading dot`},
		{"name with a backslash", "name: test", `name: a\b`, `<stdin>:2:7: name: got "a\\b", want a name of at most 100 bytes without slash, backslash and leading dot`},
		{"hidden name", "name: test", "name: .x", `<stdin>:2:7: name: got ".x", want a name of at most 100 bytes without slash, backslash and leading dot`},
		{"empty name", "name: test", `name: ""`, `<stdin>:2:7: name: got "", want text of 1 to 100 characters`},
		{"control character in a name", "name: test", `name: "a\tb"`, `<stdin>:2:7: name: got "a\tb", want text without control characters and line breaks`},
		{"long name", "name: test", "name: " + strings.Repeat("é", 51), `<stdin>:2:7: name: got "` + strings.Repeat("é", 51) + `", want a name of at most 100 bytes without slash, backslash and leading dot`},
		{"override in a title", "name: test", "name: test\ntitle: \"a\\u202eb\"", `<stdin>:3:8: title: got "a\u202eb", want text without characters that embed, override or isolate a direction (U+202A to U+202E, U+2066 to U+2069); letters written from right to left need none`},
		{"isolate in a name", "name: test", "name: a\u2067b", `<stdin>:2:7: name: got "a\u2067b", want text without characters that embed, override or isolate a direction (U+202A to U+202E, U+2066 to U+2069); letters written from right to left need none`},
		{"control character in an agent's name", "name: b", `name: "b\e"`, `<stdin>:8:12: agents."b\x1b".name: got "b\x1b", want text without control characters and line breaks`},
		{"odd antithetic", "discount_rate: 0.7", "discount_rate: 0.7\nmonte_carlo: {variance_reduction: [antithetic], paths: 11}", `<stdin>:5:56: monte_carlo.paths: got 11, want an even number: antithetic paths come in pairs; take 12`},
		{"variance reduction", "discount_rate: 0.7", "discount_rate: 0.7\nmonte_carlo: {variance_reduction: [antithetic, controls]}", `<stdin>:5:48: monte_carlo.variance_reduction[1]: got "controls", want antithetic or control; did you mean control?`},
		{"too many paths", "discount_rate: 0.7", "discount_rate: 0.7\nmonte_carlo: {paths: 1000000001}", `<stdin>:5:22: monte_carlo.paths: got 1000000001, want a whole number from 1 to 1000000000`},
		{"negative seed", "discount_rate: 0.7", "discount_rate: 0.7\nmonte_carlo: {seed: -1}", `<stdin>:5:21: monte_carlo.seed: got -1, want a whole number from 0 to 18446744073709551615`},
		{"merge key", "discount_rate: 0.7", "discount_rate: 0.7\n<<: {title: x}", `<stdin>:5:1: merge keys (<<) are not part of the format; use extends`},
		{"list as a key", "discount_rate: 0.7", "discount_rate: 0.7\n? [1]\n: 2", `<stdin>:5:3: a list or mapping cannot be a key`},
		{"tag", "rate: 0.7", "rate: !float 0.7", `<stdin>:4:16: discount_rate: the tag !float is not part of the format; remove it`},
		{"second document", "discount_rate: 0.7", "discount_rate: 0.7\n---\nx: 1", ""},
		{"correlation and covariance", "discount_rate: 0.7", "discount_rate: 0.7\nshocks: {covariance: [[1,0,0],[0,1,0],[0,0,1]]}", `<stdin>:8:74: agents.a.volatility: the covariance already says it; remove the volatilities or the covariance`},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, valid, c.old)
			_, err := loadText(strings.Replace(valid, c.old, c.new, 1))
			got := problems(t, err)
			if c.want != "" {
				var rest []string
				for _, line := range got {
					// An octal and a foreign tag leave a value that is judged, too.
					if line != c.want && !strings.Contains(line, `got "0.7"`) {
						rest = append(rest, line)
					}
				}
				assert.Contains(t, got, c.want)
				assert.Empty(t, rest)
			}
		})
	}
}

func TestSecondDocument(t *testing.T) {
	_, err := loadText(valid + "---\nname: other\n")
	assert.Equal(t, []string{"<stdin>:10:1: a second document begins here, a scenario is one document; put it into a file of its own"}, problems(t, err))
}

func TestAllProblemsAtOnceInOrder(t *testing.T) {
	_, err := loadText(`schema: 1
name: x
market: double_auction
discount_rate: -1
clock: {step: 0.3, horizon: 1}
agents: []
record: {layout: tall}
shocks: {kind: brown}
`, "agents.x.count=2", "clok=1")
	assert.Equal(t, []string{
		`<stdin>:4:16: discount_rate: got -1, want a number greater than 0`,
		`<stdin>:5:29: clock.horizon: got 1, want a multiple of the step 0.3; the nearest horizons are 0.9 and 1.2`,
		`<stdin>:6:9: agents: the list is empty; want a list of agents`,
		`<stdin>:7:18: record.layout: got "tall", want long or wide`,
		`<stdin>:8:16: shocks.kind: got "brown", want brownian, compound_poisson or none`,
		`--set 'agents.x.count=2': column 8: agents.x: there is no agent of this name; there are none`,
		`--set 'clok=1': column 1: clok: there is no such key; did you mean clock?`,
	}, problems(t, err))
}

func TestMissingEverything(t *testing.T) {
	_, err := loadText("{}")
	var keys []string
	var p Problems
	require.True(t, errors.As(err, &p))
	for _, q := range p {
		assert.Equal(t, "the key is missing", q.Message)
		keys = append(keys, q.Key)
	}
	assert.Equal(t, []string{"schema", "name", "market", "discount_rate", "clock", "agents"}, keys)
}

func TestTwoTradersAreEnough(t *testing.T) {
	one := strings.Join(strings.Split(valid, "\n")[:7], "\n")
	_, err := loadText(one)
	assert.Equal(t, []string{"<stdin>:7:3: agents: a market needs at least two traders, here is 1; add an agent, or raise its count"}, problems(t, err))
	assert.EqualValues(t, 2, mustLoad(t, one, "agents.a.count=2").TotalMembers())
}

func TestMembersNames(t *testing.T) {
	text := strings.Replace(valid, "name: b", `name: "a[3]"`, 1)
	mustLoad(t, text)
	mustLoad(t, text, "agents.a.count=2")
	_, err := loadText(text, "agents.a.count=3")
	assert.Equal(t, []string{`<stdin>:8:12: agents.a[3].name: "a[3]" is also the name of member 3 of "a"; names must differ`}, problems(t, err))
}

func TestWork(t *testing.T) {
	mustLoad(t, valid, "clock.step=0.000005", "monte_carlo.paths=300000000")
	_, err := loadText(valid, "clock.step=0.000005", "monte_carlo.paths=400000000")
	assert.Equal(t, []string{`--set 'monte_carlo.paths=400000000': column 19: monte_carlo.paths: 400000000 paths × 1000000 steps × 3 members are 1.2e+15 agent-steps, the limit is 1e+15; take fewer paths or a longer step`}, problems(t, err))
	mustLoad(t, valid, "clock.step=0.000005", "monte_carlo.paths=200000000", "agents.a.count=1000000")
	_, err = loadText(valid, "clock.step=0.000005", "monte_carlo.paths=1000000", "agents.a.count=1000")
	assert.Contains(t, problems(t, err)[0], "1002 members")
	_, err = loadText(valid, "clock.step=0.000005", "monte_carlo.paths=1000000", "record={paths: 6667, every: 2}")
	assert.Equal(t, []string{`--set 'record={paths: 6667, every: 2}': column 16: record.paths: 6667 recorded paths × 500000 recorded steps × 3 members are 1e+10 rows, the limit is 1e+10; record fewer paths, or raise record.every`}, problems(t, err))
	mustLoad(t, valid, "clock.step=0.000005", "monte_carlo.paths=1000000", "record={paths: 6666, every: 2}")
}

func TestTheGridIsExactButForRounding(t *testing.T) {
	mustLoad(t, valid, "clock.horizon=5.000000001")
	_, err := loadText(valid, "clock.horizon=5.00000001")
	assert.Contains(t, problems(t, err)[0], "want a multiple of the step 0.25; the nearest horizons are 5 and 5.25")
	assert.Equal(t, 10_000_000, mustLoad(t, valid, "clock.step=5e-7").Clock.Steps())
	_, err = loadText(valid, "clock.step=4.0e-7")
	assert.Contains(t, problems(t, err)[0], "1.25e+07 steps (horizon 5 / step 4e-07), the limit is 10000000")
}

// A check may rely on a value only if nothing was wrong in, above or below it.
func TestUsable(t *testing.T) {
	c := checker{bad: map[string]bool{}}
	c.spoil("agents[1].name")
	assert.False(t, c.usable("agents"))
	assert.False(t, c.usable("agents[0].count", "agents[1]"))
	assert.True(t, c.usable("agents[0].name", "agents[1].count", "clock"))
	c.spoil("agents[0]")
	assert.False(t, c.usable("agents[0].name"))
}

func TestReductionTwice(t *testing.T) {
	_, err := loadText(valid, "monte_carlo.variance_reduction=[antithetic, antithetic]")
	assert.Equal(t, []string{`--set 'monte_carlo.variance_reduction=[antithetic, antithetic]': column 45: monte_carlo.variance_reduction[1]: "antithetic" stands here twice; remove one`}, problems(t, err))
}

func TestFlags(t *testing.T) {
	paths, seed := int64(12), uint64(math.MaxUint64)
	s, err := Load("five-traders", Options{Paths: &paths, Seed: &seed, Sets: []string{"monte_carlo.paths=50"}})
	require.NoError(t, err)
	assert.Equal(t, MonteCarlo{Paths: 12, Seed: math.MaxUint64}, s.MonteCarlo)
	paths = -3
	_, err = Load("five-traders", Options{Paths: &paths})
	assert.Equal(t, []string{"--paths: monte_carlo.paths: got -3, want a whole number from 1 to 1000000000"}, problems(t, err))
}

func TestSources(t *testing.T) {
	dir := files(t, map[string]string{"five-traders": valid, "mine": valid, "x.yaml": valid, "five-traders.json/inside": ""})
	t.Chdir(dir)
	name := func(source string) string {
		s, err := Load(source, Options{})
		require.NoError(t, err)
		return s.Name
	}
	assert.Equal(t, "five-traders", name("five-traders"), "a bare name means the built-in")
	assert.Equal(t, "test", name("./five-traders"))
	assert.Equal(t, "test", name("mine"))
	assert.Equal(t, "test", name("x.yaml"))
	assert.Equal(t, "test", name(filepath.Join(dir, "x.yaml")))
	_, err := Load("five-traders.json", Options{})
	assert.Equal(t, []string{"five-traders.json: cannot be read: is a directory"}, problems(t, err))
}

func TestMissingSources(t *testing.T) {
	t.Chdir(t.TempDir())
	var builtIn []string
	for _, info := range Names() {
		builtIn = append(builtIn, info.Name)
	}
	for source, want := range map[string]string{
		"five-trader":        "five-trader: there is no built-in scenario and no file of this name; did you mean five-traders?",
		"x/five_traders.yml": "x/five_traders.yml: cannot be read: no such file or directory; did you mean five-traders?",
		"zebra":              "zebra: there is no built-in scenario and no file of this name; built-in: " + strings.Join(slices.Sorted(slices.Values(builtIn)), ", "),
	} {
		_, err := Load(source, Options{})
		assert.Equal(t, []string{want}, problems(t, err))
		assert.ErrorIs(t, err, fs.ErrNotExist)
	}
	_, err := Load("", Options{})
	assert.Contains(t, problems(t, err)[0], "no file and no name is given")
	_, err = Load("-", Options{})
	assert.Contains(t, problems(t, err)[0], "no standard input")
	require.NoError(t, os.WriteFile("secret.yaml", nil, 0))
	if _, err := os.ReadFile("secret.yaml"); err != nil { // not as root
		_, err = Load("secret.yaml", Options{})
		assert.ErrorIs(t, err, fs.ErrPermission)
	}
}
