package shocks

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// CompoundPoisson is a compound Poisson process in as many dimensions as there
// are agents: at the ticks of one Poisson clock of rate ν, common to all agents,
// everybody receives a normal jump, and the jumps of one tick have covariance Σ/ν.
// Its covariance per unit of time is Σ, whatever the rate. It is immutable.
//
// The clock of a path has a stream of its own, and so have the sizes of each
// agent's jumps: the n-th jump of a path is L·ε/√ν, with L the lower Cholesky
// factor of Σ in the order of the agents and εᵢ the n-th normal number of agent i.
// So what holds for the shocks of a [Brownian] holds here: an agent's own do not
// depend on who else is there. Nor do the jumps depend on the step: a shorter
// one sorts the same jumps into more periods.
type CompoundPoisson struct {
	motion *Brownian // with the same covariance per unit of time
	rate   float64
}

// NewCompoundPoisson returns the process with this covariance per unit of time
// ((unit of the shock)² / unit of time) and rate jumps per unit of time, for agents
// with these channels. Errors are those of [NewBrownian]. It panics if the rate
// is not positive and finite.
func NewCompoundPoisson(covariance mat.Symmetric, rate float64, channels []uint64) (*CompoundPoisson, error) {
	if !(rate > 0) || math.IsInf(rate, 1) {
		panic("shocks: rate of jumps not positive and finite")
	}
	motion, err := NewBrownian(covariance, channels)
	if err != nil {
		return nil, err
	}
	return &CompoundPoisson{motion: motion, rate: rate}, nil
}

// JumpIncrements are the [Increments] of a [CompoundPoisson]. Their cost is
// proportional to the number of jumps, but for a look at every path's clock.
type JumpIncrements struct {
	cfg     Config
	columns []column // drawn holds Σε over the jumps of the period, for each lane hit
	rows    [][]term // for each agent, the nonzero part of its row of L/√ν
	period  float64  // νΔ, the length of a period in mean times between jumps

	first    int64
	paths    int
	lanes    int
	arrivals []Stream
	wait     []float64 // for each lane the time to its next jump, in mean times
	hit      []int     // the lanes with jumps in the period, ascending
	jumps    []int     // how many, for each lane hit
	lane     []float64 // increments, for each lane hit
}

// Increments returns a source of the sums of the jumps of each period. It panics
// if the step is not positive and finite, or if there is no room for a path.
func (p *CompoundPoisson) Increments(cfg Config) *JumpIncrements {
	cfg.check()
	n := cfg.capacity()
	i := &JumpIncrements{
		cfg: cfg, period: p.rate * cfg.Step, arrivals: make([]Stream, n), wait: make([]float64, n),
		hit: make([]int, 0, n), jumps: make([]int, 0, n), lane: make([]float64, n),
	}
	i.columns, i.rows = p.motion.terms(1/math.Sqrt(p.rate), n, n)
	return i
}

// Start implements [Increments].
func (i *JumpIncrements) Start(firstPath int64, paths int) {
	i.lanes = i.cfg.lanes(firstPath, paths)
	i.first, i.paths = firstPath, paths
	i.cfg.reset(i.arrivals[:i.lanes], firstPath, 0, Arrivals) // the clock is nobody's
	for lane := range i.lanes {
		i.wait[lane] = i.arrivals[lane].Exp()
	}
	for _, c := range i.columns {
		i.cfg.reset(c.streams[:i.lanes], firstPath, c.channel, Jumps)
	}
}

// Next implements [Increments].
func (i *JumpIncrements) Next(dst [][]float64) {
	if len(dst) != len(i.rows) || i.paths == 0 {
		panic(badDestination)
	}
	i.arrive()
	for _, c := range i.columns {
		i.draw(c)
	}
	for r, row := range i.rows {
		out := dst[r][:i.paths]
		clear(out)
		if len(row) > 0 {
			lane := i.lane[:len(i.hit)]
			combine(lane, row, i.columns, 0)
			i.scatter(out, lane)
		}
	}
}

// arrive lets a period pass on every clock.
func (i *JumpIncrements) arrive() {
	i.hit, i.jumps = i.hit[:0], i.jumps[:0]
	for lane, wait := range i.wait[:i.lanes] {
		jumps := 0
		for ; wait < i.period; jumps++ {
			wait += i.arrivals[lane].Exp()
		}
		i.wait[lane] = wait - i.period
		if jumps > 0 {
			i.hit, i.jumps = append(i.hit, lane), append(i.jumps, jumps)
		}
	}
}

// draw sums a column's ε over the jumps of the period.
func (i *JumpIncrements) draw(c column) {
	for h, lane := range i.hit {
		s, sum := &c.streams[lane], 0.0
		for range i.jumps[h] {
			sum += s.Norm()
		}
		c.drawn[h] = sum
	}
}

// scatter writes the increments of the lanes hit to their paths, in pairs with
// opposite signs if antithetic.
func (i *JumpIncrements) scatter(out, lane []float64) {
	if !i.cfg.Antithetic {
		for h, k := range i.hit {
			out[k] = lane[h]
		}
		return
	}
	skip := int(i.first & 1) // the first pair lacks its first path
	for h, k := range i.hit {
		if p := 2*k - skip; p >= 0 {
			out[p] = lane[h]
		}
		if p := 2*k - skip + 1; p < len(out) {
			out[p] = -lane[h]
		}
	}
}
