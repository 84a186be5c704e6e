package output

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// Row groups and pages end after fixed numbers of rows, wherever the batches
// end. A page of random doubles is one block of zstd (128 KiB), small enough to
// stay in cache on its way; the other columns are small, and the library ends
// their pages at pageBytes, which a row group of integers of 32 bits or of
// places in a dictionary does not reach.
const (
	pageRows  = 16384
	groupRows = 8 * pageRows
	pageBytes = 5 * groupRows
)

// codec is zstd at level 1. What it makes of a page depends on the page alone.
var codec = &zstd.Codec{Level: zstd.SpeedFastest}

// Table writes one Parquet file.
type Table struct {
	schema  Schema
	file    *parquet.GenericWriter[any]
	columns []column
	rows    int64
	err     error // the first failure of writing; the file is unusable then
	closed  bool
}

// NewTable starts a Parquet file on w with the given columns. The metadata and
// the units of the columns become the file's key-value metadata, sorted by
// key; a key unit.<column> must not be in both. Close completes the file but
// does not close w. A failure of w is reported by Write or Close.
func NewTable(w io.Writer, s Schema, metadata map[string]string) (*Table, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	pairs, err := s.pairs(metadata)
	if err != nil {
		return nil, err
	}
	t := &Table{schema: slices.Clone(s), file: newWriter(w, s, pairs)}
	for i, out := range t.file.ColumnWriters() {
		t.columns = append(t.columns, column{Column: s[i], out: out, chunk: make([]parquet.Value, 0, chunkRows)})
	}
	return t, nil
}

// pairs adds the units of the columns to metadata.
func (s Schema) pairs(metadata map[string]string) (map[string]string, error) {
	pairs := map[string]string{}
	maps.Copy(pairs, metadata)
	for _, c := range s {
		if c.Unit == "" {
			continue
		}
		key := "unit." + c.Name
		if _, taken := metadata[key]; taken {
			return nil, fmt.Errorf("output: metadata key %q is the unit of a column", key)
		}
		pairs[key] = c.Unit
	}
	return pairs, nil
}

// newWriter configures the library. SkipPageBounds, which would save time, must
// not be used: the bounds in the page index are then 0, and a reader that trusts
// them loses rows. Statistics in page headers would only repeat that index.
func newWriter(w io.Writer, s Schema, pairs map[string]string) *parquet.GenericWriter[any] {
	return parquet.NewGenericWriter[any](w, &parquet.WriterConfig{
		CreatedBy:        "walras",
		Schema:           s.parquet(),
		KeyValueMetadata: pairs,
		Compression:      codec,
		PageBufferSize:   pageBytes,
		DataPageVersion:  1, // which all readers know
		// Names are bounded by whole names: a part of one may not be UTF-8.
		ColumnIndexSizeLimit: func([]string) int { return math.MaxInt },
	}, parquet.DataPageStatistics(false))
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
	for from, n := 0, b.Len(); from < n && t.err == nil; {
		to := min(n, from+groupRows-int(t.rows%groupRows))
		t.err = t.add(b, from, to)
		from = to
	}
	return t.err
}

// add appends rows [from, to), none beyond the end of the row group.
func (t *Table) add(b *Batch, from, to int) error {
	for i := range t.columns {
		if err := t.columns[i].add(&b.columns[i], from, to); err != nil {
			return fmt.Errorf("column %s: %w", t.schema[i].Name, err)
		}
	}
	t.rows += int64(to - from)
	if t.rows%groupRows == 0 {
		return t.file.Flush()
	}
	return nil
}

// Rows returns the number of rows written so far.
func (t *Table) Rows() int64 { return t.rows }

// Close writes what is left and the footer, and returns the number of rows.
// After an error the file is not a table and must not be used.
func (t *Table) Close() (rows int64, err error) {
	if !t.closed {
		t.closed = true
		if t.err == nil {
			t.err = t.finish()
		}
	}
	return t.rows, t.err
}

func (t *Table) finish() error {
	for i := range t.columns {
		if err := t.columns[i].flush(); err != nil {
			return fmt.Errorf("column %s: %w", t.schema[i].Name, err)
		}
	}
	return t.file.Close()
}
