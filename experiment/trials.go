package experiment

import (
	"context"
	"math"

	"walras/analysis"
	"walras/montecarlo"
)

// labBlocks is the number of blocks that are played at a time, without and then
// with each deviation: memory stays bounded however many paths there are.
const labBlocks = 8

// runTrials plays every trial on the paths of the run without deviation.
func runTrials(ctx context.Context, base *montecarlo.Simulation, trials []*trial, o LabOptions) error {
	runs := []*trial{nil} // nil: nobody deviates
	for _, t := range trials {
		if t.sim != nil {
			runs = append(runs, t)
		}
	}
	total, done := int64(len(runs))*base.Paths, int64(0)
	for from := int64(0); from < base.Blocks(); from += labBlocks {
		to := min(from+labBlocks, base.Blocks())
		var honest []*montecarlo.Result
		for _, t := range runs {
			sim := base
			if t != nil {
				sim = t.sim
			}
			err := sim.Run(ctx, from, to, o.Workers, func(r *montecarlo.Result) error {
				if t == nil {
					honest = append(honest, r)
				} else {
					t.compare(r, honest[r.Block-from])
				}
				if done += int64(r.Paths); o.Progress != nil {
					o.Progress(done, total)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// compare adds the gains on the paths of a block. Pairs of antithetic paths are
// one observation.
func (t *trial) compare(deviated, honest *montecarlo.Result) {
	welfare := func(r *montecarlo.Result, at int) float64 { return r.Outcomes[3*at] + r.Outcomes[3*at+1] }
	// A simulation may have more seats where the deviator has one of its own.
	seats, others := len(deviated.Outcomes)/(3*deviated.Paths), len(honest.Outcomes)/(3*honest.Paths)
	gain := func(p int) (plain, fine float64) {
		at, was := p*seats+t.seat, p*others+t.stays
		plain = welfare(deviated, at)
		if t.common || deviated.Controlled == nil || honest.Controlled == nil {
			return plain - t.value, plain - welfare(honest, was)
		}
		return plain - t.value, deviated.Controlled[at] - honest.Controlled[was]
	}
	for p := 0; p < deviated.Paths; p++ {
		plain, fine := gain(p)
		if t.sim.Antithetic {
			p++
			mirrorPlain, mirrorFine := gain(p)
			plain, fine = (plain+mirrorPlain)/2, (fine+mirrorFine)/2
		}
		t.plain.add(plain - t.row.Exact)
		t.fine.add(fine - t.row.Exact)
	}
}

// observations are the sums of a sample, taken about a centre.
type observations struct {
	n           int64
	sum, square float64
}

func (o *observations) add(x float64) {
	o.n++
	o.sum += x
	o.square += float64(x * x)
}

func (o *observations) mean() float64 { return o.sum / float64(o.n) }

// stdError is NaN for a single observation.
func (o *observations) stdError() float64 {
	if o.n < 2 {
		return math.NaN()
	}
	n := float64(o.n)
	return math.Sqrt(math.Max(0, o.square/n-o.mean()*o.mean()) / (n - 1))
}

// exactGain is the rounding level of gains, relative to the value of the
// inventories that they change.
const exactGain = 1e-11

// judge puts gains beside theory: they agree within sampling error, and who must
// lose does. As with other statistics, z is judged where analysis.Enough
// observations stand behind it, and a number that is not finite fails.
func (lab *Laboratory) judge(trials []*trial) {
	tested := 0
	for _, t := range trials {
		if t.sim == nil {
			continue
		}
		t.close()
		if t.tested() {
			tested++
		}
	}
	lab.Allowed, lab.Passed = analysis.Allowed(tested), true
	for _, t := range trials {
		r := &t.row
		if t.tested() {
			lab.Largest = math.Max(lab.Largest, math.Abs(r.Z))
			r.Passed = r.Passed && math.Abs(r.Z) <= lab.Allowed
		}
		lab.Passed = lab.Passed && r.Passed
		lab.Rows = append(lab.Rows, *r)
	}
}

// tested reports whether the row has a z that counts.
func (t *trial) tested() bool {
	return t.sim != nil && !math.IsNaN(t.row.Z) && analysis.Enough(t.sim, t.row.N)
}

// close completes the row, all but the judgement of z.
func (t *trial) close() {
	r := &t.row
	r.N, r.Gain = t.fine.n, r.Exact+t.fine.mean()
	r.StdError, r.Plain, r.Z = t.fine.stdError(), t.plain.stdError(), math.NaN()
	rounding := exactGain * (t.scale + math.Abs(r.Exact))
	switch difference := math.Abs(r.Gain - r.Exact); {
	case !(difference <= math.MaxFloat64):
		r.Passed, r.Note = false, "not a finite number"
	case r.StdError <= rounding:
		r.Passed = difference <= rounding+6*r.StdError
	case math.IsNaN(r.StdError) || math.IsInf(r.StdError, 0):
		r.Passed = r.N < 2
	default:
		r.Z, r.Passed = (r.Gain-r.Exact)/r.StdError, true
	}
	if r.Loses && r.Exact > rounding {
		r.Passed, r.Note = false, "a strategic trader gains by deviating from its equilibrium"
	}
}
