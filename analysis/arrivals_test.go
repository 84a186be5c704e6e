package analysis_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/analysis"
	"walras/clock"
	"walras/equilibrium"
	"walras/internal/golden"
	"walras/montecarlo"
)

// goldenMarket is a market of the golden table: quotes of makers with equal rates of
// arrival, by the formulas of the slides from the golden constants.
type goldenMarket struct {
	golden.Poisson
	k, r, delta, kb float64
}

func newPoisson(g golden.Poisson) goldenMarket {
	q := g.Numbers
	return goldenMarket{g, q["eq/K"], q["eq/r"], q["eq/delta"], q["eq/kB"]}
}

// market has one type of makers, for whom B is on(t) while the order trades.
func (p goldenMarket) market(on func(t float64) float64, until float64, end *equilibrium.RandomEnd) *equilibrium.Arrivals {
	phi := p.OrderRate / (p.Size * p.SellRate * float64(p.Makers))
	quote := func(level func(t float64) float64) []func(float64) float64 {
		return []func(float64) float64{func(t float64) float64 { return p.Size / p.k * (p.Reservation + level(t)) }}
	}
	off := quote(func(float64) float64 { return 0 })
	return &equilibrium.Arrivals{
		Makers:    []equilibrium.MakerType{{Count: p.Makers, InventoryCost: p.InventoryCost, Slopes: []float64{p.r}}},
		Investors: equilibrium.ArrivingInvestors{BuyRate: p.BuyRate, SellRate: p.SellRate, Size: p.Size, Reservation: p.Reservation},
		Orders:    []equilibrium.FlowingOrder{{Rates: []float64{p.OrderRate, 0}}},
		Phases: []equilibrium.Phase{
			{
				Until: until,
				Bid:   quote(func(t float64) float64 { return on(t) - phi }),
				Ask:   quote(func(t float64) float64 { return -on(t) }),
			},
			{Until: equilibrium.Forever(), Bid: off, Ask: off},
		},
		End: end,
	}
}

// announced is B̃ = −f k_B h_δ so long before the end.
func (p goldenMarket) announced(left float64) float64 {
	return p.OrderRate * p.kb * math.Expm1(-p.delta*left) / p.delta
}

func (p goldenMarket) sunshine() *equilibrium.Arrivals {
	return p.market(func(t float64) float64 { return p.announced(p.Duration - t) }, p.Duration, nil)
}

// drawn anticipates an end that is drawn and announced at time 0. More than 40/δ before
// it B̃ does not change.
func (p goldenMarket) drawn() *equilibrium.Arrivals {
	a := p.market(func(t float64) float64 { return p.announced(-t) }, 0, p.exponential(true))
	first := p.market(func(float64) float64 { return p.announced(math.Inf(1)) }, -40/p.delta, nil).Phases[0]
	a.Phases = append([]equilibrium.Phase{first}, a.Phases...)
	a.Orders[0].Rates = []float64{p.OrderRate, p.OrderRate, 0}
	return a
}

// unknown is B of a hidden exponential end.
func (p goldenMarket) unknown(float64) float64 { return -p.OrderRate * p.kb / (p.StopRate + p.delta) }

func (p goldenMarket) exponential(known bool) *equilibrium.RandomEnd {
	return &equilibrium.RandomEnd{Components: []equilibrium.Waiting{{Weight: 1, Stages: 1, Mean: 1 / p.StopRate}}, Known: known}
}

func (p goldenMarket) simulation(a *equilibrium.Arrivals, step float64, steps int) *montecarlo.Simulation {
	cl := clock.Clock{Step: step, Steps: steps, DiscountRate: p.DiscountRate}
	s := &montecarlo.Simulation{
		Arrivals: a, Initial: make([]float64, a.Seats()), Clock: cl, Paths: 1000, Seed: 5, Statistics: cl.Grid(1),
		Reference: montecarlo.Fundamental{Start: 100, Volatility: 1.3},
	}
	for i := range a.Seats() {
		s.Names = append(s.Names, fmt.Sprintf("seat%d", i))
	}
	for i := range a.Makers {
		s.Initial[i] = p.Inventory
	}
	return s
}

// near requires agreement to 1e-10, or to rounding of the scale.
func near(t *testing.T, label string, want, got, scale float64) {
	t.Helper()
	assert.InDelta(t, want, got, 1e-10*math.Abs(want)+1e-11*scale, label)
}

// TestArrivalsAgreeWithGolden: moments and quotes under sunshine, and under stealth
// given the end.
func TestArrivalsAgreeWithGolden(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		p := newPoisson(g)
		for prefix, a := range map[string]*equilibrium.Arrivals{
			"sun/":       p.sunshine(),
			"stealth|D/": p.market(p.unknown, p.Duration, nil),
		} {
			laws, outcomes := analysis.FollowArrivals(p.simulation(a, p.Duration/4, 8))
			compared := 0
			for j, law := range laws {
				at := fmt.Sprintf("(t=%vD)", float64(j)/4)
				if _, ok := g.Numbers[prefix+"EI"+at]; !ok {
					continue
				}
				x := law.Inventory(0)
				raw, size := x.Raw(), math.Sqrt(x.Raw()[2])
				for key, moment := range map[string]float64{"EI": raw[1], "VarI": x.Variance(), "EI3": raw[3], "EI4": raw[4]} {
					order := map[string]float64{"EI": 1, "VarI": 2, "EI3": 3, "EI4": 4}[key]
					near(t, name+" "+prefix+key+at, g.Numbers[prefix+key+at], moment, math.Pow(size, order))
				}
				if at == "(t=1D)" { // the golden ones are left limits
					near(t, "ask at D+", g.Numbers[prefix+"Eask(t=D+)"], law.Ask.Mean(), p.Reservation)
					near(t, "bid at D+", g.Numbers[prefix+"Ebid(t=D+)"], law.Bid.Mean(), p.Reservation)
				} else {
					near(t, "ask", g.Numbers[prefix+"Eask"+at], law.Ask.Mean(), p.Reservation)
					near(t, "bid", g.Numbers[prefix+"Ebid"+at], law.Bid.Mean(), p.Reservation)
					near(t, "mid", g.Numbers[prefix+"Emid"+at], law.Mid.Mean(), p.Reservation)
				}
				near(t, "sd of mid", g.Numbers[prefix+"sd_mid"+at], math.Sqrt(law.Mid.Variance()), p.Reservation)
				compared++
			}
			require.GreaterOrEqual(t, compared, 6)
			f := p.OrderRate
			proceeds := g.Numbers["seller/G_sun"]
			if prefix != "sun/" {
				proceeds = f * (g.Numbers["seller/P(D)"] - g.Numbers["seller/Q_stealth_given_D"]*f)
			}
			near(t, name+" proceeds", proceeds, outcomes[2].Payoff, f*p.Duration*p.Reservation)
		}
	}
}

// TestHiddenEndAgreesWithGolden: unconditional moments, and proceeds over all time.
func TestHiddenEndAgreesWithGolden(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		p := newPoisson(g)
		a := p.market(p.unknown, 0, p.exponential(false))
		laws, _ := analysis.FollowArrivals(p.simulation(a, p.Duration/2, 4))
		for j, at := range map[int]string{1: "(t=0.5D)", 2: "(t=1D)", 4: "(t=2D)"} {
			raw := laws[j].Inventory(0).Raw()
			near(t, name+" EI"+at, g.Numbers["stealth_uncond/EI"+at], raw[1], math.Sqrt(raw[2]))
			near(t, name+" EI2"+at, g.Numbers["stealth_uncond/EI2"+at], raw[2], raw[2])
			assert.InDelta(t, math.Exp(-p.StopRate*float64(j)*p.Duration/2), laws[j].Active, 1e-12)
		}
		s := p.simulation(a, 26/p.StopRate, 1)
		_, outcomes := analysis.FollowArrivals(s)
		near(t, name+" proceeds", g.Numbers["seller/G_stealth"], outcomes[2].Payoff, p.OrderRate/p.StopRate*p.Reservation)
	}
}

// TestKnownEndAgreesWithGolden: proceeds with an end that is drawn and announced.
func TestKnownEndAgreesWithGolden(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		p := newPoisson(g)
		a := p.drawn()
		s := p.simulation(a, 12/p.StopRate, 2)
		if name == "slide_recal" {
			continue
		}
		laws, outcomes := analysis.FollowArrivals(s)
		assert.InEpsilon(t, g.Numbers["seller/E_D_G_sun"], outcomes[2].Payoff, 1e-7, name)
		assert.InDelta(t, math.Exp(-12), laws[1].Active, 1e-9)
		laws, _ = analysis.FollowArrivals(p.simulation(a, .8/p.StopRate, 1)) // after which many orders still trade
		assert.InDelta(t, math.Exp(-.8), laws[1].Active, 1e-9)
	}
}

// bernoulli is the market of golden steps: by the recursion for B from its golden A.
func (p goldenMarket) bernoulli(n int, hidden *equilibrium.RandomEnd) *equilibrium.Arrivals {
	step, f, makers := p.Duration/float64(n), p.OrderRate, float64(p.Makers)
	gamma, rate := math.Exp(-p.DiscountRate*step), math.Expm1(p.DiscountRate*step)/step
	a := gamma * p.Double[fmt.Sprintf("bernoulli(n=%d)/A", n)]
	k, c := makers+1+2*p.Size*a, p.Size
	kappa, kb := 4*c*a*(1+c*a)/(k*k), 4*a*(1+c*a)*(k-1)/(makers*k*k)
	b := make([]float64, n+1)
	for j := n - 1; j >= 0; j-- {
		b[j] = gamma*b[j+1]*(1-kappa*(p.BuyRate+p.SellRate)*step) - kb*f*step + 2*(p.InventoryCost-rate*a)*step*f*step/makers
	}
	q := p
	q.k, q.r = k, 2*c*a/k
	market := q.market(func(t float64) float64 { return gamma * b[min(n, int(math.Round(t/step))+1)] }, p.Duration, hidden)
	market.Step = step
	return market
}

// TestStepsAgreeWithGolden: mean and variance at D, and proceeds, in discrete time.
func TestStepsAgreeWithGolden(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		p := newPoisson(g)
		n := map[string]int{"toy": 36, "lumpy": 32, "slide_recal": 27040}[name]
		s := p.simulation(p.bernoulli(n, nil), p.Duration/float64(n), n)
		s.Statistics = []int{0, n / 2, n}
		laws, outcomes := analysis.FollowArrivals(s)
		at := fmt.Sprintf("bernoulli(n=%d)/", n)
		x := laws[2].Inventory(0)
		assert.InEpsilon(t, g.Double[at+"mean"], x.Mean(), 1e-9, name)
		assert.InEpsilon(t, g.Double[at+"var"], x.Variance(), 1e-9, name)
		assert.InEpsilon(t, g.Double[at+"G"], outcomes[2].Payoff, 1e-9, name)
	}
}

// TestHiddenEndOfManyStages: at some time the order has ended, also where e^{−νt} alone
// would be 0; and makers hold what is left of a known end at the mean, nearly.
func TestHiddenEndOfManyStages(t *testing.T) {
	p := newPoisson(golden.PoissonSets(t)["toy"])
	end := &equilibrium.RandomEnd{Components: []equilibrium.Waiting{{Weight: 1, Stages: 1000, Mean: p.Duration}}}
	laws, _ := analysis.FollowArrivals(p.simulation(p.market(p.unknown, 0, end), 1.2*p.Duration, 1))
	given, _ := analysis.FollowArrivals(p.simulation(p.market(p.unknown, p.Duration, nil), 1.2*p.Duration, 1))
	raw := laws[1].Inventory(0).Raw()
	assert.InDelta(t, 1, raw[0], 1e-8)
	assert.InEpsilon(t, given[1].Inventory(0).Mean(), raw[1], 2e-3)
	assert.InDelta(t, 0, laws[1].Active, 1e-8)
}

// TestWhoKnowsTheEndDoesNotMatterToMoments where quotes do not depend on it: averaged
// over ends they are those that are followed through it.
func TestWhoKnowsTheEndDoesNotMatterToMoments(t *testing.T) {
	for _, name := range []string{"toy", "lumpy"} {
		p := newPoisson(golden.PoissonSets(t)[name])
		p.Inventory = .7
		for _, step := range []float64{0, .02 * p.Duration} {
			follow := func(known bool) ([]*analysis.ArrivalLaw, []analysis.ArrivalOutcome) {
				a := p.market(p.unknown, 0, p.exponential(known))
				a.End.Components = []equilibrium.Waiting{{Weight: .3, Stages: 3, Mean: p.Duration}, {Weight: .7, Stages: 1, Mean: .5 * p.Duration}}
				a.Step = step
				s := p.simulation(a, .02*p.Duration, 75)
				s.Statistics = []int{0, 25, 50, 75}
				return analysis.FollowArrivals(s)
			}
			hidden, paid := follow(false)
			known, same := follow(true)
			for j, law := range hidden {
				x, y := law.Inventory(0), known[j].Inventory(0)
				for order, raw := range x.Raw() {
					assert.InEpsilon(t, raw, y.Raw()[order], 1e-6, "%s, tick %d: order %d", name, j, order)
				}
				if j > 1 { // nothing is random at time 0
					covariance, spread := law.Lagged(0)
					other, beside := known[j].Lagged(0)
					assert.InEpsilon(t, covariance, other, 1e-6)
					assert.InEpsilon(t, spread, beside, 1e-6)
				}
				assert.InEpsilon(t, law.Bid.Mean(), known[j].Bid.Mean(), 1e-6)
				assert.InEpsilon(t, law.Ask.Variance()+1, known[j].Ask.Variance()+1, 1e-6)
				assert.InDelta(t, law.Active, known[j].Active, 1e-7)
			}
			for i := range paid {
				assert.InEpsilon(t, paid[i].Payoff, same[i].Payoff, 1e-6)
				assert.InEpsilon(t, paid[i].Volume, same[i].Volume, 1e-6)
			}
		}
	}
}
