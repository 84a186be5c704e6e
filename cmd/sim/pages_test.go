package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the pages of docs/cli anew")

// cli is where the pages of the commands stand.
var cli = filepath.Join("..", "..", "docs", "cli")

// commands are sim and all that people call, completion aside: its pages are
// cobra's.
func commands() []*cobra.Command {
	root := newRoot(streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard})
	return append([]*cobra.Command{root}, root.Commands()...)
}

// TestPages holds docs/cli against the commands; go generate ./cmd/sim writes it.
func TestPages(t *testing.T) {
	want := map[string]string{}
	for _, c := range commands() {
		want[pageName(c)] = page(c)
	}
	if *update {
		require.NoError(t, os.RemoveAll(cli))
		require.NoError(t, os.MkdirAll(cli, 0o755))
		for name, text := range want {
			require.NoError(t, os.WriteFile(filepath.Join(cli, name), []byte(text), 0o644))
		}
	}
	entries, err := os.ReadDir(cli)
	require.NoError(t, err)
	assert.Len(t, entries, len(want), "docs/cli has pages of other commands; run: go generate ./cmd/sim")
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(cli, name))
		require.NoError(t, err)
		assert.Equal(t, text, string(got), "docs/cli/%s is stale; run: go generate ./cmd/sim", name)
	}
}

func pageName(c *cobra.Command) string {
	return strings.ReplaceAll(c.CommandPath(), " ", "-") + ".md"
}

// page is what --help says, in the order of a manual page.
func page(c *cobra.Command) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<!-- Written by go generate ./cmd/sim from the help of the command. -->\n\n# %s\n\n%s.\n", c.CommandPath(), c.Short)
	usage := c.UseLine()
	if c.HasSubCommands() {
		usage += " COMMAND"
	}
	fmt.Fprintf(&b, "\n## Synopsis\n\n    %s\n", usage)
	if c.Long != "" {
		fmt.Fprintf(&b, "\n## Description\n\n%s\n", asMarkdown(c.Long))
	}
	if flags := c.LocalFlags(); flags.HasAvailableFlags() {
		fmt.Fprintf(&b, "\n## Options\n\n```\n%s```\n", flags.FlagUsages())
	}
	if c.Example != "" {
		fmt.Fprintf(&b, "\n## Examples\n\n```\n%s\n```\n", unindented(c.Example))
	}
	if c.HasSubCommands() {
		fmt.Fprint(&b, "\n## Commands\n\n| command | what it does |\n|---|---|\n")
		for _, sub := range c.Commands() {
			fmt.Fprintf(&b, "| [%s](%s) | %s |\n", sub.CommandPath(), pageName(sub), sub.Short)
		}
	} else {
		fmt.Fprintf(&b, "\n## See also\n\n[%s](%s)\n", c.Parent().CommandPath(), pageName(c.Parent()))
	}
	return b.String()
}

var indented = regexp.MustCompile(`(?m)^  `)

// asMarkdown makes indented lines of a help text what Markdown takes for such.
func asMarkdown(help string) string { return indented.ReplaceAllString(help, "    ") }

func unindented(help string) string { return indented.ReplaceAllString(help, "") }

// TestExamples runs every example of every command as a shell would read it, each
// in a directory of its own with a mine.yaml. Those that simulate play fewer paths,
// those about papers look at one erratum.
func TestExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("what is documented, not concurrency")
	}
	for _, c := range commands() {
		lines := examples(c)
		assert.GreaterOrEqual(t, len(lines), 2, "%s has too few examples", c.CommandPath())
		for _, line := range lines {
			t.Run(line, func(t *testing.T) {
				t.Parallel()
				try(t, line)
			})
		}
	}
}

// examples are the lines of a command's examples, without remarks.
func examples(c *cobra.Command) (lines []string) {
	for line := range strings.Lines(c.Example) {
		line, _, _ = strings.Cut(line, " # ")
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

var simulates = regexp.MustCompile(`^sim (run|deviate|verify|sweep .*--simulate)\b`)

func try(t *testing.T, line string) {
	dir := t.TempDir()
	shell := func(line string) {
		command := exec.CommandContext(t.Context(), "sh", "-c", line)
		command.Dir = dir
		out, err := command.CombinedOutput()
		require.NoError(t, err, "%s\n%s", line, out)
	}
	if !strings.HasSuffix(line, " mine.yaml") || !strings.HasPrefix(line, "sim init") {
		shell("sim init five-traders mine.yaml && mkdir scenarios docs && cp mine.yaml scenarios")
	}
	if strings.HasPrefix(line, "sim report ") {
		shell("sim run five-traders --paths 200 --quiet")
	}
	switch {
	case strings.Contains(line, "--papers"):
		line += " CMZ-4" // the whole takes half a minute
	case simulates.MatchString(line):
		line += " --paths 200 --workers 1"
	}
	shell(line)
}
