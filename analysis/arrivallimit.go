package analysis

import (
	"math"

	"walras/montecarlo"
)

// biased gives rows of a market that investors come to at ticks their distance from the
// same market at exact times.
func biased(rows []Row, limit *Limit) []Row {
	if limit == nil || limit.Exact == nil {
		return rows
	}
	type key struct {
		statistic, agent, other string
		t                       float64
	}
	of := func(r Row) key {
		if math.IsNaN(r.T) { // which is equal to nothing
			r.T = -1
		}
		return key{r.Statistic, r.Agent, r.Agent2, r.T}
	}
	exact := limit.Exact
	layout := exact.ArrivalLayout()
	nothing := montecarlo.Sums{Add: make([]float64, layout.Adds()), Max: make([]float64, layout.Maxes())}
	theory := make(map[key]float64)
	for _, r := range arrivalStatistics(exact, nothing) { // of which theory alone is used
		theory[of(r)] = r.Analytic
	}
	for i, r := range rows {
		if value, ok := theory[of(r)]; ok && !r.open {
			rows[i].Bias = r.Analytic - value
		}
	}
	return rows
}
