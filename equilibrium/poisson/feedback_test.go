package poisson_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/internal/golden"
)

func TestGoldenFeedback(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		f, err := model(g).Feedback()
		require.NoError(t, err)
		require.Less(t, f.Residual, 1e-14)
		agree(t, name+" r1", g.Double["MPE/r1"], f.Own, 0)
		agree(t, name+" r2", g.Double["MPE/r2"], float64(g.Makers-1)*f.Cross, 0)
		agree(t, name+" A_eff", g.Double["MPE/A_eff"], f.Slope(), 0)
	}
}

// TestFeedbackSolvesBellman: with the inventories of all makers, different, one
// maker cannot gain by trading anything else with the next arrival.
func TestFeedbackSolvesBellman(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		f, err := m.Feedback()
		require.NoError(t, err)
		i := make([]float64, m.Makers)
		for j := range i {
			i[j] = rapid.Float64Range(-1, 1).Draw(t, "i")
		}
		value := func(i []float64) float64 {
			y := -i[0]
			for _, x := range i {
				y += x
			}
			x := i[0]
			return -f.Value*x*x - 2*f.CrossValue*x*y - f.RivalValue*y*y + f.B*x + f.Rivals*y + f.C0
		}
		// What maker 1 gets from arrivals on a side when it trades shift more.
		side := func(rate, α, sign, shift float64) float64 {
			after, total, own := make([]float64, len(i)), 0., 0.
			sum := 0.
			for _, x := range i {
				sum += x
			}
			for j, x := range i {
				trade := α + sign*(f.Own*x+f.Cross*(sum-x))
				if j == 0 {
					trade += shift
					own = trade
				}
				after[j] = x - sign*trade
				total += trade
			}
			return rate * ((m.Reservation-total/m.Size)*own + value(after) - value(i))
		}
		at := func(shift float64) float64 {
			return side(m.BuyRate, f.Ask, 1, shift) + side(m.SellRate, f.Bid, -1, shift) -
				m.InventoryCost*i[0]*i[0] - m.DiscountRate*value(i)
		}
		scale := m.InventoryCost + m.Arrivals()*(f.C0+f.Value)
		require.InDelta(t, 0, at(0), 1e-11*scale)
		for _, shift := range []float64{-.1, .1} {
			require.Less(t, side(m.BuyRate, f.Ask, 1, shift), side(m.BuyRate, f.Ask, 1, 0))
			require.Less(t, side(m.SellRate, f.Bid, -1, shift), side(m.SellRate, f.Bid, -1, 0))
		}
		require.InDelta(t, side(m.BuyRate, f.Ask, 1, .1), side(m.BuyRate, f.Ask, 1, -.1), 1e-11*scale)
	})
}

// TestFeedbackAlone: one maker has no rivals to watch.
func TestFeedbackAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		m.Makers = 1
		f, err := m.Feedback()
		require.NoError(t, err)
		c := m.Constants(cournot.Published)
		require.InEpsilon(t, c.A, f.Slope(), 1e-10)
		require.InEpsilon(t, c.R, f.Own, 1e-10)
		require.InEpsilon(t, c.C0, f.C0, 1e-10)
		require.InDelta(t, c.B0, f.B, 1e-10*c.Reservation)
	})
}

// TestFeedbackNotFound names what is left of the equations.
func TestFeedbackNotFound(t *testing.T) {
	err := &poisson.SolutionError{Residual: math.Inf(1)}
	require.ErrorContains(t, err, "residual +Inf, must be 1e-9 or less")
}
