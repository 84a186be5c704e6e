package analysis_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"walras/agents"
	"walras/analysis"
	"walras/clock"
	"walras/equilibrium"
	"walras/market"
	"walras/montecarlo"
)

// simulation of three traders and a fringe, small enough for hundreds of runs.
func simulation(t testing.TB, paths int64, seed uint64) *montecarlo.Simulation {
	t.Helper()
	g := equilibrium.Game{DiscountRate: 0.8}
	for i, b := range []float64{0.7, 1.6, 2.9} {
		g.Traders = append(g.Traders, equilibrium.Trader{Name: fmt.Sprint("t", i+1), HoldingCost: b, Count: 1})
	}
	g.Traders = append(g.Traders, equilibrium.Trader{Name: "fringe", Kind: equilibrium.Fringe, HoldingCost: 4, Count: 1})
	c := mat.NewSymDense(4, []float64{
		0.09, 0.02, 0, -0.01,
		0.02, 0.04, 0.01, 0,
		0, 0.01, 0.16, 0.03,
		-0.01, 0, 0.03, 0.25,
	})
	solution, err := g.Discrete(0.4)
	require.NoError(t, err)
	p, err := solution.Policy(g.Seats(10), c)
	require.NoError(t, err)
	cl := clock.Clock{Step: 0.4, Steps: 15, DiscountRate: 0.8}
	return &montecarlo.Simulation{
		Play: playing(p), Names: []string{"t1", "t2", "t3", "fringe"}, Initial: []float64{1.2, -0.3, 0.4, -0.9},
		Covariance: c, Clock: cl, Paths: paths, Seed: seed, Statistics: cl.Grid(1), Record: montecarlo.Record{Ticks: cl.Grid(1)},
	}
}

func sums(t testing.TB, s *montecarlo.Simulation) montecarlo.Sums {
	t.Helper()
	var tree montecarlo.Tree
	require.NoError(t, s.Run(context.Background(), 0, s.Blocks(), 2, func(r *montecarlo.Result) error {
		tree.Push(montecarlo.Node{Index: r.Block, Sums: r.Sums})
		return nil
	}))
	return tree.Total()
}

func judge(t testing.TB, s *montecarlo.Simulation) ([]analysis.Row, analysis.Verdict) {
	t.Helper()
	total := sums(t, s)
	rows := analysis.Statistics(s, total, nil)
	return rows, analysis.Judge(s, total, rows)
}

// TestCorrectRunPasses: with and without antithetic pairs, shocks or many paths.
func TestCorrectRunPasses(t *testing.T) {
	for name, change := range map[string]func(*montecarlo.Simulation){
		"plain":      func(*montecarlo.Simulation) {},
		"antithetic": func(s *montecarlo.Simulation) { s.Antithetic = true },
		"no shocks":  func(s *montecarlo.Simulation) { s.Covariance.Zero() },
		"few paths":  func(s *montecarlo.Simulation) { s.Paths = 3 },
		"one path":   func(s *montecarlo.Simulation) { s.Paths = 1 },
	} {
		s := simulation(t, 20000, 11)
		change(s)
		if name == "no shocks" { // values hold no shocks either
			for i := range s.Play.Policy.Values {
				s.Play.Policy.Values[i].K = 0
			}
		}
		rows, v := judge(t, s)
		if !v.Passed {
			t.Errorf("%s: %d failures, the first %+v", name, len(v.Failures()), v.Failures()[0])
		}
		assert.NotEmpty(t, rows)
		assert.Greater(t, len(v.Rows), 100, name)
	}
}

// wrongDiscount discounts at another rate.
type wrongDiscount struct {
	agents.Agent
	factor float64
}

func (w wrongDiscount) Earn(now clock.Moment, b *market.Block) {
	now.Discount = math.Pow(now.Discount, w.factor)
	w.Agent.Earn(now, b)
}

// TestVerdictHasTeeth: mistakes that a reader would not see in a plot fail it.
func TestVerdictHasTeeth(t *testing.T) {
	following := func(s *montecarlo.Simulation) []agents.Agent {
		list, err := agents.Following(s.Play.Policy)
		require.NoError(t, err)
		return list
	}
	for name, spoil := range map[string]func(*montecarlo.Simulation){
		"h is the step": func(s *montecarlo.Simulation) {
			s.Agents = following(s)
			for i, a := range s.Agents {
				a.(*agents.Trader).PeriodCost = s.Play.Policy.HoldingCost[i] * s.Clock.Step
			}
		},
		"wrong discount": func(s *montecarlo.Simulation) {
			for _, a := range following(s) {
				s.Agents = append(s.Agents, wrongDiscount{Agent: a, factor: 1.02})
			}
		},
		"P off by 1 %": func(s *montecarlo.Simulation) {
			wrong := *s.Play.Policy
			wrong.Price = nil
			for _, p := range s.Play.Policy.Price {
				wrong.Price = append(wrong.Price, 1.01*p)
			}
			var err error
			s.Agents, err = agents.Following(&wrong)
			require.NoError(t, err)
		},
		"one trader reports 2 % too much": func(s *montecarlo.Simulation) {
			s.Agents = following(s)
			s.Agents[2].(*agents.Trader).Report *= 1.02
		},
		"variance of the shocks off by 2 %": func(s *montecarlo.Simulation) {
			s.Covariance.ScaleSym(1.02, s.Covariance)
		},
	} {
		s := simulation(t, 100000, 11)
		honest := simulation(t, 100000, 11)
		spoil(s)
		total := sums(t, s)
		rows := analysis.Statistics(honest, total, nil)
		v := analysis.Judge(honest, total, rows)
		assert.False(t, v.Passed, "%s went unnoticed: largest |z| %g of %g", name, v.Largest, v.Allowed)
		for i := range total.Max { // the statistics alone must notice
			total.Max[i] = 0
		}
		v = analysis.Judge(honest, total, rows)
		assert.False(t, v.Passed, "%s went unnoticed by the statistics: largest |z| %g of %g", name, v.Largest, v.Allowed)
	}
}

// TestLatePriceFails: prices recorded one tick late fail the verdict.
func TestLatePriceFails(t *testing.T) {
	s := simulation(t, 20000, 11)
	total := sums(t, s)
	l := s.Layout()
	for j := s.Clock.Steps - 1; j > 0; j-- { // statistics are at every tick
		shift := l.Centres[j-1].Price - l.Centres[j].Price
		total.Add[l.Price(j)] = total.Add[l.Price(j-1)] + float64(s.Paths)*shift
	}
	v := analysis.Judge(s, total, analysis.Statistics(s, total, nil))
	assert.False(t, v.Passed)
}

// TestZIsStandardNormal: over 200 seeds the mean of z² is 1 within five standard
// errors, for every kind of statistic, and no run fails.
func TestZIsStandardNormal(t *testing.T) {
	squares := make(map[string][]float64) // per seed
	for seed := range uint64(200) {
		rows, v := judge(t, simulation(t, 1000, 1000+seed))
		require.True(t, v.Passed, "seed %d: largest |z| %g", seed, v.Largest)
		sum, n := make(map[string]float64), make(map[string]float64)
		for _, r := range rows {
			if !math.IsNaN(r.Z) {
				sum[r.Statistic] += r.Z * r.Z
				n[r.Statistic]++
			}
		}
		for name := range sum {
			squares[name] = append(squares[name], sum[name]/n[name])
		}
	}
	assert.Len(t, squares, 12)
	for name, list := range squares {
		mean, sd := stat.MeanStdDev(list, nil)
		assert.InDelta(t, 1, mean, 5*sd/math.Sqrt(float64(len(list))), name)
	}
}

// TestSmallRunsAreNotJudgedOnSecondMoments: below 1000 paths only means with
// exact standard errors, and identities, count.
func TestSmallRunsAreNotJudgedOnSecondMoments(t *testing.T) {
	rows, _ := judge(t, simulation(t, 999, 5))
	for _, r := range rows {
		switch r.Statistic {
		case "inventory_mean", "trade_mean", "price_mean", "price_change_mean":
			assert.True(t, r.Judged, r.Statistic)
		case "welfare", "momentum_slope", "volume":
			assert.False(t, r.Judged, r.Statistic)
		case "inventory_covariance":
			assert.Equal(t, r.T == 0, r.Judged, "at t = 0 a covariance is an identity") // exact zero
		}
	}
}

// playing plays a policy that everybody follows.
func playing(p *equilibrium.Policy) *equilibrium.Play {
	play, err := p.Play(nil)
	if err != nil {
		panic(err)
	}
	return play
}
