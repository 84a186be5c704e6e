package experiment

import (
	"math"
	"slices"
	"strconv"

	"walras/analysis"
	"walras/output"
	"walras/scenarios"
)

// assemble makes the table of the finished points, in whatever order they are.
func (out *Sweep) assemble(finished []sweptPoint, points []scenarios.Point) {
	slices.SortFunc(finished, func(a, b sweptPoint) int { return a.Index - b.Index })
	for _, setting := range points[0] {
		out.Keys = append(out.Keys, printable(setting.Key))
	}
	out.Names = namesOf(finished)
	place := make(map[string]int, len(out.Names))
	for i, name := range out.Names {
		place[name] = i
	}
	exact := true
	out.units = make(map[string]string)
	for _, p := range finished {
		out.Checks += p.Run.Checks
		out.Largest = math.Max(out.Largest, p.Run.Largest)
		exact = exact && (p.Run.Exact || !p.Judged)
		row := SweepRow{
			Point: points[p.Index], Status: p.Status, Message: p.Message, Judged: p.Judged,
			Checks: p.Run.Checks, Largest: p.Run.Largest, Values: make([]float64, len(out.Names)),
		}
		for i := range row.Values {
			row.Values[i] = math.NaN()
		}
		for _, f := range p.Figures {
			out.units[f.Name] = f.Unit
			if !math.IsInf(f.Value, 0) {
				row.Values[place[f.Name]] = f.Value
			}
		}
		out.Rows = append(out.Rows, row)
	}
	// One bound for all points, so that a correct program fails a sweep as rarely as
	// a run, however many points there are.
	out.Allowed = analysis.Allowed(out.Checks)
	out.Passed = exact && out.Largest <= out.Allowed
	for i, p := range finished {
		out.Rows[i].Passed = p.Judged && p.Run.Exact && p.Run.Largest <= out.Allowed
	}
}

// namesOf are the names of all points' numbers: a name that only some points have
// stands where it stands there, after the one before it.
func namesOf(finished []sweptPoint) []string {
	var names []string
	var last figures
	known := make(map[string]bool)
	for _, p := range finished {
		same := slices.EqualFunc(p.Figures, last, func(a, b figure) bool { return a.Name == b.Name })
		if last = p.Figures; same {
			continue
		}
		for i, f := range p.Figures {
			if known[f.Name] {
				continue
			}
			known[f.Name] = true
			at := 0
			if i > 0 {
				at = slices.Index(names, p.Figures[i-1].Name) + 1
			}
			names = slices.Insert(names, at, f.Name)
		}
	}
	return names
}

// write writes sweep.parquet.
func (out *Sweep) write(d *output.Directory, version string) error {
	schema := output.Schema{{Name: "point", Kind: output.Int64}}
	for i, key := range out.Keys {
		kind := output.Grid
		if out.words(i) {
			kind = output.Name
		}
		schema = append(schema, output.Column{Name: key, Kind: kind})
	}
	schema = append(schema, output.Column{Name: "status", Kind: output.Name}, output.Column{Name: "message", Kind: output.Name, Nullable: true})
	if out.Simulated {
		schema = append(schema, output.Column{Name: "checks", Kind: output.Int64, Nullable: true},
			output.Column{Name: "largest_z", Kind: output.Float64, Nullable: true}, output.Column{Name: "passed", Kind: output.Bool, Nullable: true})
	}
	first := len(schema)
	for _, name := range out.Names {
		schema = append(schema, output.Column{Name: name, Kind: output.Float64, Nullable: true, Unit: out.units[name]})
	}
	meta := metadata(out.Scenario, version)
	if out.Simulated {
		meta["walras.allowed_z"] = strconv.FormatFloat(out.Allowed, 'g', -1, 64)
	}
	s, err := newSheet(d, "sweep.parquet", schema, meta)
	if err != nil {
		return err
	}
	for i, r := range out.Rows {
		s.batch.Int64(0, int64(i))
		out.settings(s.batch, r)
		for j, v := range r.Values {
			s.batch.FloatOrNull(first+j, v, !math.IsNaN(v))
		}
		if err := s.flush(batchRows); err != nil {
			return err
		}
	}
	return s.close()
}

// settings fills in where a point is and what became of it.
func (out *Sweep) settings(b *output.Batch, r SweepRow) {
	column := 1
	for i, setting := range r.Point {
		if out.words(i) {
			b.Name(column, setting.Value.String())
		} else {
			b.Float(column, setting.Value.Number)
		}
		column++
	}
	b.Name(column, r.Status)
	nameOrNull(b, column+1, r.Message)
	if !out.Simulated {
		return
	}
	if column += 2; !r.Judged {
		b.Null(column)
		b.Null(column + 1)
		b.Null(column + 2)
		return
	}
	b.Int64(column, int64(r.Checks))
	b.Float(column+1, r.Largest)
	b.Bool(column+2, r.Passed)
}

// words tells axes with a word among their values: all of them are text then.
func (out *Sweep) words(axis int) bool {
	return slices.ContainsFunc(out.Scenario.Sweep[axis].Values, func(v scenarios.Value) bool { return v.Word != "" })
}
