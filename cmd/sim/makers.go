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
		makerCell(o.Maker), brief(o.Investors),
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

// makerCell is a number of all makers, or one for each.
func makerCell(v any) string {
	if each, ok := v.([]float64); ok {
		return list(each)
	}
	return brief(v.(float64))
}

// printMakers prints the solution of a market of market makers for people.
func printMakers(w io.Writer, s *scenarios.Scenario, l *experiment.LargeOrders) error {
	fmt.Fprintf(w, "%s   %s\n\n", s.Name, s.Title)
	fmt.Fprintf(w, "solution %s, continuous time; prices relative to the fundamental value\n\n", l.Solution)
	if p := s.Poisson(); p != nil {
		fmt.Fprintf(w, "%s\n\n", arrivalWords(p))
	}
	if err := printMakerCoefficients(w, l.Coefficients); err != nil {
		return err
	}
	fmt.Fprintf(w, "  residual: %.1e\n", l.Residual)
	for _, o := range l.Orders {
		if err := printLargeOrder(w, o); err != nil {
			return err
		}
	}
	if d := l.Discrete; d != nil {
		fmt.Fprintf(w, "\nexact discrete-time game at step %s: gain of a maker %s, of investors %s\n", brief(d.Step), makerCell(d.Maker), brief(d.Investors))
		for _, o := range d.Orders {
			fmt.Fprintf(w, "  %s: proceeds %s\n", o.Agent, brief(o.Proceeds))
		}
	}
	if err := printPath(w, s, l.Path); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nsufficient conditions: stable %s, second order %s, acceptable %s\n",
		yes(l.Conditions.Stable), yes(l.Conditions.SecondOrder), yes(l.Conditions.Acceptable))
	if m := l.Conditions.Makers; err == nil && m != nil {
		_, err = fmt.Fprintf(w, "makers gain from an order at any rate if %s > 0: %s\n", brief(m.Left), yes(m.Holds))
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
		cells := []string{brief(p.Time), makerCell(p.Inventory)}
		if random {
			cells, quotes = append(cells, brief(math.Sqrt(p.Variance))), append(quotes, fixed(p.Active, 4))
		}
		t.add(append(cells, quotes...)...)
	}
	return t.print(w, "  ")
}

func printMakerCoefficients(w io.Writer, c any) error {
	t := &table{}
	switch c := c.(type) {
	case experiment.FlowCoefficients:
		t.add("A: marginal value of inventory, slope / 2", brief(c.A))
		t.add("M: rate at which inventories revert", brief(c.M))
		t.add("γ: rate at which orders are anticipated", brief(c.Gamma))
		t.add("A_θ: half spread without orders", brief(c.AT))
		t.add("B_θ: price pressure per unit of all makers' inventory", brief(c.BT))
		t.add("C_θ, D_θ: depth, and its slope in a maker's inventory", brief(c.CT)+", "+brief(c.DT))
		t.add("E_θ, F_θ: a maker's value E_θ − F_θ i² without orders", brief(c.ET)+", "+brief(c.FT))
		t.add("H_θ: immediate price impact of an order's rate", brief(c.HT))
	case experiment.FeedbackCoefficients:
		t.add("A: marginal value of inventory, slope / 2", brief(c.A))
		t.add("α, ζ, ρ: of own, own-rival and rival-rival inventories", brief(c.Alpha)+", "+brief(c.Zeta)+", "+brief(c.Rho))
		t.add("M: rate at which inventories revert", brief(c.M))
		t.add("B_θ: price pressure per unit of all makers' inventory", brief(c.BT))
	case experiment.ArrivalCoefficients:
		addArrivals(t, c)
	case experiment.OwnCoefficients:
		t.add("a, b: marginal value −2a x + b y of own and of rivals' inventory", brief(c.Own)+", "+brief(c.Rivals))
		addArrivals(t, c.ArrivalCoefficients)
	case experiment.ArrivalFeedback:
		t.add("A_eff: marginal value of inventory that all makers hold, slope / 2", brief(c.A))
		t.add("α, ζ, ρ: of own, own-rival and rival-rival inventories", brief(c.Alpha)+", "+brief(c.Zeta)+", "+brief(c.Rho))
		t.add("r₁, s₂: what an arrival takes of own, and of a rival's inventory", brief(c.Own)+", "+brief(c.Cross))
		t.add("C₀: a maker's value without inventories", brief(c.C0))
	case experiment.DifferentCoefficients:
		for i, row := range c.K {
			t.add(fmt.Sprintf("K %d", i+1), list(row))
		}
		for j, p := range c.P {
			for i, row := range p {
				t.add(fmt.Sprintf("P%d %d", j+1, i+1), list(row))
			}
		}
	}
	return t.print(w, "  ")
}

func printLargeOrder(w io.Writer, o experiment.OrderSolution) error {
	verb := "sells"
	if o.Side == "buy" {
		verb = "buys"
	}
	random := o.ArrivalOrder != nil && o.Compared != nil
	if random {
		fmt.Fprintf(w, "\n%s %s at rate %s until it stops at random, mean %s (expected size %s): %s", o.Agent, verb, brief(*o.Rate), brief(*o.Duration), brief(o.Size), o.Disclosure)
	} else {
		fmt.Fprintf(w, "\n%s %s %s", o.Agent, verb, brief(o.Size))
		if o.Rate != nil {
			fmt.Fprintf(w, " at rate %s", brief(*o.Rate))
		}
		if o.Duration != nil {
			fmt.Fprintf(w, " in %s", brief(*o.Duration))
		}
	}
	fmt.Fprint(w, "\n\n")
	t := &table{}
	t.add("proceeds over the reservation value", brief(o.Proceeds))
	t.add("shortfall per unit", fixed(o.Shortfall, 6))
	if o.Impact != nil {
		t.add("average impact, discounted", fixed(*o.Impact, 6))
		t.add("average impact, undiscounted", fixed(*o.Sum, 6))
	}
	t.add("gain of a maker from all orders", makerCell(o.Maker))
	t.add("gain of investors from all orders", brief(o.Investors))
	best := "optimal rate in this time"
	if random {
		best = "optimal rate"
	}
	for _, row := range append([]optionalRow{
		{best, o.Best}, {"minimum duration of this size", o.Shortest},
		{"investors gain above the rate", o.Threshold}, {"demand is linear up to the rate", o.Valid},
	}, arrivalRows(o.ArrivalOrder)...) {
		if row.value != nil {
			t.add(row.name, brief(*row.value))
		}
	}
	if err := t.print(w, "  "); err != nil || !random {
		return err
	}
	return printComparison(w, o.Compared)
}

// optionalRow is a line that is left out where there is no number.
type optionalRow struct {
	name  string
	value *float64
}
