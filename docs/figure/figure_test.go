package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/experiment"
	"walras/scenarios"
)

// play makes a small run directory of five-traders with changes.
func play(t *testing.T, sets ...string) string {
	t.Helper()
	sets = append([]string{"title=A < B & C", "clock.horizon=3", "units={time: day, money: bps, asset: lot}"}, sets...)
	s, err := scenarios.Load("five-traders", scenarios.Options{Sets: append(sets, "monte_carlo.paths=40")})
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "run")
	_, err = experiment.Run(t.Context(), s, experiment.Options{Directory: dir, Version: "test", Workers: 1})
	require.NoError(t, err)
	return dir
}

// words parses an SVG and returns its texts.
func words(t *testing.T, svg []byte) []string {
	t.Helper()
	var list []string
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err)
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			list = append(list, string(text))
		}
	}
}

func TestFigure(t *testing.T) {
	dir := play(t)
	var first, second bytes.Buffer
	require.NoError(t, run(dir, &first))
	require.NoError(t, run(dir, &second))
	assert.Equal(t, first.String(), second.String())
	assert.Subset(t, words(t, first.Bytes()), []string{
		"A < B & C", "time (day)", "price (bps/lot)", "inventory before trade (lot)", "10–90 % of 40 paths", "t1", "t2", "t3", "t4", "t5",
	})
	assert.NotContains(t, first.String(), "NaN")
	assert.Less(t, first.Len(), 200_000)
}

func TestFigureOfUnusualRuns(t *testing.T) {
	for _, set := range []string{"record.paths=0", "record.paths=1", "shocks.kind=none", "agents.t1.count=9", "agents.t1.count=1200", "record.every=5", "clock.policy=continuous"} {
		t.Run(set, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, run(play(t, set), &b))
			words(t, b.Bytes())
			assert.NotContains(t, b.String(), "NaN")
		})
	}
}

// The means that the picture draws between the rows of statistics.parquet are
// those of its analytic column.
func TestTheoryMeetsTheAnalyticColumn(t *testing.T) {
	dir := play(t)
	d, err := load(dir)
	require.NoError(t, err)
	rows, err := read[statisticRow](dir, "statistics.parquet")
	require.NoError(t, err)
	met := 0
	for _, r := range rows {
		switch r.Statistic {
		case "price_mean":
			assert.InDelta(t, *r.Analytic, d.mean[int(*r.T/0.25)].Y, 1e-12)
			met++
		case "inventory_mean":
			for _, a := range d.agents {
				if a.name == *r.Agent {
					assert.InDelta(t, *r.Analytic, a.mean[int(*r.T/0.25)].Y, 1e-12)
					met++
				}
			}
		}
	}
	assert.Equal(t, 13*5+12, met, "means at every tick of this run")
}

func TestErrorsSayWhatToDo(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	for dir, hint := range map[string]string{
		nowhere:                       "go run ./cmd/sim run five-traders --out " + nowhere,
		play(t, "record.layout=wide"): "--set record.layout=long",
	} {
		var b bytes.Buffer
		assert.ErrorContains(t, run(dir, &b), hint)
		assert.Zero(t, b.Len())
	}
}
