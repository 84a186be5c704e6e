package output

import (
	"errors"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
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

// ordered is a group of columns in the order of the table. A parquet.Group on
// its own sorts them by name.
type ordered struct {
	parquet.Group
	fields []parquet.Field
}

// Fields returns the columns in order.
func (o ordered) Fields() []parquet.Field { return o.fields }

// parquet is the schema as the library takes it: a root, and the columns in
// order.
func (s Schema) parquet() *parquet.Schema {
	group, place := parquet.Group{}, map[string]int{}
	for i, c := range s {
		group[c.Name], place[c.Name] = c.node(), i
	}
	fields := group.Fields()
	slices.SortFunc(fields, func(a, b parquet.Field) int { return place[a.Name()] - place[b.Name()] })
	return parquet.NewSchema("table", ordered{group, fields})
}

// node says how the column is stored.
func (c Column) node() parquet.Node {
	n := c.Kind.node()
	if c.Nullable {
		n = parquet.Optional(n)
	}
	return n
}

// node is the type and the encoding of the values. Chosen on rows of simulated
// paths: identifiers cost next to nothing as packed differences, what has few
// distinct values as a dictionary, and random doubles stay plain.
// BYTE_STREAM_SPLIT would save a tenth of the file, but takes twice the time,
// and the vectorised reader of Spark refuses it.
func (k Kind) node() parquet.Node {
	switch k {
	case Int32:
		return parquet.Encoded(parquet.Leaf(parquet.Int32Type), &parquet.DeltaBinaryPacked)
	case Int64:
		return parquet.Encoded(parquet.Leaf(parquet.Int64Type), &parquet.DeltaBinaryPacked)
	case Bool:
		return parquet.Encoded(parquet.Leaf(parquet.BooleanType), &parquet.Plain)
	case Name:
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	case Grid:
		return parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.RLEDictionary)
	}
	return parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.Plain)
}
