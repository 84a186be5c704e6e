package report

import (
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"

	"walras/internal/picture"
)

// Limits of what is read of recorded paths: quantiles of so many are smooth, and a
// picture shows no more times.
const (
	mostPaths = 1000
	mostTimes = 200
)

// recording is a quantity on the recorded paths.
type recording struct {
	name   string
	times  []float64
	values [][]float64 // by time, then path; NaN where there is none
}

// quantile of all paths at each time, without the times at which there is nothing.
func (r *recording) quantiles(q float64) (times, values []float64) {
	for k, t := range r.times {
		if list := r.at(k); len(list) > 0 {
			times, values = append(times, t), append(values, picture.Quantile(list, q))
		}
	}
	return times, values
}

// at are the values at a time, sorted.
func (r *recording) at(k int) []float64 {
	list := slices.DeleteFunc(slices.Clone(r.values[k]), math.IsNaN)
	slices.Sort(list)
	return list
}

// random tells whether paths differ by more than rounding.
func (r *recording) random() bool {
	for k := range r.times {
		if list := r.at(k); len(list) > 1 {
			low, high := list[0], list[len(list)-1]
			if high-low > 1e-9*max(math.Abs(low), math.Abs(high)) {
				return true
			}
		}
	}
	return false
}

// paths is how many there are.
func (r *recording) paths() int {
	if len(r.values) == 0 {
		return 0
	}
	return len(r.values[0])
}

// recorder collects the quantities of a table.
type recorder struct {
	stride int
	ticks  []float64
	path   int64 // the one that is read
	seen   int   // its moments so far
	kept   int   // of them
	times  []float64
	list   []*recording
}

// moment begins a moment of a path; keep says whether its values are wanted, and
// more whether there can be others.
func (r *recorder) moment(path int64, t float64, rows int) (keep, more bool) {
	if path != r.path || r.seen == 0 {
		r.path, r.seen, r.kept = path, 0, 0
		if path >= mostPaths {
			return false, false
		}
	}
	_, tick := slices.BinarySearch(r.ticks, t)
	keep = r.seen%r.stride == 0 || tick || r.seen == rows-1
	r.seen++
	if !keep {
		return false, true
	}
	if path == 0 {
		r.times = append(r.times, t)
	}
	r.kept++
	return r.kept <= len(r.times), true
}

// put notes the value of a quantity at the moment.
func (r *recorder) put(i int, v float64) {
	rec := r.list[i]
	for len(rec.values) < r.kept {
		rec.values = append(rec.values, nil)
	}
	rec.values[r.kept-1] = append(rec.values[r.kept-1], v)
}

// newRecorder reads so many rows a path, of which it keeps what pictures need.
func newRecorder(rows int, ticks []float64, names []string) *recorder {
	r := &recorder{stride: max(1, (rows+mostTimes-1)/mostTimes), ticks: ticks}
	for _, name := range names {
		r.list = append(r.list, &recording{name: name})
	}
	return r
}

// done are the recordings with something in them.
func (r *recorder) done() []*recording {
	var list []*recording
	for _, rec := range r.list {
		rec.times = r.times[:min(len(r.times), len(rec.values))]
		if len(rec.times) > 0 {
			list = append(list, rec)
		}
	}
	return list
}

// readMarket reads columns of market.parquet.
func readMarket(s source, columns []string, rows int, ticks []float64) ([]*recording, error) {
	r := newRecorder(rows, ticks, columns)
	err := s.scan(append([]string{"path", "t"}, columns...), func(row []parquet.Value) bool {
		keep, more := r.moment(row[0].Int64(), number(row[1]), rows)
		for i := range columns {
			if keep {
				r.put(i, number(row[2+i]))
			}
		}
		return more
	})
	return r.done(), err
}

// readAgents reads one quantity of the given agents, in either layout.
func readAgents(s source, quantity string, agents []string, rows int, ticks []float64) ([]*recording, error) {
	columns, _, err := s.columns()
	if err != nil {
		return nil, err
	}
	if !has(columns, "agent") { // the wide layout
		names := make([]string, len(agents))
		for i, a := range agents {
			names[i] = quantity + "." + a
		}
		list, err := readMarket(s, names, rows, ticks)
		for _, rec := range list {
			rec.name = rec.name[len(quantity)+1:]
		}
		return list, err
	}
	place := make(map[string]int)
	for i, a := range agents {
		place[a] = i
	}
	r := newRecorder(rows, ticks, agents)
	keep, more, last := false, true, math.NaN()
	err = s.scan([]string{"path", "t", "agent", quantity}, func(row []parquet.Value) bool {
		if path, t := row[0].Int64(), number(row[1]); t != last || path != r.path {
			keep, more = r.moment(path, t, rows)
			last = t
		}
		if i, ok := place[text(row[2])]; ok && keep && more {
			r.put(i, number(row[3]))
		}
		return more
	})
	return r.done(), err
}
