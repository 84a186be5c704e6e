package equilibrium_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
)

// allActing gives all traders but a fringe one conduct.
func allActing(list []equilibrium.Trader, kind equilibrium.Kind, factor float64) []equilibrium.Trader {
	out := append([]equilibrium.Trader(nil), list...)
	for i, t := range out {
		if t.Kind != equilibrium.Fringe {
			out[i] = acting(t, kind, factor)
		}
	}
	return out
}

// TestFiveBounded are the five traders of SS with other conduct, against
// numbers from independent code.
func TestFiveBounded(t *testing.T) {
	five := large(1, 1.5, 2, 2.5, 3)
	blind := allActing(five, equilibrium.MomentumBlind, 0)
	bounded := allActing(five, equilibrium.NoTransient, 0)
	requireDigits := func(want, got []float64, half float64) {
		t.Helper()
		for i := range want {
			require.InDelta(t, want[i], got[i], half)
		}
	}
	own := func(g equilibrium.Game, step, unit float64) (list []float64) {
		s := solve(t, g, step)
		for i := range g.Traders {
			list = append(list, s.Cross(i, i)/unit)
		}
		return list
	}
	requireDigits([]float64{.642658, .998420, 1.333385, 1.648945, 1.947027}, own(game(1, bounded...), 0, 1), 5e-7)
	requireDigits([]float64{.60615867, .92211070, 1.21055524, 1.47437814, 1.71673542}, own(game(1, bounded...), .1, .1), 5e-9)
	price := solve(t, game(1, blind...), 0).PriceOn(game(1, blind...).Seats(everyone))
	requireDigits([]float64{-.198094, -.306984, -.405857, -.498084, -.585265}, price, 5e-7)
}

// TestAlikeAllActAlike: between traders with equal costs there is neither
// transient impact nor momentum, and it does not matter who knows of it.
func TestAlikeAllActAlike(t *testing.T) {
	timings(t, func(t *testing.T, step float64) {
		strategic := written(t, solve(t, game(.7, members(6, 1.3)), step), nil)
		mixed := game(.7, members(2, 1.3), acting(members(3, 1.3), equilibrium.NoTransient, 0), acting(members(1, 1.3), equilibrium.MomentumBlind, 0))
		requireSame(t, strategic, written(t, solve(t, mixed, step), nil), 1e-12)

		// The condition of no transient impact holds at the strategic solution.
		market := rawOf(game(.7, acting(members(6, 1.3), equilibrium.NoTransient, 0)), step, strategic)
		for j := range market.b {
			require.LessOrEqual(t, market.perceived(0, j).excess(), 1e-15)
		}
	})
}

// TestMisperceivedAlike compares with the closed form, two traders included.
func TestMisperceivedAlike(t *testing.T) {
	for _, n := range []int{2, 3, 7} {
		for _, share := range []float64{.1, .5, .98} { // of the factor n−1 at which trade ends
			timings(t, func(t *testing.T, step float64) {
				factor := share * float64(n-1)
				want, err := closedform.Misperceived(n, 1.7, factor, .6)
				if step > 0 {
					want, err = closedform.MisperceivedDiscrete(n, 1.7, factor, .6, step)
				}
				require.NoError(t, err)
				got := written(t, solve(t, game(.6, acting(members(n, 1.7), equilibrium.Misperceived, factor)), step), nil)
				requireClose(t, vector(want.P), vector(got.p), 1e-12, 0, "P")
				requireClose(t, want.Q, got.q, 0, 1e-11/(1-share), "Q")
				for i, a := range want.A {
					requireClose(t, a, got.values[i].A, 0, 1e-11, "A")
				}
			})
		}
	}
}

// TestTradeEnds at Σ 1/(1+φ) = 1, whatever the costs: just inside, trade is as
// small as the distance from the bound, and beyond there is an error.
func TestTradeEnds(t *testing.T) {
	// φ of the last trader at which the sum is 1 + excess.
	last := func(excess float64, others ...float64) float64 {
		sum := 1 + excess
		for _, f := range others {
			sum -= 1 / (1 + f)
		}
		return 1/sum - 1
	}
	two := func(excess float64) []equilibrium.Trader {
		return []equilibrium.Trader{members(1, .7), acting(members(1, 4), equilibrium.Misperceived, last(excess, 1))}
	}
	three := func(excess float64) []equilibrium.Trader {
		return []equilibrium.Trader{
			acting(members(1, .7), equilibrium.MomentumBlind, 0), acting(members(1, 2), equilibrium.Misperceived, 2.5),
			acting(members(1, 5), equilibrium.Misperceived, last(excess, 1, 2.5)),
		}
	}
	for _, market := range []func(float64) []equilibrium.Trader{two, three} {
		timings(t, func(t *testing.T, step float64) {
			var trade []float64
			for _, excess := range []float64{1e-2, 1e-3, 1e-4} {
				trade = append(trade, solve(t, game(.9, market(excess)...), step).Cross(0, 0))
			}
			requireOrder(t, "trade", 10, trade...)
			_, err := attempt(game(.9, market(-1e-4)...), step)
			var none *equilibrium.NoEquilibriumError
			require.ErrorAs(t, err, &none)
			require.Contains(t, none.Reason, "is 0.9999 and must exceed 1")
			require.Contains(t, none.Hint, "lower the impact factors")
		})
	}
	_, err := game(1, acting(members(4, 2), equilibrium.Misperceived, 3)).Continuous()
	require.ErrorContains(t, err, "for 4 members alike φ must be below 3")
	_, err = game(1, acting(members(2, 2), equilibrium.NoTransient, 0)).Continuous()
	require.ErrorContains(t, err, "2 trader(s) and no fringe")
}

// TestBoundedTypesAreTraders lists types of every conduct member by member.
func TestBoundedTypesAreTraders(t *testing.T) {
	for _, others := range [][]equilibrium.Trader{{fringe(3)}, {members(1, .4)}} {
		for kind, factor := range map[equilibrium.Kind]float64{equilibrium.NoTransient: 0, equilibrium.MomentumBlind: 0, equilibrium.Misperceived: .6} {
			timings(t, func(t *testing.T, step float64) {
				one := acting(members(1, 1.4), kind, factor)
				stranger := acting(members(2, 1.4), equilibrium.Misperceived, 1.7) // the same costs in another class
				want := solve(t, game(.8, append(others, acting(members(3, 1.4), kind, factor), stranger)...), step)
				got := solve(t, game(.8, append(others, one, one, one, stranger)...), step)
				requireSame(t, written(t, want, nil), written(t, got, nil), 1e-12)
				require.InEpsilon(t, want.ImpactOf(1).Transient+1, got.ImpactOf(2).Transient+1, 1e-12)
				require.NotEqual(t, want.Price(1), want.Price(2))
			})
		}
	}
}

// TestBoundedTendsToContinuous measures the order in Δ of every conduct and of
// a mixture.
func TestBoundedTendsToContinuous(t *testing.T) {
	five := large(1, 1.5, 2, 2.5, 3)
	list := map[string][]equilibrium.Trader{
		"no transient":   allActing(five, equilibrium.NoTransient, 0),
		"momentum blind": allActing(five, equilibrium.MomentumBlind, 0),
		"misperceived":   allActing(five, equilibrium.Misperceived, .7),
		"mixed": {
			members(1, 1), acting(members(2, 1.5), equilibrium.NoTransient, 0), acting(members(1, 2), equilibrium.MomentumBlind, 0),
			acting(members(1, 2.5), equilibrium.Misperceived, 1.6), fringe(3),
		},
	}
	for name, traders := range list {
		t.Run(name, func(t *testing.T) {
			limit := written(t, solve(t, game(.9, traders...), 0), nil)
			var price, trade []float64
			for _, step := range []float64{.02, .01, .005} {
				m := written(t, solve(t, game(.9, traders...), step), nil)
				var rate mat.Dense
				rate.Scale(1/step, m.q)
				price = append(price, distance(vector(limit.p), vector(m.p)))
				trade = append(trade, distance(limit.q, &rate))
			}
			requireOrder(t, "P", 2, price...)
			requireOrder(t, "Q/Δ", 2, trade...)
		})
	}
}

// randomMixture draws up to eight members with costs over two decades, of any
// conduct, perhaps beside a fringe, that can trade.
func randomMixture(t *rapid.T) equilibrium.Game {
	g := game(logUniform(t, .1, 3, "r"))
	withFringe, eagerness := rapid.Bool().Draw(t, "fringe"), 0.0
	if withFringe {
		g.Traders = append(g.Traders, fringe(logUniform(t, 1, 100, "fringe's b")))
	}
	for spare := rapid.IntRange(2, 8).Draw(t, "members") - len(g.Traders); spare > 0; {
		trader := members(rapid.IntRange(1, min(3, spare)).Draw(t, "count"), logUniform(t, 1, 100, "b"))
		trader.Kind = rapid.SampledFrom([]equilibrium.Kind{equilibrium.Strategic, equilibrium.NoTransient, equilibrium.MomentumBlind, equilibrium.Misperceived}).Draw(t, "kind")
		factor := 1.0
		if trader.Kind == equilibrium.Misperceived {
			factor = logUniform(t, .3, 2, "factor")
			trader.ImpactFactor = factor
		}
		eagerness += float64(trader.Count) / (1 + factor)
		spare -= trader.Count
		g.Traders = append(g.Traders, trader)
	}
	if !withFringe && eagerness < 1.01 {
		t.Skip("cannot trade")
	}
	return g
}

// TestRandomMixtures checks the conditions of random markets member by member.
func TestRandomMixtures(t *testing.T) {
	kinds := make(map[equilibrium.Kind]int)
	rapid.Check(t, func(t *rapid.T) {
		g, step := randomMixture(t), randomStep(t)
		s := solve(t, g, step)
		require.LessOrEqual(t, s.Residual, 1e-11)
		require.Equal(t, equilibrium.Conditions{Stable: true, SecondOrder: true}, s.Conditions())
		m := written(t, s, nil)
		market := rawOf(g, step, m)
		market.requireEquilibrium(t, m.values, 1e-9)
		market.requireEfficientRest(t, 1e-9)
		for i, trader := range g.Traders {
			kinds[trader.Kind]++
			require.False(t, math.IsNaN(s.ImpactOf(i).Transient), fmt.Sprint(i))
		}
	})
	require.Len(t, kinds, 5)
}

// TestFactorBelongsToMisperceived and to nobody else.
func TestFactorBelongsToMisperceived(t *testing.T) {
	for kind, factor := range map[equilibrium.Kind]float64{
		equilibrium.Strategic: 1, equilibrium.Fringe: .5, equilibrium.NoTransient: .5, equilibrium.MomentumBlind: -1, equilibrium.Misperceived: 0,
	} {
		g := game(1, append(large(1, 2, 3), acting(members(1, 1), kind, factor))...)
		require.Panics(t, func() { _, _ = g.Continuous() }, "kind %d, factor %g", kind, factor)
	}
	g := game(1, append(large(1, 2, 3), acting(members(1, 1), equilibrium.Misperceived, math.Inf(1)))...)
	require.Panics(t, func() { _, _ = g.Continuous() })
}
