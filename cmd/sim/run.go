package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"walras/experiment"
	"walras/scenarios"
)

// runFlags are the flags of `sim run`.
type runFlags struct {
	source
	out                         string
	workers                     int
	asJSON, quiet, resume, over bool
	page                        bool // --report
}

func newRun(io streams) *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use: "run SCENARIO", Short: "Solve, simulate, judge, and write a run directory", Args: cobra.ExactArgs(1),
		Long: `Solve the equilibrium, let the agents play it through the auction, write the
run directory, and print every headline estimate beside its closed form.
Exit status 1 if a check of the verdict fails.

Results depend on scenario, seed and version alone: not on workers, and not on
whether a run was interrupted and resumed.`,
		Example: `  sim run five-traders
  sim run five-traders --paths 1000000 --seed 7 --out runs/big
  sim run mine.yaml --set clock.step=0.1 --force
  sim run mine.yaml --resume
  sim run five-traders --report`,
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, args[0], io) },
	}
	f.add(c, true)
	c.Flags().StringVar(&f.out, "out", "", "run `directory` (default runs/<name>)")
	c.Flags().IntVar(&f.workers, "workers", 0, "`number` of workers (default: all cores)")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print the verdict as JSON")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "no progress, no table: only errors and failures")
	c.Flags().BoolVar(&f.resume, "resume", false, "continue an interrupted run")
	c.Flags().BoolVar(&f.over, "force", false, "replace the run that is there")
	addReport(c, &f.page)
	return c
}

func (f *runFlags) run(c *cobra.Command, name string, io streams) error {
	if c.Flags().Changed("workers") && f.workers < 1 {
		return usage(fmt.Sprintf("--workers is %d; it must be at least 1", f.workers))
	}
	if f.resume && f.over {
		return usage("--resume continues a run and --force starts it anew; give one of them")
	}
	s, err := f.load(c, name, io)
	if err != nil {
		return err
	}
	workers := f.workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	directory := f.out
	if directory == "" {
		directory = filepath.Join("runs", s.Name)
	}
	begin := time.Now()
	p := newProgress(io.err, "paths", f.quiet)
	result, err := experiment.Run(c.Context(), s, experiment.Options{
		Directory: directory, Version: version, Workers: workers, Resume: f.resume, Force: f.over,
		Progress:    p.update,
		Environment: func() json.RawMessage { return environment(workers, time.Since(begin)) },
	})
	p.finish()
	if errors.Is(err, context.Canceled) {
		return &interruptedError{fmt.Sprintf("interrupted after %s of %s; continue with: sim run %s",
			grouped(p.done), plural(s.MonteCarlo.Paths, "path"), f.again(c, name, "paths", "seed", "out", "report"))}
	}
	if err != nil {
		return err
	}
	if !f.quiet && !result.Already {
		warnings, err := experiment.OrderWarnings(s)
		if err != nil {
			return err
		}
		warn(io, warnings)
	}
	verdict := f.report(io, result, workers, time.Since(begin))
	tell := func(message string) { f.tell(io, message) }
	return errors.Join(verdict, writeReport(f.page, result.Directory, tell))
}

// report prints what came out and turns a failed verdict into an error.
func (f *runFlags) report(io streams, r *experiment.Outcome, workers int, elapsed time.Duration) error {
	if r.Already {
		f.tell(io, fmt.Sprintf("%s is complete: nothing to do (digest %s)", r.Directory, short(r.Manifest.Digest)))
		if f.asJSON {
			if err := printJSON(io.out, complete{r.Scenario.Name, r.Directory, r.Manifest.Digest, true, r.Verdict.Passed}); err != nil {
				return err
			}
		}
		if !r.Verdict.Passed {
			return &failedError{fmt.Sprintf("the verdict of that run failed; see %s", filepath.Join(r.Directory, "checks.parquet"))}
		}
		return nil
	}
	switch {
	case f.asJSON:
		if err := printJSON(io.out, summarise(r)); err != nil {
			return err
		}
	case !f.quiet:
		if err := printRun(io.out, r, workers, elapsed); err != nil {
			return err
		}
	}
	if len(r.Scenario.Sweep) > 0 {
		f.tell(io, "the scenario has a sweep; run plays its base case, and sim sweep every point")
	}
	if !r.Verdict.Passed {
		return &failedError{fmt.Sprintf("the verdict failed: %d of %s; see %s", len(r.Verdict.Failures()), plural(len(r.Verdict.Rows), "check"), filepath.Join(r.Directory, "checks.parquet"))}
	}
	return nil
}

// tell says something that is neither a result nor an error.
func (f *runFlags) tell(io streams, message string) {
	if !f.quiet {
		fmt.Fprintln(io.err, "sim:", message)
	}
}

// environment describes the machine, for the manifest; no part of the digest.
func environment(workers int, elapsed time.Duration) json.RawMessage {
	host, _ := os.Hostname()
	text, err := json.Marshal(map[string]any{
		"host": host, "workers": workers, "cores": runtime.NumCPU(),
		"command": commandLine(os.Args[1:]), "seconds": elapsed.Round(time.Millisecond).Seconds(), "finished": time.Now().UTC().Format(time.RFC3339),
	})
	if err != nil {
		return nil
	}
	return text
}

// commandLine is what was typed, so that a shell reads it back.
func commandLine(args []string) string {
	words := []string{"sim"}
	for _, arg := range args {
		words = append(words, quoted(arg))
	}
	return strings.Join(words, " ")
}

// policyWords says in words what a scenario's agents play.
func policyWords(s *scenarios.Scenario) string {
	if s.Poisson() != nil {
		if s.Clock.Policy == scenarios.PolicyDiscrete {
			return "exact discrete-time game of Bernoulli steps"
		}
		return "exact times of arrivals"
	}
	given, onGrid := s.Market == scenarios.MarketAlmgrenChriss, s.Clock.Policy == scenarios.PolicyContinuous
	switch {
	case given && s.Agents[0].Strategy == scenarios.StrategyConstant:
		return "constant rate"
	case given && onGrid:
		return "continuous-time schedule on a grid"
	case given:
		return "optimal schedule for these auctions"
	case onGrid:
		return "continuous-time policy on a grid"
	}
	return "exact discrete-time game"
}
