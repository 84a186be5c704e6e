package experiment

import (
	"math"

	"walras/analysis"
	"walras/output"
)

func nameOrNull(b *output.Batch, column int, name string) {
	if name == "" {
		b.Null(column)
		return
	}
	b.Name(column, name)
}

// rowTable are the columns of a table of statistics, and how a row fills one.
type rowTable struct {
	columns output.Schema
	fill    []func(b *output.Batch, column int, r analysis.Row)
}

func (t *rowTable) add(c output.Column, fill func(b *output.Batch, column int, r analysis.Row)) {
	t.columns, t.fill = append(t.columns, c), append(t.fill, fill)
}

// number adds a column of numbers; NaN becomes null where that is allowed.
func (t *rowTable) number(name string, nullable bool, of func(analysis.Row) float64) {
	t.add(output.Column{Name: name, Kind: output.Float64, Nullable: nullable}, func(b *output.Batch, column int, r analysis.Row) {
		v := of(r)
		b.FloatOrNull(column, v, !nullable || !math.IsNaN(v))
	})
}

// key adds what says which statistic a row is; its name stands under title.
func (t *rowTable) key(title string, u units) {
	t.add(output.Column{Name: title, Kind: output.Name}, func(b *output.Batch, c int, r analysis.Row) { b.Name(c, r.Statistic) })
	t.add(output.Column{Name: "agent", Kind: output.Name, Nullable: true}, func(b *output.Batch, c int, r analysis.Row) { nameOrNull(b, c, r.Agent) })
	t.add(output.Column{Name: "agent2", Kind: output.Name, Nullable: true}, func(b *output.Batch, c int, r analysis.Row) { nameOrNull(b, c, r.Agent2) })
	t.add(output.Column{Name: "t", Kind: output.Grid, Nullable: true, Unit: u.time}, func(b *output.Batch, c int, r analysis.Row) {
		b.FloatOrNull(c, r.T, !math.IsNaN(r.T))
	})
	t.number("estimate", false, func(r analysis.Row) float64 { return r.Estimate })
	t.number("std_error", true, func(r analysis.Row) float64 { return r.StdError })
}

// theory adds the closed form and the distance from it.
func (t *rowTable) theory() {
	t.number("analytic", true, func(r analysis.Row) float64 { return r.Analytic })
	t.number("z", true, func(r analysis.Row) float64 { return r.Z })
}

// write writes the rows as the table of this name.
func (t *rowTable) write(d *output.Directory, name string, list []analysis.Row, meta map[string]string) error {
	s, err := newSheet(d, name, t.columns, meta)
	if err != nil {
		return err
	}
	for _, r := range list {
		for column, fill := range t.fill {
			fill(s.batch, column, r)
		}
		if err := s.flush(batchRows); err != nil {
			return err
		}
	}
	return s.close()
}

// writeStatistics writes every statistic beside its closed form.
func writeStatistics(d *output.Directory, list []analysis.Row, meta map[string]string, u units) error {
	var t rowTable
	t.key("statistic", u)
	t.add(output.Column{Name: "n", Kind: output.Int64}, func(b *output.Batch, c int, r analysis.Row) { b.Int64(c, r.N) })
	t.theory()
	t.number("bias", true, func(r analysis.Row) float64 { return r.Bias })
	return t.write(d, "statistics.parquet", list, meta)
}

// writeChecks writes the judged rows and the pathwise identities.
func writeChecks(d *output.Directory, v analysis.Verdict, meta map[string]string, u units) error {
	var t rowTable
	t.key("check", u)
	t.theory()
	t.add(output.Column{Name: "passed", Kind: output.Bool}, func(b *output.Batch, c int, r analysis.Row) { b.Bool(c, r.Passed) })
	return t.write(d, "checks.parquet", v.Rows, meta)
}
