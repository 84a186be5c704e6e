package papers

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPapers verifies all entries, and what is said about them: every erratum is
// needed, simulated values are verified by their own, and docs/papers.md is what the
// program prints.
func TestPapers(t *testing.T) {
	list, err := Check(context.Background(), 2)
	require.NoError(t, err)
	needed := make(map[string]bool)
	perturb(t, list)
	for _, e := range list {
		require.NotEqual(t, Fail, e.Verdict, "%+v", e)
		require.False(t, math.IsNaN(e.Computed) && e.Kind != Claim, "%+v", e)
		needed[e.Erratum] = true
	}
	for _, c := range Errata {
		require.True(t, needed[c.ID], "no entry needs erratum %s", c.ID)
	}
	require.Len(t, needed, len(Errata)+1) // and those that need none

	want, err := os.ReadFile("../docs/papers.md")
	require.NoError(t, err)
	have := strings.Split(Markdown(list), "\n")
	for i, line := range strings.Split(string(want), "\n") { // the first difference is enough to know
		require.Less(t, i, len(have), "docs/papers.md is stale: sim verify --papers --markdown > docs/papers.md")
		require.Equal(t, line, have[i], "docs/papers.md is stale: sim verify --papers --markdown > docs/papers.md")
	}
}

// perturb changes one number of an entry at a time and has it judged anew: it fails.
func perturb(t *testing.T, list []Entry) {
	measured, ticks := 0, 0
	for _, e := range list {
		if e.Kind == Number && e.Erratum == "" {
			wrong := e
			wrong.Computed = e.Reference + 1.1*lastDigit(e.Printed)
			wrong.judge()
			require.Equal(t, Fail, wrong.Verdict, "computed: %+v", wrong)
		}
		if math.IsNaN(e.Simulated) {
			continue
		}
		measured++
		for _, sign := range []float64{-1, 1} {
			wrong := e
			wrong.Simulated = e.Played + sign*(5.01*e.StdError+1e-8*math.Max(1, math.Abs(e.Played)))
			wrong.judge()
			require.Equal(t, Fail, wrong.Verdict, "simulated: %+v", wrong)
			wrong = e
			off := sign * (1.01*e.allowed + 1e-8*math.Max(1, math.Abs(e.Played)))
			wrong.Played, wrong.Simulated = e.Computed+off, e.Computed+off
			wrong.judge()
			require.Equal(t, Fail, wrong.Verdict, "another game: %+v", wrong)
		}
		if e.allowed > 0 {
			ticks++
		} else {
			require.Less(t, math.Abs(e.Simulated-e.Computed), 5*e.StdError+1e-8*math.Max(1, math.Abs(e.Computed)), "%+v", e)
		}
	}
	require.Greater(t, measured, 250)
	require.Greater(t, ticks, 40)
}

// TestSelection is names of sources and errata.
func TestSelection(t *testing.T) {
	list, err := Check(context.Background(), 1, "CMZ-4", "SS-1")
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, "SS-1", list[0].Erratum)
	_, err = Check(context.Background(), 1, "CMZ-99")
	require.ErrorContains(t, err, `"CMZ-99" is no source and no erratum; sources are SS, CMZ`)
	stopped, stop := context.WithCancel(context.Background())
	stop()
	_, err = Check(stopped, 1, "CMZ")
	require.ErrorIs(t, err, context.Canceled)
}

// TestWorkers is that nothing depends on how many of them there are.
func TestWorkers(t *testing.T) {
	one, err := Check(context.Background(), 1, "T-5", "CMZ-1")
	require.NoError(t, err)
	three, err := Check(context.Background(), 3, "T-5", "CMZ-1")
	require.NoError(t, err)
	require.Equal(t, Markdown(one), Markdown(three))
	part{errata: []string{"X-1"}}.agrees([]*Entry{{Erratum: "X-1"}, {}})
	require.PanicsWithValue(t, "papers: a part names the errata [] and needs [X-1]", func() { part{}.agrees([]*Entry{{Erratum: "X-1"}, {Erratum: "X-1"}}) })
}

// TestJudge is the rule of the verdict, at its edges.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		entry Entry
		want  Verdict
	}{
		{Entry{Kind: Number, Printed: "1.38", Reference: 1.38, Computed: 1.3849}, Pass},
		{Entry{Kind: Number, Printed: "1.38", Reference: 1.38, Computed: 1.385}, Pass}, // half a unit
		{Entry{Kind: Number, Printed: "1.38", Reference: 1.38, Computed: 1.3851}, Truncated},
		{Entry{Kind: Number, Printed: "-.38", Reference: -.38, Computed: -.3899}, Truncated},
		{Entry{Kind: Number, Printed: "1.38", Reference: 1.38, Computed: 1.3901}, Fail},
		{Entry{Kind: Number, Printed: "1.38", Reference: 1.38, Computed: 1.3901, Erratum: "X-1"}, Erratum},
		{Entry{Kind: Number, Printed: "1.38", Reference: 1.38, Computed: 1.3849, Erratum: "X-1"}, Fail}, // not needed
		{Entry{Kind: Number, Printed: "1.38", Reference: 1.38, Computed: math.NaN()}, Fail},
		{Entry{Kind: Number, Printed: "7", Reference: 7, Computed: 7.4}, Pass},
		{Entry{Kind: Formula, Reference: 2, Computed: 2 + 1e-9, tolerance: agreement}, Pass},
		{Entry{Kind: Formula, Reference: 2, Computed: 2 + 1e-8, tolerance: agreement}, Fail},
		{Entry{Kind: Formula, Reference: 2, Computed: math.NaN(), tolerance: agreement}, Fail},
		{Entry{Kind: Claim, Reference: math.NaN(), Computed: 1, holds: true}, Pass},
		{Entry{Kind: Claim, Reference: math.NaN(), Computed: 1}, Fail},
		{Entry{Kind: Claim, Reference: math.NaN(), Computed: 1, holds: true, Erratum: "X-1"}, Fail},
		{*measuring(Entry{Kind: Number, Printed: "7", Reference: 7, Computed: 7}, 7.4, .1, 7), Pass},
		{*measuring(Entry{Kind: Number, Printed: "7", Reference: 7, Computed: 7}, 7.51, .1, 7), Fail},
		{*measuring(Entry{Kind: Number, Printed: "9", Reference: 9, Computed: 7, Erratum: "X-1"}, 7.4, .1, 7), Erratum},
		{*measuring(Entry{Kind: Number, Printed: "9", Reference: 9, Computed: 7, Erratum: "X-1"}, 9, .1, 7), Fail}, // errs, too
		{*measuring(Entry{Kind: Claim, Computed: 7, holds: true}, 7.001, 0, 7), Fail},
		{*measuring(Entry{Kind: Claim, Computed: 7, holds: true}, 7.2, .1, 7.1), Fail}, // of another game
		{*measuring(Entry{Kind: Claim, Computed: 7, holds: true}, 7.2, .1, 7.1).atTicks(.02, 1, 7), Pass},
		{*measuring(Entry{Kind: Claim, Computed: 7, holds: true}, 7.2, .1, 7.15).atTicks(.02, 1, 7), Fail},
		{*measuring(Entry{Kind: Claim, Computed: 7, holds: true}, 7, .1, math.NaN()), Fail},
	} {
		if c.entry.Simulated == 0 {
			c.entry.Simulated = math.NaN()
		}
		c.entry.judge()
		require.Equal(t, c.want, c.entry.Verdict, "%+v", c.entry)
	}
}

// measuring is an entry with an estimate.
func measuring(e Entry, value, stdError, played float64) *Entry {
	return e.simulated(measured{value, stdError, played})
}

// TestWrite is the Parquet file: whole, in place of an old one, or not there.
func TestWrite(t *testing.T) {
	list, err := Check(context.Background(), 1, "CMZ-13", "SS-1")
	require.NoError(t, err)
	dir := t.TempDir()
	path := filepath.Join(dir, "papers.parquet")
	require.NoError(t, Write(path, list, "test"))
	first, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, Write(path, list, "test"))
	second, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.Error(t, Write(filepath.Join(dir, "none", "papers.parquet"), list, "test"))
	list[0].Difference = math.Inf(1)
	require.Error(t, Write(path, list, "test"))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
}
