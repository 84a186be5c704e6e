package report

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"walras/output"
)

// source is a table on disk: a file, or a folder of parts.
type source struct {
	place string
	parts []string
}

// find looks for a table among the files of the manifest, which alone are those of the
// run; ok is false where it has none of that name.
func (d *directory) find(name string) (s source, ok bool) {
	name += ".parquet"
	s.place = filepath.Join(d.dir, name)
	for _, f := range d.manifest.Files {
		if f.Name == name || strings.HasPrefix(f.Name, name+"/part-") {
			s.parts = append(s.parts, filepath.Join(d.dir, filepath.FromSlash(f.Name)))
		}
	}
	slices.Sort(s.parts)
	return s, len(s.parts) > 0
}

// open calls f with each part until it says no.
func (s source) open(f func(*parquet.File) (more bool, err error)) error {
	for _, name := range s.parts {
		more, err := openPart(name, f)
		if err != nil {
			return &output.Error{Op: "read", Path: name, Err: err}
		}
		if !more {
			break
		}
	}
	return nil
}

func openPart(name string, f func(*parquet.File) (bool, error)) (bool, error) {
	file, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return false, err
	}
	table, err := parquet.OpenFile(file, info.Size())
	if err != nil {
		return false, err
	}
	return f(table)
}

// columns are the names of the columns, in order, and units those that have one.
func (s source) columns() (names []string, units map[string]string, err error) {
	units = make(map[string]string)
	err = s.open(func(t *parquet.File) (bool, error) {
		for _, field := range t.Schema().Fields() {
			names = append(names, field.Name())
			if unit, ok := t.Lookup("unit." + field.Name()); ok {
				units[field.Name()] = unit
			}
		}
		return false, nil
	})
	return names, units, err
}

// scan visits the rows in order, with the values of the given columns, until visit
// says no. A column that the table does not have is null.
func (s source) scan(columns []string, visit func(row []parquet.Value) bool) error {
	return s.open(func(t *parquet.File) (bool, error) {
		for _, group := range t.RowGroups() {
			more, err := scanGroup(t, group, columns, visit)
			if err != nil || !more {
				return false, err
			}
		}
		return true, nil
	})
}

func scanGroup(t *parquet.File, group parquet.RowGroup, columns []string, visit func([]parquet.Value) bool) (bool, error) {
	readers := make([]*columnReader, len(columns))
	for i, name := range columns {
		leaf, ok := t.Schema().Lookup(name)
		if !ok {
			continue
		}
		pages := group.ColumnChunks()[leaf.ColumnIndex].Pages()
		defer pages.Close()
		readers[i] = &columnReader{pages: pages}
	}
	row := make([]parquet.Value, len(columns))
	for range group.NumRows() {
		for i, r := range readers {
			if r == nil {
				row[i] = parquet.Value{}
				continue
			}
			v, err := r.next()
			if err != nil {
				return false, err
			}
			row[i] = v
		}
		if !visit(row) {
			return false, nil
		}
	}
	return true, nil
}

// columnReader reads one column of a row group value by value.
type columnReader struct {
	pages  parquet.Pages
	values parquet.ValueReader
	buffer [512]parquet.Value
	left   []parquet.Value
}

func (r *columnReader) next() (parquet.Value, error) {
	for len(r.left) == 0 {
		if r.values == nil {
			page, err := r.pages.ReadPage()
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				return parquet.Value{}, err
			}
			r.values = page.Values()
		}
		n, err := r.values.ReadValues(r.buffer[:])
		r.left = r.buffer[:n]
		if err == io.EOF {
			r.values = nil
		} else if err != nil {
			return parquet.Value{}, err
		}
	}
	v := r.left[0]
	r.left = r.left[1:]
	return v, nil
}

// number is a value as a double; NaN for null.
func number(v parquet.Value) float64 {
	switch {
	case v.IsNull():
		return math.NaN()
	case v.Kind() == parquet.Double:
		return v.Double()
	case v.Kind() == parquet.Int32:
		return float64(v.Int32())
	}
	return float64(v.Int64())
}

// text is a value as a string; nothing for null.
func text(v parquet.Value) string {
	if v.IsNull() {
		return ""
	}
	return string(v.ByteArray())
}

// has tells whether a table has a column.
func has(columns []string, name string) bool { return slices.Contains(columns, name) }
