package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/equilibrium/cournot"
)

// TestClaims are what CMZ prove or claim for every market, with duration: Lemma 2
// and Propositions 3, 5 and 6. The growth of the maker's gain is their claim for
// the published solution alone.
func TestClaims(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawMarket(t)
		d := within(t, "duration", 1e-5, 1e5) / c.Gamma
		longer := d * within(t, "longer", 1.01, 10)
		const rounding = 1 + 1e-12

		require.LessOrEqual(t, c.BestRate(longer), c.BestRate(d)*rounding)
		require.LessOrEqual(t, c.BestRate(d), c.BestRate(0)*rounding)
		require.GreaterOrEqual(t, c.BestRate(d), c.BestRate(math.Inf(1))/rounding)
		require.Greater(t, longer*c.BestRate(longer), d*c.BestRate(d))
		require.InEpsilon(t, d, c.MinimumDuration(d*c.BestRate(d)), 1e-8)

		require.LessOrEqual(t, c.ThresholdRate(longer), c.ThresholdRate(d)*rounding)
		require.LessOrEqual(t, c.ThresholdRate(d), c.ThresholdRate(0)*rounding)

		gain, later := c.MakerGain(d), c.MakerGain(longer)
		require.Positive(t, gain.Linear)
		require.Greater(t, gain.Of(c.ValidRate(d), 0), 0.)
		if c.Concept == cournot.Published {
			require.Greater(t, gain.Square, 0.)
			require.GreaterOrEqual(t, later.Linear*rounding, gain.Linear)
			require.GreaterOrEqual(t, later.Square*rounding, gain.Square)
		}

		seller := cournot.Path{Market: c, Order: cournot.Order{Rate: c.ValidRate(d), Duration: d}}
		require.Negative(t, seller.Slope(0))
		turn, recovers := c.Reversal(d)
		require.LessOrEqual(t, turn, d)
		if recovers && c.Kappa < 1 {
			require.GreaterOrEqual(t, d*rounding, c.ReversalDuration())
		}
		// Just at the valid rate nobody sells, at the worst moment.
		require.InDelta(t, 0, seller.Before(turn).InvestorsSell, 1e-12*c.Activity*c.Reservation*float64(c.Makers))
	})
}

// TestShortAndLongOrders takes durations to both ends: closed limits are met, and
// nothing overflows or loses its digits.
func TestShortAndLongOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawMarket(t)
		δω, n := c.Activity*c.Reservation, float64(c.Makers)

		d := 1e-12 / (c.Gamma + c.M) / (n * n)
		require.InEpsilon(t, n*δω/2, c.BestRate(0), 1e-14)
		require.InEpsilon(t, c.BestRate(0), c.BestRate(d), 1e-11)
		require.InEpsilon(t, 4*c.BestRate(0), c.ThresholdRate(0), 1e-14)
		require.InEpsilon(t, c.ThresholdRate(0), c.ThresholdRate(d), 1e-11)
		require.InEpsilon(t, 2*c.BestRate(0), c.ValidRate(d), 1e-11)

		long := 1e6 / math.Min(c.DiscountRate, c.M)
		require.InEpsilon(t, c.BestRate(math.Inf(1)), c.BestRate(long), 1e-10)
		p := cournot.Path{Market: c, Order: cournot.Order{Rate: δω, Duration: long}}
		for _, at := range []float64{0, .5, 1, 1 + 1e-6, 2} {
			for _, m := range []cournot.Moment{p.At(at * long), p.Before(at * long)} {
				require.False(t, math.IsNaN(m.Bid+m.Ask+m.Inventory+m.MarginalValue) || math.IsInf(m.Bid, 0))
			}
		}
		// In the middle of a long order makers pass on what they take: i' = 0.
		m := p.At(long / 2)
		require.InDelta(t, m.MakerBuys, m.MakerSells, 1e-12*δω)
		for _, g := range []cournot.Gain{c.Proceeds(long), c.MakerGain(long), c.InvestorsGain(long)} {
			require.False(t, math.IsNaN(g.Linear+g.Square+g.Slope) || math.IsInf(g.Square, 0))
		}
	})
}

// TestOneMaker is the market without rivals, in which the concepts agree.
func TestOneMaker(t *testing.T) {
	m := cournot.Model{DiscountRate: .02, Makers: 1, InventoryCost: .7, Activity: 3, Reservation: 1.5}
	a, b := m.Constants(cournot.Published), m.Constants(cournot.OpenLoop)
	b.Concept = cournot.Published
	require.InEpsilon(t, b.Curvature, a.Curvature, 1e-14)
	b.Curvature = a.Curvature
	require.Equal(t, a, b)
	require.Zero(t, a.ReversalDuration())
	b = m.Constants(cournot.OpenLoop)
	for _, d := range []float64{1e-6, .3, 40, 1e5} {
		g, h := a.MakerGain(d), b.MakerGain(d)
		require.InEpsilon(t, g.Linear, h.Linear, 1e-12)
		require.InEpsilon(t, g.Square, h.Square, 1e-12)
		require.InEpsilon(t, g.Slope, h.Slope, 1e-12)
		// More than twice the best rate, so that the seller would lose.
		require.Greater(t, a.ThresholdRate(d), 2*a.BestRate(d))
		require.Greater(t, a.ThresholdRate(d), a.ValidRate(d))
	}
}

// TestConceptsOrderPressure: makers that believe in mirroring rivals hold on to
// their inventories; the two beliefs differ from two makers on.
func TestConceptsOrderPressure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMarket(t).Model
		published, openLoop := m.Constants(cournot.Published), m.Constants(cournot.OpenLoop)
		if m.Makers == 1 {
			require.Equal(t, published.Pressure, openLoop.Pressure)
			return
		}
		require.GreaterOrEqual(t, published.Pressure, openLoop.Pressure)
		for _, c := range []cournot.Constants{published, openLoop} {
			require.InEpsilon(t, m.InventoryCost, m.DiscountRate*c.A+4*c.Kappa*m.Activity*c.A*c.A/float64(m.Makers+1), 1e-13)
			require.InEpsilon(t, m.InventoryCost/c.A, c.Gamma, 1e-13)
			require.InEpsilon(t, 1, c.S+c.Rho, 1e-15)
			require.InEpsilon(t, 2*m.Activity*c.K, c.Kappa*c.M, 1e-14)
		}
		require.InEpsilon(t, published.A, (m.InventoryCost+8*m.Activity*float64(m.Makers)*published.A*published.A/math.Pow(float64(m.Makers+1), 2))/
			(m.DiscountRate+2*published.M), 1e-13) // F_θ = A
	})
}

// TestPerfectCompetition approaches Corollary 1 with the sizes of its errata.
func TestPerfectCompetition(t *testing.T) {
	m := cournot.Model{DiscountRate: .3, Makers: 1e8, InventoryCost: .7, Activity: 1.3, Reservation: .9}
	limit := m.Competitive()
	n := float64(m.Makers)
	for _, concept := range concepts {
		c := m.Constants(concept)
		require.InDelta(t, 0, 2*c.HalfSpread, 1e-7)
		require.InEpsilon(t, limit.MarginalValue, c.A, 2e-6)
		require.InEpsilon(t, limit.MarginalValue, c.Curvature, 2e-6)
		require.InEpsilon(t, 4.66667e-8, c.Pressure, 2e-6)
		require.InEpsilon(t, limit.Pressure, n*c.Pressure, 2e-6)
		require.InDelta(t, 0, c.MakerValue(0), 1e-7)
		p := cournot.Path{Market: c, Order: cournot.Order{Duration: 1}, Inventory: .1}
		require.InEpsilon(t, limit.BidDepth(.1), n*p.At(0).MakerBuys, 2e-6)
		require.InEpsilon(t, limit.AskDepth(.1), n*p.At(0).MakerSells, 2e-6)
	}
	require.InDelta(t, 1.3*.9-2*1.3*.7/.3*.1, limit.BidDepth(.1), 1e-15)
	require.InDelta(t, 1.3*.9+2*1.3*.7/.3*.1, limit.AskDepth(.1), 1e-15)
}

// TestUnits counts quantities in another unit: prices stay.
func TestUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPath(t)
		const more = 1000
		m := p.Market.Model
		m.Activity *= more
		m.InventoryCost /= more
		q := cournot.Path{Market: m.Constants(p.Market.Concept), Order: p.Order, Inventory: p.Inventory * more}
		q.Order.Rate *= more
		at := rapid.Float64Range(0, 2).Draw(t, "at") * p.Order.Duration
		a, b := p.At(at), q.At(at)
		scale := 1e-12 * (m.Reservation + math.Abs(a.MarginalValue) + math.Abs(p.Order.Rate)/p.Market.Activity)
		require.InDelta(t, a.Bid, b.Bid, scale)
		require.InDelta(t, a.Ask, b.Ask, scale)
	})
}

// TestReversalAtBothEnds: in a very long order the bid turns where the memory of
// its beginning and the sight of its end are equally faint; in a very short one,
// with one maker or under open_loop, after a part β/γ of it.
func TestReversalAtBothEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawMarket(t)
		long := 1e5 / math.Min(c.Gamma, c.M)
		turn, recovers := c.Reversal(long)
		require.True(t, recovers)
		left := (c.M*long - math.Log(c.S*(c.Gamma+c.M)/(c.Kappa*c.Gamma))) / (c.Gamma + c.M)
		require.InDelta(t, long-left, turn, 1e-12*long)

		short := 1e-9 / (c.Gamma + c.M)
		turn, _ = c.Reversal(short)
		if c.Kappa == 1 {
			require.InEpsilon(t, c.S, turn/short, 1e-8)
		} else {
			require.Equal(t, short, turn)
		}
	})
}
