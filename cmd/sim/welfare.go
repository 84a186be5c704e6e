package main

import (
	"fmt"
	"io"
	"strconv"

	"walras/experiment"
)

// printExperiments prints the welfare results that the market is about.
func printExperiments(w io.Writer, e *experiment.Experiments) error {
	if e == nil {
		return nil
	}
	if m := e.Merger; m != nil {
		fmt.Fprintf(w, "\nmerger (SS Proposition 7): the large trader against the same people as price takers; it gains above the share %s of risk capacity, here %s\n\n",
			brief(m.Threshold), brief(m.Share))
		if err := mergerTable(m).print(w, "  "); err != nil {
			return err
		}
	}
	if c := e.Commitment; c != nil {
		fmt.Fprintf(w, "\ncommitment to a rate (SS Proposition 8): value of a misallocation (1, −1) to the large trader; trading at once is best up to the share %s, here %s\n\n",
			brief(c.Threshold), brief(c.Share))
		if err := commitmentTable(c).print(w, "  "); err != nil {
			return err
		}
	}
	if en := e.Entry; en != nil {
		fmt.Fprintf(w, "\nentry of price takers (SS Proposition 9): value k of shocks to come to the large trader, and its slope in the fringe's holding cost, which entry lowers;\nit gains by entry (slope below 0) below the share %s, here %s\n\n",
			brief(en.Threshold), brief(en.Share))
		if err := entryTable(en).print(w, "  "); err != nil {
			return err
		}
	}
	if err := printPairs(w, e.Pairs); err != nil {
		return err
	}
	return printParts(w, e.Parts)
}

// timing names a row of an experiment.
func timing(step float64) string {
	if step == 0 {
		return "continuous time"
	}
	return "auctions every " + brief(step)
}

func mergerTable(m *experiment.Merger) *table {
	t := &table{}
	t.add("", "eigenvalue of after − before", "gain at X₀", "gain from shocks") // the other eigenvalue is 0
	for _, at := range []*experiment.MergedTrader{&m.Continuous, m.Discrete} {
		if at != nil {
			t.add(timing(at.Step), fixed(at.Eigenvalues[1], 6), fixed(at.Gain, 6), fixed(at.ShockGain, 6))
		}
	}
	return t
}

func commitmentTable(c *experiment.Commitment) *table {
	t := &table{}
	head := []string{"", "best rate", "value", "equilibrium rate", "value"}
	if c.Continuous.Value != nil {
		head = append(head, "committed rate", "value")
	}
	t.add(head...)
	for _, at := range []*experiment.Committed{&c.Continuous, c.Discrete} {
		if at == nil {
			continue
		}
		cells := []string{timing(at.Step), rateCell(at.BestRate), fixed(at.BestValue, 6), fixed(at.EquilibriumRate, 6), fixed(at.Equilibrium, 6)}
		if at.Value != nil {
			cells = append(cells, rateCell(at.Rate), fixed(*at.Value, 6))
		}
		t.add(cells...)
	}
	return t
}

// rateCell writes a rate; none is infinite.
func rateCell(rate *float64) string {
	if rate == nil {
		return "infinite"
	}
	return fixed(*rate, 6)
}

func entryTable(e *experiment.Entry) *table {
	t := &table{}
	t.add("", "k", "slope", "σ", "σ_L", "σ̂")
	for _, at := range []*experiment.EntryEffect{&e.Continuous, e.Discrete} {
		if at != nil {
			t.add(timing(at.Step), fixed(at.Welfare, 6), fixed(at.Slope, 6), brief(e.Aggregate), brief(e.LargeShock), brief(e.Idiosyncrasy))
		}
	}
	return t
}

func printPairs(w io.Writer, list []experiment.MergedMarket) error {
	if list == nil {
		return nil
	}
	fmt.Fprint(w, "\nmergers in pairs (SS footnote 25): value of shocks to come to all traders together\n\n")
	t := &table{}
	t.add("traders", "holding cost", "variance", "correlation", "continuous time", "at auctions")
	for _, m := range list {
		t.add(strconv.Itoa(m.Traders), brief(m.HoldingCost), brief(m.Variance), brief(m.Correlation), fixed(m.Continuous, 6), fixed(m.Discrete, 6))
	}
	return t.print(w, "  ")
}

func printParts(w io.Writer, list []experiment.Part) error {
	if list == nil {
		return nil
	}
	fmt.Fprint(w, "\nparts of the fringe: welfare at time 0 (SS 59, 60)\n\n")
	t := &table{}
	t.add("", "share", "inventory", "continuous time", "at auctions")
	for _, p := range list {
		t.add(p.Name, brief(p.Share), brief(p.Inventory), perhaps(p.Continuous), perhaps(p.Discrete))
	}
	return t.print(w, "  ")
}

func perhaps(v *float64) string {
	if v == nil {
		return ""
	}
	return fixed(*v, 6)
}

// sweptColumns are what a sweep over markets of one large trader and a fringe
// shows besides welfare: the share, and for each proposition the number whose
// sign or size decides, of the timing that is played. Without such markets at
// every point there are none.
func sweptColumns(all []swept, continuous bool) (head []string, cells func(e *experiment.Equilibrium) []string) {
	shocks := true
	for _, point := range all {
		e := point.Equilibrium.Experiments
		if e == nil || e.Merger == nil {
			return nil, func(*experiment.Equilibrium) []string { return nil }
		}
		shocks = shocks && e.Entry != nil
	}
	head = []string{"share", "merger", "best rate"}
	if shocks {
		head = append(head, "entry slope")
	}
	return head, func(e *experiment.Equilibrium) []string {
		x := e.Experiments
		merger, rates := x.Merger.Continuous, x.Commitment.Continuous
		if !continuous && x.Merger.Discrete != nil {
			merger, rates = *x.Merger.Discrete, *x.Commitment.Discrete
		}
		row := []string{fixed(x.Merger.Share, 4), fixed(merger.Eigenvalues[1], 6), rateCell(rates.BestRate)}
		if !shocks {
			return row
		}
		slope := x.Entry.Continuous.Slope
		if !continuous && x.Entry.Discrete != nil {
			slope = x.Entry.Discrete.Slope
		}
		return append(row, fixed(slope, 6))
	}
}
