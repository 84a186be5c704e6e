package main

import (
	"fmt"
	"io"

	"walras/experiment"
	"walras/scenarios"
)

// arrivalWords says how investors come.
func arrivalWords(p *scenarios.Arrivals) string {
	who := fmt.Sprintf("%s buyers and as many sellers", brief(p.BuyRate))
	if p.BuyRate != p.SellRate {
		who = fmt.Sprintf("%s buyers and %s sellers", brief(p.BuyRate), brief(p.SellRate))
	}
	return fmt.Sprintf("investors come one at a time, %s per unit of time; each trades %s per unit of price", who, brief(p.Size))
}

// addArrivals lists the constants of a market that investors come to one at a time.
func addArrivals(t *table, c experiment.ArrivalCoefficients) {
	t.add("A: marginal value of inventory, slope / 2", brief(c.A))
	t.add("r: part of an inventory that an arrival takes", brief(c.R))
	t.add("M, M₂: rates at which the mean and the variance of inventories revert", brief(c.M)+", "+brief(c.M2))
	t.add("δ: rate at which orders are anticipated", brief(c.Delta))
	t.add("K, m, k_B: N + 1 + 2cA, N + 2cA, and what a unit of rate adds to anticipation", brief(c.K)+", "+brief(c.Small)+", "+brief(c.KB))
	t.add("spread without orders", brief(c.Spread))
	t.add("price pressure 2A/K per unit of all makers' inventory", brief(c.Pressure))
	t.add("p/(2A): inventory at which a maker's side of the market is empty", brief(c.Bound))
	t.add("volume and trades of investors per unit of time, without orders", brief(c.Volume)+", "+brief(c.Trades))
	t.add("B₀, C₀: a maker's value C₀ + B₀ i − A i² without orders", brief(c.B0)+", "+brief(c.C0))
	t.add("value of the market to investors, without orders and inventories", brief(c.Users))
}

// arrivalRows are lines of an order among investors who come one at a time.
func arrivalRows(o *experiment.ArrivalOrder) []optionalRow {
	if o == nil {
		return nil
	}
	return []optionalRow{
		{"most that any rate brings", o.Most}, {"nothing is gained from the rate", o.BreakEven},
		{"makers lose above the rate", o.Lose}, {"quotes revert before the end if it lasts longer than", o.Reversal},
	}
}

// printComparison puts a hidden order beside an announced one.
func printComparison(w io.Writer, c *experiment.Comparison) error {
	fmt.Fprint(w, "\n  the same rate and law of the duration, hidden and announced\n\n")
	t := &table{}
	t.add("", "stealth", "sunshine", "difference")
	for _, row := range []struct {
		name             string
		hidden, announce float64
	}{
		{"P: proceeds per rate, of a small order", c.Stealth.P, c.Sunshine.P},
		{"Q: what a squared rate costs", c.Stealth.Q, c.Sunshine.Q},
		{"proceeds over the reservation value", c.Stealth.Proceeds, c.Sunshine.Proceeds},
		{"gain of a maker", c.Stealth.Maker, c.Sunshine.Maker},
		{"gain of investors", c.Stealth.Investors, c.Sunshine.Investors},
	} {
		t.add(row.name, brief(row.hidden), brief(row.announce), brief(row.hidden-row.announce))
	}
	if err := t.print(w, "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n  hiding costs the order f²(Q̃ − E Q) = %s\n", brief(c.Cost))
	return err
}
