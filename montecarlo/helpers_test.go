package montecarlo_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"walras/agents"
	"walras/clock"
	"walras/equilibrium"
	"walras/montecarlo"
)

// model describes a test market; parameters are never only 0 or 1.
type model struct {
	rate, step float64
	steps      int
	costs      []float64
	inventory  []float64
	volatility []float64
	common     float64 // correlation of the shocks of every pair
	fringe     bool    // the last trader is a fringe
	continuous bool    // the continuous-time policy on a grid
	count      int     // members of the first type; 0 means 1
	limit      int     // followed one by one; 0 means all
}

var five = model{
	rate: 0.8, step: 0.3, steps: 12,
	costs: []float64{1, 1.5, 2, 2.5, 3}, inventory: []float64{1, 0.3, 0, -0.4, -1},
	volatility: []float64{0.1, 0.2, 0.15, 0.1, 0.3}, common: 0.25,
}

// simulation builds the simulation of a market with everything recorded that a
// test may look at.
func (m model) simulation(t testing.TB, paths int64, seed uint64) *montecarlo.Simulation {
	t.Helper()
	g := equilibrium.Game{DiscountRate: m.rate}
	for i, b := range m.costs {
		trader := equilibrium.Trader{Name: fmt.Sprintf("t%d", i+1), HoldingCost: b, Count: 1}
		if m.fringe && i == len(m.costs)-1 {
			trader.Kind = equilibrium.Fringe
		}
		if i == 0 && m.count > 1 {
			trader.Count = m.count
		}
		g.Traders = append(g.Traders, trader)
	}
	limit := m.limit
	if limit == 0 {
		limit = 1 << 30
	}
	seats := g.Seats(limit)
	n := len(seats)
	c := mat.NewSymDense(n, nil)
	names, initial := make([]string, n), make([]float64, n)
	for i, a := range seats {
		names[i], initial[i] = fmt.Sprintf("seat%d", i), m.inventory[a.Type]*float64(a.Members)
		for j, b := range seats {
			v := float64(a.Members*b.Members) * m.common * m.volatility[a.Type] * m.volatility[b.Type]
			if i == j {
				v += float64(a.Members) * (1 - m.common) * m.volatility[a.Type] * m.volatility[a.Type]
			}
			c.SetSym(i, j, v)
		}
	}
	var p *equilibrium.Policy
	if m.continuous {
		s, err := g.Continuous()
		require.NoError(t, err)
		p, err = s.OnGrid(m.step, seats, c)
		require.NoError(t, err)
	} else {
		s, err := g.Discrete(m.step)
		require.NoError(t, err)
		p, err = s.Policy(seats, c)
		require.NoError(t, err)
	}
	cl := clock.Clock{Step: m.step, Steps: m.steps, DiscountRate: m.rate}
	return &montecarlo.Simulation{
		Play: playing(p), Names: names, Initial: initial, Covariance: c, Clock: cl, Paths: paths, Seed: seed,
		Statistics: cl.Grid(3), Record: montecarlo.Record{Paths: paths, Ticks: cl.Grid(1), Outcomes: paths},
	}
}

// play runs a simulation and returns its blocks and total sums.
func play(t testing.TB, s *montecarlo.Simulation, workers int) ([]*montecarlo.Result, montecarlo.Sums) {
	t.Helper()
	var results []*montecarlo.Result
	var tree montecarlo.Tree
	err := s.Run(context.Background(), 0, s.Blocks(), workers, func(r *montecarlo.Result) error {
		results = append(results, r)
		tree.Push(montecarlo.Node{Index: r.Block, Sums: clone(r.Sums)})
		return nil
	})
	require.NoError(t, err)
	return results, tree.Total()
}

// clone copies sums, because a tree uses up what it is given.
func clone(s montecarlo.Sums) montecarlo.Sums {
	return montecarlo.Sums{Add: append([]float64(nil), s.Add...), Max: append([]float64(nil), s.Max...)}
}

// playing plays a policy that everybody follows.
func playing(p *equilibrium.Policy) *equilibrium.Play {
	play, err := p.Play(nil)
	if err != nil {
		panic(err)
	}
	return play
}

// playingAgents are the agents of a play.
func playingAgents(t testing.TB, p *equilibrium.Play) []agents.Agent {
	t.Helper()
	list, err := agents.Playing(p)
	require.NoError(t, err)
	return list
}
