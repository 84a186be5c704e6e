package papers

import (
	"math"
	"slices"

	"walras/equilibrium/closedform"
	"walras/experiment"
)

// five names the market of the examples.
const five = "five traders, b = 1, 1.5, 2, 2.5, 3, r = 1"

// solved is the equilibrium of a built-in double auction with overrides.
func solved(name string, sets ...string) (*experiment.Equilibrium, error) {
	s, err := load(name, sets...)
	if err != nil {
		return nil, err
	}
	return experiment.Solve(s, true)
}

// example adds a printed price vector and trading matrix, computed and measured.
// The price is printed with the sign in front of the bracket.
func example(p *page, l lab, place, scenario string, step float64, price string, flows []string, sets ...string) (*experiment.Equilibrium, error) {
	e, err := solved(scenario, sets...)
	if err != nil {
		return nil, err
	}
	measuredPrice, measuredFlows, err := l.mechanism(scenario, step, e.Agents, sets...)
	if err != nil {
		return nil, err
	}
	for i, entry := range p.vector(place, "−P", price, negated(e.Continuous.P)) {
		entry.simulated(measuredPrice[i].times(-1))
	}
	for i, row := range p.matrix(place, "Q", flows, e.Continuous.Q) {
		for j, entry := range row {
			entry.simulated(measuredFlows[i][j])
		}
	}
	return e, nil
}

func negated(v []float64) []float64 {
	w := make([]float64, len(v))
	for i := range v {
		w[i] = -v[i]
	}
	return w
}

// fiveTraders is the example of section 5.1, to three digits, and as section 5.5
// has it, to four.
func fiveTraders(p *page, l lab) error {
	p.market = five
	const place = "section 5.1"
	e, err := example(p, l, place, "five-traders", .25, ".254 .329 .387 .435 .476", []string{
		"0.630 -0.244 -0.319 -0.389 -0.455",
		"-0.163 0.965 -0.326 -0.401 -0.473",
		"-0.160 -0.244 1.289 -0.405 -0.481",
		"-0.156 -0.241 -0.324 1.598 -0.483",
		"-0.152 -0.236 -0.320 -0.403 1.892",
	})
	if err != nil {
		return err
	}
	c := e.Continuous
	p.vector("section 5.5, below (44)", "−P", ".254 .3294 .3875 .4351 .4757", negated(c.P))
	p.matrix("section 5.5, below (44)", "Q", []string{
		".6298 -.2441 -.3192 -.3894 -.4554",
		"-.1628 .9653 -.3256 -.4010 -.4727",
		"-.1596 -.2442 1.2893 -.4050 -.4808",
		"-.1557 -.2406 -.3240 1.5983 -.4835",
		"-.1518 -.2364 -.3205 -.4029 1.8924",
	}, c.Q)
	speeds := p.vector("(25)", "K", "0 .93 1.38 1.82 2.24", c.Speeds)
	for k, entry := range speeds {
		m, err := l.speed("five-traders", .25, e.Agents, column(c.Eigenvectors, k))
		if err != nil {
			return err
		}
		entry.simulated(m)
	}
	p.matrix("(25)", "U", []string{
		"1 1 .218 .118 .081",
		".666 -.530 .782 .214 .123",
		".5 -.221 -.619 .668 .213",
		".4 -.143 -.234 -.748 .583",
		".333 -.106 -.147 -.252 -1",
	}, c.Eigenvectors)

	p.claim("(25)", "speed of the last misallocation over that of the second", "> 2", c.Speeds[4]/c.Speeds[1], c.Speeds[4] > 2*c.Speeds[1])
	return momentum(p, l, e)
}

// column is column k of a matrix by rows.
func column(rows [][]float64, k int) []float64 {
	v := make([]float64, len(rows))
	for i := range rows {
		v[i] = rows[i][k]
	}
	return v
}

// momentum is the drift of the price when a large trader sells and a small one
// buys.
func momentum(p *page, l lab, e *experiment.Equilibrium) error {
	drift, start := 0., 0.
	c, x := e.Continuous, []float64{1, 0, 0, 0, -1}
	for j := range x {
		start += c.P[j] * x[j]
		for i := range x {
			drift -= c.P[i] * c.Q[i][j] * x[j]
		}
	}
	const step = .05
	list, err := l.run("five-traders", set("clock.policy", "continuous"), set("clock.step", step), set("clock.horizon", 2*step),
		set("monte_carlo.paths", paths), set("record.statistics_every", 1))
	if err != nil {
		return err
	}
	at, err := list.get("price_mean", "", step)
	if err != nil {
		return err
	}
	p.claim("section 5.1", "expected price change per time at X₀ = (1, 0, 0, 0, −1)", "< 0: falls when large traders sell to small ones", drift, drift < 0).
		simulated(at.minus(exactly(start)).times(1 / step))
	return nil
}

// impacts are the price impacts of section 5.2, and Figure 1.
func impacts(p *page, l lab) error {
	p.market = five
	e, err := solved("five-traders")
	if err != nil {
		return err
	}
	i := e.Continuous.Impact
	instantaneous := p.vector("below (29)", "I", "0.403 0.341 0.301 0.272 0.251", i.Instantaneous)
	permanent := p.vector("below (30)", "λ", "0.526 0.447 0.416 0.4 0.389", i.Permanent)
	transient := p.vector("above Lemma 3", "T", "0.020 0.055 0.054 0.045 0.034", i.Transient)
	for k, seller := range e.Agents {
		m, err := l.impact(seller)
		if err != nil {
			return err
		}
		instantaneous[k].simulated(m[0])
		permanent[k].simulated(m[1])
		transient[k].simulated(m[2])
	}

	// Auctions close to each other, so that what is measured is near to the figure.
	const step, horizon, late = .002, 25, 24.75
	s, err := load("price-impact", set("clock.step", step), set("clock.horizon", horizon))
	if err != nil {
		return err
	}
	figure, err := experiment.Solve(s, false)
	if err != nil {
		return err
	}
	list, err := l.run("price-impact", set("clock.step", step), set("clock.horizon", horizon), set("record.statistics_every", 125))
	if err != nil {
		return err
	}
	path := make(map[float64]experiment.ResponsePoint) // continuous time
	for _, point := range figure.Response.Continuous {
		path[math.Round(point.Time*1e6)/1e6] = point
	}
	after, last := path[.5], path[late]
	measure := func(t float64) measured {
		m, failed := list.get("price_mean", "", t)
		if failed != nil && err == nil {
			err = failed
		}
		return m
	}
	fastest := slices.Max(e.Continuous.Speeds)
	p.formula("Figure 1", "price when the sales begin", "−I³", -i.Instantaneous[2], path[0].Price).simulated(measure(0)).atTicks(step, fastest, path[0].Price)
	p.claim("Figure 1", "price just after the sales end", "below where it stays", after.Price, after.Price < last.Price && after.Transient > 0).simulated(measure(.5)).atTicks(step, fastest, after.Price)
	p.formula("Figure 1", "price in the end", "−λ³/2", -i.Permanent[2]/2, last.Price).simulated(measure(late)).atTicks(step, fastest, last.Price)
	return err
}

// approximation is (44), the near-symmetric approximation of the five traders.
func approximation(p *page, _ lab) error {
	p.market = five
	e, err := solved("five-traders")
	if err != nil {
		return err
	}
	p.vector("(44)", "−P", ".29 .345 .4 .455 .51", negated(e.Approximation.P))
	p.matrix("(44)", "Q", []string{
		".6 -.225 -.3 -.38 -.45",
		"-.15 .9 -.3 -.38 -.45",
		"-.15 -.225 1.2 -.38 -.45",
		"-.15 -.225 -.3 1.5 -.45",
		"-.15 -.225 -.3 -.38 1.8",
	}, e.Approximation.Q)
	spectrum, err := closedform.NearSymmetricSpectrum([]float64{1, 1.5, 2, 2.5, 3}, 1)
	if err != nil {
		return err
	}
	for i := 1; i < len(spectrum.Speeds); i++ {
		v := spectrum.Speeds[i]
		p.claim("Proposition 14", "speed of the approximation", "between κ(1+ε) of neighbouring traders", v, spectrum.Lower[i] < v && v < spectrum.Upper[i])
	}
	return nil
}

// equalShocks makes all shocks of the example with exponential utility alike.
var equalShocks = set("shocks.covariance", "[[.01,0,0,0,0],[0,.01,0,0,0],[0,0,.01,0,0],[0,0,0,.01,0],[0,0,0,0,.01]]")

// otherValues are the examples with common values (section 6) and with
// exponential utility (appendix A).
func otherValues(p *page, l lab) error {
	p.market = five
	knows, err := example(p, l, "section 6", "five-traders-common-values", .25, "0.276 0.180 0.439 0.500 0.553", []string{
		"0.503 -0.089 -0.303 -0.370 -0.433",
		"-0.062 0.335 -0.113 -0.134 -0.154",
		"-0.151 -0.085 1.018 -0.380 -0.450",
		"-0.147 -0.082 -0.303 1.259 -0.451",
		"-0.143 -0.079 -0.299 -0.375 1.487",
	})
	if err != nil {
		return err
	}
	p.number("footnote 30", "I²", "2.2", knows.Continuous.Impact.Instantaneous[1])
	if _, err := example(p, l, "appendix A.2, equal shocks", "five-traders-exponential", .25, ".257 .334 .394 .443 .485", []string{
		"0.619 -0.243 -0.318 -0.388 -0.454",
		"-0.161 0.953 -0.324 -0.400 -0.472",
		"-0.157 -0.242 1.278 -0.403 -0.479",
		"-0.153 -0.237 -0.320 1.589 -0.481",
		"-0.147 -0.231 -0.315 -0.398 1.886",
	}, equalShocks); err != nil {
		return err
	}
	_, err = example(p, l, "appendix A.2, unequal shocks", "five-traders-exponential", .25, ".265 .358 .426 .463 .507", []string{
		"0.572 -0.246 -0.326 -0.374 -0.437",
		"-0.146 0.951 -0.322 -0.374 -0.445",
		"-0.131 -0.222 1.312 -0.364 -0.439",
		"-0.150 -0.244 -0.334 1.500 -0.467",
		"-0.145 -0.239 -0.330 -0.387 1.787",
	})
	return err
}
