package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"walras/analysis"
	"walras/experiment"
	"walras/scenarios"
)

// labPaths is the largest number of paths that the lab plays without being told:
// with control variates they are worth a million.
const labPaths = 10_000

// deviateFlags are the flags of `sim deviate`.
type deviateFlags struct {
	source
	workers       int
	asJSON, quiet bool
}

func newDeviate(io streams) *cobra.Command {
	var f deviateFlags
	c := &cobra.Command{
		Use: "deviate SCENARIO", Short: "The deviation lab: what each agent gains by leaving its policy", Args: cobra.ExactArgs(1),
		Long: `Remove the scenario's deviations; then let one agent after another leave its
policy, everybody else's policies and random streams unchanged, in its own way
(the scenario's deviation of that agent) or in each of a standard set: no trade,
half speed, double speed, a misreport by a constant, and the best response to the
others' policies. Of a type the first member deviates.

A gain is a difference of welfare on the same paths, with a control variate that
removes what shocks do to the value of the inventories; beside it stands the
exact gain of the regret identity. A strategic trader in the discrete equilibrium
must lose by every deviation, and its best response must gain nothing; so must a
market maker whose rivals follow open_loop among investors who arrive. Of others
(a fringe deviating as one body, other conduct, a continuous-time policy on a
grid) the sign is reported, not judged. Exit status 1 if a check fails.

Where investors arrive, an order that ends at random is also played with the other
disclosure: what it gains by sunshine instead of stealth.

Plays at most 10,000 paths unless --paths says otherwise. In a cournot market whose
investors are a flow one path tells all: the gain of makers is given in money and in per cent of what the
large orders are worth to a maker, as it is played and in continuous time.`,
		Example: `  sim deviate five-traders
  sim deviate front-running --set agents.fringe.deviation.speed=0.5
  sim deviate one-large-and-fringe --paths 100000 --json
  sim deviate large-order`,
		RunE: func(c *cobra.Command, args []string) error { return f.deviate(c, args[0], io) },
	}
	f.add(c, true)
	c.Flags().IntVar(&f.workers, "workers", 0, "`number` of workers (default: all cores)")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "no progress, no table: only errors and failures")
	return c
}

func (f *deviateFlags) deviate(c *cobra.Command, name string, io streams) error {
	if c.Flags().Changed("workers") && f.workers < 1 {
		return usage(fmt.Sprintf("--workers is %d; it must be at least 1", f.workers))
	}
	s, err := f.load(c, name, io)
	if err != nil {
		return err
	}
	if why := experiment.Undeviated(s); why != "" {
		if s.Market == scenarios.MarketAlmgrenChriss {
			why += "; compare strategies with: sim solve " + name
		}
		return usage(why)
	}
	lab := experiment.Deviate
	switch {
	case s.Poisson() != nil:
		lab = experiment.DeviateArrivals
	case s.Market == scenarios.MarketCournot:
		return f.makers(c.Context(), s, io)
	}
	if !c.Flags().Changed("paths") {
		s.MonteCarlo.Paths = min(s.MonteCarlo.Paths, labPaths)
	}
	workers := f.workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	begin := time.Now()
	p := newProgress(io.err, "paths", f.quiet)
	result, err := lab(c.Context(), s, experiment.LabOptions{Workers: workers, Progress: p.update})
	p.finish()
	if errors.Is(err, context.Canceled) {
		return &interruptedError{"interrupted; a lab starts anew"}
	}
	if err != nil {
		return err
	}
	switch {
	case f.asJSON:
		err = printJSON(io.out, labJSON(result))
	case !f.quiet:
		err = printLab(io.out, result, workers, time.Since(begin))
	}
	if err == nil && !f.quiet && len(s.Sweep) > 0 {
		fmt.Fprintln(io.err, "sim: the scenario has a sweep; deviate plays its base case")
	}
	if err == nil && !result.Passed {
		err = &failedError{"the deviation lab failed"}
	}
	return err
}

// printLab prints the table of the lab.
func printLab(w io.Writer, lab *experiment.Laboratory, workers int, elapsed time.Duration) error {
	s := lab.Scenario
	fmt.Fprintf(w, "%s   deviation lab, %s, Δ %s, T %s     %s, seed %d     %.1f s on %s\n\n",
		s.Name, policyWords(s), brief(s.Clock.Step), brief(s.Clock.Horizon), plural(s.MonteCarlo.Paths, "path"), s.MonteCarlo.Seed,
		elapsed.Seconds(), plural(workers, "worker"))
	t := &table{}
	t.add("gain in welfare", "estimate", "± s.e.", "theory", "z", "fewer paths", "must lose")
	judged := false
	for _, r := range lab.Rows {
		t.add(labCells(r)...)
		judged = judged || r.Loses
	}
	if err := t.print(w, "  "); err != nil {
		return err
	}
	word := "passed"
	if !lab.Passed {
		word = "FAILED"
	}
	fmt.Fprintf(w, "\nlargest |z| %.1f, allowed %.1f: %s\n", lab.Largest, lab.Allowed, word)
	if !judged {
		fmt.Fprintln(w, "nobody here plays the equilibrium of this very game: signs are reported, not judged")
	}
	if lab.Rows[0].N > 0 && lab.Rows[0].N < analysis.Reliable {
		fmt.Fprintf(w, "below %s independent observations standard errors are shown, not judged\n", grouped(analysis.Reliable))
	}
	_, err := fmt.Fprintln(w, "fewer paths: how many times fewer, for the same standard error, than the deviator's welfare needs without common paths and control variate")
	return err
}

// labCells are the cells of a row.
func labCells(r experiment.Deviated) []string {
	label := r.Agent + ", " + r.Deviation
	if r.Note != "" && r.N == 0 {
		return []string{label, "none: " + r.Note}
	}
	d, z, spread, saves, lose := 6, "exact", "", "", "no"
	switch {
	case !math.IsNaN(r.Z):
		d = decimals(r.StdError)
		z, spread = fmt.Sprintf("%.2f", r.Z), fixed(r.StdError, d)
		if ratio := r.VarianceRatio(); !math.IsNaN(ratio) {
			saves = fmt.Sprintf("%.3g×", ratio)
		}
	case math.IsNaN(r.StdError):
		z = ""
	}
	if r.Loses {
		lose = "yes"
	}
	if !r.Passed {
		z = strings.TrimSpace(z + " FAILED " + r.Note)
	}
	return []string{label, fixed(r.Gain, d), spread, fixed(r.Exact, d), z, saves, lose}
}

// labRow is a row of the lab in JSON; what does not exist is null.
type labRow struct {
	Agent         string   `json:"agent"`
	Deviation     string   `json:"deviation"`
	Gain          *float64 `json:"gain"`
	StdError      *float64 `json:"std_error"`
	Exact         *float64 `json:"exact"`
	Z             *float64 `json:"z"`
	N             int64    `json:"n"`
	PlainStdError *float64 `json:"plain_std_error"`
	VarianceRatio *float64 `json:"variance_ratio"`
	MustLose      bool     `json:"must_lose"`
	Note          string   `json:"note,omitempty"`
	Passed        bool     `json:"passed"`
}

type labSummary struct {
	Scenario string   `json:"scenario"`
	Policy   string   `json:"policy"`
	Paths    int64    `json:"paths"`
	Seed     uint64   `json:"seed"`
	LargestZ float64  `json:"largest_z"`
	AllowedZ float64  `json:"allowed_z"`
	Passed   bool     `json:"passed"`
	Rows     []labRow `json:"rows"`
}

func labJSON(lab *experiment.Laboratory) labSummary {
	s := lab.Scenario
	out := labSummary{
		Scenario: s.Name, Policy: s.Clock.Policy, Paths: s.MonteCarlo.Paths, Seed: s.MonteCarlo.Seed,
		LargestZ: lab.Largest, AllowedZ: lab.Allowed, Passed: lab.Passed, Rows: []labRow{},
	}
	for _, r := range lab.Rows {
		row := labRow{Agent: r.Agent, Deviation: r.Deviation, N: r.N, MustLose: r.Loses, Note: r.Note, Passed: r.Passed}
		if r.N > 0 {
			row.Gain, row.StdError, row.Exact, row.Z = orNull(r.Gain), orNull(r.StdError), orNull(r.Exact), orNull(r.Z)
			row.PlainStdError, row.VarianceRatio = orNull(r.Plain), orNull(r.VarianceRatio())
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
