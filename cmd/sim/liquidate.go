package main

import (
	"fmt"
	"io"
	"strings"

	"walras/experiment"
	"walras/scenarios"
)

// sweptLiquidation is one point of a sweep as `solve --json` prints it.
type sweptLiquidation struct {
	Point       map[string]any          `json:"point"`
	Liquidation *experiment.Liquidation `json:"liquidation"`
}

// liquidate solves a scenario with given price impact, or every point of its sweep.
func (f *solveFlags) liquidate(s *scenarios.Scenario, io streams) error {
	if len(s.Sweep) == 0 {
		l, err := experiment.Liquidate(s)
		if err != nil {
			return err
		}
		warn(io, l.Warnings)
		if f.asJSON {
			return printJSON(io.out, l)
		}
		return printLiquidation(io.out, s, l)
	}
	list, points, err := s.Points()
	if err != nil {
		return err
	}
	var all []sweptLiquidation
	t := &table{}
	t.add("at the auctions", "strategy", "mean", "standard deviation", "E − γ Var")
	for i, at := range list {
		l, err := experiment.Liquidate(at)
		if err != nil {
			return fmt.Errorf("at %s: %w", points[i], err)
		}
		all = append(all, sweptLiquidation{Point: pointJSON(points[i]), Liquidation: l})
		y := l.Strategies[0].Auctions
		t.add(points[i].String(), strategyWords(l.Strategy), brief(y.Mean), brief(y.StandardDeviation), brief(y.Objective))
	}
	if f.asJSON {
		return printJSON(io.out, struct {
			Scenario string             `json:"scenario"`
			Points   []sweptLiquidation `json:"points"`
		}{s.Name, all})
	}
	fmt.Fprintf(io.out, "%s   %s\n\nrevenue of the order at each point of the sweep\n\n", s.Name, s.Title)
	return t.print(io.out, "  ")
}

// pointJSON is a point of a sweep as `solve --json` prints it.
func pointJSON(p scenarios.Point) map[string]any {
	point := make(map[string]any)
	for _, setting := range p {
		point[setting.Key] = setting.Value.Number
		if setting.Value.Word != "" {
			point[setting.Key] = setting.Value.Word
		}
	}
	return point
}

func warn(io streams, warnings []string) {
	for _, warning := range warnings {
		fmt.Fprintln(io.err, "sim: warning:", warning)
	}
}

func strategyWords(strategy string) string { return strings.ReplaceAll(strategy, "_", " ") }

// printLiquidation prints the revenue of an order and its schedule.
func printLiquidation(w io.Writer, s *scenarios.Scenario, l *experiment.Liquidation) error {
	order := s.Agents[0]
	fmt.Fprintf(w, "%s   %s\n\n", s.Name, s.Title)
	fmt.Fprintf(w, "%s sells %s from time %s to %s, %s; risk aversion %s\n", order.Name, brief(order.Size), brief(order.Start),
		brief(order.Start+order.Duration), strategyWords(l.Strategy), brief(order.RiskAversion))
	fmt.Fprintf(w, "price impact: instantaneous %s, permanent %s; volatility %s\n", brief(l.Impact.Instantaneous), brief(l.Impact.Permanent), brief(s.Fundamental.Volatility))
	fmt.Fprintf(w, "the optimal schedule: urgency k = %s, half is sold in %s\n\n", brief(l.Urgency), brief(l.HalfLife))
	t := &table{}
	t.add("revenue", "mean", "shortfall", "variance", "standard deviation", "E − γ Var")
	add := func(name string, y *experiment.OrderRevenue) {
		if y == nil {
			t.add(name, "none")
			return
		}
		t.add(name, fixed(y.Mean, 6), fixed(y.Shortfall, 6), fixed(y.Variance, 6), fixed(y.StandardDeviation, 6), fixed(y.Objective, 6))
	}
	for _, strategy := range l.Strategies {
		add(strategyWords(strategy.Strategy)+", continuous time", strategy.Continuous)
		add(fmt.Sprintf("%s, auctions every %s", strategyWords(strategy.Strategy), brief(s.Clock.Step)), strategy.Auctions)
	}
	if err := t.print(w, "  "); err != nil {
		return err
	}
	if err := printOrder(w, "continuous time, just after t", "rate", l.Continuous); err != nil {
		return err
	}
	return printOrder(w, fmt.Sprintf("auctions every %s", brief(s.Clock.Step)), "quantity", l.Auctions)
}

func printOrder(w io.Writer, title, sold string, points []experiment.OrderPoint) error {
	fmt.Fprintf(w, "\n  %s\n\n", title)
	t := &table{}
	t.add("t", "inventory", sold, "price")
	every := max(1, (len(points)+shownTimes-2)/(shownTimes-1))
	for i, p := range points {
		if i%every == 0 || i == len(points)-1 {
			t.add(brief(p.Time), fixed(p.Inventory, 6), fixed(p.Sold, 6), fixed(p.Price, 6))
		}
	}
	return t.print(w, "  ")
}
