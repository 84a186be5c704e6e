package equilibrium_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium"
)

// geometric are n traders whose holding costs span the given ratio.
func geometric(n int, ratio float64) []equilibrium.Trader {
	b := make([]float64, n)
	for i := range b {
		b[i] = math.Pow(ratio, float64(i)/float64(n-1))
	}
	return large(b...)
}

// wideMarkets are markets far from identical traders, where the iteration from
// the symmetric solution alone fails.
func wideMarkets() map[string][]equilibrium.Trader {
	list := map[string][]equilibrium.Trader{
		"two small, one large":         large(1, 1, 100),
		"three over 10⁴":               large(1, 100, 1e4),
		"two large, one at 10⁴":        large(1, 1, 1e4),
		"one large, two at 10⁴":        large(1, 1e4, 1e4),
		"expensive fringe":             append(large(1, 2, 3, 4), fringe(1000)),
		"cheap fringe":                 append(large(1, 2, 3, 4), fringe(.001)),
		"one large, expensive fringe":  append(large(1), fringe(1e4)),
		"one large, cheap fringe":      append(large(1), fringe(1e-4)),
		"20 small beside large":        append(large(1, 2), members(20, 50)),
		"20 large beside small":        append(large(100, 200), members(20, 1)),
		"20 small, large and a fringe": append(large(1, 2), members(20, 50), fringe(5)),
		"ten types":                    manyTypes(),
	}
	for _, n := range []int{5, 12, 40} {
		list[fmt.Sprintf("%d over 10⁴", n)] = geometric(n, 1e4)
	}
	for _, ratio := range []float64{3, 30, 300, 3000} {
		for _, f := range []float64{.01, 1, 100} {
			list[fmt.Sprintf("six over %g, fringe %g", ratio, f)] = append(geometric(6, ratio), fringe(f))
		}
		for _, count := range []int{2, 50} {
			list[fmt.Sprintf("four over %g, %d small", ratio, count)] = append(geometric(4, ratio), members(count, 10*ratio))
		}
	}
	return list
}

func manyTypes() (list []equilibrium.Trader) {
	for i := range 10 {
		list = append(list, members(1+i*i*i, math.Pow(1.7, float64(i))))
	}
	return list
}

// TestWideMarkets solves each of them and checks the conditions member by
// member where that is affordable.
func TestWideMarkets(t *testing.T) {
	for name, traders := range wideMarkets() {
		t.Run(name, func(t *testing.T) {
			timings(t, func(t *testing.T, step float64) {
				g := game(.7, traders...)
				s := solve(t, g, step)
				require.LessOrEqual(t, s.Residual, 1e-11)
				require.Equal(t, equilibrium.Conditions{Stable: true, SecondOrder: true}, s.Conditions())
				if g.Members() > 25 {
					return
				}
				m := written(t, s, nil)
				market := rawOf(g, step, m)
				market.requireEquilibrium(t, m.values, 1e-8)
				market.requireEfficientRest(t, 1e-8)
			})
		})
	}
}

// TestLargeTypes solves markets with types of up to a million members.
func TestLargeTypes(t *testing.T) {
	for _, m := range []int{1000, 100_000, 1_000_000} {
		for name, traders := range map[string][]equilibrium.Trader{
			"of equal cost":     append(large(.8, 1.9), members(m, 1.3)),
			"of equal capacity": append(large(.8, 1.9), members(m, 1.3*float64(m))),
			"alone":             {members(m, .7)},
			"two types":         {members(m, .7), members(2*m, 2)},
			"with a fringe":     {members(m, .7), fringe(2)},
			"ten":               ten(m),
			"ten and a fringe":  append(ten(m), fringe(2)),
		} {
			for _, step := range []float64{0, .05, 1} {
				t.Run(fmt.Sprintf("%d %s, step=%g", m, name, step), func(t *testing.T) {
					s := solve(t, game(.6, traders...), step)
					require.LessOrEqual(t, s.Residual, 1e-11)
					require.Equal(t, equilibrium.Conditions{Stable: true, SecondOrder: true}, s.Conditions())
					requireTypesRest(t, s)
				})
			}
		}
	}
}

// TestMixedLargeMarkets are large types of any capacity among single traders,
// where the iteration from a market of equals meets roots that are no equilibria.
func TestMixedLargeMarkets(t *testing.T) {
	for name, traders := range map[string][]equilibrium.Trader{
		"types of all capacities":    {members(42_270, .449), members(1, 1.83), members(467_330, 7.47e4), members(1, .485), members(67_082, 4.03)},
		"large and small capacities": append(large(5.16, 1.42, 3.09), members(103_413, .14), members(751_959, 4.67), fringe(.612)),
		"nearly two fringes":         append(large(1, 1.5), members(1_000_000, 1.3e6), fringe(1)),
	} {
		t.Run(name, func(t *testing.T) {
			timings(t, func(t *testing.T, step float64) {
				s := solve(t, game(.6, traders...), step)
				require.LessOrEqual(t, s.Residual, 1e-11)
				require.Equal(t, equilibrium.Conditions{Stable: true, SecondOrder: true}, s.Conditions())
				requireTypesRest(t, s)
			})
		})
	}
}

// ten are types of m members each.
func ten(m int) (list []equilibrium.Trader) {
	for i := range 10 {
		list = append(list, members(m, 1+.3*float64(i)))
	}
	return list
}

// TestSpeedsInsideLargeTypes: beside a fringe, the speed between members of a
// type tends to r b β/2 as its members become many, at first order.
func TestSpeedsInsideLargeTypes(t *testing.T) {
	var first, last, level []float64
	for _, m := range []int{1000, 10_000, 100_000, 1_000_000} {
		g := game(.6, append(ten(m), fringe(2))...)
		s := solve(t, g, 0)
		limit := .6 * g.RiskCapacity() / 2
		first = append(first, s.Own(0)/limit-1)
		last = append(last, s.Own(9)/(3.7*limit)-1)
		level = append(level, s.Price(0)*.6*g.RiskCapacity()+1)
	}
	requireOrder(t, "speed at cost 1", 10, first...)
	requireOrder(t, "speed at cost 3.7", 10, last...)
	requireOrder(t, "price", 10, level...)
}

// requireTypesRest checks that trades of whole types clear, and that the market
// rests at inventories 1/b, where the price is what holding them for ever costs.
func requireTypesRest(t *testing.T, s *equilibrium.Solution) {
	t.Helper()
	var seats []equilibrium.Seat
	for k, trader := range s.Game.Traders {
		seats = append(seats, equilibrium.Seat{Type: k, Members: trader.Count})
	}
	q, price := s.FlowsOn(seats), 0.0
	for i, trader := range s.Game.Traders {
		price += s.Price(i) * float64(trader.Count) / trader.HoldingCost
		var row, column terms
		for j, trader := range s.Game.Traders {
			column = append(column, q.At(j, i))
			row = append(row, q.At(i, j)*float64(trader.Count)/trader.HoldingCost)
		}
		require.LessOrEqual(t, column.excess(), 1e-9)
		if len(seats) > 1 {
			require.LessOrEqual(t, row.excess(), 1e-6)
		}
	}
	lost := 5e-15 * float64(s.Game.Members()) // to speeds of the order of the members
	require.InEpsilon(t, -1/s.Game.DiscountRate, price, 1e-11+lost)
}

// TestManyUnlikeTradersBesideAFringe: thirty traders whose costs differ by a
// twentieth each, with a fringe among them, solve in both timings.
func TestManyUnlikeTradersBesideAFringe(t *testing.T) {
	costs := make([]float64, 29)
	for i := range costs {
		costs[i] = math.Pow(1.05, float64(i))
	}
	g := game(1, append(large(costs...), fringe(3))...)
	for _, step := range []float64{0, 0.25} {
		s := solve(t, g, step)
		require.LessOrEqual(t, s.Residual, 1e-11)
		require.True(t, s.Conditions().Stable)
	}
}

// TestIdenticalTradersAtSmallSteps: a market of one class has an equilibrium at
// every step, however small.
func TestIdenticalTradersAtSmallSteps(t *testing.T) {
	for _, n := range []int{3, 4, 10, 50} {
		for _, step := range []float64{4e-3, 2e-3, 1e-3, 2e-4, 1e-5} {
			s := solve(t, equilibrium.Game{DiscountRate: 0.5, Traders: []equilibrium.Trader{{Name: "t", HoldingCost: 2, Count: n}}}, step)
			require.LessOrEqual(t, s.Residual, 1e-11, "%d traders, step %g", n, step)
		}
	}
}
