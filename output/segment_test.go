package output

import (
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func text(t *testing.T, s Segment) string {
	t.Helper()
	r, err := s.Open()
	require.NoError(t, err)
	data, err := io.ReadAll(r)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	return string(data)
}

func TestSegmentsComeBack(t *testing.T) {
	dir := t.TempDir()
	d, err := Open(dir, []byte("a"), OpenOptions{})
	require.NoError(t, err)
	var group sync.WaitGroup
	for _, first := range []int64{20, 0, 3, 1000, 10} { // 10 … 20 and 1000 are ahead of gaps
		group.Go(func() {
			w, err := d.NewSegment(first)
			assert.NoError(t, err)
			_, err = w.Write(make([]byte, 1<<18+first))
			assert.NoError(t, err)
			s, err := w.Commit(map[int64]int64{0: 3, 3: 10, 10: 12, 20: 21, 1000: 1001}[first], []byte{byte(first)})
			assert.NoError(t, err)
			assert.Equal(t, int64(1<<18)+first, s.Bytes)
		})
	}
	group.Wait()
	before, err := d.Segments()
	require.NoError(t, err)
	require.NoError(t, d.Close())

	d, err = Open(dir, []byte("a"), OpenOptions{Resume: true})
	require.NoError(t, err)
	defer d.Close()
	after, err := d.Segments()
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.Len(t, after, 3)
	for i, want := range []Segment{{First: 0, Last: 3}, {First: 3, Last: 10}, {First: 10, Last: 12}} {
		assert.Equal(t, want.First, after[i].First)
		assert.Equal(t, want.Last, after[i].Last)
		assert.Equal(t, []byte{byte(want.First)}, after[i].Summary)
		assert.Len(t, text(t, after[i]), 1<<18+int(want.First))
	}
	entries, err := os.ReadDir(d.partial(segmentsName))
	require.NoError(t, err)
	assert.Len(t, entries, 6, "what is after a gap is removed")
}

// TestDamagedSegmentsAreDropped: whatever happened to segment 1 of three, the
// run continues after segment 0.
func TestDamagedSegmentsAreDropped(t *testing.T) {
	flip := func(path string, fromEnd int) error {
		data, err := os.ReadFile(path)
		if err == nil {
			data[len(data)-fromEnd] ^= 1
			err = os.WriteFile(path, data, 0o666)
		}
		return err
	}
	swap := func(path string) error { // a folder where the file was
		if err := os.Remove(path); err != nil {
			return err
		}
		return os.MkdirAll(filepath.Join(path, "folder"), 0o777)
	}
	for name, damage := range map[string]func(base string) error{
		"mark missing":   func(base string) error { return os.Remove(base + markSuffix) },
		"mark empty":     func(base string) error { return os.Truncate(base+markSuffix, 0) },
		"mark short":     func(base string) error { return os.Truncate(base+markSuffix, 100) },
		"mark flipped":   func(base string) error { return flip(base+markSuffix, 60) },
		"summary":        func(base string) error { return flip(base+markSuffix, 5) },
		"mark a folder":  func(base string) error { return swap(base + markSuffix) },
		"data missing":   func(base string) error { return os.Remove(base + dataSuffix) },
		"data short":     func(base string) error { return os.Truncate(base+dataSuffix, 10) },
		"data flipped":   func(base string) error { return flip(base+dataSuffix, 5) },
		"data a folder":  func(base string) error { return swap(base + dataSuffix) },
		"data of others": func(base string) error { return os.Rename(base[:len(base)-1]+"2"+dataSuffix, base+dataSuffix) },
		"mark of others": func(base string) error { return os.Rename(base[:len(base)-1]+"2"+markSuffix, base+markSuffix) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			d, err := Open(dir, []byte("a"), OpenOptions{})
			require.NoError(t, err)
			j := &job{id: "a", opened: d}
			for block := range int64(blocks) {
				require.NoError(t, j.compute(block))
			}
			base := d.segmentPath(1)
			require.NoError(t, d.Close())
			require.NoError(t, damage(base))

			d, err = Open(dir, []byte("a"), OpenOptions{Resume: true})
			require.NoError(t, err)
			defer d.Close()
			left, err := d.Segments()
			require.NoError(t, err)
			require.Len(t, left, 1)
			assert.Equal(t, j.segment(0), text(t, left[0]))
			entries, err := os.ReadDir(d.partial(segmentsName))
			require.NoError(t, err)
			assert.Len(t, entries, 2)
			j = &job{id: "a", opened: d}
			require.NoError(t, j.compute(1), "its place is free")
		})
	}
}

func TestSegmentsDoNotOverlap(t *testing.T) {
	d, err := Open(t.TempDir(), []byte("a"), OpenOptions{})
	require.NoError(t, err)
	defer d.Close()
	commit := func(first, last int64) error {
		w, err := d.NewSegment(first)
		if err != nil {
			return err
		}
		_, err = w.Commit(last, nil)
		return err
	}
	require.NoError(t, commit(4, 8))
	for _, bad := range [][2]int64{{-1, 1}, {4, 8}, {5, 6}, {7, 9}, {0, 5}, {0, 9}, {2, 2}, {2, 1}} {
		assert.Error(t, commit(bad[0], bad[1]), "%v", bad)
	}
	require.NoError(t, commit(8, 9))
	require.NoError(t, commit(0, 4))
	segments, err := d.Segments()
	require.NoError(t, err)
	assert.Len(t, segments, 3)

	w, err := d.NewSegment(100)
	require.NoError(t, err)
	_, err = d.NewSegment(100)
	assert.Error(t, err, "one writer at a time")
	_, err = w.Commit(101, nil)
	require.NoError(t, err)
	_, err = w.Commit(102, nil)
	assert.Error(t, err)
	_, err = w.Write([]byte("late"))
	assert.Error(t, err)
	require.NoError(t, w.Abort(), "no effect after Commit")
	assert.FileExists(t, d.segmentPath(100)+markSuffix)
}

// TestAFailedCommitLeavesNothing: also when all that failed was the last step.
func TestAFailedCommitLeavesNothing(t *testing.T) {
	full := false
	k := disk{fault: func(op, path, _ string) error {
		if full && op == "sync" && filepath.Base(path) == segmentsName {
			return errFull
		}
		return nil
	}}
	d, err := open(k, t.TempDir(), []byte("a"), OpenOptions{})
	require.NoError(t, err)
	j := &job{id: "a", opened: d}
	require.NoError(t, j.compute(0))
	full = true
	var e *Error
	err = j.compute(1)
	require.ErrorAs(t, err, &e)
	require.ErrorIs(t, err, errFull)
	assert.NoFileExists(t, d.segmentPath(1)+markSuffix)
	full = false
	require.NoError(t, j.compute(1), "it can be tried again")
	require.NoError(t, d.Close())
}
