package output

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBoundsAreThoseOfTheRows: readers skip row groups and pages by them, so a
// wrong one loses rows without a word.
func TestBoundsAreThoseOfTheRows(t *testing.T) {
	s, rows := manyRows()
	f := openParquet(t, write(t, s, rows, 5000))
	require.Len(t, f.Metadata().ColumnOrders, len(s))
	for g, group := range f.Metadata().RowGroups {
		part := rows[g*groupRows : min(len(rows), (g+1)*groupRows)]
		require.Equal(t, int64(len(part)), group.NumRows)
		for i, chunk := range group.Columns {
			m := chunk.MetaData
			assert.Equal(t, int64(len(part)), m.NumValues)
			lo, hi, nulls := extremes(part, i)
			assert.Equal(t, nulls, m.Statistics.NullCount, s[i].Name)
			assert.Equal(t, lo, decode(s[i].Kind, m.Statistics.MinValue), s[i].Name)
			assert.Equal(t, hi, decode(s[i].Kind, m.Statistics.MaxValue), s[i].Name)
		}
	}
}

// TestBoundsOfPagesAreThoseOfTheirRows also fixes where pages end.
func TestBoundsOfPagesAreThoseOfTheirRows(t *testing.T) {
	s, rows := manyRows()
	for i := range 2 * pageRows { // pages without a value
		for col := 1; col < len(s); col += 2 {
			rows[i][col] = nil
		}
	}
	f := openParquet(t, write(t, s, rows, 5000))
	for g, group := range f.Metadata().RowGroups {
		for i, c := range s {
			pages, index := f.OffsetIndexes()[g*len(s)+i].PageLocations, f.ColumnIndexes()[g*len(s)+i]
			require.Len(t, index.MinValues, len(pages))
			for p, page := range pages {
				end := group.NumRows
				if p+1 < len(pages) {
					end = pages[p+1].FirstRowIndex
				}
				if c.Kind == Float64 {
					assert.Equal(t, min(group.NumRows, page.FirstRowIndex+pageRows), end)
				}
				lo, hi, nulls := extremes(rows[g*groupRows:][page.FirstRowIndex:end], i)
				assert.Equal(t, lo == nil, index.NullPages[p])
				assert.Equal(t, nulls, index.NullCounts[p])
				if lo != nil {
					assert.Equal(t, lo, decode(c.Kind, index.MinValues[p]), c.Name)
					assert.Equal(t, hi, decode(c.Kind, index.MaxValues[p]), c.Name)
				}
			}
		}
	}
}

func extremes(rows [][]cell, col int) (lo, hi cell, nulls int64) {
	for _, row := range rows {
		v := row[col]
		switch {
		case v == nil:
			nulls++
			continue
		case lo == nil:
			lo, hi = v, v
		}
		if less(v, lo) {
			lo = v
		}
		if less(hi, v) {
			hi = v
		}
	}
	return lo, hi, nulls
}

func less(a, b cell) bool {
	switch a := a.(type) {
	case int32:
		return a < b.(int32)
	case int64:
		return a < b.(int64)
	case float64:
		return a < b.(float64)
	case string:
		return a < b.(string)
	case bool:
		return !a && b.(bool)
	}
	return false
}

func decode(k Kind, p []byte) cell {
	switch k {
	case Int32:
		return int32(binary.LittleEndian.Uint32(p))
	case Int64:
		return int64(binary.LittleEndian.Uint64(p))
	case Name:
		return string(p)
	case Bool:
		return p[0] != 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(p))
}

// table opens a file of one column.
func table(t *testing.T, c Column, values ...cell) *parquet.File {
	var rows [][]cell
	for _, v := range values {
		rows = append(rows, []cell{v})
	}
	return openParquet(t, write(t, Schema{c}, rows, 10))
}

func statistics(t *testing.T, c Column, values ...cell) format.Statistics {
	return table(t, c, values...).Metadata().RowGroups[0].Columns[0].MetaData.Statistics
}

func TestBoundsAtTheEdges(t *testing.T) {
	for _, k := range []Kind{Float64, Grid} {
		s := statistics(t, Column{Name: "x", Kind: k, Nullable: true}, 0.0, nil, math.Copysign(0, -1))
		assert.Zero(t, decode(k, s.MinValue), "of either sign: readers take them as equal")
		assert.Zero(t, decode(k, s.MaxValue))
		s = statistics(t, Column{Name: "x", Kind: k, Nullable: true}, 5.0, nil, 7.0)
		assert.Equal(t, 5.0, decode(k, s.MinValue), "a null is not a zero")
	}
	for k := Int32; k <= Grid; k++ {
		s := statistics(t, Column{Name: "x", Kind: k, Nullable: true}, nil, nil)
		assert.Nil(t, s.MinValue)
		assert.Nil(t, s.MaxValue)
		assert.Equal(t, int64(2), s.NullCount)
	}
	s := statistics(t, Column{Name: "x", Kind: Name}, "b", "", "a")
	assert.Equal(t, "", string(s.MinValue))
	assert.Equal(t, "b", string(s.MaxValue))
	ints := statistics(t, Column{Name: "x", Kind: Int64}, int64(math.MinInt64), int64(math.MaxInt64))
	assert.Equal(t, -1, cmp.Compare(decode(Int64, ints.MinValue).(int64), decode(Int64, ints.MaxValue).(int64)))
}

// TestLongNamesBoundAsAWhole: a name that is cut may not be UTF-8.
func TestLongNamesBoundAsAWhole(t *testing.T) {
	long := strings.Repeat("ü", 40)
	f := table(t, Column{Name: "x", Kind: Name}, "z", "a"+long, "zz"+long)
	for _, pair := range [][2][]byte{
		{f.ColumnIndexes()[0].MinValues[0], f.ColumnIndexes()[0].MaxValues[0]},
		{f.Metadata().RowGroups[0].Columns[0].MetaData.Statistics.MinValue, f.Metadata().RowGroups[0].Columns[0].MetaData.Statistics.MaxValue},
	} {
		assert.Equal(t, "a"+long, string(pair[0]))
		assert.Equal(t, "zz"+long, string(pair[1]))
	}
}

// TestZerosKeepTheirSigns: in dictionaries, too.
func TestZerosKeepTheirSigns(t *testing.T) {
	for _, k := range []Kind{Float64, Grid} {
		rows := [][]cell{{0.0}, {math.Copysign(0, -1)}, {0.0}}
		got := read(t, write(t, Schema{{Name: "x", Kind: k}}, rows, 10))
		for i, row := range rows {
			assert.Equal(t, math.Signbit(row[0].(float64)), math.Signbit(got[i][0].(float64)), "%s %d", k, i)
		}
	}
}

// TestNamesThatShareMemory: names are passed on without a copy, and checked once
// for each place in memory, which must not confuse a name with its beginning, or
// with what was there before.
func TestNamesThatShareMemory(t *testing.T) {
	all := strings.Repeat("abcdefgh", 40)
	var rows [][]cell
	for i := range 300 {
		rows = append(rows, []cell{all[i : i+i%20]}, []cell{all[i:i]}, []cell{all[i : i+1]})
	}
	file := write(t, Schema{{Name: "n", Kind: Name}}, rows, 7)
	require.Equal(t, rows, read(t, file))
	for i := range rows { // the same text elsewhere in memory
		rows[i] = []cell{strings.Clone(rows[i][0].(string))}
	}
	assert.True(t, bytes.Equal(file, write(t, Schema{{Name: "n", Kind: Name}}, rows, 7)))
}

// TestARowGroupHasItsOwnDictionary: values of earlier groups are not in it.
func TestARowGroupHasItsOwnDictionary(t *testing.T) {
	s := Schema{{Name: "n", Kind: Name}, {Name: "g", Kind: Grid}}
	rows := make([][]cell, groupRows+2)
	for i := range rows {
		rows[i] = []cell{"early", 1.0}
		if i >= groupRows {
			rows[i] = []cell{"late", 2.0}
		}
	}
	f := openParquet(t, write(t, s, rows, 1000))
	columns := f.Metadata().RowGroups[1].Columns
	assert.Equal(t, "late", string(columns[0].MetaData.Statistics.MinValue))
	assert.Equal(t, 2.0, decode(Grid, columns[1].MetaData.Statistics.MinValue))
}
