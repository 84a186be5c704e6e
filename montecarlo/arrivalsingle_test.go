package montecarlo_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium"
	"walras/internal/golden"
	"walras/montecarlo"
)

// TestPathsAloneAreThoseOfTheAuctions plays a block with auctions, because its paths are
// recorded, and without: the same sums, but for rounding.
func TestPathsAloneAreThoseOfTheAuctions(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		for market, change := range map[string]func(*montecarlo.Simulation){
			"hidden":        func(s *montecarlo.Simulation) {},
			"known":         func(s *montecarlo.Simulation) { s.Arrivals = dealing(g, false) },
			"nobody":        func(s *montecarlo.Simulation) { s.Arrivals.Orders[0].Rates[0] = 0 },
			"buyer":         func(s *montecarlo.Simulation) { s.Arrivals.Orders[0].Buys = true },
			"unequal rates": func(s *montecarlo.Simulation) { s.Arrivals.Investors.BuyRate *= .7 },
			"inventory":     func(s *montecarlo.Simulation) { s.Initial[0] = 1.3 },
			"known at random": func(s *montecarlo.Simulation) {
				s.Arrivals = anchored(g)
			},
		} {
			t.Run(name+" "+market, func(t *testing.T) {
				s := arriving(g, true, 2*montecarlo.BlockSize)
				if name == "slide_recal" {
					s.Paths = montecarlo.BlockSize + 20
				}
				change(s)
				sums := func(recorded int64) []float64 {
					s.Record.Paths = recorded
					var out []float64
					require.NoError(t, s.Run(context.Background(), 1, 2, 1, func(r *montecarlo.Result) error {
						out = r.Sums.Add
						return nil
					}))
					return out
				}
				with, without := sums(s.Paths), sums(0)
				for i, want := range with {
					scale := math.Abs(want)
					if i%2 == 0 && i+1 < len(with) { // the square that follows a sum says how large its terms are
						scale += math.Sqrt(math.Abs(with[i+1]) * float64(s.Paths))
					}
					require.InDelta(t, want, without[i], 1e-10*scale+1e-13, fmt.Sprint("sum ", i))
				}
			})
		}
	}
}

// anchored is the golden market with a seller whose end is drawn and known.
func anchored(g golden.Poisson) *equilibrium.Arrivals {
	a := dealing(g, false)
	known := a.Phases[0]
	ends := func(f []func(float64) float64) []func(float64) float64 {
		return []func(float64) float64{func(t float64) float64 { return f[0](t + g.Duration) }}
	}
	known.Bid, known.Ask, known.Until = ends(known.Bid), ends(known.Ask), 0
	far := known // so long before the end that it makes no difference
	far.Until = -60 * g.Duration
	at := func(f []func(float64) float64) []func(float64) float64 {
		return []func(float64) float64{func(float64) float64 { return f[0](far.Until) }}
	}
	far.Bid, far.Ask = at(known.Bid), at(known.Ask)
	a.Phases = []equilibrium.Phase{far, known, a.Phases[1]}
	a.Orders[0].Rates = []float64{g.OrderRate, g.OrderRate, 0}
	a.Orders[0].Worth, a.Makers[0].Worth, a.Investors.Worth = nil, nil, nil
	a.End = &equilibrium.RandomEnd{Known: true, Components: []equilibrium.Waiting{{Weight: .4, Stages: 3, Mean: 1 / g.StopRate}, {Weight: .6, Stages: 1, Mean: .5 / g.StopRate}}}
	return a
}

// TestPhasesThatCannotBePlayed are refused: none of them would show in the results.
func TestPhasesThatCannotBePlayed(t *testing.T) {
	g := golden.PoissonSets(t)["toy"]
	for want, change := range map[string]func(*equilibrium.Arrivals){
		"": func(*equilibrium.Arrivals) {},
		"there must be one at least, the last without end": func(a *equilibrium.Arrivals) { a.Phases = a.Phases[:2] },
		"must be one for each of 3 phases":                 func(a *equilibrium.Arrivals) { a.Orders[0].Rates = []float64{.6, 0} },
		"must be two, of which the end is the limit":       func(a *equilibrium.Arrivals) { a.End.Known = false },
		"there must be one after their end": func(a *equilibrium.Arrivals) {
			a.Phases, a.Orders[0].Rates = a.Phases[2:], []float64{0}
		},
		"take shorter steps": func(a *equilibrium.Arrivals) { a.Step = 1.01 / a.Investors.Rate() },
		"must not depend on time": func(a *equilibrium.Arrivals) {
			a.Phases, a.Orders[0].Rates = a.Phases[1:], []float64{.6, 0}
		},
	} {
		s := arriving(g, true, 20)
		s.Arrivals = anchored(g)
		change(s.Arrivals)
		err := s.Run(context.Background(), 0, 1, 1, func(*montecarlo.Result) error { return nil })
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want)
	}
}

// TestAnnouncedEndIsThatOfItsDate plays paths whose end was drawn and announced, and the
// same paths with orders that were always to end then; the discount is as strong as
// anticipation, so that what is near the end is worth much more than what is far.
func TestAnnouncedEndIsThatOfItsDate(t *testing.T) {
	g := golden.PoissonSets(t)["toy"]
	g.DiscountRate, g.Makers, g.StopRate = 3.1, 15, .9
	s := arriving(g, true, 40)
	s.Arrivals, s.Record.Paths, s.Record.Outcomes = anchored(g), 0, 40
	s.Arrivals.Phases[0].Until = -20
	s.Arrivals.Phases[0].Bid[0], s.Arrivals.Phases[0].Ask[0] = at(s.Arrivals.Phases[1].Bid[0], -20), at(s.Arrivals.Phases[1].Ask[0], -20)
	announced, _ := play(t, s, 1)
	for p := range 40 {
		outcomes := announced[0].Outcomes[9*p:][:9]
		g.Duration = outcomes[8] / g.OrderRate // what the order traded
		if g.Duration > 2.9 {
			continue // it may have lasted beyond the horizon
		}
		known := arriving(g, false, 40)
		known.Clock, known.Record, known.Arrivals.Orders[0].Worth = s.Clock, s.Record, nil
		known.Arrivals.Makers[0].Worth, known.Arrivals.Investors.Worth = nil, nil
		results, _ := play(t, known, 1)
		for i := range 3 {
			require.InEpsilon(t, results[0].Outcomes[9*p+3*i], outcomes[3*i], 1e-9, "path %d, seat %d", p, i)
		}
	}
}

func at(f func(float64) float64, t float64) func(float64) float64 {
	return func(float64) float64 { return f(t) }
}
