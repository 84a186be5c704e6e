package output

import (
	"math"
	"slices"
	"unicode/utf8"
	"unsafe"
)

// check says whether the batch may be written as it is; first is the row of
// the table at which it would begin.
func (b *Batch) check(first int64) error {
	n := b.Len()
	for i, s := range b.schema {
		c := &b.columns[i]
		row, problem := c.misplaced()
		switch {
		case problem != "":
		case len(c.nulls) > 0 && !s.Nullable:
			row, problem = int(c.nulls[0]), "null in a column without nulls"
		case c.len() != n:
			row, problem = c.len(), "value missing: the columns have unequal lengths"
		default:
			row, problem = c.invalid()
		}
		if problem != "" {
			return &RowError{s.Name, first + int64(row), problem}
		}
	}
	return nil
}

// misplaced finds values of another kind than the column's.
func (c *values) misplaced() (row int, problem string) {
	held := len(c.floats) + len(c.longs) + len(c.ints) + len(c.bools) + len(c.names)
	if held == c.len() {
		return 0, ""
	}
	return c.len(), "a value of another kind than " + c.kind.String()
}

// invalid finds numbers and text that no reader could take.
func (c *values) invalid() (row int, problem string) {
	if !allFinite(c.floats) {
		return slices.IndexFunc(c.floats, isInfOrNaN), "not a finite number"
	}
	return invalidText(c.names)
}

// invalidText finds the first name that is not UTF-8. Rows share their names:
// one is examined once for each place in memory, not once a row.
func invalidText(names []string) (row int, problem string) {
	var known [64]string
	for i, v := range names {
		at := uintptr(unsafe.Pointer(unsafe.StringData(v)))
		k := &known[(at^at>>4)%64]
		if unsafe.StringData(*k) == unsafe.StringData(v) && len(*k) == len(v) {
			continue
		}
		if !utf8.ValidString(v) {
			return i, "not valid UTF-8"
		}
		*k = v
	}
	return 0, ""
}

const exponent = 0x7ff << 52 // all ones in Inf and NaN, and only there

func isInfOrNaN(v float64) bool { return math.Float64bits(v)&exponent == exponent }

// allFinite adds one to every exponent: only that of Inf and NaN overflows
// into the sign. There is no branch a value.
func allFinite(vs []float64) bool {
	var overflow uint64
	for _, v := range vs {
		overflow |= math.Float64bits(v)&exponent + 1<<52
	}
	return overflow>>63 == 0
}
