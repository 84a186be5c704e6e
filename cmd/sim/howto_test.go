package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// TestHowTo runs the commands of docs/how-to.md that stand in blocks for a shell, one
// block after another in one directory.
func TestHowTo(t *testing.T) {
	if testing.Short() {
		t.Skip("what is documented, not concurrency")
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "how-to.md"))
	require.NoError(t, err)
	blocks := strings.Split(string(text), "```sh\n")[1:]
	require.NotEmpty(t, blocks)
	dir := t.TempDir()
	for _, b := range blocks {
		script, _, closed := strings.Cut(b, "```\n")
		require.True(t, closed)
		command := exec.CommandContext(t.Context(), "sh", "-e")
		command.Dir, command.Stdin = dir, strings.NewReader(script)
		out, err := command.CombinedOutput()
		require.NoError(t, err, "%s\n%s", script, out)
	}
	for _, name := range []string{"runs/mine", "runs/whale", "runs/whale-sweep", "runs/whale-steps"} { // the page speaks of the first and the third
		assert.FileExists(t, filepath.Join(dir, filepath.FromSlash(name), "manifest.json"))
	}
}

// TestTableOfPapers: docs/files.md has every column of the table of sim verify.
func TestTableOfPapers(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "files.md"))
	require.NoError(t, err)
	_, section, found := strings.Cut(string(text), "\n## papers.parquet\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	file := filepath.Join(t.TempDir(), "papers.parquet")
	out, err := exec.CommandContext(t.Context(), "sim", "verify", "--papers", "CMZ-4", "--out", file).CombinedOutput()
	require.NoError(t, err, "%s", out)
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	table, err := parquet.OpenFile(f, info.Size())
	require.NoError(t, err)
	for _, column := range table.Schema().Fields() {
		assert.Contains(t, section, "`"+column.Name()+"`")
	}
}

// TestVersion: who cites the program cites this version, and the changelog begins
// with it.
func TestVersion(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "CITATION.cff"))
	require.NoError(t, err)
	var cited struct {
		Format  string `yaml:"cff-version"`
		Message string
		Title   string
		Version string
		Authors []struct{ Name string }
	}
	require.NoError(t, yaml.Unmarshal(text, &cited))
	assert.Equal(t, "1.2.0", cited.Format)
	assert.NotEmpty(t, cited.Message)
	assert.NotEmpty(t, cited.Title)
	assert.NotEmpty(t, cited.Authors)
	assert.Equal(t, version, cited.Version)

	changes, err := os.ReadFile(filepath.Join("..", "..", "CHANGELOG.md"))
	require.NoError(t, err)
	_, first, _ := strings.Cut(string(changes), "\n## ")
	first, _, _ = strings.Cut(first, "\n")
	assert.Equal(t, version, first)
}
