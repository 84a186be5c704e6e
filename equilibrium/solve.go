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
// is cheaper than more accelerated iterations; riccatiLimit is the same where
// every evaluation solves nonlinear value equations.
const (
	newtonLimit  = 700
	riccatiLimit = 200
)

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
	timing := Timing{DiscountRate: g.DiscountRate, Step: step}
	if g.byMember() {
		return g.solveMembers(timing)
	}
	classes, of := g.classes()
	if g.Commitment != nil {
		return g.commit(classes, of, timing)
	}
	if g.competitive() {
		return g.shareAtOnce(classes, of, timing)
	}
	s, it, err := follow(classes, timing)
	if err != nil {
		return nil, err
	}
	return g.accept(of, it, s)
}

// follow solves by continuation in the spread of the market: at spread 0 all
// traders are alike, with costs at their geometric mean, at 1 they are what they
// are. Large markets of many classes start from their coarse market and need no
// continuation unless it misleads. The iteration comes with the solution.
func follow(classes []class, timing Timing) (*state, *iteration, error) {
	if isLarge(classes) && len(classes) >= manyClasses {
		if guess := fromCoarse(classes, timing); guess != nil {
			if s, it := solveAt(classes, timing, guess); s != nil {
				return s, it, nil
			}
		}
	}
	middle := middleOf(classes)
	spread := func(share float64) []class { return middle.spread(classes, share) }
	s, it, reached := walk(spread, timing, start(classes, timing, middle), 1e-4)
	if reached < 1 {
		return nil, nil, lost(classes, middle, reached)
	}
	return s, it, nil
}

// walk solves by continuation along a path of markets, from an easy one at 0 to
// the one that is wanted at 1. The share grows as far as the iteration
// converges, each time from an extrapolation of the last two solutions, until
// steps below finest fail. It returns the last solution with its iteration, and
// how far along the path that is.
func walk(path func(share float64) []class, timing Timing, guess *state, finest float64) (*state, *iteration, float64) {
	current, reached := guess, 0.0
	var previous *state
	var last *iteration
	before := 0.0
	step := 1.0
	for reached < 1 {
		target := math.Min(1, reached+step)
		if 1-target < 1e-9 {
			target = 1
		}
		market := path(target)
		guess := extrapolate(previous, current, before, reached, target)
		solved, it := solveAt(market, timing, guess)
		if solved == nil && previous != nil {
			solved, it = solveAt(market, timing, current.clone())
		}
		if solved == nil {
			step /= 2
			if step < finest {
				return current, last, reached
			}
			continue
		}
		if reached > 0 {
			previous, before = current, reached
		}
		current, last, reached = solved, it, target
		step *= 1.5
	}
	return current, last, 1
}

// lost reports where continuation failed.
func lost(classes []class, middle middle, reached float64) error {
	low, high, what := math.Inf(1), 0.0, "holding costs"
	for _, c := range middle.spread(classes, reached) {
		low, high = math.Min(low, c.cost), math.Max(high, c.cost)
		if c.kind == Misperceived {
			what = "holding costs and impact factors"
		}
	}
	if reached == 0 {
		return &NoEquilibriumError{
			Reason: fmt.Sprintf("the iteration does not converge even with all holding costs at %.4g", middle.cost),
			Hint:   "try fewer members",
		}
	}
	return &NoEquilibriumError{
		Reason: fmt.Sprintf("continuation in the spread of the %s stopped at %.4g of the way (costs from %.4g to %.4g solved)", what, reached, low, high),
		Hint:   "try " + what + " closer together",
	}
}

// middle is the trader at spread 0. Between traders alike in cost and factor
// there is neither momentum nor transient impact, and all kinds act alike.
type middle struct {
	cost      float64
	eagerness float64 // 1/(1+φ)
}

// middleOf is the geometric mean of the costs, and the factor that leaves
// Σ 1/(1+φ), on which trade depends, what it is. Beside a fringe, where trade
// does not depend on it, the factor is 1.
func middleOf(classes []class) middle {
	sum, eagerness, members, fringe := 0.0, 0.0, 0.0, false
	for _, c := range classes {
		sum += math.Log(c.cost)
		eagerness += c.count / (1 + c.factor)
		members += c.count
		fringe = fringe || c.kind == Fringe
	}
	m := middle{cost: math.Exp(sum / float64(len(classes))), eagerness: eagerness / members}
	if fringe {
		m.eagerness = .5
	}
	return m
}

// factor is φ of the middle.
func (m middle) factor() float64 { return 1/m.eagerness - 1 }

// spread is the market on the way from traders alike (0) to those given (1).
func (m middle) spread(classes []class, spread float64) []class {
	out := append([]class(nil), classes...)
	if spread == 1 {
		return out
	}
	for i, c := range out {
		out[i].cost = m.cost * math.Pow(c.cost/m.cost, spread)
		eagerness := 1 / (1 + c.factor)
		out[i].factor = 1/(m.eagerness+spread*(eagerness-m.eagerness)) - 1
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
	limit := newtonLimit
	if classes[0].shocks != nil {
		limit = riccatiLimit
	}
	if it.many == nil && !(residual <= acceptedResidual/100) && result.Residual < 1e-2 && len(x) <= limit {
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
