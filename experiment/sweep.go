package experiment

import (
	"context"
	"encoding/gob"
	"errors"
	"strings"
	"sync/atomic"

	"walras/analysis"
	"walras/equilibrium"
	"walras/market"
	"walras/montecarlo"
	"walras/output"
	"walras/scenarios"
	"walras/shocks"
)

// SweepOptions are what a sweep needs besides its scenario. Progress counts points.
type SweepOptions struct {
	Options
	Simulate bool // play every point, too
}

// Sweep is a finished sweep.
type Sweep struct {
	Scenario  *scenarios.Scenario
	Directory string
	Manifest  *output.Manifest
	Already   bool // the sweep was complete before: nothing was done, and there are no rows
	Simulated bool
	Keys      []string // what is swept, as columns are called
	Names     []string // of the values of the rows
	Rows      []SweepRow
	Checks    int     // z of all points that were judged
	Largest   float64 // largest |z|
	Allowed   float64 // that of so many checks
	Passed    bool    // no point failed a check

	units map[string]string // of the values, by name
}

// SweepRow is one point.
type SweepRow struct {
	Point   scenarios.Point
	Status  string // StatusOK, or why there is no result
	Message string // what the error says, or what else there is to remark
	Checks  int    // of the simulation
	Largest float64
	Passed  bool
	Judged  bool      // there was a simulation, and it came to its end
	Values  []float64 // NaN: there is none
}

// What became of a point. Another market's errors without a word of their own are
// StatusFailed.
const (
	StatusOK            = "ok"
	StatusNoEquilibrium = "no_equilibrium" // nor a best rate, where one is asked for
	StatusUnstable      = "unstable"       // a continuous-time policy on too coarse a grid
	StatusNotAcceptable = "not_acceptable"
	StatusOutOfRange    = "out_of_range" // of floating-point numbers
	StatusInvalid       = "invalid"      // a scenario that cannot be played
	StatusFailed        = "failed"
)

// Solved counts the points with a result.
func (s *Sweep) Solved() int {
	n := 0
	for _, r := range s.Rows {
		if r.Status == StatusOK {
			n++
		}
	}
	return n
}

// RunSweep solves every point of the scenario's sweep, simulates it if asked to,
// and publishes one table. A point without an equilibrium is a row that says so,
// for the sake of the others. Errors are those of directories and files, and the
// context's for an interruption, after which the finished points can be resumed.
func RunSweep(ctx context.Context, s *scenarios.Scenario, o SweepOptions) (*Sweep, error) {
	list, points, err := s.Points()
	if err != nil {
		return nil, err
	}
	kind := "solve"
	if o.Simulate {
		kind = "simulate"
	}
	id := append(identity(s, o.Version), "sweep "+kind+"\n"...)
	directory, err := output.Open(o.Directory, id, output.OpenOptions{Resume: o.Resume, Force: o.Force})
	if err != nil {
		return nil, err
	}
	defer directory.Close()
	out := &Sweep{Scenario: s, Directory: o.Directory, Simulated: o.Simulate}
	if directory.Complete() {
		out.Already = true
		if out.Manifest, err = output.ReadManifest(o.Directory); err == nil {
			out.Passed = out.Manifest.Passed
		}
		return out, err
	}
	w := &sweeper{directory: directory, scenarios: list, options: o}
	if err := w.run(ctx); err != nil {
		return nil, err
	}
	finished, err := w.committed()
	if err != nil {
		return nil, err
	}
	out.assemble(finished, points)
	if err := out.write(directory, o.Version); err != nil {
		return nil, err
	}
	if err := directory.Publish(manifest(s, nil, o.Options, out.Passed)); err != nil {
		return nil, err
	}
	out.Manifest, err = output.ReadManifest(o.Directory)
	return out, err
}

// sweptPoint is a finished point as segments keep it.
type sweptPoint struct {
	Index           int
	Status, Message string
	Figures         figures
	Run             trialRun
	Judged          bool
}

// sweeper computes points and commits them as they are finished. A segment's
// blocks count finished points, whichever they are, so that a slow one does not
// keep the others from being kept.
type sweeper struct {
	directory *output.Directory
	scenarios []*scenarios.Scenario // of the points
	options   SweepOptions
	finished  int
}

// run computes the points that are not committed yet.
func (w *sweeper) run(ctx context.Context) error {
	committed, err := w.committed()
	if err != nil {
		return err
	}
	done := make(map[int]bool)
	for _, p := range committed {
		done[p.Index] = true
	}
	var left []int
	for i := range w.scenarios {
		if !done[i] {
			left = append(left, i)
		}
	}
	w.finished = len(committed)
	results := make(chan sweptPoint, len(left)) // holds all: nobody waits for a worker that is late, nor it for anybody
	var next atomic.Int64
	workers := min(w.options.Workers, len(left))
	for range workers {
		go func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(left) {
					return
				}
				if p, err := w.compute(ctx, left[i], max(1, w.options.Workers/len(left))); err == nil {
					results <- p
				}
			}
		}()
	}
	w.tell()
	for w.finished < len(w.scenarios) {
		batch, interrupted := gather(ctx, results)
		if err := w.commit(batch); err != nil {
			return err
		}
		w.tell()
		if interrupted != nil {
			return interrupted
		}
	}
	return nil
}

func (w *sweeper) tell() {
	if w.options.Progress != nil {
		w.options.Progress(int64(w.finished), int64(len(w.scenarios)))
	}
}

// gather waits for a result and takes all others that are there: while a segment
// is on its way to the disk fast points pile up, and go with the next one.
func gather(ctx context.Context, results <-chan sweptPoint) (batch []sweptPoint, interrupted error) {
	select {
	case p := <-results:
		batch = append(batch, p)
	case <-ctx.Done():
		interrupted = ctx.Err()
	}
	for {
		select {
		case p := <-results:
			batch = append(batch, p)
		default:
			return batch, interrupted
		}
	}
}

// commit makes a batch permanent.
func (w *sweeper) commit(batch []sweptPoint) error {
	if len(batch) == 0 {
		return nil
	}
	segment, err := w.directory.NewSegment(int64(w.finished))
	if err != nil {
		return err
	}
	if err := gob.NewEncoder(segment).Encode(batch); err != nil {
		return err
	}
	w.finished += len(batch)
	_, err = segment.Commit(int64(w.finished), nil)
	return err
}

// committed reads the finished points, of this attempt and of earlier ones.
func (w *sweeper) committed() (list []sweptPoint, err error) {
	segments, err := w.directory.Segments()
	if err != nil {
		return nil, err
	}
	for _, s := range segments {
		source, err := s.Open()
		if err != nil {
			return nil, err
		}
		var batch []sweptPoint
		err = gob.NewDecoder(source).Decode(&batch)
		if err = errors.Join(err, source.Close()); err != nil {
			return nil, &output.Error{Op: "read a segment of", Path: w.directory.Path(), Err: err}
		}
		list = append(list, batch...)
	}
	return list, nil
}

// compute solves and simulates a point. The error is the context's alone; every
// other is a result.
func (w *sweeper) compute(ctx context.Context, index, workers int) (sweptPoint, error) {
	p := sweptPoint{Index: index, Status: StatusOK}
	s := w.scenarios[index]
	solved, remarks, err := solvers[s.Market](s)
	p.Figures = solved
	if err == nil && w.options.Simulate {
		var estimates figures
		var run *trialRun
		if estimates, run, err = simulatePoint(ctx, s, workers); err == nil {
			p.Figures, p.Run, p.Judged = append(p.Figures, estimates...), *run, true
		}
	}
	if ctx.Err() != nil {
		return p, ctx.Err()
	}
	if err != nil {
		p.Status, remarks = statusOf(err), append([]string{err.Error()}, remarks...)
	}
	p.Message = strings.Join(remarks, "; ")
	return p, nil
}

// statusOf is the word for an error.
func statusOf(err error) string {
	is := func(kinds ...any) bool {
		for _, kind := range kinds {
			if errors.As(err, kind) {
				return true
			}
		}
		return false
	}
	switch {
	case is(new(*equilibrium.NoEquilibriumError), new(*NoBestRateError)):
		return StatusNoEquilibrium
	case is(new(*equilibrium.UnstableGridError)):
		return StatusUnstable
	case is(new(*market.NotAcceptableError)):
		return StatusNotAcceptable
	case is(new(*montecarlo.OverflowError), new(*analysis.NotFiniteError)):
		return StatusOutOfRange
	case is(new(*shocks.NotPSDError), new(*shocks.NonFiniteError), new(*shocks.SameChannelError), new(*equilibrium.UndeterminedError), new(*DeviationError)):
		return StatusInvalid
	}
	return StatusFailed
}
