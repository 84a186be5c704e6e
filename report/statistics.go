package report

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"walras/internal/numeral"
)

// statistic is a row of statistics.parquet or checks.parquet; what there is not is NaN
// or empty.
type statistic struct {
	name, agent, other             string
	t, estimate, spread, theory, z float64
	bias                           float64
	passed                         bool
}

// readStatistics reads one of the two tables, whose first column has the name key.
func (d *directory) readStatistics(table, key string) ([]statistic, error) {
	s, ok := d.find(table)
	if !ok {
		return nil, nil
	}
	var list []statistic
	columns := []string{key, "agent", "agent2", "t", "estimate", "std_error", "analytic", "z", "bias", "passed"}
	err := s.scan(columns, func(row []parquet.Value) bool {
		list = append(list, statistic{
			name: text(row[0]), agent: text(row[1]), other: text(row[2]), t: number(row[3]), estimate: number(row[4]),
			spread: number(row[5]), theory: number(row[6]), z: number(row[7]), bias: number(row[8]),
			passed: !row[9].IsNull() && row[9].Boolean(),
		})
		return true
	})
	return list, err
}

// who names whom a row is about.
func (s statistic) who() string {
	if s.other != "" && s.other != s.agent {
		return s.agent + ", " + s.other
	}
	return s.agent
}

// worse orders rows of a verdict: what failed first, identities among it before
// all, then by |z|.
func worse(a, b statistic) int {
	size := func(s statistic) float64 {
		switch {
		case !math.IsNaN(s.z):
			return math.Abs(s.z)
		case s.passed:
			return -1
		}
		return math.Inf(1)
	}
	if a.passed != b.passed {
		if b.passed {
			return -1
		}
		return 1
	}
	return -cmp.Compare(size(a), size(b))
}

// mostDecimals is the largest number of decimals; smaller numbers have an exponent.
const mostDecimals = 8

// cells are the numbers of a row as people read them.
func (s statistic) cells() []cell {
	d := numeral.Decimals(s.spread)
	write := func(v float64) string { return numeral.Fixed(v, d) }
	if math.IsNaN(s.z) || d > mostDecimals {
		write = numeral.Brief
	}
	z, spread := "exact", ""
	switch {
	case !math.IsNaN(s.z):
		z, spread = numeral.Fixed(s.z, 2), write(s.spread)
	case math.IsNaN(s.theory):
		z, spread = "", write(s.spread)
	}
	return []cell{num(write(s.estimate)), num(spread), num(write(s.theory)), num(z)}
}

// words is a name of a table for people.
func words(name string) string { return strings.ReplaceAll(name, "_", " ") }

// group are the rows of one name.
type group struct {
	name string
	rows []statistic
}

// groups collects rows by name, in the order in which names appear.
func groups(rows []statistic) []group {
	var list []group
	place := make(map[string]int)
	for _, r := range rows {
		i, ok := place[r.name]
		if !ok {
			i = len(list)
			place[r.name] = i
			list = append(list, group{name: r.name})
		}
		list[i].rows = append(list[i].rows, r)
	}
	return list
}

// series are the rows of one statistic of one agent over time.
func series(rows []statistic, name, agent string) []statistic {
	var list []statistic
	for _, r := range rows {
		if r.name == name && r.agent == agent && (r.other == "" || r.other == agent) && !math.IsNaN(r.t) {
			list = append(list, r)
		}
	}
	return list
}

// ticks are the times of the statistics, in order.
func ticks(rows []statistic) []float64 {
	var list []float64
	for _, r := range rows {
		if !math.IsNaN(r.t) {
			list = append(list, r.t)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
