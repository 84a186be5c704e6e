package agents_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/agents"
	"walras/clock"
	"walras/equilibrium"
	_ "walras/internal/fixeddraws"
	"walras/market"
)

// randomPolicy draws 3 to 5 traders, the last perhaps a fringe, at the auctions
// of the discrete game or of a fine grid; half of them under common values.
func randomPolicy(t *rapid.T) *equilibrium.Policy {
	g := equilibrium.Game{DiscountRate: rapid.Float64Range(.1, 2).Draw(t, "r")}
	n := rapid.IntRange(3, 5).Draw(t, "n")
	for i := range n {
		g.Traders = append(g.Traders, equilibrium.Trader{
			Name: fmt.Sprint("t", i), Count: 1, HoldingCost: math.Pow(10, rapid.Float64Range(-.7, .7).Draw(t, "log b")),
		})
	}
	if rapid.Bool().Draw(t, "fringe") {
		g.Traders[n-1].Kind = equilibrium.Fringe
	}
	seats, c := g.Seats(10), mat.NewSymDense(n, nil)
	for i := range n {
		c.SetSym(i, i, .04)
	}
	var p *equilibrium.Policy
	if rapid.Bool().Draw(t, "grid") {
		s, err := g.Continuous()
		require.NoError(t, err)
		p, err = s.OnGrid(.01, seats, c)
		require.NoError(t, err)
	} else {
		s, err := g.Discrete(rapid.Float64Range(.05, .8).Draw(t, "step"))
		require.NoError(t, err)
		p, err = s.Policy(seats, c)
		require.NoError(t, err)
	}
	if rapid.Bool().Draw(t, "common values") {
		p.Interaction = mat.NewDense(n, n, nil)
		for i := range n {
			for j := range n {
				p.Interaction.Set(i, j, rapid.Float64Range(-.1, .1).Draw(t, "interaction"))
			}
			p.Interaction.Set(i, i, 1)
		}
	}
	return p
}

// randomDeviations draws what the seats do; the first follows the policy.
func randomDeviations(t *rapid.T, p *equilibrium.Policy) []*equilibrium.Deviation {
	list := make([]*equilibrium.Deviation, len(p.Seats))
	number := func(label string) float64 { return rapid.Float64Range(-1, 1).Draw(t, label) }
	for i := 1; i < len(list); i++ {
		switch rapid.IntRange(0, 4).Draw(t, "deviation") {
		case 1:
			list[i] = &equilibrium.Deviation{Schedule: clock.Schedule{{From: 0, To: 2.5 * p.Timing.Step, Rate: number("rate")}}}
		case 2:
			list[i] = p.AtSpeed(i, 1+number("speed"))
		case 3:
			list[i] = p.Misreporting(i, number("scale"), number("shift"))
		case 4:
			list[i] = &equilibrium.Deviation{Misreport: make([]float64, len(list)), Shift: number("shift")}
			for j := range list[i].Misreport {
				list[i].Misreport[j] = number("share") / 3
			}
		}
	}
	return list
}

// solved is the auction as one system of 2n + 1 equations for the price, the
// trades and the reports Ŝ: each schedule p + Σ_j π^{ij}q_j = π̂^iŜ_i, trades that
// add up to zero, and what each seat is told to do.
func solved(t *rapid.T, p *equilibrium.Policy, deviations []*equilibrium.Deviation, k int, s []float64) (price float64, trades, reports []float64) {
	n := len(s)
	signalPrice, signalFlows := mat.NewDense(1, n, append([]float64(nil), p.Price...)), mat.DenseCopyOf(p.Flows)
	if p.Interaction != nil {
		signalPrice.Mul(mat.NewDense(1, n, p.Price), p.Interaction)
		signalFlows.Mul(p.Flows, p.Interaction)
	}
	profile, err := market.ProfileOf(signalPrice.RawRowView(0), signalFlows)
	require.NoError(t, err)
	system, right := mat.NewDense(2*n+1, 2*n+1, nil), mat.NewVecDense(2*n+1, nil)
	for i := range n {
		system.Set(i, 0, 1)
		for j := range n {
			system.Set(i, 1+j, profile.Slopes.At(i, j))
		}
		system.Set(i, 1+n+i, -profile.Reports[i])
		system.Set(n, 1+i, 1)
		row, d := n+1+i, deviations[i]
		switch {
		case d == nil:
			system.Set(row, 1+n+i, 1)
			right.SetVec(row, s[i])
		case d.Schedule != nil:
			system.Set(row, 1+i, 1)
			right.SetVec(row, d.Schedule.Quantity(float64(k)*p.Timing.Step, float64(k+1)*p.Timing.Step))
		default:
			for j, l := range d.Misreport {
				system.Set(row, 1+n+j, -l)
			}
			system.Set(row, 1+n+i, 1)
			right.SetVec(row, (1+d.Misreport[i])*s[i]+d.Shift)
		}
	}
	var answer mat.VecDense
	require.NoError(t, answer.SolveVec(system, right))
	x := answer.RawVector().Data
	return x[0], x[1 : 1+n], x[1+n:]
}

// TestDeviatorsInTheAuction: agents that deviate, the theory of their play, and
// the auction solved as one dense system tell the same price and trades.
func TestDeviatorsInTheAuction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := randomPolicy(t)
		n := len(policy.Seats)
		deviations := randomDeviations(t, policy)
		play, err := policy.Play(deviations)
		require.NoError(t, err)
		list, err := agents.Playing(play)
		require.NoError(t, err)

		x := rapid.SliceOfN(rapid.Float64Range(-2, 2), n, n).Draw(t, "x")
		k := rapid.IntRange(0, 4).Draw(t, "k")
		block := market.NewBlock(n, 1)
		block.Start(x, 1)
		s := mat.NewVecDense(n, append([]float64(nil), x...))
		if signals := policy.Signals(); signals != nil {
			s.MulVec(signals, mat.NewVecDense(n, x))
			block.Signal = market.Matrix(n, 1)
			for i := range n {
				block.Signal[i][0] = s.AtVec(i)
			}
		}
		for _, a := range list {
			a.Submit(clock.Moment{Index: k}, block)
		}
		require.NoError(t, block.Clear())

		price, trades, reports := solved(t, policy, deviations, k, s.RawVector().Data)
		constants := make([]float64, n)
		theory := play.Constants(k, constants)
		size := 1.0
		for i := range n {
			theory += play.Price[i] * x[i]
			size = math.Max(size, math.Abs(reports[i]))
		}
		scale := size * mat.Norm(mat.NewDense(1, n, policy.Price), 2) * float64(n)
		require.InDelta(t, price, theory, 1e-10*scale)
		require.InDelta(t, price, block.Price[0], 1e-10*scale)
		for i := range n {
			q := mat.Dot(play.Flows.RowView(i), mat.NewVecDense(n, x)) + constants[i]
			tolerance := 1e-10 * size * mat.Norm(policy.Flows, 2) * float64(n)
			require.InDelta(t, trades[i], q, tolerance)
			require.InDelta(t, trades[i], block.Trade[i][0], tolerance)
		}
	})
}

// TestSpeedAmongDeviators: whatever the others report, a seat at speed s trades s
// times what the policy would at these reports.
func TestSpeedAmongDeviators(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy := randomPolicy(t)
		n := len(policy.Seats)
		deviations := randomDeviations(t, policy)
		speed := rapid.Float64Range(.1, 2).Draw(t, "speed of the first")
		deviations[0] = policy.AtSpeed(0, speed)
		s := rapid.SliceOfN(rapid.Float64Range(-2, 2), n, n).Draw(t, "s")
		if _, err := policy.Play(deviations); err != nil {
			t.Skip("undetermined")
		}
		_, trades, reports := solved(t, policy, deviations, 1, s)
		_, flows := policy.Mechanism()
		honest, size := flows.At(0, 0)*s[0], 1.0
		for j := 1; j < n; j++ {
			honest += flows.At(0, j) * reports[j]
			size = math.Max(size, math.Abs(reports[j]))
		}
		require.InDelta(t, speed*honest, trades[0], 1e-10*size*mat.Norm(flows, 2)*float64(n))
	})
}
