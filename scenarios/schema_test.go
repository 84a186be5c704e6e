package scenarios

import (
	"encoding/json"
	"regexp"
	"slices"
	"sort"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type schemaNode struct {
	Type                 string
	Properties           map[string]*schemaNode
	Items                *schemaNode
	AdditionalProperties any
	Description          string
	Default              any
	Enum                 []string
	Minimum              *float64
	ExclusiveMinimum     *float64
	Required             []string
	AnyOf, OneOf         []*schemaNode
}

func readSchema(t *testing.T) *schemaNode {
	text, err := Schema()
	require.NoError(t, err)
	var s schemaNode
	require.NoError(t, json.Unmarshal(text, &s))
	return &s
}

// walk visits every property with its path, objects before what is in them.
func (s *schemaNode) walk(path string, visit func(path string, s *schemaNode)) {
	var names []string
	for name := range s.Properties {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		p := s.Properties[name]
		visit(join(path, name), p)
		p.walk(join(path, name), visit)
		if p.Items != nil {
			p.Items.walk(join(path, name)+"[]", visit)
		}
	}
	for _, either := range append(s.AnyOf, s.OneOf...) {
		either.walk(path, visit)
	}
}

func TestSchemaKnowsExactlyTheKeys(t *testing.T) {
	var leaves []string
	readSchema(t).walk("", func(path string, s *schemaNode) {
		assert.NotEmpty(t, s.Description, path)
		if s.Properties == nil && (s.Items == nil || s.Items.Properties == nil) {
			leaves = append(leaves, path)
		}
	})
	// lists of mappings are set as a whole, but for agents
	whole := regexp.MustCompile(`^(sweep|.*\.schedule|.*\.parts|.*\.hyperexponential)\[\]`)
	leaves = slices.DeleteFunc(leaves, whole.MatchString)
	assert.ElementsMatch(t, Keys(), append(leaves, "sweep", "agents[].deviation.schedule", "agents[].schedule", "agents[].parts", "agents[].duration.hyperexponential"))
	assert.Greater(t, len(Keys()), 32)
}

func TestSchemaIsStrictAndTellsDefaults(t *testing.T) {
	s := readSchema(t)
	objects := 0
	check := func(path string, s *schemaNode) {
		for _, o := range []*schemaNode{s, s.Items} {
			if o != nil && o.Properties != nil {
				objects++
				assert.Equal(t, false, o.AdditionalProperties, path)
			}
		}
	}
	check("", s)
	s.walk("", check)
	assert.Greater(t, objects, 9)
	at := func(keys ...string) *schemaNode {
		n := s
		for _, k := range keys {
			if n = n.Properties[k]; n.Items != nil {
				n = n.Items
			}
		}
		return n
	}
	assert.Equal(t, "discrete", at("clock", "policy").Default)
	assert.Equal(t, []string{"discrete", "continuous", "event"}, at("clock", "policy").Enum)
	assert.Nil(t, at("clock", "step").Default)
	assert.Zero(t, *at("clock", "step").ExclusiveMinimum)
	assert.EqualValues(t, 100000, at("monte_carlo", "paths").Default)
	assert.EqualValues(t, 1, *at("monte_carlo", "paths").Minimum)
	assert.EqualValues(t, 0, at("agents", "inventory").Default)
	assert.EqualValues(t, 1, at("agents", "count").Default)
	assert.Equal(t, []string{"trader", "fringe", "large_seller", "market_maker", "investors", "large_buyer"}, at("agents", "kind").Enum)
	assert.Equal(t, "strategic", at("agents", "conduct").Default)
	assert.Nil(t, at("agents", "impact_factor").Default)
	assert.Nil(t, at("record", "statistics_every").Default)
	assert.Equal(t, []string{"schema", "name", "market", "discount_rate", "clock", "agents"}, s.AnyOf[1].Required)
}

// An editor knows the words of large orders, and those that this version lacks
// are none of them.
func TestSchemaOfLargeOrders(t *testing.T) {
	s := readSchema(t)
	assert.Equal(t, []string{"published", "open_loop", "feedback"}, s.Properties["solution"].Enum)
	agents := s.Properties["agents"].Items.Properties
	assert.Equal(t, []string{"trader", "fringe", "large_seller", "market_maker", "investors", "large_buyer"}, agents["kind"].Enum)
	disclosure := agents["disclosure"]
	assert.Equal(t, []string{"sunshine", "stealth"}, disclosure.OneOf[0].Enum)
	detected := disclosure.OneOf[1]
	assert.Equal(t, false, detected.AdditionalProperties)
	assert.Equal(t, []string{"quantity", "quote"}, detected.Properties["before"].Enum)
	assert.Zero(t, *detected.Properties["detected_after"].Minimum)
	assert.Equal(t, 0.0, *agents["schedule"].Items.Properties["rate"].Minimum)
	assert.Nil(t, agents["deviation"].Properties["schedule"].Items.Properties["rate"].Minimum, "a deviation may buy")
	require.Len(t, agents["duration"].AnyOf, 2, "of either market")
	random := agents["duration"].AnyOf[1].OneOf
	assert.Zero(t, *random[0].ExclusiveMinimum)
	assert.Zero(t, *random[1].Properties["mean"].ExclusiveMinimum)
	assert.Zero(t, *random[1].Properties["hyperexponential"].Items.Properties["weight"].ExclusiveMinimum)
	assert.EqualValues(t, 1, *random[1].Properties["erlang"].Minimum)
	assert.Zero(t, *agents["arrivals"].Properties["sell_rate"].ExclusiveMinimum)
	require.Len(t, agents["size"].AnyOf, 2, "of either market")
	assert.Zero(t, *agents["size"].AnyOf[1].Minimum)
	assert.Equal(t, []string{"constant", "optimal_rate", "optimal_schedule"}, agents["strategy"].AnyOf[1].Enum)
	assert.NotContains(t, agents["deviation"].Properties, "policy")
}

func TestKeysOfAScenario(t *testing.T) {
	keys := mustLoad(t, valid, `agents.f.name="x.y"`).Keys()
	assert.Contains(t, keys, "clock.step")
	assert.Contains(t, keys, "agents.a.holding_cost")
	assert.Contains(t, keys, `agents."x.y".count`)
	assert.NotContains(t, keys, "agents[].holding_cost")
}

// A further market is one registration: with it come its name, its kinds,
// its keys, their messages and their place in the schema.
func TestAnotherMarketIsOneRegistration(t *testing.T) {
	pool := &market{
		name: "pool",
		keys: []field[Scenario]{key("depth", positive, func(s *Scenario) *float64 { return &s.Fundamental.Start }, "Of the pool.")},
		kinds: []kind{{name: "maker", keys: []field[Agent]{
			required(key("inventory_cost", positive, func(a *Agent) *float64 { return &a.HoldingCost }, "Θ."))}}},
		checks: []check{func(c *checker, s *Scenario) {
			if s.Fundamental.Start > 10 {
				c.reportAt("depth", "too deep", "")
			}
		}},
	}
	l := newLanguage(doubleAuction(), pool)
	load := func(text string) (*Scenario, []string) {
		root, ps := parse("x", []byte(text))
		require.Empty(t, ps)
		c := newChecker(l, root, memo{})
		s := c.scenario()
		var lines []string
		for _, p := range c.problems {
			lines = append(lines, p.String())
		}
		return s, lines
	}
	const head = "schema: 1\nname: x\ndiscount_rate: 1\nclock: {step: 1, horizon: 2}\n"
	s, lines := load(head + "market: pool\ndepth: 3\nagents: [{name: m, kind: maker, inventory_cost: 7}]")
	assert.Empty(t, lines)
	assert.Equal(t, 3.0, s.Fundamental.Start)
	assert.Equal(t, 7.0, s.Agents[0].HoldingCost)
	_, lines = load(head + "market: pool\ndepth: 30\nshocks: {}\nagents: [{name: m, kind: maker, inventory_cost: 7}, {name: t, kind: trader}]")
	assert.Equal(t, []string{
		"x:7:1: shocks: this key does not belong here; it is a key of market double_auction",
		`x:8:69: agents.t.kind: got "trader", want maker`,
		"x:6:8: depth: too deep",
	}, lines)
	_, lines = load(head + "market: double_auction\nagents: [{name: m, kind: trader, holding_cost: 7, count: 2, inventory_cost: 1}]")
	assert.Equal(t, []string{"x:6:61: agents.m.inventory_cost: this key does not belong here; it is a key of market pool"}, lines)
	assert.Contains(t, l.paths, "agents[].inventory_cost")
	assert.Contains(t, l.paths, "depth")
	text, err := json.Marshal(l.root.schema(l))
	require.NoError(t, err)
	assert.Contains(t, string(text), `"enum":["double_auction","pool"]`)
}
