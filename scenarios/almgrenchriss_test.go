package scenarios

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// order is a scenario without problems; tests break one thing in it.
const order = `schema: 1
name: order
market: almgren_chriss
discount_rate: 0.7
clock: {step: 0.25, horizon: 5}
impact: {instantaneous: 0.3, permanent: 0.4}
fundamental: {start: 90, volatility: 1.5}
agents:
  - {name: fund, kind: large_seller, size: 2.5, duration: 1.5}
`

func TestOrder(t *testing.T) {
	s := mustLoad(t, order)
	assert.Equal(t, Impact{0.3, 0.4}, s.Impact)
	want := newAgent()
	want.Name, want.Kind, want.Size, want.Duration, want.Strategy = "fund", KindLargeSeller, 2.5, 1.5, StrategyConstant
	assert.Equal(t, []Agent{want}, s.Agents)
	full := mustLoad(t, order, "agents.fund.start=0.5", "agents.fund.risk_aversion=0.2", "agents.fund.strategy=optimal_schedule")
	want.Start, want.RiskAversion, want.Strategy = 0.5, 0.2, StrategyOptimalSchedule
	assert.Equal(t, want, full.Agents[0])
	assert.Zero(t, mustLoad(t, valid).Agents[0].Strategy, "a trader has none")
}

// Each case changes one thing, by --set or in the text, and gives the lines that
// must come out.
func TestOrderProblems(t *testing.T) {
	second := "\n  - {name: other, kind: large_seller, size: 1, duration: 1}\n"
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"no impact", "impact: {instantaneous: 0.3, permanent: 0.4}\n", "", []string{`<stdin>:1:1: impact: the key is missing; What sales do to the price: {instantaneous: I, permanent: λ}.`}},
		{"half an impact", ", permanent: 0.4", "", []string{`<stdin>:6:9: impact.permanent: the key is missing; λ: a unit sold lowers all later prices by λ.`}},
		{"free sales", "instantaneous: 0.3", "instantaneous: 0", []string{`<stdin>:6:25: impact.instantaneous: got 0, want a number greater than 0`}},
		{"negative impact", "permanent: 0.4", "permanent: -1", []string{`<stdin>:6:41: impact.permanent: got -1, want a number of at least 0`}},
		{"no seller", "\n  - {name: fund, kind: large_seller, size: 2.5, duration: 1.5}", " []", []string{`<stdin>:8:9: agents: the list is empty; want a list of agents`}},
		{"two sellers", "\n  - {name: fund", second + "  - {name: fund", []string{`<stdin>:10:5: agents.fund: a second seller, this market has one; the first is "other"; sellers meet in a double_auction`}},
		{"no size", "size: 2.5, ", "", []string{`<stdin>:9:5: agents.fund.size: the key is missing; Quantity to be sold.`}},
		{"nothing to sell", "size: 2.5", "size: 0", []string{`<stdin>:9:44: agents.fund.size: got 0, want a number greater than 0`}},
		{"no duration", ", duration: 1.5", "", []string{`<stdin>:9:5: agents.fund.duration: the key is missing; Time in which everything is sold, a multiple of the step.`}},
		{"duration off the grid", "duration: 1.5", "duration: 1.6", []string{`<stdin>:9:59: agents.fund.duration: got 1.6, want a multiple of the step 0.25`}},
		{"duration below the step", "duration: 1.5", "duration: 1e-10", []string{`<stdin>:9:59: agents.fund.duration: got 1e-10, want a multiple of the step 0.25`}},
		{"start off the grid", "duration: 1.5", "duration: 1.5, start: 0.1", []string{`<stdin>:9:71: agents.fund.start: got 0.1, want a multiple of the step 0.25`}},
		{"start before time", "duration: 1.5", "duration: 1.5, start: -1", []string{`<stdin>:9:71: agents.fund.start: got -1, want a number of at least 0`}},
		{"too late", "duration: 1.5", "duration: 1.5, start: 3.75", []string{`<stdin>:9:59: agents.fund.duration: the order ends at 5.25, after the horizon 5; end it earlier, or simulate longer`}},
		{"love of risk", "duration: 1.5", "duration: 1.5, risk_aversion: -1", []string{`<stdin>:9:79: agents.fund.risk_aversion: got -1, want a number of at least 0`}},
		{"another market's strategy", "duration: 1.5", "duration: 1.5, strategy: optimal_rate", []string{`<stdin>:9:74: agents.fund.strategy: got "optimal_rate", want constant or optimal_schedule`}},
		{"misspelt strategy", "duration: 1.5", "duration: 1.5, strategy: constnt", []string{`<stdin>:9:74: agents.fund.strategy: got "constnt", want constant or optimal_schedule; did you mean constant?`}},
		{"a trader", "kind: large_seller", "kind: trader", []string{
			`<stdin>:9:24: agents.fund.kind: got "trader", want large_seller`,
		}},
		{"keys of auctions", "duration: 1.5", "duration: 1.5, holding_cost: 1, deviation: {speed: 2}", []string{
			`<stdin>:9:64: agents.fund.holding_cost: this key does not belong here; it is a key of market double_auction`,
			`<stdin>:9:81: agents.fund.deviation: this key does not belong here; it is a key of market double_auction or cournot`,
		}},
		{"shocks", "agents:", "shocks: {kind: none}\nagents:", []string{`<stdin>:8:1: shocks: this key does not belong here; it is a key of market double_auction`}},
		{"another market's key", "duration: 1.5", "rate: 2", []string{
			`<stdin>:9:5: agents.fund.duration: the key is missing; Time in which everything is sold, a multiple of the step.`,
			`<stdin>:9:49: agents.fund.rate: this key does not belong here; it is a key of market cournot`,
		}},
		{"the other side's name", "name: fund", "name: counterparty", []string{`<stdin>:9:12: agents.counterparty.name: the name counterparty belongs to the other side of the market; take another one`}},
		{"a control variate", "clock:", "monte_carlo: {variance_reduction: [control]}\nclock:", []string{
			`<stdin>:5:35: monte_carlo.variance_reduction: control is not for this market: the payoff less its control variate is a number, not an estimate; remove control`,
		}},
		{"no best schedule", "permanent: 0.4}", "permanent: 2.4}", nil},
		{"at auctions", "permanent: 0.4}\nfundamental: {start: 90, volatility: 1.5}\nagents:\n  - {name: fund, ", "permanent: 2.4}\nagents:\n  - {name: fund, strategy: optimal_schedule, ", []string{
			`<stdin>:6:41: impact.permanent: got 2.4, want a number below 2 × instantaneous/step = 2.4; auctions so far apart have no optimal schedule; take a shorter step, or clock.policy: continuous`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, order, c.old)
			_, err := loadText(strings.Replace(order, c.old, c.new, 1))
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			assert.Equal(t, c.want, problems(t, err))
		})
	}
	// One auction has no choice, and continuous time no auctions.
	for _, sets := range [][]string{{"agents.fund.duration=0.25"}, {"clock.policy=continuous"}} {
		mustLoad(t, order, append(sets, "impact.permanent=3", "agents.fund.strategy=optimal_schedule")...)
	}
}

// A key of one market is unknown in the other, with the reason.
func TestAuctionsHaveNoImpact(t *testing.T) {
	_, err := loadText(valid, "impact={instantaneous: 1, permanent: 1}", "agents.a.size=3")
	assert.Equal(t, []string{
		"--set 'agents.a.size=3': column 10: agents.a.size: this key does not belong here; it is a key of market almgren_chriss or cournot",
		"--set 'impact={instantaneous: 1, permanent: 1}': column 1: impact: this key does not belong here; it is a key of market almgren_chriss",
	}, problems(t, err))
}

// An editor knows what a key means in either market.
func TestSchemaOfKeysOfOneName(t *testing.T) {
	text, err := Schema()
	require.NoError(t, err)
	var s struct {
		Properties struct {
			Agents struct {
				Items struct {
					Properties map[string]struct {
						Description string
						AnyOf       []struct{ Description string }
					}
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &s))
	keys := s.Properties.Agents.Items.Properties
	require.Len(t, keys["risk_aversion"].AnyOf, 2)
	assert.Contains(t, keys["risk_aversion"].AnyOf[1].Description, "E[y] − γ Var[y]")
	either := set("risk_aversion", "inventory", "size", "duration", "start", "strategy")
	for name, key := range keys {
		assert.Equal(t, either[name], key.AnyOf != nil, name)
	}
}

// The canonical form goes into digests, as in TestCanonicalIsFrozen.
func TestCanonicalOrder(t *testing.T) {
	assert.Equal(t, `{"schema":1,"name":"order","title":"order","market":"almgren_chriss","discount_rate":0.7,"clock":{"step":0.25,"horizon":5,"policy":"discrete"},"impact":{"instantaneous":0.3,"permanent":0.4},"agents":[{"name":"fund","kind":"large_seller","size":2.5,"start":0,"duration":1.5,"risk_aversion":0,"strategy":"constant"}],"fundamental":{"start":90,"volatility":1.5},"monte_carlo":{"paths":100000,"seed":1},"record":{"paths":100,"every":1,"statistics_every":1,"outcomes":"all","layout":"long"}}`,
		string(mustLoad(t, order).Canonical()))
	rapid.Check(t, func(t *rapid.T) {
		s, err := loadText(order)
		require.NoError(t, err)
		steps := rapid.IntRange(1, 20).Draw(t, "steps")
		start := rapid.IntRange(0, 20-steps).Draw(t, "start")
		s.Impact = Impact{costs().Draw(t, "I"), rapid.Float64Range(0, .2).Draw(t, "lambda")}
		a := &s.Agents[0]
		a.Size, a.Start, a.Duration = costs().Draw(t, "size"), .25*float64(start), .25*float64(steps)
		a.RiskAversion = rapid.Float64Range(0, 9).Draw(t, "gamma")
		if s.Impact.Instantaneous > 1 {
			a.Strategy = rapid.SampledFrom([]string{StrategyConstant, StrategyOptimalSchedule}).Draw(t, "strategy")
		}
		again, err := loadText(string(s.Canonical()))
		require.NoError(t, err)
		assert.Equal(t, s, again)
	})
}
