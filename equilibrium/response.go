package equilibrium

import (
	"iter"
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/clock"
)

// Response is how a market answers one member i that sells as it likes while
// everybody else follows the policy, SS Proposition 10. The others take it for a
// trader with the inventory that its sales reveal,
//
//	X̂^i = (q_i − Q^{i,−i}X^{−i})/q^{ii}                             (26),
//
// trade with it as such, and without shocks their inventories follow
//
//	Ẋ^{−i} = −BX^{−i} − (Q^{−i,i}/q^{ii}) q_i,   B = Q^{−i,−i} − Q^{−i,i}Q^{i,−i}/q^{ii}   (27)
//
// (at auctions X^{−i}_{k+1} − X^{−i}_k is the right side), at the price
// p = P^{−i}X^{−i} + p^iX̂^i (28). A Response is not changed by its methods.
type Response struct {
	Timing Timing
	Seats  []Seat
	Seller int    // the seat of member i
	Impact Impact // I^i, λ^i, T^i

	price       []float64
	flows       *mat.Dense
	others      []int      // seats apart from the seller's
	recovery    *mat.Dense // B
	absorbed    []float64  // Q^{−i,i}/q^{ii}
	sensitivity []float64  // P^{−i} + I^iQ^{i,−i}
}

// ResponsePoint is a market off the equilibrium path at one time. The price is
//
//	Price = Undisturbed − Instantaneous − Permanent − Transient.
type ResponsePoint struct {
	Time        float64
	Sold        float64   // q_i: the selling rate just after Time, or the quantity at the auction
	Inventories []float64 // of every seat, before the auction
	Belief      float64   // X̂^i

	Price         float64
	Undisturbed   float64 // the price if member i never sold anything
	Instantaneous float64 // I^iq_i
	Permanent     float64 // λ^i∫q_i
	Transient     float64 // ∫T^i(t−s) q_i(s) ds, λ^i + T^i being ImpulseResponse
}

// ResponseTo is the answer to the single member in a seat, whose values must be
// private and utility quadratic.
func (s *Solution) ResponseTo(seats []Seat, seller int) *Response {
	if s.Game.byMember() {
		panic("equilibrium: a response is known for private values and quadratic utility alone")
	}
	costs := make([]float64, len(seats))
	for j, seat := range seats {
		costs[j] = s.Game.Traders[seat.Type].HoldingCost
	}
	return newResponse(s.Timing, seats, costs, seller, s.PriceOn(seats), s.FlowsOn(seats))
}

// ResponseTo is the answer to the single member in a seat at the auctions of the
// policy, whose values must be private and utility quadratic.
func (p *Policy) ResponseTo(seller int) *Response {
	if p.Interaction != nil || p.Exponential {
		panic("equilibrium: a response is known for private values and quadratic utility alone")
	}
	return newResponse(p.Timing, p.Seats, p.HoldingCost, seller, p.Price, p.Flows)
}

// newResponse reads B and the impacts off a mechanism.
func newResponse(timing Timing, seats []Seat, costs []float64, seller int, price []float64, flows *mat.Dense) *Response {
	if seats[seller].Members != 1 {
		panic("equilibrium: a response is one to a single member")
	}
	r := &Response{Timing: timing, Seats: seats, Seller: seller, price: price, flows: flows}
	capacity := 0.0 // Σ_{j≠i} 1/b_j
	for j, seat := range seats {
		if j != seller {
			r.others = append(r.others, j)
			capacity += float64(seat.Members) / costs[j]
		}
	}
	own := flows.At(seller, seller)
	r.Impact = Impact{Instantaneous: -price[seller] / own, Permanent: 1 / (timing.DiscountRate * capacity)}
	n := len(r.others)
	r.recovery = mat.NewDense(n, n, nil)
	for a, j := range r.others {
		r.absorbed = append(r.absorbed, flows.At(j, seller)/own)
		r.sensitivity = append(r.sensitivity, price[j]+r.Impact.Instantaneous*flows.At(seller, j))
		for c, k := range r.others {
			r.recovery.Set(a, c, flows.At(j, k)-r.absorbed[a]*flows.At(seller, k))
		}
	}
	for a := range n {
		// λ with the whole sale, which is what the others absorb: Σ absorbed = −1
		r.Impact.Transient += (r.sensitivity[a] + r.Impact.Permanent) * r.absorbed[a]
	}
	return r
}

// ImpulseResponse is how much lower the price is, in continuous time, a lag u
// after one unit was sold (Lemma 3 for u = 0):
//
//	λ^i + T^i(u) = (P^{−i} + I^iQ^{i,−i}) e^{−Bu} Q^{−i,i}/q^{ii}.
func (r *Response) ImpulseResponse(lag float64) float64 {
	if !r.Timing.continuous() {
		panic("equilibrium: the response to an impulse at auctions is Auctions of one quantity")
	}
	d := newDisturbance(r, nil)
	d.others.ScaleVec(-1, mat.NewVecDense(len(r.others), r.absorbed))
	d.advance(r.propagator(lag), 0)
	return r.Impact.Permanent + r.transient(d)
}

// Path is the market in continuous time, without shocks, when it starts with
// the inventories of all seats and member i sells at a scheduled rate. times are
// ascending, from 0 on; where a rate jumps, the point is the one just after.
func (r *Response) Path(inventories []float64, schedule clock.Schedule, times []float64) []ResponsePoint {
	if !r.Timing.continuous() {
		panic("equilibrium: a path at auctions is one of Auctions")
	}
	d := newDisturbance(r, inventories)
	var points []ResponsePoint
	at, length := 0.0, math.NaN()
	var p *mat.Dense
	for _, t := range times {
		if t < at {
			panic("equilibrium: the times of a path must be ascending, from 0 on")
		}
		for _, v := range schedule.Pieces(t) {
			if v.To <= at {
				continue
			}
			if step := v.To - at; step != length {
				p, length = r.propagator(step), step
			}
			d.advance(p, v.Rate)
			d.sold += v.Rate * length
			at = v.To
		}
		points = append(points, r.point(d, t, schedule.Rate(t)))
	}
	return points
}

// Auctions is the market at auctions, without shocks, when it starts with the
// inventories of all seats and member i sells a quantity at each: a point for
// every tick 0 … steps − 1, and one for the time after the last auction. Points
// are computed as they are asked for, in memory that does not grow with the steps.
func (r *Response) Auctions(inventories []float64, steps int, quantity func(k int) float64) iter.Seq[ResponsePoint] {
	if r.Timing.continuous() {
		panic("equilibrium: a path in continuous time is one of Path")
	}
	n := len(r.others)
	p := mat.NewDense(n, n+1, nil)
	for a := range n {
		for c := range n {
			p.Set(a, c, -r.recovery.At(a, c))
		}
		p.Set(a, a, 1+p.At(a, a))
		p.Set(a, n, -r.absorbed[a])
	}
	return func(yield func(ResponsePoint) bool) {
		d := newDisturbance(r, inventories)
		for k := range steps {
			q := quantity(k)
			if !yield(r.point(d, float64(k)*r.Timing.Step, q)) {
				return
			}
			d.advance(p, q)
			d.sold += q
		}
		yield(r.point(d, float64(steps)*r.Timing.Step, 0))
	}
}
