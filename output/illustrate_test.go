package output

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAReportLeavesTheRunAsItWas(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "a")
	before := tree(t, dir)
	plant(t, dir, map[string]string{"notes.txt": "mine", "plots/mine.pdf": "mine"})
	require.NoError(t, Illustrate(dir, map[string][]byte{"report.html": []byte("old"), "plots/a.svg": []byte("a"), "plots/b.png": []byte("b")}))
	require.NoError(t, Illustrate(dir, map[string][]byte{"report.html": []byte("new"), "plots/a.svg": []byte("c")}))
	after := tree(t, dir)
	for name, text := range map[string]string{"report.html": "new", "plots/a.svg": "c", "notes.txt": "mine", "plots/mine.pdf": "mine"} {
		assert.Equal(t, text, after[name])
		delete(after, name)
	}
	assert.Equal(t, before, after, "the old plot is gone, and nothing else has changed")
	require.NoError(t, Verify(dir))
	assert.ErrorContains(t, Illustrate(dir, map[string][]byte{"plots/price.svg": []byte("x")}), "the run itself has written")
}

// TestForceRemovesAnOldReport: it would speak of results that are no more.
func TestForceRemovesAnOldReport(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "a")
	before := tree(t, dir)
	require.NoError(t, Illustrate(dir, map[string][]byte{"report.html": []byte("x"), "plots/a.svg": []byte("a")}))
	j := job{id: "a"}
	j.finish(t, dir, OpenOptions{Force: true})
	assert.Equal(t, before, tree(t, dir))
}

func TestReportsStandBesideCompleteRunsOnly(t *testing.T) {
	files := map[string][]byte{"report.html": []byte("x")}
	empty := t.TempDir()
	assert.ErrorIs(t, Illustrate(empty, files), fs.ErrNotExist)
	unfinished := filepath.Join(t.TempDir(), "run")
	interrupted(t, unfinished, "a", OpenOptions{})
	assert.ErrorIs(t, Illustrate(unfinished, files), fs.ErrNotExist)
	dir := t.TempDir()
	complete(t, dir, "a")
	for _, name := range []string{"market.parquet", "manifest.json", "../report.html", "plots/x.html", "plots/a/b.svg"} {
		assert.ErrorContains(t, Illustrate(dir, map[string][]byte{name: nil}), "no file of a report")
	}
	d, err := Open(dir, []byte("b"), OpenOptions{Force: true})
	require.NoError(t, err)
	var busy *BusyError
	require.ErrorAs(t, Illustrate(dir, files), &busy)
	assert.Equal(t, dir, busy.Dir)
	require.NoError(t, d.Close())
	require.NoError(t, Illustrate(dir, files))
}

// TestALinkInThePlaceOfPlotsIsNotFollowed keeps other people's folders as they are.
func TestALinkInThePlaceOfPlotsIsNotFollowed(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	complete(t, dir, "a")
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "plots")))
	require.NoError(t, os.Symlink(elsewhere, filepath.Join(dir, "plots")))
	assert.Error(t, Illustrate(dir, map[string][]byte{"plots/a.svg": nil}))
	assert.Empty(t, tree(t, elsewhere))
}

// TestAReportIsWholeOrNotThere stops the program before each change.
func TestAReportIsWholeOrNotThere(t *testing.T) {
	files := map[string][]byte{"report.html": []byte("a whole page"), "plots/a.svg": []byte("a whole plot")}
	for at := 0; ; at++ {
		dir := t.TempDir()
		complete(t, dir, "a")
		c := &crash{at: at}
		err := illustrate(c.disk(), dir, files)
		after := tree(t, dir)
		for name, text := range files {
			if got, ok := after[name]; ok {
				require.Equal(t, string(text), got, "stopped before change %d", at)
			}
		}
		require.NoError(t, Illustrate(dir, files), "and again")
		assert.Equal(t, "a whole page", tree(t, dir)["report.html"])
		if err == nil {
			break
		}
	}
}
