package montecarlo_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium"
	"walras/montecarlo"
)

// randomSimulation draws a market at the auctions of the discrete game or of a
// grid, half of them under common values, and random deviations of its seats,
// the first of which follows the policy.
func randomSimulation(t *testing.T, r *rapid.T, paths int64) *montecarlo.Simulation {
	n := rapid.IntRange(3, 5).Draw(r, "traders")
	m := model{
		rate: rapid.Float64Range(0.05, 2).Draw(r, "rate"), step: rapid.Float64Range(0.02, 0.8).Draw(r, "step"),
		steps: rapid.IntRange(1, 20).Draw(r, "steps"), common: rapid.Float64Range(-0.1, 0.9).Draw(r, "common"),
		fringe: rapid.Bool().Draw(r, "fringe"), continuous: rapid.Bool().Draw(r, "grid"),
	}
	if m.continuous {
		m.step /= 40 // stable whatever the speeds
	}
	for range n {
		m.costs = append(m.costs, math.Pow(10, rapid.Float64Range(-0.6, 0.6).Draw(r, "log cost")))
		m.inventory = append(m.inventory, rapid.Float64Range(-2, 2).Draw(r, "inventory"))
		m.volatility = append(m.volatility, float64(rapid.IntRange(0, 50).Draw(r, "volatility"))/100)
	}
	s := m.simulation(t, paths, 9)
	policy := s.Play.Policy
	if rapid.Bool().Draw(r, "common values") {
		policy.Interaction = mat.NewDense(n, n, nil)
		for i := range n {
			for j := range n {
				policy.Interaction.Set(i, j, rapid.Float64Range(-.1, .1).Draw(r, "interaction"))
			}
			policy.Interaction.Set(i, i, 1)
		}
	}
	s.Play = deviating(t, policy, randomDeviations(r, policy)...)
	return s
}

func randomDeviations(r *rapid.T, p *equilibrium.Policy) []*equilibrium.Deviation {
	list := make([]*equilibrium.Deviation, len(p.Seats))
	number := func(label string) float64 { return rapid.Float64Range(-1, 1).Draw(r, label) }
	for i := 1; i < len(list); i++ {
		switch rapid.IntRange(0, 5).Draw(r, "deviation") {
		case 1:
			list[i] = equilibrium.NoTrade()
		case 2:
			list[i] = p.AtSpeed(i, 1+number("speed")/2)
		case 3:
			list[i] = p.Misreporting(i, number("scale")/2, number("shift"))
		case 4:
			list[i] = &equilibrium.Deviation{Misreport: make([]float64, len(list)), Shift: number("shift")}
			for j := range list[i].Misreport {
				list[i].Misreport[j] = number("share") / 10
			}
		case 5:
			list[i] = &equilibrium.Deviation{Schedule: clock.Schedule{
				{From: p.Timing.Step / 3, To: 2.2 * p.Timing.Step, Rate: number("rate")},
				{From: 3 * p.Timing.Step, To: 7 * p.Timing.Step, Rate: number("rate")},
			}}
		}
	}
	return list
}

func deviating(t testing.TB, p *equilibrium.Policy, deviations ...*equilibrium.Deviation) *equilibrium.Play {
	t.Helper()
	list := make([]*equilibrium.Deviation, len(p.Seats))
	copy(list, deviations)
	play, err := p.Play(list)
	require.NoError(t, err)
	return play
}

// TestAuctionReproducesPlay: on every recorded path price and trades are those of
// the linear market that theory takes the play for.
func TestAuctionReproducesPlay(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := randomSimulation(t, r, 3)
		results, _ := play(t, s, 1)
		n, width := len(s.Names), s.RowWidth()
		rows, x, constants := results[0].Recorded, mat.NewVecDense(n, nil), make([]float64, n)
		for at := 0; at < len(rows); at += width {
			k := at / width % len(s.Record.Ticks)
			if k == s.Clock.Steps {
				continue
			}
			size := 1.0
			for i := range n {
				x.SetVec(i, rows[at+2+4*i])
				size = math.Max(size, math.Abs(x.AtVec(i)))
			}
			price := s.Play.Constants(k, constants) + mat.Dot(mat.NewVecDense(n, s.Play.Price), x)
			require.InDelta(r, price, rows[at], 1e-10*size*mat.Norm(mat.NewVecDense(n, s.Play.Price), 1), "price at auction %d", k)
			for i := range n {
				q := mat.Dot(s.Play.Flows.RowView(i), x) + constants[i]
				require.InDelta(r, q, rows[at+3+4*i], 1e-10*size*mat.Norm(s.Play.Policy.Flows, 2), "trade of seat %d at auction %d", i, k)
			}
		}
	})
}

// TestPathwiseIdentityOfDeviators: the accounts of every seat are those of its
// value function and its regret, on every path, whoever deviates.
func TestPathwiseIdentityOfDeviators(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := randomSimulation(t, r, 20)
		_, sums := play(t, s, 1)
		for i, e := range sums.Max {
			require.LessOrEqual(r, e, 1e-12, "maximum %d of %v", i, sums.Max)
		}
	})
	for _, grid := range []bool{false, true} {
		m := five
		m.continuous, m.fringe, m.step = grid, true, 0.1
		s := m.simulation(t, 1024, 9)
		p := s.Play.Policy
		s.Play = deviating(t, p, p.AtSpeed(0, 0.5), nil, p.Misreporting(2, -0.2, 0.3), equilibrium.NoTrade(), p.AtSpeed(4, 2))
		_, sums := play(t, s, 1)
		for i, e := range sums.Max {
			assert.LessOrEqual(t, e, 1e-12)
			assert.True(t, i >= 5 || e > 0, "the check must have looked at something")
		}
	}
}

// TestIdentityNoticesDeviators: agents that do something else than the play says
// break the identity.
func TestIdentityNoticesDeviators(t *testing.T) {
	s := five.simulation(t, 100, 9)
	p := s.Play.Policy
	other := *s
	other.Play = deviating(t, p, nil, p.AtSpeed(1, 0.5))
	spoilt := deviating(t, p, nil, p.AtSpeed(1, 0.5+1e-8))
	s.Play, s.Agents = spoilt, playingAgents(t, other.Play)
	_, sums := play(t, s, 1)
	for i := range 5 {
		if i != 1 {
			assert.Greater(t, sums.Max[i], 1e-12, "seat %d", i)
		}
	}
}

// TestControlledWelfareIsConstant: who follows the policy while the others do
// has the value of its inventories as controlled welfare on every path.
func TestControlledWelfareIsConstant(t *testing.T) {
	s := five.simulation(t, 300, 4)
	s.Control = true
	results, sums := play(t, s, 1)
	for p := range results[0].Paths {
		for i, v := range s.Play.Policy.Values {
			require.InDelta(t, v.At(s.Initial), results[0].Controlled[p*5+i], 1e-12)
		}
	}
	requireCentred(t, s, sums)
}

// requireCentred: the sums about the centre are rounding errors, so that nothing
// cancels in the standard error.
func requireCentred(t *testing.T, s *montecarlo.Simulation, sums montecarlo.Sums) {
	t.Helper()
	l := s.Layout()
	for i := range s.Names {
		require.Less(t, sums.Add[l.OutcomeSquare(montecarlo.OutcomeControlled, i)], float64(s.Paths)*1e-24, "seat %d", i)
	}
}

// TestControlledWelfareIsLinearFree: without what is of second order in the
// shocks nothing is left. A misreport by a constant, whose regret is linear, has
// constant controlled welfare; so has a schedule, for a strategic trader.
func TestControlledWelfareIsLinearFree(t *testing.T) {
	s := five.simulation(t, 300, 4)
	p := s.Play.Policy
	s.Control = true
	s.Play = deviating(t, p, nil, p.Misreporting(1, 0, 0.3), p.Misreporting(2, 0, -0.2))
	results, sums := play(t, s, 1)
	requireCentred(t, s, sums)
	for i := range 5 {
		first := results[0].Controlled[i]
		for q := range results[0].Paths {
			require.InDelta(t, first, results[0].Controlled[q*5+i], 1e-12, "seat %d", i)
		}
	}
}

// TestWorkersDoNotMatterToDeviators: the same bits for any number of workers,
// with control variates.
func TestWorkersDoNotMatterToDeviators(t *testing.T) {
	s := five.simulation(t, 3*montecarlo.BlockSize+778, 7)
	p := s.Play.Policy
	s.Control = true
	s.Play = deviating(t, p, p.AtSpeed(0, 0.5), nil, p.Misreporting(2, 0.2, 0.3))
	one, sums := play(t, s, 1)
	other, otherSums := play(t, s, 3)
	require.Equal(t, one, other)
	require.Equal(t, sums, otherSums)
}

// TestControlLeavesSecondOrder: what is left of the noise of a deviator's welfare
// is quadratic in the shocks: a tenth of them, a hundredth of it.
func TestControlLeavesSecondOrder(t *testing.T) {
	spread := func(factor float64, seat int) float64 {
		m := five
		m.fringe, m.volatility = true, make([]float64, 5)
		for i, v := range five.volatility {
			m.volatility[i] = factor * v
		}
		s := m.simulation(t, 1000, 6)
		p := s.Play.Policy
		s.Control = true
		s.Play = deviating(t, p, p.AtSpeed(0, 0.5), nil, nil, p.Misreporting(3, 0.3, 0.1), p.AtSpeed(4, 0.5))
		results, _ := play(t, s, 2)
		var welfare []float64
		for q := range results[0].Paths {
			welfare = append(welfare, results[0].Controlled[q*5+seat])
		}
		return stat.StdDev(welfare, nil)
	}
	for seat := range 5 {
		assert.InDelta(t, 100, spread(1, seat)/spread(0.1, seat), 1e-3, "seat %d", seat)
	}
}
