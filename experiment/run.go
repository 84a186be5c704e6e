package experiment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"runtime"

	"walras/analysis"
	"walras/montecarlo"
	"walras/output"
	"walras/scenarios"
)

// Options are what a run needs besides its scenario.
type Options struct {
	Directory     string
	Version       string // of the program
	Workers       int    // ≥ 1
	Resume, Force bool

	// Progress is told how many of the paths are done; nil for none.
	Progress func(done, total int64)
	// Environment describes the machine and the time taken, for the manifest;
	// it is asked when everything else is done, and is no part of the digest.
	Environment func() json.RawMessage
}

// Outcome is a finished run.
type Outcome struct {
	Scenario  *scenarios.Scenario
	Directory string
	Manifest  *output.Manifest
	Already   bool // the run was complete before: nothing was done, and of the verdict only Passed is known
	Rows      []analysis.Row
	Verdict   analysis.Verdict
}

// Run solves, simulates, judges and publishes a scenario. Errors keep their
// types: equilibrium's for markets without one, output's for directories and
// files, the context's for an interruption, after which what was finished can be
// resumed.
func Run(ctx context.Context, s *scenarios.Scenario, o Options) (*Outcome, error) {
	var stage *stage
	err := Await(ctx, func() (err error) {
		stage, err = stages[s.Market](s)
		return err
	})
	if err != nil {
		return nil, err
	}
	sim := stage.sim
	directory, err := output.Open(o.Directory, identity(s, o.Version), output.OpenOptions{Resume: o.Resume, Force: o.Force})
	if err != nil {
		return nil, err
	}
	defer directory.Close()
	if directory.Complete() {
		manifest, err := output.ReadManifest(o.Directory)
		if err != nil {
			return nil, err
		}
		out := &Outcome{Scenario: s, Directory: o.Directory, Manifest: manifest, Already: true}
		out.Verdict.Passed = manifest.Passed
		return out, nil
	}
	j, err := newJournal(directory, sim)
	if err != nil {
		return nil, err
	}
	if err := simulate(ctx, sim, j, o); err != nil {
		return nil, err
	}
	out := &Outcome{Scenario: s, Directory: o.Directory}
	if err := Await(ctx, func() error { return out.judge(stage, j.tree.Total()) }); err != nil {
		return nil, err
	}
	if err := writeTables(ctx, directory, s, stage, j.written, out, o.Version); err != nil {
		return nil, err
	}
	if err := directory.Publish(manifest(s, stage.policy(), o, out.Verdict.Passed)); err != nil {
		return nil, err
	}
	out.Manifest, err = output.ReadManifest(o.Directory)
	return out, err
}

// judge puts the sums beside theory.
func (out *Outcome) judge(st *stage, sums montecarlo.Sums) error {
	sim := st.sim
	out.Rows = analysis.Statistics(sim, sums, st.limit)
	out.Rows = append(out.Rows, analysis.Parts(sim, out.Rows, st.fringe, st.groups)...)
	if err := analysis.Finite(out.Rows); err != nil {
		return err
	}
	out.Verdict = analysis.Judge(sim, sums, out.Rows)
	return nil
}

// Await runs f, which only computes, and does not wait for it once the context
// is cancelled: what f works on must not be used then.
func Await(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// simulate plays the blocks that are not committed yet.
func simulate(ctx context.Context, sim *montecarlo.Simulation, j *journal, o Options) error {
	tell := func() {
		if o.Progress != nil {
			o.Progress(min(j.next*montecarlo.BlockSize, sim.Paths), sim.Paths)
		}
	}
	tell()
	err := sim.Run(ctx, j.next, sim.Blocks(), o.Workers, func(r *montecarlo.Result) error {
		defer tell()
		return j.add(r)
	})
	if failure := j.commit(); failure != nil { // what was finished could not be kept
		return failure
	}
	return err
}

// identity is everything that the results depend on.
func identity(s *scenarios.Scenario, version string) []byte {
	return append(s.Canonical(), "\nwalras "+version+"\n"...)
}

// scenarioDigest identifies the resolved scenario.
func scenarioDigest(s *scenarios.Scenario) string {
	sum := sha256.Sum256(s.Canonical())
	return hex.EncodeToString(sum[:])
}

func manifest(s *scenarios.Scenario, policy json.RawMessage, o Options, passed bool) output.Manifest {
	m := output.Manifest{
		Walras: o.Version, Status: "complete", Passed: passed, Scenario: s.Canonical(), Seed: s.MonteCarlo.Seed,
		Versions: map[string]string{"go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH},
		Policy:   policy,
	}
	if o.Environment != nil {
		m.Environment = o.Environment()
	}
	return m
}
