package main

import (
	"fmt"
	"io"

	"walras/experiment"
	"walras/scenarios"
)

// shownTimes is the largest number of times that the table of a response lists.
const shownTimes = 13

// printResponse prints how the price answers an agent that sells on a schedule.
func printResponse(w io.Writer, s *scenarios.Scenario, r *experiment.Response) error {
	fmt.Fprintf(w, "\noff the equilibrium path: %s sells on a schedule (SS Proposition 10)\nprice = undisturbed − instantaneous − permanent − transient, without shocks\n", r.Agent)
	if r.Continuous != nil {
		if err := printPoints(w, "continuous time, just after t", "rate", r.Continuous); err != nil {
			return err
		}
	}
	if r.Discrete == nil {
		return nil
	}
	if err := printPoints(w, fmt.Sprintf("auctions every %s", brief(s.Clock.Step)), "quantity", r.Discrete); err != nil {
		return err
	}
	v := r.Revenue
	_, err := fmt.Fprintf(w, "\n  revenue at the auctions: %s = undisturbed %s − instantaneous %s − permanent %s − transient %s\n  with the first two impacts alone, as in Almgren and Chriss, it would be %s\n",
		brief(v.Total), brief(v.Undisturbed), brief(v.Instantaneous), brief(v.Permanent), brief(v.Transient), brief(v.AlmgrenChriss))
	return err
}

func printPoints(w io.Writer, title, sold string, points []experiment.ResponsePoint) error {
	fmt.Fprintf(w, "\n  %s\n\n", title)
	t := &table{}
	t.add("t", sold, "price", "undisturbed", "instantaneous", "permanent", "transient", "belief")
	every := max(1, (len(points)+shownTimes-2)/(shownTimes-1))
	for i, p := range points {
		if i%every == 0 || i == len(points)-1 {
			t.add(brief(p.Time), fixed(p.Sold, 6), fixed(p.Price, 6), fixed(p.Undisturbed, 6), fixed(p.Instantaneous, 6),
				fixed(p.Permanent, 6), fixed(p.Transient, 6), fixed(p.Belief, 6))
		}
	}
	return t.print(w, "  ")
}
