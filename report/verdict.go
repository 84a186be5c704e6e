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
	mostWorst     = 12
	mostMembers   = 1000 // with rows of their own
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
	count := numeral.Counted(int64(len(checks)), "check")
	p.Verdict = fmt.Sprintf("%s, all of them identities: %s", count, word)
	if scored > 0 {
		allowed := analysis.Allowed(scored)
		p.Verdict = fmt.Sprintf("%s, largest |z| %.1f, allowed %.1f: %s", count, largest, allowed, word)
		v.Text = append(v.Text, fmt.Sprintf("Of %s rows with a z the largest |z| may reach %.2f, so that a correct program fails a run with a probability below 0.0001.", numeral.Grouped(int64(scored)), allowed))
	}
	v.Text = append(v.Text, "Where nothing is random, a row must hold to rounding; such rows are marked exact.")
	if t := d.headlines(statistics); len(t.Rows) > 0 {
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
	if scored > 0 || failed > 0 {
		v.Tables = append(v.Tables, worst(checks))
	}
	for _, g := range list {
		v.Folds = append(v.Folds, g.fold())
	}
	return v
}

// headlines are the statistics of whole paths, of one member of each type.
func (d *directory) headlines(rows []statistic) table {
	t := table{Caption: "Results of whole paths", Head: append([]cell{{Text: "statistic"}, {Text: "agent"}}, heads("estimate", "± s.e.", "theory", "z")...)}
	t.Head[2].Number = true
	hidden, alike := 0, d.alike()
	for _, g := range groups(rows) {
		for _, r := range g.rows {
			switch {
			case !math.IsNaN(r.t), alike[r.agent]:
			case len(t.Rows) == mostHeadlines:
				hidden++
			default:
				t.Rows = append(t.Rows, append([]cell{{Text: words(r.name)}, {Text: r.who()}}, r.cells()...))
			}
		}
	}
	if hidden > 0 {
		t.More = fmt.Sprintf("%s more are in statistics.parquet.", numeral.Grouped(int64(hidden)))
	}
	return t
}

// alike are the members of types beside the first.
func (d *directory) alike() map[string]bool {
	list := make(map[string]bool)
	for _, a := range d.scenario.Agents {
		for i := 2; i <= min(a.Count, mostMembers); i++ {
			list[fmt.Sprintf("%s[%d]", a.Name, i)] = true
		}
	}
	return list
}

// worst lists the first of the sorted rows.
func worst(checks []statistic) table {
	t := table{Caption: "The worst rows", Head: []cell{{Text: "check"}, {Text: "agent"}, num("t"), num("z"), {Text: "result"}}}
	for _, r := range checks[:min(mostWorst, len(checks))] {
		if r.passed && math.IsNaN(r.z) {
			break // identities that hold
		}
		cells := r.cells()
		t.Rows = append(t.Rows, []cell{{Text: words(r.name)}, {Text: r.who()}, num(numeral.Brief(r.t)), cells[len(cells)-1], r.result()})
	}
	return t
}

// result is whether a row passed.
func (s statistic) result() cell {
	if s.passed {
		return cell{Text: "passed"}
	}
	return cell{Text: "FAILED", Failed: true}
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
		row := append([]cell{{Text: r.who()}, num(numeral.Brief(r.t))}, r.cells()...)
		t.Rows = append(t.Rows, append(row, r.result()))
	}
	if hidden := len(g.rows) - len(t.Rows); hidden > 0 {
		t.More = fmt.Sprintf("%s more, none of them worse, are in checks.parquet.", numeral.Grouped(int64(hidden)))
	}
	return fold{Summary: summary, Failed: failed > 0, Tables: []table{t}}
}
