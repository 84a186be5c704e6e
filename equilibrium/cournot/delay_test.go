package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/equilibrium/cournot"
	"walras/internal/golden"
)

var readings = []cournot.Reading{cournot.Quantities, cournot.Quotes}

// TestGoldenDelay holds orders that are detected late, or never, to the table.
func TestGoldenDelay(t *testing.T) {
	var g struct {
		Delay map[string]struct {
			Params     parameters
			F, D, Tau  float64
			Mode       string
			Proceeds   float64
			ITau       float64  `json:"i_tau"`
			ID         float64  `json:"i_d"`
			Bid0       float64  `json:"bid_0"`
			BidTauLeft *float64 `json:"bid_tau_minus"`
			BidTau     *float64 `json:"bid_tau_plus"`
			BidDLeft   float64  `json:"bid_d_minus"`
		}
	}
	golden.Cournot(t, &g)
	require.Len(t, g.Delay, 8)
	for name, want := range g.Delay {
		reading, err := cournot.ParseReading(want.Mode)
		require.NoError(t, err)
		o := cournot.Delayed{
			Market: want.Params.model().Constants(cournot.Published),
			Order:  cournot.Order{Rate: want.F, Duration: want.D}, Delay: want.Tau, Reading: reading,
		}
		require.NoError(t, o.Validate())
		agree(t, name+" proceeds", want.Proceeds, o.Execution().Proceeds, 1)
		agree(t, name+" i(τ)", want.ITau, o.At(want.Tau).Inventory, 1)
		agree(t, name+" i(d)", want.ID, o.At(want.D).Inventory, 1)
		agree(t, name+" i(d−)", want.ID, o.Before(want.D).Inventory, 1)
		agree(t, name+" bid(0)", want.Bid0, o.At(0).Bid, 1)
		agree(t, name+" bid(d−)", want.BidDLeft, o.Before(want.D).Bid, 1)
		if want.BidTauLeft != nil {
			agree(t, name+" bid(τ−)", *want.BidTauLeft, o.Before(want.Tau).Bid, 1)
		}
		if want.BidTau != nil {
			agree(t, name+" bid(τ)", *want.BidTau, o.At(want.Tau).Bid, 1)
		}
	}
}

// TestDelayForABlueChip: 2 % of volume in an hour, detected after some minutes.
// Under one reading the seller loses by not being known, under the other it gains.
func TestDelayForABlueChip(t *testing.T) {
	const d = 1 / 6.5
	order := cournot.Order{Rate: .02 * volume / d, Duration: d}
	shortfall := func(reading cournot.Reading, minutes float64) float64 {
		return cournot.Delayed{
			Market: blueChip(cournot.Published), Order: order, Delay: minutes / 390, Reading: reading,
		}.Execution().Shortfall
	}
	for reading, want := range map[cournot.Reading][]float64{
		cournot.Quantities: {3.75815, 3.7897, 3.9157, 4.0733, 4.7036, 5.7602},
		cournot.Quotes:     {3.75815, 3.7550, 3.7424, 3.7266, 3.6635, 3.5357},
	} {
		for k, minutes := range []float64{0, 1, 5, 10, 30, 60} {
			require.InDelta(t, want[k], shortfall(reading, minutes), 5.1e-5, "%v, %v minutes", reading, minutes)
		}
	}
}

// drawDelayed is a seller who is detected some time before or after the end.
func drawDelayed(t *rapid.T) cournot.Delayed {
	p := drawPath(t)
	p.Order.Rate = math.Abs(p.Order.Rate)
	o := cournot.Delayed{
		Market: p.Market, Order: p.Order, Reading: rapid.SampledFrom(readings).Draw(t, "reading"),
		Delay: p.Order.Duration * rapid.Float64Range(0, 1.2).Draw(t, "delay"),
	}
	require.NoError(t, o.Validate())
	return o
}

// TestDelayedAgainstDefinitions: everybody's trades add up before and after the
// order is known, inventories are the integral of trades, and so are proceeds
// and what makers and investors gain.
func TestDelayedAgainstDefinitions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawDelayed(t)
		c, f, d := o.Market, o.Order.Rate, o.Order.Duration
		n, β, δ, η, ω := float64(c.Makers), c.DiscountRate, c.Activity, c.InventoryCost, c.Reservation
		known := math.Min(o.Delay, d)
		over := func(β float64, flow func(m cournot.Moment) float64) float64 {
			return byPieces(func(t float64) float64 { return math.Exp(-β*t) * flow(o.Before(t)) }, []float64{0, known, d}, 1/(c.Gamma+c.M))
		}
		for _, at := range []float64{0, known / 2, known, (known + d) / 2, d, 2 * d} {
			m, sold := o.At(at), f
			if at >= d {
				sold = 0
			}
			scale := n * (m.MakerBuys + m.MakerSells + f + δ*ω)
			require.InDelta(t, n*m.MakerBuys, m.InvestorsSell+sold, 1e-13*scale)
			require.InDelta(t, n*m.MakerSells, m.InvestorsBuy, 1e-13*scale)
			require.InDelta(t, δ*(ω+m.Bid), m.InvestorsSell, 1e-13*scale)
		}
		end := o.At(d).Inventory
		flows := over(0, func(m cournot.Moment) float64 { return m.MakerBuys - m.MakerSells })
		require.InDelta(t, end, flows, 1e-12*(c.Depth+f)*d)

		surplus := over(β, func(m cournot.Moment) float64 { return f * (ω + m.Bid) })
		paid := over(β, func(m cournot.Moment) float64 { return f * (ω + math.Abs(m.Bid)) })
		e := o.Execution()
		require.InDelta(t, surplus, e.Proceeds, 1e-11*paid)
		require.InDelta(t, over(0, func(m cournot.Moment) float64 { return -m.Bid })/d, e.Undiscounted, 1e-11*(ω+e.Undiscounted))
		require.InDelta(t, over(β, func(m cournot.Moment) float64 { return -m.Bid })/d, e.Discounted, 1e-11*(ω+e.Discounted))
		require.InDelta(t, ω-e.Proceeds/e.Quantity, e.Shortfall, 1e-11*(ω+e.Shortfall))

		later := math.Exp(-β*d) * end * end
		earned := over(β, func(m cournot.Moment) float64 {
			return m.Ask*m.MakerSells - m.Bid*m.MakerBuys - 2*c.HalfSpread*c.Depth - η*m.Inventory*m.Inventory
		}) - c.Curvature*later
		trade := over(β, func(m cournot.Moment) float64 {
			return math.Abs(m.Ask*m.MakerSells) + math.Abs(m.Bid*m.MakerBuys) + η*m.Inventory*m.Inventory
		})
		require.InDelta(t, earned, o.MakerGain(), 1e-11*trade)

		enjoyed := over(β, func(m cournot.Moment) float64 {
			x, y, z := ω-m.Ask, ω+m.Bid, ω-c.HalfSpread
			return δ / 2 * (x*x + y*y - 2*z*z)
		}) + c.InvestorCurvature*later
		enjoy := over(β, func(m cournot.Moment) float64 { return δ * (ω*ω + m.Ask*m.Ask + m.Bid*m.Bid) })
		require.InDelta(t, enjoyed, o.InvestorsGain(), 1e-11*enjoy)
	})
}

// TestDelayBetweenItsEnds: no delay is an announcement, and a delay until the end
// or beyond is none at all.
func TestDelayBetweenItsEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawDelayed(t)
		c, f, d := o.Market, o.Order.Rate, o.Order.Duration
		o.Delay = 0
		announced := cournot.Path{Market: c, Order: o.Order}
		for _, at := range []float64{0, d / 3, d, 1.5 * d} {
			same(t, c, announced.At(at), o.At(at), f)
		}
		require.InDelta(t, c.Proceeds(d).Of(f, 0), o.Execution().Proceeds, 1e-12*spread(c.Proceeds(d), f, 0))
		require.InDelta(t, c.MakerGain(d).Of(f, 0), o.MakerGain(), 1e-12*spread(c.MakerGain(d), f, 0))
		require.InDelta(t, c.InvestorsGain(d).Of(f, 0), o.InvestorsGain(), 1e-12*spread(c.InvestorsGain(d), f, 0))

		o.Delay = d
		never := o
		never.Delay = math.Inf(1)
		require.Equal(t, o.Execution(), never.Execution())
		require.Equal(t, o.MakerGain(), never.MakerGain())
		for _, at := range []float64{0, d / 3, d, 1.5 * d} {
			require.Equal(t, o.At(at), never.At(at))
		}
		want := -c.HalfSpread - f/c.Activity
		if o.Reading == cournot.Quotes {
			want = -c.HalfSpread - c.Pressure*f*(1-math.Exp(-c.M*d))/c.M
		}
		require.InEpsilon(t, want, o.Before(d).Bid, 1e-9)
	})
}

func TestDelayErrors(t *testing.T) {
	c := blueChip(cournot.Published)
	for text, o := range map[string]cournot.Delayed{
		"cournot: Rate = -1: must be 0 or more":              {Market: c, Order: cournot.Order{Rate: -1, Duration: 1}},
		"cournot: Duration = 0: must be positive and finite": {Market: c, Order: cournot.Order{Rate: 1}},
		"cournot: Delay = -0.5: must be 0 or more":           {Market: c, Order: cournot.Order{Rate: 1, Duration: 1}, Delay: -.5},
	} {
		require.EqualError(t, o.Validate(), text)
	}
	_, err := cournot.ParseReading("price")
	require.EqualError(t, err, "cournot: before = \"price\": must be quantity or quote")
	require.Equal(t, "quantity", cournot.Quantities.String())
	require.Equal(t, "quote", cournot.Quotes.String())
	require.Equal(t, "Reading(7)", cournot.Reading(7).String())
}
