package equilibrium_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
)

// requireOrder demands that errors measured at parameters that shrink by the
// given factor fall at first order.
func requireOrder(t *testing.T, label string, factor float64, errors ...float64) {
	t.Helper()
	for k := 1; k < len(errors); k++ {
		order := math.Log(errors[k-1]/errors[k]) / math.Log(factor)
		require.InDelta(t, 1, order, .1, "%s: errors %v", label, errors)
	}
}

// TestDiscreteTendsToContinuous measures the order in Δ of price, trade per
// unit of time and welfare.
func TestDiscreteTendsToContinuous(t *testing.T) {
	for name, g := range map[string]equilibrium.Game{
		"five traders":          game(1, large(1, 1.5, 2, 2.5, 3)...),
		"two large and fringe":  game(1, append(large(1, 1), fringe(1))...),
		"types and a fringe":    game(.3, members(3, 1.2), fringe(.8), members(2, 2.5)),
		"one large, wide costs": game(.5, append(large(.3), fringe(4))...),
	} {
		t.Run(name, func(t *testing.T) {
			limit := written(t, solve(t, g, 0), nil)
			x0 := make([]float64, len(limit.p))
			x0[0], x0[len(x0)-1] = 1, -1
			var price, trade, welfare []float64
			for _, step := range []float64{.1, .05, .025} {
				m := written(t, solve(t, g, step), nil)
				var rate mat.Dense
				rate.Scale(1/step, m.q)
				price = append(price, distance(vector(limit.p), vector(m.p)))
				trade = append(trade, distance(limit.q, &rate))
				welfare = append(welfare, distance(vector(limit.welfare(x0)), vector(m.welfare(x0))))
			}
			requireOrder(t, "P", 2, price...)
			requireOrder(t, "Q/Δ", 2, trade...)
			requireOrder(t, "welfare", 2, welfare...)
		})
	}
}

// TestManySmallTendToFringe measures the order in 1/m at which m small traders
// with holding cost m b each become a fringe with holding cost b.
func TestManySmallTendToFringe(t *testing.T) {
	const b = 3
	others := large(.8, 1.9)
	timings(t, func(t *testing.T, step float64) {
		limit := solve(t, game(.6, append(others, fringe(b))...), step)
		var price, trade, value []float64
		for _, m := range []int{10, 100, 1000, 10000} {
			s := solve(t, game(.6, append(others, members(m, float64(m)*b))...), step)
			p, q, f := towards(t, limit, s, m)
			price, trade, value = append(price, p), append(trade, q), append(value, f)
		}
		requireOrder(t, "P", 10, price...)
		requireOrder(t, "Q", 10, trade...)
		requireOrder(t, "A", 10, value...)
	})
}

// towards is how far prices, trades by types and the value of the first trader
// are from those of the limit.
func towards(t *testing.T, limit, s *equilibrium.Solution, m int) (price, trade, value float64) {
	whole := func(count int) []equilibrium.Seat {
		return []equilibrium.Seat{{Type: 0, Members: 1}, {Type: 1, Members: 1}, {Type: 2, Members: count}}
	}
	one, all := whole(1), whole(m)
	want, err := limit.ValuesOn(one, diagonal(3, .01))
	require.NoError(t, err)
	got, err := s.ValuesOn(all, diagonal(3, .01))
	require.NoError(t, err)
	return distance(vector(limit.PriceOn(one)), vector(s.PriceOn(all))),
		distance(limit.FlowsOn(one), s.FlowsOn(all)),
		distance(want[0].A, got[0].A)
}
