package experiment

import (
	"context"
	"math"
	"strconv"
	"strings"
	"unicode"

	"walras/analysis"
	"walras/scenarios"
)

// figure is one number of a point of a sweep, a column of the table. NaN and
// infinite ones become null.
type figure struct {
	Name  string // snake_case, and the agent after a dot
	Value float64
	Unit  string
}

// figures are the numbers of a point in the order of the columns.
type figures []figure

func (f *figures) add(name string, value float64, unit string) {
	*f = append(*f, figure{name, value, unit})
}

// each adds a number of every agent.
func (f *figures) each(name string, agents []string, values []float64, unit string) {
	for i, v := range values { // none where they are not defined
		f.add(ofAgent(name, agents[i]), v, unit)
	}
}

// ofAgent is the column of an agent's number. As in --set, a name with a dot
// stands in quotes, so that no two columns have the same name.
func ofAgent(name, agent string) string {
	if strings.ContainsAny(agent, `."`) {
		agent = strconv.Quote(agent)
	}
	return name + "." + printable(agent)
}

// printable writes what no column may be called with escapes.
func printable(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// solvers compute the numbers of a point in each market, and what there is to
// remark about them. A new market needs a line here.
var solvers = map[string]func(*scenarios.Scenario) (figures, []string, error){
	scenarios.MarketDoubleAuction: solveAuction,
	scenarios.MarketAlmgrenChriss: solveLiquidation,
	scenarios.MarketCournot:       solveOrders,
}

// solveAuction gives the coefficients and values of the timing that the clock
// plays, and speed and price impacts in continuous time.
func solveAuction(s *scenarios.Scenario) (figures, []string, error) {
	e, err := Solve(s, false)
	if err != nil {
		return nil, nil, err
	}
	var f figures
	money := s.Units.Money
	onGrid := s.Clock.Policy == scenarios.PolicyContinuous || e.Discrete == nil
	price, flows, welfare, residual := e.played(onGrid)
	f.each("welfare", e.Agents, welfare, money)
	f.add("total_welfare", e.total(welfare), money)
	if e.Continuous != nil {
		f.add("speed", slowest(e.Continuous.Speeds), "")
	}
	f.experiments(e.Experiments, onGrid, money)
	f.each("P", e.Agents, price, "")
	for i, name := range e.Agents {
		f.add(ofAgent("Q", name), flows[i][i], "")
	}
	if c := e.Continuous; c != nil {
		f.each("impact.instantaneous", e.Agents, c.Impact.Instantaneous, "")
		f.each("impact.permanent", e.Agents, c.Impact.Permanent, "")
		f.each("impact.transient", e.Agents, c.Impact.Transient, "")
	}
	f.add("residual", residual, "")
	return f, append(e.Conditions.remarks(), e.Warnings...), nil
}

// played are the numbers of one timing.
func (e *Equilibrium) played(continuous bool) (price []float64, flows [][]float64, welfare []float64, residual float64) {
	if continuous {
		c := e.Continuous
		return c.P, c.Q, c.Welfare, c.Residual
	}
	d := e.Discrete
	return d.P, d.Q, d.Welfare, d.Residual
}

// total is the welfare of all members together.
func (e *Equilibrium) total(welfare []float64) float64 {
	sum := 0.0
	for i, v := range welfare {
		if e.Counts != nil {
			v *= float64(e.Counts[i])
		}
		sum += v
	}
	return sum
}

// slowest is the smallest speed above 0, the one at which inventories converge in
// the end; NaN where nothing moves. The zero of what never changes, the total, is
// one up to rounding.
func slowest(speeds []float64) float64 {
	largest := 0.0
	for _, v := range speeds {
		largest = math.Max(largest, v)
	}
	least := math.NaN()
	for _, v := range speeds {
		if v > 1e-9*largest && !(v >= least) {
			least = v
		}
	}
	return least
}

// remarks names the sufficient conditions that do not hold.
func (c Conditions) remarks() (list []string) {
	for _, condition := range []struct {
		name  string
		holds bool
	}{{"stable", c.Stable}, {"second order", c.SecondOrder}, {"acceptable", c.Acceptable}} {
		if !condition.holds {
			list = append(list, "a sufficient condition does not hold: "+condition.name)
		}
	}
	return list
}

// experiments adds the numbers that decide Propositions 7 to 9, and the parts of a
// fringe.
func (f *figures) experiments(e *Experiments, continuous bool, money string) {
	if e == nil {
		return
	}
	if e.Merger != nil {
		merged, rates := e.Merger.Continuous, e.Commitment.Continuous
		if !continuous && e.Merger.Discrete != nil {
			merged, rates = *e.Merger.Discrete, *e.Commitment.Discrete
		}
		f.add("share", e.Merger.Share, "")
		f.add("merger.eigenvalue", merged.Eigenvalues[1], "")
		f.add("merger.gain", merged.Gain, money)
		f.add("merger.shock_gain", merged.ShockGain, money)
		f.add("commitment.best_rate", orNaN(rates.BestRate), "")
		f.add("commitment.best_value", rates.BestValue, "")
		f.add("commitment.equilibrium_value", rates.Equilibrium, "")
	}
	if e.Entry != nil {
		slope := e.Entry.Continuous.Slope
		if !continuous && e.Entry.Discrete != nil {
			slope = e.Entry.Discrete.Slope
		}
		f.add("entry.slope", slope, "")
	}
	for _, p := range e.Parts {
		v := p.Discrete
		if continuous {
			v = p.Continuous
		}
		f.add(ofAgent("part_welfare", p.Name), orNaN(v), money)
	}
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// solveLiquidation gives the revenue of both strategies at the auctions.
func solveLiquidation(s *scenarios.Scenario) (figures, []string, error) {
	l, err := Liquidate(s)
	if err != nil {
		return nil, nil, err
	}
	var f figures
	money := s.Units.Money
	f.add("urgency", l.Urgency, "")
	f.add("half_life", l.HalfLife, s.Units.Time)
	for _, name := range []string{scenarios.StrategyOptimalSchedule, scenarios.StrategyConstant} {
		for _, y := range l.Strategies {
			if y.Strategy != name || y.Auctions == nil {
				continue
			}
			f.add("revenue_mean."+name, y.Auctions.Mean, money)
			f.add("revenue_shortfall."+name, y.Auctions.Shortfall, money)
			f.add("revenue_variance."+name, y.Auctions.Variance, "")
			f.add("revenue_objective."+name, y.Auctions.Objective, "")
		}
	}
	return f, l.Warnings, nil
}

// trialRun is what a simulation of a point leaves for the judgement of all.
type trialRun struct {
	Checks  int     // rows with a z
	Largest float64 // their largest |z|
	Exact   bool    // the other rows, the identities, hold
}

// simulatePoint plays a point as `sim run` would, keeps nothing of single paths,
// and gives every statistic of whole paths.
func simulatePoint(ctx context.Context, s *scenarios.Scenario, workers int) (figures, *trialRun, error) {
	out, err := Verify(ctx, s, workers, nil)
	if err != nil {
		return nil, nil, err
	}
	run := &trialRun{Largest: out.Verdict.Largest, Exact: true}
	for _, r := range out.Verdict.Rows {
		if math.IsNaN(r.Z) {
			run.Exact = run.Exact && r.Passed
		} else {
			run.Checks++
		}
	}
	return wholePaths(out.Rows, s.Units.Money), run, nil
}

// wholePaths are the statistics without a time.
func wholePaths(rows []analysis.Row, money string) (f figures) {
	for _, r := range rows {
		if !math.IsNaN(r.T) || r.Agent2 != "" {
			continue
		}
		name, unit := r.Statistic, ""
		if r.Agent != "" {
			name = ofAgent(name, r.Agent)
		}
		switch r.Statistic {
		case "welfare", "welfare_plain", "payoff", "terminal_value", "part_welfare":
			unit = money
		}
		f.add(name+".estimate", r.Estimate, unit)
		f.add(name+".std_error", r.StdError, unit)
		f.add(name+".analytic", r.Analytic, unit)
		f.add(name+".z", r.Z, "")
	}
	return f
}
