package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// TestHowTo runs the commands of docs/how-to.md that stand in blocks for a shell, one
// block after another in one directory.
func TestHowTo(t *testing.T) {
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
