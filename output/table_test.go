package output

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// cell is a value as a test holds it: nil, or a value of the column's type.
type cell any

func put(b *Batch, col int, k Kind, v cell) {
	switch {
	case v == nil:
		b.Null(col)
	case k == Int32:
		b.Int32(col, v.(int32))
	case k == Int64:
		b.Int64(col, v.(int64))
	case k == Float64 || k == Grid:
		b.Float(col, v.(float64))
	case k == Bool:
		b.Bool(col, v.(bool))
	case k == Name:
		b.Name(col, v.(string))
	}
}

// write makes a file of rows, cut into batches of the given size.
func write(t require.TestingT, s Schema, rows [][]cell, size int) []byte {
	var out bytes.Buffer
	table, err := NewTable(&out, s, map[string]string{"seed": "7", "digest": "ab"})
	require.NoError(t, err)
	b := table.Batch()
	for i, row := range rows {
		for col, v := range row {
			put(b, col, s[col].Kind, v)
		}
		if b.Len() == size || i == len(rows)-1 {
			require.NoError(t, table.Write(b))
			b.Reset()
		}
	}
	n, err := table.Close()
	require.NoError(t, err)
	require.Equal(t, int64(len(rows)), n)
	return out.Bytes()
}

func openParquet(t require.TestingT, file []byte) *parquet.File {
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	return f
}

// read returns the rows of a file, through the Parquet library's reader.
func read(t require.TestingT, file []byte) [][]cell {
	f := openParquet(t, file)
	rows := [][]cell{}
	for _, g := range f.RowGroups() {
		r := g.Rows()
		buf := make([]parquet.Row, 100)
		for {
			n, err := r.ReadRows(buf)
			for _, row := range buf[:n] {
				rows = append(rows, cells(row))
			}
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
		}
		require.NoError(t, r.Close())
	}
	return rows
}

func cells(row parquet.Row) []cell {
	var out []cell
	for _, v := range row {
		switch {
		case v.IsNull():
			out = append(out, nil)
		case v.Kind() == parquet.Int32:
			out = append(out, v.Int32())
		case v.Kind() == parquet.Int64:
			out = append(out, v.Int64())
		case v.Kind() == parquet.Double:
			out = append(out, v.Double())
		case v.Kind() == parquet.Boolean:
			out = append(out, v.Boolean())
		default:
			out = append(out, string(v.ByteArray()))
		}
	}
	return out
}

func TestColumnsKeepTheirOrderAndUnits(t *testing.T) {
	f := openParquet(t, write(t, agentsSchema, nil, 1))
	var names []string
	for _, c := range f.Schema().Columns() {
		require.Len(t, c, 1)
		names = append(names, c[0])
	}
	assert.Equal(t, []string{"path", "step", "t", "agent", "inventory", "trade", "cash", "payoff"}, names)
	assert.Equal(t, "walras", f.Metadata().CreatedBy)
	var pairs []string
	for _, kv := range f.Metadata().KeyValueMetadata {
		pairs = append(pairs, kv.Key+"="+kv.Value)
	}
	assert.Equal(t, []string{"digest=ab", "seed=7", "unit.inventory=EUR1000", "unit.t=day", "unit.trade=EUR1000"}, pairs)
	for _, e := range f.Schema().Fields() {
		assert.Equal(t, e.Name() == "trade", e.Optional(), e.Name())
	}
}

// TestEveryTableReadsBack: whatever the columns, the nulls and the batches.
func TestEveryTableReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, rows := drawTable(t)
		file := write(t, s, rows, rapid.IntRange(1, 50).Draw(t, "batch"))
		require.Equal(t, rows, read(t, file))
		require.Equal(t, file, write(t, s, rows, rapid.IntRange(1, 50).Draw(t, "other batch")))
	})
}

func drawTable(t *rapid.T) (Schema, [][]cell) {
	var s Schema
	for i := range rapid.IntRange(1, 6).Draw(t, "columns") {
		s = append(s, Column{
			Name:     fmt.Sprintf("c%d %s", 9-i, rapid.SampledFrom([]string{"", "agents.t1.cost", "ü", "a,b"}).Draw(t, "name")),
			Kind:     Kind(rapid.IntRange(int(Int32), int(Grid)).Draw(t, "kind")),
			Nullable: rapid.Bool().Draw(t, "nullable"),
		})
	}
	rows := make([][]cell, rapid.IntRange(0, 120).Draw(t, "rows"))
	for i := range rows {
		for _, c := range s {
			rows[i] = append(rows[i], drawCell(t, c))
		}
	}
	return s, rows
}

func drawCell(t *rapid.T, c Column) cell {
	if c.Nullable && rapid.Bool().Draw(t, "null") {
		return nil
	}
	switch c.Kind {
	case Int32:
		return rapid.Int32().Draw(t, "int32")
	case Int64:
		return rapid.Int64().Draw(t, "int64")
	case Bool:
		return rapid.Bool().Draw(t, "bool")
	case Name:
		return rapid.SampledFrom([]string{"", "t1", "maker", "Σ & <b>", "t10"}).Draw(t, "text")
	}
	return rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64).Draw(t, "float64")
}

// manyRows has every kind with and without nulls, over several row groups and
// pages, and ends in the middle of one.
func manyRows() (Schema, [][]cell) {
	var s Schema
	for k := Int32; k <= Grid; k++ {
		s = append(s, Column{Name: k.String(), Kind: k}, Column{Name: k.String() + "?", Kind: k, Nullable: true})
	}
	source := rand.New(rand.NewPCG(3, 4))
	rows := make([][]cell, 2*groupRows+pageRows+77)
	for i := range rows {
		row := make([]cell, 0, len(s))
		for _, v := range []cell{
			int32(i % 81), int64(i / 405), source.NormFloat64(), source.IntN(2) == 0,
			traders[source.IntN(len(traders))], 0.25 * float64(i/5%81),
		} {
			row = append(row, v, v)
			if source.IntN(3) == 0 {
				row[len(row)-1] = nil
			}
		}
		rows[i] = row
	}
	return s, rows
}

func TestBytesDoNotDependOnBatches(t *testing.T) {
	s, rows := manyRows()
	file := write(t, s, rows, 405)
	for _, size := range []int{1013, pageRows, groupRows + 1, len(rows)} {
		require.True(t, bytes.Equal(file, write(t, s, rows, size)), "batches of %d rows", size)
	}
	f := openParquet(t, file)
	var groups []int64
	for _, g := range f.RowGroups() {
		groups = append(groups, g.NumRows())
	}
	assert.Equal(t, []int64{groupRows, groupRows, pageRows + 77}, groups)
	assert.True(t, groupRows >= 125_000 && groupRows <= 250_000)
	got := read(t, file)
	require.Len(t, got, len(rows))
	for i, row := range rows {
		if !slices.Equal(row, got[i]) { // a hundred times as fast as to look at all by reflection
			require.Equal(t, row, got[i], "row %d", i)
		}
	}
}

func TestBulkAppendsEqualSingleOnes(t *testing.T) {
	s := Schema{{Name: "i", Kind: Int32}, {Name: "l", Kind: Int64}, {Name: "f", Kind: Float64}, {Name: "n", Kind: Name},
		{Name: "o", Kind: Float64, Nullable: true}, {Name: "g", Kind: Grid}, {Name: "m", Kind: Name}}
	var out bytes.Buffer
	table, err := NewTable(&out, s, nil)
	require.NoError(t, err)
	b := table.Batch()
	b.RepeatInt32(0, 5, 3)
	b.RepeatInt64(1, 6, 3)
	b.Floats(2, []float64{1, 2, 3})
	b.RepeatName(3, "x", 3)
	b.FloatOrNull(4, 1, true)
	b.RepeatNull(4, 1)
	b.FloatOrNull(4, 1, false)
	b.RepeatFloat(5, 0.5, 3)
	b.Names(6, []string{"p", "q", "r"})
	require.NoError(t, table.Write(b))
	_, err = table.Close()
	require.NoError(t, err)
	assert.Equal(t, [][]cell{
		{int32(5), int64(6), 1.0, "x", 1.0, 0.5, "p"},
		{int32(5), int64(6), 2.0, "x", nil, 0.5, "q"},
		{int32(5), int64(6), 3.0, "x", nil, 0.5, "r"},
	}, read(t, out.Bytes()))
}
