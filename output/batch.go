package output

// Batch is a reusable buffer of rows, held by column. Its methods append
// values to one column and check nothing: [Table.Write] checks lengths, kinds,
// nulls and numbers, because a check per value would cost more than the value.
// Columns are numbered in the order of the schema. A batch of a few thousand
// rows stays in cache.
type Batch struct {
	schema  Schema
	columns []values
}

// values holds one column: the slice of its kind, in which a null has a zero in
// its place, and the rows of the nulls. The other slices stay empty.
type values struct {
	floats []float64
	longs  []int64
	ints   []int32
	bools  []bool
	names  []string
	nulls  []int32
	kind   Kind
}

// Int32 appends v to an Int32 column.
func (b *Batch) Int32(col int, v int32) {
	c := &b.columns[col]
	c.ints = append(c.ints, v)
}

// Int64 appends v to an Int64 column.
func (b *Batch) Int64(col int, v int64) {
	c := &b.columns[col]
	c.longs = append(c.longs, v)
}

// Float appends v, which must be finite, to a Float64 or Grid column.
func (b *Batch) Float(col int, v float64) {
	c := &b.columns[col]
	c.floats = append(c.floats, v)
}

// Bool appends v to a Bool column.
func (b *Batch) Bool(col int, v bool) {
	c := &b.columns[col]
	c.bools = append(c.bools, v)
}

// Name appends v to a Name column.
func (b *Batch) Name(col int, v string) {
	c := &b.columns[col]
	c.names = append(c.names, v)
}

// Null appends a null to a nullable column of any kind.
func (b *Batch) Null(col int) {
	c := &b.columns[col]
	c.nulls = append(c.nulls, int32(c.len()))
	switch c.kind {
	case Int32:
		c.ints = append(c.ints, 0)
	case Int64:
		c.longs = append(c.longs, 0)
	case Float64, Grid:
		c.floats = append(c.floats, 0)
	case Bool:
		c.bools = append(c.bools, false)
	case Name:
		c.names = append(c.names, "")
	}
}

// FloatOrNull appends v if ok, else a null.
func (b *Batch) FloatOrNull(col int, v float64, ok bool) {
	if ok {
		b.Float(col, v)
	} else {
		b.Null(col)
	}
}

// Floats appends all of vs to a Float64 or Grid column.
func (b *Batch) Floats(col int, vs []float64) {
	c := &b.columns[col]
	c.floats = append(c.floats, vs...)
}

// Names appends all of vs to a Name column.
func (b *Batch) Names(col int, vs []string) {
	c := &b.columns[col]
	c.names = append(c.names, vs...)
}

// RepeatInt32 appends v n times to an Int32 column.
func (b *Batch) RepeatInt32(col int, v int32, n int) {
	c := &b.columns[col]
	c.ints = repeat(c.ints, v, n)
}

// RepeatInt64 appends v n times to an Int64 column.
func (b *Batch) RepeatInt64(col int, v int64, n int) {
	c := &b.columns[col]
	c.longs = repeat(c.longs, v, n)
}

// RepeatFloat appends v n times to a Float64 or Grid column.
func (b *Batch) RepeatFloat(col int, v float64, n int) {
	c := &b.columns[col]
	c.floats = repeat(c.floats, v, n)
}

// RepeatName appends v n times to a Name column.
func (b *Batch) RepeatName(col int, v string, n int) {
	c := &b.columns[col]
	c.names = repeat(c.names, v, n)
}

// RepeatNull appends n nulls to a nullable column of any kind.
func (b *Batch) RepeatNull(col int, n int) {
	for range n {
		b.Null(col)
	}
}

func repeat[T any](s []T, v T, n int) []T {
	for range n {
		s = append(s, v)
	}
	return s
}

// Len returns the number of rows: the length of the longest column.
func (b *Batch) Len() int {
	n := 0
	for i := range b.columns {
		n = max(n, b.columns[i].len())
	}
	return n
}

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() {
	for i := range b.columns {
		b.columns[i].reset()
	}
}

func (c *values) reset() {
	c.floats, c.longs, c.ints = c.floats[:0], c.longs[:0], c.ints[:0]
	c.bools, c.names, c.nulls = c.bools[:0], c.names[:0], c.nulls[:0]
}

func (c *values) len() int {
	switch c.kind {
	case Int32:
		return len(c.ints)
	case Int64:
		return len(c.longs)
	case Float64, Grid:
		return len(c.floats)
	case Bool:
		return len(c.bools)
	}
	return len(c.names)
}
