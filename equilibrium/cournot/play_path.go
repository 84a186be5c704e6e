package cournot

import (
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/mat"
)

// State is the market at one time; prices are relative to the fundamental value.
// Where a flow jumps, Bid, Ask and Net are those just after, and BidBefore and
// AskBefore just before.
type State struct {
	Time                 float64
	Inventories          []float64 // of a member of each seat
	Net                  []float64 // u, what a member buys less what it sells, per time
	Bid, Ask             float64
	BidBefore, AskBefore float64
}

// Path is the market at these times, 0 or later and ascending, from these
// inventories, one for each seat.
func (p *Play) Path(inventories, times []float64) []State {
	if len(inventories) != len(p.Members) {
		panic("cournot: one inventory is needed for each seat")
	}
	if !sort.Float64sAreSorted(times) {
		panic("cournot: the times of a path must ascend")
	}
	list := make([]State, 0, len(times))
	step := stepper{Play: p}
	x := mat.NewVecDense(len(inventories), slices.Clone(inventories))
	for i, s := range p.stretches {
		n := sort.SearchFloat64s(times, s.to)
		z := step.back(times[:n], s, p.ends[i])
		from := s.from
		for k, t := range times[:n] {
			x, from = step.forth(x, z[k], from, t), t
			list = append(list, p.state(i, t, x, z[k]))
		}
		x = step.forth(x, p.ends[i], from, s.to)
		times = times[n:]
	}
	from, none := p.end(), mat.NewVecDense(p.jump.Len(), nil)
	for _, t := range times {
		x, from = step.forth(x, none, from, t), t
		list = append(list, p.state(len(p.stretches), t, x, none))
	}
	return list
}

// end is when the flows end.
func (p *Play) end() float64 {
	if len(p.stretches) == 0 {
		return 0
	}
	return p.stretches[len(p.stretches)-1].to
}

// state is that at time t in stretch i.
func (p *Play) state(i int, t float64, x, z *mat.VecDense) State {
	now := stretch{from: p.end()}
	if i < len(p.stretches) {
		now = p.stretches[i]
	}
	s := State{Time: t, Inventories: slices.Clone(x.RawVector().Data), Net: p.net(x, z)}
	s.Bid, s.Ask = p.quotes(s.Net, now.sell, now.buy)
	s.BidBefore, s.AskBefore = s.Bid, s.Ask
	if i > 0 && t == now.from {
		last := p.stretches[i-1]
		s.BidBefore, s.AskBefore = p.quotes(p.net(x, p.ends[i-1]), last.sell, last.buy)
	}
	return s
}

// stepper moves z back and inventories forth in time. It keeps the matrices of the
// last step, because steps are often equal but for the rounding of times.
type stepper struct {
	*Play
	backStep, forthStep float64
	follows             *mat.Dense
	decay, inflow       *mat.Dense
}

// rounding is how far steps between times around t may differ and be equal.
func rounding(t float64) float64 { return 1e-15 * math.Abs(t) }

// back is z at these times of a stretch.
func (s *stepper) back(times []float64, in stretch, end *mat.VecDense) []*mat.VecDense {
	list := make([]*mat.VecDense, len(times))
	to := in.to
	for k := len(times) - 1; k >= 0; k-- {
		u := to - times[k]
		if s.follows == nil || math.Abs(u-s.backStep) > rounding(to) {
			s.follows, s.backStep = propagator(s.follow, u).whole(), u
		}
		list[k] = new(mat.VecDense)
		list[k].MulVec(s.follows, end)
		end, to = list[k], times[k]
	}
	return list
}

// forth moves inventories to a time t at which z is given.
func (s *stepper) forth(x, z *mat.VecDense, from, t float64) *mat.VecDense {
	u := t - from
	if u == 0 {
		return x
	}
	if s.decay == nil || math.Abs(u-s.forthStep) > rounding(t) {
		s.decay, s.inflow = carried(s.Reversion, s.rates, s.follow, u)
		s.forthStep = u
	}
	var left, in mat.VecDense
	left.MulVec(s.decay, x)
	in.MulVec(s.inflow, z)
	left.AddVec(&left, &in)
	return &left
}
