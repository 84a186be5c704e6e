package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"walras/experiment"
	"walras/report"
)

// sweepFlags are the flags of `sim sweep`.
type sweepFlags struct {
	source
	out                                   string
	workers                               int
	simulate, asJSON, quiet, resume, over bool
	page                                  bool // --report
	plots                                 bool
}

func newSweep(io streams) *cobra.Command {
	var f sweepFlags
	c := &cobra.Command{
		Use: "sweep SCENARIO", Short: "Solve, or simulate, many markets into one table", Args: cobra.ExactArgs(1),
		Long: `Solve a scenario at every point of its sweep, and write one table with a row for
each: what is swept, and the results, with plots of them over one or two keys. Axes are those of the scenario's sweep block;
--over adds one, or replaces the one of its key, and several make a product.
--simulate also plays every point and judges the estimates.

A point without an equilibrium is a row whose column status says so. Exit status 1
if a check fails, 3 if no point has a result. Results do not depend on workers, nor
on whether a sweep was interrupted and resumed.`,
		Example: `  sim sweep trading-frequency
  sim sweep five-traders --over discount_rate=log:0.1:10:9
  sim sweep five-traders --over agents.t1.holding_cost=0.5:3:6 --over clock.step=0.1,1 --out runs/surface
  sim sweep entry --simulate --paths 20000
  sim sweep liquidity-surface --report`,
		RunE: func(c *cobra.Command, args []string) error { return f.sweep(c, args[0], io) },
	}
	f.add(c, true)
	c.Flags().StringArrayVar(&f.overs, "over", nil, "an axis: `KEY=a:b:n` (n values from a to b), KEY=log:a:b:n (equal ratios) or KEY=v1,v2,… (repeat for a product)")
	completes(c, "over", completeAxes)
	c.Flags().BoolVar(&f.simulate, "simulate", false, "play every point, too")
	c.Flags().StringVar(&f.out, "out", "", "sweep `directory` (default runs/<name>-sweep)")
	c.Flags().IntVar(&f.workers, "workers", 0, "`number` of workers (default: all cores)")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print the table as JSON")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "no progress, no table: only errors and failures")
	c.Flags().BoolVar(&f.resume, "resume", false, "continue an interrupted sweep")
	c.Flags().BoolVar(&f.over, "force", false, "replace the sweep, or run, that is there")
	addReport(c, &f.page)
	c.Flags().BoolVar(&f.plots, "plots", true, "plot the results over one or two keys, in the directory's plots/")
	return c
}

// check refuses flags that cannot mean anything together.
func (f *sweepFlags) check(c *cobra.Command) error {
	given := func(name string) bool { return c.Flags().Changed(name) }
	switch {
	case given("workers") && f.workers < 1:
		return usage(fmt.Sprintf("--workers is %d; it must be at least 1", f.workers))
	case f.resume && f.over:
		return usage("--resume continues a sweep and --force starts it anew; give one of them")
	case !f.simulate && (given("paths") || given("seed")):
		return usage("--paths and --seed are for simulations; add --simulate")
	}
	return nil
}

func (f *sweepFlags) sweep(c *cobra.Command, name string, io streams) error {
	if err := f.check(c); err != nil {
		return err
	}
	s, err := f.load(c, name, io)
	if err != nil {
		return err
	}
	if len(s.Sweep) == 0 {
		return usage(fmt.Sprintf("%s has no sweep; give it an axis, for example --over discount_rate=%s:%s:5", s.Name, brief(s.DiscountRate/2), brief(s.DiscountRate*2)))
	}
	workers, directory := f.workers, f.out
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if directory == "" { // runs/<name> is the run's
		directory = filepath.Join("runs", s.Name+"-sweep")
	}
	begin := time.Now()
	p := newProgress(io.err, "points", f.quiet)
	total := int64(0)
	result, err := experiment.RunSweep(c.Context(), s, experiment.SweepOptions{Simulate: f.simulate, Options: experiment.Options{
		Directory: directory, Version: version, Workers: workers, Resume: f.resume, Force: f.over,
		Progress:    func(done, all int64) { total = all; p.update(done, all) },
		Environment: func() json.RawMessage { return environment(workers, time.Since(begin)) },
	}})
	p.finish()
	if errors.Is(err, context.Canceled) {
		return &interruptedError{fmt.Sprintf("interrupted after %s of %s; continue with: sim sweep %s",
			grouped(p.done), plural(total, "point"), f.again(c, name, "simulate", "paths", "seed", "out", "report", "plots"))}
	}
	if err != nil {
		return err
	}
	verdict := f.report(io, result, time.Since(begin))
	return errors.Join(verdict, f.illustrate(io, result))
}

// illustrate makes the plots of the sweep, or all of its report.
func (f *sweepFlags) illustrate(io streams, r *experiment.Sweep) error {
	tell := func(message string) { f.tell(io, message) }
	if f.page || !f.plots || r.Already {
		return writeReport(f.page, r.Directory, tell)
	}
	n, err := report.Plots(r.Directory)
	if err == nil && n > 0 && !f.asJSON && !f.quiet {
		_, err = fmt.Fprintf(io.out, "%s in %s\n", plural(n, "plot"), filepath.Join(r.Directory, "plots"))
	}
	return err
}

// emptyError is a sweep without a single result.
type emptyError struct{ message string }

func (e *emptyError) Error() string { return e.message }

// report prints the table, and turns what failed into an error.
func (f *sweepFlags) report(io streams, r *experiment.Sweep, elapsed time.Duration) error {
	file := filepath.Join(r.Directory, "sweep.parquet")
	failed := func(what string) error {
		return &failedError{fmt.Sprintf("%s failed checks; see the column passed of %s", what, file)}
	}
	if r.Already {
		f.tell(io, fmt.Sprintf("%s is complete: nothing to do (digest %s)", r.Directory, short(r.Manifest.Digest)))
		if f.asJSON {
			if err := printJSON(io.out, complete{r.Scenario.Name, r.Directory, r.Manifest.Digest, true, r.Passed}); err != nil {
				return err
			}
		}
		if !r.Passed {
			return failed("points of that sweep")
		}
		return nil
	}
	var err error
	switch {
	case f.asJSON:
		err = printSweptJSON(io.out, r)
	case !f.quiet:
		err = printSwept(io.out, r, elapsed)
	}
	if err != nil {
		return err
	}
	bad := len(r.Rows) - r.Solved()
	if bad == len(r.Rows) {
		return &emptyError{fmt.Sprintf("none of the %s has a result; %s", plural(bad, "point"), firstFailure(r))}
	}
	if bad > 0 {
		f.tell(io, fmt.Sprintf("%d of %s without a result, see the column status; %s", bad, plural(len(r.Rows), "point"), firstFailure(r)))
	}
	if !r.Passed {
		n := 0
		for _, row := range r.Rows {
			if row.Judged && !row.Passed {
				n++
			}
		}
		return failed(fmt.Sprintf("%d of %s", n, plural(len(r.Rows), "point")))
	}
	return nil
}

// firstFailure says where the first point without a result is, and why.
func firstFailure(r *experiment.Sweep) string {
	for _, row := range r.Rows {
		if row.Status != experiment.StatusOK {
			return fmt.Sprintf("the first, at %s: %s", row.Point, row.Message)
		}
	}
	return ""
}

// tell says something that is neither a result nor an error.
func (f *sweepFlags) tell(io streams, message string) {
	if !f.quiet {
		fmt.Fprintln(io.err, "sim:", message)
	}
}

// sweptWords says what was done at the points.
func sweptWords(r *experiment.Sweep) string {
	s := r.Scenario
	if !r.Simulated {
		return "solved"
	}
	return fmt.Sprintf("%s each, seed %d", plural(s.MonteCarlo.Paths, "path"), s.MonteCarlo.Seed)
}
