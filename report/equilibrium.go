package report

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"walras/experiment"
	"walras/internal/numeral"
	"walras/scenarios"
)

// mostSolved is the largest number of agents whose market is solved again for the
// page; of larger ones the coefficients in the manifest are shown.
const mostSolved = 100

// widest is the largest matrix that is shown.
const widest = 12

// equilibriumPart solves the scenario again. Each market has its own numbers; those
// of one that is not known here are those of the manifest.
func (d *directory) equilibriumPart() (part, error) {
	s, p := d.scenario, part{ID: "equilibrium", Title: "The equilibrium"}
	switch {
	case s.Market == scenarios.MarketCournot:
		l, err := experiment.SolveMakers(s)
		if err != nil {
			return p, err
		}
		return p, p.makers(s, l)
	case s.Market == scenarios.MarketAlmgrenChriss:
		l, err := experiment.Liquidate(s)
		if err != nil {
			return p, err
		}
		p.liquidation(s, l)
		return p, nil
	case s.Market == scenarios.MarketDoubleAuction && len(s.Agents) <= mostSolved:
		e, err := experiment.Solve(s, false)
		if err != nil {
			return p, err
		}
		return p, p.auction(s, e)
	}
	t, err := numbersTable("Coefficients of the policy", d.manifest.Policy, nil)
	p.Text = append(p.Text, "The market is large: these are some of the numbers that it is played with, from the manifest.")
	p.Tables = append(p.Tables, t)
	return p, err
}

// auction shows a double auction in both timings.
func (p *part) auction(s *scenarios.Scenario, e *experiment.Equilibrium) error {
	p.Text = append(p.Text, "Prices are p = P·X and sales q = QX in the inventories X. An agent's own impacts: what a unit sold per unit of time lowers the price by while it is sold (instantaneous), what stays for ever of each unit sold (permanent), and what fades (transient).")
	if c := e.Continuous; c != nil {
		t := table{Caption: fmt.Sprintf("Continuous time, r = %s", numeral.Brief(s.DiscountRate)),
			Head: heads("agent", "P", "Q own", "instantaneous impact", "permanent impact", "transient impact", withUnit("welfare f(X₀)", s.Units.Money))}
		for i, name := range e.Agents {
			t.Rows = append(t.Rows, []cell{{Text: name}, six(c.P, i), six(c.Q[i], i),
				six(c.Impact.Instantaneous, i), six(c.Impact.Permanent, i), six(c.Impact.Transient, i), six(c.Welfare, i)})
		}
		more := table{Rows: [][]cell{{{Text: "speeds of trade (eigenvalues of Q)"}, {Text: row(c.Speeds)}}}}
		if c.FirstBest != nil {
			more.Rows = append(more.Rows, []cell{{Text: "price coefficient without market power"}, {Text: numeral.Brief(c.FirstBest.P[0])}})
		}
		more.Rows = append(more.Rows, []cell{{Text: "residual of the equations"}, {Text: fmt.Sprintf("%.1e", c.Residual)}})
		p.Tables = append(p.Tables, t, more)
	}
	if d := e.Discrete; d != nil {
		t := table{Caption: fmt.Sprintf("Discrete-time game, an auction every %s: quantities per auction", numeral.Brief(d.Step)),
			Head: heads("agent", "P", "Q own", withUnit("welfare f(X₀)", s.Units.Money))}
		for i, name := range e.Agents {
			t.Rows = append(t.Rows, []cell{{Text: name}, six(d.P, i), six(d.Q[i], i), six(d.Welfare, i)})
		}
		p.Tables = append(p.Tables, t)
	}
	p.matrices(e)
	p.conditions(e.Conditions)
	p.Text = append(p.Text, e.Warnings...)
	if e.Experiments == nil {
		return nil
	}
	return p.numbers("Welfare experiments", e.Experiments, nil)
}

// matrices folds away Q of both timings.
func (p *part) matrices(e *experiment.Equilibrium) {
	add := func(title string, q [][]float64) {
		if len(q) == 0 || len(q) > widest {
			return
		}
		t := table{Head: heads("who sells", e.Agents...)}
		for i, name := range e.Agents {
			cells := []cell{{Text: name}}
			for j := range q[i] {
				cells = append(cells, six(q[i], j))
			}
			t.Rows = append(t.Rows, cells)
		}
		p.Folds = append(p.Folds, fold{Summary: title, Text: "Columns: whose inventory.", Tables: []table{t}})
	}
	if e.Continuous != nil {
		add("Q in continuous time, rates of sale per unit of inventory", e.Continuous.Q)
	}
	if e.Discrete != nil {
		add("Q of the discrete-time game, quantities sold per unit of inventory", e.Discrete.Q)
	}
}

func (p *part) conditions(c experiment.Conditions) {
	yes := map[bool]string{true: "yes", false: "NO"}
	p.Text = append(p.Text, fmt.Sprintf("Sufficient conditions: stable %s, second order %s, acceptable %s.", yes[c.Stable], yes[c.SecondOrder], yes[c.Acceptable]))
}

// meanings are what coefficients of market makers are, by their key.
var meanings = map[string]string{
	"A": "marginal value of inventory, slope / 2", "M": "rate at which inventories revert", "gamma": "rate at which orders are anticipated",
	"A_theta": "half spread without orders", "B_theta": "price pressure per unit of all makers' inventory",
	"C_theta": "depth", "D_theta": "slope of depth in a maker's inventory", "E_theta": "a maker's value without inventory and orders",
	"F_theta": "what inventory takes from it, times its square", "H_theta": "immediate price impact of an order's rate",
	"alpha": "slope in the own inventory", "zeta": "slope in own and a rival's", "rho": "slope in rivals'",
	"proceeds": "discounted, over the reservation value", "shortfall": "reservation value less proceeds per unit",
	"average_impact": "discounted", "maker_gain": "of one maker, from all orders", "investor_gain": "from all orders",
	"optimal_rate": "in this time", "minimum_duration": "of this size", "threshold_rate": "investors gain above it", "valid_rate": "demand is linear up to it",
}

// makers shows a market of market makers: its constants, and what each order gets.
func (p *part) makers(s *scenarios.Scenario, l *experiment.LargeOrders) error {
	p.Text = append(p.Text, "In continuous time; prices relative to the fundamental value.")
	if err := p.numbers("Coefficients, solution "+words(l.Solution), l.Coefficients, meanings); err != nil {
		return err
	}
	for _, o := range l.Orders {
		o.Rates = nil // a schedule is a picture's
		if err := p.numbers("Order: "+o.Agent, o, meanings); err != nil {
			return err
		}
	}
	p.conditions(l.Conditions)
	p.Text = append(p.Text, l.Warnings...)
	return nil
}

// liquidation shows an order in a market with given price impact.
func (p *part) liquidation(s *scenarios.Scenario, l *experiment.Liquidation) {
	p.Text = append(p.Text, fmt.Sprintf("The optimal schedule has the urgency k = %s, and sells half in %s.", numeral.Brief(l.Urgency), numeral.Brief(l.HalfLife)))
	p.Text = append(p.Text, l.Warnings...)
	t := table{Caption: withUnit("Revenue of the order", s.Units.Money), Head: heads("strategy", "mean", "shortfall", "standard deviation", "E − γ Var")}
	add := func(name string, y *experiment.OrderRevenue) {
		if y != nil {
			t.Rows = append(t.Rows, []cell{{Text: name}, num(numeral.Brief(y.Mean)), num(numeral.Brief(y.Shortfall)), num(numeral.Brief(y.StandardDeviation)), num(numeral.Brief(y.Objective))})
		}
	}
	for _, strategy := range l.Strategies {
		add(words(strategy.Strategy)+", continuous time", strategy.Continuous)
		add(fmt.Sprintf("%s, auctions every %s", words(strategy.Strategy), numeral.Brief(s.Clock.Step)), strategy.Auctions)
	}
	p.Tables = append(p.Tables, t)
}

// numbers adds a table of all numbers in a value, as its JSON calls them.
func (p *part) numbers(caption string, v any, meanings map[string]string) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("report: %s: %w", caption, err)
	}
	t, err := numbersTable(caption, text, meanings)
	if len(t.Rows) > 0 {
		p.Tables = append(p.Tables, t)
	}
	return err
}

func numbersTable(caption string, object json.RawMessage, meanings map[string]string) (table, error) {
	t := table{Caption: caption}
	if len(object) == 0 || !isObject(object) {
		return t, nil
	}
	err := walk("", object, func(key string, v cell) {
		name := letters.Replace(key)
		if meaning := meanings[key]; meaning != "" {
			name += ": " + meaning
		}
		t.Rows = append(t.Rows, []cell{{Text: name}, v})
	})
	return t, err
}

// letters writes keys as the papers write their symbols, and words as words.
var letters = strings.NewReplacer("_theta", "_θ", "gamma", "γ", "alpha", "α", "zeta", "ζ", "rho", "ρ", "_", " ")

// walk visits the numbers, words and short lists below an object.
func walk(prefix string, object json.RawMessage, visit func(key string, v cell)) error {
	list, err := members(object)
	if err != nil {
		return err
	}
	for _, m := range list {
		key := prefix + m.key
		var values []float64
		switch {
		case string(m.value) == "null":
		case isObject(m.value):
			if err := walk(key+" ", m.value, visit); err != nil {
				return err
			}
		case json.Unmarshal(m.value, &values) == nil:
			visit(key, cell{Text: row(values), Number: true})
		case m.value[0] == '"':
			visit(key, cell{Text: plainText(m.value)})
		case m.value[0] != '[':
			var v float64
			if json.Unmarshal(m.value, &v) == nil {
				visit(key, num(numeral.Brief(v)))
			}
		}
	}
	return nil
}

// six is a number with six decimals, or digits if it is small; nothing if there is none.
func six(values []float64, i int) cell {
	if i >= len(values) {
		return num("")
	}
	if v := values[i]; math.Abs(v) > 1e-4 || v == 0 {
		return num(numeral.Fixed(v, 6))
	}
	return num(numeral.Brief(values[i]))
}

// row writes numbers in a row, the first and last of many.
func row(values []float64) string {
	var list []string
	for i, v := range values {
		switch {
		case len(values) <= widest || i < widest/2 || i >= len(values)-widest/2:
			list = append(list, numeral.Brief(v))
		case i == widest/2:
			list = append(list, "…")
		}
	}
	return strings.Join(list, ", ")
}
