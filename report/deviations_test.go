package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/experiment"
	"walras/internal/numeral"
	"walras/scenarios"
)

// gains are the rows of the table of the deviation lab, each with cells between bars.
func gains(t *testing.T, dir string) (part string, rows []string) {
	t.Helper()
	part, _ = page(t, dir)
	part = part[strings.Index(part, `<section id="deviations">`):strings.Index(part, `<section id="provenance">`)]
	for _, row := range regexp.MustCompile(`(?s)<tr>.*?</tr>`).FindAllString(part, -1) {
		cells := regexp.MustCompile(`</t[dh]>`).ReplaceAllString(row, "|")
		rows = append(rows, regexp.MustCompile(`<[^>]*>`).ReplaceAllString(cells, ""))
	}
	return part, rows
}

// TestGainsAreThoseOfTheLab that plays as many paths with the same seed.
func TestGainsAreThoseOfTheLab(t *testing.T) {
	sets := []string{"clock.horizon=3", "monte_carlo.paths=1200", "monte_carlo.seed=7"}
	part, rows := gains(t, play(t, "five-traders", append(sets, "agents.t2.deviation={speed: 0.4}")...))
	s, err := scenarios.Load("five-traders", scenarios.Options{Sets: append(sets, "monte_carlo.paths=256", "agents.t2.deviation={speed: 0.4}")})
	require.NoError(t, err)
	lab, err := experiment.Deviate(t.Context(), s, experiment.LabOptions{Workers: 2})
	require.NoError(t, err)
	require.Len(t, rows, 1+len(lab.Rows))
	assert.Len(t, lab.Rows, 4*5+1, "t2 in its own way")
	for i, r := range lab.Rows {
		if d := numeral.Decimals(r.StdError); r.Deviation == "no trade" || r.Deviation == "speed 0.4" {
			want := fmt.Sprintf("%s|%s|%s|%s|%s|%.2f|yes|", r.Agent, r.Deviation, numeral.Fixed(r.Gain, d), numeral.Fixed(r.StdError, d), numeral.Fixed(r.Exact, d), r.Z)
			assert.Equal(t, want, rows[1+i])
		}
	}
	assert.Equal(t, "t1|best response|0||0|exact|yes|", rows[5], "of nothing rounding is left")
	contains(t, part, "on 256 paths of the run&#39;s seed")
	contains(t, part, "sim deviate scenario.json --paths 10000")
}

// TestGainsOfMakersAndOrders: what is exact, and what a single path has.
func TestGainsOfMakersAndOrders(t *testing.T) {
	part, rows := gains(t, play(t, "large-order"))
	contains(t, strings.Join(rows, "\n"), "maker[1]|best response|630.013|630.013|4.31658|613.984|no|")
	contains(t, strings.Join(rows, "\n"), "fund|half speed|||||no; it would end after the horizon|")
	contains(t, part, "the gain has no standard error")
	part, rows = gains(t, play(t, "stealth", "monte_carlo.paths=1", "record.paths=1"))
	assert.Regexp(t, `maker\[1\]\|best response\|[-0-9.e]+\|\|0\.000687\d*\|\|no\|`, strings.Join(rows, "\n"))
	contains(t, part, "on 1 path of the run")
}

// TestWhatTheLabDoesNotPlay has its sentence and the command instead.
func TestWhatTheLabDoesNotPlay(t *testing.T) {
	few := []string{"monte_carlo.paths=4", "record.paths=2"}
	for name, c := range map[string]struct {
		want string
		sets []string
	}{
		"almgren-chriss":           {"in which nobody has a policy to leave", nil},
		"five-traders-exponential": {"under exponential utility gains have no closed form", nil},
		"box-plots":                {"takes too long for a page", []string{"record.statistics_every=15"}},
		"stealth":                  {"takes too long for a page", []string{"agents.fund.disclosure=sunshine", "record.statistics_every=60"}},
		"sunshine-or-stealth":      {"takes too long for a page", []string{"agents.fund.duration={erlang: 2, mean: 1}", "record.statistics_every=60"}},
		"five-traders":             {"takes too long for a page", []string{"clock.step=0.01", "record.every=50", "record.statistics_every=500"}},
		"pairwise-merger":          {"takes too long for a page", []string{"agents.trader.count=21", "clock.horizon=1"}},
		"large-order":              {"takes too long for a page", []string{"agents.maker.count=130", "record.every=20", "record.statistics_every=200"}},
	} {
		t.Run(name, func(t *testing.T) {
			part, rows := gains(t, play(t, name, append(few, c.sets...)...))
			contains(t, part, c.want)
			assert.Empty(t, rows)
			assert.Equal(t, strings.Contains(c.want, "too long"), strings.Contains(part, "sim deviate scenario.json"))
		})
	}
}
