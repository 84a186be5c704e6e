package report

import (
	"fmt"
	"math"
	"slices"

	"walras/analysis"
	"walras/internal/numeral"
)

// Limits of the rows on a page; the files have all.
const (
	mostHeadlines = 60
	mostRows      = 150 // of one kind of check
)

// verdictPart puts estimates beside theory: those of whole paths first, then all
// checks by kind, the worst first.
func (d *directory) verdictPart(p *page, statistics, checks []statistic) part {
	scored, failed, largest := 0, 0, 0.0
	for _, c := range checks {
		if !math.IsNaN(c.z) {
			scored++
			largest = max(largest, math.Abs(c.z))
		}
		if !c.passed {
			failed++
		}
	}
	v := part{ID: "verdict", Title: "Simulation beside theory"}
	word := "passed"
	if p.Failed = failed > 0 || !d.manifest.Passed; p.Failed {
		word = fmt.Sprintf("FAILED (%d)", failed)
	}
	count := numeral.Grouped(int64(len(checks)))
	p.Verdict = fmt.Sprintf("%s checks, all of them identities: %s", count, word)
	if scored > 0 {
		allowed := analysis.Allowed(scored)
		p.Verdict = fmt.Sprintf("%s checks, largest |z| %.1f, allowed %.1f: %s", count, largest, allowed, word)
		v.Text = append(v.Text, fmt.Sprintf("Of %s rows with a z the largest |z| may reach %.2f, so that a correct program fails a run with a probability below 0.0001.", numeral.Grouped(int64(scored)), allowed))
	}
	v.Text = append(v.Text, "Where nothing is random, a row must hold to rounding; such rows are marked exact.")
	if t := headlines(statistics); len(t.Rows) > 0 {
		v.Tables = append(v.Tables, t)
	}
	if len(checks) == 0 {
		return v
	}
	slices.SortStableFunc(checks, worse)
	summary := table{Caption: "Checks by kind", Head: append(heads("check", "rows", "with z", "largest |z|"), cell{Text: "result"})}
	list := groups(checks) // the kind with the worst row first
	for _, g := range list {
		summary.Rows = append(summary.Rows, g.summary())
	}
	v.Tables = append(v.Tables, summary)
	for _, g := range list {
		v.Folds = append(v.Folds, g.fold())
	}
	return v
}

// headlines are the statistics of whole paths.
func headlines(rows []statistic) table {
	t := table{Caption: "Results of whole paths", Head: append([]cell{{Text: "statistic"}, {Text: "agent"}}, heads("estimate", "± s.e.", "theory", "z")...)}
	t.Head[2].Number = true
	hidden := 0
	for _, r := range rows {
		switch {
		case !math.IsNaN(r.t):
		case len(t.Rows) == mostHeadlines:
			hidden++
		default:
			t.Rows = append(t.Rows, append([]cell{{Text: words(r.name)}, {Text: r.who()}}, r.cells()...))
		}
	}
	if hidden > 0 {
		t.More = fmt.Sprintf("%s more are in statistics.parquet.", numeral.Grouped(int64(hidden)))
	}
	return t
}

// count is what there is to say of a group.
func (g group) count() (scored, failed int, largest float64) {
	for _, r := range g.rows {
		if !math.IsNaN(r.z) {
			scored++
			largest = max(largest, math.Abs(r.z))
		}
		if !r.passed {
			failed++
		}
	}
	return scored, failed, largest
}

func result(failed int) cell {
	if failed > 0 {
		return cell{Text: fmt.Sprintf("FAILED (%d)", failed), Failed: true}
	}
	return cell{Text: "passed"}
}

func (g group) summary() []cell {
	scored, failed, largest := g.count()
	z := "exact"
	if scored > 0 {
		z = numeral.Fixed(largest, 2)
	}
	return []cell{{Text: words(g.name)}, num(numeral.Grouped(int64(len(g.rows)))), num(numeral.Grouped(int64(scored))), num(z), result(failed)}
}

// fold lists the rows of a group, the worst first.
func (g group) fold() fold {
	scored, failed, largest := g.count()
	summary := fmt.Sprintf("%s: %s", words(g.name), plural(int64(len(g.rows)), "row", "rows"))
	if scored > 0 {
		summary += fmt.Sprintf(", largest |z| %.2f", largest)
	}
	t := table{Head: append([]cell{{Text: "agent"}, num("t")}, heads("estimate", "± s.e.", "theory", "z")...)}
	t.Head[2].Number = true
	t.Head = append(t.Head, cell{Text: "result"})
	for _, r := range g.rows[:min(mostRows, len(g.rows))] {
		bad := 0
		if !r.passed {
			bad = 1
		}
		row := append([]cell{{Text: r.who()}, num(numeral.Brief(r.t))}, r.cells()...)
		word := result(bad)
		if bad > 0 {
			word.Text = "FAILED"
		}
		t.Rows = append(t.Rows, append(row, word))
	}
	if hidden := len(g.rows) - len(t.Rows); hidden > 0 {
		t.More = fmt.Sprintf("%s more, none of them worse, are in checks.parquet.", numeral.Grouped(int64(hidden)))
	}
	return fold{Summary: summary, Failed: failed > 0, Tables: []table{t}}
}
