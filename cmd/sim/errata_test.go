package main

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/papers"
)

// evidence is a command of docs/errata.md with the lines that its output must have.
type evidence struct {
	command string
	lines   []string
}

// readEvidence takes the commands out of the page, by the headings above them.
func readEvidence(t *testing.T) map[string][]evidence {
	text, err := os.ReadFile("../../docs/errata.md")
	require.NoError(t, err)
	found, id := make(map[string][]evidence), ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "### "):
			id = strings.TrimPrefix(line, "### ")
			found[id] = nil
		case strings.HasPrefix(line, "    $ sim "):
			found[id] = append(found[id], evidence{command: strings.TrimPrefix(line, "    $ sim ")})
		case strings.HasPrefix(line, "    "):
			last := &found[id][len(found[id])-1]
			last.lines = append(last.lines, strings.TrimSpace(line))
		}
	}
	return found
}

// TestErrataHaveEvidence runs every command of docs/errata.md. An erratum is on the
// page if and only if the program knows it.
func TestErrataHaveEvidence(t *testing.T) {
	if testing.Short() {
		t.Skip("what is documented, not concurrency")
	}
	found := readEvidence(t)
	for _, c := range papers.Errata {
		require.Contains(t, found, c.ID)
	}
	require.Len(t, found, len(papers.Errata))
	for id, list := range found {
		require.NotEmpty(t, list, "%s has no evidence", id)
		for _, e := range list {
			require.NotEmpty(t, e.lines, "%s: nothing is said of the output of sim %s", id, e.command)
			var out, errors bytes.Buffer
			status := execute(context.Background(), strings.Fields(e.command), streams{in: strings.NewReader(""), out: &out, err: &errors})
			require.Zero(t, status, "%s: sim %s: %s", id, e.command, &errors)
			got := collapse(out.String())
			for _, line := range e.lines {
				require.Regexp(t, pattern(line), got, "%s: sim %s", id, e.command)
			}
		}
	}
}

var spaces = regexp.MustCompile(`[ \t]+`)

// collapse makes columns independent of their width.
func collapse(text string) string { return spaces.ReplaceAllString(text, " ") }

// pattern matches a line of the page in an output; … stands for anything in a line.
func pattern(line string) string {
	quoted := regexp.QuoteMeta(collapse(line))
	return `(?m)^ ?` + strings.NewReplacer(" … ", " (.* )?", "…", ".*").Replace(quoted)
}
