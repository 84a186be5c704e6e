package scenarios

import (
	"fmt"

	"github.com/invopop/jsonschema"
)

// Disclosure is what the makers know of a large order, and from when on.
type Disclosure struct {
	Kind   string  // one of the Disclosure words; empty where there is no order
	After  float64 // τ ≥ 0, time from the start of the order until it is detected; of DisclosureDetected
	Before string  // what the order meets until then: BeforeQuantity or BeforeQuote; of DisclosureDetected
}

func disclosureKey() field[Agent] {
	return key("disclosure", disclosureValue{}, func(a *Agent) *Disclosure { return &a.Disclosure },
		"sunshine (the default): the makers know the order from time 0 on; stealth: they see that it trades, and know by which law it ends, but not when; {detected_after: τ, before: quantity or quote}: they find out a time τ after its start, and trade until then as if it were not there.")
}

var disclosureWords = words(DisclosureSunshine, DisclosureStealth)

func detectionObject() object[Disclosure] {
	return object[Disclosure]{fresh: zero[Disclosure], fields: always(
		required(key(DisclosureDetected, notNegative, func(d *Disclosure) *float64 { return &d.After },
			"τ: time from the start of the order until the makers know of it, and of all that is to come.")),
		required(key("before", words(BeforeQuantity, BeforeQuote), func(d *Disclosure) *string { return &d.Before },
			"What is unchanged until then. quantity: what the makers offer, the order crowds out investors; quote: the makers' quotes, they take the order into their inventories.")),
	)}
}

// disclosureValue is a word, or a mapping of detected_after and before.
type disclosureValue struct{}

func (disclosureValue) read(c *checker, n *node, path string, into *Disclosure) {
	switch word := n.word(); {
	case n.kind == mapping:
		into.Kind = DisclosureDetected
		detectionObject().read(c, n, path, into)
	case word == DisclosureDetected:
		c.report(n, path, "got "+quote(word)+" without a time", "write disclosure: {detected_after: 0.1, before: quantity}")
	case n.kind == scalar && word != "":
		disclosureWords.read(c, n, path, &into.Kind)
	default:
		c.want(n, path, "sunshine, stealth or {detected_after:, before:}", "")
	}
}

// write says nothing of the default, so that a sweep can set what is inside of
// another.
func (disclosureValue) write(w *writer, path string, d *Disclosure) bool {
	switch d.Kind {
	case DisclosureStealth:
		return disclosureWords.write(w, path, &d.Kind)
	case DisclosureDetected:
		return detectionObject().write(w, path, d)
	}
	return false
}

func (disclosureValue) schema(l *language) *jsonschema.Schema {
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{disclosureWords.schema(l), detectionObject().schema(l)}}
}

func (disclosureValue) keys(l *language, path string) []string {
	return append([]string{path}, detectionObject().keys(l, path)...)
}

// checkDetection: what happens before and after makers detect an order is known
// of a single one at a constant rate, among identical makers who do not answer
// to each other's inventories.
func checkDetection(c *checker, s *Scenario) {
	orders, first := s.orders(), -1
	alike := true // makers
	for i, a := range s.Agents {
		switch {
		case a.Kind == KindMarketMaker && first < 0:
			first = i
		case a.Kind == KindMarketMaker:
			alike = alike && a.InventoryCost == s.Agents[first].InventoryCost && a.Inventory == s.Agents[first].Inventory
		}
	}
	for i, a := range s.Agents {
		item := index("agents", i)
		path := join(item, "disclosure")
		if a.Disclosure.Kind != DisclosureDetected || !c.usable(path) {
			continue
		}
		refuse := func(why string) {
			c.reportAt(path, "detected_after "+why, "remove the disclosure: the makers know the order from time 0 on")
		}
		switch {
		case c.arriving(s) != nil:
			refuse("is solved for investors in a flow (activity), not for arrivals")
		case orders > 1:
			refuse(fmt.Sprintf("is solved for an order that is alone, here are %d", orders))
		case s.Solution == SolutionFeedback && c.usable("solution"):
			refuse("is solved for published and open_loop, not for feedback")
		case !alike && c.usable("agents"):
			refuse("is solved for identical makers")
		case a.Strategy != StrategyConstant && c.usable(join(item, "strategy")):
			refuse("is for orders at a given rate, the strategy is " + a.Strategy)
		case a.Schedule != nil:
			refuse("is for orders at a constant rate, not for a schedule")
		case c.usable(item):
			checkDelay(c, a, item)
		}
	}
}

// checkDelay: the makers detect an order while it trades.
func checkDelay(c *checker, a Agent, item string) {
	duration, at := a.Duration, join(join(item, "disclosure"), DisclosureDetected)
	if d := a.Deviation; d != nil && d.Speed != nil && *d.Speed > 0 {
		duration /= *d.Speed
	}
	if a.Disclosure.After > duration*(1+1e-9) {
		c.want(c.at(at), at, "at most the duration "+shortest(duration), "an order that is over is not detected any more")
	}
}

// checkStealth: makers who do not know when an order ends know by which law, and
// that its rate does not change.
func checkStealth(c *checker, s *Scenario) {
	const hint = "write duration: {mean: 1}, which is exponential, or disclosure: sunshine"
	for i := range s.Agents {
		a, item := &s.Agents[i], index("agents", i)
		disclosure, duration := join(item, "disclosure"), join(item, "duration")
		switch {
		case a.Disclosure.Kind != DisclosureStealth || !c.usable(disclosure):
		case c.inFlow(s):
			c.reportAt(disclosure, "stealth is solved for investors who come one by one (arrivals), not for a flow (activity)", "write disclosure: sunshine, or give the investors arrivals")
		case c.given(join(item, "schedule")):
			c.reportAt(disclosure, "stealth is for an order at a constant rate, not for a schedule", "write disclosure: sunshine, or give the order a rate and a random duration")
		case a.Random != nil || !c.usable(duration):
		case c.given(duration):
			c.reportAt(duration, "got "+c.at(duration).describe()+" with stealth: an end that is certain is known to all, and the order is sunshine", hint)
		default:
			c.lack(a, item, duration, "stealth needs a random duration, which the makers cannot know", hint)
		}
	}
}
