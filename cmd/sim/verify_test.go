package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/analysis"
	"walras/experiment"
	"walras/scenarios"
)

// TestVerifyFailure is what a failed verdict prints, and its exit status, which no
// scenario of a correct program shows.
func TestVerifyFailure(t *testing.T) {
	s, err := scenarios.Load("five-traders", scenarios.Options{})
	require.NoError(t, err)
	s.MonteCarlo.Paths = 3000
	bad := analysis.Row{Statistic: "welfare", Agent: "t1", T: 2.5, Estimate: 1, Analytic: 2, StdError: .1, Z: -10, Judged: true}
	good := analysis.Row{Statistic: "welfare", Agent: "t2", Estimate: 1, Analytic: 1, StdError: .1, Judged: true, Passed: true}
	out := &experiment.Outcome{Scenario: s, Verdict: analysis.Verdict{Rows: []analysis.Row{bad, good}, Largest: 10, Allowed: 4}}

	var quiet, text bytes.Buffer
	f := verifyFlags{quiet: true} // a failure is not silent
	require.NoError(t, f.line(&quiet, out, 100_000, 12))
	f.quiet = false
	require.NoError(t, f.line(&text, out, 100_000, 12))
	require.Equal(t, text.String(), quiet.String())
	require.Contains(t, text.String(), "five-traders   2 checks, largest |z| 10.0, allowed 4.0: FAILED (1); 3,000 of 100,000 paths, seed 1\n")
	require.Regexp(t, `welfare t1 t=2\.5 +1 +0\.1 +2 +-10`, text.String())
	require.NotContains(t, text.String(), "t2")

	v := verdictOf(out)
	require.False(t, v.Passed)
	require.Len(t, v.Failures, 1)
	require.NoError(t, conclude(0, 2))
	require.EqualError(t, conclude(1, 2), "the verdict failed in 1 of 2 scenarios")
	require.Equal(t, exitFailed, statusOf(conclude(1, 1)))
}
