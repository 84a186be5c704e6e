package montecarlo_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/equilibrium"
	"walras/montecarlo"
)

// manySeats is a market of more than a hundred seats: a type beside others, or
// traders all different, whose values are over class totals and over modes.
func manySeats(different bool) model {
	m := model{rate: .8, step: .3, steps: 5, common: .25}
	n := 4
	if different {
		n = montecarlo.PairSeats + 6
	} else {
		m.count = montecarlo.PairSeats + 6
	}
	for i := range n {
		x := float64(i) / float64(n-1)
		m.costs = append(m.costs, 1+2.5*x)
		m.inventory = append(m.inventory, .3-x)
		m.volatility = append(m.volatility, .1+.1*x*x)
	}
	return m
}

// TestIdentityOfManySeats: the pathwise identity holds to rounding with values
// that hold no matrix, with deviations as well.
func TestIdentityOfManySeats(t *testing.T) {
	for _, different := range []bool{false, true} {
		for _, grid := range []bool{false, true} {
			t.Run(fmt.Sprintf("different=%v, grid=%v", different, grid), func(t *testing.T) {
				m := manySeats(different)
				if m.continuous = grid; grid {
					m.step = .005
				}
				s := m.simulation(t, 40, 9)
				require.True(t, s.Play.Policy.Values[0].Concise())
				p := s.Play.Policy
				for _, deviates := range []bool{false, true} {
					if deviates {
						s.Play = deviating(t, p, p.AtSpeed(0, .5), nil, p.Misreporting(2, -.2, .3), equilibrium.NoTrade())
					}
					_, sums := play(t, s, 2)
					for i, e := range sums.Max {
						assert.LessOrEqual(t, e, 1e-12)
						assert.True(t, i >= len(s.Names) || e > 0, "the check must have looked at something")
					}
				}
			})
		}
	}
}

// TestControlOfManySeats: who follows the policy has the value of its inventories
// as controlled welfare on every path, and a misreport by a constant a constant.
func TestControlOfManySeats(t *testing.T) {
	m := manySeats(false)
	s := m.simulation(t, 12, 4)
	s.Control = true
	n := len(s.Names)
	results, _ := play(t, s, 1)
	for p := range results[0].Paths {
		for i, v := range s.Play.Policy.Values {
			require.InDelta(t, v.At(s.Initial), results[0].Controlled[p*n+i], 1e-12)
		}
	}
	s.Play = deviating(t, s.Play.Policy, nil, s.Play.Policy.Misreporting(1, 0, .3))
	results, _ = play(t, s, 1)
	for p := range results[0].Paths {
		require.InDelta(t, results[0].Controlled[n-1], results[0].Controlled[p*n+n-1], 1e-12)
	}
	require.Greater(t, math.Abs(results[0].Controlled[1]-s.Play.Policy.Values[1].At(s.Initial)), 1e-6)
}

// TestVariancesOfManySeats: of more than PairSeats seats variances alone are
// followed, and the places of the sums do not overlap.
func TestVariancesOfManySeats(t *testing.T) {
	for _, seats := range []int{montecarlo.PairSeats, montecarlo.PairSeats + 1} {
		l := montecarlo.Layout{Seats: seats, Ticks: []int{0, 3}}
		places := make(map[int]bool)
		pairs := 0
		for j := range l.Ticks {
			for a := range seats {
				for b := l.FirstPartner(a); b <= a; b++ {
					places[l.Covariance(j, a, b)] = true
					pairs++
				}
				for _, place := range []int{l.Inventory(j, a), l.Trade(j, a), l.TradeSquare(j, a)} {
					places[place] = true
				}
			}
			for _, place := range []int{l.Price(j), l.PriceSquare(j), l.Change(j)} {
				places[place] = true
			}
		}
		require.Len(t, places, pairs+2*(3*seats+3))
		require.Equal(t, l.Outcome(0, 0), len(places))
		if seats > montecarlo.PairSeats {
			require.Equal(t, 2*seats, pairs)
		}
	}
}
