package analysis_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/analysis"
	"walras/equilibrium"
	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/internal/golden"
	"walras/montecarlo"
)

// direct is one path of a market, investor by investor: what members hold at the
// horizon and what the seats have earned. Between arrivals Simpson's rule integrates.
func direct(a *equilibrium.Arrivals, x []float64, end, horizon, discount float64, draw *rand.Rand) (held, payoff []float64) {
	x, payoff = append([]float64(nil), x...), make([]float64, a.Seats())
	phase, now, n := 0, 0., len(a.Makers)
	quote := func(t float64, x []float64) (bought, sold []float64, bid, ask float64) {
		p := a.Phases[phase]
		bid, ask = -a.Investors.Reservation, a.Investors.Reservation
		for k, m := range a.Makers {
			qb, qa := p.Bid[k](t), p.Ask[k](t)
			for l, s := range m.Slopes {
				qb -= s * x[l]
				qa += s * x[l]
			}
			bought, sold = append(bought, qb), append(sold, qa)
			bid += float64(m.Count) * qb / a.Investors.Size
			ask -= float64(m.Count) * qa / a.Investors.Size
		}
		return bought, sold, bid, ask
	}
	for now < horizon {
		for a.Phases[phase].Until+end <= now {
			phase++
		}
		sell, buy := a.Flow(phase)
		arrives := now + draw.ExpFloat64()/a.Investors.Rate()
		to := math.Min(math.Min(horizon, a.Phases[phase].Until+end), arrives)
		drift := (sell - buy) / float64(a.Members())
		for i, weight := range []float64{1, 4, 1} {
			u := float64(i) / 2 * (to - now)
			y := make([]float64, n)
			for k := range y {
				y[k] = x[k] + drift*u
			}
			_, _, bid, ask := quote(now+u, y)
			weight *= math.Exp(-discount*(now+u)) * (to - now) / 6
			for k, m := range a.Makers {
				payoff[k] += weight * ((buy*ask-sell*bid)/float64(a.Members()) - m.InventoryCost*y[k]*y[k])
			}
			payoff[n+1] += weight * sell * (a.Investors.Reservation + bid)
			payoff[n+2] += weight * buy * (a.Investors.Reservation - ask)
		}
		for k := range x {
			x[k] += drift * (to - now)
		}
		if now = to; now < arrives {
			continue
		}
		bought, sold, bid, ask := quote(now, x)
		d := math.Exp(-discount * now)
		if draw.Float64()*a.Investors.Rate() < a.Investors.BuyRate {
			for k := range x {
				payoff[k] += d * ask * sold[k]
				x[k] -= sold[k]
			}
			payoff[n] += d * a.Investors.Size / 2 * math.Pow(a.Investors.Reservation-ask, 2)
			continue
		}
		for k := range x {
			payoff[k] -= d * bid * bought[k]
			x[k] += bought[k]
		}
		payoff[n] += d * a.Investors.Size / 2 * math.Pow(bid+a.Investors.Reservation, 2)
	}
	return x, payoff
}

// TestMomentsOfDirectPaths: inventories and payoffs of two types in a market whose
// order ends at a hidden time, with unequal rates of arrival, against paths that are
// played here.
func TestMomentsOfDirectPaths(t *testing.T) {
	const paths = 20000
	p := newPoisson(golden.PoissonSets(t)["toy"])
	a := worthwhile(twoTypes(p, p.market(p.unknown, 0, p.exponential(false))))
	a.Investors.BuyRate, a.Investors.SellRate = 2.2, 4.1
	s := p.simulation(a, .9, 2)
	s.Initial[0], s.Initial[1] = .6, -1.1
	laws, outcomes := analysis.FollowArrivals(s)
	draw := rand.New(rand.NewPCG(3, 4))
	var sums [16][2]float64
	see := func(i int, v float64) {
		sums[i][0] += v
		sums[i][1] += v * v
	}
	for range paths {
		x, payoff := direct(a, s.Initial[:2], draw.ExpFloat64()/p.StopRate, 1.8, p.DiscountRate, draw)
		for k, v := range x {
			for power := range 4 {
				see(4*k+power, math.Pow(v, float64(power+1)))
			}
		}
		for i, v := range payoff {
			see(8+i, v)
		}
	}
	for i, sum := range sums[:8+a.Seats()] {
		mean := sum[0] / paths
		z := math.Sqrt((sum[1]/paths - mean*mean) / paths)
		want := 0.
		if i < 8 {
			want = laws[2].Inventory(i / 4).Raw()[1+i%4]
		} else {
			want = outcomes[i-8].Payoff
		}
		assert.InDelta(t, want, mean, 4*z, "%d", i)
	}
}

// TestQuantileRows: levels from the law of the inventory are met by the paths, and a
// law that is a little off is not.
func TestQuantileRows(t *testing.T) {
	g := golden.PoissonSets(t)["toy"]
	g.Duration = 4
	p := newPoisson(g)
	c := poisson.Model{
		DiscountRate: g.DiscountRate, Makers: g.Makers, InventoryCost: g.InventoryCost, BuyRate: g.BuyRate, SellRate: g.SellRate,
		Size: g.Size, Reservation: g.Reservation,
	}.Constants(cournot.Published)
	inventory := c.Known(poisson.Constantly(p.OrderRate, p.Duration), .3)
	for _, off := range []float64{0, .03} {
		s := p.simulation(p.sunshine(), 1, 6)
		s.Initial[0], s.Paths = .3, 20000
		s.Levels = analysis.Levels(s, func(at float64) analysis.Quantiles {
			law, ok := inventory.Distribution(at)
			if !ok {
				return nil
			}
			return moved{law, off}
		})
		_, sums := played(t, s)
		rows := analysis.Statistics(s, sums, nil)
		require.NoError(t, analysis.Finite(rows))
		count := 0
		for _, r := range rows {
			if r.Statistic == "inventory_q25" || r.Statistic == "mid_q95" {
				assert.InDelta(t, r.Z, (r.Estimate-r.Analytic)/r.StdError, 1e-9)
				assert.True(t, r.Judged)
				count++
			}
		}
		assert.GreaterOrEqual(t, count, 6)
		assert.Equal(t, off == 0, analysis.Judge(s, sums, rows).Passed)
	}
}

type moved struct {
	law analysis.Quantiles
	by  float64
}

func (m moved) Quantile(p float64) float64 { return m.law.Quantile(p) + m.by }

// TestArrivalsVerdictHasTeeth: theory of another market than the one that is played
// fails it.
func TestArrivalsVerdictHasTeeth(t *testing.T) {
	p := newPoisson(golden.PoissonSets(t)["toy"])
	p.Inventory = .5
	stealth := func(q goldenMarket) *montecarlo.Simulation {
		s := p.simulation(worthwhile(q.market(q.unknown, 0, q.exponential(false))), .5, 4)
		s.Paths = 30000
		return s
	}
	played1 := stealth(p)
	_, sums := played(t, played1)
	for name, change := range map[string]func(*goldenMarket){
		"nothing":        func(*goldenMarket) {},
		"slope":          func(q *goldenMarket) { q.r *= 1.03 },
		"constant":       func(q *goldenMarket) { q.kb *= 1.2 },
		"order rate":     func(q *goldenMarket) { q.OrderRate *= 1.05 },
		"end":            func(q *goldenMarket) { q.StopRate *= 1.03 },
		"buyers":         func(q *goldenMarket) { q.BuyRate *= 1.02 },
		"size":           func(q *goldenMarket) { q.Size *= 1.02 },
		"inventory cost": func(q *goldenMarket) { q.InventoryCost *= 1.3 },
		"discount":       func(q *goldenMarket) { q.DiscountRate *= 1.05 },
	} {
		q := p
		change(&q)
		s := stealth(q)
		s.Clock.DiscountRate = q.DiscountRate
		v := analysis.Judge(s, sums, analysis.Statistics(s, sums, nil))
		assert.Equal(t, name == "nothing", v.Passed, "%s: %v", name, v.Largest)
	}
}
