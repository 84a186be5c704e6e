package output

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var errKilled = errors.New("killed")

// crash stops the world before the change number at. With power, what was not
// synced is lost, too: data lose their second half, and names go back to what
// they were.
type crash struct {
	at, count int
	dead      bool
	power     bool
	once      error // if set, only this one change fails, with this error
	dirty     map[string]bool
	undo      []step
}

// step is a change of names that its directory has not made durable yet.
type step struct {
	dir   string
	apply func()
}

func (c *crash) disk() disk {
	c.dirty = map[string]bool{}
	return disk{fault: c.fault}
}

func (c *crash) fault(op, path, from string) error {
	if c.dead {
		return errKilled
	}
	c.count++
	if c.count == c.at+1 {
		if c.once != nil {
			return c.once
		}
		c.die()
		return errKilled
	}
	c.note(op, path, from)
	return nil
}

// note remembers what a failure of power would undo.
func (c *crash) note(op, path, from string) {
	switch op {
	case "create", "write":
		c.dirty[path] = true
	case "sync":
		delete(c.dirty, path)
		var left []step
		for _, s := range c.undo {
			if s.dir != path {
				left = append(left, s)
			}
		}
		c.undo = left
	case "rename":
		if c.dirty[from] {
			delete(c.dirty, from)
			c.dirty[path] = true
		}
		restore := keep(path)
		c.undo = append(c.undo, step{filepath.Dir(path), func() {
			if os.Rename(path, from) == nil {
				restore()
			}
		}})
	case "remove":
		if isFile(path) {
			c.undo = append(c.undo, step{filepath.Dir(path), keep(path)})
		}
	}
}

// keep returns a function that brings a file's contents back.
func keep(path string) func() {
	data, err := os.ReadFile(path)
	return func() {
		if err == nil && isDir(filepath.Dir(path)) {
			_ = os.WriteFile(path, data, 0o666)
		}
	}
}

func (c *crash) die() {
	c.dead = true
	if !c.power {
		return
	}
	for path := range c.dirty {
		if info, err := os.Stat(path); err == nil {
			_ = os.Truncate(path, info.Size()/2)
		}
	}
	for i := len(c.undo) - 1; i >= 0; i-- {
		c.undo[i].apply()
	}
}

var foreign = map[string]string{
	"notes.txt":                   "mine",
	"plots/notes.txt":             "mine, too",
	"agents.parquet/part-0.csv":   "also mine",
	"market.parquet.bak":          "mine",
	"notebook/plots/anything.svg": "mine",
}

// oldRun leaves a complete run of another identity, with more files than the
// next one will have, among files of the user.
func oldRun(t *testing.T, dir string) {
	d, err := Open(dir, []byte("old"), OpenOptions{})
	require.NoError(t, err)
	for _, name := range []string{"market.parquet", "events.parquet", "agents.parquet/part-00000.parquet",
		"agents.parquet/part-00001.parquet", "checks.parquet/part-00000.parquet", "report.html", "plots/old.png"} {
		f, err := d.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte("old " + name))
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	require.NoError(t, d.Publish(Manifest{Walras: "0.9", Scenario: []byte(`{"old":true}`)}))
	require.NoError(t, d.Close())
	plant(t, dir, foreign)
}

// TestStoppedAtAnyMoment stops a run before every single change it makes to
// the disk, and looks at what is left; then the run is resumed.
func TestStoppedAtAnyMoment(t *testing.T) {
	for _, over := range []bool{false, true} {
		for _, mode := range []string{"killed", "power", "full"} {
			t.Run(fmt.Sprintf("%s/over an old run %v", mode, over), func(t *testing.T) {
				t.Parallel() // most of the time is spent waiting for the disk
				before, after := t.TempDir(), t.TempDir()
				if over {
					oldRun(t, before)
				}
				require.NoError(t, os.CopyFS(after, os.DirFS(before)))
				(&job{id: "new"}).finish(t, after, OpenOptions{Force: true})
				stride := 1
				if testing.Short() {
					stride = 7
				}
				for at, more := 0, true; more; at += stride {
					more = stopAndResume(t, at, mode, before, tree(t, after))
				}
			})
		}
	}
}

// stopAndResume returns false when the run made fewer changes than at.
func stopAndResume(t *testing.T, at int, mode, before string, want map[string]string) bool {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(before)))
	old := tree(t, dir)
	c := &crash{at: at, power: mode == "power"}
	if mode == "full" {
		c.once = errFull
	}
	j := &job{id: "new"}
	err := j.run(c.disk(), dir, OpenOptions{Force: true})
	name := fmt.Sprintf("%s at change %d, error %v", mode, at, err)
	if c.count <= at {
		require.NoError(t, err)
		return false
	}
	if mode == "full" {
		checkError(t, j, err, name)
	}
	if j.opened != nil {
		j.opened.lock.release() // as the end of the process does
	}
	checkFiles(t, dir, old, want, name)

	again := &job{id: "new"}
	require.NoError(t, again.run(disk{}, dir, OpenOptions{Resume: true, Force: true}), name)
	require.NoError(t, again.opened.Close(), name)
	require.Equal(t, want, tree(t, dir), name)
	if j.made > 0 && mode != "full" {
		require.LessOrEqual(t, j.made+again.made, blocks, "%s: committed segments are used again", name)
	}
	return true
}

// checkError: whoever goes on after a failure gets an error with the path, and
// Close works.
func checkError(t *testing.T, j *job, err error, name string) {
	if err != nil {
		var e *Error
		require.ErrorAs(t, err, &e, name)
		require.ErrorIs(t, err, errFull, name)
		require.NotEmpty(t, e.Path, name)
		require.Contains(t, err.Error(), e.Path, name)
	}
	if j.opened != nil {
		_ = j.opened.Close()
	}
}

// checkFiles: files of others are there; under a result's final name is the
// whole old or the whole new one; a manifest is true.
func checkFiles(t *testing.T, dir string, old, want map[string]string, name string) {
	if _, err := os.Stat(filepath.Join(dir, manifestName)); err == nil {
		require.NoError(t, Verify(dir), name)
	} else if len(old) > 0 {
		require.FileExists(t, filepath.Join(dir, partialName, intentName), name)
	}
	now := tree(t, dir)
	for file := range foreign {
		require.Equal(t, old[file], now[file], "%s: %s", name, file)
	}
	for file, text := range now {
		if newContract(nil).covers(file) {
			require.Contains(t, []string{old[file], want[file]}, text, "%s: %s", name, file)
			require.NotEmpty(t, text, "%s: %s", name, file)
		}
	}
	if now[manifestName] == old[manifestName] && len(old) > 0 {
		maps.DeleteFunc(now, func(file, _ string) bool { return file != filepath.Clean(file) || strings.HasPrefix(file, partialName) })
		for file := range now {
			require.Equal(t, old[file], now[file], "%s: %s", name, file)
		}
	}
}
