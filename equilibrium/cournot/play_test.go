package cournot_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/internal/golden"
)

var all = []cournot.Concept{cournot.Published, cournot.OpenLoop, cournot.Feedback}

// TestPlaysAgainstClosedForms: one constant order in any market of identical
// makers, in all digits: paths, values of makers and investors, proceeds.
func TestPlaysAgainstClosedForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		path := drawPath(t)
		m, o, i0 := path.Market, path.Order, path.Inventory
		profile, err := m.Model.Profile(m.Concept, 0, []int{m.Makers})
		require.NoError(t, err)
		flows := constantly(o.Rate, o.Duration)
		if o.Rate < 0 {
			flows = cournot.Flows{Buys: clock.Schedule{{From: 0, To: o.Duration, Rate: -o.Rate}}}
		}
		play := profile.Play(flows)
		times := []float64{0, .01 * o.Duration, o.Duration / 2, o.Duration, 1.3 * o.Duration}
		scale := math.Abs(i0) + math.Abs(o.Rate)*o.Duration/float64(m.Makers+1)
		for _, s := range play.Path([]float64{i0}, times) {
			want := path.At(s.Time)
			require.InDelta(t, want.Inventory, s.Inventories[0], 1e-11*math.Abs(want.Inventory)+1e-13*scale)
			require.InDelta(t, want.Bid, s.Bid, 1e-11*m.Reservation)
			require.InDelta(t, want.Ask, s.Ask, 1e-11*m.Reservation)
			require.InDelta(t, want.MakerBuys-want.MakerSells, s.Net[0], 1e-11*(m.Depth+math.Abs(o.Rate)))
			if s.Time == o.Duration {
				before := path.Before(s.Time)
				require.InDelta(t, before.Bid, s.BidBefore, 1e-11*m.Reservation)
				require.InDelta(t, before.Ask, s.AskBefore, 1e-11*m.Reservation)
			}
		}
		gain := m.MakerGain(o.Duration)
		w, err := play.Worth(0, []float64{i0})
		require.NoError(t, err)
		require.InEpsilon(t, m.Value, w.Idle, 1e-13)
		require.InDelta(t, -m.Curvature*i0*i0, w.Inventories, 1e-11*m.Curvature*i0*i0)
		parts := spread(gain, o.Rate, i0)
		require.InDelta(t, gain.Of(o.Rate, i0), w.Orders, 1e-10*parts)

		gain = m.InvestorsGain(o.Duration)
		w, err = play.InvestorsWorth([]float64{i0})
		require.NoError(t, err)
		require.InEpsilon(t, m.InvestorValue, w.Idle, 1e-13)
		require.InDelta(t, m.InvestorCurvature*i0*i0, w.Inventories, 1e-11*m.InvestorCurvature*i0*i0)
		require.InDelta(t, gain.Of(o.Rate, i0), w.Orders, 1e-10*spread(gain, o.Rate, i0))

		gain = m.Proceeds(o.Duration)
		sells, buys := play.Proceeds([]float64{i0}, flows)
		require.InDelta(t, gain.Of(o.Rate, i0), sells+buys, 1e-10*spread(gain, o.Rate, i0))
	})
}

// TestPlaysAgainstSchedules: several orders at once, as in the golden schedule.
func TestPlaysAgainstSchedules(t *testing.T) {
	m := unequal.Reservation
	model := cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: m}
	for _, concept := range concepts {
		public := model.Constants(concept).Announce(overlapping)
		profile, err := model.Profile(concept, 0, []int{3})
		require.NoError(t, err)
		flows := overlapping.Flows()
		require.NoError(t, flows.Validate())
		play := profile.Play(flows)
		x := []float64{overlapping.Inventory}
		for _, s := range play.Path(x, []float64{0, .2, .3, .7, .9, 1.2, 1.4, 2, 3}) {
			want := public.At(s.Time)
			golden.Agree(t, "state", []float64{want.Inventory, want.Bid, want.Ask}, []float64{s.Inventories[0], s.Bid, s.Ask}, 1e-12)
		}
		w, err := play.Worth(0, x)
		require.NoError(t, err)
		require.InEpsilon(t, public.MakerValue(), w.Value(), 1e-12)
		w, err = play.InvestorsWorth(x)
		require.NoError(t, err)
		require.InEpsilon(t, public.InvestorsValue(), w.Value(), 1e-12)
		for i, s := range overlapping.Sells {
			sells, _ := play.Proceeds(x, cournot.Flows{Sells: s})
			require.InEpsilon(t, public.Sell(i).Proceeds, sells, 1e-12)
		}
		_, buys := play.Proceeds(x, cournot.Flows{Buys: overlapping.Buys[0]})
		require.InEpsilon(t, public.Buy(0).Proceeds, buys, 1e-12)
	}
}

// TestIdenticalAmongDifferent: makers who happen to be identical are the same on
// one seat, on several, and among different makers, in both timings.
func TestIdenticalAmongDifferent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDifferent(t)
		n := rapid.IntRange(1, 4).Draw(t, "N")
		d.InventoryCosts = slices.Repeat(d.InventoryCosts[:1], n)
		m := cournot.Model{DiscountRate: d.DiscountRate, Makers: n, InventoryCost: d.InventoryCosts[0], Activity: d.Activity, Reservation: d.Reservation}
		concept := rapid.SampledFrom(all[1:]).Draw(t, "concept")
		step := rapid.SampledFrom([]float64{0, .01, .1, 1}).Draw(t, "step")
		flows, x := drawFlows(t), drawInventories(t, n)
		for i := range x[1:] {
			x[i+1] = x[1] // rivals alike
		}
		seats, y := []int{1}, x[:1]
		if n > 1 {
			seats, y = []int{1, n - 1}, x[:2]
		}
		one, err := d.Profile(concept, step)
		require.NoError(t, err)
		two, err := m.Profile(concept, step, seats)
		require.NoError(t, err)
		if step == 0 {
			a, b := one.Play(flows), two.Play(flows)
			for _, time := range []float64{0, .3, 1, 4} {
				s, q := a.Path(x, []float64{time})[0], b.Path(y, []float64{time})[0]
				require.InDeltaSlice(t, s.Inventories[:len(y)], q.Inventories, 1e-10)
				require.InDelta(t, s.Bid, q.Bid, 1e-10)
			}
			v, err := a.Worth(0, x)
			require.NoError(t, err)
			w, err := b.Worth(0, y)
			require.NoError(t, err)
			require.InDelta(t, v.Value(), w.Value(), 1e-9)
			return
		}
		a, b := one.Policy(flows.Grid(step)), two.Policy(flows.Grid(step))
		for k, s := range a.Path(x, 12) {
			q := b.Path(y, 12)[k]
			require.InDeltaSlice(t, s.Inventories[:len(y)], q.Inventories, 1e-10)
			require.InDelta(t, s.Ask, q.Ask, 1e-10)
		}
		v, err := a.Worth(0, x)
		require.NoError(t, err)
		w, err := b.Worth(0, y)
		require.NoError(t, err)
		require.InDelta(t, v.Value(), w.Value(), 1e-9)
	})
}

// TestWideMarkets: from one to a thousand makers, for any discount rate and for
// orders short and long, the equilibria in Nash's sense leave nothing to gain, in
// both timings, and numbers are finite.
func TestWideMarkets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		path := drawPath(t)
		m, d := path.Market.Model, path.Order.Duration
		flows := constantly(math.Abs(path.Order.Rate), d)
		seats, x := []int{1, m.Makers - 1}, []float64{0, 0}
		if m.Makers == 1 {
			seats, x = seats[:1], x[:1]
		}
		for _, concept := range all[1:] {
			profile, err := m.Profile(concept, 0, seats)
			require.NoError(t, err)
			discrete, err := m.Profile(concept, d/7, seats)
			require.NoError(t, err)
			play, policy := profile.Play(flows), discrete.Policy(flows.Grid(d/7))
			w, err := play.Worth(0, x)
			require.NoError(t, err)
			v, err := policy.Worth(0, x)
			require.NoError(t, err)
			require.Greater(t, w.Orders, 0.)
			require.Greater(t, v.Orders, 0.)
			gain, tickGain := 0., 0.
			if concept == cournot.Feedback { // all watch
				dev, err := play.Deviation(0, x)
				require.NoError(t, err)
				tick, err := policy.Deviation(0, x)
				require.NoError(t, err)
				gain, tickGain = dev.Gain, tick.Gain
			} else {
				dev, err := play.Apart(0).Deviation(len(x), append(x, 0))
				require.NoError(t, err)
				tick, err := policy.Apart(0).Deviation(len(x), append(x, 0))
				require.NoError(t, err)
				gain, tickGain = dev.Gain, tick.Gain
			}
			require.InDelta(t, 0, gain, 1e-10*w.Orders)
			require.InDelta(t, 0, tickGain, 1e-10*v.Orders)
		}
	})
}

// TestSteadyFlow: against an order without end in sight, the feedback solution
// trades at a rate of order β, and keeps its digits there.
func TestSteadyFlow(t *testing.T) {
	for _, β := range []float64{1e-10, 1e-4, .1, 10} {
		for _, n := range []int{1, 2, 7, 300} {
			m := cournot.Model{DiscountRate: β, Makers: n, InventoryCost: .7, Activity: 3, Reservation: 1}
			s, err := m.Slopes(cournot.Feedback, 0)
			require.NoError(t, err)
			n1, rivals := float64(n+1), float64(n-1)
			p, q := s.Own-s.Cross, (2*s.Cross-s.Own)/n1
			g := (4*q + 2*s.Rivals*rivals) / (β + 12*(p+q*rivals)) // −g_r/r
			want := β * 5 / 6 / (β*n1/6 + 4*(p+q) + 2*s.Cross*rivals - 12*q*rivals*g)

			profile, err := m.Profile(cournot.Feedback, 0, []int{n})
			require.NoError(t, err)
			end := 200 / profile.Reversion.At(0, 0)
			state := profile.Play(constantly(5, end)).Path([]float64{0}, []float64{end / 2})[0]
			require.InEpsilon(t, want, state.Inventories[0]*profile.Reversion.At(0, 0), 1e-10, "β = %v, N = %d", β, n)
		}
	}
}
