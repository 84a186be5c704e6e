package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const blocks = 3

// job is a small run: a few segments, then three files from them.
type job struct {
	id     string
	made   int // segments that were computed, not found
	opened *Directory
}

func (j *job) segment(block int64) string {
	return fmt.Sprintf("%s block %d %s", j.id, block, strings.Repeat("x", 9))
}

func (j *job) summary(block int64) string { return fmt.Sprintf("%s sum %d", j.id, block) }

// run does all of it, and stops at the first error.
func (j *job) run(k disk, dir string, o OpenOptions) (err error) {
	if j.opened, err = open(k, dir, []byte(j.id), o); err != nil || j.opened.Complete() {
		return err
	}
	found, err := j.opened.Segments()
	if err != nil {
		return err
	}
	for block := int64(len(found)); block < blocks; block++ {
		if err := j.compute(block); err != nil {
			return err
		}
	}
	for _, name := range j.names() {
		if err := j.assemble(name); err != nil {
			return err
		}
	}
	return j.opened.Publish(Manifest{Walras: "1.0", Scenario: []byte(`{"name": "` + j.id + `"}`), Seed: 1})
}

func (j *job) names() []string {
	return []string{"market.parquet", "agents.parquet/part-00000.parquet", "plots/price.svg"}
}

func (j *job) compute(block int64) error {
	w, err := j.opened.NewSegment(block)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, j.segment(block)); err != nil {
		return errors.Join(err, w.Abort())
	}
	_, err = w.Commit(block+1, []byte(j.summary(block)))
	if err == nil {
		j.made++
	}
	return err
}

func (j *job) assemble(name string) error {
	f, err := j.opened.Create(name)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(f, name+"\n"); err != nil {
		return err
	}
	segments, err := j.opened.Segments()
	if err != nil {
		return err
	}
	for _, s := range segments {
		r, err := s.Open()
		if err != nil {
			return err
		}
		if _, err := io.Copy(f, r); err != nil {
			return err
		}
		if err := r.Close(); err != nil {
			return err
		}
		if _, err := f.Write(s.Summary); err != nil {
			return err
		}
	}
	f.SetRows(int64(len(segments)))
	return f.Close()
}

// finish runs the job to its end and closes the directory.
func (j *job) finish(t *testing.T, dir string, o OpenOptions) {
	t.Helper()
	require.NoError(t, j.run(disk{}, dir, o))
	require.NoError(t, j.opened.Close())
}

// tree returns all files under a directory with their contents; folders end in
// a slash.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		switch {
		case e.IsDir():
			files[name+"/"] = ""
		case e.Type()&fs.ModeSymlink != 0:
			to, err := os.Readlink(path)
			files[name+"@"] = to
			return err
		default:
			data, err := os.ReadFile(path)
			files[name] = string(data)
			return err
		}
		return nil
	}))
	return files
}

// plant writes files into a directory.
func plant(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
	}
}
