package analysis_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/analysis"
	"walras/equilibrium"
	"walras/internal/golden"
	"walras/montecarlo"
)

// arriving are simulations of all kinds of markets that investors come to one at a
// time, small enough for a test.
func arriving(t *testing.T) map[string]*montecarlo.Simulation {
	sets := golden.PoissonSets(t)
	toy, lumpy := newPoisson(sets["toy"]), newPoisson(sets["lumpy"])
	toy.Inventory, lumpy.Inventory = .7, -.4
	list := map[string]*montecarlo.Simulation{
		"sunshine":   toy.simulation(worthwhile(toy.sunshine()), .5, 6),
		"lumpy":      lumpy.simulation(worthwhile(lumpy.sunshine()), .5, 6),
		"hidden end": toy.simulation(worthwhile(toy.market(toy.unknown, 0, toy.exponential(false))), .4, 5),
		"known end":  toy.simulation(worthwhile(toy.drawn()), .6, 4),
		"Erlang and hyperexponential ends": lumpy.simulation(worthwhile(lumpy.market(lumpy.unknown, 0, &equilibrium.RandomEnd{
			Components: []equilibrium.Waiting{{Weight: .3, Stages: 3, Mean: 1.5}, {Weight: .7, Stages: 1, Mean: .6}},
		})), .5, 4),
		"steps": toy.simulation(worthwhile(toy.bernoulli(36, nil)), 1.5/36, 60),
	}
	list["hidden end at steps"] = toy.simulation(worthwhile(withStep(toy.market(toy.unknown, 0, toy.exponential(false)), .05)), .05, 40)
	list["known end at steps"] = toy.simulation(worthwhile(withStep(toy.drawn(), .05)), .05, 30)
	list["two types"] = toy.simulation(worthwhile(twoTypes(toy, toy.sunshine())), .5, 6)
	list["two types, hidden end"] = toy.simulation(worthwhile(twoTypes(toy, toy.market(toy.unknown, 0, toy.exponential(false)))), .5, 4)
	for _, s := range list {
		s.Statistics = []int{0, s.Clock.Steps / 4, s.Clock.Steps / 2, s.Clock.Steps}
		s.Paths = 20000
	}
	return list
}

func withStep(a *equilibrium.Arrivals, step float64) *equilibrium.Arrivals {
	a.Step = step
	return a
}

// worthwhile gives all seats a value at the horizon that depends on all that it may,
// and the market a buyer.
func worthwhile(a *equilibrium.Arrivals) *equilibrium.Arrivals {
	rates := make([]float64, len(a.Phases))
	for i := range rates[1:] {
		rates[i] = .11
	}
	a.Orders = append(a.Orders, equilibrium.FlowingOrder{Buys: true, Rates: rates})
	worth := func(level float64) equilibrium.EndWorth {
		return func(x []float64, phase int, left float64) float64 {
			last := x[len(x)-1]
			return level + .1*left - float64(1+phase)*(.3*x[0]*x[0]-.2*last+.15*x[0]*last)
		}
	}
	for k := range a.Makers {
		a.Makers[k].Worth = worth(float64(1 + k))
	}
	a.Investors.Worth, a.Orders[0].Worth = worth(7), worth(-2)
	return a
}

// twoTypes splits the makers in two of which one looks at what the other holds, as
// well.
func twoTypes(p goldenMarket, a *equilibrium.Arrivals) *equilibrium.Arrivals {
	maker := a.Makers[0]
	one, other := maker, maker
	one.Count, other.Count = 1, p.Makers
	one.Slopes, other.Slopes = []float64{1.6 * p.r, .4 * p.r}, []float64{-.1 * p.r, p.r}
	a.Makers = []equilibrium.MakerType{one, other}
	for i := range a.Phases {
		a.Phases[i].Bid = append(a.Phases[i].Bid, func(float64) float64 { return .2 })
		a.Phases[i].Ask = append(a.Phases[i].Ask, a.Phases[i].Ask[0])
	}
	return a
}

// TestArrivalsPass: the loop agrees with the moments in all kinds of markets.
func TestArrivalsPass(t *testing.T) {
	for name, s := range arriving(t) {
		_, sums := played(t, s)
		rows := analysis.Statistics(s, sums, nil)
		require.NoError(t, analysis.Finite(rows), name)
		v := analysis.Judge(s, sums, rows)
		assert.Empty(t, v.Failures(), name)
		for _, r := range rows {
			known := !math.IsNaN(r.Analytic)
			assert.True(t, r.Judged || !known || r.Statistic == "inventory_moment4", "%s: %+v", name, r)
			assert.True(t, known || r.Statistic == "volume" || strings.HasSuffix(r.Statistic, "_negative"), "%s: %+v", name, r)
		}
	}
}
