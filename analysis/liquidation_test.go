package analysis_test

import (
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
	"walras/equilibrium/closedform"
	"walras/market"
	"walras/montecarlo"
)

// liquidating is the simulation of a seller at auctions a step apart.
func liquidating(t testing.TB, auctions int, optimal, grid bool, paths int64, seed uint64) *montecarlo.Simulation {
	t.Helper()
	seller := closedform.AlmgrenChriss{
		Price: 90, Volatility: 1.3, Instantaneous: .4, Permanent: .7, RiskAversion: .6, Quantity: 2.5, Horizon: 1.8,
	}
	step := seller.Horizon / float64(auctions)
	l, err := equilibrium.NewLiquidation(seller, 2*step, step, optimal, grid)
	require.NoError(t, err)
	cl := clock.Clock{Step: step, Steps: auctions + 3}
	return &montecarlo.Simulation{
		Play: l.Play(), Names: []string{"seller", "counterparty"}, Initial: []float64{seller.Quantity, 0},
		Covariance: mat.NewSymDense(2, nil), Clock: cl, Paths: paths, Seed: seed, Absolute: true,
		Reference:  montecarlo.Fundamental{Start: seller.Price, Volatility: seller.Volatility},
		Statistics: cl.Grid(1), Record: montecarlo.Record{Ticks: cl.Grid(1)},
	}
}

// find is the row of a statistic at time t (NaN: of whole paths).
func find(t testing.TB, rows []analysis.Row, statistic, agent string, at float64) analysis.Row {
	t.Helper()
	for _, r := range rows {
		if r.Statistic == statistic && r.Agent == agent && (r.T == at || math.IsNaN(r.T) && math.IsNaN(at)) {
			return r
		}
	}
	require.FailNow(t, "no row", "%s of %s at %v", statistic, agent, at)
	return analysis.Row{}
}

// TestLiquidationPasses: both strategies, at the auctions and on a grid, plain and
// antithetic, with many paths and few. All but the payoff is known beforehand.
func TestLiquidationPasses(t *testing.T) {
	for _, optimal := range []bool{false, true} {
		for _, grid := range []bool{false, true} {
			for _, antithetic := range []bool{false, true} {
				for _, paths := range []int64{2, 20000} {
					s := liquidating(t, 9, optimal, grid, paths, 5)
					s.Antithetic = antithetic
					rows, v := judge(t, s)
					require.True(t, v.Passed, "%+v", v.Failures())
					require.NoError(t, analysis.Finite(rows))
					identity := false
					for _, r := range rows {
						known := r.Statistic != "payoff_variance" && (r.Statistic != "payoff" || antithetic)
						assert.Equal(t, known, math.IsNaN(r.Z), "%+v", r)
					}
					for _, r := range v.Rows {
						identity = identity || r.Statistic == "pathwise_identity" && r.Agent == "seller"
						assert.NotEqual(t, "momentum_slope", r.Statistic)
					}
					assert.True(t, identity)
				}
			}
		}
	}
}

// TestExpectedPayoffsAgree: what the auctions pay in expectation, period by period,
// is the closed form.
func TestExpectedPayoffsAgree(t *testing.T) {
	s := liquidating(t, 9, true, false, 2, 5)
	theory := analysis.Outcomes(s.Play, s.Initial, s.Covariance, s.Clock.Steps)
	assert.InEpsilon(t, s.Play.Liquidation.Payoff().Mean, theory[0].Payoff, 1e-13)
	assert.InEpsilon(t, s.Play.Liquidation.Payoff().Mean, theory[0].Value, 1e-13)
	assert.InEpsilon(t, 2.5, theory[0].Volume, 1e-13)
	assert.Zero(t, theory[1])
}

// TestPayoffsAreStandardNormal: over 300 seeds the z of the payoff's mean and
// variance have mean 0 and variance 1, plain and antithetic.
func TestPayoffsAreStandardNormal(t *testing.T) {
	for _, antithetic := range []bool{false, true} {
		z := map[string][]float64{}
		for seed := range uint64(300) {
			s := liquidating(t, 9, true, false, 2000, 100+seed)
			s.Antithetic = antithetic
			rows, v := judge(t, s)
			require.True(t, v.Passed)
			for _, r := range rows {
				if !math.IsNaN(r.Z) {
					z[r.Statistic] = append(z[r.Statistic], r.Z)
				}
			}
		}
		assert.Len(t, z, map[bool]int{false: 2, true: 1}[antithetic])
		for name, list := range z {
			mean, sd := stat.MeanStdDev(list, nil)
			assert.InDelta(t, 0, mean, 4/math.Sqrt(300), name)
			assert.InDelta(t, 1, sd*sd, 5*math.Sqrt(2./300), name)
		}
	}
}

// TestBiasOfLiquidation: on a grid the distance from Lemma 1 and from the price in
// continuous time is halved with the step, and inventories have none.
func TestBiasOfLiquidation(t *testing.T) {
	bias := func(auctions int) [3]float64 {
		s := liquidating(t, auctions, true, true, 2, 5)
		l := s.Play.Liquidation
		l.Start = .9 // the same for all steps
		s.Clock.Steps = 2 * auctions
		s.Statistics, s.Record.Ticks = s.Clock.Grid(1), s.Clock.Grid(1)
		rows := analysis.Statistics(s, sums(t, s), analysis.LimitOfLiquidation(l))
		at := s.Clock.At(auctions).Time // half way through the order
		assert.InDelta(t, 0, find(t, rows, "inventory_mean", "seller", at).Bias, 1e-12)
		mean, variance := find(t, rows, "payoff", "seller", math.NaN()), find(t, rows, "payoff_variance", "seller", math.NaN())
		assert.InDelta(t, l.Seller.Optimal().Mean-90*2.5, mean.Analytic-mean.Bias, 1e-10)
		assert.InEpsilon(t, l.Seller.Optimal().Variance+1.3*1.3*2.5*2.5*.9, variance.Analytic-variance.Bias, 1e-12)
		return [3]float64{mean.Bias, variance.Bias, find(t, rows, "price_mean", "", at).Bias}
	}
	coarse, fine := bias(80), bias(160)
	for i := range coarse {
		assert.InDelta(t, 2, coarse[i]/fine[i], .05, "%d", i)
	}
}

// upfront is paid at the fundamental of time 0.
type upfront struct{ agents.Agent }

func (u upfront) Earn(now clock.Moment, b *market.Block) {
	still := *b
	still.Fundamental = make([]float64, b.Paths)
	u.Agent.Earn(now, &still)
}

// TestVerdictOnSellersHasTeeth: seeded mistakes fail it by the statistics alone.
func TestVerdictOnSellersHasTeeth(t *testing.T) {
	for name, spoil := range map[string]func(s *montecarlo.Simulation, list []agents.Agent){
		"instantaneous impact off by 1 %": func(s *montecarlo.Simulation, list []agents.Agent) {
			list[1].(*agents.Trader).Slopes[0] *= 1.01
		},
		"permanent impact off by 1 %": func(s *montecarlo.Simulation, list []agents.Agent) {
			list[1].(*agents.Trader).Report *= 1.01
		},
		"no fundamental": func(s *montecarlo.Simulation, list []agents.Agent) { list[0] = upfront{list[0]} },
		"volatility off by 2 %": func(s *montecarlo.Simulation, list []agents.Agent) {
			s.Reference.Volatility *= 1.02
		},
		"the schedule of another": func(s *montecarlo.Simulation, list []agents.Agent) {
			list[0].(*agents.Seller).Quantity = func(k int) float64 { return s.Play.Liquidation.Quantity(k + 1) }
		},
	} {
		honest := liquidating(t, 9, true, false, 100000, 5)
		s := liquidating(t, 9, true, false, 100000, 5)
		list, err := agents.Playing(s.Play)
		require.NoError(t, err)
		s.Agents = list
		spoil(s, list)
		total := sums(t, s)
		clear(total.Max)
		v := analysis.Judge(honest, total, analysis.Statistics(honest, total, nil))
		assert.False(t, v.Passed, "%s went unnoticed", name)
	}
}
