package analysis_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"walras/analysis"
	"walras/equilibrium"
	"walras/montecarlo"
)

// TestTwoWaysOverHiddenEnds: two regimes with the density of the end between them agree
// with the average over markets whose end is given, which a phase that never holds
// makes necessary; with steps, as well.
func TestTwoWaysOverHiddenEnds(t *testing.T) {
	for _, name := range []string{"hidden end", "Erlang and hyperexponential ends", "hidden end at steps", "two types, hidden end"} {
		s := arriving(t)[name]
		a := *s.Arrivals
		a.Phases = append([]equilibrium.Phase{{Until: -1e6, Bid: a.Phases[0].Bid, Ask: a.Phases[0].Ask}}, a.Phases...)
		a.Orders = append([]equilibrium.FlowingOrder(nil), a.Orders...)
		for i, o := range a.Orders {
			a.Orders[i].Rates = append([]float64{7}, o.Rates...)
		}
		shift := func(worth equilibrium.EndWorth) equilibrium.EndWorth {
			if worth == nil {
				return nil
			}
			return func(x []float64, phase int, left float64) float64 { return worth(x, phase-1, left) }
		}
		a.Makers = append([]equilibrium.MakerType(nil), a.Makers...)
		for k := range a.Makers {
			a.Makers[k].Worth = shift(a.Makers[k].Worth)
		}
		a.Investors.Worth, a.Orders[0].Worth = shift(a.Investors.Worth), shift(a.Orders[0].Worth)
		other := *s
		other.Arrivals = &a
		laws, outcomes := analysis.FollowArrivals(s)
		averaged, ended := analysis.FollowArrivals(&other)
		same := func(want, got float64) { assert.InDelta(t, want, got, 1e-6*(1+math.Abs(want)), name) }
		for j, law := range laws {
			same(law.Active, averaged[j].Active)
			for k := range a.Makers {
				for d, v := range law.Inventory(k).Raw() {
					same(v, averaged[j].Inventory(k).Raw()[d])
				}
				covariance, spread := law.Lagged(k)
				c, sp := averaged[j].Lagged(k)
				if j > 0 {
					same(covariance, c)
					same(spread, sp)
				}
			}
			for d, v := range law.Bid.Central() {
				same(v, averaged[j].Bid.Central()[d])
			}
		}
		for i, w := range outcomes {
			same(w.Payoff, ended[i].Payoff)
			same(w.Terminal, ended[i].Terminal)
			same(w.Volume, ended[i].Volume)
		}
	}
}

// TestStandardErrorsOfArrivals: over many seeds z has variance 1 in every row.
func TestStandardErrorsOfArrivals(t *testing.T) {
	const seeds = 60
	for _, name := range []string{"hidden end", "steps"} {
		s := arriving(t)[name]
		s.Paths = 1024
		s.Record = montecarlo.Record{}
		var sums []float64
		var rows []analysis.Row
		for seed := range seeds {
			s.Seed = uint64(seed)
			_, total := played(t, s)
			rows = analysis.Statistics(s, total, nil)
			if sums == nil {
				sums = make([]float64, len(rows))
			}
			for i, r := range rows {
				sums[i] += r.Z * r.Z / seeds
			}
		}
		for i, r := range rows {
			if math.IsNaN(sums[i]) {
				continue
			}
			tolerance := 4.5 * math.Sqrt(2./seeds)
			if r.Statistic == "inventory_moment4" || r.Statistic == "inventory_moment3" {
				tolerance *= 2 // z has a long tail
			}
			assert.InDelta(t, 1, sums[i], tolerance, "%s: %s %s %v", name, r.Statistic, r.Agent, r.T)
		}
	}
}
