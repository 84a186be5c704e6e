package papers

import (
	"fmt"
	"math"

	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/experiment"
)

// trial is a simulation of a market with Poisson investors.
type trial struct {
	rows rows
	err  error // the first
}

// overrides lists what turns a built-in scenario into one of a market.
func overrides(m poisson.Model) []string {
	return []string{
		set("discount_rate", m.DiscountRate), set("agents.maker.count", m.Makers), set("agents.maker.inventory_cost", m.InventoryCost),
		set("agents.investors.arrivals", fmt.Sprintf("{rate: %v, size: %v}", m.BuyRate, m.Size)), set("agents.investors.reservation_value", m.Reservation),
	}
}

// slides plays the seller of rate f in a market; duration is as in a scenario file.
func (l lab) slides(m poisson.Model, disclosure string, rate float64, duration string, more ...string) *trial {
	sets := append(overrides(m), set("clock.horizon", 8), set("record.statistics_every", 80), set("agents.fund.rate", rate), set("agents.fund.duration", duration), set("agents.fund.disclosure", disclosure), set("monte_carlo.paths", 2*paths))
	list, err := l.run("stealth", append(sets, more...)...)
	return &trial{list, err}
}

// disclosed measures what the seller of a hidden order gains by announcing when it
// ends, on paired paths: the same end, and the same investors at the same times.
func (l lab) disclosed(m poisson.Model, rate float64, duration string) (measured, error) {
	const pairs = 2000 // two per cent of the difference
	s, err := load("stealth", append(overrides(m), set("clock.horizon", 8), set("agents.fund.rate", rate), set("agents.fund.duration", duration), set("monte_carlo.paths", pairs))...)
	if err != nil {
		return none, err
	}
	out, err := experiment.DeviateArrivals(l.ctx, s, experiment.LabOptions{Workers: l.workers})
	if err != nil {
		return none, err
	}
	for _, row := range out.Rows {
		if row.Agent == "fund" && row.Deviation == "sunshine" {
			return measured{row.Gain, row.StdError, row.Exact}, nil
		}
	}
	return none, fmt.Errorf("papers: a lab has no sunshine of the fund")
}

// get is a statistic; after an error nothing.
func (t *trial) get(statistic, agent string, at float64) measured {
	if t.err != nil {
		return none
	}
	m, err := t.rows.get(statistic, agent, at)
	t.err = err
	return m
}

// of is a statistic of whole paths.
func (t *trial) of(statistic, agent string) measured { return t.get(statistic, agent, math.NaN()) }

// makerGain is what a maker has more than without the order.
func (t *trial) makerGain(c poisson.Constants) measured {
	return t.of("welfare", "maker[1]").minus(exactly(c.MakerValue(0)))
}

// hiddenDuration and knownDuration are those of the test market in a scenario file.
var hiddenDuration, knownDuration = fmt.Sprintf("{mean: %v}", 1/talkHazard), fmt.Sprint(talkDuration)

// boxes plays the seller of the figures for a little longer than it sells.
func (l lab) boxes(c cournot.Order, m poisson.Model) *trial {
	const few = 500 // paths, of some ten thousand arrivals each
	sets := append(overrides(m), set("agents.fund.rate", c.Rate), set("agents.fund.duration", c.Duration), set("clock.horizon", .24), set("record.statistics_every", 1), set("monte_carlo.paths", few))
	list, err := l.run("box-plots", sets...)
	return &trial{list, err}
}
