package cournot

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"walras/clock"
)

// Grid are the average rates of large sells and buys over the periods
// [k Step, (k+1) Step); after the last there are none.
type Grid struct {
	Step        float64
	Sells, Buys []float64 // of the same length
}

// Grid averages flows over the periods until they end.
func (f Flows) Grid(step float64) Grid {
	end := 0.
	for _, s := range f.stretches() {
		end = s.to
	}
	ticks := int(math.Ceil(end/step - onGrid))
	g := Grid{Step: step, Sells: make([]float64, ticks), Buys: make([]float64, ticks)}
	for k := range ticks {
		g.Sells[k], g.Buys[k] = average(f.Sells, k, step), average(f.Buys, k, step)
	}
	return g
}

// onGrid is how far from a tick, in periods, a time is on it.
const onGrid = 1e-9

// average is the mean rate over period k: the rate itself where it does not jump.
func average(s clock.Schedule, k int, step float64) float64 {
	from, to := float64(k)*step, float64(k+1)*step
	for _, v := range s {
		if v.From <= from+onGrid*step && to-onGrid*step <= v.To {
			return v.Rate
		}
	}
	return s.Quantity(from, to) / step
}

// net is n_k = f_k − φ_k.
func (g Grid) net(k int) float64 {
	if k < 0 || k >= len(g.Sells) {
		return 0
	}
	return g.Sells[k] - g.Buys[k]
}

// Policy is what the makers do at the ticks of a clock against known flows: of the
// inventories x before trade a member of each seat buys and sells the quantities
//
//	Buys(k) + Slope x,   Sells(k) − Slope x,
//
// and inventories are x_{k+1} = x_k + dt(Net_k − Reversion x_k). It is all that a
// simulation needs. After the flows' last period Net is 0.
type Policy struct {
	Seats
	Flows     Grid
	Reversion *mat.Dense  // M, per time
	Net       [][]float64 // r_k: net rates of trade at inventory 0, of each tick and seat
	plan      *Policy     // of whom the last seat stands apart, or nil
	member    int         // the seat of the plan that it comes from
}

// Policy is the equilibrium of the discrete game against these flows. The profile
// must be one of their step.
func (p *Profile) Policy(flows Grid) *Policy {
	if p.Step != flows.Step || p.Step == 0 {
		panic("cournot: the profile must be one of discrete time, with the step of the flows")
	}
	q := &Policy{Seats: p.Seats, Flows: flows, Reversion: p.Reversion, Net: make([][]float64, len(flows.Sells))}
	z := mat.NewVecDense(p.jump.Len(), nil)
	for k := len(q.Net) - 1; k >= 0; k-- {
		z.AddScaledVec(z, flows.net(k)-flows.net(k+1), p.jump)
		var r, change mat.VecDense
		r.MulVec(p.rates, z)
		q.Net[k] = r.RawVector().Data
		change.MulVec(p.follow, z)
		z.AddScaledVec(z, p.Step, &change)
	}
	return q
}

// Policy is the play in continuous time on a grid: at t_k = k dt a maker trades dt
// times its rate, with what it then anticipates in continuous time and the average
// flow of the period. It differs from an equilibrium of the discrete game by O(dt).
func (p *Play) Policy(step float64) *Policy {
	flows := p.Flows.Grid(step)
	q := &Policy{Seats: p.Seats, Flows: flows, Reversion: p.Reversion, Net: make([][]float64, len(flows.Sells))}
	size := p.jump.Len()
	for k := range q.Net {
		t := float64(k) * step
		i := 0
		for i < len(p.stretches)-1 && p.stretches[i].to <= t {
			i++
		}
		z := after(p.follow, p.stretches[i].to-t, p.ends[i])
		z.AddScaledVec(z, flows.net(k)-z.AtVec(size-1), p.jump)
		var r mat.VecDense
		r.MulVec(p.rates, z)
		q.Net[k] = r.RawVector().Data
	}
	return q
}

// Idle is the same policy when there are no orders, nor plans made for any.
func (p *Policy) Idle() *Policy {
	q := *p
	q.Flows, q.Net = Grid{Step: p.Flows.Step}, nil
	return &q
}

// Slope is what a member of each seat buys more, per unit of each seat's
// inventory: −dt M/2. It sells as much less.
func (p *Policy) Slope() *mat.Dense { return times(-p.Flows.Step/2, p.Reversion) }

// Buys are the quantities that a member of each seat buys at tick k at inventory 0.
func (p *Policy) Buys(k int) []float64 { return p.constants(k, .5) }

// Sells are the quantities that a member of each seat sells at tick k at inventory 0.
func (p *Policy) Sells(k int) []float64 { return p.constants(k, -.5) }

func (p *Policy) constants(k int, share float64) []float64 {
	sell, buy := p.flow(k)
	list := slices.Repeat([]float64{p.Flows.Step * p.gross(sell, buy)}, len(p.Members))
	for i, r := range p.net(k) {
		list[i] += share * p.Flows.Step * r
	}
	return list
}

// flow are the rates of the large orders in period k.
func (p *Policy) flow(k int) (sell, buy float64) {
	if k >= len(p.Flows.Sells) {
		return 0, 0
	}
	return p.Flows.Sells[k], p.Flows.Buys[k]
}

// net is r_k.
func (p *Policy) net(k int) []float64 {
	if k >= len(p.Net) {
		return make([]float64, len(p.Members))
	}
	return p.Net[k]
}

// Tick is the market in one period.
type Tick struct {
	Inventories []float64 // of a member of each seat, before trade
	Net         []float64 // u, what a member buys less what it sells, per time
	Bid, Ask    float64   // prices of the period, relative to the fundamental value
}

// Path is the market in the first periods from these inventories: the recursion
// of the policy, without a simulation.
func (p *Policy) Path(inventories []float64, ticks int) []Tick {
	list := make([]Tick, ticks)
	x := slices.Clone(inventories)
	for k := range list {
		tick := Tick{Inventories: slices.Clone(x), Net: slices.Clone(p.net(k))}
		for i := range x {
			for l, held := range tick.Inventories {
				tick.Net[i] -= p.Reversion.At(i, l) * held
			}
			x[i] += p.Flows.Step * tick.Net[i]
		}
		sell, buy := p.flow(k)
		tick.Bid, tick.Ask = p.quotes(tick.Net, sell, buy)
		list[k] = tick
	}
	return list
}

// Proceeds are the discounted surplus over the reservation value of some of the
// large orders, Σ Dᵏ dt f_k(ω + p^b_k) of sells and Σ Dᵏ dt φ_k(ω − p^a_k) of buys;
// p.Flows asks for all.
func (p *Policy) Proceeds(inventories []float64, of Grid) (sells, buys float64) {
	dt := p.Flows.Step
	for k, tick := range p.Path(inventories, len(of.Sells)) {
		weight := dt * math.Exp(-p.DiscountRate*dt*float64(k))
		sells += weight * of.Sells[k] * (p.Reservation + tick.Bid)
		buys += weight * of.Buys[k] * (p.Reservation - tick.Ask)
	}
	return sells, buys
}

// OwnInventories is the policy of makers who do the same on the path from these
// inventories, but follow their own inventory alone: whatever others do, they do
// not respond. It is how open_loop is played. After this number of ticks they
// only let their inventory revert.
func (p *Policy) OwnInventories(inventories []float64, ticks int) *Policy {
	q := *p
	q.plan = nil
	seats := len(p.Members)
	q.Reversion = mat.NewDense(seats, seats, nil)
	for i := range seats {
		// What reverts when all inventories move together; for identical makers
		// with equal inventories nothing then remains to be anticipated.
		together := mat.Sum(p.Reversion.RowView(i))
		if together <= 0 {
			together = p.Reversion.At(i, i)
		}
		q.Reversion.Set(i, i, together)
	}
	q.Net = make([][]float64, ticks)
	for k, tick := range p.Path(inventories, ticks) {
		q.Net[k] = tick.Net
		for i, x := range tick.Inventories {
			q.Net[k][i] += q.Reversion.At(i, i) * x
		}
	}
	return &q
}

// Apart is [Profile.Apart] at ticks.
func (p *Policy) Apart(j int) *Policy {
	q := *p
	q.Seats = p.Seats.apart(j)
	q.Reversion, q.plan, q.member = apart(p.Reversion, j), p, j
	q.Net = make([][]float64, len(p.Net))
	for k, r := range p.Net {
		q.Net[k] = append(slices.Clone(r), r[j])
	}
	return &q
}
