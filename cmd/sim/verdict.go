package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"walras/analysis"
	"walras/experiment"
	"walras/internal/numeral"
	"walras/scenarios"
)

// shownAgents is the largest number of agents that the table lists.
const shownAgents = 12

// shownFailures is the largest number of failed checks that are listed.
const shownFailures = 10

// printRun prints the table with which a run ends.
func printRun(w io.Writer, r *experiment.Outcome, workers int, elapsed time.Duration) error {
	s := r.Scenario
	fmt.Fprintf(w, "%s   %s, %s, Δ %s, T %s     %s, seed %d     %.1f s on %s\n\n",
		s.Name, marketWords(s.Market), policyWords(s), brief(s.Clock.Step), brief(s.Clock.Horizon),
		plural(s.MonteCarlo.Paths, "path"), s.MonteCarlo.Seed, elapsed.Seconds(), plural(workers, "worker"))
	headline, hidden := headlines(r.Rows)
	if err := rowTable(headline).print(w, "  "); err != nil {
		return err
	}
	for _, a := range r.Scenario.Agents {
		if r.Scenario.Poisson() != nil && a.Kind == scenarios.KindMarketMaker && a.Count > 1 {
			fmt.Fprintf(w, "  %s stands for each of %d who are alike\n", a.Members()[0], a.Count)
		}
	}
	if hidden > 0 {
		fmt.Fprintf(w, "  … and %s in statistics.parquet\n", plural(hidden, "more agent"))
	}
	fmt.Fprintln(w)
	if failures := r.Verdict.Failures(); len(failures) > 0 {
		if err := printFailures(w, failures); err != nil {
			return err
		}
	}
	fmt.Fprintln(w, verdictWords(r))
	if observations(s) < analysis.Reliable {
		fmt.Fprintf(w, "below %s independent observations second moments and sample standard errors are shown, not judged\n", grouped(analysis.Reliable))
	} else if n := unjudged(r.Rows); n > 0 {
		why := "rest on too few jumps"
		if s.Poisson() != nil {
			why = "rest on too few arrivals, or have long tails"
		}
		if s.Exponential {
			why = "have tails too long for so few paths"
		}
		fmt.Fprintf(w, "%s %s: shown, not judged; take more paths\n", plural(n, "statistic"), why)
	}
	_, err := fmt.Fprintf(w, "%s (%s, digest %s); open with pd.read_parquet(%q)\n", r.Directory, size(bytesOf(r)), short(r.Manifest.Digest),
		filepath.ToSlash(filepath.Join(r.Directory, "agents.parquet")))
	return err
}

// unjudged is the number of statistics that have a z and are not judged.
func unjudged(rows []analysis.Row) int {
	n := 0
	for _, r := range rows {
		if !r.Judged && !math.IsNaN(r.Z) {
			n++
		}
	}
	return n
}

// observations is the number of independent paths: antithetic ones count in
// pairs.
func observations(s *scenarios.Scenario) int64 {
	if s.MonteCarlo.Antithetic {
		return s.MonteCarlo.Paths / 2
	}
	return s.MonteCarlo.Paths
}

func bytesOf(r *experiment.Outcome) int64 {
	total := int64(0)
	for _, f := range r.Manifest.Files {
		total += f.Bytes
	}
	return total
}

func marketWords(market string) string {
	if market == scenarios.MarketAlmgrenChriss {
		return "Almgren & Chriss"
	}
	return strings.ReplaceAll(market, "_", " ")
}

// plural is a number of things in words.
func plural[N int | int64](n N, word string) string { return numeral.Counted(int64(n), word) }

// headlines are the rows that the table shows: every agent's welfare, or the payoff
// of one who has no welfare but its distribution; the price at the first, a middle
// and the last auction with statistics; and momentum.
func headlines(rows []analysis.Row) (list []analysis.Row, hidden int) {
	var prices []analysis.Row
	agents := 0
	alone := !slices.ContainsFunc(rows, func(r analysis.Row) bool { return r.Statistic == "welfare" })
	for _, r := range rows {
		switch r.Statistic {
		case "payoff", "payoff_variance":
			if alone {
				list = append(list, r)
			}
		case "welfare", "part_welfare":
			agents++
			if agents <= shownAgents {
				list = append(list, r)
			}
		case "certainty_equivalent":
			if agents <= shownAgents {
				list = append(list, r)
			}
		case "price_mean", "bid_mean":
			prices = append(prices, r)
		case "momentum_slope":
			defer func(r analysis.Row) { list = append(list, r) }(r)
		}
	}
	if n := len(prices); n > 0 {
		for i, k := range []int{0, n / 2, n - 1} {
			if i == 0 || k > 0 && (i == 1 || k > n/2) {
				list = append(list, prices[k])
			}
		}
	}
	return list, max(0, agents-shownAgents)
}

// label names a row for people.
func label(r analysis.Row) string {
	name := strings.ReplaceAll(r.Statistic, "_", " ")
	switch {
	case r.Agent2 != "" && r.Agent2 != r.Agent:
		name += " " + r.Agent + ", " + r.Agent2
	case r.Agent != "":
		name += " " + r.Agent
	}
	if !math.IsNaN(r.T) {
		name += " t=" + brief(r.T)
	}
	return name
}

// rowTable puts estimates beside their closed forms.
func rowTable(rows []analysis.Row) *table {
	biased := slices.ContainsFunc(rows, func(r analysis.Row) bool { return !math.IsNaN(r.Bias) })
	t := &table{}
	head := []string{"", "estimate", "± s.e.", "theory", "z"}
	if biased {
		head = append(head, "bias of the grid")
	}
	t.add(head...)
	for _, r := range rows {
		d := decimals(r.StdError)
		z, spread := "exact", ""
		switch {
		case !math.IsNaN(r.Z):
			z, spread = fmt.Sprintf("%.2f", r.Z), fixed(r.StdError, d)
			if !r.Judged {
				z += " (not judged)"
			}
		case math.IsNaN(r.StdError): // too few paths for one
			z = ""
		}
		cells := []string{label(r), fixed(r.Estimate, d), spread, fixed(r.Analytic, d), z}
		if biased {
			cells = append(cells, brief(r.Bias))
		}
		t.add(cells...)
	}
	return t
}

// printFailures lists the worst failed checks.
func printFailures(w io.Writer, failures []analysis.Row) error {
	worst := func(r analysis.Row) float64 { // identities first: they have no z, and no excuse
		if math.IsNaN(r.Z) {
			return math.Inf(1)
		}
		return math.Abs(r.Z)
	}
	slices.SortStableFunc(failures, func(a, b analysis.Row) int { return -cmp.Compare(worst(a), worst(b)) })
	t := &table{}
	t.add("failed", "estimate", "± s.e.", "theory", "z")
	for _, r := range failures[:min(shownFailures, len(failures))] {
		t.add(label(r), brief(r.Estimate), brief(r.StdError), brief(r.Analytic), brief(r.Z))
	}
	if err := t.print(w, "  "); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

// complete is a run that was complete already, as `run --resume --json` prints
// it; its verdict is in checks.parquet.
type complete struct {
	Scenario  string `json:"scenario"`
	Directory string `json:"directory"`
	Digest    string `json:"digest"`
	Complete  bool   `json:"complete"`
	Passed    bool   `json:"passed"`
}

// summary is a finished run as `run --json` prints it.
type summary struct {
	Scenario  string        `json:"scenario"`
	Market    string        `json:"market"`
	Policy    string        `json:"policy"`
	Paths     int64         `json:"paths"`
	Seed      uint64        `json:"seed"`
	Directory string        `json:"directory"`
	Digest    string        `json:"digest"`
	Bytes     int64         `json:"bytes"`
	Checks    int           `json:"checks"`
	LargestZ  float64       `json:"largest_z"`
	AllowedZ  float64       `json:"allowed_z"`
	Passed    bool          `json:"passed"`
	Rows      []summaryRow  `json:"rows"`
	Failures  []summaryRow  `json:"failures"`
	Units     unitsOfResult `json:"units"`
}

type unitsOfResult struct {
	Time  string `json:"time,omitempty"`
	Money string `json:"money,omitempty"`
	Asset string `json:"asset,omitempty"`
}

// summaryRow is a statistic in JSON; what does not exist is null.
type summaryRow struct {
	Statistic string   `json:"statistic"`
	Agent     string   `json:"agent,omitempty"`
	Agent2    string   `json:"agent2,omitempty"`
	T         *float64 `json:"t"`
	Estimate  float64  `json:"estimate"`
	StdError  *float64 `json:"std_error"`
	Analytic  *float64 `json:"analytic"`
	Z         *float64 `json:"z"`
	Bias      *float64 `json:"bias,omitempty"`
}

func summarise(r *experiment.Outcome) summary {
	s := r.Scenario
	rows, _ := headlines(r.Rows)
	return summary{
		Scenario: s.Name, Market: s.Market, Policy: s.Clock.Policy, Paths: s.MonteCarlo.Paths, Seed: s.MonteCarlo.Seed,
		Directory: r.Directory, Digest: r.Manifest.Digest, Bytes: bytesOf(r),
		Checks: len(r.Verdict.Rows), LargestZ: r.Verdict.Largest, AllowedZ: r.Verdict.Allowed, Passed: r.Verdict.Passed,
		Rows: summaryRows(rows), Failures: summaryRows(r.Verdict.Failures()), Units: unitsOf(s),
	}
}

func unitsOf(s *scenarios.Scenario) unitsOfResult {
	return unitsOfResult{Time: s.Units.Time, Money: s.Units.Money, Asset: s.Units.Asset}
}

func summaryRows(rows []analysis.Row) []summaryRow {
	list := make([]summaryRow, 0, len(rows))
	for _, r := range rows {
		list = append(list, summaryRow{
			Statistic: r.Statistic, Agent: r.Agent, Agent2: r.Agent2, T: orNull(r.T),
			Estimate: r.Estimate, StdError: orNull(r.StdError), Analytic: orNull(r.Analytic), Z: orNull(r.Z), Bias: orNull(r.Bias),
		})
	}
	return list
}

func orNull(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
