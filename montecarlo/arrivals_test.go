package montecarlo_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/clock"
	"walras/equilibrium"
	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/internal/golden"
	"walras/market"
	"walras/montecarlo"
)

// dealing is a golden market with a seller, hidden or known, as it is played.
func dealing(g golden.Poisson, hidden bool) *equilibrium.Arrivals {
	model := poisson.Model{
		DiscountRate: g.DiscountRate, Makers: g.Makers, InventoryCost: g.InventoryCost, BuyRate: g.BuyRate, SellRate: g.SellRate,
		Size: g.Size, Reservation: g.Reservation,
	}
	c := model.Constants(cournot.Published)
	n, f := float64(c.Makers), g.OrderRate
	quotes := func(b func(t float64) float64, φ float64) (bid, ask []func(float64) float64) {
		scale := c.Size / c.K
		return []func(float64) float64{func(t float64) float64 { return scale * (c.Reservation + b(t) - φ/(c.Size*c.SellRate*n)) }},
			[]func(float64) float64{func(t float64) float64 { return scale * (c.Reservation - b(t)) }}
	}
	on := func(t float64) float64 { return f * c.KB * math.Expm1(-c.Delta*(g.Duration-t)) / c.Delta }
	stealth := -f * c.KB / (g.StopRate + c.Delta)
	a := &equilibrium.Arrivals{
		Makers:    []equilibrium.MakerType{{Count: c.Makers, InventoryCost: c.InventoryCost, Slopes: []float64{c.R}}},
		Investors: equilibrium.ArrivingInvestors{BuyRate: c.BuyRate, SellRate: c.SellRate, Size: c.Size, Reservation: c.Reservation},
		Orders:    []equilibrium.FlowingOrder{{Rates: []float64{f, 0}}},
		Phases:    []equilibrium.Phase{{Until: g.Duration}, {Until: math.Inf(1)}},
	}
	if hidden {
		on = func(float64) float64 { return stealth }
		a.Phases[0].Until = 0
		a.End = &equilibrium.RandomEnd{Components: []equilibrium.Waiting{{Weight: 1, Stages: 1, Mean: 1 / g.StopRate}}}
	}
	a.Phases[0].Bid, a.Phases[0].Ask = quotes(on, f)
	a.Phases[1].Bid, a.Phases[1].Ask = quotes(func(float64) float64 { return 0 }, 0)
	a.Makers[0].Worth = func(x []float64, phase int, _ float64) float64 {
		v := c.C0 - c.A*x[0]*x[0]
		if phase == 0 {
			v += g.Numbers["stealth/C_gain"] + stealth*x[0]
		}
		return v
	}
	a.Investors.Worth = func(x []float64, phase int, _ float64) float64 {
		v := g.Numbers["users/U0_base"] + g.Numbers["users/U2"]*x[0]*x[0]
		if phase == 0 {
			v += g.Numbers["stealth/U_gain(i=0)"] + f*g.Numbers["stealth/U_gain_W"]*x[0]
		}
		return v
	}
	a.Orders[0].Worth = func(x []float64, phase int, _ float64) float64 {
		if phase > 0 {
			return 0
		}
		return g.Numbers["seller/G_stealth"] - f*2*n*c.A/c.K/(c.DiscountRate+g.StopRate+c.Reversion)*x[0]
	}
	return a
}

func arriving(g golden.Poisson, hidden bool, paths int64) *montecarlo.Simulation {
	s := &montecarlo.Simulation{
		Arrivals: dealing(g, hidden), Names: []string{"maker", "investors", "fund"}, Initial: []float64{g.Inventory, 0, 0},
		Clock: clock.Clock{Step: g.Duration / 4, Steps: 8, DiscountRate: g.DiscountRate}, Paths: paths, Seed: 3,
		Statistics: []int{0, 1, 2, 4, 5, 8}, Record: montecarlo.Record{Paths: 7, Ticks: []int{0, 2, 4, 6, 8}, Outcomes: paths},
		Reference: montecarlo.Fundamental{Start: 20, Volatility: .3},
	}
	return s
}

// TestArrivalsMeetTheGoldenNumbers simulates values, moments and quotes of the golden
// markets.
func TestArrivalsMeetTheGoldenNumbers(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		for _, hidden := range []bool{true, false} {
			paths := int64(20000)
			if name == "slide_recal" {
				paths = 300
			}
			s := arriving(g, hidden, paths)
			l := s.ArrivalLayout()
			_, sums := play(t, s, 2)
			n := float64(paths)
			z := func(what string, at int, centre, want float64) {
				mean := sums.Add[at] / n
				se := math.Sqrt((sums.Add[at+1]/n - mean*mean) / n)
				difference := mean + centre - want
				t.Logf("%s hidden=%v %s: %v ± %v, want %v, z %.2f", name, hidden, what, mean+centre, se, want, difference/se)
				require.LessOrEqual(t, math.Abs(difference), 4*se+1e-12*(math.Abs(want)+math.Abs(centre)), what)
			}
			which := "sun/V(t=0D,i=0)"
			users, seller := "sun/U(0,i=0)", "seller/G_sun"
			if hidden {
				which, users, seller = "stealth/V(i=0)", "stealth/U(0,i=0)", "seller/G_stealth"
			}
			for i, key := range []string{which, users, seller} {
				z(key, l.Outcome(montecarlo.OutcomeWelfare, i), l.Outcomes[montecarlo.OutcomeWelfare][i], g.Numbers[key])
			}
			if hidden {
				z("stealth_uncond EI", l.Sum(3, 0), 0, g.Numbers["stealth_uncond/EI(t=1D)"])
				continue
			}
			for j, at := range map[int]string{1: "0.25D", 2: "0.5D", 4: "1.25D", 5: "2D"} {
				z("EI "+at, l.Sum(j, l.Inventory(0)), 0, g.Numbers["sun/EI(t="+at+")"])
				z("bid "+at, l.Sum(j, l.Price(market.Bid)), 0, g.Numbers["sun/Ebid(t="+at+")"])
				second := g.Numbers["sun/VarI(t="+at+")"] + math.Pow(g.Numbers["sun/EI(t="+at+")"], 2)
				fourth := sums.Add[l.Higher(j, 0)+1] / n
				m2 := sums.Add[l.Sum(j, 0)+1] / n
				require.InDelta(t, second, m2, 4*math.Sqrt((fourth-m2*m2)/n), "E I² at "+at)
			}
		}
	}
}

// BenchmarkArrival measures what an investor who comes costs on one core, with the
// parameters of the talk; the order is on two thirds of the time.
func BenchmarkArrival(b *testing.B) {
	for name, hidden := range map[string]bool{"sunshine": false, "stealth": true} {
		b.Run(name, func(b *testing.B) {
			s := arriving(golden.PoissonSets(b)["slide_recal"], hidden, 3*montecarlo.BlockSize)
			s.Clock, s.Statistics, s.Record = clock.Clock{Step: .01, Steps: 30, DiscountRate: s.Clock.DiscountRate}, []int{2, 5, 8, 11, 14, 17, 20, 23}, montecarlo.Record{Ticks: []int{30}}
			l, came := s.ArrivalLayout(), 0.
			for b.Loop() {
				require.NoError(b, s.Run(context.Background(), 1, 3, 1, func(r *montecarlo.Result) error {
					came += r.Sums.Add[l.Came(market.Bid)] + r.Sums.Add[l.Came(market.Ask)]
					return nil
				}))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/came, "ns/arrival")
		})
	}
}

// TestLuckExplainsWelfare: with the values of the golden markets nothing is left of the
// variance, but for what quotes and values change within a period.
func TestLuckExplainsWelfare(t *testing.T) {
	for _, name := range []string{"toy", "lumpy"} {
		g := golden.PoissonSets(t)[name]
		s := arriving(g, true, 3000)
		s.Control = true
		f, stealth := g.OrderRate, g.Numbers["stealth/B"]
		n, A, K := float64(g.Makers), g.Numbers["eq/A"], g.Numbers["eq/K"]
		constant := func(v ...float64) (list []func(float64) float64) {
			for _, v := range v {
				list = append(list, func(float64) float64 { return v })
			}
			return list
		}
		s.Arrivals.Valuations = []equilibrium.Valuation{
			{Square: -A, Slope: constant(stealth, 0), Constant: constant(g.Numbers["stealth/C_gain"], 0)},
			{Square: g.Numbers["users/U2"], Slope: constant(f*g.Numbers["stealth/U_gain_W"], 0), Constant: constant(g.Numbers["stealth/U_gain(i=0)"], 0)},
			{Slope: constant(-f*2*n*A/K/(g.DiscountRate+g.StopRate+g.Numbers["eq/M"]), 0), Constant: constant(g.Numbers["seller/G_stealth"], 0)},
		}
		l := s.ArrivalLayout()
		results, sums := play(t, s, 2)
		for i, key := range []string{"stealth/V(i=0)", "stealth/U(0,i=0)", "seller/G_stealth"} {
			centre, at := l.Outcomes[montecarlo.OutcomeControlled][i], l.Outcome(montecarlo.OutcomeControlled, i)
			require.InDelta(t, g.Numbers[key], centre+sums.Add[at]/3000, 1e-12, key)
			require.Less(t, sums.Add[at+1]/3000-math.Pow(sums.Add[at]/3000, 2), 1e-24, "variance of %s", key)
			require.InDelta(t, g.Numbers[key], results[1].Controlled[3*7+i], 1e-11)
		}
	}
}
