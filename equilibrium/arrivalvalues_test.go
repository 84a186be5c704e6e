package equilibrium_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium"
	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/internal/golden"
)

// arrivals is the market of a golden set in which all makers follow the published
// policy, with the order of the set; Bid and Ask of the phases are left to the caller.
func arrivals(g golden.Poisson) (*equilibrium.Arrivals, poisson.Constants) {
	c := poisson.Model{
		DiscountRate: g.DiscountRate, Makers: g.Makers, InventoryCost: g.InventoryCost,
		BuyRate: g.BuyRate, SellRate: g.SellRate, Size: g.Size, Reservation: g.Reservation,
	}.Constants(cournot.Published)
	return &equilibrium.Arrivals{
		Makers:    []equilibrium.MakerType{{Count: g.Makers, InventoryCost: g.InventoryCost, Slopes: []float64{c.R}}},
		Investors: equilibrium.ArrivingInvestors{BuyRate: g.BuyRate, SellRate: g.SellRate, Size: g.Size, Reservation: g.Reservation},
		Orders:    []equilibrium.FlowingOrder{{Rates: []float64{g.OrderRate, 0}}},
	}, c
}

// quoting is a phase at whose times the anticipation is B and the order trades at f.
func quoting(c poisson.Constants, until, f float64, B func(t float64) float64) equilibrium.Phase {
	k, n := c.Size/c.K, float64(c.Makers)
	return equilibrium.Phase{
		Until: until,
		Ask:   []func(float64) float64{func(t float64) float64 { return k * (c.Reservation - B(t)) }},
		Bid:   []func(float64) float64{func(t float64) float64 { return k * (c.Reservation + B(t) - f/(c.Size*c.SellRate*n)) }},
	}
}

func idle(c poisson.Constants) equilibrium.Phase {
	return quoting(c, equilibrium.Forever(), 0, func(float64) float64 { return 0 })
}

func announced(c poisson.Constants, f, until, end float64) equilibrium.Phase {
	return quoting(c, until, f, func(t float64) float64 { return f * c.KB * math.Expm1(-c.Delta*(end-t)) / c.Delta })
}

func valuesOf(t *testing.T, a *equilibrium.Arrivals, g golden.Poisson) *equilibrium.Values {
	v, err := a.Values(g.DiscountRate)
	require.NoError(t, err)
	return v
}

// TestValuesAreGolden: from the market alone, what makers, investors and the order
// can expect is what the closed forms say: without order, hidden, and announced.
func TestValuesAreGolden(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		a, c := arrivals(g)
		f, ν, D := g.OrderRate, g.StopRate, g.Duration
		agrees := func(key string, got, tolerance float64) {
			require.InEpsilon(t, g.Numbers[key], got, tolerance, "%s: %s", name, key)
		}
		hidden := quoting(c, 0, f, func(float64) float64 { return -f * c.KB / (ν + c.Delta) })
		a.Phases, a.End = []equilibrium.Phase{hidden, idle(c)}, &equilibrium.RandomEnd{Components: []equilibrium.Waiting{{Weight: 1, Stages: 1, Mean: 1 / ν}}}
		v := valuesOf(t, a, g)
		for label, i := range g.Inventories {
			x := []float64{i}
			agrees(fmt.Sprintf("none/V(i=%s)", label), v.Expected(0, x, 1, 0, 0), 1e-10)
			agrees(fmt.Sprintf("none/U(0,i=%s)", label), v.Expected(1, x, 1, 0, 0), 1e-10)
			agrees(fmt.Sprintf("stealth/V(i=%s)", label), v.Expected(0, x, 0, 0, 0), 1e-10)
			agrees(fmt.Sprintf("stealth/U(0,i=%s)", label), v.Expected(1, x, 0, 0, 0), 1e-10)
		}
		agrees("seller/G_stealth", v.Expected(2, []float64{g.Inventory}, 0, 0, 0), 1e-10)

		a.Phases, a.End = []equilibrium.Phase{announced(c, f, D, D), idle(c)}, nil
		v = valuesOf(t, a, g)
		at := v.At(0, 0, 0)
		for label, i := range g.Inventories {
			agrees(fmt.Sprintf("sun/V(t=0D,i=%s)", label), at(0, []float64{i}), 1e-10)
			agrees(fmt.Sprintf("sun/U(0,i=%s)", label), at(1, []float64{i}), 1e-10)
		}
		agrees("seller/G_sun", at(2, []float64{g.Inventory}), 1e-10)

		far := -40 / c.Delta // announced, of a time that is known: near its end, and far from it
		anchored := *a
		anchored.Orders = []equilibrium.FlowingOrder{{Rates: []float64{f, f, 0}}}
		anchored.Phases = []equilibrium.Phase{announced(c, f, far, 0), announced(c, f, 0, 0), idle(c)}
		anchored.End = &equilibrium.RandomEnd{Known: true}
		v = valuesOf(t, &anchored, g)
		x := []float64{.3 * g.Reservation / c.A}
		for _, left := range []float64{.37 * D, 1.7 * D, -far * .99999, -far * 1.3} {
			a.Phases = []equilibrium.Phase{announced(c, f, left, left), idle(c)}
			fixed := valuesOf(t, a, g).At(0, 0, 0)
			for i := range 3 {
				require.InEpsilon(t, fixed(i, x), v.Expected(i, x, 0, 0, left), 1e-10, "%s, %v left", name, left)
			}
		}
	}
}

// TestArrivalsThatAreNotValid: what cannot be played is not valued either, as phases
// between the first and the last but one of a known end, which no table has.
func TestArrivalsThatAreNotValid(t *testing.T) {
	g := golden.PoissonSets(t)["lumpy"]
	f := g.OrderRate
	for want, change := range map[string]func(a *equilibrium.Arrivals, far, near equilibrium.Phase){
		"": func(*equilibrium.Arrivals, equilibrium.Phase, equilibrium.Phase) {},
		"have 4 phases, the last but one until 0": func(a *equilibrium.Arrivals, far, near equilibrium.Phase) {
			middle := near
			middle.Until = far.Until / 2
			a.Phases, a.Orders[0].Rates = []equilibrium.Phase{far, middle, near, a.Phases[2]}, []float64{f, f, f, 0}
		},
		"the last but one until -0.25": func(a *equilibrium.Arrivals, _, _ equilibrium.Phase) { a.Phases[1].Until = -.25 },
		"must not depend on time": func(a *equilibrium.Arrivals, _, near equilibrium.Phase) {
			a.Phases, a.Orders[0].Rates = []equilibrium.Phase{near, a.Phases[2]}, []float64{f, 0}
		},
		"must be one for each of 3 phases": func(a *equilibrium.Arrivals, _, _ equilibrium.Phase) { a.Orders[0].Rates = []float64{f, 0} },
	} {
		a, c := arrivals(g)
		near := announced(c, f, 0, 0)
		far := quoting(c, -40/c.Delta, f, func(float64) float64 { return -f * c.KB / c.Delta })
		a.Phases, a.Orders[0].Rates = []equilibrium.Phase{far, near, idle(c)}, []float64{f, f, 0}
		a.End = &equilibrium.RandomEnd{Known: true, Components: []equilibrium.Waiting{{Weight: 1, Stages: 2, Mean: .9}}}
		change(a, far, near)
		_, err := a.Values(g.DiscountRate)
		if want == "" {
			require.NoError(t, err)
			require.NoError(t, a.Validate())
			continue
		}
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, a.Validate(), want)
	}
}

// TestValuesWithoutAnticipation: if quotes do not depend on the time left two phases are
// enough, and at a known end of any time values are those of an end at that date.
func TestValuesWithoutAnticipation(t *testing.T) {
	g := golden.PoissonSets(t)["lumpy"]
	a, c := arrivals(g)
	level := func(float64) float64 { return -.7 * g.OrderRate * c.KB }
	a.Phases = []equilibrium.Phase{quoting(c, 0, g.OrderRate, level), idle(c)}
	a.End = &equilibrium.RandomEnd{Known: true, Components: []equilibrium.Waiting{{Weight: 1, Stages: 2, Mean: .9}}}
	v := valuesOf(t, a, g)
	for _, left := range []float64{0, .4, 2.3} {
		b := *a
		b.End, b.Phases = nil, []equilibrium.Phase{quoting(c, left, g.OrderRate, level), idle(c)}
		dated := valuesOf(t, &b, g)
		for i := range 3 {
			require.InDelta(t, dated.Expected(i, []float64{.3}, 0, 0, 0), v.Expected(i, []float64{.3}, 0, 0, left), 1e-9)
		}
	}
}

// TestHazard: that of a mixture is the law's, and far out, where powers overflow, that
// of the slowest part.
func TestHazard(t *testing.T) {
	mixed := equilibrium.RandomEnd{Components: []equilibrium.Waiting{{Weight: .3, Stages: 1, Mean: .4}, {Weight: .7, Stages: 1, Mean: 1.7}}}
	law := poisson.Hyperexponential{Weights: []float64{.3, .7}, Means: []float64{.4, 1.7}}
	erlang := equilibrium.RandomEnd{Components: []equilibrium.Waiting{{Weight: 1, Stages: 900, Mean: 1.3}}}
	for _, at := range []float64{0, .2, 1.1, 4} {
		require.InEpsilon(t, poisson.Hazard(law, at), mixed.Hazard(at), 1e-12)
	}
	for _, at := range []float64{.9, 1.2, 1.5} {
		require.InEpsilon(t, poisson.Hazard(poisson.Erlang{Stages: 900, MeanDuration: 1.3}, at), erlang.Hazard(at), 1e-9)
	}
	require.InEpsilon(t, 1/1.7, mixed.Hazard(900), 1e-12)
	require.InEpsilon(t, 900/1.3, erlang.Hazard(1e4), .1)
}
