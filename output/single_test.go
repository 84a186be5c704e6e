package output

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWriteTable writes a file that belongs to no run: the old one stays until the
// new one is whole, and nothing else is left.
func TestWriteTable(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "alone.parquet")
	schema := Schema{{Name: "x", Kind: Float64}}
	fill := func(v float64) func(*Table) error {
		return func(t *Table) error {
			b := t.Batch()
			b.Float(0, v)
			return t.Write(b)
		}
	}
	require.NoError(t, WriteTable(path, schema, nil, fill(1.5)))
	first, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, WriteTable(path, schema, nil, fill(2.5)))
	second, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NotEqual(t, first, second)

	bad := errors.New("bad")
	require.ErrorIs(t, WriteTable(path, schema, nil, func(*Table) error { return bad }), bad)
	for _, op := range []string{"create", "write", "sync", "rename"} {
		broken := disk{fault: func(at, _, _ string) error {
			if at == op {
				return bad
			}
			return nil
		}}
		require.ErrorIs(t, writeWhole(broken, path, first), bad, op)
		left, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, second, left, op)
	}
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, list, 1)
}
