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

// makers runs the deviation lab of a market of makers.
func (f *deviateFlags) makers(ctx context.Context, s *scenarios.Scenario, io streams) error {
	lab, err := experiment.DeviateMakers(ctx, s)
	if errors.Is(err, context.Canceled) {
		return &interruptedError{"interrupted; a lab starts anew"}
	}
	if err != nil {
		return err
	}
	switch {
	case f.asJSON:
		err = printJSON(io.out, makersLabJSON(lab))
	case !f.quiet:
		err = printMakersLab(io.out, lab)
	}
	if err == nil && !lab.Passed {
		err = &failedError{"the deviation lab failed"}
	}
	return err
}

// printMakersLab prints the table of the lab.
func printMakersLab(w io.Writer, lab *experiment.MakersLab) error {
	s := lab.Scenario
	fmt.Fprintf(w, "%s   deviation lab, %s, %s, Δ %s, T %s     nothing is random at relative prices: one path\n\n",
		s.Name, s.Solution, policyWords(s), brief(s.Clock.Step), brief(s.Clock.Horizon))
	t := &table{}
	t.add("gain in welfare", "simulated", "theory", "% of orders", "continuous time", "% of orders", "must lose")
	for _, r := range lab.Rows {
		label := r.Agent + ", " + r.Deviation
		if r.Note != "" && r.Passed {
			t.add(label, "none: "+r.Note)
			continue
		}
		lose := "no"
		if r.Loses {
			lose = "yes"
		}
		if !r.Passed {
			lose += " FAILED " + r.Note
		}
		t.add(label, brief(r.Gain), brief(r.Exact), blank(r.Percent), blank(r.Continuous), blank(r.ContinuousPercent), lose)
	}
	if err := t.print(w, "  "); err != nil {
		return err
	}
	word := "passed"
	if !lab.Passed {
		word = "FAILED"
	}
	fmt.Fprintf(w, "\nsimulated and theory agree, and who must lose does: %s\n", word)
	_, err := fmt.Fprintln(w, "% of orders: of what the large orders are worth to that maker when nobody deviates")
	return err
}

func blank(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return fmt.Sprintf("%.6f", v)
}

// makersLabRow is a row of the lab in JSON; what does not exist is null.
type makersLabRow struct {
	Agent             string   `json:"agent"`
	Deviation         string   `json:"deviation"`
	Gain              *float64 `json:"gain"`
	Exact             *float64 `json:"exact"`
	Percent           *float64 `json:"percent"`
	Continuous        *float64 `json:"continuous"`
	ContinuousPercent *float64 `json:"continuous_percent"`
	MustLose          bool     `json:"must_lose"`
	Note              string   `json:"note,omitempty"`
	Passed            bool     `json:"passed"`
}

func makersLabJSON(lab *experiment.MakersLab) any {
	rows := []makersLabRow{}
	for _, r := range lab.Rows {
		row := makersLabRow{Agent: r.Agent, Deviation: r.Deviation, MustLose: r.Loses, Note: r.Note, Passed: r.Passed}
		if r.Note == "" || !r.Passed {
			row.Gain, row.Exact, row.Percent = orNull(r.Gain), orNull(r.Exact), orNull(r.Percent)
			row.Continuous, row.ContinuousPercent = orNull(r.Continuous), orNull(r.ContinuousPercent)
		}
		rows = append(rows, row)
	}
	return struct {
		Scenario string         `json:"scenario"`
		Solution string         `json:"solution"`
		Policy   string         `json:"policy"`
		Passed   bool           `json:"passed"`
		Rows     []makersLabRow `json:"rows"`
	}{lab.Scenario.Name, lab.Scenario.Solution, lab.Scenario.Clock.Policy, lab.Passed, rows}
}
