package equilibrium_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
)

// grouping maps inventories of members to those of the seats of Seats(limit).
func grouping(g equilibrium.Game, limit int) *mat.Dense {
	seats := g.Seats(limit)
	m := mat.NewDense(len(seats), g.Members(), nil)
	member := 0
	for i, seat := range seats {
		for range seat.Members {
			m.Set(i, member, 1)
			member++
		}
	}
	return m
}

// spreadOut are inventories without any pattern.
func spreadOut(n int) *mat.VecDense {
	x := mat.NewVecDense(n, nil)
	for i := range n {
		x.SetVec(i, float64((7*i+3)%11)-4.3)
	}
	return x
}

func TestSeats(t *testing.T) {
	g := game(.9, members(5, 1.1), members(1, .4), fringe(2), members(2, 3))
	one := func(k int) equilibrium.Seat { return equilibrium.Seat{Type: k, Members: 1} }
	rest := func(k, n int) equilibrium.Seat { return equilibrium.Seat{Type: k, Members: n} }
	require.Equal(t, []equilibrium.Seat{one(0), rest(0, 4), one(1), one(2), one(3), one(3)}, g.Seats(2))
	require.Equal(t, []equilibrium.Seat{one(0), rest(0, 4), one(1), one(2), one(3), rest(3, 1)}, g.Seats(1))
	require.Len(t, g.Seats(5), 9)
}

// TestTaggedMember follows a type by one member and the total of the others:
// price, trades and the tagged member's value are those of the full market.
func TestTaggedMember(t *testing.T) {
	g := game(.9, members(5, 1.1), large(.4)[0], members(4, 7), fringe(2), members(2, 3))
	n := g.Members()
	x, shocks := spreadOut(n), correlated(n)
	timings(t, func(t *testing.T, step float64) {
		s := solve(t, g, step)
		for _, limit := range []int{2, 3, 4} {
			group := grouping(g, limit)
			seats, all := g.Seats(limit), g.Seats(everyone)
			var y, trades, want, got mat.VecDense
			y.MulVec(group, x)
			trades.MulVec(s.FlowsOn(all), x)
			want.MulVec(group, &trades)
			got.MulVec(s.FlowsOn(seats), &y)
			requireClose(t, &want, &got, 0, 1e-12, "trade")

			price := mat.Dot(mat.NewVecDense(n, s.PriceOn(all)), x)
			require.InEpsilon(t, price, mat.Dot(mat.NewVecDense(len(seats), s.PriceOn(seats)), &y), 1e-12)
			requireTaggedValues(t, s, limit, shocks, x, &y)
		}
	})
}

func requireTaggedValues(t *testing.T, s *equilibrium.Solution, limit int, shocks *mat.SymDense, x, y *mat.VecDense) {
	t.Helper()
	group, seats := grouping(s.Game, limit), s.Game.Seats(limit)
	full, err := s.ValuesOn(s.Game.Seats(everyone), shocks)
	require.NoError(t, err)
	var half, both mat.Dense
	half.Mul(group, shocks)
	both.Mul(&half, group.T())
	grouped := mat.NewSymDense(len(seats), nil)
	for i := range seats {
		for j := range seats {
			grouped.SetSym(i, j, both.At(i, j))
		}
	}
	values, err := s.ValuesOn(seats, grouped)
	require.NoError(t, err)
	member := 0
	for i, seat := range seats {
		if seat.Members == 1 {
			want := full[member].At(x.RawVector().Data)
			require.InEpsilon(t, want, values[i].At(y.RawVector().Data), 1e-11, fmt.Sprintf("seat %d", i+1))
			require.InEpsilon(t, full[member].K, values[i].K, 1e-11)
		} else {
			require.Nil(t, values[i].A)
		}
		member += seat.Members
	}
}

// TestModes checks Q V = V K and the scale of the vectors: the first has first
// entry 1, every other sums to 0 with a positive part of 1 and starts positive.
func TestModes(t *testing.T) {
	for name, g := range map[string]equilibrium.Game{
		"five traders":  game(1, large(1, 1.5, 2, 2.5, 3)...),
		"any order":     game(.8, large(2, 1, 3, 1.5)...),
		"with a fringe": game(.8, fringe(2), members(1, 1), members(1, 3)),
		"types":         game(.8, members(3, 1.4), fringe(3), members(2, .5)),
		"one type":      game(.8, members(4, 1.4)),
	} {
		t.Run(name, func(t *testing.T) {
			timings(t, func(t *testing.T, step float64) { requireModes(t, solve(t, g, step)) })
		})
	}
}

func requireModes(t *testing.T, s *equilibrium.Solution) {
	t.Helper()
	speeds, v, ok := s.Modes()
	require.True(t, ok)
	n := s.Game.Members()
	require.Len(t, speeds, n)
	require.IsNonDecreasing(t, speeds)
	require.Zero(t, speeds[0])
	require.Positive(t, speeds[1])
	var qv, vk mat.Dense
	qv.Mul(s.FlowsOn(s.Game.Seats(everyone)), v)
	vk.Mul(v, mat.NewDiagDense(n, speeds))
	requireClose(t, &vk, &qv, 0, 1e-12, "QV = VK")
	require.Greater(t, math.Abs(mat.Det(v)), 1e-6)
	requireSpeeds(t, s, speeds)
	b := costs(s.Game)
	for k := range n {
		sum, positive, first := 0.0, 0.0, 0.0
		for i := range n {
			x := v.At(i, k)
			sum += x
			positive += max(x, 0)
			if first == 0 && math.Abs(x) > 1e-9 {
				first = x
			}
			if k == 0 {
				require.InEpsilon(t, b[0]/b[i], x, 1e-11)
			}
		}
		if k > 0 {
			require.InDelta(t, 0, sum, 1e-11)
			require.InDelta(t, 1, positive, 1e-11)
			require.Positive(t, first)
		}
	}
}

// requireSpeeds checks that the speeds by types are those of the modes.
func requireSpeeds(t *testing.T, s *equilibrium.Solution, modes []float64) {
	t.Helper()
	byTypes := s.Speeds()
	require.IsNonDecreasing(t, byTypes)
	require.Zero(t, byTypes[0])
	count := len(s.Game.Traders)
	for _, trader := range s.Game.Traders {
		if trader.Count > 1 {
			count++
		}
	}
	require.Len(t, byTypes, count)
	nearest := func(v float64, list []float64) float64 {
		off := math.Inf(1)
		for _, w := range list {
			off = min(off, math.Abs(v-w))
		}
		return off
	}
	for _, v := range byTypes {
		require.LessOrEqual(t, nearest(v, modes), 1e-12*modes[len(modes)-1])
	}
	for _, v := range modes {
		require.LessOrEqual(t, nearest(v, byTypes), 1e-12*modes[len(modes)-1])
	}
}
