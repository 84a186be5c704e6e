package scenarios

import (
	"fmt"

	"github.com/invopop/jsonschema"
)

// Arrivals are investors who come one by one, buyers and sellers by independent
// Poisson processes. At the relative ask a a buyer takes Size·(ω − a), at the
// relative bid b a seller gives Size·(ω + b).
type Arrivals struct {
	BuyRate  float64 // λ_B > 0, buyers per unit of time
	SellRate float64 // λ_S > 0, sellers per unit of time
	Size     float64 // c > 0, asset units per unit of price
}

// Total is Λ = λ_B + λ_S, investors per unit of time.
func (a Arrivals) Total() float64 { return a.BuyRate + a.SellRate }

// Poisson is how the investors of a scenario arrive; nil where they are a flow, or
// where the market has none.
func (s *Scenario) Poisson() *Arrivals {
	for i := range s.Agents {
		if a := s.Agents[i].Arrivals; a != nil {
			return a
		}
	}
	return nil
}

func arrivalsKey() field[Agent] {
	return key("arrivals", maybe[Arrivals]{arrivalsValue{}}, func(a *Agent) **Arrivals { return &a.Arrivals },
		"Instead of activity: investors come one by one, by Poisson processes: {rate: λ, size: c}, or {buy_rate:, sell_rate:, size:}.")
}

// arrivalsValue reads rates that are equal as one key or as two, and writes them
// as one, unless a sweep may set either.
type arrivalsValue struct{}

const oneRate, buyRate, sellRate = "rate", "buy_rate", "sell_rate"

func arrivalsObject() object[Arrivals] {
	return object[Arrivals]{fresh: zero[Arrivals], fields: always(
		key(oneRate, positive, func(a *Arrivals) *float64 { return &a.BuyRate },
			"λ: buyers per unit of time, and as many sellers."),
		key(buyRate, positive, func(a *Arrivals) *float64 { return &a.BuyRate },
			"λ_B: buyers per unit of time; with sell_rate, instead of rate."),
		key(sellRate, positive, func(a *Arrivals) *float64 { return &a.SellRate },
			"λ_S: sellers per unit of time; with buy_rate, instead of rate."),
		required(key("size", positive, func(a *Arrivals) *float64 { return &a.Size },
			"c: at the relative prices a and b a buyer takes c(ω − a), and a seller gives c(ω + b).")),
	)}
}

func (arrivalsValue) read(c *checker, n *node, path string, into *Arrivals) {
	arrivalsObject().read(c, n, path, into)
	one, buy, sell := join(path, oneRate), join(path, buyRate), join(path, sellRate)
	switch both := c.given(buy) && c.given(sell); {
	case c.given(one):
		into.SellRate = into.BuyRate
		for _, at := range []string{buy, sell} {
			if c.given(at) {
				c.reportAt(at, "the rate already says it, of buyers and of sellers", "remove it, or the rate (--set key=null clears a key)")
			}
		}
	case both || n.kind != mapping || !onlyKnown(n, arrivalsObject().fields(scope{})):
	case c.given(buy):
		c.report(n, sell, "the key is missing", "λ_S: sellers per unit of time; or give one rate for either side")
	case c.given(sell):
		c.report(n, buy, "the key is missing", "λ_B: buyers per unit of time; or give one rate for either side")
	default:
		c.report(n, one, "the key is missing", "λ: buyers per unit of time, and as many sellers; or give buy_rate and sell_rate")
	}
}

func (arrivalsValue) write(w *writer, path string, a *Arrivals) bool {
	o, unwanted := arrivalsObject(), set(buyRate, sellRate)
	if a.BuyRate != a.SellRate || w.omit[join(path, oneRate)] {
		unwanted = set(oneRate)
	}
	fields := o.fields
	o.fields = func(s scope) []field[Arrivals] {
		var kept []field[Arrivals]
		for _, f := range fields(s) {
			if !unwanted[f.name] {
				kept = append(kept, f)
			}
		}
		return kept
	}
	return o.write(w, path, a)
}

func (arrivalsValue) schema(l *language) *jsonschema.Schema { return arrivalsObject().schema(l) }

func (arrivalsValue) keys(l *language, path string) []string { return arrivalsObject().keys(l, path) }

// arriving gives the arrivals of investors who come one by one, and only so.
func (c *checker) arriving(s *Scenario) *Arrivals {
	for i, a := range s.Agents {
		if a.Arrivals != nil && !c.given(join(index("agents", i), "activity")) {
			return a.Arrivals
		}
	}
	return nil
}

// inFlow tells whether investors are a flow, and only that.
func (c *checker) inFlow(s *Scenario) bool {
	for i := range s.Agents {
		if item := index("agents", i); c.given(join(item, "activity")) && !c.given(join(item, "arrivals")) {
			return true
		}
	}
	return false
}

// checkInvestors: investors are a flow, or arrive one by one; the policy of those
// who arrive is that of exact times, if the file does not say.
func checkInvestors(c *checker, s *Scenario) {
	for i := range s.Agents {
		a, item := &s.Agents[i], index("agents", i)
		activity, arrivals := join(item, "activity"), join(item, "arrivals")
		switch {
		case a.Kind != KindInvestors:
		case c.given(activity) && c.given(arrivals):
			c.reportAt(arrivals, "investors have an activity or arrivals, here are both", "the activity stands at "+c.at(activity).at.String()+"; remove one of them (--set key=null clears a key)")
		case !c.given(activity) && !c.given(arrivals):
			c.lack(a, item, item, "investors need an activity or arrivals, here is neither", "add activity: 1 for a steady flow, or arrivals: {rate: 1, size: 1} for investors who come one by one")
		case c.given(arrivals) && !c.given(join(arrivals, oneRate)):
			s.unstated = append(s.unstated, join(arrivals, oneRate))
		}
	}
	if c.arriving(s) != nil && !c.given("clock.policy") {
		s.Clock.Policy = PolicyEvent
	}
}

// checkPolicy: exact times are those of arrivals, which have no continuous-time
// policy; and of two in one step a grid would see one.
func checkPolicy(c *checker, s *Scenario) {
	const policy, step = "clock.policy", "clock.step"
	arrivals := c.arriving(s)
	switch {
	case !c.usable(policy):
	case arrivals == nil:
		if s.Clock.Policy == PolicyEvent && c.inFlow(s) {
			c.want(c.at(policy), policy, "continuous or discrete", "event is for investors who come one by one: give them arrivals instead of activity")
		}
	case s.Clock.Policy == PolicyContinuous:
		c.want(c.at(policy), policy, "event or discrete", "investors who come one by one meet quotes at exact times (event), or at most one of them in a step (discrete)")
	case s.Clock.Policy == PolicyDiscrete && c.usable(step, "agents") && arrivals.Total()*s.Clock.Step > 1:
		c.want(c.at(step), step, "at most 1/(buy_rate + sell_rate) = "+shortest(1/arrivals.Total()), "with policy: discrete a step sees one arrival with probability (buy_rate + sell_rate) × step; take a shorter step, or policy: event")
	}
}

// maxEvents limits the arrivals of a whole run.
const maxEvents = 1e13

// checkEvents: a run can be simulated, and what it records be kept.
func checkEvents(c *checker, s *Scenario) {
	arrivals := c.arriving(s)
	if arrivals == nil || !c.usable("agents", "clock.horizon", "monte_carlo.paths", "record.paths") {
		return
	}
	each, paths := arrivals.Total()*s.Clock.Horizon, float64(s.MonteCarlo.Paths)
	recorded := min(float64(s.Record.Paths), paths)
	if all := paths * each; all > maxEvents {
		c.reportAt("monte_carlo.paths", fmt.Sprintf("%.0f paths × %.6g expected arrivals (rate %s × horizon %s) are %.3g, the limit is %.0g", paths, each, shortest(arrivals.Total()), shortest(s.Clock.Horizon), all, maxEvents),
			"take fewer paths or a shorter horizon")
	} else if rows := recorded * each; rows > maxRows {
		c.reportAt("record.paths", fmt.Sprintf("%.0f recorded paths × %.6g expected arrivals are %.3g rows of events, the limit is %.0g", recorded, each, rows, maxRows), "record fewer paths")
	}
}

// checkReductions: the payoff of a flow less its control variate is a number; the
// control variate of arrivals is the martingale of exact times, and their times
// have no mirror image.
func checkReductions(c *checker, s *Scenario) {
	const path = "monte_carlo.variance_reduction"
	if c.arriving(s) == nil {
		checkNoControl(c, s)
		return
	}
	if !c.usable(path) {
		return
	}
	if s.MonteCarlo.Antithetic {
		c.reportAt(path, "antithetic is not for arrivals: their times have no mirror image", "remove antithetic")
	}
	if s.MonteCarlo.Control && s.Clock.Policy == PolicyDiscrete && c.usable("clock.policy") {
		c.reportAt(path, "control is for arrivals at exact times, the policy is discrete", "remove control, or write policy: event")
	}
}
