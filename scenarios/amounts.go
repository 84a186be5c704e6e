package scenarios

import (
	"fmt"
	"math"
	"slices"
)

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
		case a.Random != nil:
			checkRandomAmounts(c, a, item)
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

// lack reports that an agent lacks something, unless it has an unknown key, which
// may be just that.
func (c *checker) lack(a *Agent, item, path, message, hint string) {
	if onlyKnown(c.at(item), agentFields(scope{c.lang, c.market, a.Kind})) {
		c.reportAt(path, message, hint)
	}
}

// onlyKnown tells whether all keys of a mapping are among these.
func onlyKnown[T any](n *node, fields []field[T]) bool {
	for _, e := range n.entries {
		if !slices.ContainsFunc(fields, func(f field[T]) bool { return f.name == e.key.text }) {
			return false
		}
	}
	return true
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
		c.lack(a, item, item, "an order needs two of size, rate and duration, here is "+oneOf(given), "add "+oneOf(open)+"; or give a schedule, or a strategy that finds the rate")
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

// findsRate reports a rate beside a strategy that finds one.
func (c *checker) findsRate(a *Agent, path string) {
	c.reportAt(path, "the strategy "+a.Strategy+" finds the rate", "remove the rate or the strategy")
}

// checkOptimal: an optimal strategy is told what it may not choose.
func checkOptimal(c *checker, a *Agent, item string) {
	size, rate, duration, strategy := join(item, "size"), join(item, "rate"), join(item, "duration"), join(item, "strategy")
	if c.given(rate) {
		c.findsRate(a, rate)
	}
	if c.given(size) && a.Size == 0 {
		c.want(c.at(size), size, "a number greater than 0", "the strategy "+a.Strategy+" has nothing to choose for an order of nothing")
	}
	switch {
	case a.Strategy == StrategyOptimalSchedule:
		if !c.given(duration) {
			c.lack(a, item, strategy, "optimal_schedule needs a duration", "add one, and a size unless the schedule shall find it")
		}
	case c.given(size) && c.given(duration):
		c.reportAt(strategy, "optimal_rate with a size and a duration leaves nothing to choose", "remove the size: the best rate for the duration; or the duration: the shortest in which the size is best")
	case !c.given(size) && !c.given(duration):
		c.lack(a, item, strategy, "optimal_rate needs a duration or a size", "add one of them")
	}
}
