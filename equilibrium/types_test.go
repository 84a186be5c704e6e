package equilibrium_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
)

// TestTypesAreTraders solves markets in which a type of three is listed as one
// type, as three traders, and as two and one.
func TestTypesAreTraders(t *testing.T) {
	three := [][]equilibrium.Trader{
		{members(3, 1.4)},
		{members(1, 1.4), members(1, 1.4), members(1, 1.4)},
		{members(2, 1.4), members(1, 1.4)},
	}
	markets := map[string][]equilibrium.Trader{
		"alone":          nil,
		"with others":    large(.6, 2.5),
		"with a fringe":  {fringe(3)},
		"with both":      append(large(.6), fringe(3)),
		"with two types": {members(2, .5), members(4, 5)},
	}
	for name, others := range markets {
		t.Run(name, func(t *testing.T) {
			timings(t, func(t *testing.T, step float64) {
				want := solve(t, game(.8, append(three[0], others...)...), step)
				for _, list := range three[1:] {
					got := solve(t, game(.8, append(list, others...)...), step)
					requireSame(t, written(t, want, nil), written(t, got, nil), 1e-12)
					require.InEpsilon(t, want.ImpactOf(0).Transient+1, got.ImpactOf(0).Transient+1, 1e-12)
				}
			})
		})
	}
}

// TestCoefficientsByType writes Q of a market out from the coefficients of its
// types: own on the diagonal, cross between members.
func TestCoefficientsByType(t *testing.T) {
	g := game(.8, members(3, 1.4), members(1, .6), fringe(2))
	timings(t, func(t *testing.T, step float64) {
		s := solve(t, g, step)
		seats, q := g.Seats(everyone), s.FlowsOn(g.Seats(everyone))
		for i, a := range seats {
			for j, b := range seats {
				want := s.Cross(a.Type, b.Type)
				if i == j {
					want += s.Own(a.Type)
				}
				require.InDelta(t, want, q.At(i, j), 1e-14)
			}
			require.Equal(t, s.Price(a.Type), s.PriceOn(seats)[i])
		}
		require.Positive(t, s.Own(0))
		require.Zero(t, s.Own(1))
		require.Zero(t, s.Own(2))
		require.Equal(t, 5, g.Members())
		require.InEpsilon(t, 3/1.4+1/.6+1./2, g.RiskCapacity(), 1e-15)
	})
}

// TestListingOrder lists a random market in another order.
func TestListingOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, step := randomGame(t), randomStep(t)
		order := rapid.Permutation(indices(len(g.Traders))).Draw(t, "order")
		permuted := game(g.DiscountRate)
		for _, k := range order {
			permuted.Traders = append(permuted.Traders, g.Traders[k])
		}
		want, got := solve(t, g, step), solve(t, permuted, step)
		for k, u := range order {
			require.InEpsilon(t, want.Price(u), got.Price(k), 1e-10)
			for l, v := range order {
				scale := math.Max(want.Own(u)+want.Cross(u, u), math.Abs(want.Cross(u, v)))
				require.InDelta(t, want.Cross(u, v), got.Cross(k, l), 1e-10*scale)
			}
		}
	})
}

func indices(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// TestUnits measures the same market in other units of money, of the asset and
// of time.
func TestUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, step := randomGame(t), randomStep(t)
		money := logUniform(t, 1e-9, 1e9, "money")
		asset := logUniform(t, 1e-6, 1e6, "asset")
		time := logUniform(t, 1e-4, 1e4, "time")
		here := written(t, solve(t, g, step), nil)

		// One unit of each becomes so many of the new.
		other := game(g.DiscountRate / time)
		for _, trader := range g.Traders {
			trader.HoldingCost *= money / (asset * asset * time)
			other.Traders = append(other.Traders, trader)
		}
		covariance := diagonal(len(here.p), .01*asset*asset/time)
		there := written(t, solve(t, other, step*time), covariance)

		worth, rate := money/(asset*asset), 1.0
		if step == 0 {
			rate = 1 / time
		}
		requireSame(t, here.scaled(worth, rate, money), there, 1e-9)
	})
}

// scaled multiplies prices and values per unit², flows, and money.
func (m mechanism) scaled(worth, rate, money float64) mechanism {
	out := mechanism{q: mat.NewDense(len(m.p), len(m.p), nil)}
	out.q.Scale(rate, m.q)
	for i, p := range m.p {
		out.p = append(out.p, worth*p)
		a := mat.NewSymDense(len(m.p), nil)
		a.ScaleSym(worth, m.values[i].A)
		out.values = append(out.values, equilibrium.Value{A: a, K: money * m.values[i].K})
	}
	return out
}
