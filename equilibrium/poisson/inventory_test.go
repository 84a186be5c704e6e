package poisson_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
)

// moments are E Iⁿ for n = 0, …, 4, and with G = ∫ e^{−βt} f b dt those of the sales:
// E G, E GI, E G².
type moments [8]float64

// changes are d/dt of the moments from the definition of the jumps.
func changes(m poisson.Model, p poisson.Policy, sell, buy, weight float64, x moments) (out moments) {
	n, ρ := float64(m.Makers), 1-p.Slope
	drift := (sell - buy) / n
	jump := func(rate, α float64) {
		for k := 1; k < 5; k++ {
			after, binomial := 0., 1. // E(ρI + α)^k
			for j := 0; j <= k; j++ {
				after += binomial * math.Pow(ρ, float64(k-j)) * math.Pow(α, float64(j)) * x[k-j]
				binomial *= float64(k-j) / float64(j+1)
			}
			out[k] += rate * (after - x[k])
		}
		out[6] += rate * ((ρ-1)*x[6] + α*x[5])
	}
	jump(m.BuyRate, -p.Sells)
	jump(m.SellRate, p.Buys)
	for k := 1; k < 5; k++ {
		out[k] += float64(k) * drift * x[k-1]
	}
	bid0, bid1 := -m.Reservation+n/m.Size*p.Buys, -n/m.Size*p.Slope // b = bid0 + bid1 I
	w := weight * sell
	out[5] = w * (bid0 + bid1*x[1])
	out[6] += drift*x[5] + w*(bid0*x[1]+bid1*x[2])
	out[7] = 2 * w * (bid0*x[5] + bid1*x[6])
	return out
}

// integrate is Runge–Kutta.
func integrate(f func(t float64, x moments) moments, x moments, from, to float64, steps int) moments {
	h := (to - from) / float64(steps)
	along := func(x, k moments, h float64) moments {
		for i := range x {
			x[i] += h * k[i]
		}
		return x
	}
	for k := range steps {
		t := from + float64(k)*h
		end := math.Nextafter(t+h, t) // rates at the end are those before it
		k1 := f(t, x)
		k2 := f(t+h/2, along(x, k1, h/2))
		k3 := f(t+h/2, along(x, k2, h/2))
		k4 := f(end, along(x, k3, h))
		x = along(along(along(along(x, k1, h/6), k2, h/3), k3, h/3), k4, h/6)
	}
	return x
}

func powers(i float64) moments { return moments{1, i, i * i, i * i * i, i * i * i * i} }

func drawConstants(t *rapid.T) poisson.Constants {
	return drawModel(t).Constants(rapid.SampledFrom(concepts).Draw(t, "concept"))
}

// follows requires that moments agree.
func follows(t *rapid.T, want moments, got poisson.Moments) {
	size := 1 + math.Sqrt(want[2])
	for n := range got.Raw {
		require.InDelta(t, want[n], got.Raw[n], 1e-8*math.Pow(size, float64(n)), "%d", n)
	}
	require.InDelta(t, want[2]-want[1]*want[1], got.Variance, 1e-8*size*size)
	require.InDelta(t, want[1], got.Mean, 1e-8*size)
}

// TestKnownInventories integrates the equations of the moments, with the policy that
// the quotes have, for sells and buys by pieces.
func TestKnownInventories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, flows := drawConstants(t), drawQuarters(t)
		i0 := rapid.Float64Range(-1, 1).Draw(t, "i0")
		public, law := c.Announce(flows), c.Known(flows, i0)
		f := func(t float64, x moments) moments {
			return changes(c.Model, public.Policy(t), flows.Sells.Rate(t), flows.Buys.Rate(t), math.Exp(-c.DiscountRate*t), x)
		}
		x := powers(i0)
		var atHalf moments
		for k := range 18 {
			follows(t, x, law.At(.25*float64(k)))
			now := law.At(.25 * float64(k))
			q := public.At(.25*float64(k), x[1])
			require.InDelta(t, q.Ask, now.Ask, 1e-8)
			require.InDelta(t, q.Bid, now.Bid, 1e-8)
			require.InDelta(t, public.Anticipation(.25*float64(k)), law.Anticipation(.25*float64(k)), 1e-12)
			if k == 2 {
				atHalf = moments{5: x[1], 6: x[2]}
			}
			x = integrate(f, x, .25*float64(k), .25*float64(k+1), 60)
		}
		require.LessOrEqual(t, public.End(), 4.5)
		inventory, total := law.ProceedsVariance(1.3)
		require.InDelta(t, x[7]-x[5]*x[5], inventory, 1e-7*(1+x[7]))
		// The martingale's part, by its own equations: y = Cov(σB, ∫), Var' = 2wy.
		noise := moments{}
		for k := range 18 {
			noise = integrate(func(t float64, x moments) moments {
				w := math.Exp(-c.DiscountRate*t) * flows.Sells.Rate(t)
				return moments{0: 1.3 * 1.3, 1: w * x[0], 2: 2 * w * x[1]}
			}, noise, .25*float64(k), .25*float64(k+1), 20)
		}
		require.InDelta(t, noise[2], total-inventory, 1e-8*(1+noise[2]))

		// E I_s I_t obeys the equation of E I_t, with I_s in place of 1.
		product := atHalf
		for k := 2; k < 10; k++ {
			product = integrate(func(t float64, x moments) moments {
				x[1], x[2] = 0, 0
				y := changes(c.Model, public.Policy(t), flows.Sells.Rate(t), flows.Buys.Rate(t), 0, x)
				return moments{5: 0, 6: y[6]}
			}, product, .25*float64(k), .25*float64(k+1), 60)
		}
		late := law.At(2.5).Mean
		require.InDelta(t, product[6]-product[5]*late, law.Covariance(.5, 2.5), 1e-8*(1+math.Abs(product[6])))
		require.Equal(t, law.Covariance(.5, 2.5), law.Covariance(2.5, .5))
	})
}

// TestHiddenInventories does so for a hidden order of known and of random end.
func TestHiddenInventories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawConstants(t)
		i0 := rapid.Float64Range(-1, 1).Draw(t, "i0")
		rate := rapid.Float64Range(-2, 2).Draw(t, "f")
		hides := poisson.Exponential{MeanDuration: rapid.Float64Range(.2, 3).Draw(t, "mean")}
		sell, buy := math.Max(rate, 0), math.Max(-rate, 0)
		on, off := c.Policy(c.HiddenAnticipation(hides, rate, 0), sell, buy), c.Policy(c.B0, 0, 0)
		during := func(_ float64, x moments) moments { return changes(c.Model, on, sell, buy, 1, x) }
		after := func(_ float64, x moments) moments { return changes(c.Model, off, 0, 0, 1, x) }

		law := c.Hidden(hides, rate, 1.5, i0)
		x := integrate(during, powers(i0), 0, 1.5, 400)
		follows(t, x, law.Before(1.5))
		follows(t, integrate(after, x, 1.5, 4, 600), law.At(4))
		require.InDelta(t, c.Quotes(c.B0, 0, 0, x[1]).Bid, law.At(1.5).Bid, 1e-8)
		require.InDelta(t, c.Quotes(c.HiddenAnticipation(hides, rate, 0), sell, buy, x[1]).Bid, law.Before(1.5).Bid, 1e-8)

		// Both parts of the law at once: x while the order goes on, y afterwards.
		ν := 1 / hides.MeanDuration
		x, y := powers(i0), moments{}
		const h = .01
		for range 150 { // Strang splitting is of order 2: extrapolated below
			x, y = split(x, y, ν, h, during, after)
		}
		u, v := powers(i0), moments{}
		for range 300 {
			u, v = split(u, v, ν, h/2, during, after)
		}
		got := c.Unconditional(hides, rate, i0, 1.5)
		size := 1 + math.Sqrt(got.Raw[2])
		for n := range got.Raw {
			want := (4*(u[n]+v[n]) - (x[n] + y[n])) / 3
			require.InDelta(t, want, got.Raw[n], 1e-6*math.Pow(size, float64(n)), "%d", n)
		}
		left := hides.Survival(1.5)
		mid := left*c.Quotes(c.HiddenAnticipation(hides, rate, 0), sell, buy, u[1]/u[0]).Mid() +
			(1-left)*c.Quotes(c.B0, 0, 0, v[1]/v[0]).Mid()
		require.InDelta(t, mid, got.Mid, 1e-5*size)
		// The variance of the mid is that of its two parts and between them.
		spread := 0.
		for _, part := range []struct {
			m moments
			q poisson.Quotes
		}{{u, c.Quotes(c.HiddenAnticipation(hides, rate, 0), sell, buy, u[1]/u[0])}, {v, c.Quotes(c.B0, 0, 0, v[1]/v[0])}} {
			within := part.m[2]/part.m[0] - sq(part.m[1]/part.m[0])
			spread += part.m[0] * (sq(float64(c.Makers)*c.Pressure())*within + sq(part.q.Mid()-mid))
		}
		require.InDelta(t, math.Sqrt(spread), got.PriceDeviation, 1e-4*(1+spread))
	})
}

// split moves both parts by h, with orders ending in the middle.
func split(x, y moments, ν, h float64, during, after func(float64, moments) moments) (moments, moments) {
	x, y = integrate(during, x, 0, h/2, 1), integrate(after, y, 0, h/2, 1)
	for i := range 5 {
		ended := x[i] * -math.Expm1(-ν*h)
		x[i], y[i] = x[i]-ended, y[i]+ended
	}
	return integrate(during, x, 0, h/2, 1), integrate(after, y, 0, h/2, 1)
}

// TestStationaryInventories: the moments in the long run, those of the sum
// α Σ ρᵏε_k for equal rates, and the support that inventories do not leave.
func TestStationaryInventories(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawConstants(t)
		long := c.Stationary()
		late := c.Known(cournot.Flows{}, .3).At(60 / c.Reversion)
		size := math.Sqrt(long.Raw[2])
		for n := range long.Raw {
			require.InDelta(t, long.Raw[n], late.Raw[n], 1e-10*math.Pow(size, float64(n)))
		}
		require.InDelta(t, long.Variance, late.Variance, 1e-10*long.Variance)
		require.InDelta(t, long.PriceDeviation, late.PriceDeviation, 1e-10*long.PriceDeviation)
		low, high := c.Support()
		policy := c.Policy(c.B0, 0, 0)
		require.InDelta(t, low, c.Rho*low-policy.Sells, 1e-12*(high-low))
		require.InDelta(t, high, c.Rho*high+policy.Buys, 1e-12*(high-low))

		m := c.Model
		m.SellRate = m.BuyRate
		c = m.Constants(c.Concept)
		α := c.Size * c.Reservation / c.K
		long = c.Stationary()
		require.Zero(t, long.Mean)
		require.InEpsilon(t, α*α/(c.R*(2-c.R)), long.Variance, 1e-12)
		require.InEpsilon(t, 3*sq(long.Variance)-2*math.Pow(α, 4)/(1-math.Pow(c.Rho, 4)), long.Raw[4], 1e-10)
		low, high = c.Support()
		require.InEpsilon(t, c.Bound(), high, 1e-12)
		require.Equal(t, -high, low)
	})
}

// TestResonance: rates that tie lose no digits. With N = 1, δ = β + M; and M2 = 2M in
// the limit of small arrivals, where the variance is small beside the squared mean.
func TestResonance(t *testing.T) {
	c := poisson.Model{DiscountRate: .3, Makers: 1, InventoryCost: .7, BuyRate: 2, SellRate: 2, Size: 1.1, Reservation: .9}.Constants(cournot.Published)
	require.InEpsilon(t, c.DiscountRate+c.Reversion, c.Delta, 1e-14)
	d := 1.4
	law := c.Known(poisson.Constantly(.6, d), 0)
	g := func(t float64) float64 { // slide 44
		n, M := float64(c.Makers), c.Reversion
		return .6 * c.Small / (n * c.K) * (c.DiscountRate/c.Delta*(1-math.Exp(-M*t))/M +
			(c.Delta-c.DiscountRate)/c.Delta*(math.Exp(-c.Delta*(d-t))-math.Exp(-M*t-c.Delta*d))/(M+c.Delta))
	}
	for _, s := range []float64{.1, .7, 1.4} {
		require.InEpsilon(t, g(s), law.Before(s).Mean, 1e-13)
	}

	// With c λ fixed the variance is proportional to c, and keeps its digits.
	variance := func(size float64) float64 {
		c := poisson.Model{DiscountRate: .3, Makers: 3, InventoryCost: .7, BuyRate: 2 / size, SellRate: 2 / size, Size: size, Reservation: .9}.Constants(cournot.Published)
		return c.Known(poisson.Constantly(5, d), 3).Before(1).Variance / size
	}
	require.InEpsilon(t, 2*variance(1e-6)-variance(2e-6), variance(1e-10), 1e-9)
	require.InEpsilon(t, variance(1e-9), variance(1e-10), 1e-8)
}
