package poisson_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/equilibrium/poisson"
)

// TestUnconditionalLaws: laws that are exponential in other words have its moments,
// and a law that is not has those of its parts, moved in small steps.
func TestUnconditionalLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawConstants(t)
		i0 := rapid.Float64Range(-1, 1).Draw(t, "i0")
		rate := rapid.Float64Range(-2, 2).Draw(t, "f")
		mean := rapid.Float64Range(.3, 3).Draw(t, "mean")
		exact := c.Unconditional(poisson.Exponential{MeanDuration: mean}, rate, i0, 1.2)
		same := c.Unconditional(poisson.Erlang{Stages: 1, MeanDuration: mean}, rate, i0, 1.2)
		size := 1 + math.Sqrt(exact.Raw[2])
		for n := range exact.Raw {
			require.InDelta(t, exact.Raw[n], same.Raw[n], 1e-10*math.Pow(size, float64(n)), "%d", n)
		}
		require.InDelta(t, exact.PriceDeviation, same.PriceDeviation, 1e-9*(1+exact.PriceDeviation))
		sure := c.Unconditional(poisson.Deterministic{Duration: mean}, rate, i0, 1.2)
		require.Equal(t, c.Known(poisson.Constantly(rate, mean), i0).At(1.2), sure)
	})
	c := drawnOnce.Constants(concepts[0])
	law := poisson.Erlang{Stages: 2, MeanDuration: 1.1}
	const rate = .8
	move := func(h float64) (x, y moments) {
		x = powers(.3)
		for k := range int(math.Round(1.2 / h)) {
			now := float64(k) * h
			on := func(s float64, x moments) moments {
				return changes(c.Model, c.Policy(c.HiddenAnticipation(law, rate, s), rate, 0), rate, 0, 0, x)
			}
			off := func(_ float64, x moments) moments { return changes(c.Model, c.Policy(c.B0, 0, 0), 0, 0, 0, x) }
			x, y = integrate(on, x, now, now+h/2, 1), integrate(off, y, 0, h/2, 1)
			kept := law.Survival(now+h) / law.Survival(now)
			for i := range 5 {
				x[i], y[i] = x[i]*kept, y[i]+x[i]*(1-kept)
			}
			x, y = integrate(on, x, now+h/2, now+h, 1), integrate(off, y, 0, h/2, 1)
		}
		return x, y
	}
	x, y := move(.004)
	u, v := move(.002)
	got := c.Unconditional(law, rate, .3, 1.2)
	for n := range got.Raw {
		require.InDelta(t, (4*(u[n]+v[n])-(x[n]+y[n]))/3, got.Raw[n], 1e-7, "%d", n)
	}
}

// drawnOnce is a market of three makers.
var drawnOnce = poisson.Model{DiscountRate: .4, Makers: 3, InventoryCost: .5, BuyRate: 2.5, SellRate: 2, Size: .8, Reservation: 1.1}
