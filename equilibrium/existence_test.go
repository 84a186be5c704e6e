package equilibrium_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium"
)

// TestNoTrade lists the markets that have no equilibrium with trade whatever
// the holding costs, and what the error says about them.
func TestNoTrade(t *testing.T) {
	for _, c := range []struct {
		name, reason, hint string
		traders            []equilibrium.Trader
	}{
		{"two traders", "2 strategic trader(s) and no fringe", "a third trader or a fringe", large(1, 1.5)},
		{"a type of two", "2 strategic trader(s) and no fringe", "a third trader or a fringe", []equilibrium.Trader{members(2, 1)}},
		{"one trader", "1 strategic trader(s) and no fringe", "a third trader or a fringe", large(1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			timings(t, func(t *testing.T, step float64) {
				s, err := attempt(game(.9, c.traders...), step)
				require.Nil(t, s)
				var none *equilibrium.NoEquilibriumError
				require.ErrorAs(t, err, &none)
				require.Contains(t, none.Reason, c.reason)
				require.Contains(t, none.Hint, c.hint)
				require.Equal(t, "no equilibrium with trade: "+none.Reason+"; "+none.Hint, err.Error())
			})
		})
	}
	plain := equilibrium.NoEquilibriumError{Reason: "why"}
	require.EqualError(t, &plain, "no equilibrium with trade: why")
}

// TestThreeOrAFringeSuffice is the other side of TestNoTrade.
func TestThreeOrAFringeSuffice(t *testing.T) {
	timings(t, func(t *testing.T, step float64) {
		solve(t, game(.9, large(1, 1.5, 2)...), step)
		solve(t, game(.9, append(large(1), fringe(1.5))...), step)
		solve(t, game(.9, members(2, 1), fringe(1.5)), step)
	})
}

func TestMisusePanics(t *testing.T) {
	good := large(1, 1.5, 2)
	negative := append(large(1, 2), members(1, -1))
	none := append(large(1, 2, 3), members(0, 1))
	crowd := fringe(1)
	crowd.Count = 2
	for name, g := range map[string]equilibrium.Game{
		"no discount":       game(0, good...),
		"no traders":        game(1),
		"negative cost":     game(1, negative...),
		"empty type":        game(1, none...),
		"two fringes":       game(1, append(large(1), fringe(1), fringe(2))...),
		"fringe of two":     game(1, append(large(1), crowd)...),
		"cost not a number": game(1, append(large(1, 2), members(1, nan()))...),
	} {
		require.Panics(t, func() { _, _ = g.Continuous() }, name)
		require.Panics(t, func() { _, _ = g.Discrete(.1) }, name)
	}
	require.Panics(t, func() { _, _ = game(1, good...).Discrete(0) })
	continuous := solve(t, game(1, good...), 0)
	discrete := solve(t, game(1, good...), .1)
	seats := continuous.Game.Seats(everyone)
	require.Panics(t, func() { _, _ = continuous.Policy(seats, diagonal(3, 1)) })
	require.Panics(t, func() { _, _ = discrete.OnGrid(.1, seats, diagonal(3, 1)) })
}

func nan() float64 {
	zero := 0.
	return zero / zero
}
