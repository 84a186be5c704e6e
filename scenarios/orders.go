package scenarios

import (
	"fmt"
	"math"
)

func orderDefaults(a *Agent) {
	a.Strategy, a.Disclosure.Kind = StrategyConstant, DisclosureSunshine
}

// orderKeys are the keys of large orders. The canonical form of an order at a
// constant rate has its size, rate and duration, whichever two the file gave.
func orderKeys() []field[Agent] {
	constant := func(a *Agent) bool { return a.Schedule == nil && a.Strategy == StrategyConstant }
	orIf := func(more func(*Agent) bool) func(*Agent) bool {
		return func(a *Agent) bool { return constant(a) || more(a) }
	}
	return []field[Agent]{
		writtenWhen(orIf(func(a *Agent) bool { return a.Size > 0 }), key("size", notNegative, func(a *Agent) *float64 { return &a.Size },
			"S: quantity of the order; two of size, rate and duration.")),
		writtenWhen(constant, key("rate", notNegative, func(a *Agent) *float64 { return &a.Rate },
			"f: quantity per unit of time, size = rate × duration.")),
		writtenWhen(orIf(func(a *Agent) bool { return a.Duration > 0 }), key("duration", certain{positive}, func(a *Agent) *float64 { return &a.Duration },
			"d: time in which the order trades; any time, not only a multiple of the step.")),
		writtenWhen(func(a *Agent) bool { return a.Schedule == nil }, key("start", notNegative, func(a *Agent) *float64 { return &a.Start },
			"Time of the first trade. The order is announced at time 0 all the same.")),
		key("schedule", orderSchedule, func(a *Agent) *[]Interval { return &a.Schedule },
			"Rates over time instead of size, rate, duration and start: [{from:, to:, rate:}], in order of time; nothing is traded between."),
		key("strategy", words(StrategyConstant, StrategyOptimalRate, StrategyOptimalSchedule), func(a *Agent) *string { return &a.Strategy },
			"constant (the default): at a constant rate; optimal_rate: at the best constant rate for the duration, or for the size in the shortest time for which it is; optimal_schedule: at the best times within the duration."),
		disclosureKey(),
		deviationKey(),
	}
}

var orderSchedule = sequence[Interval]{of: intervalObject(notNegative, "Quantity sold, or bought by a large_buyer, per unit of time."), least: 1, what: intervals}

// certain is a number that the format allows to be random, which this version
// does not.
type certain struct{ number }

func (k certain) read(c *checker, n *node, path string, into *float64) {
	if n.kind == mapping {
		c.report(n, path, "a random duration is not available in this version", "want "+k.what())
		return
	}
	k.number.read(c, n, path, into)
}

// large tells whether an agent is a large order.
func (a *Agent) large() bool { return a.Kind == KindLargeSeller || a.Kind == KindLargeBuyer }

// Intervals are the times and rates of a large order that does not depend on the
// equilibrium, in MarketCournot: at a constant rate, or on a schedule; else nil.
// Rates are those of the order's own side, asset units per unit of time.
func (a Agent) Intervals() []Interval {
	switch {
	case a.Schedule != nil:
		return a.Schedule
	case a.large() && a.Strategy == StrategyConstant:
		return []Interval{{a.Start, a.Start + a.Duration, a.Rate}}
	}
	return nil
}

// AtSpeed is how an order trades that leaves its policy for the speed s: at s
// times its rates for 1/s of the time, from its first moment on. At speed 0 it
// does not trade at all.
func AtSpeed(list []Interval, s float64) []Interval {
	if s == 0 || len(list) == 0 {
		return nil
	}
	first, out := list[0].From, make([]Interval, len(list))
	for i, v := range list {
		out[i] = Interval{first + (v.From-first)/s, first + (v.To-first)/s, s * v.Rate}
	}
	return out
}

// times are the intervals of an order, as far as the scenario says: an optimal
// schedule is one interval whose rate is not known, and of the best rate for a
// size there is none.
func (a Agent) times() []Interval {
	if list := a.Intervals(); list != nil || a.Duration == 0 {
		return list
	}
	return []Interval{{From: a.Start, To: a.Start + a.Duration}}
}

// agreement is how closely size and rate × duration must agree, relative to them.
const agreement = 1e-9

// agree tells whether size = rate × duration, but for rounding.
func agree(size, rate, duration float64) bool {
	x := rate * duration
	return !math.IsInf(x, 0) && math.Abs(x-size) <= agreement*math.Max(size, x)
}

// checkAmounts: a schedule says all; else the strategy needs some of size, rate
// and duration, and what follows from them is filled in.
func checkAmounts(c *checker, s *Scenario) {
	for i := range s.Agents {
		a, item := &s.Agents[i], index("agents", i)
		if !a.large() || !c.amountsUsable(item) {
			continue
		}
		switch schedule := join(item, "schedule"); {
		case c.given(schedule):
			checkSchedule(c, a, item)
		case a.Strategy == StrategyConstant:
			checkConstant(c, s, item, a)
		default:
			checkOptimal(c, a, item)
		}
	}
}

// amountsUsable tells whether all keys of an order's amounts and times were read
// without a problem.
func (c *checker) amountsUsable(item string) bool {
	for _, name := range []string{"size", "rate", "duration", "start", "schedule", "strategy"} {
		if !c.usable(join(item, name)) {
			return false
		}
	}
	return true
}

// lack reports that something is missing, unless it may be misspelt.
func (c *checker) lack(item, path, message, hint string) {
	if c.usable(item) {
		c.reportAt(path, message, hint)
	}
}

func checkSchedule(c *checker, a *Agent, item string) {
	for _, name := range []string{"size", "rate", "duration", "start"} {
		if path := join(item, name); c.given(path) {
			c.reportAt(path, "the schedule already says it", "remove the "+name+" or the schedule")
		}
	}
	if a.Strategy != StrategyConstant {
		c.reportAt(join(item, "strategy"), a.Strategy+" and a schedule: the one leaves to the equilibrium what the other says", "remove the strategy or the schedule")
	}
	checkIntervals(c, a.Schedule, join(item, "schedule"))
}

// checkConstant wants two of size, rate and duration, and fills in the third.
func checkConstant(c *checker, s *Scenario, item string, a *Agent) {
	amounts := []string{"size", "rate", "duration"}
	var given, open []string
	for _, name := range amounts {
		if c.given(join(item, name)) {
			given = append(given, name)
		} else {
			open = append(open, name)
		}
	}
	if len(given) < 2 {
		c.lack(item, item, "an order needs two of size, rate and duration, here is "+oneOf(given), "add "+oneOf(open)+"; or give a schedule, or a strategy that finds the rate")
		return
	}
	if len(open) == 0 {
		if !agree(a.Size, a.Rate, a.Duration) {
			c.want(c.at(join(item, "size")), join(item, "size"), fmt.Sprintf("rate × duration = %s", shortest(a.Rate*a.Duration)), "one of the three follows from the others: remove it (--set key=null clears a key)")
		}
		return
	}
	switch open[0] {
	case "size":
		a.Size = a.Rate * a.Duration
	case "rate":
		a.Rate = a.Size / a.Duration
	case "duration":
		a.Duration = a.Size / a.Rate
	}
	s.unstated = append(s.unstated, join(item, open[0]))
	if !(a.Duration > 0) || !agree(a.Size, a.Rate, a.Duration) {
		path := join(item, given[1])
		c.reportAt(path, fmt.Sprintf("no order has the %s %s and the %s %s", given[0], c.at(join(item, given[0])).describe(), given[1], c.at(path).describe()),
			"its "+open[0]+" would not be a number, or no time at all")
	}
}

// checkOptimal: an optimal strategy is told what it may not choose.
func checkOptimal(c *checker, a *Agent, item string) {
	size, rate, duration, strategy := join(item, "size"), join(item, "rate"), join(item, "duration"), join(item, "strategy")
	if c.given(rate) {
		c.reportAt(rate, "the strategy "+a.Strategy+" finds the rate", "remove the rate or the strategy")
	}
	if c.given(size) && a.Size == 0 {
		c.want(c.at(size), size, "a number greater than 0", "the strategy "+a.Strategy+" has nothing to choose for an order of nothing")
	}
	switch {
	case a.Strategy == StrategyOptimalSchedule:
		if !c.given(duration) {
			c.lack(item, strategy, "optimal_schedule needs a duration", "add one, and a size unless the schedule shall find it")
		}
	case c.given(size) && c.given(duration):
		c.reportAt(strategy, "optimal_rate with a size and a duration leaves nothing to choose", "remove the size: the best rate for the duration; or the duration: the shortest in which the size is best")
	case !c.given(size) && !c.given(duration):
		c.lack(item, strategy, "optimal_rate needs a duration or a size", "add one of them")
	}
}

// checkOrderWindow: orders end by the horizon, and last longer than rounding.
func checkOrderWindow(c *checker, s *Scenario) {
	const horizon = "clock.horizon"
	for i, a := range s.Agents {
		item := index("agents", i)
		list := a.times()
		if !a.large() || len(list) == 0 || !c.amountsUsable(item) {
			continue
		}
		last, path := list[len(list)-1], join(item, "duration")
		if a.Schedule != nil {
			path = join(index(join(item, "schedule"), len(list)-1), "to")
		} else if !c.given(path) {
			path = join(item, "size")
		}
		switch {
		case !(last.To > last.From):
			c.reportAt(path, fmt.Sprintf("the order begins at %s and is over at once", shortest(last.From)), "take a longer duration")
		case c.usable(horizon) && s.late(last.To):
			c.reportAt(path, fmt.Sprintf("the order ends at %s, after the horizon %s", shortest(last.To), shortest(s.Clock.Horizon)), "end it earlier, or simulate longer")
		}
	}
}

// late tells whether a time is after the horizon, but for rounding.
func (s *Scenario) late(t float64) bool { return t > s.Clock.Horizon*(1+1e-9) }

// checkStrategies: the best schedule is known of an order that is alone, and of
// two best rates neither is best before the other is known.
func checkStrategies(c *checker, s *Scenario) {
	orders, rated := 0, ""
	for i := range s.Agents {
		if s.Agents[i].large() {
			orders++
		}
	}
	for i, a := range s.Agents {
		path := join(index("agents", i), "strategy")
		switch {
		case !a.large() || !c.usable(path):
		case a.Strategy == StrategyOptimalSchedule && orders > 1:
			c.reportAt(path, fmt.Sprintf("optimal_schedule is solved for an order that is alone, here are %d", orders), "remove the other orders, or give this one a schedule")
		case a.Strategy == StrategyOptimalRate && rated != "":
			c.reportAt(path, "a second optimal_rate: neither is best before the other is known", "the first is "+quote(rated)+"; give one of them a rate")
		case a.Strategy == StrategyOptimalRate:
			rated = a.Name
		}
	}
}

// checkSpeeds: makers and orders leave their policies by speed only, and an order
// that is slower than planned still ends by the horizon.
func checkSpeeds(c *checker, s *Scenario) {
	for i, a := range s.Agents {
		item := index("agents", i)
		path := join(item, "deviation")
		if a.Deviation == nil || !c.usable(path) {
			continue
		}
		if a.Deviation.Speed == nil {
			at := join(path, "misreport")
			if a.Deviation.Misreport == nil {
				at = join(path, "schedule")
			}
			c.reportAt(at, "the kind "+a.Kind+" leaves its policy by speed only", "write speed: 0.5, or 0 for no trade")
			continue
		}
		at, speed := join(path, "speed"), *a.Deviation.Speed
		if speed < 0 {
			c.want(c.at(at), at, notNegative.what(), "")
			continue
		}
		list := AtSpeed(a.times(), speed)
		if !a.large() || len(list) == 0 || !c.amountsUsable(item) || !c.usable("clock.horizon") {
			continue
		}
		if end := list[len(list)-1].To; s.late(end) {
			c.reportAt(at, fmt.Sprintf("at speed %s the order ends at %s, after the horizon %s", shortest(speed), shortest(end), shortest(s.Clock.Horizon)), "simulate longer, or take a higher speed")
		}
	}
}
