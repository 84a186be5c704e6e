package experiment

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/scenarios"
)

// filesPage is docs/files.md by its headings.
type filesPage map[string]string

func readFilesPage(t *testing.T) filesPage {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "files.md"))
	require.NoError(t, err)
	page, heading := filesPage{}, ""
	for line := range strings.Lines(string(text)) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			heading = strings.TrimSpace(title)
		}
		page[heading] += line
	}
	return page
}

// described is what the page says of a column: nothing but its name, where its
// table has no type.
type described struct {
	kinds []string
	null  bool
	unit  string
}

var (
	word  = regexp.MustCompile("`([^`]+)`")
	kinds = regexp.MustCompile(`\b(int32|int64|double|string|bool)\b`)
)

// columns are those of the tables of a section.
func (p filesPage) columns(section string) map[string]described {
	all, head := map[string]described{}, []string(nil)
	for line := range strings.Lines(p[section]) {
		cells := strings.Split(strings.ReplaceAll(strings.TrimSpace(line), `\|`, ""), "|")
		switch {
		case len(cells) < 4:
			head = nil
			continue
		case head == nil:
			for _, cell := range cells {
				head = append(head, strings.TrimSpace(cell))
			}
			continue
		case head[1] != "column":
			continue
		}
		var d described
		of := map[string]string{} // of several columns in a row, those with a unit
		for i, title := range head {
			switch title {
			case "type":
				d.kinds, d.null = kinds.FindAllString(cells[i], -1), strings.Contains(cells[i], "*null*")
				if strings.Contains(cells[i], ", time") {
					d.unit = "time"
				}
			case "unit":
				d.unit = strings.TrimSpace(cells[i])
				if name, unit, ok := strings.Cut(d.unit, ": "); ok {
					of[strings.Trim(name, "`")], d.unit = unit, ""
				}
			}
		}
		names := word.FindAllStringSubmatch(cells[1], -1)
		for i, m := range names {
			one := d
			if len(names) > 1 && len(d.kinds) == len(names) {
				one.kinds = d.kinds[i : i+1]
			}
			if unit, ok := of[m[1]]; ok {
				one.unit = unit
			}
			all[m[1]] = one
		}
	}
	return all
}

// names are all words in a section that are written as code.
func (p filesPage) names(section string) (list []string) {
	for _, m := range word.FindAllStringSubmatch(p[section], -1) {
		list = append(list, m[1])
	}
	return list
}

var physical = map[string]parquet.Kind{
	"int32": parquet.Int32, "int64": parquet.Int64, "double": parquet.Double, "string": parquet.ByteArray, "bool": parquet.Boolean,
}

// hold compares a table with what the page says of its columns, and returns them;
// units are the scenario's, of the words that depend on the market.
func hold(t *testing.T, file string, units map[string]string, say map[string]described, also []string) (seen []string) {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	table, err := parquet.OpenFile(f, info.Size())
	require.NoError(t, err)
	for _, column := range table.Schema().Fields() {
		name, at := column.Name(), filepath.Base(file)+": "+column.Name()
		seen = append(seen, name)
		d, ok := say[name]
		if !ok {
			assert.True(t, slices.ContainsFunc(also, func(s string) bool { return like(name, s) }), "%s: docs/files.md does not have this column", at)
			continue
		}
		if d.kinds == nil {
			continue
		}
		match := slices.ContainsFunc(d.kinds, func(k string) bool { return physical[k] == column.Type().Kind() })
		assert.True(t, match, "%s is %v, docs/files.md says %v", at, column.Type(), d.kinds)
		assert.Equal(t, d.null, column.Optional(), "%s: whether it may be null", at)
		if of, ok := units[d.unit]; ok {
			d.unit = of
		}
		unit, _ := table.Lookup("unit." + name)
		assert.Equal(t, d.unit, unit, "%s: its unit", at)
	}
	return seen
}

// like says whether a column has a name of the form s, in which NAME stands for an
// agent and S for a strategy.
func like(name, s string) bool {
	prefix, more, ok := strings.Cut(s, ".NAME")
	if !ok {
		prefix, ok = strings.CutSuffix(s, ".S")
	}
	return name == s || ok && strings.HasPrefix(name, prefix+".") && strings.HasSuffix(name, more)
}

// TestFilesPage holds docs/files.md against runs and sweeps of all kinds: every
// column that is written is described, with its type, whether it may be null, and
// its unit; every statistic and check has its line; and nothing is described that
// is never written.
func TestFilesPage(t *testing.T) {
	page := readFilesPage(t)
	common := []string{
		"units={time: time, money: money, asset: asset}", "monte_carlo.paths=40", "record.paths=2", "clock.horizon=2", "clock.step=0.5",
	}
	runs := []struct {
		scenario string
		sets     []string
	}{
		{"five-traders", append([]string{"monte_carlo.variance_reduction=[control]", "clock.policy=continuous"}, common...)},
		{"five-traders", append([]string{"agents.t1.deviation.schedule=[{from: 0, to: 1, rate: 1}]", "record.layout=wide"}, common...)},
		{"merger-before", common},
		{"five-traders-exponential", common},
		{"almgren-chriss", []string{common[0], common[1], common[2]}},
		{"large-order", []string{common[0], common[1], common[2]}},
		{"stealth", []string{common[0], common[1], common[2]}},
	}
	seen := map[string][]string{}
	for i, r := range runs {
		s, err := scenarios.Load(r.scenario, scenarios.Options{Sets: r.sets})
		require.NoError(t, err)
		dir := filepath.Join(t.TempDir(), "run")
		_, err = Run(context.Background(), s, Options{Directory: dir, Version: "test", Workers: 1})
		require.NoError(t, err)
		for _, file := range []string{"market.parquet", "agents.parquet", "outcomes.parquet", "events.parquet", "statistics.parquet", "checks.parquet"} {
			if _, err := os.Stat(filepath.Join(dir, file)); err != nil && file == "events.parquet" {
				continue
			}
			also := page.names(file)
			if s.Market == scenarios.MarketCournot {
				also = append(also, page.names("Markets with a bid and an ask")...)
			}
			seen[file] = append(seen[file], hold(t, filepath.Join(dir, file), map[string]string{"price": s.PriceUnit(), "value": s.ValueUnit()}, page.columns(file), also)...)
		}
		holdStatistics(t, page, dir)
		if i == 0 {
			holdManifest(t, page, dir)
		}
	}
	for file, columns := range seen {
		for name := range page.columns(file) {
			assert.Contains(t, columns, name, "%s: docs/files.md has a column that no run writes", file)
		}
	}
}

// holdStatistics looks for the name of every statistic and check of a run.
func holdStatistics(t *testing.T, page filesPage, dir string) {
	var known []string
	for section := range page {
		known = append(known, page.names(section)...)
	}
	type statistic struct {
		Name string `parquet:"statistic"`
	}
	type check struct {
		Name string `parquet:"check"`
	}
	var names []string
	for _, r := range read[statistic](t, dir, "statistics.parquet") {
		names = append(names, r.Name)
	}
	for _, r := range read[check](t, dir, "checks.parquet") {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		assert.Contains(t, known, name, "docs/files.md does not have this statistic or check")
	}
}

// holdManifest compares the keys of a manifest with their table.
func holdManifest(t *testing.T, page filesPage, dir string) {
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	require.NoError(t, err)
	var manifest map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &manifest))
	for key := range manifest {
		if key != "environment" {
			assert.Contains(t, page.names("manifest.json"), key)
		}
	}
}

// TestFilesPageOfSweeps does the same with the columns of sweeps.
func TestFilesPageOfSweeps(t *testing.T) {
	if testing.Short() {
		t.Skip("numbers, not concurrency")
	}
	page := readFilesPage(t)
	columns, also := page.columns("sweep.parquet"), page.names("sweep.parquet")
	for _, c := range []struct {
		scenario string
		over     string
	}{
		{"merger-before", "discount_rate=1,2"},
		{"one-large-and-fringe", "agents.large.holding_cost=1,2"},
		{"almgren-chriss", "agents.t3.risk_aversion=1,2"},
		{"large-order", "agents.fund.duration=0.1,0.2"},
		{"sunshine-or-stealth", "agents.fund.rate=0.1,0.2"},
	} {
		s, err := scenarios.Load(c.scenario, scenarios.Options{Over: []string{c.over}, Sets: []string{"monte_carlo.paths=20", "units={time: time, money: money, asset: asset}"}})
		require.NoError(t, err)
		dir := filepath.Join(t.TempDir(), "sweep")
		_, err = RunSweep(context.Background(), s, SweepOptions{Options: Options{Directory: dir, Version: "test", Workers: 1}})
		require.NoError(t, err)
		axes := slices.Clone(also)
		for _, a := range s.Sweep {
			axes = append(axes, a.Key)
		}
		hold(t, filepath.Join(dir, "sweep.parquet"), nil, columns, axes)
	}
}
