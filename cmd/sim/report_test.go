package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"walras/analysis"
	"walras/equilibrium"
	"walras/experiment"
	"walras/market"
	"walras/montecarlo"
	"walras/output"
	"walras/scenarios"
	"walras/shocks"
)

// TestStatuses holds every kind of error against the contract with scripts,
// also where it is wrapped.
func TestStatuses(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{&failedError{"x"}, 1},
		{usage("x"), 2},
		{scenarios.Problems{{}}, 2},
		{&output.ExistsError{}, 2},
		{&output.OtherRunError{}, 2},
		{&output.ForeignError{}, 2},
		{&output.BusyError{}, 2},
		{&equilibrium.NoEquilibriumError{}, 3},
		{&equilibrium.UnstableGridError{}, 3},
		{&market.NotAcceptableError{}, 3},
		{&montecarlo.OverflowError{}, 2},
		{&analysis.NotFiniteError{}, 2},
		{&shocks.SameChannelError{}, 2},
		{&shocks.NotPSDError{}, 2},
		{&shocks.NonFiniteError{}, 2},
		{&experiment.DeviationError{}, 2},
		{&output.Error{Op: "write", Path: "x", Err: fs.ErrPermission}, 4},
		{errors.New("anything else"), 4},
		{context.Canceled, 130},
		{&interruptedError{"x"}, 130},
	} {
		assert.Equal(t, c.want, statusOf(c.err), "%T", c.err)
		assert.Equal(t, c.want, statusOf(fmt.Errorf("at a point: %w", c.err)), "%T wrapped", c.err)
	}
}

// judged is an outcome with one check that failed by ten standard errors.
func judged() *experiment.Outcome {
	nan := math.NaN()
	good := analysis.Row{Statistic: "welfare", Agent: "a", T: nan, Estimate: 1.01, StdError: 0.01, N: 9, Analytic: 1, Z: 1, Bias: nan, Judged: true, Passed: true}
	bad := good
	bad.Agent, bad.Estimate, bad.Z, bad.Passed = "b", 1.1, 10, false
	return &experiment.Outcome{
		Scenario: &scenarios.Scenario{Name: "x", Market: "double_auction"}, Directory: "runs/x", Manifest: &output.Manifest{Digest: "0123456789abcdef"},
		Rows: []analysis.Row{good, bad}, Verdict: analysis.Verdict{Rows: []analysis.Row{good, bad}, Largest: 10, Allowed: 5},
	}
}

// TestFailedVerdict cannot be had from a correct program: a run whose verdict
// failed ends with status 1 and says which checks failed, and where they stand.
func TestFailedVerdict(t *testing.T) {
	for name, f := range map[string]runFlags{"table": {}, "json": {asJSON: true}, "quiet": {quiet: true}} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			err := f.report(streams{out: &stdout, err: &stderr}, judged(), 1, 0)
			assert.Equal(t, exitFailed, explain(&stderr, err))
			assert.Equal(t, "sim: the verdict failed: 1 of 2 checks; see runs/x/checks.parquet\n", stderr.String())
			switch name {
			case "table":
				assert.Contains(t, stdout.String(), "2 checks, largest |z| 10.0, allowed 5.0: FAILED (1)\n")
				assert.Regexp(t, `(?m)^  failed +estimate +± s\.e\. +theory +z\n  welfare b +1\.1 +0\.01 +1 +10$`, stdout.String())
			case "json":
				assert.Contains(t, stdout.String(), `"passed": false`)
				assert.Equal(t, 1, strings.Count(stdout.String(), `"agent": "a"`))
				assert.Equal(t, 2, strings.Count(stdout.String(), `"agent": "b"`), "among the rows and the failures")
			default:
				assert.Empty(t, stdout.String())
			}
		})
	}
}

// TestNumbers checks how numbers are written for people.
func TestNumbers(t *testing.T) {
	for want, got := range map[string]string{
		"0": grouped(0), "999": grouped(999), "1,000": grouped(1000), "-12,345,678": grouped(-12345678),
		"0.000090": fixed(0.00009, decimals(0.00009)), "0.0021": fixed(0.00213, decimals(0.00213)), "123": fixed(123.4, decimals(40)),
		"0.00": fixed(-0.001, 2), "1.5e+12": fixed(1.5e12, 3), "": fixed(math.NaN(), 3), "0.1": brief(0.1),
		"1 kB": size(10), "12 kB": size(12_345), "3 MB": size(2_500_001), "1.2 GB": size(1_234_567_890),
		"1 worker": plural(1, "worker"), "2 workers": plural(2, "worker"), "0123456789ab…": short("0123456789abcdef"),
	} {
		assert.Equal(t, want, got)
	}
}

// TestQuoted checks that a shell reads words back as they were.
func TestQuoted(t *testing.T) {
	for word, want := range map[string]string{
		"five-traders": "five-traders", "clock.step=0.05": "clock.step=0.05", "a b": "'a b'", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "": "''",
	} {
		assert.Equal(t, want, quoted(word))
	}
}
