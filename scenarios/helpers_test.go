package scenarios

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// valid is a scenario without problems; tests break one thing in it.
const valid = `schema: 1
name: test
market: double_auction
discount_rate: 0.7
clock: {step: 0.25, horizon: 5}
agents:
  - {name: a, kind: trader, holding_cost: 1.3, inventory: 2, volatility: 0.1}
  - {name: b, kind: trader, holding_cost: 1.7, inventory: -2}
  - {name: f, kind: fringe, holding_cost: 2.1}
`

func loadText(text string, sets ...string) (*Scenario, error) {
	return Load("-", Options{Stdin: strings.NewReader(text), Sets: sets})
}

func mustLoad(t testing.TB, text string, sets ...string) *Scenario {
	t.Helper()
	s, err := loadText(text, sets...)
	require.NoError(t, err)
	return s
}

// problems is the error of Load as lines.
func problems(t testing.TB, err error) []string {
	t.Helper()
	var p Problems
	require.Error(t, err)
	require.True(t, errors.As(err, &p), "%T is not Problems", err)
	require.NotEmpty(t, p)
	var lines []string
	for _, q := range p {
		lines = append(lines, q.String())
	}
	return lines
}

// files writes scenario files into a directory of their own and gives its path.
func files(t testing.TB, contents map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range contents {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}
