package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"

	"walras/analysis"
	"walras/internal/numeral"
	"walras/scenarios"
)

// mostPoints is the largest number of rows of a sweep's table on the page.
const mostPoints = 400

// axis is what is swept, with its value at each point.
type axis struct {
	key    string
	values []scenarios.Value // of the axis
	at     []int             // which of them each point has
}

// worded tells axes whose values are words.
func (a axis) worded() bool {
	return slices.ContainsFunc(a.values, func(v scenarios.Value) bool { return v.Word != "" })
}

// surface is the table of a sweep.
type surface struct {
	axes    []axis
	status  []string
	message []string
	judged  bool // points were simulated
	largest []float64
	checks  []float64
	passed  []bool
	names   []string // of the results
	units   map[string]string
	results map[string][]float64 // NaN: there is none
}

// points is their number.
func (s *surface) points() int { return len(s.status) }

// readSweep reads sweep.parquet.
func (d *directory) readSweep() (*surface, error) {
	file, _ := d.find("sweep")
	columns, units, err := file.columns()
	if err != nil {
		return nil, err
	}
	fixed := slices.Index(columns, "status")
	s := &surface{units: units, results: make(map[string][]float64), judged: has(columns, "passed")}
	first := fixed + 2
	if s.judged {
		first += 3
	}
	if fixed < 0 || first > len(columns) {
		return nil, fmt.Errorf("report: %s has no column status with its message", file.place)
	}
	s.names = columns[first:]
	err = file.scan(columns, func(row []parquet.Value) bool {
		s.status, s.message = append(s.status, text(row[fixed])), append(s.message, text(row[fixed+1]))
		if s.judged {
			s.checks, s.largest = append(s.checks, number(row[fixed+2])), append(s.largest, number(row[fixed+3]))
			s.passed = append(s.passed, row[fixed+4].IsNull() || row[fixed+4].Boolean())
		}
		for i, name := range s.names {
			s.results[name] = append(s.results[name], number(row[first+i]))
		}
		return true
	})
	s.place(d.scenario.Sweep)
	return s, err
}

// place gives each point its place on the axes: the last one is the fastest.
func (s *surface) place(list []scenarios.SweepAxis) {
	for _, a := range list {
		s.axes = append(s.axes, axis{key: a.Key, values: a.Values, at: make([]int, s.points())})
	}
	for i := range s.points() {
		rest := i
		for a := len(s.axes) - 1; a >= 0; a-- {
			n := len(s.axes[a].values)
			s.axes[a].at[i], rest = rest%n, rest/n
		}
	}
}

// sweep is the report of a sweep.
func (d *directory) sweep(p *page) error {
	s, err := d.readSweep()
	if err != nil {
		return err
	}
	p.Lead = fmt.Sprintf("Sweep of %s", d.scenario.Name)
	s.verdict(p, d.manifest.Passed)
	scenario, err := d.scenarioPart()
	if err != nil {
		return err
	}
	axes := table{Caption: "What is swept", Head: []cell{{Text: "key"}, num("values"), {Text: "from"}, {Text: "to"}}}
	for _, a := range s.axes {
		axes.Rows = append(axes.Rows, []cell{{Text: a.key}, num(fmt.Sprint(len(a.values))), value(a.values[0]), value(a.values[len(a.values)-1])})
	}
	scenario.Tables = append([]table{axes}, scenario.Tables...)
	plots := part{ID: "plots", Title: "Plots"}
	figures, remark := s.figures()
	if plots.Figures, err = d.draw(figures...); err != nil {
		return err
	}
	if remark != "" {
		plots.Text = append(plots.Text, remark)
	}
	p.Parts = []part{scenario, plots, s.tablePart(), d.provenancePart("sweep")}
	return nil
}

// value is one of an axis.
func value(v scenarios.Value) cell {
	if v.Word != "" {
		return cell{Text: v.Word}
	}
	return cell{Text: numeral.Brief(v.Number)}
}

// verdict says how many points there are, with a result and passed.
func (s *surface) verdict(p *page, passed bool) {
	bad := 0
	for _, status := range s.status {
		if status != "ok" {
			bad++
		}
	}
	p.Verdict = plural(int64(s.points()), "point", "points")
	if bad > 0 {
		p.Verdict += fmt.Sprintf(", %d without a result", bad)
	}
	if bad == s.points() {
		p.Verdict += ": FAILED"
	}
	if p.Failed = !passed || bad == s.points(); s.judged && bad < s.points() {
		checks, largest := 0.0, 0.0
		for i := range s.checks {
			if !math.IsNaN(s.checks[i]) {
				checks, largest = checks+s.checks[i], max(largest, s.largest[i])
			}
		}
		word := "passed"
		if p.Failed {
			word = "FAILED"
		}
		p.Verdict += fmt.Sprintf("; %s, largest |z| %.1f, allowed %.1f: %s", numeral.Counted(int64(checks), "check"), largest, analysis.Allowed(int(checks)), word)
	}
}

// tablePart lists the points.
func (s *surface) tablePart() part {
	p := part{ID: "table", Title: "All points"}
	status := slices.ContainsFunc(s.status, func(v string) bool { return v != "ok" })
	t := table{Caption: "A row for each point"}
	for _, a := range s.axes {
		t.Head = append(t.Head, cell{Text: a.key, Number: !a.worded()})
	}
	if status {
		t.Head = append(t.Head, cell{Text: "status"})
	}
	if s.judged {
		t.Head = append(t.Head, num("largest |z|"), cell{Text: "result"})
	}
	for _, name := range s.names {
		t.Head = append(t.Head, num(withUnit(name, s.units[name])))
	}
	for i := range min(mostPoints, s.points()) {
		t.Rows = append(t.Rows, s.row(i, status))
	}
	if n := s.points() - len(t.Rows); n > 0 {
		t.More = numeral.Counted(int64(n), "more point") + " in sweep.parquet."
	}
	p.Tables = t.narrow(len(s.axes))
	remarks := table{Caption: "Remarks", Head: []cell{num("point"), {Text: "remark"}}}
	for i, m := range s.message {
		if m != "" && len(remarks.Rows) < mostHeadlines {
			remarks.Rows = append(remarks.Rows, []cell{num(fmt.Sprint(i)), {Text: m}})
		}
	}
	if len(remarks.Rows) > 0 {
		p.Folds = append(p.Folds, fold{Summary: "Remarks about points", Tables: []table{remarks}})
	}
	return p
}

func (s *surface) row(i int, status bool) []cell {
	var row []cell
	for _, a := range s.axes {
		c := value(a.values[a.at[i]])
		c.Number = !a.worded()
		row = append(row, c)
	}
	if status {
		row = append(row, cell{Text: words(s.status[i]), Failed: s.status[i] != "ok"})
	}
	if s.judged {
		word := statistic{passed: s.passed[i]}.result()
		if math.IsNaN(s.checks[i]) { // it was not played
			word = cell{}
		}
		row = append(row, num(numeral.Brief(s.largest[i])), word)
	}
	for _, name := range s.names {
		row = append(row, num(numeral.Brief(s.results[name][i])))
	}
	return row
}
