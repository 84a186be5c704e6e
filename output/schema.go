package output

import (
	"errors"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Kind is the type of a column's values.
type Kind int

// The kinds of columns.
const (
	Int32   Kind = iota + 1
	Int64        // identifiers
	Float64      // any finite number
	Bool
	Name // UTF-8 text with few distinct values
	Grid // a Float64 with few distinct values, such as model time on a grid
)

// String returns the kind as it appears in messages.
func (k Kind) String() string {
	switch k {
	case Int32:
		return "int32"
	case Int64:
		return "int64"
	case Float64:
		return "float64"
	case Bool:
		return "bool"
	case Name:
		return "name"
	case Grid:
		return "grid"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// Column describes one column of a table.
type Column struct {
	Name     string
	Kind     Kind
	Nullable bool   // null is allowed; NaN never is
	Unit     string // kept in the file as unit.<Name>; empty for none
}

// Schema lists the columns in the order of the file.
type Schema []Column

// check refuses schemas that no file could hold.
func (s Schema) check() error {
	if len(s) == 0 {
		return errors.New("output: schema without columns")
	}
	seen := make(map[string]bool, len(s))
	for _, c := range s {
		switch {
		case !printable(c.Name):
			return fmt.Errorf("output: column name %q is empty or not printable", c.Name)
		case seen[c.Name]:
			return fmt.Errorf("output: column %q appears twice", c.Name)
		case c.Kind < Int32 || c.Kind > Grid:
			return fmt.Errorf("output: column %q has unknown kind %d", c.Name, c.Kind)
		}
		seen[c.Name] = true
	}
	return nil
}

func printable(name string) bool {
	if name == "" || !utf8.ValidString(name) {
		return false
	}
	for _, r := range name {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// encoding says how the column's values are stored. Chosen on rows of simulated
// paths: identifiers cost next to nothing as packed differences, what has few
// distinct values as a dictionary, and random doubles stay plain.
// BYTE_STREAM_SPLIT would save a tenth of the file, but takes twice the time,
// and the vectorised reader of Spark refuses it.
func (k Kind) encoding() format.Encoding {
	switch k {
	case Int32, Int64:
		return format.DeltaBinaryPacked
	case Name, Grid:
		return format.RLEDictionary
	}
	return format.Plain
}

// physical is the type of the stored values.
func (k Kind) physical() format.Type {
	switch k {
	case Int32:
		return format.Int32
	case Int64:
		return format.Int64
	case Bool:
		return format.Boolean
	case Name:
		return format.ByteArray
	}
	return format.Double
}

// elements is the schema as the footer of the file has it: a root, and the
// columns in order.
func (s Schema) elements() []format.SchemaElement {
	root := format.SchemaElement{Name: "table", NumChildren: thrift.New(int32(len(s)))}
	all := []format.SchemaElement{root}
	for _, c := range s {
		e := format.SchemaElement{
			Name:           c.Name,
			Type:           thrift.New(c.Kind.physical()),
			RepetitionType: thrift.New(format.Required),
		}
		if c.Nullable {
			e.RepetitionType = thrift.New(format.Optional)
		}
		if c.Kind == Name {
			e.ConvertedType = thrift.New(deprecated.UTF8)
			e.LogicalType.Value = &format.StringType{}
		}
		all = append(all, e)
	}
	return all
}
