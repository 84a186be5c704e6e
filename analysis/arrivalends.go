package analysis

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mathext"

	"walras/equilibrium"
	"walras/montecarlo"
)

// survival is the probability that a random end has not come at time t.
func survival(end *equilibrium.RandomEnd, t float64) float64 {
	if t <= 0 {
		return 1
	}
	sum := 0.0
	for _, w := range end.Components {
		sum += w.Weight * mathext.GammaIncRegComp(float64(w.Stages), t*float64(w.Stages)/w.Mean)
	}
	return sum
}

// density is that of a random end at time t. Its terms νx^{n−1}e^{−x}/(n−1)!, x = νt, are
// formed from logarithms: of many stages e^{−x} alone is no number.
func density(end *equilibrium.RandomEnd, t float64) float64 {
	sum := 0.0
	for _, w := range end.Components {
		rate := float64(w.Stages) / w.Mean
		logarithm := -rate * t
		if w.Stages > 1 {
			factorial, _ := math.Lgamma(float64(w.Stages))
			logarithm += float64(w.Stages-1)*math.Log(rate*t) - factorial
		}
		sum += w.Weight * rate * math.Exp(logarithm)
	}
	return sum
}

// ending is a time at which orders may end, for all around it, which have so much
// probability.
type ending struct{ time, probability float64 }

// The times of the end over which the market is averaged.
const (
	panels     = 64    // at most so many parts of equal length until the horizon, and one at every tick of statistics if there are no more
	relaxation = 12    // of a market, at the fastest, that a part may take
	never      = 1e-13 // probability that is left out at the end
)

// gauss are the nodes and weights of the quadrature of Gauss and Legendre on [−1, 1],
// and few are those for parts in which little changes.
var gauss, few = legendre(6), legendre(3)

func legendre(n int) [][2]float64 {
	x, weights, list := make([]float64, n), make([]float64, n), make([][2]float64, n)
	quad.Legendre{}.FixedLocations(x, weights, -1, 1)
	for k := range list {
		list[k] = [2]float64{x[k], weights[k]}
	}
	return list
}

// endings are the times over which a market in which makers know the end is averaged.
func endings(sim *montecarlo.Simulation) []ending {
	horizon := sim.Clock.At(sim.Clock.Steps).Time
	cuts := cutsOf(sim, horizon)
	end, step, shortest := sim.Arrivals.End, sim.Arrivals.Step, shortest(sim.Arrivals.End)
	for width := math.Min(shortest, horizon) / 2; survival(end, cuts[len(cuts)-1]) > never; width *= 1.5 {
		if step > 0 {
			width = step * math.Ceil(width/step)
		}
		cuts = append(cuts, cuts[len(cuts)-1]+width)
	}
	var list []ending
	for i, to := range cuts[1:] {
		list = append(list, within(sim, cuts[i], to)...)
	}
	return list
}

// shortest is the shortest mean of the exponential times of which a random end is made.
func shortest(end *equilibrium.RandomEnd) float64 {
	least := math.Inf(1)
	for _, w := range end.Components {
		least = math.Min(least, w.Mean/float64(w.Stages))
	}
	return least
}

// pace is the rate at which the fastest inventories relax.
func pace(sim *montecarlo.Simulation) float64 {
	steepest := 0.0
	for _, maker := range sim.Arrivals.Makers {
		sum := 0.0
		for _, s := range maker.Slopes {
			sum += math.Abs(s)
		}
		steepest = math.Max(steepest, sum)
	}
	return steepest * sim.Arrivals.Investors.Rate()
}

// cutsOf are the limits of the parts of the time until the horizon.
func cutsOf(sim *montecarlo.Simulation, horizon float64) []float64 {
	speed := pace(sim)/relaxation + 1/shortest(sim.Arrivals.End)
	parts := math.Ceil(math.Min(panels, 8+horizon*speed))
	var cuts []float64
	for i := range int(parts) + 1 {
		cuts = append(cuts, horizon*float64(i)/parts)
	}
	if len(sim.Statistics) <= panels {
		for _, k := range sim.Statistics {
			cuts = append(cuts, sim.Clock.At(k).Time)
		}
	}
	if step := sim.Arrivals.Step; step > 0 {
		for i, t := range cuts {
			cuts[i] = step * math.Round(t/step)
		}
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

// within are endings after one time and until another. At Bernoulli steps they are
// ticks; where these are many, some stand for their neighbours.
func within(sim *montecarlo.Simulation, from, to float64) []ending {
	end, step := sim.Arrivals.End, sim.Arrivals.Step
	var list []ending
	if step == 0 {
		nodes := gauss
		if (to-from)*(pace(sim)+1/shortest(end)) < 1./2 {
			nodes = few
		}
		for _, g := range nodes {
			t := (from+to)/2 + (to-from)/2*g[0]
			list = append(list, ending{t, (to - from) / 2 * g[1] * density(end, t)})
		}
		return list
	}
	first, last := math.Round(from/step), math.Max(math.Round(to/step), math.Round(from/step)+1)
	parts := math.Min(last-first, float64(len(gauss)))
	for i := range int(parts) {
		a, b := first+math.Floor(float64(i)*(last-first)/parts), first+math.Floor(float64(i+1)*(last-first)/parts)
		list = append(list, ending{step * math.Floor((a+b+1)/2), survival(end, step*a) - survival(end, step*b)})
	}
	return list
}
