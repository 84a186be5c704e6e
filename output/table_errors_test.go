package output

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBadRowsAreRefusedWithTheirPlace(t *testing.T) {
	s := Schema{{Name: "path", Kind: Int64}, {Name: "price", Kind: Float64, Nullable: true}, {Name: "agent", Kind: Name}}
	good := func(b *Batch) { b.Int64(0, 1); b.Float(1, 2); b.Name(2, "t1") }
	cases := map[string]struct {
		spoil  func(*Batch)
		column string
		row    int64
		text   string
	}{
		"NaN":       {func(b *Batch) { b.Int64(0, 1); b.Float(1, math.NaN()); b.Name(2, "a") }, "price", 3, "finite"},
		"Inf":       {func(b *Batch) { good(b); b.Int64(0, 1); b.Float(1, math.Inf(-1)); b.Name(2, "a") }, "price", 4, "finite"},
		"null":      {func(b *Batch) { b.Null(0); b.Float(1, 2); b.Name(2, "a") }, "path", 3, "null"},
		"kind":      {func(b *Batch) { b.Int64(0, 1); b.Int64(1, 1); b.Name(2, "a") }, "price", 3, "kind"},
		"too many":  {func(b *Batch) { good(b); b.Int64(0, 1) }, "price", 4, "unequal"},
		"extra":     {func(b *Batch) { good(b); b.Bool(0, true) }, "path", 4, "kind"},
		"not UTF-8": {func(b *Batch) { good(b); b.Int64(0, 1); b.Null(1); b.Name(2, "\xff") }, "agent", 4, "UTF-8"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			table, err := NewTable(&out, s, nil)
			require.NoError(t, err)
			b := table.Batch()
			good(b)
			good(b)
			require.NoError(t, table.Write(b))
			b.Reset()
			good(b)
			c.spoil(b)
			var bad *RowError
			require.ErrorAs(t, table.Write(b), &bad)
			assert.Equal(t, c.column, bad.Column)
			assert.Equal(t, c.row, bad.Row)
			assert.Contains(t, bad.Error(), c.text)
			b.Reset()
			good(b)
			require.NoError(t, table.Write(b), "the table goes on")
			n, err := table.Close()
			require.NoError(t, err)
			assert.Equal(t, int64(3), n)
			assert.Len(t, read(t, out.Bytes()), 3)
		})
	}
}

func TestExtremeNumbersAreFinite(t *testing.T) {
	assert.True(t, allFinite([]float64{0, math.Copysign(0, -1), math.MaxFloat64, -math.MaxFloat64, 5e-324}))
	for _, v := range []float64{math.NaN(), -math.NaN(), math.Inf(1), math.Inf(-1)} {
		assert.False(t, allFinite([]float64{1, v, 2}), "%v", v)
		assert.True(t, isInfOrNaN(v))
	}
}

func TestImpossibleSchemasAreRefused(t *testing.T) {
	for name, s := range map[string]Schema{
		"empty":   {},
		"unnamed": {{Kind: Int32}},
		"control": {{Name: "a\n", Kind: Int32}},
		"twice":   {{Name: "a", Kind: Int32}, {Name: "a", Kind: Int64}},
		"kind":    {{Name: "a"}},
	} {
		_, err := NewTable(io.Discard, s, nil)
		assert.Error(t, err, name)
	}
	_, err := NewTable(io.Discard, Schema{{Name: "t", Kind: Grid, Unit: "day"}}, map[string]string{"unit.t": "year"})
	assert.ErrorContains(t, err, "unit.t")
}

var errFull = errors.New("no space left")

// fullWriter fails after a number of bytes.
type fullWriter struct{ room int }

func (w *fullWriter) Write(p []byte) (int, error) {
	if len(p) > w.room {
		n := w.room
		w.room = 0
		return n, errFull
	}
	w.room -= len(p)
	return len(p), nil
}

func TestFailureOfTheWriterIsNeverLost(t *testing.T) {
	var size countWriter
	require.NoError(t, fill(&size, 3*groupRows))
	for _, room := range []int{0, 3, 1000, int(size.n) / 2, int(size.n) - 1} {
		assert.ErrorIs(t, fill(&fullWriter{room}, 3*groupRows), errFull, "%d bytes", room)
	}
	assert.NoError(t, fill(&fullWriter{int(size.n)}, 3*groupRows))
}

// fill writes n rows of random numbers and returns the first error.
func fill(w io.Writer, n int) error {
	table, err := NewTable(w, Schema{{Name: "x", Kind: Float64}, {Name: "path", Kind: Int64}}, nil)
	if err != nil {
		return err
	}
	source := rand.New(rand.NewPCG(5, 6))
	b := table.Batch()
	for i := range n {
		b.Float(0, source.Float64())
		b.Int64(1, int64(i))
		if b.Len() == 4096 {
			if err := table.Write(b); err != nil {
				_, again := table.Close()
				return errors.Join(err, again)
			}
			b.Reset()
		}
	}
	_, err = table.Close()
	return err
}

func TestTablesRefuseMisuse(t *testing.T) {
	s := Schema{{Name: "x", Kind: Int32}}
	one, err := NewTable(io.Discard, s, nil)
	require.NoError(t, err)
	two, err := NewTable(io.Discard, s, nil)
	require.NoError(t, err)
	assert.ErrorContains(t, one.Write(two.Batch()), "another table")
	_, err = one.Close()
	require.NoError(t, err)
	assert.ErrorContains(t, one.Write(one.Batch()), "closed")
}

// TestMemoryIsThatOfARowGroup: ten times the rows need no more memory.
func TestMemoryIsThatOfARowGroup(t *testing.T) {
	live := func(groups int) uint64 {
		var most uint64
		var stats runtime.MemStats
		table, err := NewTable(io.Discard, Schema{{Name: "x", Kind: Float64}}, nil)
		require.NoError(t, err)
		source := rand.New(rand.NewPCG(7, 8))
		b := table.Batch()
		for range groups * groupRows / pageRows {
			b.Reset()
			for range pageRows {
				b.Float(0, source.Float64())
			}
			require.NoError(t, table.Write(b))
			runtime.GC()
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapAlloc)
		}
		_, err = table.Close()
		require.NoError(t, err)
		return most
	}
	few, many := live(2), live(20)
	assert.Less(t, float64(many), float64(few)+float64(8*groupRows), "%d and %d bytes", few, many)
}
