package analysis

import (
	"fmt"
	"math"

	"walras/market"
	"walras/montecarlo"
)

// Probabilities are those of the levels that are quantiles; rows are made of some of
// them, the others stand beside these to interpolate.
var Probabilities = []float64{.01, .03, .05, .1, .15, .25, .4, .5, .6, .75, .85, .9, .95, .97, .99}

// shown are the quantiles of which there are rows, in percent.
var shown = []int{5, 25, 50, 75, 95}

// Quantiles is the law of what a maker holds.
type Quantiles interface {
	// Quantile is what is not exceeded with a probability in (0, 1).
	Quantile(probability float64) float64
}

// Levels are the levels below which the paths of a simulation with one type of makers
// are to be counted (montecarlo.Simulation.Levels): the quantiles of what the makers
// hold together and of the mid-quote. law is that of what a maker holds at a time; nil
// where it is not known more exactly than the shares of the paths are, or has atoms.
// The mid-quote, a function of what a maker holds, has levels where phases end at given
// times.
func Levels(sim *montecarlo.Simulation, law func(t float64) Quantiles) [][2][]float64 {
	a, list := sim.Arrivals, make([][2][]float64, len(sim.Statistics))
	if len(a.Makers) != 1 || a.Step > 0 {
		return list
	}
	phase, now := 0, newDeal(1)
	for j, k := range sim.Statistics {
		t := sim.Clock.At(k).Time
		q := law(t)
		if q == nil {
			continue
		}
		for a.End == nil && a.Phases[phase].Until <= t {
			phase++
		}
		for i, p := range Probabilities {
			list[j][montecarlo.AggregateInventory] = append(list[j][montecarlo.AggregateInventory], float64(a.Makers[0].Count)*q.Quantile(p))
			if a.End == nil { // the mid-quote falls with what makers hold
				now.at(a, phase, t, []float64{q.Quantile(Probabilities[len(Probabilities)-1-i])})
				mid := (now.price[market.Bid].constant + now.price[market.Ask].constant) / 2
				list[j][montecarlo.MidQuote] = append(list[j][montecarlo.MidQuote], mid)
			}
		}
	}
	return list
}

// quantiles adds the rows for the quantiles of the levels that have been counted.
func (s *arrivalStatistician) quantiles(j int) {
	for variable, name := range [2]string{montecarlo.AggregateInventory: "inventory", montecarlo.MidQuote: "mid"} {
		levels := s.layout.Levels[j][variable]
		if len(levels) != len(Probabilities) {
			continue
		}
		at := s.layout.Below(j, variable, 0)
		shares := make([]float64, len(levels))
		for i := range shares {
			shares[i] = s.add[at+i] / s.paths
		}
		for i, p := range Probabilities {
			for _, percent := range shown {
				if math.Abs(100*p-float64(percent)) < 1e-9 {
					s.quantile(fmt.Sprintf("%s_q%02d", name, percent), j, i, levels, shares)
				}
			}
		}
	}
}

// quantile adds the row for level i, a quantile. The level itself is judged by the
// share of the paths below it, which is binomial; the estimate interpolates between the
// levels beside it.
func (s *arrivalStatistician) quantile(statistic string, j, i int, levels, shares []float64) {
	p := Probabilities[i]
	r, off := s.blank(statistic, j), p-shares[i]
	beside := i + 1 // the neighbour on the side of the estimate
	if off < 0 {
		beside = i - 1
	}
	slope := (levels[beside] - levels[i]) / (shares[beside] - shares[i])
	if !(slope > 0) || math.IsInf(slope, 1) { // nothing between the two
		slope = (levels[beside] - levels[i]) / (Probabilities[beside] - p)
	}
	r.Analytic, r.Estimate, r.N, r.exact = levels[i], levels[i]+slope*off, int64(s.pairs), true
	r.StdError, r.scale = slope*math.Sqrt(p*(1-p)/s.paths), math.Abs(levels[i])
	s.close(r, normal(1/(p*(1-p))-6, s.pairs))
}
