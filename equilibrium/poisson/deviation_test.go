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

// TestBestResponseToThePolicy has the gains of the model page.
func TestBestResponseToThePolicy(t *testing.T) {
	sets := golden.PoissonSets(t)
	for _, want := range []struct {
		set           string
		none, stealth float64
		digits        float64
	}{
		{"toy", 5.43511e-4, 5.17464e-4, 1e-5},
		{"lumpy", 1.410993e-2, 1.184113e-2, 1e-6},
	} {
		g := sets[want.set]
		c := published(g)
		require.InEpsilon(t, want.none, c.DeviationsKnown(cournot.Flows{}).Best(0, 0).Relative, want.digits)
		hidden := c.DeviationsHidden(hides(g), g.OrderRate).Best(0, 0)
		require.InEpsilon(t, want.stealth, hidden.Relative, want.digits)
		require.InEpsilon(t, g.Numbers["stealth/C"], hidden.Absolute/hidden.Relative, 1e-12)
		known := c.DeviationsKnown(poisson.Constantly(g.OrderRate, g.Duration)).Best(0, 0)
		require.InEpsilon(t, g.Numbers["sun/C(0)"], known.Absolute/known.Relative, 1e-12)
	}
}

// TestOpenLoopIsNash: nobody gains by leaving it, whatever the orders.
func TestOpenLoopIsNash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		c := m.Constants(cournot.OpenLoop)
		i := rapid.Float64Range(-1, 1).Draw(t, "i")
		f, ν := rapid.Float64Range(-2, 2).Draw(t, "f"), rapid.Float64Range(.1, 3).Draw(t, "ν")
		for _, d := range []*poisson.Deviations{c.DeviationsKnown(drawQuarters(t)), c.DeviationsHidden(poisson.Exponential{MeanDuration: 1 / ν}, f)} {
			require.InDelta(t, 0, d.Best(i, i).Relative, 1e-12)
			require.Negative(t, d.Of(poisson.Deviation{Trade: .9, Feedback: 1}, i, i).Absolute)
		}
		alone := m
		alone.Makers = 1
		require.InDelta(t, 0, alone.Constants(cournot.Published).DeviationsHidden(poisson.Exponential{MeanDuration: 1 / ν}, f).Best(i, i).Relative, 1e-12)
	})
}

// pair are first and second moments of own and rival inventory.
type pair struct{ x, y, xx, xy, yy float64 }

// worthOf is what a deviating maker gets, by integrating the moments of (x, y) from
// the rates and the trades alone. The order sells at f(t) and its end is not hidden,
// or it is and survives with probability e^{−νt}, with B constant until then; after
// the end what the maker gets is worth(moments).
func worthOf(c poisson.Constants, d poisson.Deviation, rates func(t float64) (sell, buy, B float64), from pair, t0, t1 float64, leave float64, step float64) (total float64, end pair) {
	n, p, size := float64(c.Makers), c.Reservation, c.Size
	type state struct {
		pair
		sum float64
	}
	slope := func(t float64, s state) state {
		sell, buy, B := rates(t)
		αa := size / c.K * (p - B - buy/(size*c.BuyRate*n))
		αb := size / c.K * (p + B - sell/(size*c.SellRate*n))
		var out state
		drift := (sell - buy) / n
		out.x, out.y = drift, drift
		out.xx, out.xy, out.yy = 2*drift*s.x, drift*(s.x+s.y), 2*drift*s.y
		money := -c.InventoryCost * s.xx
		for _, side := range []struct{ sign, rate, α, flow float64 }{{1, c.BuyRate, αa, buy}, {-1, c.SellRate, αb, sell}} {
			// Trades u = u0 + sign·u1 x, w = α + sign·r y; x → x − sign·u.
			u0, u1 := d.Trade*side.α, d.Feedback*c.R
			eu, ew := u0+side.sign*u1*s.x, side.α+side.sign*c.R*s.y
			euu := u0*u0 + 2*side.sign*u0*u1*s.x + u1*u1*s.xx
			euw := u0*side.α + side.sign*(u0*c.R*s.y+u1*side.α*s.x) + u1*c.R*s.xy
			eww := side.α*side.α + 2*side.sign*side.α*c.R*s.y + c.R*c.R*s.yy
			exu, exw := u0*s.x+side.sign*u1*s.xx, side.α*s.x+side.sign*c.R*s.xy
			eyu, eyw := u0*s.y+side.sign*u1*s.xy, side.α*s.y+side.sign*c.R*s.yy
			out.x -= side.rate * side.sign * eu
			out.y -= side.rate * side.sign * ew
			out.xx += side.rate * (euu - 2*side.sign*exu)
			out.xy += side.rate * (euw - side.sign*(exw+eyu))
			out.yy += side.rate * (eww - 2*side.sign*eyw)
			money += side.rate*(p*eu-((n-1)*euw+euu)/size) + side.flow/n*(p-((n-1)*ew+eu)/size)
		}
		out.sum = math.Exp(-(c.DiscountRate+leave)*t) * money
		return out
	}
	along := func(s state, k state, h float64) state {
		return state{pair{s.x + h*k.x, s.y + h*k.y, s.xx + h*k.xx, s.xy + h*k.xy, s.yy + h*k.yy}, s.sum + h*k.sum}
	}
	count := int(math.Ceil((t1 - t0) / step))
	h := (t1 - t0) / float64(count)
	s := state{pair: from}
	for k := range count {
		t := t0 + float64(k)*h
		inside := math.Nextafter(t+h, t)
		k1 := slope(t, s)
		k2 := slope(t+h/2, along(s, k1, h/2))
		k3 := slope(t+h/2, along(s, k2, h/2))
		k4 := slope(inside, along(s, k3, h))
		s = along(along(along(along(s, k1, h/6), k2, h/3), k3, h/3), k4, h/6)
	}
	return s.sum, s.pair
}

// TestDeviationsAgainstMoments compares what deviations gain with what they and the
// policy bring, each integrated on its own.
func TestDeviationsAgainstMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		m.DiscountRate = rapid.Float64Range(.8, 3).Draw(t, "β again")
		concept := rapid.SampledFrom([]cournot.Concept{cournot.Published, cournot.OpenLoop}).Draw(t, "concept")
		c := m.Constants(concept)
		flows := drawQuarters(t)
		law := c.Known(flows, 0)
		x, y := rapid.Float64Range(-1, 1).Draw(t, "x"), rapid.Float64Range(-1, 1).Draw(t, "y")
		from := pair{x, y, x * x, x * y, y * y}
		rates := func(t float64) (float64, float64, float64) {
			return flows.Sells.Rate(t), flows.Buys.Rate(t), law.Anticipation(t)
		}
		brings := func(d poisson.Deviation) float64 {
			sum, at := 0., from
			for k := range 24 { // flows jump at quarters
				part, end := worthOf(c, d, rates, at, .25*float64(k), .25*float64(k+1), 0, .01)
				sum, at = sum+part, end
			}
			rest, _ := worthOf(c, d, rates, at, 6, 6+16/m.DiscountRate, 0, .01)
			return sum + rest
		}
		policy := brings(poisson.Deviation{Trade: 1, Feedback: 1})
		for _, d := range []poisson.Deviation{{0, 0}, {1, .5}, {1.2, .8}, {.7, 1.3}} {
			gain := c.DeviationsKnown(flows).Of(d, x, y)
			require.InDelta(t, brings(d)-policy, gain.Absolute, 2e-6*(math.Abs(policy)+c.C0), "%v", d)
			require.LessOrEqual(t, gain.Absolute, c.DeviationsKnown(flows).Best(x, y).Absolute)
		}
	})
}

// TestDeviationsFromHiddenOrders: the value of an order of random end is that of its
// part, weighted by survival, and of the market after the end, whenever that is.
func TestDeviationsFromHiddenOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		m.DiscountRate = rapid.Float64Range(.8, 3).Draw(t, "β again")
		c := m.Constants(cournot.Published)
		f, ν := rapid.Float64Range(0, 2).Draw(t, "f"), rapid.Float64Range(.3, 3).Draw(t, "ν")
		x, y := rapid.Float64Range(-1, 1).Draw(t, "x"), rapid.Float64Range(-1, 1).Draw(t, "y")
		B := c.B0 - f*c.KB/(ν+c.Delta)
		d := poisson.Deviation{Trade: 1, Feedback: rapid.Float64Range(0, 1.5).Draw(t, "feedback")}
		policy := poisson.Deviation{Trade: 1, Feedback: 1}
		on := func(float64) (float64, float64, float64) { return f, 0, B }
		none := c.DeviationsKnown(cournot.Flows{})
		// While it goes on, and then, by the law of total expectation over its end,
		// what the deviation gains in the market without orders: quadratic in (x, y),
		// which its values at six points and the moments give.
		gain := func(x, y float64) float64 { return none.Of(d, x, y).Absolute }
		q0, qx, qy := gain(0, 0), (gain(1, 0)-gain(-1, 0))/2, (gain(0, 1)-gain(0, -1))/2
		qxx, qyy := (gain(1, 0)+gain(-1, 0))/2-q0, (gain(0, 1)+gain(0, -1))/2-q0
		qxy := gain(1, 1) - q0 - qx - qy - qxx - qyy
		during := func(d poisson.Deviation) float64 {
			sum, _ := worthOf(c, d, on, pair{x, y, x * x, x * y, y * y}, 0, 16/(m.DiscountRate+ν), ν, .01)
			return sum
		}
		want := during(d) - during(policy)
		// Afterwards both go on from different inventories under the policy.
		after := func(d poisson.Deviation, worth func(pair) float64) float64 {
			const step = .01
			sum, at := 0., pair{x, y, x * x, x * y, y * y}
			weight := func(t float64) float64 { return ν * math.Exp(-(m.DiscountRate+ν)*t) }
			for k := range int(16 / (m.DiscountRate + ν) / step) {
				t := float64(k) * step
				_, middle := worthOf(c, d, on, at, t, t+step/2, ν, step)
				_, end := worthOf(c, d, on, middle, t+step/2, t+step, ν, step)
				sum += step / 6 * (weight(t)*worth(at) + 4*weight(t+step/2)*worth(middle) + weight(t+step)*worth(end))
				at = end
			}
			return sum
		}
		want += after(d, func(m pair) float64 { return q0 + qx*m.x + qy*m.y + qxx*m.xx + qxy*m.xy + qyy*m.yy })
		// The policy's value without orders at (x, y), up to a function of y alone,
		// whose law no deviation changes: found from no trade, which keeps x.
		idle := func(x, y float64) float64 {
			none := func(float64) (float64, float64, float64) { return 0, 0, c.B0 }
			sum, _ := worthOf(c, policy, none, pair{x, y, x * x, x * y, y * y}, 0, 16/m.DiscountRate, 0, .02)
			return sum
		}
		v0 := idle(0, 0)
		vx, vy := (idle(1, 0)-idle(-1, 0))/2, (idle(0, 1)-idle(0, -1))/2
		vxx, vyy := (idle(1, 0)+idle(-1, 0))/2-v0, (idle(0, 1)+idle(0, -1))/2-v0
		vxy := idle(1, 1) - v0 - vx - vy - vxx - vyy
		worth := func(m pair) float64 { return v0 + vx*m.x + vy*m.y + vxx*m.xx + vxy*m.xy + vyy*m.yy }
		want += after(d, worth) - after(policy, worth)
		got := c.DeviationsHidden(poisson.Exponential{MeanDuration: 1 / ν}, f).Of(d, x, y).Absolute
		require.InDelta(t, want, got, 3e-5*(c.C0+c.A+math.Abs(want)))
	})
}
