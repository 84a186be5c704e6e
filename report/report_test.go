package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/experiment"
	"walras/output"
	"walras/report"
	"walras/scenarios"
)

// nasty are names and titles that must stay text.
const nasty = `"><script>alert('x')</script> & 😀 שלום`

// play makes a small run directory.
func play(t *testing.T, name string, sets ...string) string {
	t.Helper()
	s, err := scenarios.Load(name, scenarios.Options{Sets: append([]string{"monte_carlo.paths=1200", "record.paths=30"}, sets...)})
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "run")
	_, err = experiment.Run(t.Context(), s, experiment.Options{Directory: dir, Version: "test", Workers: 1})
	require.NoError(t, err)
	return dir
}

// sweep makes a small sweep directory.
func sweep(t *testing.T, name string, simulate bool, over []string, sets ...string) string {
	t.Helper()
	s, err := scenarios.Load(name, scenarios.Options{Sets: append([]string{"monte_carlo.paths=1200"}, sets...), Over: over})
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "sweep")
	_, err = experiment.RunSweep(t.Context(), s, experiment.SweepOptions{Simulate: simulate, Options: experiment.Options{Directory: dir, Version: "test", Workers: 1}})
	require.NoError(t, err)
	return dir
}

// page makes a report and parses it as XML, which it is as well as HTML: nothing in
// it has escaped from where it stands.
func page(t *testing.T, dir string) (text string, names map[string]int) {
	t.Helper()
	html, _, err := report.Make(dir)
	require.NoError(t, err)
	names = make(map[string]int)
	seen := make(map[string]bool)
	for d := xml.NewDecoder(bytes.NewReader(html)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return string(html), names
		}
		require.NoError(t, err)
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		names[e.Name.Local]++
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "id":
				assert.False(t, seen[a.Value], "the id %q appears twice", a.Value)
				seen[a.Value] = true
			case "style":
				t.Errorf("style of %s: the page's own policy refuses it", e.Name.Local)
			case "src", "href":
				assert.Regexp(t, "^(#|data:)", a.Value)
			}
		}
	}
}

// contains and lacks are assertions that do not print the page.
func contains(t *testing.T, text, want string, why ...any) {
	t.Helper()
	assert.True(t, strings.Contains(text, want), append([]any{"%q is not there " + strings.Repeat("%v", len(why)), want}, why...)...)
}

func lacks(t *testing.T, text, unwanted string) {
	t.Helper()
	assert.False(t, strings.Contains(text, unwanted), "%q is there", unwanted)
}

func TestAReportOfARun(t *testing.T) {
	dir := play(t, "five-traders", "units={time: day, money: EUR, asset: lot}")
	before, err := output.ReadManifest(dir)
	require.NoError(t, err)
	place, err := report.Write(dir)
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(dir, "report.html"), place)
	text, names := page(t, dir)
	written, err := os.ReadFile(place)
	require.NoError(t, err)
	assert.Equal(t, text, string(written), "the page depends on the directory alone")
	for _, want := range []string{
		"Five traders of different size", "holding cost b (EUR/(lot²·day))", "0.25 day", before.Digest, "price (EUR/lot)",
		"0.403320", "-0.254028", // I and P of t1, of the golden numbers
		"momentum slope", "passed", "Inventory of t5", "5–95 %",
	} {
		contains(t, text, want)
	}
	assert.Equal(t, 2+2+5+6+4, names["svg"], "impacts and speeds, prices and their moments, inventories, boxes, other statistics")
	plots, err := filepath.Glob(filepath.Join(dir, "plots", "*.*"))
	require.NoError(t, err)
	assert.Len(t, plots, 2*names["svg"])
	after, err := output.ReadManifest(dir)
	require.NoError(t, err)
	assert.Equal(t, before, after)
	require.NoError(t, output.Verify(dir))
}

func TestNamesAreNeverMarkup(t *testing.T) {
	dir := play(t, "five-traders", "title='"+strings.ReplaceAll(nasty, "'", "''")+"'",
		`agents.t2.name='`+strings.ReplaceAll(nasty, "'", "''")+`'`, "clock.horizon=2", "units={money: '<b>€</b>'}")
	text, names := page(t, dir)
	assert.Zero(t, names["script"])
	lacks(t, text, "<script")
	contains(t, text, `<h1><bdi>&#34;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; 😀 שלום</bdi></h1>`)
	contains(t, text, "&lt;b&gt;€&lt;/b&gt;")
}

func TestEveryMarketHasAPage(t *testing.T) {
	for _, info := range scenarios.Names() {
		t.Run(info.Name, func(t *testing.T) {
			s, err := scenarios.Load(info.Name, scenarios.Options{})
			require.NoError(t, err)
			sets := []string{"monte_carlo.paths=4", "record.paths=3"}
			switch {
			case s.Poisson() != nil: // the law of inventories takes long at each of them
				sets = append(sets, "record.statistics_every=15")
			case s.Clock.Steps() > 60:
				sets = append(sets, "record.every=7", "record.statistics_every=35")
			}
			text, names := page(t, play(t, info.Name, sets...))
			assert.NotZero(t, names["svg"])
			for _, id := range []string{"scenario", "equilibrium", "verdict", "prices", "inventories", "distribution", "provenance"} {
				contains(t, text, `<section id="`+id+`">`)
			}
			lacks(t, text, "NaN")
			lacks(t, text, "Inf<")
		})
	}
}

// TestLayoutsAndPartsAreRead: however the rows stand in the files, the page is the same.
func TestLayoutsAndPartsAreRead(t *testing.T) {
	pictures := func(dir string) []string {
		text, _ := page(t, dir)
		return regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(text, -1)
	}
	long := play(t, "five-traders", "clock.horizon=4", "agents.t2.count=2")
	want := pictures(long)
	assert.NotEmpty(t, want)
	assert.Equal(t, want, pictures(play(t, "five-traders", "clock.horizon=4", "agents.t2.count=2", "record.layout=wide")))
	table := filepath.Join(long, "agents.parquet")
	require.NoError(t, os.Rename(table, table+".whole"))
	require.NoError(t, os.Mkdir(table, 0o777))
	require.NoError(t, os.Rename(table+".whole", filepath.Join(table, "part-00000.parquet")))
	relist(t, long)
	assert.Equal(t, want, pictures(long))
}

func TestNothingRecordedStillGivesAPage(t *testing.T) {
	text, names := page(t, play(t, "five-traders", "clock.horizon=2", "record.paths=0", "record.outcomes=none"))
	contains(t, text, "No path is recorded")
	contains(t, text, "By theory the mean of the price goes from")
	lacks(t, text, "The median of the")
	assert.NotZero(t, names["svg"])
}

// TestFailuresStandFirst with a table in which a row has failed.
func TestFailuresStandFirst(t *testing.T) {
	type row struct {
		Check    string   `parquet:"check"`
		Agent    *string  `parquet:"agent,optional"`
		T        *float64 `parquet:"t,optional"`
		Estimate float64  `parquet:"estimate"`
		StdError *float64 `parquet:"std_error,optional"`
		Analytic *float64 `parquet:"analytic,optional"`
		Z        *float64 `parquet:"z,optional"`
		Passed   bool     `parquet:"passed"`
	}
	dir := play(t, "five-traders", "clock.horizon=2")
	name := filepath.Join(dir, "checks.parquet")
	rows, err := parquet.ReadFile[row](name)
	require.NoError(t, err)
	i := slices.IndexFunc(rows, func(r row) bool { return r.Check == "price_mean" && r.Z != nil })
	*rows[i].Z, rows[i].Passed = -9.25, false
	j := slices.IndexFunc(rows, func(r row) bool { return r.Check == "market_clearing" })
	rows[j].Passed = false
	require.NoError(t, parquet.WriteFile(name, rows))
	relist(t, dir)
	text, _ := page(t, dir)
	contains(t, text, "largest |z| 9.2, allowed")
	contains(t, text, "FAILED (2)")
	text = text[strings.Index(text, `id="verdict"`):]
	first := strings.Index(text, "<summary>")
	contains(t, text[first:first+120], "market clearing", "an identity has no excuse")
	second := first + 1 + strings.Index(text[first+1:], "<summary>")
	contains(t, text[second:second+120], "price mean")
	assert.Equal(t, 2, strings.Count(text, `<details open="open">`))
}

// TestPicturesShowTheTables: medians and quartiles in the words of pictures, counted
// again from the rows.
func TestPicturesShowTheTables(t *testing.T) {
	type row struct {
		Step  int32    `parquet:"step"`
		Price *float64 `parquet:"price,optional"`
	}
	dir := play(t, "five-traders", "clock.horizon=5", "record.paths=21") // of 21 values median and quartiles are values
	rows, err := parquet.ReadFile[row](filepath.Join(dir, "market.parquet"))
	require.NoError(t, err)
	at := func(step int32) (list []float64) {
		for _, r := range rows {
			if r.Step == step {
				list = append(list, *r.Price)
			}
		}
		slices.Sort(list)
		return list
	}
	last, tick := at(19), at(18) // statistics are taken at every auction; boxes at every second
	text, _ := page(t, dir)
	contains(t, text, fmt.Sprintf("to %.6g at t = 4.75", last[10]))
	contains(t, text, fmt.Sprintf("At t = 4.5: median %.6g, quartiles %.6g and %.6g, from %.6g to %.6g.", tick[10], tick[5], tick[15], tick[0], tick[20]))
}
