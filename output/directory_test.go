package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// interrupted leaves an unfinished run with one committed segment.
func interrupted(t *testing.T, dir, id string, o OpenOptions) {
	t.Helper()
	d, err := Open(dir, []byte(id), o)
	require.NoError(t, err)
	j := &job{id: id, opened: d}
	require.NoError(t, j.compute(0))
	require.NoError(t, d.Close())
}

func complete(t *testing.T, dir, id string) {
	t.Helper()
	(&job{id: id}).finish(t, dir, OpenOptions{})
}

// TestWhatOpenDoes goes through the states a directory can be in and the flags.
func TestWhatOpenDoes(t *testing.T) {
	states := map[string]func(t *testing.T, dir string){
		"missing":     func(t *testing.T, dir string) { require.NoError(t, os.Remove(dir)) },
		"empty":       func(*testing.T, string) {},
		"leftover":    func(t *testing.T, dir string) { plant(t, dir, map[string]string{".partial/lock": ""}) },
		"mine":        func(t *testing.T, dir string) { complete(t, dir, "a") },
		"other":       func(t *testing.T, dir string) { complete(t, dir, "b") },
		"begun":       func(t *testing.T, dir string) { interrupted(t, dir, "a", OpenOptions{}) },
		"other begun": func(t *testing.T, dir string) { interrupted(t, dir, "b", OpenOptions{}) },
		"mine, again": func(t *testing.T, dir string) {
			complete(t, dir, "a")
			interrupted(t, dir, "a", OpenOptions{Force: true})
		},
		"mine, other": func(t *testing.T, dir string) {
			complete(t, dir, "a")
			interrupted(t, dir, "b", OpenOptions{Force: true})
		},
		"foreign":      func(t *testing.T, dir string) { plant(t, dir, map[string]string{"market.parquet": "mine"}) },
		"foreign part": func(t *testing.T, dir string) { plant(t, dir, map[string]string{".partial/notes": "mine"}) },
	}
	type outcome struct {
		err      string // "", exists, unfinished, other, foreign
		segments int
		complete bool
	}
	fresh, existing, unfinished := outcome{}, outcome{err: "exists"}, outcome{err: "unfinished"}
	other, foreignDir, continued, whole := outcome{err: "other"}, outcome{err: "foreign"}, outcome{segments: 1}, outcome{complete: true}
	want := map[string][4]outcome{ // no flag, resume, force, both
		"missing":      {fresh, fresh, fresh, fresh},
		"empty":        {fresh, fresh, fresh, fresh},
		"leftover":     {fresh, fresh, fresh, fresh},
		"mine":         {existing, whole, fresh, whole},
		"other":        {existing, other, fresh, fresh},
		"begun":        {unfinished, continued, fresh, continued},
		"other begun":  {unfinished, other, fresh, fresh},
		"mine, again":  {existing, continued, fresh, continued},
		"mine, other":  {existing, other, fresh, fresh},
		"foreign":      {foreignDir, foreignDir, foreignDir, foreignDir},
		"foreign part": {foreignDir, foreignDir, foreignDir, foreignDir},
	}
	require.Len(t, want, len(states))
	for name, make := range states {
		for i, o := range []OpenOptions{{}, {Resume: true}, {Force: true}, {Resume: true, Force: true}} {
			dir := t.TempDir()
			make(t, dir)
			before := map[string]string{}
			if exists(dir) {
				before = tree(t, dir)
			}
			d, err := Open(dir, []byte("a"), o)
			got := outcome{err: kindOf(err)}
			if err == nil {
				segments, err := d.Segments()
				require.NoError(t, err)
				got.segments, got.complete = len(segments), d.Complete()
				assert.Equal(t, before[manifestName], tree(t, dir)[manifestName], "%s: old results stay", name)
				require.NoError(t, d.Close())
			} else {
				assert.Contains(t, err.Error(), dir)
				assert.Equal(t, before, tree(t, dir), "%s %+v: a refusal changes nothing", name, o)
			}
			assert.Equal(t, want[name][i], got, "%s %+v: %v", name, o, err)
		}
	}
}

func kindOf(err error) string {
	var exists *ExistsError
	var other *OtherRunError
	var foreign *ForeignError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &exists) && exists.Unfinished:
		return "unfinished"
	case errors.As(err, &exists):
		return "exists"
	case errors.As(err, &other):
		return "other"
	case errors.As(err, &foreign):
		return "foreign"
	}
	return err.Error()
}

func TestNothingIsLeftOfARunThatFailedAtOnce(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "runs", "new")
	d, err := Open(dir, []byte("a"), OpenOptions{})
	require.NoError(t, err)
	f, err := d.Create("market.parquet")
	require.NoError(t, err)
	_, err = f.Write([]byte("half"))
	require.NoError(t, err)
	w, err := d.NewSegment(0)
	require.NoError(t, err)
	require.NoError(t, w.Abort())
	require.NoError(t, w.Abort(), "twice does no harm")
	require.NoError(t, d.Close())
	require.NoError(t, d.Close(), "twice does no harm")
	assert.Empty(t, tree(t, top))

	require.NoError(t, os.MkdirAll(dir, 0o777))
	d, err = Open(dir, []byte("a"), OpenOptions{})
	require.NoError(t, err)
	require.NoError(t, d.Close())
	assert.Equal(t, map[string]string{"runs/": "", "runs/new/": ""}, tree(t, top), "what was there stays")
}

func TestDirectoriesThatCannotBe(t *testing.T) {
	top := t.TempDir()
	plant(t, top, map[string]string{"file": "text"})
	for _, dir := range []string{"file", "file/runs/new"} {
		_, err := Open(filepath.Join(top, dir), []byte("a"), OpenOptions{Force: true})
		var e *Error
		require.ErrorAs(t, err, &e, dir)
		assert.ErrorIs(t, err, syscall.ENOTDIR)
		assert.Contains(t, e.Path, filepath.Join(top, "file"))
	}
	assert.Equal(t, map[string]string{"file": "text"}, tree(t, top))
	_, err := Open(filepath.Join(top, "a\x00b"), []byte("a"), OpenOptions{})
	var e *Error
	require.ErrorAs(t, err, &e)
	assert.PanicsWithValue(t, "output: Open without identity", func() { _, _ = Open(top, nil, OpenOptions{}) })
}

// TestLinksAreNotFollowed: what a link in the directory points to is neither
// written nor removed.
func TestLinksAreNotFollowed(t *testing.T) {
	for _, name := range []string{".partial", ".partial/segments", ".partial/results", ".partial/lock", ".partial/identity"} {
		top := t.TempDir()
		target, dir := filepath.Join(top, "target"), filepath.Join(top, "run")
		plant(t, top, map[string]string{"target/identity": "a", "target/segments/x": "x", "run/manifest.json": "{}"})
		if name != partialName {
			plant(t, dir, map[string]string{".partial/identity": "a"})
			_ = os.Remove(filepath.Join(dir, name))
		}
		require.NoError(t, os.Symlink(target, filepath.Join(dir, name)))
		before := tree(t, top)
		for _, o := range []OpenOptions{{Force: true}, {Resume: true}} {
			_, err := Open(dir, []byte("a"), o)
			assert.Equal(t, "foreign", kindOf(err), "%s", name)
		}
		assert.Equal(t, before, tree(t, top), name)
	}
}

func TestALinkToADirectoryIsADirectory(t *testing.T) {
	top := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(top, "scratch"), 0o777))
	require.NoError(t, os.Symlink("scratch", filepath.Join(top, "run")))
	complete(t, filepath.Join(top, "run"), "a")
	assert.NoError(t, Verify(filepath.Join(top, "scratch")))
}

func TestAVanishedFileIsAnErrorWithItsPath(t *testing.T) {
	dir := t.TempDir()
	d, err := Open(dir, []byte("a"), OpenOptions{})
	require.NoError(t, err)
	j := &job{id: "a", opened: d}
	require.NoError(t, j.compute(0))
	segments, err := d.Segments()
	require.NoError(t, err)
	require.NoError(t, os.Remove(segments[0].path))
	_, err = segments[0].Open()
	var e *Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, segments[0].path, e.Path)
	assert.ErrorIs(t, err, fs.ErrNotExist)

	require.NoError(t, os.RemoveAll(filepath.Join(dir, partialName)))
	assert.ErrorAs(t, j.compute(1), &e)
	_, err = d.Create("market.parquet")
	assert.ErrorAs(t, err, &e)
	assert.ErrorAs(t, d.Publish(Manifest{}), &e)
	_ = d.Close()
}

func TestACompleteDirectoryTakesNoMore(t *testing.T) {
	dir := t.TempDir()
	complete(t, dir, "a")
	d, err := Open(dir, []byte("a"), OpenOptions{Resume: true})
	require.NoError(t, err)
	_, err = d.NewSegment(0)
	assert.ErrorContains(t, err, "complete")
	_, err = d.Create("market.parquet")
	assert.ErrorContains(t, err, "complete")
	assert.ErrorContains(t, d.Publish(Manifest{}), "complete")
	require.NoError(t, d.Close())
	assert.NoError(t, Verify(dir))
}
