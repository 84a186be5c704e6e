package scenarios

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// pair is one trader and a fringe; tests add a commitment or parts.
const pair = `schema: 1
name: test
market: double_auction
discount_rate: 0.7
clock: {step: 0.25, horizon: 5}
agents:
  - {name: large, kind: trader, holding_cost: 1.3, inventory: 2}
  - {name: crowd, kind: fringe, holding_cost: 2.1, inventory: -2}
`

func TestCommitment(t *testing.T) {
	assert.Equal(t, &Commitment{Agent: "large", Rate: 1.5}, mustLoad(t, pair+"commitment: {agent: large, rate: 1.5}\n").Commitment)
	best := mustLoad(t, pair+"commitment: {agent: large, rate: best}\n")
	assert.Equal(t, &Commitment{Agent: "large", Best: true}, best.Commitment)
	assert.Contains(t, string(best.Canonical()), `"shocks":{"kind":"brownian"},"commitment":{"agent":"large","rate":"best"},"agents"`)
	for _, sets := range [][]string{{"commitment.rate=2"}, {"commitment.rate=best"}, {"commitment=null"}} {
		s := mustLoad(t, pair+"commitment: {agent: large, rate: 1.5}\n", sets...)
		assert.Equal(t, s, mustLoad(t, string(s.Canonical())))
	}
	assert.Equal(t, mustLoad(t, pair), mustLoad(t, pair+"commitment: {agent: large, rate: best}\n", "commitment=null"))
	swept := mustLoad(t, pair+"commitment: {agent: large, rate: 1}\nsweep: [{key: commitment.rate, values: [2, best]}]\n")
	points, _, err := swept.Points()
	assert.NoError(t, err)
	assert.Equal(t, []*Commitment{{Agent: "large", Rate: 2}, {Agent: "large", Best: true}}, []*Commitment{points[0].Commitment, points[1].Commitment})
}

func TestParts(t *testing.T) {
	text := strings.Replace(pair, "inventory: -2", "inventory: -2, parts: [{name: some, share: 0.3, inventory: 1}, {name: rest, share: 0.6}]", 1)
	s := mustLoad(t, text)
	assert.Equal(t, []Part{{"some", 0.3, 1}, {"rest", 0.6, 0}}, s.Agents[1].Parts)
	assert.Equal(t, s, mustLoad(t, string(s.Canonical())))
	assert.NotContains(t, string(mustLoad(t, pair).Canonical()), "parts")
	alone := mustLoad(t, text, "agents.large=null")
	assert.EqualValues(t, 1, alone.TotalMembers())
}

// Each case adds to pair, or changes it, and gives the one line that must come
// out.
func TestWelfareProblems(t *testing.T) {
	commit := func(rest string) string { return pair + "commitment: " + rest + "\n" }
	parts := func(list string) string {
		return strings.Replace(pair, "inventory: -2", "inventory: -2, parts: "+list, 1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"rate missing":        {commit("{agent: large}"), `<stdin>:9:13: commitment.rate: the key is missing; κ: it sells κ times its misallocation per unit of time, at auctions the fraction 1 − e^{−κΔ} of it; or best.`},
		"rate zero":           {commit("{agent: large, rate: 0}"), `<stdin>:9:34: commitment.rate: got 0, want a number greater than 0`},
		"rate infinite":       {commit("{agent: large, rate: .inf}"), `<stdin>:9:34: commitment.rate: got .inf, want a number greater than 0, finite`},
		"rate in words":       {commit("{agent: large, rate: fast}"), `<stdin>:9:34: commitment.rate: got "fast", want a number greater than 0 or best`},
		"rate in quotes":      {commit(`{agent: large, rate: "2"}`), `<stdin>:9:34: commitment.rate: got "2", want a number greater than 0 or best; write it without quotes`},
		"nobody of this name": {commit("{agent: larg, rate: 1}"), `<stdin>:9:21: commitment.agent: "larg" is not the trader; the trader is "large"`},
		"the fringe commits":  {commit("{agent: crowd, rate: 1}"), `<stdin>:9:21: commitment.agent: "crowd" is not the trader; the trader is "large"`},
		"two traders":         {strings.Replace(commit("{agent: large, rate: 1}"), "inventory: 2", "count: 2", 1), `<stdin>:9:13: commitment: a commitment needs one trader and a fringe, here are 2 and 1; remove the commitment, or the other agents`},
		"no fringe":           {strings.Replace(commit("{agent: large, rate: 1}"), "kind: fringe", "kind: trader", 1), `<stdin>:9:13: commitment: a commitment needs one trader and a fringe, here are 2 and 0; remove the commitment, or the other agents`},
		"parts of a trader":   {strings.Replace(pair, "inventory: 2", "parts: [{name: x, share: 1}]", 1), `<stdin>:7:52: agents.large.parts: this key does not belong here; it is a key of kind fringe`},
		"no parts":            {parts("[]"), `<stdin>:8:74: agents.crowd.parts: the list is empty; want a list of {name:, share:, inventory:}`},
		"share missing":       {parts("[{name: x}]"), `<stdin>:8:75: agents.crowd.parts[0].share: the key is missing; Its share of the fringe's risk capacity, and of the fringe's shocks; together at most 1.`},
		"share zero":          {parts("[{name: x, share: 0}]"), `<stdin>:8:92: agents.crowd.parts[0].share: got 0, want a number greater than 0`},
		"shares above 1":      {parts("[{name: x, share: 0.7}, {name: y, share: 0.4}]"), `<stdin>:8:74: agents.crowd.parts: the shares sum to 1.1, the limit is 1; lower them`},
		"inventory left over": {parts("[{name: x, share: 0.7, inventory: 1}, {name: y, share: 0.3}]"), `<stdin>:8:74: agents.crowd.parts: the parts are all of the fringe, but hold 1 of its inventory -2; the inventories of the parts must add up`},
		"name of an agent":    {parts("[{name: large, share: 0.7}]"), `<stdin>:8:82: agents.crowd.parts[0].name: "large" is also the name of an agent; names must differ`},
		"name twice":          {parts("[{name: x, share: 0.2}, {name: x, share: 0.2}]"), `<stdin>:8:105: agents.crowd.parts[1].name: "x" is also the name of another part; names must differ`},
		"a fringe alone":      {strings.Replace(pair, "  - {name: large, kind: trader, holding_cost: 1.3, inventory: 2}\n", "", 1), `<stdin>:7:3: agents: a market needs at least two traders, here is 1; add a trader, or name the parts of the fringe`},
		"alone with a policy": {strings.Replace(parts("[{name: x, share: 0.7}], deviation: {speed: 2}"), "  - {name: large, kind: trader, holding_cost: 1.3, inventory: 2}\n", "", 1), `<stdin>:7:110: agents.crowd.deviation: a fringe alone has nobody to trade with, and no policy to leave; remove the deviation, or add a trader`},
		"name of a member":    {strings.Replace(parts(`[{name: "large[2]", share: 0.7}]`), "inventory: 2", "count: 3", 1), `<stdin>:8:82: agents.crowd.parts[0].name: "large[2]" is also the name of a member of "large"; names must differ`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadText(c.text)
			assert.Equal(t, []string{c.want}, problems(t, err))
		})
	}
}
