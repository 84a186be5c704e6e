package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/integrate/quad"
	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium/cournot"
)

// drawSchedule is up to three intervals of an order within [0, d].
func drawSchedule(t *rapid.T, rate, d float64) clock.Schedule {
	var s clock.Schedule
	at := 0.
	for n := rapid.IntRange(1, 3).Draw(t, "intervals"); n > 0; n-- {
		from := at + (d-at)*rapid.Float64Range(0, .5).Draw(t, "gap")
		at = from + (d-from)*rapid.Float64Range(.1, 1).Draw(t, "length")
		s = append(s, clock.Interval{From: from, To: at, Rate: rate * float64(rapid.IntRange(0, 100).Draw(t, "percent")) / 100})
		if at > .99*d {
			break
		}
	}
	return s
}

// drawPublic are two sells and a buy, each of several rates, which may overlap.
func drawPublic(t *rapid.T) (p *cournot.Public, edges []float64) {
	path := drawPath(t)
	rate, d := math.Abs(path.Order.Rate), path.Order.Duration
	o := cournot.Orders{
		Sells:     []clock.Schedule{drawSchedule(t, rate, d), drawSchedule(t, rate, d)},
		Buys:      []clock.Schedule{drawSchedule(t, rate, d)},
		Inventory: path.Inventory,
	}
	require.NoError(t, o.Validate())
	for _, s := range append(o.Buys, o.Sells...) {
		for _, v := range s {
			edges = append(edges, v.From, v.To)
		}
	}
	return path.Market.Announce(o), pieces(edges)
}

// pieces are the times from 0 on at which something may jump, in order, once each.
func pieces(times []float64) []float64 {
	sorted := []float64{0}
	for {
		next := math.Inf(1)
		for _, t := range times {
			if t > sorted[len(sorted)-1] {
				next = math.Min(next, t)
			}
		}
		if math.IsInf(next, 1) {
			return sorted
		}
		sorted = append(sorted, next)
	}
}

// byPieces integrates what is smooth between edges but for layers of a width
// that is not below finest.
func byPieces(f func(t float64) float64, edges []float64, finest float64) (sum float64) {
	for k := 1; k < len(edges); k++ {
		from, to := edges[k-1], edges[k]
		for half := (to - from) / 2; ; half /= 2 {
			at := half / 2
			if half < finest {
				at = 0
			}
			sum += quad.Fixed(f, from+at, from+half, 16, quad.Legendre{}, 0) + quad.Fixed(f, to-half, to-at, 16, quad.Legendre{}, 0)
			if at == 0 {
				break
			}
		}
	}
	return sum
}

// TestPublicAgainstDefinitions integrates the flows of overlapping orders:
// anticipation, inventory, what each order gets, what makers and investors gain.
func TestPublicAgainstDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, edges := drawPublic(t)
		c, i0, d := p.Market, p.Orders.Inventory, p.End()
		β, δ, η, ω := c.DiscountRate, c.Activity, c.InventoryCost, c.Reservation
		over := func(β float64, flow func(t float64, m cournot.Moment) float64) float64 {
			return byPieces(func(t float64) float64 { return math.Exp(-β*t) * flow(t, p.Before(t)) }, edges, 1/(c.Gamma+c.M))
		}
		largest := 0.
		for _, s := range append(p.Orders.Sells, p.Orders.Buys...) {
			for _, v := range s {
				largest = math.Max(largest, v.Rate)
			}
		}
		flows := over(0, func(_ float64, m cournot.Moment) float64 { return m.MakerBuys - m.MakerSells })
		end := p.At(d).Inventory
		require.InDelta(t, end-i0, flows, 1e-12*(math.Abs(i0)+(c.Depth+largest)*d))
		grown := over(0, func(t float64, _ cournot.Moment) float64 {
			f, φ := p.Rates(t)
			return c.Gamma*p.Anticipation(t) + c.K*(f-φ)
		})
		require.InDelta(t, -p.Anticipation(0), grown, 1e-12*c.K*largest*d)

		for m, s := range p.Orders.Sells {
			surplus := over(β, func(t float64, m cournot.Moment) float64 { return s.Rate(t) * (ω + m.Bid) })
			paid := over(0, func(t float64, m cournot.Moment) float64 { return -s.Rate(t) * m.Bid })
			e, scale := p.Sell(m), over(β, func(t float64, m cournot.Moment) float64 { return s.Rate(t) * (ω + math.Abs(m.Bid)) })
			require.InDelta(t, surplus, e.Proceeds, 1e-11*scale)
			if e.Quantity > 0 {
				require.InDelta(t, paid/e.Quantity, e.Undiscounted, 1e-11*(ω+math.Abs(e.Undiscounted)))
				require.InDelta(t, ω-surplus/e.Quantity, e.Shortfall, 1e-11*(ω+math.Abs(e.Shortfall)))
				priced := over(β, func(t float64, m cournot.Moment) float64 { return -s.Rate(t) * m.Bid })
				require.InDelta(t, priced/e.Quantity, e.Discounted, 1e-11*(ω+math.Abs(e.Discounted)))
			}
		}
		surplus := over(β, func(t float64, m cournot.Moment) float64 { return p.Orders.Buys[0].Rate(t) * (ω - m.Ask) })
		scale := over(β, func(t float64, m cournot.Moment) float64 { return p.Orders.Buys[0].Rate(t) * (ω + math.Abs(m.Ask)) })
		require.InDelta(t, surplus, p.Buy(0).Proceeds, 1e-11*scale)

		tail := math.Exp(-β*d)*end*end - i0*i0
		earned := over(β, func(_ float64, m cournot.Moment) float64 {
			return m.Ask*m.MakerSells - m.Bid*m.MakerBuys - 2*c.HalfSpread*c.Depth - η*m.Inventory*m.Inventory
		}) - c.Curvature*tail
		trade := over(β, func(_ float64, m cournot.Moment) float64 {
			return math.Abs(m.Ask*m.MakerSells) + math.Abs(m.Bid*m.MakerBuys) + η*m.Inventory*m.Inventory
		}) + c.Curvature*i0*i0
		require.InDelta(t, earned, p.MakerGain(), 1e-11*trade)
		require.InDelta(t, c.MakerValue(i0)+earned, p.MakerValue(), 1e-11*(trade+c.Value))

		enjoyed := over(β, func(_ float64, m cournot.Moment) float64 {
			x, y, z := ω-m.Ask, ω+m.Bid, ω-c.HalfSpread
			return δ / 2 * (x*x + y*y - 2*z*z)
		}) + c.InvestorCurvature*tail
		enjoy := over(β, func(_ float64, m cournot.Moment) float64 {
			return δ * (ω*ω + m.Ask*m.Ask + m.Bid*m.Bid)
		}) + c.InvestorCurvature*i0*i0
		require.InDelta(t, enjoyed, p.InvestorsGain(), 1e-11*enjoy)
		require.InDelta(t, c.InvestorsValue(i0)+enjoyed, p.InvestorsValue(), 1e-11*(enjoy+c.InvestorValue))

		if c.Concept == cournot.Published { // the value function of CMZ, Proposition 2
			n1 := float64(c.Makers + 1)
			gain := p.Anticipation(0)*i0 + over(β, func(t float64, _ cournot.Moment) float64 {
				f, φ := p.Rates(t)
				b := p.Anticipation(t)
				return (2*δ*δ*b*b + 2*δ*ω*(f+φ) + 2*δ*b*(f-φ) + f*f + φ*φ) / (δ * n1 * n1)
			})
			require.InDelta(t, gain, p.MakerGain(), 1e-11*trade)
		}
	})
}

// TestConstantOrderIsASchedule cuts a constant order into pieces and into two
// orders that trade together: all is as in the closed forms of one order.
func TestConstantOrderIsASchedule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		path := drawPath(t)
		c, f, d, i0 := path.Market, path.Order.Rate, path.Order.Duration, path.Inventory
		size, cut := math.Abs(f), d*rapid.Float64Range(.01, .99).Draw(t, "cut")
		share := rapid.Float64Range(.1, .9).Draw(t, "share")
		whole := []clock.Schedule{{{To: d, Rate: size}}}
		parts := []clock.Schedule{
			{{To: cut, Rate: share * size}, {From: cut, To: d, Rate: share * size}},
			{{To: d, Rate: size * (1 - share)}},
		}
		for _, orders := range [][]clock.Schedule{whole, parts} {
			o := cournot.Orders{Sells: orders, Inventory: i0}
			if f < 0 {
				o = cournot.Orders{Buys: orders, Inventory: i0}
			}
			p := c.Announce(o)
			for _, at := range []float64{0, cut / 2, cut, d * .999, d, 2 * d} {
				want, got := path.At(at), p.At(at)
				same(t, c, want, got, size)
			}
			same(t, c, path.Before(d), p.Before(d), size)

			proceeds := 0.
			for m := range orders {
				e := p.Sell
				if f < 0 {
					e = p.Buy
				}
				proceeds += e(m).Proceeds
				want := c.AverageImpact(path.Order, i0)
				scale := c.Reservation + math.Abs(want.Discounted) + c.Pressure*float64(c.Makers)*math.Abs(i0)
				require.InDelta(t, want.Discounted, e(m).Discounted, 1e-12*scale)
				require.InDelta(t, want.Undiscounted, e(m).Undiscounted, 1e-12*scale)
				require.InDelta(t, want.Shortfall, e(m).Shortfall, 1e-12*scale)
			}
			g := c.Proceeds(d)
			require.InDelta(t, g.Of(size, i0*float64(sign(f))), proceeds, 1e-12*(spread(g, size, i0)))
			g = c.MakerGain(d)
			require.InDelta(t, g.Of(f, i0), p.MakerGain(), 1e-12*spread(g, size, i0))
			g = c.InvestorsGain(d)
			require.InDelta(t, g.Of(f, i0), p.InvestorsGain(), 1e-12*spread(g, size, i0))

			o.Inventory = 0
			sellers, buyers := c.Announce(o).ValidFactors()
			if f < 0 {
				sellers, buyers = buyers, sellers
			}
			require.InEpsilon(t, c.ValidRate(d)/size, sellers, 1e-11)
			require.Greater(t, buyers, 0.)
		}
	})
}

// same requires two moments to agree up to rounding.
func same(t *rapid.T, c cournot.Constants, want, got cournot.Moment, size float64) {
	price := c.Reservation + math.Abs(want.Bid) + math.Abs(want.MarginalValue)
	require.InDelta(t, want.Inventory, got.Inventory, 1e-12*(math.Abs(want.Inventory)+price/c.A))
	require.InDelta(t, want.MarginalValue, got.MarginalValue, 1e-12*price)
	require.InDelta(t, want.Bid, got.Bid, 1e-12*price)
	require.InDelta(t, want.Ask, got.Ask, 1e-12*price)
	for _, flow := range [][2]float64{
		{want.MakerBuys, got.MakerBuys},
		{want.MakerSells, got.MakerSells},
		{want.InvestorsBuy, got.InvestorsBuy},
		{want.InvestorsSell, got.InvestorsSell},
	} {
		require.InDelta(t, flow[0], flow[1], 1e-12*(c.Activity*price+size))
	}
}
