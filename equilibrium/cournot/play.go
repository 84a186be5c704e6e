package cournot

import (
	"slices"

	"gonum.org/v1/gonum/mat"

	"walras/clock"
)

// Flows are the rates of all large sells at the bid and of all large buys at the
// ask, both 0 or more, known from time 0.
type Flows struct {
	Sells, Buys clock.Schedule
}

// Validate returns an error for a schedule that cannot stand, a negative rate or
// an interval without end.
func (f Flows) Validate() error {
	if err := validOrder("Sells", f.Sells); err != nil {
		return err
	}
	return validOrder("Buys", f.Buys)
}

// Flows adds the orders up. Intervals end where any order's rate may jump.
func (o Orders) Flows() Flows { return Flows{Sells: together(o.Sells), Buys: together(o.Buys)} }

func together(orders []clock.Schedule) clock.Schedule {
	var edges []float64
	for _, v := range slices.Concat(orders...) {
		edges = append(edges, v.From, v.To)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var sum clock.Schedule
	for i := 1; i < len(edges); i++ {
		v := clock.Interval{From: edges[i-1], To: edges[i]}
		for _, s := range orders {
			v.Rate += s.Rate(v.From)
		}
		sum = append(sum, v)
	}
	return sum
}

// After are the flows from a time on, which becomes time 0.
func (f Flows) After(from float64) Flows {
	return Flows{Sells: shifted(f.Sells, from), Buys: shifted(f.Buys, from)}
}

func shifted(s clock.Schedule, from float64) clock.Schedule {
	var out clock.Schedule
	for _, v := range s {
		if v.To > from {
			out = append(out, clock.Interval{From: max(0, v.From-from), To: v.To - from, Rate: v.Rate})
		}
	}
	return out
}

// stretch is a time without jumps of the flows.
type stretch struct{ from, to, sell, buy float64 }

func (s stretch) net() float64 { return s.sell - s.buy }

// stretches cuts the time from 0 to the end of the flows.
func (f Flows) stretches() []stretch {
	edges := []float64{0}
	for _, v := range slices.Concat(f.Sells, f.Buys) {
		edges = append(edges, v.From, v.To)
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var list []stretch
	for i, from := range edges[:len(edges)-1] {
		list = append(list, stretch{from: from, to: edges[i+1], sell: f.Sells.Rate(from), buy: f.Buys.Rate(from)})
	}
	return list
}

// Play is a profile in continuous time against given flows.
type Play struct {
	*Profile
	Flows Flows

	stretches []stretch
	ends      []*mat.VecDense // z just before the end of each stretch
}

// Play announces flows at time 0. The profile must be one of continuous time; the
// flows must be valid.
func (p *Profile) Play(flows Flows) *Play {
	if p.Step != 0 {
		panic("cournot: a profile of discrete time is played by its Policy")
	}
	play := &Play{Profile: p, Flows: flows, stretches: flows.stretches()}
	play.ends = make([]*mat.VecDense, len(play.stretches))
	z := mat.NewVecDense(p.jump.Len(), nil)
	next := 0. // n after the stretch
	for i := len(play.stretches) - 1; i >= 0; i-- {
		s := play.stretches[i]
		end := mat.VecDenseCopyOf(z)
		end.AddScaledVec(end, s.net()-next, p.jump)
		play.ends[i] = end
		z, next = after(p.follow, s.to-s.from, end), s.net()
	}
	return play
}

// net is u = r − Mx.
func (p *Profile) net(x, z *mat.VecDense) []float64 {
	var u, reverted mat.VecDense
	u.MulVec(p.rates, z)
	reverted.MulVec(p.Reversion, x)
	u.SubVec(&u, &reverted)
	return u.RawVector().Data
}

// quotes are the prices at which the makers' quantities are sold and bought: ask
// = ω + φ/δ − Σa/δ and bid = Σb/δ − f/δ − ω.
func (p *Seats) quotes(net []float64, sell, buy float64) (bid, ask float64) {
	δ, n, n1 := p.Activity, float64(p.Makers), float64(p.Makers+1)
	total := 0.
	for i, u := range net {
		total += p.Members[i] * u
	}
	half := p.Reservation/n1 - n*(sell+buy)/(2*n1*δ)
	return -half - sell/δ + total/(2*δ), half + buy/δ + total/(2*δ)
}

// gross is what a maker buys and sells per time but for net trades.
func (p *Seats) gross(sell, buy float64) float64 {
	return (2*p.Activity*p.Reservation + sell + buy) / (2 * float64(p.Makers+1))
}
