package poisson_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/integrate/quad"
	"pgregory.net/rapid"

	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/internal/golden"
)

func drawLaw(t *rapid.T) poisson.Law {
	mean := rapid.Float64Range(.3, 2).Draw(t, "mean")
	switch rapid.IntRange(0, 3).Draw(t, "law") {
	case 0:
		return poisson.Exponential{MeanDuration: mean}
	case 1:
		return poisson.Erlang{Stages: rapid.IntRange(1, 6).Draw(t, "stages"), MeanDuration: mean}
	case 2:
		return poisson.Deterministic{Duration: mean}
	}
	return poisson.Hyperexponential{Weights: []float64{.3, .5, .4}, Means: []float64{mean, mean / 2, 2 * mean}}
}

// TestHiddenOrdersByDefinition follows a seller who goes on, weights its time with
// the survival function, and ends it with the density of D.
func TestHiddenOrdersByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).Constants(rapid.SampledFrom(concepts).Draw(t, "concept"))
		law, i0 := drawLaw(t), rapid.Float64Range(-.5, .5).Draw(t, "i0")
		const rate = .7
		at := func(t float64) market { return market{c, c.HiddenAnticipation(law, rate, t), rate, 0} }
		on := func(t float64) float64 { return math.Exp(-c.DiscountRate*t) * law.Survival(t) }
		x, far := [6]float64{i0, i0 * i0}, 30*law.Mean()
		fixed, known := law.(poisson.Deterministic)
		if known {
			far = fixed.Duration * (1 - 1e-12)
		}
		// What is left to each at the end is paid with the density of the end.
		maker, users := 0., 0.
		const pieces = 600
		for k := range pieces {
			from, to := far*float64(k)/pieces, far*float64(k+1)/pieces
			middle := follow(at, on, x, from, (from+to)/2, 1)
			next := follow(at, on, middle, (from+to)/2, to, 1)
			for j, s := range [][6]float64{x, middle, next} {
				w := (to - from) / 6 * []float64{1, 4, 1}[j] // Simpson
				u := from + (to-from)/2*float64(j)
				w *= math.Exp(-c.DiscountRate*u) * law.Density(u)
				maker += w * mean(c.MakerValue, s[0], s[1])
				users += w * mean(c.UsersValue, s[0], s[1])
			}
			x = next
		}
		if known {
			later := math.Exp(-c.DiscountRate * far)
			maker, users = later*mean(c.MakerValue, x[0], x[1]), later*mean(c.UsersValue, x[0], x[1])
		}
		g := c.Stealth(law)
		near(t, "maker", maker+x[2]-c.MakerValue(i0), g.Maker.Of(rate, i0), 2e-5)
		near(t, "users", users+x[3]-c.UsersValue(i0), g.Users.Of(rate, i0), 2e-5)
		near(t, "seller", x[4], g.Seller.Of(rate, i0), 2e-5)
	})
}

// same requires that gains agree to rounding.
func same(t require.TestingT, label string, want, got poisson.Gains) {
	for k, pair := range [][2]cournot.Gain{{want.Seller, got.Seller}, {want.Maker, got.Maker}, {want.Users, got.Users}} {
		require.InEpsilon(t, 1+pair[0].Linear, 1+pair[1].Linear, 1e-12, "%s: payoff %d, linear", label, k)
		require.InEpsilon(t, pair[0].Square, pair[1].Square, 1e-10, "%s: payoff %d, square", label, k)
		require.InEpsilon(t, pair[0].Slope, pair[1].Slope, 1e-10, "%s: payoff %d, slope", label, k)
	}
}

// TestHiddenLaws compares laws that are the same in two ways.
func TestHiddenLaws(t *testing.T) {
	twice := func(t require.TestingT, c poisson.Constants, d float64) {
		memoryless := c.Stealth(poisson.Exponential{MeanDuration: d})
		same(t, "one stage", memoryless, c.Stealth(poisson.Erlang{Stages: 1, MeanDuration: d}))
		same(t, "one kind", memoryless, c.Stealth(poisson.Hyperexponential{Weights: []float64{2, 1}, Means: []float64{d, d}}))
		same(t, "no secret", c.Sunshine(d), c.Stealth(poisson.Deterministic{Duration: d}))
		same(t, "certain", c.Sunshine(d), c.MeanSunshine(poisson.Deterministic{Duration: d}))
	}
	for _, g := range golden.PoissonSets(t) {
		for _, concept := range concepts {
			c := model(g).Constants(concept)
			twice(t, c, g.Duration)
			twice(t, c, 1/g.StopRate)
			// Many stages are nearly certain: an announced duration gains or loses by
			// chance in the order of 1/stages. (What is hidden converges later, once the
			// stages are many more than δD.)
			certain := c.Sunshine(g.Duration).Seller.Square
			few := c.MeanSunshine(poisson.Erlang{Stages: 50, MeanDuration: g.Duration}).Seller.Square - certain
			many := c.MeanSunshine(poisson.Erlang{Stages: 100, MeanDuration: g.Duration}).Seller.Square - certain
			require.InDelta(t, 2, few/many, .02)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).Constants(rapid.SampledFrom(concepts).Draw(t, "concept"))
		d := rapid.Float64Range(.1, 3).Draw(t, "D")
		p := c.Announce(poisson.Constantly(.7, d))
		g := c.Sunshine(d)
		sells, _ := p.Proceeds(.3, p.Flows)
		require.InEpsilon(t, g.Maker.Of(.7, .3), p.MakerGain(0, .3), 1e-10)
		require.InEpsilon(t, g.Seller.Of(.7, .3), sells, 1e-10)
		// A buyer is a seller in the mirror.
		q := c.Announce(poisson.Constantly(-.7, d))
		mirror := c.Mirror().Constants(c.Concept).Sunshine(d)
		_, buys := q.Proceeds(.3, q.Flows)
		require.InEpsilon(t, mirror.Seller.Of(.7, -.3), buys, 1e-10)
		require.InDelta(t, mirror.Users.Of(.7, -.3), q.UsersGain(0, .3), 1e-10)
		require.InDelta(t, mirror.Maker.Of(.7, -.3), q.MakerGain(0, .3), 1e-10)
	})
}

// TestAnticipationIsMeanOfKnown: a hidden B is the mean of the announced ones over
// the durations that are still possible, and survival is the integral of the density.
func TestAnticipationIsMeanOfKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, law := drawModel(t).Constants(cournot.Published), drawLaw(t)
		if _, ok := law.(poisson.Deterministic); ok {
			t.Skip("has no density")
		}
		at := rapid.Float64Range(0, 2).Draw(t, "t")
		const rate, far, pieces = .7, 100., 40
		mean, mass := 0., 0.
		for k := range pieces {
			lo, hi := at+far*float64(k)/pieces, at+far*float64(k+1)/pieces
			mass += quad.Fixed(law.Density, lo, hi, 40, quad.Legendre{}, 0)
			mean += quad.Fixed(func(d float64) float64 {
				return law.Density(d) * c.Announce(poisson.Constantly(rate, d)).Anticipation(at)
			}, lo, hi, 40, quad.Legendre{}, 0)
		}
		require.InEpsilon(t, law.Survival(at), mass, 1e-8)
		require.InDelta(t, mean/law.Survival(at), c.HiddenAnticipation(law, rate, at), 1e-9*(1+math.Abs(c.B0)))
	})
}

// TestLawsFarOut: long after any end laws are what they become, and what is no law ends
// in no number.
func TestLawsFarOut(t *testing.T) {
	c := drawnOnce.Constants(cournot.Published)
	const rate, ν = .7, 3 / 1.2
	erlang := poisson.Erlang{Stages: 3, MeanDuration: 1.2}
	for _, at := range []float64{1e4, 1e300, math.Inf(1)} {
		require.Zero(t, erlang.Survival(at))
		require.Zero(t, erlang.Density(at))
		// In the last stage at last.
		require.InEpsilon(t, -c.KB*rate/(ν+c.Delta), c.HiddenAnticipation(erlang, rate, at)-c.B0, 2e-3)
	}
	nothing := func(float64) float64 { return math.NaN() }
	none := poisson.General{MeanDuration: 2, Survives: nothing, Ends: nothing}
	require.True(t, math.IsNaN(c.HiddenAnticipation(none, rate, 0)))
}

// TestStealthIsMeanOfGiven averages what hidden sellers get by when they stop.
func TestStealthIsMeanOfGiven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).Constants(rapid.SampledFrom(concepts).Draw(t, "concept"))
		law := poisson.Exponential{MeanDuration: rapid.Float64Range(.3, 2).Draw(t, "mean")}
		for k, of := range []func(poisson.Gains) float64{
			func(g poisson.Gains) float64 { return g.Seller.Of(.7, .2) },
			func(g poisson.Gains) float64 { return g.Maker.Of(.7, .2) },
			func(g poisson.Gains) float64 { return g.Users.Of(.7, .2) },
		} {
			mean := 0.
			for piece := range 28 {
				from := law.MeanDuration * float64(piece)
				mean += quad.Fixed(func(d float64) float64 { return law.Density(d) * of(c.StealthGiven(law, d)) },
					from, from+law.MeanDuration, 12, quad.Legendre{}, 0)
			}
			require.InDelta(t, of(c.Stealth(law)), mean, 1e-9*(1+math.Abs(mean)), "payoff %d", k)
		}
	})
}

// TestGeneralLaw knows of a law only its functions.
func TestGeneralLaw(t *testing.T) {
	c := poisson.Model{
		DiscountRate: .4, Makers: 3, InventoryCost: .3, BuyRate: 2, SellRate: 3, Size: .7, Reservation: 1.1,
	}.Constants(cournot.Published)
	erlang := poisson.Erlang{Stages: 3, MeanDuration: 1.2}
	law := poisson.General{MeanDuration: 1.2, Survives: erlang.Survival, Ends: erlang.Density}
	require.NoError(t, law.Validate())
	same(t, "mean", c.MeanSunshine(erlang), c.MeanSunshine(law))
	same(t, "hidden", c.Stealth(erlang), c.Stealth(law))
	for _, at := range []float64{0, .3, 1.2, 7} {
		require.InDelta(t, c.HiddenAnticipation(erlang, .7, at), c.HiddenAnticipation(law, .7, at), 1e-12)
	}
	require.InEpsilon(t, c.MeanPerTime(erlang).Square, c.MeanPerTime(law).Square, 1e-12)
	law.Survives = erlang.Density
	require.ErrorContains(t, law.Validate(), "Survives(0) = 0: must be 1")
}
