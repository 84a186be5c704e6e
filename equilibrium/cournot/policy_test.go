package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium/cournot"
)

// simulated plays a policy from its quantities and the definitions of prices and
// payoffs, and adds up what everybody gets in the first ticks. At each tick the
// trades of one seat change by extra: it buys and sells that much more.
func simulated(p *cournot.Policy, x0 []float64, ticks int, extra func(k int) (seat int, buys, sells float64)) (makers []float64, investors float64) {
	dt, δ, ω := p.Flows.Step, p.Activity, p.Reservation
	slope := p.Slope()
	x := append([]float64(nil), x0...)
	makers = make([]float64, len(x))
	for k := range ticks {
		buys, sells := p.Buys(k), p.Sells(k)
		for i := range x {
			for j := range x {
				buys[i] += slope.At(i, j) * x[j]
				sells[i] -= slope.At(i, j) * x[j]
			}
		}
		seat, moreBought, moreSold := extra(k)
		buys[seat] += moreBought
		sells[seat] += moreSold
		f, φ := 0., 0.
		if k < len(p.Flows.Sells) {
			f, φ = p.Flows.Sells[k], p.Flows.Buys[k]
		}
		bid, ask := -f/δ-ω, ω+φ/δ
		for i, members := range p.Members {
			bid += members * buys[i] / dt / δ
			ask -= members * sells[i] / dt / δ
		}
		discount := math.Exp(-p.DiscountRate * dt * float64(k))
		for i := range x {
			makers[i] += discount * (ask*sells[i] - bid*buys[i] - dt*p.InventoryCosts[i]*x[i]*x[i])
			x[i] += buys[i] - sells[i]
		}
		investors += discount * dt * δ / 2 * ((ω-ask)*(ω-ask) + (ω+bid)*(ω+bid))
	}
	return makers, investors
}

func asItIs(int) (seat int, buys, sells float64) { return 0, 0, 0 }

// drawPolicy is a policy of different makers, or of identical ones under
// published, for the game or in continuous time on the grid.
func drawPolicy(t *rapid.T) (p *cournot.Policy, concept cournot.Concept, exact bool) {
	d, flows := drawDifferent(t), drawFlows(t)
	concept = rapid.SampledFrom(all).Draw(t, "concept")
	step := rapid.SampledFrom([]float64{.07, .2, .6}).Draw(t, "step")
	exact = rapid.Bool().Draw(t, "exact")
	played := step
	if !exact {
		played, step = 0, .07
	}
	var profile *cournot.Profile
	var err error
	if concept == cournot.Published {
		seats := make([]int, len(d.InventoryCosts))
		for i := range seats {
			seats[i] = 1
		}
		m := cournot.Model{DiscountRate: d.DiscountRate, Makers: len(seats), InventoryCost: d.InventoryCosts[0], Activity: d.Activity, Reservation: d.Reservation}
		profile, err = m.Profile(concept, played, seats)
	} else {
		profile, err = d.Profile(concept, played)
	}
	require.NoError(t, err)
	if exact {
		return profile.Policy(flows.Grid(step)), concept, exact
	}
	return profile.Play(flows).Policy(step), concept, exact
}

// horizon is how many ticks pass until nothing is left of inventories.
const horizon = 600

// TestPoliciesPlayed: quantities, prices and payoffs of a policy, played tick by
// tick, add up to its values.
func TestPoliciesPlayed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, _, _ := drawPolicy(t)
		x := drawInventories(t, len(p.Members))
		makers, investors := simulated(p, x, horizon, asItIs)
		tail := math.Exp(-p.DiscountRate * p.Flows.Step * horizon)
		for j, v := range makers {
			w, err := p.Worth(j, x)
			require.NoError(t, err)
			require.InDelta(t, w.Value(), v+tail*w.Idle, 1e-9*w.Idle)
		}
		w, err := p.InvestorsWorth(x)
		require.NoError(t, err)
		require.InDelta(t, w.Value(), investors+tail*w.Idle, 1e-9*w.Idle)
	})
}

// TestBestResponsesPlayed: against any policy, whether others watch or not, a best
// response brings the gain that is stated, and every change of it at some tick
// loses. In the equilibria of the discrete game there is nothing to gain.
func TestBestResponsesPlayed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, concept, exact := drawPolicy(t)
		n := len(p.Members)
		j, x := rapid.IntRange(0, n-1).Draw(t, "maker"), drawInventories(t, n)
		watched := rapid.Bool().Draw(t, "watched")
		if !watched {
			p, x = p.Apart(j), append(x, x[j])
			j = n
		}
		deviation, err := p.Deviation(j, x)
		require.NoError(t, err)
		require.GreaterOrEqual(t, deviation.Gain, -1e-13)
		if exact && (concept == cournot.OpenLoop && !watched || concept == cournot.Feedback && watched) {
			require.Less(t, deviation.Gain, 1e-16)
		}
		before, _ := simulated(p, x, horizon, asItIs)
		after, _ := simulated(deviation.Response, x, horizon, asItIs)
		require.InDelta(t, after[j]-before[j], deviation.Gain, 1e-10*(1+after[j]))
		for range 3 {
			at := rapid.IntRange(0, 20).Draw(t, "tick")
			more, less := rapid.Float64Range(-.3, .3).Draw(t, "buys"), rapid.Float64Range(-.3, .3).Draw(t, "sells")
			worse, _ := simulated(deviation.Response, x, horizon, func(k int) (int, float64, float64) {
				if k == at {
					return j, more, less
				}
				return 0, 0, 0
			})
			require.LessOrEqual(t, worse[j], after[j]+1e-11*(1+after[j]))
		}
	})
}

// TestPolicyOnGrid: the continuous policy and the equilibrium of the discrete game
// come to the same limit at first order, and so do gains from leaving them.
func TestPolicyOnGrid(t *testing.T) {
	m := cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: 2}
	flows := cournot.Flows{
		Sells: clock.Schedule{{From: 0, To: 1.2, Rate: 3}},
		Buys:  clock.Schedule{{From: .6, To: 1.5, Rate: 2}},
	}
	x := []float64{.1}
	numbers := func(p *cournot.Policy) []float64 {
		w, err := p.Worth(0, x)
		require.NoError(t, err)
		deviation, err := p.Apart(0).Deviation(1, []float64{x[0], x[0]})
		require.NoError(t, err)
		sells, buys := p.Proceeds(x, p.Flows)
		return []float64{w.Inventories + w.Orders, sells, buys, deviation.Gain}
	}
	for _, concept := range all {
		profile, err := m.Profile(concept, 0, []int{3})
		require.NoError(t, err)
		play := profile.Play(flows)
		w, err := play.Worth(0, x)
		require.NoError(t, err)
		deviation, err := play.Apart(0).Deviation(1, []float64{x[0], x[0]})
		require.NoError(t, err)
		sells, buys := play.Proceeds(x, flows)
		limit := []float64{w.Inventories + w.Orders, sells, buys, deviation.Gain}

		discrete := func(n int) []float64 {
			profile, err := m.Profile(concept, 1.5/float64(n), []int{3})
			require.NoError(t, err)
			return numbers(profile.Policy(flows.Grid(1.5 / float64(n))))
		}
		onGrid := func(n int) []float64 { return numbers(play.Policy(1.5 / float64(n))) }
		for _, solve := range []func(int) []float64{discrete, onGrid} {
			coarse, fine := solve(2000), solve(4000)
			for i, x := range limit {
				if i == 3 && concept != cournot.Published { // little to gain; the error changes sign
					require.InDelta(t, x, fine[i], 5e-8)
					continue
				}
				require.InDelta(t, 2, (coarse[i]-x)/(fine[i]-x), .03, "%v: number %d", concept, i)
			}
		}
	}
}

// TestOwnInventories: the same path, and no response to others.
func TestOwnInventories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, concept, _ := drawPolicy(t)
		x := drawInventories(t, len(p.Members))
		own := p.OwnInventories(x, 60)
		want, got := p.Path(x, 60), own.Path(x, 60)
		for k := range want {
			require.InDeltaSlice(t, want[k].Inventories, got[k].Inventories, 1e-11)
			require.InDelta(t, want[k].Bid, got[k].Bid, 1e-10)
		}
		slope := own.Slope()
		for i := range x {
			require.Negative(t, slope.At(i, i))
			slope.Set(i, i, 0)
		}
		require.Zero(t, mat.Norm(slope, 1))
		if concept == cournot.Published {
			require.True(t, mat.EqualApprox(p.Slope(), own.Slope(), 1e-15))
		}
	})
}

// TestGrid: rates are averages, exact where they do not jump.
func TestGrid(t *testing.T) {
	f := cournot.Flows{Sells: clock.Schedule{{From: .1, To: .75, Rate: 3}}, Buys: clock.Schedule{{From: .25, To: 1, Rate: 1. / 3}}}
	g := f.Grid(.25)
	require.InDeltaSlice(t, []float64{1.8, 3, 3, 0}, g.Sells, 1e-15)
	require.Equal(t, []float64{0, 1. / 3, 1. / 3, 1. / 3}, g.Buys)
	require.Len(t, constantly(1, .3).Grid(.1).Sells, 3) // 3 × .1 is above .3
	require.Empty(t, cournot.Flows{}.Grid(.1).Sells)
	idle := cournot.Flows{}
	m := cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: 2}
	profile, err := m.Profile(cournot.Published, 0, []int{3})
	require.NoError(t, err)
	w, err := profile.Play(idle).Worth(0, []float64{0})
	require.NoError(t, err)
	require.Zero(t, w.Orders)
	state := profile.Play(idle).Path([]float64{.2}, []float64{0, 1})
	require.Less(t, state[1].Inventories[0], .1)
	require.Less(t, profile.Play(idle).Policy(.1).Path([]float64{.2}, 11)[10].Inventories[0], .1)
}

// TestRefusals: errors name what is wrong.
func TestRefusals(t *testing.T) {
	m := cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: 2}
	_, err := m.Profile(cournot.Published, 0, []int{1, 1})
	require.EqualError(t, err, "cournot: members = 2: must be 3 makers in all")
	_, err = m.Profile(cournot.Published, 0, []int{3, 0})
	require.EqualError(t, err, "cournot: members[1] = 0: must be at least 1")
	_, err = m.Profile(cournot.Published, -1, []int{3})
	require.EqualError(t, err, "cournot: step = -1: must be positive and finite")
	_, err = unequal.Profile(cournot.Published, 0)
	require.EqualError(t, err, "cournot: solution published with different inventory costs: must be open_loop or feedback; published needs identical makers")
	bad := unequal
	bad.InventoryCosts = []float64{1, -2}
	_, err = bad.Profile(cournot.OpenLoop, 0)
	require.EqualError(t, err, "cournot: InventoryCosts[1] = -2: must be positive and finite")
	bad.InventoryCosts = nil
	require.EqualError(t, bad.Validate(), "cournot: len(InventoryCosts) = 0: must be from 1 to 12")

	profile, err := m.Profile(cournot.OpenLoop, 0, []int{3})
	require.NoError(t, err)
	_, err = profile.BestResponse(0)
	require.EqualError(t, err, "cournot: Members[0] = 3: must be 1: it is one maker that responds; set it Apart")
	flows := cournot.Flows{Buys: clock.Schedule{{From: 0, To: 1, Rate: -1}}}
	require.EqualError(t, flows.Validate(), "cournot: Buys[0].Rate = -1: must be 0 or more")
	require.Panics(t, func() { profile.Policy(constantly(1, 1).Grid(.1)) })
	_, err = cournot.Model{DiscountRate: 1e-300, Makers: 3, InventoryCost: 1.5e308, Activity: 1e-300, Reservation: 1}.Profile(cournot.Feedback, 0, []int{3})
	var unsolved *cournot.SolutionError
	require.ErrorAs(t, err, &unsolved)
	require.ErrorContains(t, err, "cournot: feedback solution not found")
}

// TestPublishedFollowsItsValue: by the conjecture of the published solution a unit
// is worth the slope of the value in the common inventory. At every tick, with
// sells and buys, its discounted value in the next one is the marginal cost of
// trade, (n − U − u)/(2δ) + D v'(x') = 0.
func TestPublishedFollowsItsValue(t *testing.T) {
	m := cournot.Model{DiscountRate: .3, Makers: 4, InventoryCost: 1.3, Activity: 2, Reservation: 2}
	flows := cournot.Grid{Step: .2, Sells: []float64{1, 0, 3, 2, 0}, Buys: []float64{0, 2, 1, 4, 2}}
	profile, err := m.Profile(cournot.Published, flows.Step, []int{4})
	require.NoError(t, err)
	path := profile.Policy(flows).Path([]float64{.4}, 6)
	for k, tick := range path[:5] {
		rest := cournot.Grid{Step: flows.Step, Sells: flows.Sells[k+1:], Buys: flows.Buys[k+1:]}
		value := func(x float64) float64 {
			w, err := profile.Policy(rest).Worth(0, []float64{x})
			require.NoError(t, err)
			return w.Inventories + w.Orders
		}
		next := path[k+1].Inventories[0]
		slope := (value(next+.5) - value(next-.5)) / 1
		left := flows.Sells[k] - flows.Buys[k] - 5*tick.Net[0]
		require.InDelta(t, 0, left/4+math.Exp(-.3*.2)*slope, 1e-12)
	}
}
