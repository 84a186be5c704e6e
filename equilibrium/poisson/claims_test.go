package poisson_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/internal/fixedpoint"
	"walras/internal/golden"
)

// slides is the market of the slides' figures, the flow calibration with 16 900
// arrivals a day on each side.
func slides(concept cournot.Concept) poisson.Constants {
	t := cournot.BlueChip()
	t.Pressure = .026
	return poisson.FromFlow(t.Model(cournot.Published), 16_900).Constants(concept)
}

// TestSlideCalibration has the numbers of the map from the flow market, its slopes
// and where its end users begin to gain.
func TestSlideCalibration(t *testing.T) {
	c := slides(cournot.Published)
	require.InEpsilon(t, 17_993.75/16_900, c.Size, 1e-14)
	require.InEpsilon(t, 17.6, c.Reservation, 1e-14)
	require.InEpsilon(t, 24.327578602860381, c.InventoryCost, 1e-14)
	require.InDelta(t, .13713, c.A, 5e-6)
	require.InDelta(t, .06134, slides(cournot.OpenLoop).A, 5e-6)
	require.InDelta(t, 99_232, c.Sunshine(.2).UsersGainAbove(0), .5)
	require.InDelta(t, 258_669, c.BestRate(.2), .5)
	makers := 224. // aggregate inventory at D, mid from −7.19 to −6.08
	d, f := .2, c.BestRate(.2)
	p := c.Announce(poisson.Constantly(f, d))
	require.InDelta(t, -7.19, p.At(0, 0).Mid(), .005)
	require.InDelta(t, -6.08, p.Before(d, makers/10).Mid(), .02)
	market := c.Model
	require.InEpsilon(t, 17_993.75, market.Flow().Activity, 1e-14)
}

// TestCalibration meets the targets exactly.
func TestCalibration(t *testing.T) {
	targets := poisson.BlueChip()
	require.NoError(t, targets.Validate())
	m, err := targets.Model(cournot.Published)
	require.NoError(t, err)
	g := golden.PoissonSets(t)["slide_recal"]
	for _, pair := range [][2]float64{
		{g.Size, m.Size}, {g.Reservation, m.Reservation}, {g.InventoryCost, m.InventoryCost},
		{g.BuyRate, m.BuyRate}, {g.SellRate, m.SellRate}, {g.DiscountRate, m.DiscountRate},
	} {
		require.InEpsilon(t, pair[0], pair[1], 1e-12)
	}
	for _, concept := range concepts {
		targets := poisson.Targets{Targets: cournot.Targets{DiscountRate: .3, Makers: 7, Spread: .4, Pressure: .002, Volume: 60}, Trades: 20}
		m, err := targets.Model(concept)
		require.NoError(t, err)
		require.NoError(t, m.Validate())
		c := m.Constants(concept)
		require.InEpsilon(t, targets.Spread, c.Spread(), 1e-13)
		require.InEpsilon(t, targets.Pressure, c.Pressure(), 1e-12)
		traded := 7 * c.Quotes(0, 0, 0, 0).Sells
		require.InEpsilon(t, targets.Volume, traded*c.Arrivals(), 1e-13)
		targets.Pressure = 1
		_, err = targets.Model(concept)
		require.ErrorContains(t, err, "lower the pressure")
	}
}

// TestFlowLimit: as trades become small and many, everything approaches the flow
// market with an error of order 1 in c.
func TestFlowLimit(t *testing.T) {
	flow := cournot.Model{DiscountRate: .5, Makers: 4, InventoryCost: .4, Activity: 2, Reservation: 1.2}
	d := 1.3
	for _, concept := range concepts {
		limit := flow.Constants(concept)
		want := []float64{
			limit.A, limit.Value, limit.Curvature, limit.Proceeds(d).Linear, limit.Proceeds(d).Square, limit.Proceeds(d).Slope,
			limit.MakerGain(d).Linear, limit.MakerGain(d).Square, limit.MakerGain(d).Slope,
			limit.InvestorsGain(d).Linear, limit.InvestorsGain(d).Square, limit.InvestorsGain(d).Slope,
		}
		distance := func(arrivals float64) []float64 {
			c := poisson.FromFlow(flow, arrivals).Constants(concept)
			g := c.Sunshine(d)
			got := []float64{
				c.A, c.C0, c.Curvature, g.Seller.Linear, g.Seller.Square, g.Seller.Slope,
				g.Maker.Linear, g.Maker.Square, g.Maker.Slope, g.Users.Linear, g.Users.Square, g.Users.Slope,
			}
			for k := range got {
				got[k] = math.Abs(got[k] - want[k])
			}
			return got
		}
		coarse, fine := distance(2e4), distance(4e4)
		for k := range want {
			require.InDelta(t, 1, math.Log2(coarse[k]/fine[k]), .001, "%v: %d", concept, k)
			require.Less(t, fine[k], 1e-3)
		}
	}
	// The published slope is larger than that of open_loop by √((N+1)/2) without discount.
	flow.DiscountRate = 1e-9
	m := poisson.FromFlow(flow, 1e7)
	require.InEpsilon(t, math.Sqrt(2.5), m.Constants(cournot.Published).A/m.Constants(cournot.OpenLoop).A, 1e-6)
}

// TestStealthPaysLess has the claims about hidden sellers, and where they end.
func TestStealthPaysLess(t *testing.T) {
	sets := golden.PoissonSets(t)
	toy, lumpy := sets["toy"], sets["lumpy"]
	c, law := published(toy), hides(toy)
	stealth, perTime := c.Stealth(law).Seller, c.MeanPerTime(law)
	crossing := (perTime.Linear - toy.StopRate*stealth.Linear) / -(perTime.Square - toy.StopRate*stealth.Square)
	require.InDelta(t, 14.40, crossing, .005)
	require.InDelta(t, 4.25, stealth.ChangeOfSign(), .005)
	for _, s := range []struct {
		golden.Poisson
		until float64 // in units of the mean
	}{{toy, 1.543}, {lumpy, 1.506}} {
		c, law := published(s.Poisson), hides(s.Poisson)
		better := func(d float64) float64 { return c.StealthGiven(law, d).Seller.Square - c.Sunshine(d).Seller.Square }
		require.InDelta(t, s.until, s.StopRate*fixedpoint.Root(better, .5/s.StopRate, 3/s.StopRate), .0005)
	}
	mean := 1.
	for _, other := range []struct {
		poisson.Law
		proceeds float64
	}{
		{poisson.Hyperexponential{Weights: []float64{.5, .5}, Means: []float64{1 / .6, 1 / 3.}}, .10249},
		{poisson.Exponential{MeanDuration: mean}, .11455},
		{poisson.Erlang{Stages: 2, MeanDuration: mean}, .12395},
		{poisson.Erlang{Stages: 8, MeanDuration: mean}, .13259},
	} {
		require.NoError(t, other.Validate())
		require.InDelta(t, mean, other.Mean(), 1e-15)
		require.InDelta(t, other.proceeds, c.Stealth(other.Law).Seller.Of(toy.OrderRate, 0), 5e-6)
	}
}

// TestMakersMayLose has the market in which they do, and the condition (*).
func TestMakersMayLose(t *testing.T) {
	lumpy := golden.PoissonSets(t)["lumpy"]
	c := published(lumpy)
	g := c.Stealth(hides(lumpy))
	require.InDelta(t, 10.59, g.MakersLoseAbove(0), .005)
	require.InDelta(t, -.212, c.MakerValue(0)+g.Maker.Of(13.77, 0), .001)
	require.InDelta(t, 2.84, g.Seller.ChangeOfSign(), .005)
	require.Negative(t, c.MakersNeverLose())
	for n, threshold := range map[int]float64{1: .2071, 2: .3660, 3: .4658, 5: .5882, 10: .7331} {
		for _, side := range []float64{-1, 1} {
			A, k := threshold+side*1e-4, float64(n+1)
			k += 2 * A
			m := poisson.Model{DiscountRate: .1, Makers: n, BuyRate: 1, SellRate: 1, Size: 1, Reservation: 1}
			m.InventoryCost = A * (m.DiscountRate + 8*A*(1+A)/(k*k))
			require.Negative(t, side*m.Constants(cournot.Published).MakersNeverLose(), "N = %d", n)
		}
	}
	require.True(t, math.IsInf(published(golden.PoissonSets(t)["toy"]).Sunshine(1).MakersLoseAbove(0), 1))
}

// TestClaims holds over random markets with equal rates.
func TestClaims(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		m.SellRate = m.BuyRate
		c := m.Constants(cournot.Published)
		d := rapid.Float64Range(.1, 4).Draw(t, "D")
		law := poisson.Exponential{MeanDuration: d}
		sun, longer, stealth, mean := c.Sunshine(d), c.Sunshine(1.1*d), c.Stealth(law), c.MeanSunshine(law)
		require.Negative(t, sun.Seller.Square)
		require.Greater(t, c.BestRate(d), c.BestRate(1.1*d))
		require.Less(t, d*c.BestRate(d), 1.1*d*c.BestRate(1.1*d))
		require.InEpsilon(t, float64(c.Makers)*c.Reservation*c.Size*c.BuyRate/2, c.BestRate(0), 1e-14)
		require.InEpsilon(t, c.BestRate(0), c.BestRate(1e-9), 1e-6)
		require.InEpsilon(t, d, c.MinimumDuration(d*c.BestRate(d)), 1e-10)
		require.Greater(t, sun.UsersGainAbove(0), longer.UsersGainAbove(0))
		for _, g := range []poisson.Gains{sun, stealth} {
			require.Greater(t, g.MakersLoseAbove(0), 2*g.Seller.ChangeOfSign())
			require.Positive(t, g.Maker.Linear)
			require.Positive(t, g.Maker.Of(g.Seller.Extremum(), 0))
			require.Negative(t, g.Users.Linear)
			require.Positive(t, g.Users.Square)
			if c.MakersNeverLose() > 0 {
				require.Positive(t, g.Maker.Square)
			}
		}
		i := rapid.Float64Range(-.2, .2).Draw(t, "i")
		best, threshold := sun.Seller.At(i).Extremum(), sun.UsersGainAbove(i)
		require.InDelta(t, 0, sun.Users.Of(threshold, i), 1e-11*(1+sun.Users.Square*threshold*threshold))
		require.Less(t, sun.Seller.Of(1.01*best, i), sun.Seller.Of(best, i))
		require.Less(t, sun.Seller.Of(.99*best, i), sun.Seller.Of(best, i))
		// Hiding costs the seller, the makers, and all together.
		all := func(g poisson.Gains) float64 {
			return float64(c.Makers)*g.Maker.Square + g.Users.Square + g.Seller.Square
		}
		require.Greater(t, all(mean), all(stealth))
		require.InEpsilon(t, stealth.Seller.Linear, mean.Seller.Linear, 1e-12)
		require.InDelta(t, c.StealthCost(law), mean.Seller.Square-stealth.Seller.Square, 1e-12*math.Abs(mean.Seller.Square))
		n, δ, ν, λ := float64(c.Makers), c.Delta, 1/d, c.BuyRate
		u := c.Small * c.Kappa * c.Reversion / (2 * δ)
		advantage := 2 * (1 + c.Size*c.A) * u * u / (c.Size * λ * n * n * c.K * c.K) *
			(ν/(ν+2*δ) - ν*ν/((ν+δ)*(ν+δ))) / (c.DiscountRate + ν)
		require.InDelta(t, advantage, mean.Maker.Square-stealth.Maker.Square, 1e-12*(math.Abs(stealth.Maker.Square)+math.Abs(mean.Maker.Square))+1e-15)
	})
}

// TestPricePath compares the slope of the mid after the announcement, and whether it
// turns, with the mean path by definition.
func TestPricePath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		c := m.Constants(rapid.SampledFrom(concepts).Draw(t, "concept"))
		order := cournot.Order{Rate: rapid.Float64Range(.1, 1).Draw(t, "f"), Duration: rapid.Float64Range(.1, 3).Draw(t, "D")}
		i0, p := rapid.Float64Range(-.5, .5).Draw(t, "i0"), c.Announce(poisson.Constantly(order.Rate, order.Duration))
		at := func(t float64) market { return market{c, p.Anticipation(t), order.Rate, 0} }
		none := func(float64) float64 { return 0 }
		mid := func(t float64, x [6]float64) float64 { return at(t).quotes(x[0]).Mid() }
		const h = 1e-3
		start := [6]float64{i0, i0 * i0}
		one := follow(at, none, start, 0, h, 1)
		two := follow(at, none, one, h, 2*h, 1)
		slope := (4*mid(h, one) - 3*mid(0, start) - mid(2*h, two)) / (2 * h)
		near(t, "slope", slope, c.MidSlope(order, i0), 1e-4)

		m.SellRate = m.BuyRate
		c = m.Constants(c.Concept)
		p = c.Announce(p.Flows)
		require.LessOrEqual(t, c.MidSlope(order, 0), 0.)
		d := order.Duration
		before := follow(at, none, [6]float64{}, 0, d*(1-h), 500)
		last := follow(at, none, before, d*(1-h), d, 1)
		turning := c.ReversalDuration()
		require.Equal(t, turning < d, c.Reverts(d))
		if math.Abs(turning/d-1) > .01 {
			require.Equal(t, mid(d*(1-1e-12), last) > mid(d*(1-h), before), c.Reverts(d))
		}
		// Averages of the price: discounted, undiscounted, and per unit.
		mean := follow(at, func(t float64) float64 { return math.Exp(-c.DiscountRate * t) }, start, 0, d, 500)[4] / (order.Rate * d)
		flat := follow(at, func(float64) float64 { return 1 }, start, 0, d, 500)[4] / (order.Rate * d)
		impact, discounts := c.AverageImpact(order, i0), -math.Expm1(-c.DiscountRate*d)/(c.DiscountRate*d)
		near(t, "discounted", c.Reservation*discounts-mean, impact.Discounted, 1e-7)
		near(t, "undiscounted", c.Reservation-flat, impact.Undiscounted, 1e-7)
		near(t, "shortfall", c.Reservation-mean, impact.Shortfall, 1e-7)
		near(t, "mean bid", mean/discounts-c.Reservation, c.MeanBid(order, i0), 1e-7)
		sells, _ := p.Undiscounted(i0, p.Flows)
		near(t, "undiscounted surplus", flat*order.Rate*d, sells, 1e-7)
		q := c.Mirror().Constants(c.Concept).AverageImpact(cournot.Order{Rate: -order.Rate, Duration: d}, -i0)
		require.Equal(t, impact, q)
	})
}
