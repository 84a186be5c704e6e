package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"walras/experiment"
	"walras/scenarios"
)

// sweptMakers is one point of a sweep as `solve --json` prints it.
type sweptMakers struct {
	Point    map[string]any          `json:"point"`
	Solution *experiment.LargeOrders `json:"solution"`
}

// makers solves a market of market makers, or every point of its sweep.
func (f *solveFlags) makers(ctx context.Context, s *scenarios.Scenario, io streams) error {
	if len(s.Sweep) == 0 {
		l, err := solveMakers(ctx, s)
		if err != nil {
			return err
		}
		warn(io, l.Warnings)
		if f.asJSON {
			return printJSON(io.out, l)
		}
		return printMakers(io.out, s, l)
	}
	list, points, err := s.Points()
	if err != nil {
		return err
	}
	var all []sweptMakers
	t := &table{}
	t.add("", "order", "rate", "duration", "proceeds", "shortfall", "average impact", "maker's gain", "investors' gain")
	for i, at := range list {
		l, err := solveMakers(ctx, at)
		if err != nil {
			return fmt.Errorf("at %s: %w", points[i], err)
		}
		for _, warning := range l.Warnings {
			fmt.Fprintf(io.err, "sim: warning: at %s: %s\n", points[i], warning)
		}
		all = append(all, sweptMakers{Point: pointJSON(points[i]), Solution: l})
		for _, o := range l.Orders {
			t.add(append([]string{points[i].String(), o.Agent}, orderCells(o)...)...)
		}
	}
	if f.asJSON {
		return printJSON(io.out, struct {
			Scenario string        `json:"scenario"`
			Points   []sweptMakers `json:"points"`
		}{s.Name, all})
	}
	fmt.Fprintf(io.out, "%s   %s\n\nlarge orders at each point of the sweep\n\n", s.Name, s.Title)
	return t.print(io.out, "  ")
}

// solveMakers solves one scenario, until it is interrupted.
func solveMakers(ctx context.Context, s *scenarios.Scenario) (*experiment.LargeOrders, error) {
	var solved *experiment.LargeOrders
	err := experiment.Await(ctx, func() (err error) {
		solved, err = experiment.SolveMakers(s)
		return err
	})
	if errors.Is(err, context.Canceled) {
		return nil, &interruptedError{"interrupted while solving " + s.Name}
	}
	return solved, err
}

func orderCells(o experiment.OrderSolution) []string {
	return []string{
		optional(o.Rate), optional(o.Duration), brief(o.Proceeds), fixed(o.Shortfall, 4), optionalFixed(o.Impact, 4),
		experiment.OfMakers(o.Maker), brief(o.Investors),
	}
}

func optional(v *float64) string {
	if v == nil {
		return ""
	}
	return brief(*v)
}

func optionalFixed(v *float64, decimals int) string {
	if v == nil {
		return ""
	}
	return fixed(*v, decimals)
}

// printMakers prints the solution of a market of market makers for people.
func printMakers(w io.Writer, s *scenarios.Scenario, l *experiment.LargeOrders) error {
	fmt.Fprintf(w, "%s   %s\n\n", s.Name, s.Title)
	fmt.Fprintf(w, "solution %s, continuous time; prices relative to the fundamental value\n\n", l.Solution)
	if p := s.Poisson(); p != nil {
		fmt.Fprintf(w, "%s\n\n", experiment.ArrivalWords(p))
	}
	t := &table{}
	t.lines(l.CoefficientLines())
	if err := t.print(w, "  "); err != nil {
		return err
	}
	for _, o := range l.Orders {
		if err := printLargeOrder(w, o); err != nil {
			return err
		}
	}
	if d := l.Discrete; d != nil {
		fmt.Fprintf(w, "\n%s\n", d.Words())
	}
	if err := printPath(w, s, l.Path); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s\n", l.Conditions.Words())
	if m := l.Conditions.Makers; err == nil && m != nil {
		_, err = fmt.Fprintln(w, m.Words())
	}
	return err
}

// printPath prints the market at some of its times.
func printPath(w io.Writer, s *scenarios.Scenario, path []experiment.QuotePoint) error {
	random := s.Poisson() != nil
	t := &table{}
	if random {
		fmt.Fprintf(w, "\n  expected just after t; inventory of a maker and its standard deviation; probability that orders trade\n\n")
		t.add("t", "inventory", "± s.d.", "bid", "ask", "mid", "spread", "trading")
	} else {
		fmt.Fprintf(w, "\n  just after t; inventory of a maker\n\n")
		t.add("t", "inventory", "bid", "ask", "mid", "spread")
	}
	every := max(1, (len(path)+shownTimes-2)/(shownTimes-1))
	for i, p := range path {
		if i%every != 0 && i < len(path)-1 {
			continue
		}
		quotes := []string{fixed(p.Bid, 6), fixed(p.Ask, 6), fixed(p.Mid, 6), fixed(p.Ask-p.Bid, 6)}
		cells := []string{brief(p.Time), experiment.OfMakers(p.Inventory)}
		if random {
			cells, quotes = append(cells, brief(math.Sqrt(p.Variance))), append(quotes, fixed(p.Active, 4))
		}
		t.add(append(cells, quotes...)...)
	}
	return t.print(w, "  ")
}

func printLargeOrder(w io.Writer, o experiment.OrderSolution) error {
	fmt.Fprintf(w, "\n%s\n\n", o.Words())
	t := &table{}
	for _, group := range o.Groups() {
		t.lines(group.Lines)
	}
	if err := t.print(w, "  "); err != nil || o.ArrivalOrder == nil || o.Compared == nil {
		return err
	}
	fmt.Fprintf(w, "\n  %s\n\n", experiment.ComparisonTitle)
	t = &table{}
	t.add("", "stealth", "sunshine", "difference")
	for _, row := range o.Compared.Lines() {
		t.add(row.Name, row.Stealth, row.Sunshine, row.Difference)
	}
	if err := t.print(w, "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n  %s\n", o.Compared.Words())
	return err
}

// lines adds a row for each.
func (t *table) lines(list []experiment.Line) {
	for _, l := range list {
		t.add(l.Name, l.Text)
	}
}
