package equilibrium

import (
	"fmt"
	"math"

	"walras/internal/fixedpoint"
)

// acceptedResidual is the rounding level that a solution must reach, relative
// to the terms of each condition.
const acceptedResidual = 1e-11

// newtonLimit is the largest number of unknowns for which a dense Newton step
// is cheaper than more accelerated iterations.
const newtonLimit = 700

// anderson are the settings of the accelerated iteration. Many different traders
// beside a fringe need the long memory: with a depth of 8 thirty of them stall.
var anderson = fixedpoint.Options{Depth: 30, Damping: 0.5, Tolerance: 1e-14, Plateau: 1e-11, MaxIterations: 80}

// Continuous solves the game in continuous time (SS 15–17). The error is a
// NoEquilibriumError if there is no equilibrium with trade or none was found.
func (g Game) Continuous() (*Solution, error) { return g.solve(0) }

// Discrete solves the exact discrete-time game with auctions a step apart.
// Selling rates are quantities per auction.
func (g Game) Discrete(step float64) (*Solution, error) {
	if !(step > 0) {
		panic("equilibrium: a discrete game needs a positive step")
	}
	return g.solve(step)
}

func (g Game) solve(step float64) (*Solution, error) {
	if err := g.validate(); err != nil {
		return nil, err
	}
	classes, of := g.classes()
	timing := Timing{DiscountRate: g.DiscountRate, Step: step}
	s, it, err := follow(classes, timing)
	if err != nil {
		return nil, err
	}
	return g.accept(of, it, s)
}

// follow solves by continuation in the spread of the holding costs: at spread
// 0 all costs are at their geometric mean, at 1 they are the market's. The
// spread grows as far as the iteration converges, each time from an
// extrapolation of the last two solutions. Many classes start from their coarse
// market and need no continuation unless it misleads. The iteration comes with
// the solution.
func follow(classes []class, timing Timing) (*state, *iteration, error) {
	if len(classes) >= manyClasses {
		if guess := fromCoarse(classes, timing); guess != nil {
			if s, it := solveAt(classes, timing, guess); s != nil {
				return s, it, nil
			}
		}
	}
	middle := geometricMean(classes)
	current, reached := start(classes, timing, middle), 0.0
	var previous *state
	var last *iteration
	before := 0.0
	step := 1.0
	for reached < 1 {
		target := math.Min(1, reached+step)
		if 1-target < 1e-9 {
			target = 1
		}
		spread := spreadCosts(classes, middle, target)
		guess := extrapolate(previous, current, before, reached, target)
		solved, it := solveAt(spread, timing, guess)
		if solved == nil && previous != nil {
			solved, it = solveAt(spread, timing, current.clone())
		}
		if solved == nil {
			step /= 2
			if step < 1e-4 {
				return nil, nil, lost(classes, middle, reached)
			}
			continue
		}
		if reached > 0 {
			previous, before = current, reached
		}
		current, last, reached = solved, it, target
		step *= 1.5
	}
	return current, last, nil
}

// lost reports where continuation failed.
func lost(classes []class, middle, reached float64) error {
	low, high := math.Inf(1), 0.0
	for _, c := range spreadCosts(classes, middle, reached) {
		low, high = math.Min(low, c.cost), math.Max(high, c.cost)
	}
	if reached == 0 {
		return &NoEquilibriumError{
			Reason: fmt.Sprintf("the iteration does not converge even with all holding costs at %.4g", middle),
			Hint:   "try fewer members",
		}
	}
	return &NoEquilibriumError{
		Reason: fmt.Sprintf("continuation in the spread of the holding costs stopped at %.4g of the way (costs from %.4g to %.4g solved)", reached, low, high),
		Hint:   "try holding costs closer together",
	}
}

func geometricMean(classes []class) float64 {
	sum := 0.0
	for _, c := range classes {
		sum += math.Log(c.cost)
	}
	return math.Exp(sum / float64(len(classes)))
}

func spreadCosts(classes []class, middle, spread float64) []class {
	out := append([]class(nil), classes...)
	for i := range out {
		if spread < 1 {
			out[i].cost = middle * math.Pow(out[i].cost/middle, spread)
		}
	}
	return out
}

// extrapolate continues the line through the last two solutions.
func extrapolate(previous, current *state, before, reached, target float64) *state {
	guess := current.clone()
	if previous == nil {
		return guess
	}
	w := (target - reached) / (reached - before)
	line := func(out, old, now []float64) {
		for i := range out {
			out[i] = now[i] + w*(now[i]-old[i])
		}
	}
	line(guess.price, previous.price, current.price)
	line(guess.spread, previous.spread, current.spread)
	line(guess.own, previous.own, current.own)
	line(guess.mean, previous.mean, current.mean)
	return guess
}

// solveAt runs the accelerated fixed point from a guess, and polishes with
// Newton's method where it stalls near the solution. The solution is nil where
// it does not get there.
func solveAt(classes []class, timing Timing, guess *state) (*state, *iteration) {
	it := newIteration(classes, timing)
	if it.many != nil {
		it.many.begin(guess, classes, timing)
	}
	u := newUnits(classes, guess)
	x := make([]float64, guess.size())
	guess.pack(u, x)
	in, out := guess.clone(), guess.clone()
	step := func(x, image []float64) error {
		in.unpack(u, x)
		if err := it.next(in, out); err != nil {
			return err
		}
		out.pack(u, image)
		return nil
	}
	options := anderson
	options.MaxIterations += 4 * len(classes)
	if it.many != nil {
		options = it.many.settings()
	}
	result, err := fixedpoint.Anderson(step, x, options)
	if err != nil && result.Residual > 1e-3 {
		return nil, nil
	}
	in.unpack(u, x)
	residual := it.residual(in)
	if it.many == nil && !(residual <= acceptedResidual/100) && result.Residual < 1e-2 && len(x) <= newtonLimit {
		scale := make([]float64, len(x))
		for i := range scale {
			scale[i] = math.Max(1e-3, math.Abs(x[i]))
		}
		if _, err := fixedpoint.Newton(step, x, scale, fixedpoint.Options{Tolerance: 1e-15, MaxIterations: 8}); err != nil {
			return nil, nil
		}
		in.unpack(u, x)
		residual = it.residual(in)
	}
	if !(residual <= acceptedResidual) || it.many != nil && !it.relaxes(in) {
		return nil, nil
	}
	return in.clone(), it
}
