package scenarios

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// makers is a scenario without problems; tests break one thing in it.
const makers = `schema: 1
name: makers
market: cournot
discount_rate: 0.1
clock: {step: 0.25, horizon: 5}
agents:
  - {name: m, kind: market_maker, inventory_cost: 1.3, count: 3}
  - {name: crowd, kind: investors, activity: 5, reservation_value: 2}
  - {name: fund, kind: large_seller, size: 4.5, duration: 1.5}
`

func TestMakers(t *testing.T) {
	s := mustLoad(t, makers)
	assert.Equal(t, SolutionPublished, s.Solution)
	assert.Equal(t, PolicyContinuous, s.Clock.Policy)
	maker, crowd, fund := newAgent(), newAgent(), newAgent()
	maker.Name, maker.Kind, maker.InventoryCost, maker.Count = "m", KindMarketMaker, 1.3, 3
	crowd.Name, crowd.Kind, crowd.Activity, crowd.ReservationValue = "crowd", KindInvestors, 5, 2
	fund.Name, fund.Kind, fund.Size, fund.Duration, fund.Rate = "fund", KindLargeSeller, 4.5, 1.5, 3
	fund.Strategy, fund.Disclosure.Kind = StrategyConstant, DisclosureSunshine
	assert.Equal(t, []Agent{maker, crowd, fund}, s.Agents)
	assert.Equal(t, []Interval{{0, 1.5, 3}}, s.Agents[2].Intervals())
	assert.Nil(t, s.Agents[0].Intervals())
	assert.Equal(t, PolicyDiscrete, mustLoad(t, makers, "clock.policy=discrete").Clock.Policy)
	assert.Equal(t, SolutionFeedback, mustLoad(t, makers, "solution=feedback").Solution)
	mustLoad(t, makers, "agents.fund=null") // no large order at all
	for _, text := range []string{valid, order} {
		assert.Zero(t, mustLoad(t, text).Solution, "a key of this market")
		assert.Equal(t, PolicyDiscrete, mustLoad(t, text).Clock.Policy)
	}
}

// What follows from the keys that the file gives.
func TestAmounts(t *testing.T) {
	tenth, third := .1, .3 // so that the quotient is rounded as doubles are
	third = tenth / third
	type amounts struct{ size, rate, duration float64 }
	for sets, want := range map[string]amounts{
		"size=4.5 rate=3":                                          {4.5, 3, 1.5},
		"rate=3 duration=1.5":                                      {4.5, 3, 1.5},
		"size=0 duration=1.5":                                      {0, 0, 1.5},
		"rate=0 duration=1.5":                                      {0, 0, 1.5},
		"size=0 rate=0 duration=1.5":                               {0, 0, 1.5},
		"size=4.5 rate=3.000000002 duration=1.5":                   {4.5, 3.000000002, 1.5},
		"size=0.1 duration=0.3":                                    {.1, third, .3},
		"duration=1.5 strategy=optimal_rate":                       {0, 0, 1.5},
		"size=4.5 strategy=optimal_rate":                           {4.5, 0, 0},
		"size=4.5 duration=1.5 strategy=optimal_schedule":          {4.5, 0, 1.5},
		"duration=1.5 strategy=optimal_schedule":                   {0, 0, 1.5},
		"schedule=[{from: 1, to: 2, rate: 3}]":                     {},
		"schedule=[{from: 1, to: 2, rate: 3}] strategy=constant":   {},
		"schedule=[{from: 1, to: 5, rate: 0}]":                     {},
		"size=4.5 duration=5":                                      {4.5, .9, 5},
		"size=4.5 duration=4.75 start=0.25":                        {4.5, 4.5 / 4.75, 4.75},
		"size=0.25 duration=1e-7 start=4.3 disclosure=sunshine":    {.25, 2.5e6, 1e-7},
		"size=4.5 duration=1.5 rate=3 deviation={speed: 0.3}":      {4.5, 3, 1.5},
		"size=4.5 duration=1.5 deviation={speed: 0}":               {4.5, 3, 1.5},
		"size=4.5 strategy=optimal_rate deviation={speed: 0.0001}": {4.5, 0, 0},
	} {
		cleared := []string{"agents.fund.size=null", "agents.fund.duration=null"}
		for _, set := range strings.Fields(strings.NewReplacer(": ", ":", ", ", ",").Replace(sets)) {
			cleared = append(cleared, "agents.fund."+strings.NewReplacer(":", ": ", ",", ", ").Replace(set))
		}
		s := mustLoad(t, makers, cleared...)
		a := s.Agents[2]
		assert.Equal(t, want, amounts{a.Size, a.Rate, a.Duration}, sets)
		assert.Equal(t, s, mustLoad(t, string(s.Canonical())), sets)
	}
}

// Two of the three are given, whichever: the canonical form is the same.
func TestCanonicalAmounts(t *testing.T) {
	a := mustLoad(t, makers)
	b := mustLoad(t, makers, "agents.fund.size=null", "agents.fund.rate=3")
	assert.Equal(t, string(a.Canonical()), string(b.Canonical()))
	assert.Equal(t, `{"schema":1,"name":"makers","title":"makers","market":"cournot","discount_rate":0.1,"clock":{"step":0.25,"horizon":5,"policy":"continuous"},"solution":"published","agents":[{"name":"m","kind":"market_maker","inventory_cost":1.3,"inventory":0,"count":3},{"name":"crowd","kind":"investors","activity":5,"reservation_value":2},{"name":"fund","kind":"large_seller","size":4.5,"rate":3,"duration":1.5,"start":0,"strategy":"constant"}],"fundamental":{"start":0,"volatility":0},"monte_carlo":{"paths":100000,"seed":1},"record":{"paths":100,"every":1,"statistics_every":1,"outcomes":"all","layout":"long"}}`,
		string(a.Canonical()))
}

// broken puts something in place of a part of a text. A mark ^ stands before the
// place of the problem; the line and column are counted from it.
func broken(t *testing.T, text, old, new string) (out, where string) {
	require.Contains(t, text, old)
	before, after, found := strings.Cut(strings.Replace(text, old, new, 1), "^")
	if !found {
		return before, ""
	}
	return before + after, fmt.Sprintf("<stdin>:%d:%d: ", 1+strings.Count(before, "\n"), len([]rune(before))-len([]rune(before[:strings.LastIndex(before, "\n")+1]))+1)
}

// Each case changes one thing and gives the one line that must come out.
func TestMakersProblems(t *testing.T) {
	const seller, fund = "large_seller, size: 4.5, duration: 1.5", "agents.fund"
	const other = "  - {name: other, kind: market_maker, inventory_cost: 1.3}\n"
	const last = "duration: 1.5}\n"
	for _, c := range []struct{ name, old, new, want string }{
		{"solution", "discount_rate", "solution: ^nash\ndiscount_rate", `solution: got "nash", want published, open_loop or feedback`},
		{"events", "horizon: 5", "horizon: 5, policy: ^event", `clock.policy: got "event", want continuous or discrete; event is for investors who come one by one: give them arrivals instead of activity`},
		{"no maker", "agents:\n  - {name: m, kind: market_maker, inventory_cost: 1.3, count: 3}", "agents:\n  ^# none", ``},
		{"no investors", "- {name: crowd, kind: investors, activity: 5, reservation_value: 2}", "# none", ``},
		{"second investors", last, last + "  - {name: more, kind: ^investors, activity: 5, reservation_value: 2}\n", `agents.more.kind: a second agent of the kind investors, a market has one; the first is "crowd"; it stands for all investors together`},
		{"a trader", "kind: investors", "kind: ^trader", `agents.crowd.kind: got "trader", want market_maker, investors, large_seller or large_buyer`},
		{"no cost", "{name: m, kind: market_maker, inventory_cost: 1.3,", "^{name: m, kind: market_maker,", `agents.m.inventory_cost: the key is missing; η: holding inventory x costs ηx² per unit of time, per member.`},
		{"cost of zero", "inventory_cost: 1.3", "inventory_cost: ^0", `agents.m.inventory_cost: got 0, want a number greater than 0`},
		{"no activity", "- {name: crowd, kind: investors, activity: 5,", "- ^{name: crowd, kind: investors,", `agents.crowd: investors need an activity or arrivals, here is neither; add activity: 1 for a steady flow, or arrivals: {rate: 1, size: 1} for investors who come one by one`},
		{"activity of zero", "activity: 5", "activity: ^0", `agents.crowd.activity: got 0, want a number greater than 0`},
		{"no value", "reservation_value: 2", "reservation_value: ^-2", `agents.crowd.reservation_value: got -2, want a number greater than 0`},
		{"Poisson investors", "activity: 5", "activity: 5, arrivals: ^{rate: 3, size: 1}", `agents.crowd.arrivals: investors have an activity or arrivals, here are both; the activity stands at <stdin>:8:46; remove one of them (--set key=null clears a key)`},
		{"investors of two", "reservation_value: 2", "reservation_value: 2, ^count: 2", `agents.crowd.count: this key does not belong here; it is a key of kind market_maker`},
		{"investors who deviate", "reservation_value: 2", "reservation_value: 2, ^deviation: {speed: 1}", `agents.crowd.deviation: this key does not belong here; it is a key of kind market_maker, large_seller or large_buyer`},
		{"a rate of a maker", "count: 3", "count: 3, ^schedule: []", `agents.m.schedule: this key does not belong here; it is a key of kind large_seller or large_buyer`},
		{"shocks", "agents:", "^shocks: {kind: none}\nagents:", `shocks: this key does not belong here; it is a key of market double_auction`},
		{"a control variate", "agents:", "monte_carlo: {variance_reduction: ^[control]}\nagents:", `monte_carlo.variance_reduction: control is not for this market: the payoff less its control variate is a number, not an estimate; remove control`},
		{"same name", "name: fund", "name: ^m", `agents.m.name: "m" is also the name of agent 1; names must differ`},
		{"a member's name", "name: fund", `name: ^"m[2]"`, `agents.m[2].name: "m[2]" is also the name of member 2 of "m"; names must differ`},

		{"another cost", "  - {name: crowd", strings.Replace(other, "1.3", "^1.4", 1) + "  - {name: crowd", `agents.other.inventory_cost: the inventory cost is 1.4, that of "m" is 1.3: makers who take their rivals to hold what they hold themselves (solution: published) must be identical; write solution: open_loop or feedback, or make the makers alike`},
		{"another inventory", "  - {name: crowd", strings.Replace(other, "1.3", "1.3, inventory: ^-2", 1) + "  - {name: crowd", `agents.other.inventory: the initial inventory is -2, that of "m" is 0: makers who take their rivals to hold what they hold themselves (solution: published) must be identical; write solution: open_loop or feedback, or make the makers alike`},
		{"an inventory not given", "count: 3}\n", "count: 3, inventory: 1}\n" + strings.Replace(other, "{", "^{", 1), `agents.other.inventory: the initial inventory is 0, that of "m" is 1: makers who take their rivals to hold what they hold themselves (solution: published) must be identical; write solution: open_loop or feedback, or make the makers alike`},
		{"many kinds of makers", "agents:\n  - {name: m, kind: market_maker, inventory_cost: 1.3, count: 3}", "solution: feedback\nagents:\n  ^- {name: m, kind: market_maker, inventory_cost: 1.3, count: 11}\n" + strings.Replace(other, "1.3", "2, count: 2", 1), `agents: 13 makers with different inventory costs, the limit is 12: they are solved one by one; lower the counts, or give all the same cost`},

		{"negative size", "size: 4.5", "size: ^-4.5", fund + `.size: got -4.5, want a number of at least 0`},
		{"negative rate", "size: 4.5", "rate: ^-3", fund + `.rate: got -3, want a number of at least 0`},
		{"no time", "duration: 1.5", "duration: ^0", fund + `.duration: got 0, want a number greater than 0`},
		{"random time", "duration: 1.5", "duration: ^{mean: 0.2}", fund + `.duration: a random duration is solved for investors who come one by one (arrivals), not for a flow (activity); write a number, or give the investors arrivals`},
		{"one amount", "- {name: fund, kind: large_seller, size: 4.5, duration: 1.5", "- ^{name: fund, kind: large_seller, size: 4.5", fund + `: an order needs two of size, rate and duration, here is size; add rate or duration; or give a schedule, or a strategy that finds the rate`},
		{"no amount", "- {name: fund, kind: large_seller, size: 4.5, duration: 1.5", "- ^{name: fund, kind: large_buyer", fund + `: an order needs two of size, rate and duration, here is nothing; add size, rate or duration; or give a schedule, or a strategy that finds the rate`},
		{"misspelt", "size: 4.5", "^sise: 4.5", fund + `.sise: there is no such key; did you mean size?`},
		{"three that do not agree", "size: 4.5", "rate: 2, size: ^4.5", fund + `.size: got 4.5, want rate × duration = 3; one of the three follows from the others: remove it (--set key=null clears a key)`},
		{"three that hardly agree", "size: 4.5", "rate: 3.00000001, size: ^4.5", fund + `.size: got 4.5, want rate × duration = 4.5000000149999995; one of the three follows from the others: remove it (--set key=null clears a key)`},
		{"never done", "duration: 1.5", "rate: ^0", fund + `.rate: no order has the size 4.5 and the rate 0; its duration would not be a number, or no time at all`},
		{"nothing at no rate", "size: 4.5, duration: 1.5", "size: 0, rate: ^0", fund + `.rate: no order has the size 0 and the rate 0; its duration would not be a number, or no time at all`},
		{"nothing at a rate", "size: 4.5, duration: 1.5", "size: 0, rate: ^2", fund + `.rate: no order has the size 0 and the rate 2; its duration would not be a number, or no time at all`},
		{"beyond numbers", "size: 4.5, duration: 1.5", "size: 1e300, duration: ^1e-300", fund + `.duration: no order has the size 1e300 and the duration 1e-300; its rate would not be a number, or no time at all`},
		{"below numbers", "size: 4.5, duration: 1.5", "size: 5e-324, duration: ^3", fund + `.duration: no order has the size 5e-324 and the duration 3; its rate would not be a number, or no time at all`},
		{"much too large", "size: 4.5, duration: 1.5", "rate: 1e308, duration: ^100", fund + `.duration: no order has the rate 1e308 and the duration 100; its size would not be a number, or no time at all`},
		{"start", last, "duration: 1.5, start: ^-1}\n", fund + `.start: got -1, want a number of at least 0`},
		{"too late", "duration: 1.5", "start: 3.6, duration: ^1.5", fund + `.duration: the order ends at 5.1, after the horizon 5; end it earlier, or simulate longer`},
		{"too slow", "size: 4.5, duration: 1.5", "rate: 0.5, size: ^4.5", fund + `.size: the order ends at 9, after the horizon 5; end it earlier, or simulate longer`},
		{"over at once", "duration: 1.5", "start: 3, duration: ^1e-17", fund + `.duration: the order begins at 3 and is over at once; take a longer duration`},

		{"schedule and size", seller, "large_seller, size: ^4.5, schedule: [{from: 0, to: 1, rate: 2}]", fund + `.size: the schedule already says it; remove the size or the schedule`},
		{"schedule and start", seller, "large_seller, start: ^0, schedule: [{from: 0, to: 1, rate: 2}]", fund + `.start: the schedule already says it; remove the start or the schedule`},
		{"schedule and strategy", seller, "large_seller, strategy: ^optimal_rate, schedule: [{from: 0, to: 1, rate: 2}]", fund + `.strategy: optimal_rate and a schedule: the one leaves to the equilibrium what the other says; remove the strategy or the schedule`},
		{"empty schedule", seller, "large_seller, schedule: ^[]", fund + `.schedule: the list is empty; want a list of {from:, to:, rate:}`},
		{"schedule that buys", seller, "large_seller, schedule: [{from: 0, to: 1, rate: ^-2}]", fund + `.schedule[0].rate: got -2, want a number of at least 0`},
		{"schedule without a rate", seller, "large_seller, schedule: [^{from: 0, to: 1}]", fund + `.schedule[0].rate: the key is missing; Quantity sold, or bought by a large_buyer, per unit of time.`},
		{"schedule backwards", seller, "large_seller, schedule: [{from: 1, to: ^1, rate: 2}]", fund + `.schedule[0].to: the interval runs from 1 to 1; it must end after it begins`},
		{"schedule that overlaps", seller, "large_buyer, schedule: [{from: 0, to: 2, rate: 2}, {from: ^1, to: 3, rate: 2}]", fund + `.schedule[1].from: the interval begins at 1, before the one before it ends at 2; list them in order of time, without overlap`},
		{"schedule out of order", seller, "large_seller, schedule: [{from: 3, to: 4, rate: 2}, {from: ^1, to: 2, rate: 2}]", fund + `.schedule[1].from: the interval begins at 1, before the one before it ends at 4; list them in order of time, without overlap`},
		{"schedule too late", seller, "large_seller, schedule: [{from: 0, to: 2, rate: 2}, {from: 4, to: ^6, rate: 1}]", fund + `.schedule[1].to: the order ends at 6, after the horizon 5; end it earlier, or simulate longer`},

		{"strategy", last, "duration: 1.5, strategy: ^optimal}\n", fund + `.strategy: got "optimal", want constant, optimal_rate or optimal_schedule`},
		{"optimal rate of both", last, "duration: 1.5, strategy: ^optimal_rate}\n", fund + `.strategy: optimal_rate with a size and a duration leaves nothing to choose; remove the size: the best rate for the duration; or the duration: the shortest in which the size is best`},
		{"optimal rate of neither", "size: 4.5, duration: 1.5", "strategy: ^optimal_rate", fund + `.strategy: optimal_rate needs a duration or a size; add one of them`},
		{"optimal rate of a rate", "size: 4.5", "strategy: optimal_rate, rate: ^2", fund + `.rate: the strategy optimal_rate finds the rate; remove the rate or the strategy`},
		{"optimal rate of nothing", "size: 4.5, duration: 1.5", "strategy: optimal_rate, size: ^0", fund + `.size: got 0, want a number greater than 0; the strategy optimal_rate has nothing to choose for an order of nothing`},
		{"optimal rate too late", "size: 4.5, duration: 1.5", "strategy: optimal_rate, duration: ^5.1", fund + `.duration: the order ends at 5.1, after the horizon 5; end it earlier, or simulate longer`},
		{"second optimal rate", "size: 4.5, duration: 1.5}\n", "duration: 1.5, strategy: optimal_rate}\n  - {name: b, kind: large_buyer, size: 2, strategy: ^optimal_rate}\n", `agents.b.strategy: a second optimal_rate: neither is best before the other is known; the first is "fund"; give one of them a rate`},
		{"optimal schedule without end", ", duration: 1.5", ", strategy: ^optimal_schedule", fund + `.strategy: optimal_schedule needs a duration; add one, and a size unless the schedule shall find it`},
		{"optimal schedule of a rate", last, "duration: 1.5, rate: ^3, strategy: optimal_schedule}\n", fund + `.rate: the strategy optimal_schedule finds the rate; remove the rate or the strategy`},
		{"optimal schedule of nothing", "size: 4.5", "strategy: optimal_schedule, size: ^0", fund + `.size: got 0, want a number greater than 0; the strategy optimal_schedule has nothing to choose for an order of nothing`},
		{"optimal schedule beside another", last, "duration: 1.5, strategy: ^optimal_schedule}\n  - {name: b, kind: large_buyer, size: 0, duration: 1}\n", fund + `.strategy: optimal_schedule is solved for an order that is alone, here are 2; remove the other orders, or give this one a schedule`},

		{"stealth", last, "duration: 1.5, disclosure: ^stealth}\n", fund + `.disclosure: stealth is solved for investors who come one by one (arrivals), not for a flow (activity); write disclosure: sunshine, or give the investors arrivals`},
		{"misspelt sunshine", last, "duration: 1.5, disclosure: ^sunshin}\n", fund + `.disclosure: got "sunshin", want sunshine or stealth; did you mean sunshine?`},
		{"detection without time", last, "duration: 1.5, disclosure: ^detected_after}\n", fund + `.disclosure: got "detected_after" without a time; write disclosure: {detected_after: 0.1, before: quantity}`},
		{"a number for a disclosure", last, "duration: 1.5, disclosure: ^0.1}\n", fund + `.disclosure: got 0.1, want sunshine, stealth or {detected_after:, before:}`},
		{"a list for a disclosure", last, "duration: 1.5, disclosure: ^[]}\n", fund + `.disclosure: got a list, want sunshine, stealth or {detected_after:, before:}`},
		{"without before", last, "duration: 1.5, disclosure: ^{detected_after: 0.1}}\n", fund + `.disclosure.before: the key is missing; What is unchanged until then. quantity: what the makers offer, the order crowds out investors; quote: the makers' quotes, they take the order into their inventories.`},
		{"without a time", last, "duration: 1.5, disclosure: ^{before: quote}}\n", fund + `.disclosure.detected_after: the key is missing; τ: time from the start of the order until the makers know of it, and of all that is to come.`},
		{"misspelt before", last, "duration: 1.5, disclosure: {detected_after: 0.1, before: ^quotes}}\n", fund + `.disclosure.before: got "quotes", want quantity or quote; did you mean quote?`},
		{"negative delay", last, "duration: 1.5, disclosure: {detected_after: ^-0.1, before: quote}}\n", fund + `.disclosure.detected_after: got -0.1, want a number of at least 0`},
		{"detected after the end", last, "duration: 1.5, disclosure: {detected_after: ^1.6, before: quote}}\n", fund + `.disclosure.detected_after: got 1.6, want at most the duration 1.5; an order that is over is not detected any more`},
		{"faster than detected", last, "duration: 1.5, deviation: {speed: 2}, disclosure: {detected_after: ^0.8, before: quote}}\n", fund + `.disclosure.detected_after: got 0.8, want at most the duration 0.75; an order that is over is not detected any more`},
		{"detection among others", last, "duration: 1.5, disclosure: ^{detected_after: 0.1, before: quote}}\n  - {name: b, kind: large_buyer, size: 1, duration: 1}\n", fund + `.disclosure: detected_after is solved for an order that is alone, here are 2; remove the disclosure: the makers know the order from time 0 on`},
		{"detected schedule", seller, "large_seller, disclosure: ^{detected_after: 0.1, before: quote}, schedule: [{from: 0, to: 1, rate: 1}]", fund + `.disclosure: detected_after is for orders at a constant rate, not for a schedule; remove the disclosure: the makers know the order from time 0 on`},
		{"detected optimal rate", "size: 4.5", "strategy: optimal_rate, disclosure: ^{detected_after: 0.1, before: quote}", fund + `.disclosure: detected_after is for orders at a given rate, the strategy is optimal_rate; remove the disclosure: the makers know the order from time 0 on`},

		{"no speed", last, "duration: 1.5, deviation: ^{}}\n", fund + `.deviation: the deviation says nothing; give misreport, speed or schedule, or remove it`},
		{"negative speed", last, "duration: 1.5, deviation: {speed: ^-1}}\n", fund + `.deviation.speed: got -1, want a number of at least 0`},
		{"negative speed of a maker", "count: 3", "count: 3, deviation: {speed: ^-1}", `agents.m.deviation.speed: got -1, want a number of at least 0`},
		{"misreport of a maker", "count: 3", "count: 3, deviation: {misreport: ^{shift: 1}}", `agents.m.deviation.misreport: the kind market_maker leaves its policy by speed only; write speed: 0.5, or 0 for no trade`},
		{"deviation to a schedule", last, "duration: 1.5, deviation: {schedule: ^[]}}\n", fund + `.deviation.schedule: the kind large_seller leaves its policy by speed only; write speed: 0.5, or 0 for no trade`},
		{"policy of a maker", "count: 3", "count: 3, deviation: {speed: 1, ^policy: {}}", `agents.m.deviation.policy: this key is not available in this version; remove it`},
		{"much too slow", last, "duration: 1.5, start: 2, deviation: {speed: ^0.4}}\n", fund + `.deviation.speed: at speed 0.4 the order ends at 5.75, after the horizon 5; simulate longer, or take a higher speed`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, where := broken(t, makers, c.old, c.new)
			_, err := loadText(text)
			want := where + c.want
			switch c.name {
			case "no maker":
				want = "<stdin>:8:3: agents: the market has no market_maker; add one: {name: maker, kind: market_maker, inventory_cost: 1}"
			case "no investors":
				want = "<stdin>:7:3: agents: the market has no investors; add them: {name: investors, kind: investors, activity: 1, reservation_value: 1}"
			}
			assert.Equal(t, []string{want}, problems(t, err))
		})
	}
}

// Several mistakes come out at once, those of one order, too.
func TestMakersProblemsAtOnce(t *testing.T) {
	_, err := loadText(strings.Replace(makers, "duration: 1.5", "disclosure: stealth", 1), "agents.m.inventory_cost=0", "solution=x")
	assert.Equal(t, []string{
		`<stdin>:9:5: agents.fund: an order needs two of size, rate and duration, here is size; add rate or duration; or give a schedule, or a strategy that finds the rate`,
		`<stdin>:9:61: agents.fund.disclosure: stealth is solved for investors who come one by one (arrivals), not for a flow (activity); write disclosure: sunshine, or give the investors arrivals`,
		`--set 'agents.m.inventory_cost=0': column 25: agents.m.inventory_cost: got 0, want a number greater than 0`,
		`--set 'solution=x': column 10: solution: got "x", want published, open_loop or feedback`,
	}, problems(t, err))
}

// detected is an order that is found out.
const detected = "agents.fund.disclosure={detected_after: 0.3, before: quantity}"

func TestDetection(t *testing.T) {
	want := Disclosure{DisclosureDetected, .3, BeforeQuantity}
	s := mustLoad(t, makers, detected)
	assert.Equal(t, want, s.Agents[2].Disclosure)
	assert.Equal(t, s, mustLoad(t, makers, "agents.fund.disclosure.detected_after=0.3", "agents.fund.disclosure.before=quantity"))
	assert.Equal(t, s, mustLoad(t, string(s.Canonical())))
	assert.Contains(t, string(s.Canonical()), `"disclosure":{"detected_after":0.3,"before":"quantity"}`)
	assert.Equal(t, Disclosure{DisclosureDetected, .3, BeforeQuote}, mustLoad(t, makers, detected, "agents.fund.disclosure.before=quote").Agents[2].Disclosure)
	mustLoad(t, makers, "agents.fund.disclosure={detected_after: 1.5, before: quote}")
	mustLoad(t, makers, "agents.fund.disclosure={detected_after: 0, before: quote}", "solution=open_loop", "agents.fund.start=2")
	assert.Equal(t, mustLoad(t, makers), mustLoad(t, makers, detected, "agents.fund.disclosure=sunshine"))
	// What it is not solved for.
	place := "--set " + singleQuoted(detected) + ": column 24: agents.fund.disclosure: detected_after is solved for "
	const hint = "; remove the disclosure: the makers know the order from time 0 on"
	_, err := loadText(makers, detected, "solution=feedback")
	assert.Equal(t, []string{place + "published and open_loop, not for feedback" + hint}, problems(t, err))
	for _, others := range []string{"inventory_cost: 2", "inventory_cost: 1.3, inventory: 1", "inventory_cost: 2}\n  - {name: o, kind: market_maker, inventory_cost: 1.3"} {
		_, err = loadText(strings.Replace(makers, "  - {name: crowd", "  - {name: n, kind: market_maker, "+others+"}\n  - {name: crowd", 1), detected, "solution=open_loop")
		assert.Equal(t, []string{place + "identical makers" + hint}, problems(t, err))
	}
}

// Makers may differ where the solution allows it.
func TestDifferentMakers(t *testing.T) {
	text := strings.Replace(makers, "  - {name: crowd", "  - {name: n, kind: market_maker, inventory_cost: 2, inventory: -1, count: 9}\n  - {name: crowd", 1)
	for _, solution := range []string{SolutionOpenLoop, SolutionFeedback} {
		s := mustLoad(t, text, "solution="+solution)
		assert.Equal(t, []float64{1.3, 2, 0, -1}, []float64{s.Agents[0].InventoryCost, s.Agents[1].InventoryCost, s.Agents[0].Inventory, s.Agents[1].Inventory})
		mustLoad(t, text, "solution="+solution, "agents.n.count=1000", "agents.n.inventory_cost=1.3") // one cost
	}
	_, err := loadText(text)
	assert.Len(t, problems(t, err), 2, "cost and inventory")
	mustLoad(t, text, "agents.n.inventory=0", "agents.n.inventory_cost=1.3") // two types of one kind
}

// Speed stretches an order around its first moment, and keeps its size.
func TestAtSpeed(t *testing.T) {
	list := []Interval{{1, 2, 3}, {4, 4.5, 7}}
	assert.Equal(t, []Interval{{1, 3, 1.5}, {7, 8, 3.5}}, AtSpeed(list, .5))
	assert.Equal(t, []Interval{{1, 2, 3}, {4, 4.5, 7}}, list, "the caller's own")
	assert.Nil(t, AtSpeed(list, 0))
	assert.Nil(t, AtSpeed(nil, 2))
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.Float64Range(.01, 100).Draw(t, "speed")
		size := func(list []Interval) (sum float64) {
			for _, v := range list {
				sum += (v.To - v.From) * v.Rate
			}
			return sum
		}
		assert.InEpsilon(t, size(list), size(AtSpeed(list, s)), 1e-12)
	})
}

// Orders of a scenario with a sweep keep what follows from others open.
func TestSweepsOfOrders(t *testing.T) {
	const sweep = "sweep=[{key: agents.fund.size, values: [0, 1.5, 6]}, {key: agents.fund.duration, values: [0.3, 2]}]"
	s := mustLoad(t, makers, sweep)
	assert.NotContains(t, string(s.Canonical()), `"rate"`)
	again := mustLoad(t, string(s.Canonical()))
	assert.Equal(t, s, again)
	all, _, err := again.Points()
	require.NoError(t, err)
	require.Len(t, all, 6)
	for i, p := range all {
		a := p.Agents[2]
		assert.Equal(t, []float64{0, 0, 1.5, 1.5, 6, 6}[i], a.Size)
		assert.Equal(t, a.Size/a.Duration, a.Rate)
		assert.Equal(t, p, mustLoad(t, string(p.Canonical())))
	}
	_, err = loadText(makers, "agents.fund.duration=null", "agents.fund.rate=3", "sweep=[{key: agents.fund.duration, values: [1.5, 2]}]")
	assert.Contains(t, problems(t, err)[0], "agents.fund.size: got 4.5, want rate × duration = 6 (at agents.fund.duration = 2)")

	s = mustLoad(t, makers, "sweep=[{key: solution, values: [published, open_loop, feedback]}, {key: agents.fund.strategy, values: [constant, optimal_schedule]}]")
	all, _, err = s.Points()
	require.NoError(t, err)
	assert.Equal(t, SolutionOpenLoop, all[3].Solution)
	assert.Equal(t, []any{StrategyOptimalSchedule, 0.0}, []any{all[3].Agents[2].Strategy, all[3].Agents[2].Rate})

	s = mustLoad(t, makers, "sweep=[{key: agents.fund.disclosure.before, values: [quote, quantity]}]", detected)
	all, _, err = s.Points()
	require.NoError(t, err)
	assert.Equal(t, BeforeQuote, all[0].Agents[2].Disclosure.Before)
	// Inside of what is not given.
	s = mustLoad(t, makers, "sweep=[{key: agents.fund.disclosure.before, values: [quote]}, {key: agents.fund.disclosure.detected_after, values: [0.2]}]")
	all, _, err = s.Points()
	require.NoError(t, err)
	assert.Equal(t, Disclosure{DisclosureDetected, .2, BeforeQuote}, all[0].Agents[2].Disclosure)
}

func TestOrdersAreExtended(t *testing.T) {
	dir := files(t, map[string]string{
		"base.yaml": makers,
		"rate.yaml": "extends: base.yaml\nname: rate\nagents:\n  - {name: fund, size: null, rate: 2}\n  - {name: buyer, kind: large_buyer, schedule: [{from: 0, to: 1, rate: 2}]}\n",
		"bad.yaml":  "extends: base.yaml\nname: bad\nagents:\n  - {name: fund, rate: 2}\n",
		"late.yaml": "extends: rate.yaml\nname: late\nagents:\n  - {name: fund, start: 0.7}\n  - {name: buyer, schedule: [{from: 2, to: 3, rate: 1}]}\n",
	})
	s, err := Load(dir+"/late.yaml", Options{})
	require.NoError(t, err)
	assert.Equal(t, []float64{3, 2, 1.5, .7}, []float64{s.Agents[2].Size, s.Agents[2].Rate, s.Agents[2].Duration, s.Agents[2].Start})
	assert.Equal(t, []Interval{{2, 3, 1}}, s.Agents[3].Intervals(), "lists replace")
	_, err = Load(dir+"/bad.yaml", Options{})
	assert.Equal(t, []string{dir + "/base.yaml:9:44: agents.fund.size: got 4.5, want rate × duration = 3; one of the three follows from the others: remove it (--set key=null clears a key)"}, problems(t, err))
}

// An order's keys say in the other markets where they belong.
func TestKeysOfMakersElsewhere(t *testing.T) {
	_, err := loadText(valid, "agents.a.size=3", "solution=published")
	assert.Contains(t, problems(t, err)[0], "agents.a.size: this key does not belong here; it is a key of market almgren_chriss or cournot")
}

// drawCournot draws a market of makers that satisfies every rule.
func drawCournot(t *rapid.T, s *Scenario) {
	s.Market, s.Solution = MarketCournot, rapid.SampledFrom([]string{SolutionPublished, SolutionOpenLoop, SolutionFeedback}).Draw(t, "solution")
	s.MonteCarlo.Control = false
	plain := names().Filter(func(n string) bool { return memberName.FindString(n) == "" })
	all := rapid.SliceOfNDistinct(plain, 2, 6, rapid.ID[string]).Draw(t, "names")
	maker := Agent{Name: all[0], Kind: KindMarketMaker, InventoryCost: costs().Draw(t, "cost"), Inventory: rapid.Float64().Draw(t, "inventory") + 0,
		Count: rapid.IntRange(1, 2).Draw(t, "count"), Conduct: ConductStrategic, Deviation: drawSpeed(t, 0)}
	s.Agents = []Agent{maker, {Name: all[1], Kind: KindInvestors, Activity: costs().Draw(t, "activity"), ReservationValue: costs().Draw(t, "value"), Count: 1, Conduct: ConductStrategic}}
	alone := len(all) == 3
	for _, name := range all[2:] {
		if s.Solution != SolutionPublished && rapid.Bool().Draw(t, "another maker") {
			maker.Name, maker.InventoryCost = name, costs().Draw(t, "cost")
			s.Agents = append(s.Agents, maker)
			continue
		}
		s.Agents = append(s.Agents, drawOrder(t, s, name, alone))
	}
}

func drawSpeed(t *rapid.T, least float64) *Deviation {
	if rapid.Bool().Draw(t, "keeps its policy") {
		return nil
	}
	speed := rapid.Float64Range(least, 10).Draw(t, "speed")
	return &Deviation{Speed: &speed}
}

func drawOrder(t *rapid.T, s *Scenario, name string, alone bool) Agent {
	end := s.Clock.Horizon
	a := Agent{Name: name, Kind: rapid.SampledFrom([]string{KindLargeSeller, KindLargeBuyer}).Draw(t, "side"), Count: 1, Conduct: ConductStrategic, Deviation: drawSpeed(t, 1)}
	orderDefaults(&a)
	size, start, duration := rapid.Float64Range(0, 1e9).Draw(t, "size"), end*rapid.Float64Range(0, .5).Draw(t, "start"), end*rapid.Float64Range(1e-6, .5).Draw(t, "duration")
	switch choice := rapid.IntRange(0, 5).Draw(t, "order"); {
	case choice == 0:
		a.Schedule = []Interval{{start, start + duration, size}}
		if next := start + duration; rapid.Bool().Draw(t, "second") && next < end {
			a.Schedule = append(a.Schedule, Interval{next, end, size / 2})
		}
	case choice == 1 && alone:
		a.Strategy, a.Size, a.Start, a.Duration = StrategyOptimalSchedule, size, start, duration
	case choice == 2 && alone:
		a.Strategy, a.Start = StrategyOptimalRate, start
		if a.Size = size; size == 0 || rapid.Bool().Draw(t, "for a duration") {
			a.Size, a.Duration = 0, duration
		}
	default:
		a.Size, a.Rate, a.Start, a.Duration = size, size/duration, start, duration
		if alone && s.Solution != SolutionFeedback && rapid.Bool().Draw(t, "detected") {
			a.Disclosure = Disclosure{DisclosureDetected, duration * rapid.Float64Range(0, .05).Draw(t, "tau"), rapid.SampledFrom([]string{BeforeQuantity, BeforeQuote}).Draw(t, "before")}
		}
	}
	return a
}

func TestCournotRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios().Draw(t, "scenario")
		s.Shocks, s.CommonValues, s.Exponential = newShocks(), nil, false
		drawCournot(t, s)
		text := s.Canonical()
		again, err := loadText(string(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		assert.Equal(t, s, again)
		assert.Equal(t, string(text), string(again.Canonical()))
		for _, a := range s.Agents {
			for _, v := range a.Intervals() {
				assert.False(t, v.Rate < 0 || math.IsNaN(v.Rate) || v.To <= v.From)
			}
		}
	})
}
