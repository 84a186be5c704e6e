package scenarios

import (
	"fmt"
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
		writtenWhen(func(a *Agent) bool { return a.Size > 0 || constant(a) && a.Random == nil }, key("size", notNegative, func(a *Agent) *float64 { return &a.Size },
			"S: quantity of the order; two of size, rate and duration.")),
		writtenWhen(constant, key("rate", notNegative, func(a *Agent) *float64 { return &a.Rate },
			"f: quantity per unit of time, size = rate × duration.")),
		writtenWhen(orIf(func(a *Agent) bool { return a.Duration > 0 || a.Random != nil }), durationKey()),
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

// large tells whether an agent is a large order.
func (a *Agent) large() bool { return a.Kind == KindLargeSeller || a.Kind == KindLargeBuyer }

// orders is the number of large orders.
func (s *Scenario) orders() int {
	n := 0
	for i := range s.Agents {
		if s.Agents[i].large() {
			n++
		}
	}
	return n
}

// Intervals are the times and rates of a large order that depends neither on the
// equilibrium nor on chance, in MarketCournot: at a constant rate, or on a schedule;
// else nil.
// Rates are those of the order's own side, asset units per unit of time.
func (a Agent) Intervals() []Interval {
	switch {
	case a.Schedule != nil:
		return a.Schedule
	case a.large() && a.Strategy == StrategyConstant && a.Random == nil:
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
// schedule is one interval, and of the best rate for a size and of a random
// duration there is none.
func (a Agent) times() []Interval {
	switch {
	case a.Schedule != nil:
		return a.Schedule
	case a.Duration == 0:
		return nil
	}
	return []Interval{{From: a.Start, To: a.Start + a.Duration}}
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
	orders, rated := s.orders(), ""
	for i, a := range s.Agents {
		path := join(index("agents", i), "strategy")
		switch {
		case !a.large() || !c.usable(path):
		case a.Strategy == StrategyOptimalSchedule && c.arriving(s) != nil:
			c.reportAt(path, "optimal_schedule is solved for investors in a flow (activity), not for arrivals", "give the order a rate or a schedule")
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
