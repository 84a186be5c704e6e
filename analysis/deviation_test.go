package analysis_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/agents"
	"walras/analysis"
	"walras/clock"
	"walras/equilibrium"
	_ "walras/internal/fixeddraws"
	"walras/montecarlo"
)

// randomPolicy draws 3 to 5 traders, the last perhaps a fringe, at the auctions
// of the discrete game or of a fine grid, with correlated shocks.
func randomPolicy(t *rapid.T) (*equilibrium.Policy, *mat.SymDense) {
	g := equilibrium.Game{DiscountRate: rapid.Float64Range(.1, 2).Draw(t, "r")}
	n := rapid.IntRange(3, 5).Draw(t, "n")
	c := mat.NewSymDense(n, nil)
	for i := range n {
		g.Traders = append(g.Traders, equilibrium.Trader{
			Name: fmt.Sprint("t", i), Count: 1, HoldingCost: math.Pow(10, rapid.Float64Range(-.7, .7).Draw(t, "log b")),
		})
		for j := range i + 1 {
			c.SetSym(i, j, .02)
		}
		c.SetSym(i, i, rapid.Float64Range(.02, .2).Draw(t, "variance"))
	}
	if rapid.Bool().Draw(t, "fringe") {
		g.Traders[n-1].Kind = equilibrium.Fringe
	}
	return policy(t, g, c, rapid.Bool().Draw(t, "grid"), rapid.Float64Range(.05, .8).Draw(t, "step")), c
}

// policy is that of the discrete game, or of a grid 40 times as fine.
func policy(t require.TestingT, g equilibrium.Game, c *mat.SymDense, grid bool, step float64) *equilibrium.Policy {
	if grid {
		s, err := g.Continuous()
		require.NoError(t, err)
		p, err := s.OnGrid(step/40, g.Seats(10), c)
		require.NoError(t, err)
		return p
	}
	s, err := g.Discrete(step)
	require.NoError(t, err)
	p, err := s.Policy(g.Seats(10), c)
	require.NoError(t, err)
	return p
}

// deviating lets seats leave a policy.
func deviating(t require.TestingT, p *equilibrium.Policy, deviations map[int]*equilibrium.Deviation) *equilibrium.Play {
	list := make([]*equilibrium.Deviation, len(p.Seats))
	for i, d := range deviations {
		list[i] = d
	}
	play, err := p.Play(list)
	require.NoError(t, err)
	return play
}

func randomDeviations(t *rapid.T, p *equilibrium.Policy) map[int]*equilibrium.Deviation {
	number := func(label string) float64 { return rapid.Float64Range(-1, 1).Draw(t, label) }
	list := make(map[int]*equilibrium.Deviation)
	for i := 1; i < len(p.Seats); i++ { // the first follows the policy
		switch rapid.IntRange(0, 4).Draw(t, "deviation") {
		case 1:
			list[i] = p.AtSpeed(i, 1+number("speed")/2)
		case 2:
			list[i] = p.Misreporting(i, number("scale")/2, number("shift"))
		case 3:
			list[i] = &equilibrium.Deviation{Misreport: make([]float64, len(p.Seats)), Shift: number("shift")}
			for j := range list[i].Misreport {
				list[i].Misreport[j] = number("share") / 10
			}
		case 4:
			list[i] = &equilibrium.Deviation{Schedule: clock.Schedule{{From: 1.5 * p.Timing.Step, To: 6 * p.Timing.Step, Rate: number("rate")}}}
		}
	}
	return list
}

// TestGainIsTheDirectSum: what the auctions pay in expectation, period by
// period, less the value of the inventories, is the regret identity's gain, for
// every seat, whoever deviates.
func TestGainIsTheDirectSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, c := randomPolicy(t)
		play := deviating(t, p, randomDeviations(t, p))
		n := len(p.Seats)
		initial := rapid.SliceOfN(rapid.Float64Range(-2, 2), n, n).Draw(t, "initial")
		steps := rapid.IntRange(1, 20).Draw(t, "steps")
		for i, w := range analysis.Outcomes(play, initial, c, steps) {
			gain, value := analysis.Gain(play, i, initial, c, steps), p.Values[i].At(initial)
			scale := math.Abs(w.Payoff) + math.Abs(w.Terminal) + math.Abs(value) + math.Abs(p.Values[i].K)
			require.InDelta(t, w.Value-value, gain, 1e-11*scale, "seat %d of %v", i, w)
		}
	})
}

// TestNothingBeatsTheBestResponse: over a horizon long enough to be for ever, any
// other linear rule earns less than the best response of a fringe, or of anybody
// on a grid; and the more so the further it is away, to second order.
func TestNothingBeatsTheBestResponse(t *testing.T) {
	g := equilibrium.Game{DiscountRate: 0.8}
	for i, b := range []float64{0.7, 1.6, 2.9, 4} {
		g.Traders = append(g.Traders, equilibrium.Trader{Name: fmt.Sprint("t", i+1), HoldingCost: b, Count: 1})
	}
	g.Traders[3].Kind = equilibrium.Fringe
	c := mat.NewSymDense(4, []float64{.09, .02, 0, -.01, .02, .04, .01, 0, 0, .01, .16, .03, -.01, 0, .03, .25})
	initial := []float64{1.2, -0.3, 0.4, -0.9}
	for _, grid := range []bool{false, true} {
		step := 0.4
		if grid {
			step = 1.2 // of which policy takes a fortieth
		}
		p := policy(t, g, c, grid, step)
		steps := int(40 / p.Timing.Step)
		for i := range p.Seats {
			best, err := p.BestResponse(i)
			require.NoError(t, err)
			earn := func(d *equilibrium.Deviation) float64 {
				return analysis.Gain(deviating(t, p, map[int]*equilibrium.Deviation{i: d}), i, initial, c, steps)
			}
			top := earn(best)
			switch {
			case grid || i == 3:
				assert.Positive(t, top, "seat %d", i)
			default:
				assert.InDelta(t, 0, top, 1e-12, "seat %d", i)
			}
			for j := range 5 {
				loss := func(size float64) float64 {
					d := equilibrium.Deviation{Misreport: append([]float64(nil), best.Misreport...)}
					if j == 4 {
						d.Shift = size
					} else {
						d.Misreport[j] += size
					}
					return top - earn(&d)
				}
				small, twice := loss(0.01), loss(0.02)
				assert.Positive(t, small, "seat %d, coefficient %d", i, j)
				assert.InDelta(t, 4, twice/small, 0.4, "seat %d, coefficient %d", i, j)
			}
		}
	}
}

// TestDeviatingRunsPass: moments, outcomes and identities of a run with
// deviators of every kind agree with theory; they would not with the theory of
// another play.
func TestDeviatingRunsPass(t *testing.T) {
	for name, change := range map[string]func(*montecarlo.Simulation){
		"plain":      func(*montecarlo.Simulation) {},
		"control":    func(s *montecarlo.Simulation) { s.Control = true },
		"antithetic": func(s *montecarlo.Simulation) { s.Antithetic = true },
		"both":       func(s *montecarlo.Simulation) { s.Control, s.Antithetic = true, true },
	} {
		s := simulation(t, 20000, 11)
		p := s.Play.Policy
		play := func(speed float64) *equilibrium.Play {
			return deviating(t, p, map[int]*equilibrium.Deviation{
				0: p.AtSpeed(0, speed), 2: p.Misreporting(2, 0.2, -0.1),
				3: {Schedule: clock.Schedule{{From: 0.3, To: 2, Rate: -0.3}}},
			})
		}
		s.Play = play(0.5)
		change(s)
		total := sums(t, s)
		rows := analysis.Statistics(s, total, nil)
		v := analysis.Judge(s, total, rows)
		for _, r := range append(rows, v.Rows...) {
			assert.True(t, r.Passed, "%s: %+v", name, r)
		}
		assert.True(t, v.Passed, "%s: largest |z| %g of %g", name, v.Largest, v.Allowed)

		other := *s
		other.Play = play(0.55)
		var err error
		other.Agents, err = agents.Playing(s.Play)
		require.NoError(t, err)
		total = sums(t, &other)
		assert.False(t, analysis.Judge(&other, total, analysis.Statistics(&other, total, nil)).Passed, name)
	}
}

// TestControlVariate: welfare and controlled welfare have the same mean, that of
// theory, and the second needs less than a fiftieth of the paths.
func TestControlVariate(t *testing.T) {
	s := simulation(t, 20000, 5)
	p := s.Play.Policy
	s.Control = true
	s.Play = deviating(t, p, map[int]*equilibrium.Deviation{0: p.AtSpeed(0, 0.5)})
	welfare := make(map[string]analysis.Row)
	for _, r := range analysis.Statistics(s, sums(t, s), nil) {
		if r.Agent == "t1" && math.IsNaN(r.T) { // of whole paths
			welfare[r.Statistic] = r
		}
	}
	controlled, plain := welfare["welfare"], welfare["welfare_plain"]
	require.Equal(t, plain.Analytic, controlled.Analytic)
	assert.Less(t, math.Abs(plain.Z), 4.0)
	assert.Less(t, math.Abs(controlled.Z), 4.0)
	assert.InDelta(t, plain.Estimate, controlled.Estimate, 4*(plain.StdError+controlled.StdError))
	ratio := plain.StdError / controlled.StdError
	assert.GreaterOrEqual(t, ratio*ratio, 50.0)
	assert.InDelta(t, analysis.Gain(s.Play, 0, s.Initial, s.Covariance, s.Clock.Steps), plain.Analytic-p.Values[0].At(s.Initial), 1e-12)
}
