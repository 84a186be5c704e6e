package analysis_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/agents"
	"walras/analysis"
	"walras/clock"
	"walras/equilibrium"
	"walras/market"
	"walras/montecarlo"
)

// large is the test market with its order, and a buyer besides.
func large(paths int64) *montecarlo.Simulation {
	p := t1
	p.dt = .1
	c, _ := p.market(20)
	c.Orders = append(c.Orders, equilibrium.LargeOrder{Buys: true, Schedule: clock.Schedule{{From: .33, To: 1.9, Rate: .7}}})
	return trading(c, []float64{0, 0, 0, 0, 4.5, 0}, p.beta, 20, paths)
}

func judgeTrading(t *testing.T, s *montecarlo.Simulation, limit *analysis.Limit) ([]analysis.Row, analysis.Verdict) {
	t.Helper()
	_, sums := played(t, s)
	rows := analysis.Statistics(s, sums, limit)
	require.NoError(t, analysis.Finite(rows))
	return rows, analysis.Judge(s, sums, rows)
}

// TestMarketMakersPass: identities are judged with any number of paths, cash and
// fundamental by their standard errors.
func TestMarketMakersPass(t *testing.T) {
	for name, change := range map[string]func(*montecarlo.Simulation){
		"plain":          func(*montecarlo.Simulation) {},
		"antithetic":     func(s *montecarlo.Simulation) { s.Antithetic = true },
		"one path":       func(s *montecarlo.Simulation) { s.Paths = 1 },
		"no fundamental": func(s *montecarlo.Simulation) { s.Reference.Volatility = 0 },
		"at zero":        func(s *montecarlo.Simulation) { s.Reference.Start = 0 },
		"far from zero":  func(s *montecarlo.Simulation) { s.Reference.Start = 1e6 },
	} {
		s := large(3000)
		change(s)
		rows, v := judgeTrading(t, s, nil)
		require.Empty(t, v.Failures(), name)
		random := 0
		for _, r := range rows {
			switch r.Statistic {
			case "cash_mean", "cash_variance", "fundamental_mean", "fundamental_variance":
				if !math.IsNaN(r.Z) {
					random++
				}
				assert.True(t, r.Judged || s.Paths < 1000, "%s: %+v", name, r)
			default:
				assert.True(t, r.Judged && math.IsNaN(r.Z), "%s: %+v", name, r)
			}
		}
		assert.Equal(t, name != "no fundamental", random > 0, name)
	}
}

// TestCalibratedMarketMakers: ten makers in CMZ's units, where inventories are
// hundreds, money is counted in millions, and the market is worth 10,000 times what
// they earn in it.
func TestCalibratedMarketMakers(t *testing.T) {
	p := published{
		beta: 2.0002000266706673e-4, n: 10, eta: .24327836028603814, delta: 17993.75, omega: 17.6,
		f: 268000, d: .15, dt: .001,
	}
	c, _ := p.market(200)
	s := trading(c, append(make([]float64, 11), p.f*p.d), p.beta, 200, 64)
	s.Reference = montecarlo.Fundamental{Start: 10000, Volatility: 100}
	results, _ := played(t, s)
	requireFollowed(t, s, results, 1e-9)
	_, v := judgeTrading(t, s, nil)
	require.Empty(t, v.Failures())
	for _, r := range v.Rows {
		if r.Statistic == "payoff" {
			assert.InEpsilon(t, r.Analytic, r.Estimate, 1e-12)
		}
	}
}

// changed lets an agent see another block when it is paid.
type changed struct {
	agents.Agent
	see func(b market.Block) market.Block
}

func (c changed) Earn(now clock.Moment, b *market.Block) {
	other := c.see(*b)
	c.Agent.Earn(now, &other)
}

func (c changed) Value(b *market.Block, p int) float64 { return c.Agent.(agents.Valuer).Value(b, p) }

// TestMarketMakersVerdictHasTeeth: small mistakes fail it.
func TestMarketMakersVerdictHasTeeth(t *testing.T) {
	for name, spoil := range map[string]func(*montecarlo.Simulation){
		"inventory is charged after trade": func(s *montecarlo.Simulation) {
			s.Agents[0] = changed{s.Agents[0], func(b market.Block) market.Block {
				x := market.Matrix(len(b.Inventory), len(b.Inventory[0]))
				for i := range x {
					for p := range x[i] { // the agent adds the trades
						x[i][p] = b.Inventory[i][p] - b.Sides[0].Trade[i][p] - b.Sides[1].Trade[i][p]
					}
				}
				b.Inventory = x
				return b
			}}
		},
		"investors trade 1e-7 more": func(s *montecarlo.Simulation) {
			c := *s.Cournot
			c.Investors.Activity *= 1 + 1e-7
			s.Agents[3] = agents.NewInvestors(&c)
		},
		"a buyer at the bid": func(s *montecarlo.Simulation) {
			order := s.Cournot.Orders[1]
			order.Buys = false
			s.Agents[5] = &agents.LargeOrder{Seat: 5, Market: s.Cournot, Order: order}
		},
		"an order a tick late": func(s *montecarlo.Simulation) {
			late := equilibrium.LargeOrder{Schedule: clock.Schedule{{From: .1, To: 1.6, Rate: 3}}}
			s.Agents[4] = &agents.LargeOrder{Seat: 4, Market: s.Cournot, Order: late}
		},
		"prices are posted": func(s *montecarlo.Simulation) {
			c := *s.Cournot
			c.Posted = func(k int) bool { return k == 7 }
			for j := range c.Makers {
				s.Agents[j] = agents.NewMarketMaker(&c, j)
			}
		},
	} {
		s := large(64)
		s.Agents = agents.Trading(s.Cournot)
		spoil(s)
		_, v := judgeTrading(t, s, nil)
		assert.False(t, v.Passed, name)
	}
	s := large(5000)
	_, sums := played(t, s)
	s.Reference.Volatility *= 1.08
	assert.False(t, analysis.Judge(s, sums, analysis.Statistics(s, sums, nil)).Passed, "another volatility")
}

// TestCashIsCalibrated: over many seeds the z of cash and fundamental are standard
// normal.
func TestCashIsCalibrated(t *testing.T) {
	squares, n := map[string]float64{}, map[string]float64{}
	for seed := range uint64(150) {
		s := large(1000)
		s.Seed, s.Record, s.Statistics = seed, montecarlo.Record{Ticks: []int{20}}, []int{3, 20}
		rows, _ := judgeTrading(t, s, nil)
		for _, r := range rows {
			if r.T > 1 && !math.IsNaN(r.Z) && (r.Agent == "seat0" || r.Agent == "") {
				squares[r.Statistic] += r.Z * r.Z
				n[r.Statistic]++
			}
		}
	}
	require.Len(t, squares, 4)
	for name := range squares {
		require.EqualValues(t, 150, n[name])
		assert.InDelta(t, 1, squares[name]/n[name], 4*math.Sqrt(2./150), name)
	}
}

// TestBiasOfMarketMakers: with a limit every row carries its distance from it.
func TestBiasOfMarketMakers(t *testing.T) {
	s := large(4)
	limit := &analysis.Limit{
		At: func(at float64) analysis.ContinuousMoments {
			return analysis.ContinuousMoments{Mean: []float64{at, 2 * at, 3, 4, 5, 6}}
		},
		Quotes:  func(at float64) (bid, ask float64) { return -1 - at, 1 + 2*at },
		Welfare: []float64{1.5, 2.5, 3.5, 4.5, 5.5, math.NaN()},
	}
	rows, _ := judgeTrading(t, s, limit)
	seen := 0
	for _, r := range rows {
		var want float64
		switch {
		case r.Statistic == "bid_mean":
			want = r.Analytic + 1 + r.T
		case r.Statistic == "ask_mean":
			want = r.Analytic - 1 - 2*r.T
		case r.Statistic == "inventory_mean" && r.Agent == "seat1":
			want = r.Analytic - 2*r.T
		case r.Statistic == "welfare" && r.Agent == "seat4":
			want = r.Analytic - 5.5
		default:
			continue
		}
		seen++
		assert.InDelta(t, want, r.Bias, 1e-12, "%+v", r)
	}
	assert.Equal(t, 5+5+6+1, seen)
}
