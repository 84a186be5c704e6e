package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/equilibrium/cournot"
)

// TestGainIsSquaresOfTheDifference: a maker that leaves the policy of others who
// do not watch gains ∫e^{−βt}[(Δa² + Δb²)/δ + ηΔx²]dt, with Δ the difference of the
// two paths and Δa = −Δu/2 = −Δb; and by the values of the two plays, too.
func TestGainIsSquaresOfTheDifference(t *testing.T) {
	for seed := range 9 {
		concept := all[seed%3]
		c := rawCases.Example(seed)
		d, x := c.market, c.inventories
		profile, err := d.Profile(cournot.OpenLoop, 0)
		switch concept {
		case cournot.Published:
			m := cournot.Model{DiscountRate: d.DiscountRate, Makers: 5, InventoryCost: d.InventoryCosts[0], Activity: d.Activity, Reservation: d.Reservation}
			profile, err = m.Profile(concept, 0, []int{2, 3})
			x = []float64{.2, -.1}
		case cournot.Feedback:
			profile, err = d.Profile(concept, 0)
		}
		require.NoError(t, err)
		last, start := len(x), append(x, x[0])
		apart := profile.Play(c.flows).Apart(0)
		deviation, err := apart.Deviation(last, start)
		require.NoError(t, err)
		before, err := apart.Worth(last, start)
		require.NoError(t, err)
		after, err := deviation.Response.Worth(last, start)
		require.NoError(t, err)
		require.InDelta(t, after.Inventories-before.Inventories+after.Orders-before.Orders, deviation.Gain, 1e-11*(1+math.Abs(before.Orders)))

		// Simpson's rule, jumps of rates at its nodes. The difference of net trades has no jumps.
		const dt = .01
		times := make([]float64, 1501)
		for k := range times {
			times[k] = dt * float64(k)
		}
		plan, best := apart.Path(start, times), deviation.Response.Path(start, times)
		sum := 0.
		for k := range times {
			weight := dt / 3 * []float64{2, 4}[k%2]
			if k == 0 || k == len(times)-1 {
				weight = dt / 3
			}
			Δu := best[k].Net[last] - plan[k].Net[last]
			Δx := best[k].Inventories[last] - plan[k].Inventories[last]
			sum += weight * math.Exp(-d.DiscountRate*times[k]) * (Δu*Δu/(2*d.Activity) + d.InventoryCosts[0]*Δx*Δx)
		}
		require.InDelta(t, sum, deviation.Gain, 1e-4*deviation.Gain+1e-12, "%v %v", concept, d)
	}
}

// TestNothingToGainAmongDifferentMakers: in continuous time, with sells and buys,
// for rates and costs far apart.
func TestNothingToGainAmongDifferentMakers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := cournot.Different{
			DiscountRate: within(t, "discount rate", 1e-4, 1e2), Activity: within(t, "activity", 1e-2, 1e3),
			Reservation: within(t, "reservation", .1, 10),
		}
		n := rapid.IntRange(1, 4).Draw(t, "makers")
		for range n {
			d.InventoryCosts = append(d.InventoryCosts, within(t, "inventory cost", 1e-2, 1e2))
		}
		j, flows, x := rapid.IntRange(0, n-1).Draw(t, "maker"), drawFlows(t), drawInventories(t, n)
		for _, concept := range all[1:] {
			profile, err := d.Profile(concept, 0)
			require.NoError(t, err)
			play, seat, start := profile.Play(flows), j, x
			if concept == cournot.OpenLoop {
				play, seat, start = play.Apart(j), n, append(x, x[j])
			}
			w, err := play.Worth(seat, start)
			require.NoError(t, err)
			deviation, err := play.Deviation(seat, start)
			require.NoError(t, err)
			require.InDelta(t, 0, deviation.Gain, 1e-12*(math.Abs(w.Orders)+math.Abs(w.Inventories)))
		}
	})
}
