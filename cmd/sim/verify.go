package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"walras/experiment"
	"walras/papers"
	"walras/scenarios"
)

// enoughPaths is how many paths a built-in scenario is verified with at most when
// all of them are.
const enoughPaths = 20_000

// verifyFlags are the flags of `sim verify`.
type verifyFlags struct {
	source
	workers                         int
	papers, asJSON, markdown, quiet bool
	out                             string
}

func newVerify(io streams) *cobra.Command {
	var f verifyFlags
	c := &cobra.Command{
		Use: "verify [SCENARIO…]", Short: "Monte Carlo against closed forms, and papers against both",
		Args: cobra.ArbitraryArgs,
		Long: fmt.Sprintf(`Play scenarios and judge every estimate that has a closed form, as sim run does; nothing
is written. A line for each scenario, and the checks that fail. Without a scenario all
built-in ones are verified, with at most %s paths each.

With --papers, verify what the three papers behind the models print: every number,
formula and claim that the models can produce, beside what is computed and simulated.
What is wrong in print names its erratum. An entry fails if print and what is computed
differ without an erratum, if an erratum is not needed, or if an estimate is more than
%d standard errors from what is computed for the game that is played; where that is
played at ticks and the papers' game is not, the table shows its exact value beside, and
the two may differ by what changes in a step. Arguments are then sources (%s) or
errata (CMZ-4) to which the table is limited.

Exit status 1 if a check or an entry fails.`, grouped(enoughPaths), papers.Strays, strings.Join(papers.Sources(), ", ")),
		Example: `  sim verify
  sim verify five-traders mine.yaml --paths 1000000
  sim verify --papers
  sim verify --papers CMZ-4
  sim verify --papers --out papers.parquet
  sim verify --papers --markdown > docs/papers.md`,
		RunE: func(c *cobra.Command, args []string) error { return f.verify(c, args, io) },
	}
	f.add(c, true)
	c.ValidArgsFunction = func(c *cobra.Command, _ []string, text string) ([]string, cobra.ShellCompDirective) {
		if f.papers {
			return completePapers(), cobra.ShellCompDirectiveNoFileComp
		}
		return completeScenario(c, nil, text)
	}
	c.Flags().IntVar(&f.workers, "workers", 0, "`number` of workers (default: all cores)")
	c.Flags().BoolVar(&f.papers, "papers", false, "verify what the papers print")
	c.Flags().StringVar(&f.out, "out", "", "with --papers: also write a Parquet `file`, whose name ends in .parquet, replacing one that is there")
	c.Flags().BoolVar(&f.markdown, "markdown", false, "with --papers: print the page docs/papers.md")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "no progress, no table: only errors and failures")
	return c
}

func (f *verifyFlags) cores() int {
	if f.workers == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return f.workers
}

func (f *verifyFlags) verify(c *cobra.Command, args []string, io streams) error {
	if c.Flags().Changed("workers") && f.workers < 1 {
		return usage(fmt.Sprintf("--workers is %d; it must be at least 1", f.workers))
	}
	if f.papers {
		return f.checkPapers(c, args, io)
	}
	for _, flag := range []string{"out", "markdown"} {
		if c.Flags().Changed(flag) {
			return usage("--" + flag + " goes with --papers; to keep a run, use sim run")
		}
	}
	list, err := f.loadAll(c, args, io)
	if err != nil {
		return err
	}
	return f.play(c.Context(), list, io)
}

// trial is a scenario to be verified, and how many paths it asks for.
type trial struct {
	*scenarios.Scenario
	own int64
}

// loadAll loads all scenarios before the first is played, so that a mistake in the
// last one is found at once.
func (f *verifyFlags) loadAll(c *cobra.Command, names []string, io streams) ([]trial, error) {
	all := len(names) == 0
	if all {
		for _, info := range scenarios.Names() {
			names = append(names, info.Name)
		}
	}
	list := make([]trial, len(names))
	for i, name := range names {
		s, err := f.load(c, name, io)
		if err != nil {
			return nil, err
		}
		list[i] = trial{s, s.MonteCarlo.Paths}
		if all && !c.Flags().Changed("paths") {
			s.MonteCarlo.Paths = min(s.MonteCarlo.Paths, enoughPaths)
		}
	}
	return list, nil
}

// verified is a scenario's verdict as `verify --json` prints it.
type verified struct {
	Scenario string       `json:"scenario"`
	Market   string       `json:"market"`
	Paths    int64        `json:"paths"`
	Seed     uint64       `json:"seed"`
	Checks   int          `json:"checks"`
	LargestZ float64      `json:"largest_z"`
	AllowedZ float64      `json:"allowed_z"`
	Passed   bool         `json:"passed"`
	Failures []summaryRow `json:"failures"`
}

func (f *verifyFlags) play(ctx context.Context, list []trial, io streams) error {
	var results []verified
	failed, width := 0, 0
	for _, s := range list {
		width = max(width, len([]rune(s.Name)))
	}
	for _, s := range list {
		p := newProgress(io.err, "paths", f.quiet)
		out, err := experiment.Verify(ctx, s.Scenario, f.cores(), p.update)
		p.finish()
		if errors.Is(err, context.Canceled) {
			return &interruptedError{"interrupted in " + s.Name}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.Name, err)
		}
		v := verdictOf(out)
		if !v.Passed {
			failed++
		}
		if results = append(results, v); !f.asJSON {
			if err := f.line(io.out, out, s.own, width); err != nil {
				return err
			}
		}
	}
	if f.asJSON {
		if err := printJSON(io.out, results); err != nil {
			return err
		}
	}
	return conclude(failed, len(list))
}

// conclude is the failure of all scenarios together, if any failed.
func conclude(failed, total int) error {
	if failed == 0 {
		return nil
	}
	return &failedError{fmt.Sprintf("the verdict failed in %d of %s", failed, plural(total, "scenario"))}
}

func verdictOf(out *experiment.Outcome) verified {
	s, v := out.Scenario, out.Verdict
	return verified{
		Scenario: s.Name, Market: s.Market, Paths: s.MonteCarlo.Paths, Seed: s.MonteCarlo.Seed,
		Checks: len(v.Rows), LargestZ: v.Largest, AllowedZ: v.Allowed, Passed: v.Passed, Failures: summaryRows(v.Failures()),
	}
}

// line prints a scenario's line, and below it what failed.
func (f *verifyFlags) line(w io.Writer, out *experiment.Outcome, own int64, width int) error {
	if out.Verdict.Passed && f.quiet {
		return nil
	}
	paths := plural(own, "path")
	if played := out.Scenario.MonteCarlo.Paths; own != played {
		paths = grouped(played) + " of " + paths
	}
	fmt.Fprintf(w, "%-*s   %s; %s, seed %d\n", width, out.Scenario.Name, verdictWords(out), paths, out.Scenario.MonteCarlo.Seed)
	if out.Verdict.Passed {
		return nil
	}
	return printFailures(w, out.Verdict.Failures())
}

// verdictWords is the verdict in a line.
func verdictWords(r *experiment.Outcome) string {
	word := "passed"
	if !r.Verdict.Passed {
		word = fmt.Sprintf("FAILED (%d)", len(r.Verdict.Failures()))
	}
	checks := plural(len(r.Verdict.Rows), "check")
	if r.Verdict.Allowed > 0 {
		return fmt.Sprintf("%s, largest |z| %.1f, allowed %.1f: %s", checks, r.Verdict.Largest, r.Verdict.Allowed, word)
	}
	return fmt.Sprintf("%s, all of them identities: %s", checks, word)
}
