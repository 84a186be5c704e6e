package output

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go/format"
)

// Pages and row groups end after fixed numbers of rows, wherever the batches
// end. A page of random doubles is one block of zstd (128 KiB), small enough to
// stay in cache on its way; the other columns are small, and have one page for
// a row group.
const (
	pageRows  = 16384
	groupRows = 8 * pageRows
)

// Table writes one Parquet file.
type Table struct {
	schema  Schema
	out     offsetWriter
	footer  format.FileMetaData
	columns []columnWriter
	rows    int64
	err     error // the first failure of writing; the file is unusable then
	closed  bool
}

// offsetWriter knows where in the file it is.
type offsetWriter struct {
	w  io.Writer
	at int64
}

func (o *offsetWriter) write(p []byte) error {
	n, err := o.w.Write(p)
	o.at += int64(n)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return err
}

// NewTable starts a Parquet file on w with the given columns. The metadata and
// the units of the columns become the file's key-value metadata, sorted by
// key; a key unit.<column> must not be in both. Close completes the file but
// does not close w, which gets few and large writes.
func NewTable(w io.Writer, s Schema, metadata map[string]string) (*Table, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	pairs := maps.Clone(metadata)
	if pairs == nil {
		pairs = map[string]string{}
	}
	t := &Table{schema: slices.Clone(s), out: offsetWriter{w: w}, columns: make([]columnWriter, len(s))}
	for i, c := range s {
		t.columns[i].Column, t.columns[i].page.kind = c, c.Kind
		key := "unit." + c.Name
		if _, taken := metadata[key]; taken && c.Unit != "" {
			return nil, fmt.Errorf("output: metadata key %q is the unit of a column", key)
		}
		if c.Unit != "" {
			pairs[key] = c.Unit
		}
	}
	t.footer = newFooter(s, pairs)
	t.err = t.out.write([]byte(magic))
	return t, t.err
}

// Batch returns a new empty batch for this table's columns.
func (t *Table) Batch() *Batch {
	b := &Batch{schema: t.schema, columns: make([]values, len(t.schema))}
	for i, c := range t.schema {
		b.columns[i].kind = c.Kind
	}
	return b
}

// Write appends the rows of b, which keeps them until it is reset. A batch
// with a bad row is refused as a whole with a *RowError, and the table goes on
// as if it had not been offered. A failure of the underlying writer is final.
func (t *Table) Write(b *Batch) error {
	switch {
	case t.err != nil:
		return t.err
	case t.closed:
		return errors.New("output: write to a closed table")
	case len(b.columns) != len(t.schema) || &b.schema[0] != &t.schema[0]:
		return errors.New("output: batch of another table")
	}
	if err := b.check(t.rows); err != nil {
		return err
	}
	for from, n := 0, b.Len(); from < n; {
		to := min(n, from+pageRows-int(t.rows%pageRows))
		for i := range t.columns {
			t.columns[i].add(&b.columns[i], from, to)
		}
		t.rows += int64(to - from)
		if t.err = t.advance(); t.err != nil {
			return t.err
		}
		from = to
	}
	return nil
}

// advance ends the pages and the row group that are full.
func (t *Table) advance() error {
	if t.rows%pageRows != 0 {
		return nil
	}
	if t.rows%groupRows == 0 {
		return t.finishGroup()
	}
	for i := range t.columns {
		if c := &t.columns[i]; c.Kind == Float64 {
			if err := c.finishPage(); err != nil {
				return fmt.Errorf("column %s: %w", c.Name, err)
			}
		}
	}
	return nil
}

// finishGroup writes the row group.
func (t *Table) finishGroup() error {
	if len(t.footer.RowGroups) == math.MaxInt16 {
		return errors.New("output: more rows than a Parquet file can number")
	}
	g := format.RowGroup{
		NumRows:    t.rows - t.footer.NumRows,
		FileOffset: t.out.at,
		Ordinal:    int16(len(t.footer.RowGroups)),
	}
	for i := range t.columns {
		chunk, err := t.columns[i].flush(&t.out)
		if err != nil {
			return fmt.Errorf("column %s: %w", t.schema[i].Name, err)
		}
		g.Columns = append(g.Columns, chunk)
		g.TotalByteSize += chunk.MetaData.TotalUncompressedSize
		g.TotalCompressedSize += chunk.MetaData.TotalCompressedSize
	}
	t.footer.RowGroups = append(t.footer.RowGroups, g)
	t.footer.NumRows = t.rows
	return nil
}

// Rows returns the number of rows written so far.
func (t *Table) Rows() int64 { return t.rows }

// Close writes what is left and the footer, and returns the number of rows.
// After an error the file is not a table and must not be used.
func (t *Table) Close() (rows int64, err error) {
	if !t.closed {
		t.closed = true
		if t.err == nil && t.rows > t.footer.NumRows {
			t.err = t.finishGroup()
		}
		if t.err == nil {
			t.err = writeFooter(&t.out, &t.footer)
		}
	}
	return t.rows, t.err
}

// sorted returns key-value metadata in the order of their keys.
func sorted(pairs map[string]string) []format.KeyValue {
	var list []format.KeyValue
	for k, v := range pairs {
		list = append(list, format.KeyValue{Key: k, Value: v})
	}
	slices.SortFunc(list, func(a, b format.KeyValue) int { return strings.Compare(a.Key, b.Key) })
	return list
}
