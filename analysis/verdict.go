package analysis

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"

	"walras/montecarlo"
)

// falseAlarm bounds the probability that a correct program fails a run.
const falseAlarm = 1e-4

// Verdict is the joint judgement of a run.
type Verdict struct {
	Rows    []Row   // everything judged, failures included
	Largest float64 // largest |z|
	Allowed float64 // Φ⁻¹(1 − 1e-4/(2m)) for m judged z
	Passed  bool
}

// NotFiniteError is a statistic that left the range of numbers, although every
// path stayed in it: its square or its closed form did not.
type NotFiniteError struct{ Statistic, Agent string }

// Error names the statistic and the agent.
func (e *NotFiniteError) Error() string {
	name := e.Statistic
	if e.Agent != "" {
		name += " of " + e.Agent
	}
	return name + " is not a finite number: it, or its square, is out of range; measure in other units, or make what grows smaller"
}

// Finite checks that every row can be written down: NaN where a number may be
// missing, and no infinity anywhere.
func Finite(rows []Row) error {
	for _, r := range rows {
		missing := math.IsNaN(r.Estimate) || math.IsNaN(r.Analytic) && !r.open
		for _, v := range []float64{r.Estimate, r.Analytic, r.StdError, r.Z, r.Bias} {
			if missing || math.IsInf(v, 0) {
				return &NotFiniteError{Statistic: r.Statistic, Agent: r.Agent}
			}
		}
	}
	return nil
}

// Failures are the judged rows that did not pass.
func (v Verdict) Failures() []Row {
	var list []Row
	for _, r := range v.Rows {
		if !r.Passed {
			list = append(list, r)
		}
	}
	return list
}

// Judge adds the pathwise identities to the statistics and judges every row
// that can be; rows are marked in place.
func Judge(sim *montecarlo.Simulation, sums montecarlo.Sums, rows []Row) Verdict {
	tested := 0
	for _, r := range rows {
		if r.Judged && !math.IsNaN(r.Z) {
			tested++
		}
	}
	v := Verdict{Allowed: Allowed(tested), Passed: true}
	for i := range rows {
		r := &rows[i]
		if !r.Judged {
			continue
		}
		if !math.IsNaN(r.Z) {
			r.Passed = math.Abs(r.Z) <= v.Allowed
			v.Largest = math.Max(v.Largest, math.Abs(r.Z))
		}
		v.Rows = append(v.Rows, *r)
	}
	v.Rows = append(v.Rows, pathwise(sim, sums)...)
	for _, r := range v.Rows {
		v.Passed = v.Passed && r.Passed
	}
	return v
}

// Allowed is the largest |z| that m tests may reach.
func Allowed(m int) float64 {
	if m == 0 {
		return 0
	}
	return -mathext.NormalQuantile(falseAlarm / (2 * float64(m)))
}

// pathwise are the identities of the run's first block: the largest relative
// error must be at rounding level.
func pathwise(sim *montecarlo.Simulation, sums montecarlo.Sums) []Row {
	if sim.Cournot != nil {
		return cournotPathwise(sim, sums)
	}
	if sim.Arrivals != nil {
		return arrivalPathwise(sim, sums)
	}
	l := sim.Layout()
	size := sizes(Recursion(sim.Play, sim.Initial, sim.Covariance, sim.Statistics))
	coarse := slices.Clone(size)
	coarsen(sim, coarse)
	common := rounding(sim, size)
	var rows []Row
	for i, name := range sim.Names {
		if sim.Play.Pays(i) && !sim.Play.Policy.Exponential { // utility is no sum of the accounts
			tolerance := common
			if size[i] > 0 {
				tolerance *= coarse[i] / size[i]
			}
			rows = append(rows, pathwiseRow(sim, "pathwise_identity", name, sums.Max[l.Identity(i)], tolerance))
		}
	}
	return append(rows, pathwiseRow(sim, "market_clearing", "", sums.Max[l.Clearing()], common),
		pathwiseRow(sim, "cash_conservation", "", sums.Max[l.CashBalance()], common))
}

func pathwiseRow(sim *montecarlo.Simulation, name, agent string, err, tolerance float64) Row {
	return Row{
		Statistic: name, Agent: agent, T: nan, Estimate: err, StdError: nan, Z: nan, Bias: nan,
		N: min(sim.Paths, montecarlo.BlockSize), Judged: true, Passed: err <= tolerance,
	}
}
