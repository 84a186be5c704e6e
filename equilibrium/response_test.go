package equilibrium_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium"
)

// figure1 is the market of Figure 1: trader 3 sells at rate 1 for half a unit of
// time and stops.
var (
	figure1       = game(1, large(1, 1.5, 2, 2.5, 3)...)
	sellsForHalf  = clock.Schedule{{From: 0, To: .5, Rate: 1}}
	sellsAndBuys  = clock.Schedule{{From: .1, To: .35, Rate: 2}, {From: .35, To: .6, Rate: -1.5}, {From: .9, To: 9, Rate: .4}}
	independently = func(n int) *mat.SymDense { return diagonal(n, .01) }
)

// requireParts demands that a price is the sum of its parts.
func requireParts(t failer, points []equilibrium.ResponsePoint) {
	t.Helper()
	for _, p := range points {
		parts := p.Undisturbed - p.Instantaneous - p.Permanent - p.Transient
		scale := 1 + math.Abs(p.Undisturbed) + math.Abs(p.Instantaneous) + math.Abs(p.Permanent)
		require.InDelta(t, p.Price, parts, 1e-12*scale, "time %g", p.Time)
	}
}

// randomSale draws a market, a seller, inventories and a schedule.
func randomSale(t *rapid.T) (equilibrium.Game, int, []float64, clock.Schedule) {
	g := randomGame(t)
	n := g.Members()
	inventories := rapid.SliceOfN(rapid.Float64Range(-2, 2), n, n).Draw(t, "X")
	rate := rapid.Float64Range(-2, 2)
	schedule := clock.Schedule{
		{From: 0, To: .4, Rate: rate.Draw(t, "first rate")}, {From: .4, To: .7, Rate: rate.Draw(t, "second rate")},
		{From: .9, To: 1.3, Rate: rate.Draw(t, "last rate")},
	}
	return g, rapid.IntRange(0, n-1).Draw(t, "seller"), inventories, schedule
}

// TestResponsePath integrates the market as it is played: everybody trades
// with the inventory that the seller's rate reveals, q = QX̂. Fourth-order
// Runge–Kutta, from one jump of the rate to the next.
func TestResponsePath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, seller, x0, schedule := randomSale(t)
		s := solve(t, g, 0)
		seats := g.Seats(everyone)
		r := s.ResponseTo(seats, seller)
		times := []float64{0, .4, .7, .8, .9, 1.3, 1.5}
		points := r.Path(x0, schedule, times)
		require.Len(t, points, len(times))
		requireParts(t, points)

		q, price := s.FlowsOn(seats), mat.NewVecDense(len(x0), s.PriceOn(seats))
		fastest := mat.Norm(q, 1) // per time
		played := mat.VecDenseCopyOf(mat.NewVecDense(len(x0), append([]float64(nil), x0...)))
		at := 0.0
		for k, want := range times {
			n := 1 + int(30*fastest*(want-at))
			for range n {
				dt := (want - at) / float64(n)
				rungeKutta(played, dt, func(x mat.Vector) *mat.VecDense { return trades(q, x, seller, schedule.Rate(at)) })
			}
			at = want
			sold := schedule.Rate(at)
			require.Equal(t, []float64{at, sold}, []float64{points[k].Time, points[k].Sold})
			require.InDeltaSlice(t, mat.Col(nil, 0, played), points[k].Inventories, 1e-6)
			belief := believed(q, played, seller, sold)
			require.InDelta(t, belief.AtVec(seller), points[k].Belief, 1e-6*(1+math.Abs(points[k].Belief)))
			require.InDelta(t, mat.Dot(price, belief), points[k].Price, 1e-6*(1+math.Abs(points[k].Price)))
		}
	})
}

// requirePlayed compares with the linear market of a policy that one seat leaves.
func requirePlayed(t failer, policy *equilibrium.Policy, seller int, schedule clock.Schedule, x0 []float64, points []equilibrium.ResponsePoint) {
	t.Helper()
	deviations := make([]*equilibrium.Deviation, len(x0))
	deviations[seller] = &equilibrium.Deviation{Schedule: schedule}
	play, err := policy.Play(deviations)
	require.NoError(t, err)
	x, m, trade := mat.NewVecDense(len(x0), append([]float64(nil), x0...)), play.Transition(), make([]float64, len(x0))
	for k, p := range points[:len(points)-1] {
		price := play.Constants(k, trade) + mat.Dot(x, mat.NewVecDense(len(x0), play.Price))
		require.InDelta(t, price, p.Price, 1e-10*(1+math.Abs(price)))
		require.InDeltaSlice(t, mat.Col(nil, 0, x), p.Inventories, 1e-10)
		x.MulVec(m, x)
		x.SubVec(x, mat.NewVecDense(len(x0), trade))
	}
}

// believed are the inventories that the market believes in when member i, of
// all it could sell, sells `sold`.
func believed(q *mat.Dense, x mat.Vector, i int, sold float64) *mat.VecDense {
	out := mat.VecDenseCopyOf(x)
	out.SetVec(i, 0)
	out.SetVec(i, (sold-mat.Dot(q.RowView(i), out))/q.At(i, i))
	return out
}

// trades is QX̂.
func trades(q *mat.Dense, x mat.Vector, i int, sold float64) *mat.VecDense {
	out := mat.NewVecDense(x.Len(), nil)
	out.MulVec(q, believed(q, x, i, sold))
	return out
}

func rungeKutta(x *mat.VecDense, dt float64, rate func(mat.Vector) *mat.VecDense) {
	n := x.Len()
	at := func(k *mat.VecDense, w float64) *mat.VecDense {
		y := mat.NewVecDense(n, nil)
		y.AddScaledVec(x, -w*dt, k)
		return y
	}
	k1 := rate(x)
	k2 := rate(at(k1, .5))
	k3 := rate(at(k2, .5))
	k4 := rate(at(k3, 1))
	for w, k := range map[float64][]*mat.VecDense{1. / 6: {k1, k4}, 1. / 3: {k2, k3}} {
		for _, v := range k {
			x.AddScaledVec(x, -w*dt, v)
		}
	}
}

// TestResponseAtAuctions plays the discrete game, and the continuous policy on
// a grid, with one member that sells given quantities.
func TestResponseAtAuctions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, seller, x0, schedule := randomSale(t)
		seats := g.Seats(everyone)
		solution := solve(t, g, .1)
		policy, err := solution.Policy(seats, independently(len(seats)))
		require.NoError(t, err)
		require.Equal(t, solution.ResponseTo(seats, seller), policy.ResponseTo(seller))
		if grid, err := solve(t, g, 0).OnGrid(.02, seats, independently(len(seats))); err == nil && rapid.Bool().Draw(t, "on a grid") {
			policy = grid
		}
		step := policy.Timing.Step
		var quantities []float64
		for k := range 12 {
			quantities = append(quantities, schedule.Quantity(step*float64(k), step*float64(k+1)))
		}
		points := auctions(policy.ResponseTo(seller), x0, quantities)
		require.Len(t, points, len(quantities)+1)
		requireParts(t, points)

		requirePlayed(t, policy, seller, schedule, x0, points)
		x, price := mat.NewVecDense(len(x0), append([]float64(nil), x0...)), mat.NewVecDense(len(x0), policy.Price)
		for k, sold := range append(quantities, 0) {
			belief := believed(policy.Flows, x, seller, sold)
			require.Equal(t, []float64{step * float64(k), sold}, []float64{points[k].Time, points[k].Sold})
			require.InDelta(t, mat.Dot(price, belief), points[k].Price, 1e-11*(1+math.Abs(points[k].Price)))
			require.InDeltaSlice(t, mat.Col(nil, 0, x), points[k].Inventories, 1e-11)
			x.SubVec(x, trades(policy.Flows, x, seller, sold))
		}
	})
}

// TestResponseParts rebuilds the parts from the impulse response: the transient
// part is ∫T(t−s)q ds, by Gauss's rule between the jumps, and what is left long
// after is permanent. Inventories at the start move the undisturbed price alone.
func TestResponseParts(t *testing.T) {
	for i := range figure1.Traders {
		s := solve(t, figure1, 0)
		r := s.ResponseTo(figure1.Seats(everyone), i)
		require.InDelta(t, s.ImpactOf(i).Transient, r.Impact.Transient, 1e-13)
		require.InEpsilon(t, r.Impact.Permanent+r.Impact.Transient, r.ImpulseResponse(0), 1e-13)
		require.InEpsilon(t, r.Impact.Permanent, r.ImpulseResponse(40), 1e-13)

		x0 := []float64{.7, -.2, .4, -1.1, .3}
		never := r.Path(x0, nil, []float64{0, .2, .5, 1.4})
		points := r.Path(x0, sellsAndBuys, []float64{0, .2, .5, 1.4})
		still := r.Path(make([]float64, 5), sellsAndBuys, []float64{0, .2, .5, 1.4})
		for k, p := range points {
			require.InDelta(t, never[k].Price, p.Undisturbed, 1e-14)
			require.InDelta(t, never[k].Undisturbed, never[k].Price, 1e-14)
			require.InDelta(t, p.Price-p.Undisturbed, still[k].Price, 1e-14)
			require.InDelta(t, r.Impact.Instantaneous*sellsAndBuys.Rate(p.Time), p.Instantaneous, 1e-15)
			require.InDelta(t, r.Impact.Permanent*sellsAndBuys.Quantity(0, p.Time), p.Permanent, 1e-15)
			transient := 0.0
			for _, v := range sellsAndBuys.Pieces(p.Time) {
				transient += v.Rate * gauss(v.From, v.To, func(u float64) float64 {
					return r.ImpulseResponse(p.Time-u) - r.Impact.Permanent
				})
			}
			require.InDelta(t, transient, p.Transient, 1e-9)
		}
	}
}

// gauss is the three-point rule on twenty intervals.
func gauss(from, to float64, f func(float64) float64) float64 {
	const n = 20
	sum, half := 0.0, (to-from)/(2*n)
	for k := range n {
		middle := from + half*float64(2*k+1)
		d := half * math.Sqrt(.6)
		sum += half / 9 * (5*f(middle-d) + 8*f(middle) + 5*f(middle+d))
	}
	return sum
}

// TestFigure1 is the shape of Figure 1 of SS: the price falls at once by I, goes
// on falling while trader 3 sells, jumps up by I when it stops, and recovers
// from the transient impact until what is left is λ times what it has sold.
func TestFigure1(t *testing.T) {
	s := solve(t, figure1, 0)
	r := s.ResponseTo(figure1.Seats(everyone), 2)
	var times []float64
	for k := range 201 {
		times = append(times, float64(k)/40)
	}
	points := r.Path(make([]float64, 5), sellsForHalf, times)
	requireParts(t, points)
	requirePrinted(t, .301, -points[0].Price, .001, false)
	for k := 1; k < len(points); k++ {
		p, before := points[k], points[k-1]
		switch {
		case p.Time < .5:
			require.Less(t, p.Price, before.Price)
		case p.Time == .5:
			require.Equal(t, 0., p.Instantaneous)
			require.Greater(t, p.Price, before.Price)
		default:
			require.Greater(t, p.Price, before.Price, "recovers")
			require.InEpsilon(t, p.Permanent, .5*r.Impact.Permanent, 1e-14)
			require.Less(t, p.Transient, before.Transient)
		}
	}
	end := points[len(points)-1]
	require.InDelta(t, -.5*r.Impact.Permanent, end.Price, 2e-4)
	require.InEpsilon(t, -.5, end.Inventories[2], 1e-13)
}

// TestAuctionsTendToThePath: the discrete game off its path tends to continuous
// time at first order, and extrapolates to it.
func TestAuctionsTendToThePath(t *testing.T) {
	x0 := []float64{.7, -.2, .4, -1.1, .3}
	seats := figure1.Seats(everyone)
	times := []float64{.25, .5, 1}
	const levels = 7
	for _, c := range []struct {
		schedule clock.Schedule
		seller   int
	}{{sellsForHalf, 2}, {clock.Schedule{{From: .25, To: .75, Rate: -2}, {From: .75, To: 9, Rate: .7}}, 0}} {
		want := solve(t, figure1, 0).ResponseTo(seats, c.seller).Path(x0, c.schedule, times)
		var tables [levels][]float64 // price, an inventory, the transient part at each time
		for level := range levels {
			n := 4 << level // auctions per unit of time
			step := 1 / float64(n)
			policy, err := solve(t, figure1, step).Policy(seats, independently(5))
			require.NoError(t, err)
			quantities := make([]float64, n)
			for k := range quantities {
				quantities[k] = c.schedule.Quantity(step*float64(k), step*float64(k+1))
			}
			quantities = append(quantities, step*c.schedule.Rate(1)) // the rate just after
			points := auctions(policy.ResponseTo(c.seller), x0, quantities)
			for _, at := range times {
				p := points[int(at*float64(n))]
				tables[level] = append(tables[level], p.Price, p.Inventories[1], p.Transient)
			}
		}
		for k, p := range want {
			for m, w := range []float64{p.Price, p.Inventories[1], p.Transient} {
				column := make([]float64, levels)
				for level := range levels {
					column[level] = tables[level][3*k+m]
				}
				coarse, fine := math.Abs(column[levels-2]-w), math.Abs(column[levels-1]-w)
				require.GreaterOrEqual(t, coarse, 1.9*fine, "number %d at %g", m, p.Time)
				require.InDelta(t, w, extrapolated(column), 1e-6, "number %d at %g", m, p.Time)
			}
		}
	}
}

// extrapolated is Romberg's limit of numbers with errors in powers of a step
// that is halved from each to the next.
func extrapolated(column []float64) float64 {
	c := append([]float64(nil), column...)
	for order := 1; order < len(c); order++ {
		for k := len(c) - 1; k >= order; k-- {
			c[k] += (c[k] - c[k-1]) / (math.Pow(2, float64(order)) - 1)
		}
	}
	return c[len(c)-1]
}

// TestLargeAndFringeOffPath: beside one large trader the fringe alone absorbs
// everything, and there is no transient impact (SS Proposition 6).
func TestLargeAndFringeOffPath(t *testing.T) {
	g := game(.6, append(large(1.7), fringe(.8))...)
	r := solve(t, g, 0).ResponseTo(g.Seats(everyone), 0)
	require.InEpsilon(t, .8/.6, r.Impact.Permanent, 1e-13)
	require.InDelta(t, 0, r.Impact.Transient, 1e-12)
	speed := .3 * (1.7 + .8) / .8
	require.InEpsilon(t, .8/.6/(.6+speed), r.Impact.Instantaneous, 1e-11)
	for _, p := range r.Path([]float64{3, .4}, sellsAndBuys, []float64{0, .2, .7, 2}) {
		want := -.8/.6*.4 - r.Impact.Instantaneous*p.Sold - .8/.6*sellsAndBuys.Quantity(0, p.Time)
		require.InEpsilon(t, want, p.Price, 1e-10)
	}
}

// TestResponseOfGroups: a type's members can be seated as one tagged member and
// the others together, and nothing changes.
func TestResponseOfGroups(t *testing.T) {
	g := game(.6, members(4, 1.2), members(3, .7), fringe(2))
	timings(t, func(t *testing.T, step float64) {
		s := solve(t, g, step)
		alone, grouped := g.Seats(everyone), g.Tagged(1)
		x := []float64{.5, .1, .1, .1, .1, .4, .4, -.3}
		a, b := s.ResponseTo(alone, 4), s.ResponseTo(grouped, 0)
		y := []float64{.1, .8, .8, -.3} // the tagged member, the first type, the rest of its own, the fringe
		var p, q []equilibrium.ResponsePoint
		if step == 0 {
			p, q = a.Path(x, sellsAndBuys, []float64{0, .5, 2}), b.Path(y, sellsAndBuys, []float64{0, .5, 2})
		} else {
			p, q = auctions(a, x, []float64{.3, -.2, .4}), auctions(b, y, []float64{.3, -.2, .4})
		}
		for k := range p {
			require.InDelta(t, p[k].Price, q[k].Price, 1e-12)
			require.InDelta(t, p[k].Transient, q[k].Transient, 1e-12)
			require.InDelta(t, p[k].Inventories[7], q[k].Inventories[3], 1e-12)
		}
		require.Panics(t, func() { s.ResponseTo(grouped, 1) })
	})
}

// auctions lists the market at auctions that sell these quantities.
func auctions(r *equilibrium.Response, inventories, quantities []float64) []equilibrium.ResponsePoint {
	return slices.Collect(r.Auctions(inventories, len(quantities), func(k int) float64 { return quantities[k] }))
}

func TestResponseMisuse(t *testing.T) {
	seats, x := figure1.Seats(everyone), make([]float64, 5)
	continuous, discrete := solve(t, figure1, 0).ResponseTo(seats, 0), solve(t, figure1, .1).ResponseTo(seats, 0)
	require.Panics(t, func() { continuous.Auctions(x, 0, nil) })
	require.Panics(t, func() { discrete.Path(x, nil, nil) })
	require.Panics(t, func() { discrete.ImpulseResponse(1) })
	require.Panics(t, func() { continuous.Path(x, nil, []float64{1, .5}) })
	require.Panics(t, func() { continuous.Path(x, nil, []float64{-1}) })
	policy, err := solve(t, figure1, .1).Policy(seats, independently(5))
	require.NoError(t, err)
	policy.Interaction = mat.DenseCopyOf(diagonal(5, 1))
	require.Panics(t, func() { policy.ResponseTo(0) })
	policy.Interaction, policy.Exponential = nil, true
	require.Panics(t, func() { policy.ResponseTo(0) })
}
