package equilibrium_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium"
)

// randomPolicy draws a market and its policy at auctions: the exact discrete
// game, or the continuous-time policy on a grid; half of them under common
// values, by an interaction of what traders know that the policy was not solved
// for, which the accounts of a play must bear.
func randomPolicy(t *rapid.T) *equilibrium.Policy {
	g := randomGame(t)
	seats := g.Seats(everyone)
	p := policyOf(t, g, seats, rapid.Bool().Draw(t, "grid"), rapid.Float64Range(.02, .9).Draw(t, "step"))
	if rapid.Bool().Draw(t, "common values") {
		p.Interaction = randomInteraction(t, len(seats))
	}
	return p
}

// policyOf is the policy for a step; on a grid the step is a share of the
// largest one that is stable.
func policyOf(t failer, g equilibrium.Game, seats []equilibrium.Seat, grid bool, step float64) *equilibrium.Policy {
	t.Helper()
	if !grid {
		p, err := solve(t, g, step).Policy(seats, diagonal(len(seats), .01))
		require.NoError(t, err)
		return p
	}
	s := solve(t, g, 0)
	fastest := 0.0
	for i := range seats {
		fastest = math.Max(fastest, 2*s.FlowsOn(seats).At(i, i))
	}
	p, err := s.OnGrid(step/fastest, seats, diagonal(len(seats), .01))
	require.NoError(t, err)
	return p
}

// randomInteraction is I and a little of everything.
func randomInteraction(t *rapid.T, n int) *mat.Dense {
	f := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			f.Set(i, j, unit(i, j))
			if i != j {
				f.Set(i, j, rapid.Float64Range(-.3, .3).Draw(t, "interaction")/float64(n))
			}
		}
	}
	return f
}

// randomDeviation draws one of every sort, or nil.
func randomDeviation(t *rapid.T, p *equilibrium.Policy, i int) *equilibrium.Deviation {
	number := func(label string) float64 { return rapid.Float64Range(-1, 1).Draw(t, label) }
	switch rapid.IntRange(0, 5).Draw(t, "deviation") {
	case 0:
		return nil
	case 1:
		return equilibrium.NoTrade()
	case 2:
		return p.AtSpeed(i, 1+number("speed"))
	case 3:
		return p.Misreporting(i, number("scale"), number("shift"))
	case 4:
		return &equilibrium.Deviation{Schedule: clock.Schedule{
			{From: p.Timing.Step * .3, To: p.Timing.Step * 1.7, Rate: number("rate")},
			{From: p.Timing.Step * 1.7, To: p.Timing.Step * 5, Rate: number("rate")},
		}}
	}
	d := &equilibrium.Deviation{Misreport: make([]float64, len(p.Seats)), Shift: number("shift")}
	for j := range d.Misreport {
		d.Misreport[j] = number("share") / float64(len(p.Seats))
	}
	return d
}

// randomPlay lets random seats deviate, but not all of them by schedules.
func randomPlay(t *rapid.T, p *equilibrium.Policy) *equilibrium.Play {
	deviations := make([]*equilibrium.Deviation, len(p.Seats))
	for i := range deviations {
		deviations[i] = randomDeviation(t, p, i)
	}
	honest := rapid.IntRange(0, len(p.Seats)-1).Draw(t, "honest")
	deviations[honest] = nil
	play, err := p.Play(deviations)
	require.NoError(t, err)
	return play
}

func randomVector(t *rapid.T, n int, label string) *mat.VecDense {
	return mat.NewVecDense(n, rapid.SliceOfN(rapid.Float64Range(-2, 2), n, n).Draw(t, label))
}

// auction is price and quantities of a play at inventories x in auction k.
func auction(p *equilibrium.Play, k int, x *mat.VecDense) (price float64, trades *mat.VecDense) {
	n := x.Len()
	constants, trades := make([]float64, n), mat.NewVecDense(n, nil)
	price = p.Constants(k, constants) + mat.Dot(mat.NewVecDense(n, p.Price), x)
	trades.MulVec(p.Flows, x)
	trades.AddVec(trades, mat.NewVecDense(n, constants))
	return price, trades
}

// TestRegretIsTheBellmanDifference: what a period pays and leaves, at the value
// function of somebody who follows the policy, less what the inventories were
// worth, for every seat, whoever deviates.
func TestRegretIsTheBellmanDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := randomPolicy(t)
		play, n := randomPlay(t, policy), len(policy.Seats)
		x, k := randomVector(t, n, "x"), rapid.IntRange(0, 6).Draw(t, "k")
		price, q := auction(play, k, x)
		var left mat.VecDense
		left.SubVec(x, q)
		rho := math.Exp(-policy.Timing.DiscountRate * policy.Timing.Step)
		h := (1 - rho) / policy.Timing.DiscountRate
		linear := make([]float64, n)
		for i := range n {
			a := policy.Values[i].A
			all := terms{
				price * q.AtVec(i), -policy.HoldingCost[i] * h / 2 * left.AtVec(i) * left.AtVec(i),
				rho * mat.Inner(&left, a, &left), -mat.Inner(x, a, x),
			}
			r := play.Regret(i)
			constant := r.At(k, linear)
			all = append(all, -mat.Inner(x, r.Form, x), -mat.Dot(mat.NewVecDense(n, linear), x), -constant)
			require.LessOrEqual(t, all.excess(), 1e-10, "seat %d: %v", i, all)
		}
	})
}

// page are c^i and d^i of a single deviator under common values, and the size of
// the terms of d^i, written out entry by entry.
func page(p *equilibrium.Policy, i int) (c float64, d []float64, scale float64) {
	n := len(p.Seats)
	f := func(j, k int) float64 {
		if p.Interaction == nil {
			return unit(j, k)
		}
		return p.Interaction.At(j, k)
	}
	rho := math.Exp(-p.Timing.DiscountRate * p.Timing.Step)
	w := p.HoldingCost[i] * (1 - rho) / p.Timing.DiscountRate
	price, trade := 0.0, make([]float64, n) // PF^{·i} and QF^{·i}
	for j := range n {
		price += p.Price[j] * f(j, i)
		for k := range n {
			trade[j] += p.Flows.At(j, k) * f(k, i)
		}
	}
	own := trade[i]
	c = price*own - w/2*own*own
	d = make([]float64, n)
	for j := range n {
		d[j] = price*p.Flows.At(i, j) + own*p.Price[j] + w*own*(unit(i, j)-p.Flows.At(i, j))
		scale = math.Max(scale, math.Abs(price*p.Flows.At(i, j))+math.Abs(own*p.Price[j]))
		for k := range n {
			aq := 0.0
			for l := range n {
				aq += p.Values[i].A.At(k, l) * trade[l]
			}
			d[j] -= 2 * rho * aq * (unit(k, j) - p.Flows.At(k, j))
			if k == j {
				c += rho * trade[j] * aq
			}
		}
	}
	return c, d, scale
}

// TestRegretOfOneMisreport: c^iy² + y d^iX; d^i = 0 > c^i for strategic traders in
// the discrete equilibrium, and only there.
func TestRegretOfOneMisreport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := randomPolicy(t)
		n := len(policy.Seats)
		i := rapid.IntRange(0, n-1).Draw(t, "seat")
		y := rapid.Float64Range(.1, 3).Draw(t, "y")
		deviations := make([]*equilibrium.Deviation, n)
		deviations[i] = policy.Misreporting(i, 0, y)
		play, err := policy.Play(deviations)
		require.NoError(t, err)
		r, linear := play.Regret(i), make([]float64, n)
		constant := r.At(3, linear)
		c, d, scale := page(policy, i)
		require.InDelta(t, c*y*y, constant, 1e-10*scale*y*y+1e-12*math.Abs(c*y*y))
		for j := range n {
			require.InDelta(t, d[j]*y, linear[j], 1e-11*scale*y)
		}
		require.LessOrEqual(t, size(r.Form), 1e-13*scale, "nothing quadratic in X")
		if policy.Equilibrium && policy.Interaction == nil && policy.Kinds[i] == equilibrium.Strategic {
			require.Negative(t, constant)
			require.LessOrEqual(t, size(vector(linear)), 1e-11*scale*y)
		}
	})
}

// TestFirstOrderConditionOfOthers: d^i is far from 0 for a fringe, and for
// strategic traders on a grid; exactly 0 to 1e-12 for those of the discrete game.
func TestFirstOrderConditionOfOthers(t *testing.T) {
	g := game(.8, append(large(.7, 1.6, 2.9), fringe(4))...)
	seats := g.Seats(everyone)
	for _, grid := range []bool{false, true} {
		policy := policyOf(t, g, seats, grid, .3)
		for i := range seats {
			c, d, scale := page(policy, i)
			require.Negative(t, c)
			if !grid && i < 3 {
				require.LessOrEqual(t, size(vector(d)), 1e-12*scale, "seat %d", i)
				continue
			}
			require.Greater(t, size(vector(d)), 1e-3*scale, "seat %d, grid %v", i, grid)
		}
	}
}

// TestAtSpeed: a single deviator trades s times what the policy would.
func TestAtSpeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := randomPolicy(t)
		n := len(policy.Seats)
		i := rapid.IntRange(0, n-1).Draw(t, "seat")
		s := rapid.Float64Range(-.5, 3).Draw(t, "speed")
		deviations := make([]*equilibrium.Deviation, n)
		deviations[i] = policy.AtSpeed(i, s)
		play, err := policy.Play(deviations)
		require.NoError(t, err)
		x := randomVector(t, n, "x")
		_, q := auction(play, 2, x)
		want := mat.Dot(policy.Flows.RowView(i), x)
		require.InDelta(t, s*want, q.AtVec(i), 1e-11*size(policy.Flows)*2*float64(n)*math.Max(1, s))
	})
}
