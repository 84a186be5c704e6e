package papers

import (
	"context"
	"fmt"
	"math"

	"walras/analysis"
	"walras/equilibrium/cournot"
	"walras/experiment"
	"walras/scenarios"
)

// Seed is that of every simulation, so that what is measured is the same each time.
const Seed = 1

// paths are enough for the third digit of a trading rate.
const paths = 20000

// lab measures in simulations.
type lab struct {
	ctx     context.Context
	workers int
}

// load is a built-in scenario with overrides, and no sweep.
func load(name string, sets ...string) (*scenarios.Scenario, error) {
	seed := uint64(Seed)
	s, err := scenarios.Load(name, scenarios.Options{Sets: sets, Seed: &seed})
	if err != nil {
		return nil, fmt.Errorf("papers: %s: %w", name, err)
	}
	return s, nil
}

// set is an override.
func set(key string, value any) string { return fmt.Sprintf("%s=%v", key, value) }

// run plays a scenario; its rows can be asked for.
func (l lab) run(name string, sets ...string) (rows, error) {
	s, err := load(name, sets...)
	if err != nil {
		return nil, err
	}
	out, err := experiment.Verify(l.ctx, s, l.workers, nil)
	if err != nil {
		return nil, err
	}
	return out.Rows, nil
}

// rows are the statistics of a run.
type rows []analysis.Row

// get is a statistic of an agent at a time; NaN is none.
func (list rows) get(statistic, agent string, t float64) (measured, error) {
	for _, r := range list {
		if r.Statistic == statistic && r.Agent == agent && r.Agent2 == "" && (math.Abs(r.T-t) < 1e-9 || math.IsNaN(r.T) && math.IsNaN(t)) {
			return estimate(r), nil
		}
	}
	return none, fmt.Errorf("papers: a run has no %s of %q at t = %v", statistic, agent, t)
}

// estimate is what a row holds.
func estimate(r analysis.Row) measured {
	return measured{r.Estimate, r.StdError, r.Analytic}
}

// none is where nothing was measured.
var none = measured{math.NaN(), math.NaN(), math.NaN()}

// minus is the difference of independent estimates.
func (m measured) minus(o measured) measured {
	return measured{m.value - o.value, math.Hypot(m.stdError, o.stdError), m.played - o.played}
}

// exactly is a number that is no estimate.
func exactly(v float64) measured { return measured{v, 0, v} }

// times is a multiple.
func (m measured) times(a float64) measured {
	return measured{a * m.value, math.Abs(a) * m.stdError, a * m.played}
}

// mechanism measures P and Q of a double auction in continuous time. Trader j
// starts with one unit and the others with none: the first auction shows P_j, and
// what everybody holds after one period of length step shows column j of Q.
func (l lab) mechanism(name string, step float64, agents []string, more ...string) (price []measured, flows [][]measured, err error) {
	flows = make([][]measured, len(agents))
	for j, holder := range agents {
		sets := []string{
			set("clock.policy", "continuous"), set("clock.step", step), set("clock.horizon", step),
			set("monte_carlo.paths", paths), set("record.statistics_every", 1),
		}
		sets = append(sets, more...)
		for _, agent := range agents {
			units := 0
			if agent == holder {
				units = 1
			}
			sets = append(sets, set("agents."+agent+".inventory", units))
		}
		list, err := l.run(name, sets...)
		if err != nil {
			return nil, nil, err
		}
		p, err := list.get("price_mean", "", 0)
		if err != nil {
			return nil, nil, err
		}
		price = append(price, p)
		for i, agent := range agents {
			left, err := list.get("inventory_mean", agent, step)
			if err != nil {
				return nil, nil, err
			}
			held := 0.
			if i == j {
				held = 1
			}
			flows[i] = append(flows[i], exactly(held).minus(left).times(1/step))
		}
	}
	return price, flows, nil
}

// speed measures how fast an allocation v that keeps its shape is traded away, on
// what is left after one period of whoever has most of it.
func (l lab) speed(name string, step float64, agents []string, v []float64) (measured, error) {
	sets := []string{
		set("clock.policy", "continuous"), set("clock.step", step), set("clock.horizon", step),
		set("monte_carlo.paths", paths), set("record.statistics_every", 1),
	}
	most := 0
	for i, agent := range agents {
		sets = append(sets, set("agents."+agent+".inventory", v[i]))
		if math.Abs(v[i]) > math.Abs(v[most]) {
			most = i
		}
	}
	list, err := l.run(name, sets...)
	if err != nil {
		return none, err
	}
	left, err := list.get("inventory_mean", agents[most], step)
	return exactly(1).minus(left.times(1 / v[most])).times(1 / step), err
}

// impact measures the instantaneous, permanent and transient impact of one of the
// five traders, which sells one unit in the first period and then nothing more.
func (l lab) impact(seller string) (parts [3]measured, err error) {
	const short, long = .001, .25
	at, err := l.afterSale(seller, short, 2*short)
	if err != nil {
		return parts, err
	}
	later, err := l.afterSale(seller, long, 200*long)
	if err != nil {
		return parts, err
	}
	permanent := later[len(later)-1].times(-1)
	return [3]measured{at[0].times(-short), permanent, at[1].times(-1).minus(permanent)}, nil
}

// afterSale is the price at every auction of a market in which a trader sells one
// unit at the first.
func (l lab) afterSale(seller string, step, horizon float64) (prices []measured, err error) {
	sets := []string{set("clock.policy", "continuous"), set("clock.step", step), set("clock.horizon", horizon), set("record.statistics_every", 1)}
	if seller != "t3" { // the seller of the scenario
		sets = append(sets, set("agents.t3.deviation", "null"))
	}
	sets = append(sets, fmt.Sprintf("agents.%s.deviation={schedule: [{from: 0, to: %v, rate: %v}]}", seller, step, 1/step))
	list, err := l.run("price-impact", sets...)
	for _, r := range list {
		if r.Statistic == "price_mean" {
			prices = append(prices, estimate(r))
		}
	}
	return prices, err
}

// orderStep is the time between auctions in what orderImpact plays.
const orderStep = .0002

// orderImpact measures the average price impact of a large order of this size and
// duration among the makers of large-order. Its payoff is the surplus over the
// reservation value ω, which no path can change.
func (l lab) orderImpact(c cournot.Constants, size, duration float64) (measured, error) {
	list, err := l.run("large-order", set("agents.fund.size", size), set("agents.fund.duration", duration),
		set("clock.step", orderStep), set("clock.horizon", orderStep*math.Ceil(duration/orderStep)), set("monte_carlo.paths", 2))
	if err != nil {
		return none, err
	}
	payoff, err := list.get("payoff", "fund", math.NaN())
	worth := c.Reservation * discounted(c.DiscountRate, duration) / duration
	return exactly(worth).minus(payoff.times(1 / size)), err
}
