package output

import (
	"slices"
	"unsafe"

	"github.com/parquet-go/parquet-go"
)

// chunkRows is the number of values that a column hands to the library at a
// time. The library ends a page only between two chunks, so that chunks of a
// fixed size make pages, too, independent of the batches. It divides pageRows.
const chunkRows = 1024

// column passes the values of one column on to the library.
type column struct {
	Column
	out   *parquet.ColumnWriter
	chunk []parquet.Value // not passed on yet
	rows  int64           // passed on
}

// add appends rows [from, to) of a batch.
func (c *column) add(src *values, from, to int) error {
	for from < to {
		at := len(c.chunk)
		n := min(to-from, chunkRows-at)
		c.chunk = c.chunk[:at+n]
		c.convert(c.chunk[at:], src, from)
		from += n
		if len(c.chunk) == chunkRows {
			if err := c.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush passes the chunk on, and ends the page of a column of doubles if it is
// full.
func (c *column) flush() error {
	_, err := c.out.WriteRowValues(c.chunk)
	c.rows += int64(len(c.chunk))
	c.chunk = c.chunk[:0]
	if err == nil && c.Kind == Float64 && c.rows%pageRows == 0 {
		err = c.out.Flush()
	}
	return err
}

// convert fills dst with the rows of a batch that begin at from. It assigns to
// elements because append would copy every value once more, at seven times the
// cost.
func (c *column) convert(dst []parquet.Value, src *values, from int) {
	to := from + len(dst)
	switch c.Kind {
	case Int32:
		for i, v := range src.ints[from:to] {
			dst[i] = parquet.Int32Value(v)
		}
	case Int64:
		for i, v := range src.longs[from:to] {
			dst[i] = parquet.Int64Value(v)
		}
	case Float64, Grid:
		for i, v := range src.floats[from:to] {
			dst[i] = parquet.DoubleValue(v)
		}
	case Bool:
		for i, v := range src.bools[from:to] {
			dst[i] = parquet.BooleanValue(v)
		}
	case Name:
		for i, v := range src.names[from:to] {
			// Nothing writes to the bytes, and the dictionary copies them.
			dst[i] = parquet.ByteArrayValue(unsafe.Slice(unsafe.StringData(v), len(v)))
		}
	}
	if c.Nullable {
		setNulls(dst, src.nulls, from)
	}
}

// setNulls tells values from nulls, in rows that begin at from.
func setNulls(dst []parquet.Value, nulls []int32, from int) {
	for i := range dst {
		dst[i].SetDefinitionLevel(1)
	}
	first, _ := slices.BinarySearch(nulls, int32(from))
	last, _ := slices.BinarySearch(nulls, int32(from+len(dst)))
	for _, row := range nulls[first:last] {
		dst[int(row)-from] = parquet.NullValue()
	}
}
