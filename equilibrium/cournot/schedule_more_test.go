package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium/cournot"
)

// smooth integrates B backwards and i forwards by the rule of Runge and Kutta for
// a net rate n(t) on [0, d], and returns both at d/2.
func smooth(c cournot.Constants, n func(t float64) float64, d, i0 float64) (b, i float64) {
	const steps = 2000 // even number of half steps each
	h := d / steps
	_, n1 := float64(c.Makers), float64(c.Makers+1)
	anticipated := make([]float64, 2*steps+1)
	step := func(x, t, h float64, slope func(t, x float64) float64) float64 {
		k1 := slope(t, x)
		k2 := slope(t+h/2, x+h/2*k1)
		k3 := slope(t+h/2, x+h/2*k2)
		k4 := slope(t+h, x+h*k3)
		return x + h/6*(k1+2*k2+2*k3+k4)
	}
	for k := 2 * steps; k > 0; k-- {
		anticipated[k-1] = step(anticipated[k], float64(k)*h/2, -h/2, func(t, b float64) float64 { return c.Gamma*b + c.K*n(t) })
	}
	i = i0
	for k := range steps / 2 {
		i = step(i, float64(k)*h, h, func(t, i float64) float64 {
			return -c.M*i + (n(t)+2*c.Activity*anticipated[int(math.Round(2*t/h))])/n1
		})
	}
	return anticipated[steps], i
}

// TestSmoothSchedules: schedules with steps approach the differential equations
// of a smooth one like the square of the step.
func TestSmoothSchedules(t *testing.T) {
	f := func(t float64) float64 { return 2 + math.Sin(3*t) }
	φ := func(t float64) float64 { return 1 + math.Cos(2*t) }
	const d, i0 = 2.5, -.2
	m := cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: 2}
	for _, concept := range concepts {
		c := m.Constants(concept)
		b, i := smooth(c, func(t float64) float64 { return f(t) - φ(t) }, d, i0)
		steps := func(n int) *cournot.Public {
			var sell, buy clock.Schedule
			for k := range n {
				from, to := d*float64(k)/float64(n), d*float64(k+1)/float64(n)
				sell = append(sell, clock.Interval{From: from, To: to, Rate: 2 + (math.Cos(3*from)-math.Cos(3*to))/(3*(to-from))})
				buy = append(buy, clock.Interval{From: from, To: to, Rate: 1 + (math.Sin(2*to)-math.Sin(2*from))/(2*(to-from))})
			}
			return c.Announce(cournot.Orders{Sells: []clock.Schedule{sell}, Buys: []clock.Schedule{buy}, Inventory: i0})
		}
		coarse, fine := steps(600), steps(1200)
		require.InDelta(t, i, fine.At(d/2).Inventory, 1e-6)
		require.InDelta(t, b, fine.Anticipation(d/2), 1e-6)
		require.InDelta(t, i, (4*fine.At(d/2).Inventory-coarse.At(d/2).Inventory)/3, 1e-11)
		require.InDelta(t, b, (4*fine.Anticipation(d/2)-coarse.Anticipation(d/2))/3, 1e-11)
	}
}

// TestValidFactors: at the factor, the worst moment of small sellers is one at
// which they sell nothing, and so for small buyers.
func TestValidFactors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, edges := drawPublic(t)
		scaled := func(x float64) *cournot.Public {
			o := cournot.Orders{Inventory: p.Orders.Inventory}
			scale := func(schedules []clock.Schedule) (scaled []clock.Schedule) {
				for _, s := range schedules {
					var next clock.Schedule
					for _, v := range s {
						next = append(next, clock.Interval{From: v.From, To: v.To, Rate: x * v.Rate})
					}
					scaled = append(scaled, next)
				}
				return scaled
			}
			o.Sells, o.Buys = scale(p.Orders.Sells), scale(p.Orders.Buys)
			return p.Market.Announce(o)
		}
		lowest := func(p *cournot.Public, trade func(m cournot.Moment) float64) float64 {
			low := trade(p.At(0))
			for k := 1; k < len(edges); k++ {
				const points = 60
				for j := range points + 1 {
					x := float64(j) / points
					at := edges[k-1] + (edges[k]-edges[k-1])*x*x*(3-2*x) // closer at the ends
					low = math.Min(low, math.Min(trade(p.At(at)), trade(p.Before(math.Max(at, 1e-300)))))
				}
			}
			return low
		}
		sellers, buyers := p.ValidFactors()
		for _, side := range []struct {
			factor float64
			trade  func(m cournot.Moment) float64
		}{
			{sellers, func(m cournot.Moment) float64 { return m.InvestorsSell }},
			{buyers, func(m cournot.Moment) float64 { return m.InvestorsBuy }},
		} {
			scale := p.Market.Activity * (p.Market.Reservation + 2*p.Market.A*math.Abs(p.Orders.Inventory))
			switch {
			case math.IsInf(side.factor, 1):
				require.GreaterOrEqual(t, lowest(scaled(1e3), side.trade), -1e-9*scale)
			case side.factor == 0:
				require.Less(t, side.trade(scaled(0).At(0)), 0.)
			default:
				require.GreaterOrEqual(t, lowest(scaled(side.factor), side.trade), -1e-9*scale)
				require.Less(t, lowest(scaled(1.05*side.factor), side.trade), 0.)
			}
		}
	})
}

// TestOrdersWithoutTrade: no order, an order without quantity, and one without
// intervals leave the idle market; the second has the impact of a small one.
func TestOrdersWithoutTrade(t *testing.T) {
	c := cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: 2}.Constants(cournot.Published)
	idle := cournot.Path{Market: c, Order: cournot.Order{Duration: 1.5}, Inventory: .4}
	small := cournot.Orders{Sells: []clock.Schedule{{{To: 1.5}}, nil}, Inventory: .4}
	for _, p := range []*cournot.Public{c.Announce(cournot.Orders{Inventory: .4}), c.Announce(small)} {
		for _, at := range []float64{0, .7, 1.5, 4} {
			require.InDelta(t, idle.At(at).Bid, p.At(at).Bid, 1e-15)
			require.InDelta(t, idle.At(at).Inventory, p.At(at).Inventory, 1e-16)
		}
		require.Zero(t, p.MakerGain())
		require.Zero(t, p.InvestorsGain())
		sellers, buyers := p.ValidFactors()
		require.Equal(t, []float64{math.Inf(1), math.Inf(1)}, []float64{sellers, buyers})
	}
	require.Zero(t, c.Announce(cournot.Orders{Inventory: .4}).End())
	e, want := c.Announce(small).Sell(0), c.AverageImpact(idle.Order, .4)
	require.InEpsilon(t, want.Discounted, e.Discounted, 1e-14)
	require.InEpsilon(t, want.Undiscounted, e.Undiscounted, 1e-14)
	require.InEpsilon(t, want.Shortfall, e.Shortfall, 1e-14)
	require.Zero(t, e.Proceeds)
	require.Zero(t, c.Announce(small).Sell(1))
}

func TestOrdersValidate(t *testing.T) {
	for text, o := range map[string]cournot.Orders{
		"cournot: Inventory = +Inf: must be finite":                                                {Inventory: math.Inf(1)},
		"cournot: Sells[1][0].Rate = -1: must be 0 or more":                                        {Sells: []clock.Schedule{nil, {{To: 2, Rate: -1}}}},
		"cournot: Buys[0][1].To = +Inf: must be finite":                                            {Buys: []clock.Schedule{{{To: 1}, {From: 1, To: math.Inf(1), Rate: 1}}}},
		"cournot: Buys[0]: interval 1 of the schedule: runs from 2 to 2; must end after it begins": {Buys: []clock.Schedule{{{From: 2, To: 2}}}},
	} {
		require.EqualError(t, o.Validate(), text)
	}
}
