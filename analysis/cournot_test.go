package analysis_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/analysis"
	"walras/clock"
	"walras/equilibrium"
	"walras/internal/golden"
	"walras/montecarlo"
)

// published are the quantities of identical makers in discrete time (rivals mirror
// one's own inventory), for a constant order from time 0.
type published struct {
	beta, eta, delta, omega, f, d, dt float64
	n                                 int
}

var t1 = published{beta: .1, n: 3, eta: 1, delta: 5, omega: 2, f: 3, d: 1.5}

// slope is A, the positive root of A = ηΔ + DA(1 + 2Nm/(N+1))/(1+m)².
func (p published) slope() (a, m float64) {
	n1, discount := float64(p.n+1), math.Exp(-p.beta*p.dt)
	for range 100000 {
		m = 4 * p.delta * discount * a * p.dt / n1
		next := p.eta*p.dt + discount*a*(1+2*float64(p.n)*m/n1)/((1+m)*(1+m))
		if math.Abs(next-a) <= 1e-16*a {
			break
		}
		a = next
	}
	return a, m
}

// market are the makers' quantities, by the backward recursion for B_k, and B_0.
func (p published) market(steps int) (*equilibrium.Cournot, float64) {
	a, m := p.slope()
	n, n1, discount := float64(p.n), float64(p.n+1), math.Exp(-p.beta*p.dt)
	b, last := make([]float64, steps+1), int(math.Round(p.d/p.dt))
	level, slope := make([]float64, steps), make([]float64, steps) // of y_k
	flow := func(k int) float64 {
		if k < last {
			return p.f
		}
		return 0
	}
	for k := steps - 1; k >= 0; k-- {
		x1, x0 := 1/(1+m), p.dt*(flow(k)+2*p.delta*discount*b[k+1])/n1/(1+m)
		y1, y0 := -2*discount*a*x1, discount*(b[k+1]-2*a*x0)
		b[k] = -p.delta*p.dt/(n1*n1)*((n-1)*flow(k)/p.delta*y1+4*n*y1*y0) + discount*(b[k+1]-2*a*x0)*x1
		level[k], slope[k] = y0, y1
	}
	stay := p.dt * 2 * p.delta * p.omega * p.omega / (n1 * n1) / -math.Expm1(-p.beta*p.dt)
	c := &equilibrium.Cournot{Step: p.dt, Investors: equilibrium.Investors{Activity: p.delta, Reservation: p.omega}}
	for j := range p.n {
		affine := func(constant, own float64) equilibrium.Affine {
			slopes := make([]float64, p.n)
			slopes[j] = p.delta * p.dt * own / n1
			return equilibrium.Affine{Constant: p.delta * p.dt * constant / n1, Slopes: slopes}
		}
		c.Makers = append(c.Makers, equilibrium.Maker{
			Bid:           func(k int) equilibrium.Affine { return affine(p.omega+flow(k)/p.delta+level[k], slope[k]) },
			Ask:           func(k int) equilibrium.Affine { return affine(p.omega-level[k], -slope[k]) },
			InventoryCost: p.eta, Worth: func(x []float64) float64 { return stay - a*x[j]*x[j] },
		})
	}
	if p.f != 0 {
		c.Orders = []equilibrium.LargeOrder{{Schedule: clock.Schedule{{From: 0, To: p.d, Rate: p.f}}}}
	}
	return c, b[0]
}

// trading is the simulation of a market of market makers, with everything recorded.
func trading(c *equilibrium.Cournot, initial []float64, beta float64, steps int, paths int64) *montecarlo.Simulation {
	cl := clock.Clock{Step: c.Step, Steps: steps, DiscountRate: beta}
	s := &montecarlo.Simulation{
		Cournot: c, Initial: initial, Clock: cl, Paths: paths, Seed: 11, Statistics: cl.Grid(4),
		Record:    montecarlo.Record{Paths: min(paths, 50), Ticks: cl.Grid(1), Outcomes: paths},
		Reference: montecarlo.Fundamental{Start: 100, Volatility: 1.7},
	}
	for i := range c.Seats() {
		s.Names = append(s.Names, fmt.Sprintf("seat%d", i))
	}
	return s
}

func played(t require.TestingT, s *montecarlo.Simulation) ([]*montecarlo.Result, montecarlo.Sums) {
	var results []*montecarlo.Result
	var tree montecarlo.Tree
	err := s.Run(context.Background(), 0, s.Blocks(), 2, func(r *montecarlo.Result) error {
		results = append(results, r)
		tree.Push(montecarlo.Node{Index: r.Block, Sums: r.Sums})
		return nil
	})
	require.NoError(t, err)
	return results, tree.Total()
}

// requireFollowed holds every recorded row and outcome against the recursion, and the
// cash against the fundamental of those very rows.
func requireFollowed(t require.TestingT, s *montecarlo.Simulation, results []*montecarlo.Result, tolerance float64) {
	width, n := s.RowWidth(), len(s.Names)
	row := func(path, k int) []float64 {
		return results[0].Recorded[(path*(s.Clock.Steps+1)+k)*width:][:width]
	}
	recorded := min(int(s.Record.Paths), 4)
	cash := make([][]float64, recorded)
	for path := range cash {
		cash[path] = make([]float64, n)
	}
	outcomes := analysis.FollowCournot(s, func(k int, now analysis.CournotTick) {
		for path := range recorded {
			r := row(path, k)
			if k < s.Clock.Steps {
				require.InDelta(t, now.Bid, r[0], tolerance)
				require.InDelta(t, now.Ask, r[1], tolerance)
			}
			sum := 0.
			for i := range n {
				cell := r[3+4*i:][:4]
				require.InDelta(t, now.Inventory[i], cell[0], tolerance)
				if k < s.Clock.Steps {
					require.InDelta(t, now.Trade[i], cell[1], tolerance)
				}
				require.InDelta(t, now.Cash[i].Mean, cell[2]-noise(s, row, path, k, i), 100*tolerance*(1+now.Cash[i].Turnover))
				sum += cell[2]
			}
			require.InDelta(t, 0, sum, 1e-9*(1+s.Reference.Start))
		}
	})
	for path := range s.Record.Outcomes {
		for i, w := range outcomes {
			got := results[path/montecarlo.BlockSize].Outcomes[(int(path%montecarlo.BlockSize)*n+i)*3:][:3]
			require.InDelta(t, w.Payoff, got[0], tolerance*(1+w.Size))
			require.InDelta(t, w.Terminal, got[1], tolerance*(1+math.Abs(w.Terminal)))
			require.InDelta(t, w.Volume, got[2], tolerance*(1+w.Volume))
		}
	}
}

// noise is what the moves of the fundamental have added to the cash of a seat.
func noise(s *montecarlo.Simulation, row func(path, k int) []float64, path, k, i int) float64 {
	sum := 0.
	for l := range min(k+1, s.Clock.Steps) {
		sum += (row(path, l)[2] - s.Reference.Start) * row(path, l)[3+4*i+1]
	}
	return sum
}

// TestPublishedMarketMakers plays the test market through the auctions: the golden
// numbers of discrete time come out, and every row is that of the recursion.
func TestPublishedMarketMakers(t *testing.T) {
	var table struct {
		Discrete struct {
			Published struct {
				Rows []struct {
					N         int
					DT, A, B0 float64
					XD        float64 `json:"x_d"`
					Bid0      float64 `json:"bid_0"`
					BidLast   float64 `json:"bid_last"`
					Proceeds  float64
				}
			}
		}
	}
	golden.Cournot(t, &table)
	require.Len(t, table.Discrete.Published.Rows, 6)
	for _, want := range table.Discrete.Published.Rows {
		p := t1
		p.dt = want.DT
		a, _ := p.slope()
		require.InEpsilon(t, want.A, a, 1e-13)
		steps := want.N + want.N/3
		c, b0 := p.market(steps)
		require.InEpsilon(t, want.B0, b0, 1e-13)
		s := trading(c, []float64{0, 0, 0, 0, p.f * p.d}, p.beta, steps, 6)
		results, _ := played(t, s)
		rows, width := results[0].Recorded, s.RowWidth()
		require.InEpsilon(t, want.Bid0, rows[0], 1e-12)
		require.InEpsilon(t, want.BidLast, rows[(want.N-1)*width], 1e-12)
		for j := range p.n {
			require.InEpsilon(t, want.XD, rows[want.N*width+3+4*j], 1e-11)
		}
		require.InEpsilon(t, want.Proceeds, results[0].Outcomes[3*4], 1e-12)
		require.InDelta(t, 0, rows[want.N*width+3+4*4], 1e-12, "the order is done")
		requireFollowed(t, s, results, 1e-12)
	}
}

// TestMakersEarnTheirValue: without an order the value of a maker is c − Ax², which
// holds only if the period is charged for the inventory that it began with.
func TestMakersEarnTheirValue(t *testing.T) {
	p := t1
	p.dt, p.f = .1, 0
	c, _ := p.market(30)
	s := trading(c, []float64{.7, .7, .7, 0}, p.beta, 30, 5)
	results, _ := played(t, s)
	value := c.Makers[0].Worth(s.Initial)
	for j := range p.n {
		got := results[0].Outcomes[3*j:][:3]
		require.InEpsilon(t, value, got[0]+got[1], 1e-12)
	}
}

// randomMarket has makers who watch each other, several orders, on and off the grid.
func randomMarket(t *rapid.T) (*equilibrium.Cournot, []float64) {
	n := rapid.IntRange(1, 5).Draw(t, "makers")
	real := func(low, high float64, name string) float64 { return rapid.Float64Range(low, high).Draw(t, name) }
	c := &equilibrium.Cournot{
		Step:      real(.02, .4, "step"),
		Investors: equilibrium.Investors{Activity: real(.5, 400, "delta"), Reservation: real(.3, 20, "omega")},
	}
	c.Investors.Worth = func(x []float64) float64 { return 3.5 + .2*x[0]*x[0] }
	var initial []float64
	for j := range n {
		slopes := make([]float64, n)
		for l := range slopes {
			slopes[l] = real(-.05, .05, "slope")
		}
		slopes[j] += .2
		level, rate := real(.1, 5, "level"), real(-1, 1, "rate")
		c.Makers = append(c.Makers, equilibrium.Maker{
			Bid: func(k int) equilibrium.Affine {
				return equilibrium.Affine{Constant: level + rate*math.Sin(float64(k)), Slopes: negated(slopes)}
			},
			Ask:           func(k int) equilibrium.Affine { return equilibrium.Affine{Constant: level - rate/3, Slopes: slopes} },
			InventoryCost: real(.1, 3, "eta"), Worth: func(x []float64) float64 { return .7 - 1.3*x[j]*x[n-1] },
		})
		initial = append(initial, real(-2, 2, "x0"))
	}
	initial = append(initial, real(-2, 2, "investors"))
	for i := range rapid.IntRange(0, 3).Draw(t, "orders") {
		from, first, second := real(0, 1, "from"), real(.01, 1, "first"), real(.01, 1, "second")
		c.Orders = append(c.Orders, equilibrium.LargeOrder{Buys: i%2 == 1, Schedule: clock.Schedule{
			{From: from, To: from + first, Rate: real(.01, 5, "f")},
			{From: from + 2*first, To: from + 2*first + second, Rate: real(.01, 5, "g")},
		}})
		initial = append(initial, real(-2, 2, "order"))
	}
	if until := rapid.IntRange(0, 6).Draw(t, "posted"); until > 0 {
		c.Posted = func(k int) bool { return k < until }
	}
	return c, initial
}

func negated(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = -v
	}
	return out
}

// TestRandomMarketMakers: whatever makers submit, the auctions and the recursion
// agree, and the run is judged right.
func TestRandomMarketMakers(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c, initial := randomMarket(r)
		s := trading(c, initial, .3, rapid.IntRange(1, 25).Draw(r, "steps"), 300)
		s.Antithetic = rapid.Bool().Draw(r, "antithetic")
		results, sums := played(r, s)
		requireFollowed(r, s, results, 1e-10)
		rows := analysis.Statistics(s, sums, nil)
		require.NoError(r, analysis.Finite(rows))
		v := analysis.Judge(s, sums, rows)
		require.Empty(r, v.Failures())
	})
}

// TestPostedPricesInTheLimit: while makers post the prices of the market without an
// order, they absorb it, i = (f/N)h_M(t), and the bid is −ω/(N+1) − B f h_M(t), up to an
// error of the first order in the step.
func TestPostedPricesInTheLimit(t *testing.T) {
	p := t1
	n, n1 := float64(p.n), float64(p.n+1)
	a := 2 * p.eta / (p.beta + math.Sqrt(p.beta*p.beta+32*p.delta*p.eta/(n1*n1)))
	m, pressure := 4*p.delta*a/n1, 2*a/n1
	var errors []float64
	for _, steps := range []int{40, 80, 160} {
		dt := .6 / float64(steps)
		c := &equilibrium.Cournot{
			Step: dt, Investors: equilibrium.Investors{Activity: p.delta, Reservation: p.omega}, Posted: func(int) bool { return true },
			Orders: []equilibrium.LargeOrder{{Schedule: clock.Schedule{{From: 0, To: 9, Rate: p.f}}}},
		}
		for j := range p.n {
			quantity := func(sign float64) func(int) equilibrium.Affine {
				slopes := make([]float64, p.n)
				slopes[j] = sign * m / 2 * dt
				return func(int) equilibrium.Affine {
					return equilibrium.Affine{Constant: p.delta * p.omega / n1 * dt, Slopes: slopes}
				}
			}
			c.Makers = append(c.Makers, equilibrium.Maker{Bid: quantity(-1), Ask: quantity(1), InventoryCost: p.eta})
		}
		s := trading(c, make([]float64, 5), p.beta, steps, 1)
		results, _ := played(t, s)
		last := results[0].Recorded[(steps-1)*s.RowWidth():]
		h := -math.Expm1(-m*(.6-dt)) / m
		errors = append(errors, last[0]-(-p.omega/n1-pressure*p.f*h))
		require.InDelta(t, p.f/n*h, last[3], .1)
	}
	require.InDelta(t, 2, errors[0]/errors[1], .1)
	require.InDelta(t, 2, errors[1]/errors[2], .05)
}
