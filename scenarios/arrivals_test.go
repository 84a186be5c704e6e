package scenarios

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// poisson is a scenario without problems; tests break one thing in it.
const poisson = `schema: 1
name: poisson
market: cournot
discount_rate: 0.4
clock: {step: 0.25, horizon: 5}
agents:
  - {name: m, kind: market_maker, inventory_cost: 1.3, count: 3}
  - {name: crowd, kind: investors, arrivals: {rate: 1.5, size: 0.7}, reservation_value: 2}
  - {name: fund, kind: large_seller, rate: 0.6, duration: {mean: 2.5}, disclosure: stealth}
`

func TestPoisson(t *testing.T) {
	s := mustLoad(t, poisson)
	assert.Equal(t, PolicyEvent, s.Clock.Policy)
	maker, crowd, fund := newAgent(), newAgent(), newAgent()
	maker.Name, maker.Kind, maker.InventoryCost, maker.Count = "m", KindMarketMaker, 1.3, 3
	crowd.Name, crowd.Kind, crowd.ReservationValue, crowd.Arrivals = "crowd", KindInvestors, 2, &Arrivals{1.5, 1.5, .7}
	fund.Name, fund.Kind, fund.Rate, fund.Random = "fund", KindLargeSeller, .6, &RandomDuration{Mean: 2.5, Stages: 1}
	fund.Strategy, fund.Disclosure.Kind = StrategyConstant, DisclosureStealth
	assert.Equal(t, []Agent{maker, crowd, fund}, s.Agents)
	assert.Equal(t, crowd.Arrivals, s.Poisson())
	assert.Equal(t, 3.0, s.Poisson().Total())
	assert.Nil(t, s.Agents[2].Intervals(), "nobody knows them")
	assert.Subset(t, s.Keys(), []string{"agents.crowd.arrivals.rate", "agents.crowd.arrivals.sell_rate", "agents.fund.duration", "agents.fund.duration.mean", "agents.fund.duration.erlang"})
	assert.Nil(t, mustLoad(t, makers).Poisson())
	assert.Nil(t, mustLoad(t, valid).Poisson())
	assert.Equal(t, `{"schema":1,"name":"poisson","title":"poisson","market":"cournot","discount_rate":0.4,"clock":{"step":0.25,"horizon":5,"policy":"event"},"solution":"published","agents":[{"name":"m","kind":"market_maker","inventory_cost":1.3,"inventory":0,"count":3},{"name":"crowd","kind":"investors","arrivals":{"rate":1.5,"size":0.7},"reservation_value":2},{"name":"fund","kind":"large_seller","rate":0.6,"duration":{"mean":2.5},"start":0,"strategy":"constant","disclosure":"stealth"}],"fundamental":{"start":0,"volatility":0},"monte_carlo":{"paths":100000,"seed":1},"record":{"paths":100,"every":1,"statistics_every":1,"outcomes":"all","layout":"long"}}`,
		string(s.Canonical()), "the canonical form goes into digests: do not change it")
}

// What is allowed, and what the scenario then says.
func TestArrivalsAndDurations(t *testing.T) {
	const sunshine = "agents.fund.disclosure=sunshine"
	fund := func(sets ...string) Agent {
		s := mustLoad(t, poisson, sets...)
		assert.Equal(t, s, mustLoad(t, string(s.Canonical())), sets)
		return s.Agents[2]
	}
	assert.Equal(t, &RandomDuration{Mean: 2, Stages: 3}, fund("agents.fund.duration={erlang: 3, mean: 2}").Random)
	assert.Equal(t, &RandomDuration{Mean: 2.5, Stages: 8}, fund("agents.fund.duration.erlang=8").Random)
	assert.Equal(t, &RandomDuration{Mean: 2.5, Stages: 1}, fund("agents.fund.duration.erlang=1", sunshine).Random)
	mixed := fund("agents.fund.duration={hyperexponential: [{weight: 0.25, mean: 2}, {weight: 0.75, mean: 0.4}]}").Random
	assert.Equal(t, &RandomDuration{Mean: .25*2 + .75*.4, Mixture: []Weighted{{.25, 2}, {.75, .4}}}, mixed)
	assert.Equal(t, &RandomDuration{Mean: 2, Stages: 1}, fund("agents.fund.duration={hyperexponential: [{weight: 1, mean: 2}]}").Random)
	for law, exponential := range map[string]bool{"{mean: 3}": true, "{erlang: 2, mean: 3}": false,
		"{hyperexponential: [{weight: 0.5, mean: 2}, {weight: 0.5000000009, mean: 0.4}]}": false} {
		assert.Equal(t, exponential, fund("agents.fund.duration="+law).Random.Exponential(), law)
	}
	known := fund("agents.fund.duration=1.5", sunshine)
	assert.Equal(t, []Interval{{0, 1.5, .6}}, known.Intervals())
	assert.Nil(t, known.Random)
	assert.Equal(t, 1.5, fund("agents.fund.duration=null", "agents.fund.size=0.9", "agents.fund.start=2", sunshine).Duration)
	best := fund("agents.fund.rate=null", "agents.fund.strategy=optimal_rate")
	assert.Equal(t, []any{0.0, 2.5, DisclosureStealth}, []any{best.Rate, best.Random.Mean, best.Disclosure.Kind})
	fund("agents.fund.rate=null", "agents.fund.strategy=optimal_rate", "agents.fund.duration=2", sunshine)
	fund("agents.fund.start=0", "agents.fund.deviation={speed: 0.01}", "solution=open_loop")
	fund("agents.fund.kind=large_buyer")
	fund("agents.fund.rate=0")

	unequal := mustLoad(t, poisson, "agents.crowd.arrivals={buy_rate: 1.5, sell_rate: 0.9, size: 0.7}")
	assert.Equal(t, &Arrivals{1.5, .9, .7}, unequal.Poisson())
	assert.Contains(t, string(unequal.Canonical()), `"arrivals":{"buy_rate":1.5,"sell_rate":0.9,"size":0.7}`)
	assert.Equal(t, mustLoad(t, poisson), mustLoad(t, poisson, "agents.crowd.arrivals={buy_rate: 1.5, sell_rate: 1.5, size: 0.7}"))
	// A step of which an arrival is certain is the longest.
	steps := mustLoad(t, poisson, "clock.policy=discrete", "clock.step="+shortest(1.0/3), "clock.horizon=3")
	assert.Equal(t, PolicyDiscrete, steps.Clock.Policy)
	assert.True(t, mustLoad(t, poisson, "monte_carlo.variance_reduction=[control]").MonteCarlo.Control)
	mustLoad(t, poisson, "agents.fund=null", "solution=feedback")
	mustLoad(t, poisson, "agents.fund=null", "agents.m.deviation={speed: 0}")
}

// In a sweep an order may change from one disclosure, law or rate to another,
// and the two rates of arrivals apart.
func TestSweepsOfArrivals(t *testing.T) {
	points := func(sets ...string) []*Scenario {
		s := mustLoad(t, poisson, sets...)
		again := mustLoad(t, string(s.Canonical()))
		assert.Equal(t, s, again)
		all, _, err := again.Points()
		require.NoError(t, err)
		for _, p := range all {
			assert.Equal(t, p, mustLoad(t, string(p.Canonical())))
		}
		return all
	}
	all := points("sweep=[{key: agents.fund.disclosure, values: [sunshine, stealth]}, {key: agents.fund.duration.erlang, values: [1, 4]}]")
	require.Len(t, all, 4)
	for i, p := range all {
		fund := p.Agents[2]
		assert.Equal(t, []string{DisclosureSunshine, DisclosureStealth}[i/2], fund.Disclosure.Kind)
		assert.Equal(t, &RandomDuration{Mean: 2.5, Stages: []int{1, 4}[i%2]}, fund.Random)
	}
	all = points("agents.fund.disclosure=sunshine", "sweep=[{key: agents.fund.duration, values: [0.5, 2]}]")
	assert.Equal(t, []float64{1.2, 2}, []float64{all[1].Agents[2].Size, all[1].Agents[2].Duration})
	all = points("sweep=[{key: agents.crowd.arrivals.rate, values: [1, 2]}]")
	assert.Equal(t, &Arrivals{2, 2, .7}, all[1].Poisson())
	all = points("agents.crowd.arrivals={buy_rate: 1.5, sell_rate: 1.5, size: 0.7}", "sweep=[{key: agents.crowd.arrivals.sell_rate, values: [1, 2]}]")
	assert.Equal(t, &Arrivals{1.5, 2, .7}, all[1].Poisson())

	_, err := loadText(poisson, "sweep=[{key: clock.policy, values: [event, discrete]}]")
	assert.NoError(t, err)
	_, err = loadText(poisson, "sweep=[{key: agents.crowd.arrivals.buy_rate, values: [2]}]")
	assert.Equal(t, []string{`--set 'sweep=[{key: agents.crowd.arrivals.buy_rate, values: [2]}]': column 55: agents.crowd.arrivals.buy_rate: the rate already says it, of buyers and of sellers; remove it, or the rate (--set key=null clears a key)`},
		problems(t, err))
}

// Each case changes one thing and gives the one line that must come out.
func TestPoissonProblems(t *testing.T) {
	const crowd, fund = "agents.crowd", "agents.fund"
	const came, law, last = "{rate: 1.5, size: 0.7}", "duration: {mean: 2.5}", "disclosure: stealth}\n"
	const maker = "  - {name: other, kind: market_maker, inventory_cost: 1.3}\n"
	for _, c := range []struct{ name, old, new, want string }{
		{"no rate", came, "^{size: 0.7}", crowd + `.arrivals.rate: the key is missing; λ: buyers per unit of time, and as many sellers; or give buy_rate and sell_rate`},
		{"no buyers", came, "^{sell_rate: 1, size: 0.7}", crowd + `.arrivals.buy_rate: the key is missing; λ_B: buyers per unit of time; or give one rate for either side`},
		{"no sellers", came, "^{buy_rate: 1, size: 0.7}", crowd + `.arrivals.sell_rate: the key is missing; λ_S: sellers per unit of time; or give one rate for either side`},
		{"a rate too many", came, "{rate: 1.5, sell_rate: ^1.5, size: 0.7}", crowd + `.arrivals.sell_rate: the rate already says it, of buyers and of sellers; remove it, or the rate (--set key=null clears a key)`},
		{"no size", came, "^{rate: 1.5}", crowd + `.arrivals.size: the key is missing; c: at the relative prices a and b a buyer takes c(ω − a), and a seller gives c(ω + b).`},
		{"size of zero", came, "{rate: 1.5, size: ^0}", crowd + `.arrivals.size: got 0, want a number greater than 0`},
		{"negative size", came, "{rate: 1.5, size: ^-0.7}", crowd + `.arrivals.size: got -0.7, want a number greater than 0`},
		{"rate of zero", came, "{rate: ^0, size: 0.7}", crowd + `.arrivals.rate: got 0, want a number greater than 0`},
		{"negative rate", came, "{buy_rate: 2, sell_rate: ^-1.5, size: 0.7}", crowd + `.arrivals.sell_rate: got -1.5, want a number greater than 0`},
		{"misspelt rate", came, "{^rat: 1.5, size: 0.7}", crowd + `.arrivals.rat: there is no such key; did you mean rate?`},
		{"a number for arrivals", came, "^3", crowd + `.arrivals: got 3, want a mapping of keys`},
		{"misspelt arrivals", "arrivals: {", "^arrival: {", crowd + `.arrival: there is no such key; did you mean arrivals?`},
		{"arrivals of a maker", "count: 3", "^arrivals: " + came, `agents.m.arrivals: this key does not belong here; it is a key of kind investors`},
		{"arrivals and activity", came, "^" + came + ", activity: 5", crowd + `.arrivals: investors have an activity or arrivals, here are both; the activity stands at <stdin>:8:80; remove one of them (--set key=null clears a key)`},
		{"neither", "- {name: crowd, kind: investors, arrivals: " + came, "- ^{name: crowd, kind: investors", crowd + `: investors need an activity or arrivals, here is neither; add activity: 1 for a steady flow, or arrivals: {rate: 1, size: 1} for investors who come one by one`},

		{"continuous", "horizon: 5", "horizon: 5, policy: ^continuous", `clock.policy: got "continuous", want event or discrete; investors who come one by one meet quotes at exact times (event), or at most one of them in a step (discrete)`},
		{"misspelt event", "horizon: 5", "horizon: 5, policy: ^events", `clock.policy: got "events", want discrete, continuous or event; did you mean event?`},
		{"two in a step", "step: 0.25, horizon: 5", "step: ^0.5, horizon: 5, policy: discrete", `clock.step: got 0.5, want at most 1/(buy_rate + sell_rate) = 0.3333333333333333; with policy: discrete a step sees one arrival with probability (buy_rate + sell_rate) × step; take a shorter step, or policy: event`},
		{"too many to simulate", "agents:", "monte_carlo: {paths: ^1e9}\nrecord: {outcomes: none}\nagents:", ``},
		{"antithetic", "agents:", "monte_carlo: {variance_reduction: ^[antithetic]}\nagents:", `monte_carlo.variance_reduction: antithetic is not for arrivals: their times have no mirror image; remove antithetic`},
		{"control of steps", "horizon: 5}", "horizon: 5, policy: discrete}\nmonte_carlo: {variance_reduction: ^[control]}", `monte_carlo.variance_reduction: control is for arrivals at exact times, the policy is discrete; remove control, or write policy: event`},

		{"another cost", "  - {name: crowd", strings.Replace(maker, "1.3", "^1.4", 1) + "  - {name: crowd", `agents.other.inventory_cost: the inventory cost is 1.4, that of "m" is 1.3: with arrivals makers must be identical; make the makers alike`},
		{"another inventory", "agents:\n  - {name: m", "solution: open_loop\nagents:\n" + maker + "  - {name: m, inventory: ^0.1", `agents.m.inventory: the initial inventory is 0.1, that of "other" is 0: with arrivals makers must be identical; make the makers alike`},
		{"feedback", "agents:", "solution: ^feedback\nagents:", `solution: feedback with arrivals is solved for a market without large orders; write solution: published or open_loop, or remove the orders`},

		{"certain end", law, "duration: ^2.5", fund + `.duration: got 2.5 with stealth: an end that is certain is known to all, and the order is sunshine; write duration: {mean: 1}, which is exponential, or disclosure: sunshine`},
		{"no end", "- {name: fund, kind: large_seller, rate: 0.6, " + law, "- ^{name: fund, kind: large_seller, rate: 0.6", fund + `.duration: stealth needs a random duration, which the makers cannot know; write duration: {mean: 1}, which is exponential, or disclosure: sunshine`},
		{"certain amounts", "- {name: fund, kind: large_seller, rate: 0.6, " + law, "- ^{name: fund, kind: large_seller, rate: 0.6, size: 2", fund + `.duration: stealth needs a random duration, which the makers cannot know; write duration: {mean: 1}, which is exponential, or disclosure: sunshine`},
		{"stealth on a schedule", "rate: 0.6, " + law + ", disclosure: ", "schedule: [{from: 0, to: 1, rate: 2}], disclosure: ^", fund + `.disclosure: stealth is for an order at a constant rate, not for a schedule; write disclosure: sunshine, or give the order a rate and a random duration`},
		{"schedule with a law", "rate: 0.6, duration: {mean: 2.5}, disclosure: stealth", "schedule: [{from: 0, to: 1, rate: 2}], duration: ^{mean: 2.5}", fund + `.duration: the schedule already says it; remove the duration or the schedule`},
		{"random and late", last, "start: ^0.5, " + last, fund + `.start: got 0.5, want 0; an order that ends at random is there from the beginning`},
		{"random beside another", law, "duration: ^{mean: 2.5}", ``},
		{"size at random", "rate: 0.6", "size: ^0.6", fund + `.size: the duration is random, and so is the size: rate × duration; remove the size, and give a rate`},
		{"size and rate at random", "rate: 0.6", "rate: 0.6, size: ^1.5", fund + `.size: the duration is random, and so is the size: rate × duration; remove the size, and give a rate`},
		{"no rate at random", "- {name: fund, kind: large_seller, rate: 0.6,", "- ^{name: fund, kind: large_seller,", fund + `: an order of random duration needs a rate; add one: its size is rate × duration`},
		{"optimal rate of a rate", "rate: 0.6", "strategy: optimal_rate, rate: ^0.6", fund + `.rate: the strategy optimal_rate finds the rate; remove the rate or the strategy`},
		{"optimal rate with memory", "rate: 0.6, " + law, "strategy: optimal_rate, duration: ^{erlang: 2, mean: 2.5}", fund + `.duration: optimal_rate with stealth is solved for an exponential duration; write {mean: 2.5}, or give the order a rate`},
		{"optimal rate of every draw", "rate: 0.6, " + law + ", disclosure: stealth", "strategy: ^optimal_rate, " + law, fund + `.strategy: optimal_rate of a random duration that the makers know would be another for every draw; give the order a rate, or write disclosure: stealth`},
		{"optimal schedule", "rate: 0.6, " + law + ", disclosure: stealth", "strategy: ^optimal_schedule, duration: 2", fund + `.strategy: optimal_schedule is solved for investors in a flow (activity), not for arrivals; give the order a rate or a schedule`},
		{"detected", law + ", disclosure: stealth", "duration: 2, disclosure: ^{detected_after: 0.1, before: quote}", fund + `.disclosure: detected_after is solved for investors in a flow (activity), not for arrivals; remove the disclosure: the makers know the order from time 0 on`},
		{"misspelt stealth", "disclosure: stealth", "disclosure: ^stelth", fund + `.disclosure: got "stelth", want sunshine or stealth; did you mean stealth?`},

		{"mean of zero", law, "duration: {mean: ^0}", fund + `.duration.mean: got 0, want a number greater than 0`},
		{"no mean", law, "duration: ^{erlang: 2}", fund + `.duration.mean: the key is missing; Mean of the random duration; or give hyperexponential`},
		{"no law", law, "duration: ^{}", fund + `.duration.mean: the key is missing; Mean of the random duration; or give hyperexponential`},
		{"misspelt mean", law, "duration: {^meen: 1}", fund + `.duration.meen: there is no such key; did you mean mean?`},
		{"a word for a law", law, "duration: ^exponential", fund + `.duration: got "exponential", want a number greater than 0, or {mean:}, {erlang:, mean:} or {hyperexponential: […]}`},
		{"text for a number", law, `duration: ^"2"`, fund + `.duration: got "2", want a number greater than 0, or {mean:}, {erlang:, mean:} or {hyperexponential: […]}; write it without quotes`},
		{"half a stage", law, "duration: {erlang: ^2.5, mean: 1}", fund + `.duration.erlang: got 2.5, want a whole number from 1 to 1000`},
		{"mean of a mixture", law, "duration: {mean: ^1, hyperexponential: [{weight: 1, mean: 1}]}", fund + `.duration.mean: hyperexponential already says it; remove the mean, or hyperexponential (--set key=null clears a key)`},
		{"empty mixture", law, "duration: {hyperexponential: ^[]}", fund + `.duration.hyperexponential: the list is empty; want a list of {weight:, mean:}`},
		{"weights", law, "duration: {hyperexponential: ^[{weight: 0.25, mean: 1}, {weight: 0.5, mean: 2}]}", fund + `.duration.hyperexponential: the weights sum to 0.75, want 1; divide each by their sum`},
		{"weights off by 2e-9", law, "duration: {hyperexponential: ^[{weight: 0.5, mean: 1}, {weight: 0.500000002, mean: 2}]}", fund + `.duration.hyperexponential: the weights sum to 1.0000000020000002, want 1; divide each by their sum`},
		{"negative weight", law, "duration: {hyperexponential: [{weight: 1.5, mean: 1}, {weight: ^-0.5, mean: 2}]}", fund + `.duration.hyperexponential[1].weight: got -0.5, want a number greater than 0`},
		{"no weight", law, "duration: {hyperexponential: [^{mean: 1}]}", fund + `.duration.hyperexponential[0].weight: the key is missing; Probability that the duration has this mean.`},

		{"misreport of a seller", last, "deviation: {misreport: ^{shift: 1}}, " + last, fund + `.deviation.misreport: the kind large_seller leaves its policy by speed only; write speed: 0.5, or 0 for no trade`},
		{"negative speed", last, "deviation: {speed: ^-1}, " + last, fund + `.deviation.speed: got -1, want a number of at least 0`},
		{"slow and known", law + ", disclosure: stealth", "duration: 2, deviation: {speed: ^0.25}", fund + `.deviation.speed: at speed 0.25 the order ends at 8, after the horizon 5; simulate longer, or take a higher speed`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, where := broken(t, poisson, c.old, c.new)
			want := where + c.want
			switch c.name {
			case "too many to simulate":
				text = strings.Replace(text, "rate: 1.5", "rate: 1e3", 1)
				want += `monte_carlo.paths: 1000000000 paths × 10000 expected arrivals (rate 2000 × horizon 5) are 1e+13, the limit is 1e+13; take fewer paths or a shorter horizon`
				_, err := loadText(text)
				require.NoError(t, err, "just as many as are allowed")
				text = strings.Replace(text, "rate: 1e3", "rate: 1.001e3", 1)
				want = strings.NewReplacer("× 10000", "× 10010", "2000", "2002", "are 1e+13", "are 1e+13").Replace(want)
			case "random beside another":
				text += "  - {name: b, kind: large_buyer, size: 1, duration: 1}\n"
				want += fund + `.duration: a random duration is solved for an order that is alone, here are 2; remove the other orders, or write a number`
			}
			_, err := loadText(text)
			assert.Equal(t, []string{want}, problems(t, err))
		})
	}
}

// Several mistakes come out at once.
func TestPoissonProblemsAtOnce(t *testing.T) {
	_, err := loadText(strings.Replace(poisson, "activity", "arrivals", 1), "agents.crowd.arrivals={}", "clock.policy=continuous", "agents.fund.duration=1", "monte_carlo.variance_reduction=[antithetic]")
	assert.Len(t, problems(t, err), 5)
	_, err = loadText(makers, "agents.fund={name: fund, kind: large_seller, rate: 1, duration: {mean: 2}, disclosure: stealth}", "agents.crowd.arrivals=null")
	assert.Len(t, problems(t, err), 2, "a random duration, and stealth")
	_, err = loadText(poisson, "monte_carlo.paths=10", "agents.crowd.arrivals.rate=3e9")
	assert.Contains(t, problems(t, err)[0], "record.paths: 10 recorded paths × 3e+10 expected arrivals are 3e+11 rows of events, the limit is 1e+10; record fewer paths")
}

func drawLaw(t *rapid.T) *RandomDuration {
	law := RandomDuration{Mean: costs().Draw(t, "mean"), Stages: rapid.IntRange(1, 4).Draw(t, "stages")}
	if rapid.Bool().Draw(t, "mixture") {
		w := rapid.Float64Range(.01, .99).Draw(t, "weight")
		law = RandomDuration{Mixture: []Weighted{{w, law.Mean}, {1 - w, costs().Draw(t, "other mean")}}}
		for _, v := range law.Mixture {
			law.Mean += float64(v.Weight * v.Mean)
		}
	}
	return &law
}

// drawPoisson makes a market of arrivals of one of makers, which satisfies every
// rule.
func drawPoisson(t *rapid.T, s *Scenario) {
	drawCournot(t, s)
	share := rapid.Float64Range(1e-3, .49) // of the steps
	came := Arrivals{share.Draw(t, "buyers") / s.Clock.Step, share.Draw(t, "sellers") / s.Clock.Step, costs().Draw(t, "size")}
	if rapid.Bool().Draw(t, "equal rates") {
		came.SellRate = came.BuyRate
	}
	s.Agents[1].Activity, s.Agents[1].Arrivals = 0, &came
	s.Clock.Policy = rapid.SampledFrom([]string{PolicyEvent, PolicyDiscrete}).Draw(t, "policy")
	s.MonteCarlo.Antithetic, s.MonteCarlo.Control = false, s.Clock.Policy == PolicyEvent
	if came.Total()*s.Clock.Horizon*float64(s.MonteCarlo.Paths) > maxEvents {
		s.MonteCarlo.Paths, s.Record.Paths = 1, min(s.Record.Paths, 1)
	}
	kept := s.Agents[:2:2]
	for _, a := range s.Agents[2:] {
		if a.large() && s.Solution != SolutionFeedback && a.Strategy != StrategyOptimalSchedule {
			a.Disclosure = Disclosure{Kind: DisclosureSunshine}
			kept = append(kept, a)
		}
	}
	s.Agents = kept
	if s.orders() != 1 || rapid.Bool().Draw(t, "certain") {
		return
	}
	a := &s.Agents[2]
	a.Schedule, a.Size, a.Start, a.Duration, a.Random = nil, 0, 0, 0, drawLaw(t)
	a.Strategy, a.Rate = StrategyConstant, rapid.Float64Range(0, 1e9).Draw(t, "rate")
	if rapid.Bool().Draw(t, "stealth") {
		a.Disclosure.Kind = DisclosureStealth
		if a.Random.Exponential() && rapid.Bool().Draw(t, "best") {
			a.Strategy, a.Rate = StrategyOptimalRate, 0
		}
	}
}

func TestPoissonRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Draw(t, "scenario")
		s.Shocks, s.CommonValues, s.Exponential = newShocks(), nil, false
		drawPoisson(t, s)
		text := s.Canonical()
		again, err := loadText(string(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		assert.Equal(t, s, again)
		assert.Equal(t, string(text), string(again.Canonical()))
		for _, a := range s.Agents {
			if a.Random != nil {
				assert.True(t, a.Random.Mean > 0 && !math.IsInf(a.Random.Mean, 0))
				assert.Nil(t, a.Intervals())
			}
		}
	})
}
