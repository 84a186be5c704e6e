package poisson_test

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/internal/golden"
)

// inverted is the CDF of a characteristic function on a fine even grid.
func inverted(phi func(u float64) complex128, x, largest float64, points int) float64 {
	sum, du := 0., largest/float64(points)
	for k := range points { // midpoints
		u := (float64(k) + .5) * du
		sum += imag(phi(u)*cmplx.Rect(1, -u*x)) / u * du
	}
	return .5 - sum/math.Pi
}

// alone is the characteristic function of the inventory in a market without orders
// and with equal rates: after n arrivals it is ρⁿi_0 + α Σ_{k<n} ρᵏε_k.
func alone(c poisson.Constants, i0, t float64) func(u float64) complex128 {
	α, mean := c.Policy(0, 0, 0).Sells, c.Arrivals()*t
	return func(u float64) complex128 {
		sum, product, power := complex(0, 0), 1., 1.
		for n := 0; n < 40+int(mean+12*math.Sqrt(mean)); n++ {
			l, _ := math.Lgamma(float64(n + 1))
			weight := math.Exp(float64(n)*math.Log(mean) - mean - l)
			sum += complex(weight*product, 0) * cmplx.Rect(1, u*power*i0)
			product *= math.Cos(power * u * α)
			power *= c.Rho
		}
		return sum
	}
}

// TestDistributionAlone compares with the series for a market without orders.
func TestDistributionAlone(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		if name == "lumpy" { // few large arrivals: see below
			continue
		}
		c := published(g)
		i0, long := .4*c.Bound(), math.Sqrt(c.Stationary().Variance)
		for _, after := range []float64{1.5, 4} { // in reversion times
			at := after / c.Reversion
			law, ok := c.Known(cournot.Flows{}, i0).Distribution(at)
			require.True(t, ok, name)
			for _, z := range []float64{-2, -.5, 0, .3, 1.7} {
				x := law.Mean + z*long
				want := inverted(alone(c, i0, at), x, 50/law.Deviation, 2000)
				require.InDelta(t, want, law.CDF(x), 1e-6, "%s %v", name, z)
			}
		}
	}
}

// paths are inventories at times of paths that are drawn arrival by arrival, against
// a seller who stops at the duration.
func paths(c poisson.Constants, rate, duration float64, times []float64, count int) [][]float64 {
	draw := rand.New(rand.NewPCG(20, 26))
	public := c.Announce(poisson.Constantly(rate, duration))
	settled := c.Policy(c.B0, rate, 0)
	off := c.Policy(c.B0, 0, 0)
	all := make([][]float64, len(times))
	for range count {
		i, now := 0., 0.
		next := 0 // of the times
		for next < len(times) {
			arrives := now + draw.ExpFloat64()/c.Arrivals()
			for next < len(times) && times[next] < arrives {
				sold := math.Max(0, math.Min(times[next], duration)-now)
				all[next] = append(all[next], i+rate/float64(c.Makers)*sold)
				next++
			}
			i += rate / float64(c.Makers) * math.Max(0, math.Min(arrives, duration)-now)
			policy := off
			if arrives < duration {
				B := c.Size / c.K * (public.Anticipation(arrives) - c.B0)
				policy.Sells, policy.Buys = settled.Sells-B, settled.Buys+B
			}
			if draw.Float64()*c.Arrivals() < c.BuyRate {
				i -= policy.Sells + policy.Slope*i
			} else {
				i += policy.Buys - policy.Slope*i
			}
			now = arrives
		}
	}
	return all
}

// agreesWith requires that the share of paths below each quantile is its probability,
// within 4.5 standard errors.
func agreesWith(t *testing.T, law *poisson.Distribution, drawn []float64) {
	t.Helper()
	for _, p := range []float64{.01, .05, .25, .5, .75, .95, .99} {
		x, below := law.Quantile(p), 0.
		require.InDelta(t, p, law.CDF(x), 1e-9)
		for _, i := range drawn {
			if i <= x {
				below++
			}
		}
		n := float64(len(drawn))
		require.InDelta(t, p, below/n, 4.5*math.Sqrt(p*(1-p)/n)+law.Error, "%v", p)
	}
}

// TestDistributionAgainstPaths has the box plots of the slides and the market with a
// few arrivals.
func TestDistributionAgainstPaths(t *testing.T) {
	sets := golden.PoissonSets(t)
	c := published(sets["slide_recal"])
	times := []float64{.02, .05, .08, .11, .14, .17, .20, .23}
	for _, duration := range []float64{.2, .05} {
		rate := c.BestRate(duration)
		drawn := paths(c, rate, duration, times, 600)
		v := c.Known(poisson.Constantly(rate, duration), 0)
		for k, at := range times {
			law, ok := v.Distribution(at)
			require.True(t, ok)
			agreesWith(t, law, drawn[k])
		}
	}
	g := sets["toy"]
	c = published(g)
	times = []float64{2 * g.Duration, 3 * g.Duration}
	drawn := paths(c, 5*g.OrderRate, g.Duration, times, 100_000)
	v := c.Known(poisson.Constantly(5*g.OrderRate, g.Duration), 0)
	for k, at := range times {
		law, ok := v.Distribution(at)
		require.True(t, ok)
		agreesWith(t, law, drawn[k])
		// The density integrates to the CDF.
		const h = .01
		x, sum := law.Mean-law.Deviation, 0.
		for s := x + h/2; s < x+1; s += h {
			sum += h * law.Density(s)
		}
		require.InDelta(t, law.CDF(x+1)-law.CDF(x), sum, 1e-4)
	}
}

// TestDistributionRefused: where atoms matter there is no law, and none of an
// inventory that is certain.
func TestDistributionRefused(t *testing.T) {
	sets := golden.PoissonSets(t)
	for name, at := range map[string]float64{"lumpy": 4, "toy": .5} {
		_, ok := published(sets[name]).Known(cournot.Flows{}, .1).Distribution(at)
		require.False(t, ok, name)
	}
	c := published(sets["slide_recal"])
	_, ok := c.Known(cournot.Flows{}, .1).Distribution(0)
	require.False(t, ok)
	fine := c.Model
	fine.Size, fine.BuyRate, fine.SellRate = fine.Size/100, fine.BuyRate*100, fine.SellRate*100
	_, ok = fine.Constants(cournot.Published).Known(cournot.Flows{}, 0).Distribution(.1)
	require.False(t, ok)
	law, ok := c.Known(cournot.Flows{}, 0).Distribution(.1)
	require.True(t, ok)
	require.InDelta(t, 0, law.Quantile(.5), 1e-9)
	require.Zero(t, law.CDF(law.Mean-13*law.Deviation))
	require.Equal(t, 1., law.CDF(law.Mean+13*law.Deviation))
	require.Zero(t, law.Density(law.Mean+13*law.Deviation))
	require.PanicsWithValue(t, "poisson: the probability of a quantile must be between 0 and 1", func() { law.Quantile(1) })
}
