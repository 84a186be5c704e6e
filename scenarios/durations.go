package scenarios

import (
	"fmt"
	"math"

	"github.com/invopop/jsonschema"
)

// RandomDuration is the law of the time that an order takes, one draw for a path.
type RandomDuration struct {
	Mean    float64    // E[D] > 0, time, of a mixture, too
	Stages  int        // k ≥ 1 of an Erlang law: the sum of so many exponential times of mean Mean/k; 1: exponential; 0 of a mixture
	Mixture []Weighted // of a hyperexponential law, two or more; nil: an Erlang law
}

// Weighted is an exponential time with this mean, which is drawn with this
// probability.
type Weighted struct{ Weight, Mean float64 }

// Exponential tells whether the law has no memory, so that an order that has not
// ended yet is as good as new.
func (d *RandomDuration) Exponential() bool { return d.Mixture == nil && d.Stages == 1 }

// Limits of laws: what makers infer from an order that still trades has a
// coordinate for every stage, and for every exponential time of a mixture.
const (
	maxStages  = 1000
	maxMixture = 100
)

const erlang, hyperexponential = "erlang", "hyperexponential"

func durationKey() field[Agent] {
	return key("duration", durationValue{}, func(a *Agent) *Agent { return a },
		"d: time in which the order trades; any time, not only a multiple of the step. With arrivals it may be random: {mean: m} is exponential, {erlang: k, mean: m}, {hyperexponential: [{weight:, mean:}, …]}.")
}

// durationValue is a number, or the law of one.
type durationValue struct{}

func lawObject() object[RandomDuration] {
	return object[RandomDuration]{fresh: exponentialLaw, fields: always(
		key("mean", positive, func(d *RandomDuration) *float64 { return &d.Mean },
			"Mean of the random duration; alone: of an exponential one."),
		writtenWhen(func(d *RandomDuration) bool { return d.Stages > 1 },
			key(erlang, integer[int]{1, maxStages}, func(d *RandomDuration) *int { return &d.Stages },
				"k: the duration is the sum of k exponential times.")),
		key(hyperexponential, mixtureList, func(d *RandomDuration) *[]Weighted { return &d.Mixture },
			"The duration is one of several exponential times, each drawn with its weight: [{weight:, mean:}, …]. Weights sum to 1."),
	)}
}

func exponentialLaw() RandomDuration { return RandomDuration{Stages: 1} }

var mixtureList = sequence[Weighted]{of: weightedObject(), least: 1, what: "a list of {weight:, mean:}"}

func weightedObject() object[Weighted] {
	return object[Weighted]{fresh: zero[Weighted], fields: always(
		required(key("weight", positive, func(v *Weighted) *float64 { return &v.Weight }, "Probability that the duration has this mean.")),
		required(key("mean", positive, func(v *Weighted) *float64 { return &v.Mean }, "Mean of an exponential time.")),
	)}
}

func (durationValue) read(c *checker, n *node, path string, into *Agent) {
	_, isNumber := n.float()
	switch {
	case isNumber:
		positive.read(c, n, path, &into.Duration)
	case n.kind == mapping:
		law := exponentialLaw()
		readLaw(c, n, path, &law)
		into.Random = &law
	default:
		c.want(n, path, positive.what()+", or {mean:}, {erlang:, mean:} or {hyperexponential: […]}", numberHint(n))
	}
}

func readLaw(c *checker, n *node, path string, law *RandomDuration) {
	lawObject().read(c, n, path, law)
	mean, mixture := join(path, "mean"), join(path, hyperexponential)
	switch {
	case c.given(mixture):
		for _, name := range []string{"mean", erlang} {
			if at := join(path, name); c.given(at) {
				c.reportAt(at, "hyperexponential already says it", "remove the "+name+", or hyperexponential (--set key=null clears a key)")
			}
		}
		law.mix(c, mixture)
	case !c.given(mean) && onlyKnown(n, lawObject().fields(scope{})):
		c.report(n, mean, "the key is missing", "Mean of the random duration; or give hyperexponential")
	}
}

// mix takes the mean of a mixture. One of a single exponential time is that.
func (d *RandomDuration) mix(c *checker, path string) {
	if !c.usable(path) {
		return
	}
	weights, mean := 0.0, 0.0
	for _, v := range d.Mixture {
		weights += v.Weight
		mean += float64(v.Weight * v.Mean)
	}
	switch {
	case len(d.Mixture) > maxMixture:
		c.reportAt(path, fmt.Sprintf("%d exponential times, the limit is %d", len(d.Mixture), maxMixture), "leave out those of small weight")
	case !(math.Abs(weights-1) <= agreement):
		c.reportAt(path, "the weights sum to "+shortest(weights)+", want 1", "divide each by their sum")
	case !(mean > 0):
		c.reportAt(path, "the mean is no time at all", "take larger means")
	case len(d.Mixture) == 1:
		*d = RandomDuration{Mean: d.Mixture[0].Mean, Stages: 1}
	default:
		d.Mean, d.Stages = mean, 0
	}
}

func (durationValue) write(w *writer, path string, a *Agent) bool {
	switch {
	case a.Random == nil:
		return positive.write(w, path, &a.Duration)
	case a.Random.Mixture == nil:
		return lawObject().write(w, path, a.Random)
	}
	w.WriteString(`{"` + hyperexponential + `":`)
	mixtureList.write(w, join(path, hyperexponential), &a.Random.Mixture)
	w.WriteByte('}')
	return true
}

func (durationValue) schema(l *language) *jsonschema.Schema {
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{positive.schema(l), lawObject().schema(l)}}
}

func (durationValue) keys(l *language, path string) []string {
	return append([]string{path}, lawObject().keys(l, path)...)
}

// checkRandomAmounts: the size of an order that ends at random is random, and its
// rate what it chooses.
func checkRandomAmounts(c *checker, a *Agent, item string) {
	size, rate := join(item, "size"), join(item, "rate")
	switch {
	case c.given(size):
		c.reportAt(size, "the duration is random, and so is the size: rate × duration", "remove the size, and give a rate")
	case a.Strategy == StrategyConstant && !c.given(rate):
		c.lack(a, item, item, "an order of random duration needs a rate", "add one: its size is rate × duration")
	case a.Strategy != StrategyConstant && c.given(rate):
		c.findsRate(a, rate)
	}
}

// checkRandom: what a random end does is known of an order that is alone, from time
// 0 on, among investors who arrive. The best rate is one for all draws where
// the makers do not know them, and solved where the order has no memory.
func checkRandom(c *checker, s *Scenario) {
	for i, a := range s.Agents {
		item := index("agents", i)
		duration, start, strategy := join(item, "duration"), join(item, "start"), join(item, "strategy")
		if a.Random == nil || !c.usable(duration) {
			continue
		}
		if c.inFlow(s) {
			c.reportAt(duration, "a random duration is solved for investors who come one by one (arrivals), not for a flow (activity)", "write a number, or give the investors arrivals")
			continue
		}
		if a.Start > 0 && c.usable(start) {
			c.want(c.at(start), start, "0", "an order that ends at random is there from the beginning")
		}
		if n := s.orders(); n > 1 {
			c.reportAt(duration, fmt.Sprintf("a random duration is solved for an order that is alone, here are %d", n), "remove the other orders, or write a number")
		}
		stealth, known := a.Disclosure.Kind == DisclosureStealth, c.usable(strategy, join(item, "disclosure"))
		switch {
		case a.Strategy != StrategyOptimalRate || !known:
		case !stealth:
			c.reportAt(strategy, "optimal_rate of a random duration that the makers know would be another for every draw", "give the order a rate, or write disclosure: stealth")
		case !a.Random.Exponential():
			c.reportAt(duration, "optimal_rate with stealth is solved for an exponential duration", "write {mean: "+shortest(a.Random.Mean)+"}, or give the order a rate")
		}
	}
}
