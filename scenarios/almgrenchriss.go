package scenarios

import (
	"fmt"
	"math"
)

// Counterparty is the name under which the market itself appears in the results of
// MarketAlmgrenChriss: whoever takes what is sold.
const Counterparty = "counterparty"

// almgrenChriss registers the market of Almgren and Chriss: one large seller whose
// price impact is given.
func almgrenChriss() *market {
	return &market{
		name: MarketAlmgrenChriss,
		keys: []field[Scenario]{
			required(key("impact", impactObject(), func(s *Scenario) *Impact { return &s.Impact },
				"What sales do to the price: {instantaneous: I, permanent: λ}.")),
		},
		kinds: []kind{{
			name: KindLargeSeller, keys: sellerKeys(), defaults: func(a *Agent) { a.Strategy = StrategyConstant },
		}},
		checks: []check{checkOneSeller, checkCounterparty, checkWindow, checkBestSchedule, checkNoControl},
	}
}

func impactObject() object[Impact] {
	return object[Impact]{fresh: zero[Impact], fields: always(
		required(key("instantaneous", positive, func(i *Impact) *float64 { return &i.Instantaneous },
			"I: selling at the rate q lowers the price of the moment by I·q.")),
		required(key("permanent", notNegative, func(i *Impact) *float64 { return &i.Permanent },
			"λ: a unit sold lowers all later prices by λ.")),
	)}
}

func sellerKeys() []field[Agent] {
	return []field[Agent]{
		required(key("size", positive, func(a *Agent) *float64 { return &a.Size },
			"Quantity to be sold.")),
		key("start", notNegative, func(a *Agent) *float64 { return &a.Start },
			"Time of the first sale, a multiple of the step."),
		required(key("duration", positive, func(a *Agent) *float64 { return &a.Duration },
			"Time in which everything is sold, a multiple of the step.")),
		key("risk_aversion", notNegative, func(a *Agent) *float64 { return &a.RiskAversion },
			"γ: the seller values its revenue y as E[y] − γ Var[y]."),
		key("strategy", words(StrategyConstant, StrategyOptimalSchedule), func(a *Agent) *string { return &a.Strategy },
			"constant (the default): at a constant rate; optimal_schedule: at the times that maximise E[y] − γ Var[y]."),
	}
}

func checkOneSeller(c *checker, s *Scenario) {
	for i := range s.Agents[min(1, len(s.Agents)):] {
		c.reportAt(index("agents", i+1), "a second seller, this market has one", "the first is "+quote(s.Agents[0].Name)+"; sellers meet in a double_auction")
	}
}

// checkCounterparty keeps the names of the two sides apart.
func checkCounterparty(c *checker, s *Scenario) {
	for i, a := range s.Agents {
		if a.Name == Counterparty {
			c.reportAt(join(index("agents", i), "name"), "the name "+Counterparty+" belongs to the other side of the market", "take another one")
		}
	}
}

// onGrid tells whether a time is a multiple of the step, but for rounding.
func (k Clock) onGrid(t float64) bool {
	ticks := t / k.Step
	return math.Abs(ticks-math.Round(ticks)) <= 1e-9*math.Max(1, ticks)
}

// checkWindow: the order begins and ends with auctions, before the horizon.
func checkWindow(c *checker, s *Scenario) {
	if !c.usable("clock.step", "clock.horizon", "agents") {
		return
	}
	for i, a := range s.Agents {
		start, duration := join(index("agents", i), "start"), join(index("agents", i), "duration")
		end := a.Start + a.Duration
		switch {
		case !s.Clock.onGrid(a.Start):
			c.want(c.at(start), start, "a multiple of the step "+shortest(s.Clock.Step), "")
		case !s.Clock.onGrid(a.Duration) || math.Round(a.Duration/s.Clock.Step) < 1:
			c.want(c.at(duration), duration, "a multiple of the step "+shortest(s.Clock.Step), "")
		case math.Round(end/s.Clock.Step) > float64(s.Clock.Steps()):
			c.reportAt(duration, fmt.Sprintf("the order ends at %s, after the horizon %s", shortest(end), shortest(s.Clock.Horizon)), "end it earlier, or simulate longer")
		}
	}
}

// checkBestSchedule: with more permanent than instantaneous impact in an auction
// there is no best schedule, but ever more sales followed by purchases.
func checkBestSchedule(c *checker, s *Scenario) {
	const permanent = "impact.permanent"
	if !c.usable("clock.step", "clock.policy", "impact", "agents") {
		return
	}
	limit := 2 * s.Impact.Instantaneous / s.Clock.Step
	for _, a := range s.Agents {
		several := math.Round(a.Duration/s.Clock.Step) > 1
		if a.Strategy == StrategyOptimalSchedule && s.Clock.Policy == PolicyDiscrete && several && s.Impact.Permanent >= limit {
			c.want(c.at(permanent), permanent, fmt.Sprintf("a number below 2 × instantaneous/step = %.6g", limit),
				"auctions so far apart have no optimal schedule; take a shorter step, or clock.policy: continuous")
		}
	}
}

// checkNoControl: a control variate would leave nothing to estimate.
func checkNoControl(c *checker, s *Scenario) {
	const path = "monte_carlo.variance_reduction"
	if s.MonteCarlo.Control && c.usable(path) {
		c.reportAt(path, "control is not for this market: the payoff less its control variate is a number, not an estimate", "remove control")
	}
}
