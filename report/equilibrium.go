package report

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

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
		p.makers(l)
		return p, nil
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
		if p.Figures, err = d.auctionFigures(e); err != nil {
			return p, err
		}
		return p, p.auction(s, e)
	}
	t, err := numbersTable("Coefficients of the policy", d.manifest.Policy)
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
		more := table{Rows: [][]cell{{{Text: "speeds of trade (eigenvalues of Q)"}, {Text: numeral.Several(c.Speeds)}}}}
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
	return p.numbers("Welfare experiments", e.Experiments)
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
	p.Text = append(p.Text, sentence(c.Words()))
	if c.Makers != nil {
		p.Text = append(p.Text, "Condition (*): "+c.Makers.Words()+".")
	}
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:] + "."
}

// makers shows a market of market makers: its constants, and what each order gets.
func (p *part) makers(l *experiment.LargeOrders) {
	p.Text = append(p.Text, "In continuous time; prices relative to the fundamental value.")
	p.lines("Coefficients, solution "+words(l.Solution), l.CoefficientLines())
	for _, o := range l.Orders {
		p.Text = append(p.Text, o.Words()+".")
		for _, g := range o.Groups() {
			p.lines(o.Agent+": "+g.Title, g.Lines)
		}
		if o.ArrivalOrder != nil && o.Compared != nil {
			p.compared(o.Agent, o.Compared)
		}
	}
	if l.Discrete != nil {
		p.Text = append(p.Text, sentence(l.Discrete.Words()))
	}
	p.conditions(l.Conditions)
	p.Text = append(p.Text, l.Warnings...)
}

// lines adds a table of numbers with their names.
func (p *part) lines(caption string, list []experiment.Line) {
	t := table{Caption: caption}
	for _, l := range list {
		t.Rows = append(t.Rows, []cell{{Text: l.Name}, num(l.Text)})
	}
	if len(t.Rows) > 0 {
		p.Tables = append(p.Tables, t)
	}
}

// compared puts an order that is hidden beside the same that is announced.
func (p *part) compared(agent string, c *experiment.Comparison) {
	t := table{Caption: agent + ": " + experiment.ComparisonTitle, Head: heads("", "stealth", "sunshine", "difference"), More: sentence(c.Words())}
	for _, l := range c.Lines() {
		t.Rows = append(t.Rows, []cell{{Text: l.Name}, num(l.Stealth), num(l.Sunshine), num(l.Difference)})
	}
	p.Tables = append(p.Tables, t)
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
func (p *part) numbers(caption string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("report: %s: %w", caption, err)
	}
	t, err := numbersTable(caption, text)
	if len(t.Rows) > 0 {
		p.Tables = append(p.Tables, t)
	}
	return err
}

func numbersTable(caption string, object json.RawMessage) (table, error) {
	t := table{Caption: caption}
	if len(object) == 0 || !isObject(object) {
		return t, nil
	}
	err := walk("", object, func(key string, v cell) {
		t.Rows = append(t.Rows, []cell{{Text: letters.Replace(key)}, v})
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
			visit(key, cell{Text: numeral.Several(values), Number: true})
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
