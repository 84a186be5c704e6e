package analysis_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"walras/analysis"
	"walras/equilibrium"
	"walras/montecarlo"
)

// TestGroupedMembersAgree: a market of more than PairSeats seats has the moments
// and outcomes of the same market with all but one member of a type in a group.
func TestGroupedMembersAgree(t *testing.T) {
	g := equilibrium.Game{DiscountRate: .7, Traders: []equilibrium.Trader{
		{Name: "many", HoldingCost: 1.3, Count: montecarlo.PairSeats}, {Name: "a", HoldingCost: 2, Count: 1}, {Name: "b", HoldingCost: .6, Count: 1},
	}}
	s, err := g.Discrete(.2)
	require.NoError(t, err)
	type market struct {
		play       *equilibrium.Play
		initial    []float64
		covariance *mat.SymDense
	}
	build := func(limit int) market {
		seats := g.Seats(limit)
		m := market{covariance: mat.NewSymDense(len(seats), nil)}
		for i, a := range seats {
			m.initial = append(m.initial, float64(a.Members)*(.2-.3*float64(a.Type)))
			for j, b := range seats[:i+1] {
				v := .01 * float64(a.Members*b.Members)
				if i == j {
					v += .02 * float64(a.Members)
				}
				m.covariance.SetSym(i, j, v)
			}
		}
		p, err := s.Policy(seats, m.covariance)
		require.NoError(t, err)
		m.play = deviating(t, p, map[int]*equilibrium.Deviation{len(seats) - 1: p.AtSpeed(len(seats)-1, .6)})
		return m
	}
	single, grouped := build(1000), build(1)
	require.True(t, single.play.Policy.Values[0].Concise())
	require.False(t, grouped.play.Policy.Values[0].Concise())
	n, ticks := len(single.initial), []int{0, 2, 6}
	one, other := analysis.Recursion(single.play, single.initial, single.covariance, ticks), analysis.Recursion(grouped.play, grouped.initial, grouped.covariance, ticks)
	outcomes, want := analysis.Outcomes(single.play, single.initial, single.covariance, 6), analysis.Outcomes(grouped.play, grouped.initial, grouped.covariance, 6)
	for i, j := range map[int]int{0: 0, n - 2: 2, n - 1: 3} {
		t.Run(fmt.Sprint("seat ", i), func(t *testing.T) {
			for k := range ticks {
				require.InDelta(t, other[k].TradeVariance[j], one[k].TradeVariance[i], 1e-14)
				require.InDelta(t, other[k].Covariance.At(j, j), one[k].Covariance.At(i, i), 1e-14)
			}
			require.InDelta(t, want[j].Payoff, outcomes[i].Payoff, 1e-12)
			require.InDelta(t, want[j].Terminal, outcomes[i].Terminal, 1e-12)
			require.InDelta(t, want[j].Volume, outcomes[i].Volume, 1e-12)
			gain := analysis.Gain(single.play, i, single.initial, single.covariance, 6)
			require.InDelta(t, analysis.Gain(grouped.play, j, grouped.initial, grouped.covariance, 6), gain, 1e-12)
			require.Greater(t, math.Abs(gain), 1e-9)
		})
	}
}
