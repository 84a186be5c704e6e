package output

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestForceKeepsForeignFiles(t *testing.T) {
	dir := t.TempDir()
	oldRun(t, dir)
	(&job{id: "a"}).finish(t, dir, OpenOptions{Force: true})
	now := tree(t, dir)
	for name, text := range foreign {
		assert.Equal(t, text, now[name], name)
	}
	for _, gone := range []string{"events.parquet", "agents.parquet/part-00001.parquet", "checks.parquet/", "report.html", "plots/old.png", ".partial/"} {
		assert.NotContains(t, now, gone)
	}
	assert.NoError(t, Verify(dir))
}

// TestForceLosesNothing: until the new run is published, the old one stands.
func TestForceLosesNothing(t *testing.T) {
	dir := t.TempDir()
	oldRun(t, dir)
	before := tree(t, dir)
	d, err := Open(dir, []byte("a"), OpenOptions{Force: true})
	require.NoError(t, err)
	require.NoError(t, (&job{id: "a", opened: d}).compute(0))
	require.NoError(t, Verify(dir))
	require.NoError(t, d.Close())
	require.NoError(t, Verify(dir))
	d, err = Open(dir, []byte("b"), OpenOptions{Force: true})
	require.NoError(t, err)
	require.NoError(t, d.Close())
	assert.Equal(t, before, tree(t, dir))
}

// halfPublished leaves a run over an old one, killed while its results were
// being moved into place.
func halfPublished(t *testing.T, dir, id, at string) {
	t.Helper()
	oldRun(t, dir)
	c := &crash{at: 1 << 30}
	k := c.disk()
	k.fault = func(op, path, from string) error {
		if op == "rename" && filepath.Base(path) == at {
			c.dead = true
		}
		return c.fault(op, path, from)
	}
	j := &job{id: id}
	require.ErrorIs(t, j.run(k, dir, OpenOptions{Force: true}), errKilled)
	j.opened.lock.release()
	_, err := ReadManifest(dir)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// TestForceFinishesWhatWasBeingPublished: complete results are not thrown away
// because a run over them is started in the middle of their publication.
func TestForceFinishesWhatWasBeingPublished(t *testing.T) {
	dir := t.TempDir()
	halfPublished(t, dir, "a", "price.svg")
	d, err := Open(dir, []byte("b"), OpenOptions{Force: true})
	require.NoError(t, err)
	require.NoError(t, Verify(dir))
	m, err := ReadManifest(dir)
	require.NoError(t, err)
	assert.Equal(t, checksum([]byte("a")), m.Identity)
	require.NoError(t, d.Close())
}

// TestAFailedPublicationIsFinishedByResume: after an error half way nothing is
// computed again, even by a run without segments.
func TestAFailedPublicationIsFinishedByResume(t *testing.T) {
	dir := t.TempDir()
	full := false
	k := disk{fault: func(op, path, _ string) error {
		if full && op == "rename" && filepath.Base(path) == "market.parquet" {
			return errFull
		}
		return nil
	}}
	d, err := open(k, dir, []byte("a"), OpenOptions{})
	require.NoError(t, err)
	j := &job{id: "a", opened: d}
	for _, name := range j.names() {
		require.NoError(t, j.assemble(name))
	}
	full = true
	require.ErrorIs(t, d.Publish(Manifest{}), errFull)
	assert.ErrorContains(t, d.Publish(Manifest{}), "being published")
	require.NoError(t, d.Close())

	d, err = Open(dir, []byte("a"), OpenOptions{Resume: true})
	require.NoError(t, err)
	assert.True(t, d.Complete())
	require.NoError(t, d.Close())
	assert.NoError(t, Verify(dir))
	assert.NoDirExists(t, filepath.Join(dir, partialName))
}

// TestForceDropsWhatCannotBePublished: results that are lost are no promise to
// the run that takes the place over.
func TestForceDropsWhatCannotBePublished(t *testing.T) {
	dir := t.TempDir()
	halfPublished(t, dir, "a", "market.parquet")
	lost := filepath.Join(dir, partialName, resultsName, "market.parquet")
	info, err := os.Stat(lost)
	require.NoError(t, err)
	require.NoError(t, os.Remove(lost))
	// The old file of this name must not pass for the new one by its size.
	require.NoError(t, os.Truncate(filepath.Join(dir, "market.parquet"), info.Size()))
	_, err = Open(dir, []byte("a"), OpenOptions{Resume: true})
	var e *Error
	require.ErrorAs(t, err, &e)
	assert.Contains(t, e.Path, "market.parquet")
	assert.NoFileExists(t, filepath.Join(dir, manifestName))

	interrupted(t, dir, "b", OpenOptions{Force: true})
	j := &job{id: "b"}
	j.finish(t, dir, OpenOptions{Resume: true})
	assert.Equal(t, blocks-1, j.made)
	require.NoError(t, Verify(dir))
	m, err := ReadManifest(dir)
	require.NoError(t, err)
	assert.Equal(t, checksum([]byte("b")), m.Identity)
}

// TestForceRemovesALinkButNotItsTarget: a table's name may have been given to a
// link to a folder elsewhere.
func TestForceRemovesALinkButNotItsTarget(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	oldRun(t, dir)
	plant(t, elsewhere, map[string]string{"part-00000.parquet": "mine"})
	require.NoError(t, os.Symlink(elsewhere, filepath.Join(dir, "outcomes.parquet")))
	(&job{id: "a"}).finish(t, dir, OpenOptions{Force: true})
	assert.NotContains(t, tree(t, dir), "outcomes.parquet@")
	assert.Equal(t, map[string]string{"part-00000.parquet": "mine"}, tree(t, elsewhere))
}

func TestAFolderInTheWayIsSeenBeforeAnythingMoves(t *testing.T) {
	for name, spoil := range map[string]func(dir string) error{
		"somebody's folder": func(dir string) error { return os.MkdirAll(filepath.Join(dir, "market.parquet", "notes"), 0o777) },
		"a linked folder":   func(dir string) error { return os.Symlink(os.TempDir(), filepath.Join(dir, "plots")) },
	} {
		dir := t.TempDir()
		d, err := Open(dir, []byte("old"), OpenOptions{})
		require.NoError(t, err)
		require.NoError(t, d.Publish(Manifest{}))
		require.NoError(t, d.Close())
		require.NoError(t, spoil(dir))
		j := &job{id: "a"}
		var e *Error
		require.ErrorAs(t, j.run(disk{}, dir, OpenOptions{Force: true}), &e, name)
		assert.Equal(t, "publish", e.Op)
		require.NoError(t, j.opened.Close())
		assert.NoError(t, Verify(dir), "the old run stands")
	}
}
