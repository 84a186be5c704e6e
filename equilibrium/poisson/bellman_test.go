package poisson_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
)

// TestBellman holds the published value function against its equation, with sells,
// buys and unequal rates: one maker chooses what it trades while its rivals do what
// the policy says at the same inventory.
func TestBellman(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).Constants(cournot.Published)
		flows := drawFlows(t)
		p := c.Announce(flows)
		i, at := rapid.Float64Range(-1, 1).Draw(t, "i"), rapid.Float64Range(0, 2).Draw(t, "t")
		const dt = 1e-4
		for _, e := range ends(flows) { // where rates do not jump
			if math.Abs(at-e) < 2*dt {
				t.Skip("a rate jumps")
			}
		}
		n, f, φ := float64(c.Makers), flows.Sells.Rate(at), flows.Buys.Rate(at)
		value := func(i float64) float64 { return p.MakerValue(at, i) }
		q := p.At(at, i)
		// On the other n−1 makers' quantities, one's own moves the quotes.
		ask := func(x float64) float64 { return c.Reservation - ((n-1)*q.Sells+x)/c.Size }
		bid := func(x float64) float64 { return -c.Reservation + ((n-1)*q.Buys+x)/c.Size }
		sell := func(x float64) float64 { return c.BuyRate*(ask(x)*x+value(i-x)-value(i)) + ask(x)*φ/n }
		buy := func(x float64) float64 { return c.SellRate*(-bid(x)*x+value(i+x)-value(i)) - bid(x)*f/n }
		near(t, "best sale", peak(sell), q.Sells, 1e-8)
		near(t, "best purchase", peak(buy), q.Buys, 1e-8)
		slope := (value(i+.5) - value(i-.5)) // of a quadratic
		change := (p.MakerValue(at+dt, i) - p.MakerValue(at-dt, i)) / (2 * dt)
		right := change - c.InventoryCost*i*i + (f-φ)/n*slope + sell(q.Sells) + buy(q.Buys)
		near(t, "residual", c.DiscountRate*value(i), right, 1e-6)
	})
}

// peak is where a quadratic function is largest.
func peak(f func(x float64) float64) float64 {
	up, down := f(1), f(-1)
	return (up - down) / 2 / (2*f(0) - up - down)
}

// TestOpenLoopByEnvelope: among rivals who follow the policy at their inventory y, a
// maker with x values a unit at V_x = B − 2ax + by, which must satisfy
//
//	βV_x = ∂_t V_x − 2Θx + (n/N)(V_xx + V_xy) + λ_B ΔV_x + λ_S ΔV_x
//
// with the changes at arrivals on which it trades what is best for it.
func TestOpenLoopByEnvelope(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).Constants(cournot.OpenLoop)
		n, size, a, b := float64(c.Makers), c.Size, c.OwnSlope, c.RivalSlope
		x, y := rapid.Float64Range(-1, 1).Draw(t, "x"), rapid.Float64Range(-1, 1).Draw(t, "y")
		f, φ := rapid.Float64Range(0, 1).Draw(t, "f"), rapid.Float64Range(0, 1).Draw(t, "φ")
		anticipation := rapid.Float64Range(-.5, .5).Draw(t, "B")
		marginal := func(x, y float64) float64 { return anticipation - 2*a*x + b*y }
		// p − ((N−1)X + 2w)/c − φ/(cλN) = V_x(x − w, y − X), and the mirror image.
		best := func(x, y float64) (w, v float64) {
			q := c.Quotes(anticipation, f, φ, y)
			w = c.Reservation - (n-1)*q.Sells/size - φ/(size*c.BuyRate*n) - marginal(x, y-q.Sells)
			v = c.Reservation - (n-1)*q.Buys/size - f/(size*c.SellRate*n) + marginal(x, y+q.Buys)
			return w / (2/size + 2*a), v / (2/size + 2*a)
		}
		rivals := c.Quotes(anticipation, f, φ, y)
		X, Y := rivals.Sells, rivals.Buys
		w, v := best(y, y)
		near(t, "best sale", X, w, 1e-11)
		near(t, "best purchase", Y, v, 1e-11)
		w, v = best(x, y)
		change := c.Delta*(anticipation-c.B0) + c.KB*(f-φ)
		right := change - 2*c.InventoryCost*x + (f-φ)/n*(b-2*a) +
			c.BuyRate*(marginal(x-w, y-X)-marginal(x, y)) + c.SellRate*(marginal(x+v, y+Y)-marginal(x, y))
		near(t, "envelope", c.DiscountRate*marginal(x, y), right, 1e-11)
		near(t, "effective slope", a-b/2, c.A, 1e-12)
	})
}

// TestExtremeMarkets: constants stay right, by their equations, for trades and
// inventory costs of any size, one maker and nearly no discount.
func TestExtremeMarkets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		power := func(name string, lo, hi float64) float64 {
			return math.Pow(10, rapid.Float64Range(lo, hi).Draw(t, name))
		}
		m := poisson.Model{
			DiscountRate: power("β", -9, 1), Makers: rapid.IntRange(1, 12).Draw(t, "N"), InventoryCost: power("Θ", -6, 6),
			BuyRate: power("λB", -2, 5), SellRate: power("λS", -2, 5), Size: power("c", -6, 6), Reservation: power("p", -2, 2),
		}
		for _, concept := range concepts {
			c := m.Constants(concept)
			relative := func(label string, want, got float64) {
				t.Helper()
				if !(math.Abs(got-want) <= 1e-12*math.Abs(want)) {
					t.Fatalf("%v %s: %v, want %v", concept, label, got, want)
				}
			}
			relative("Θ", m.InventoryCost, c.A*c.Delta)
			relative("slope of r", 2*c.Size*c.A, c.R*c.K)
			if concept == cournot.Published {
				relative("curvature", c.A, c.Curvature)
				if math.Abs(c.Tilt-c.B0) > 1e-12*c.Reservation {
					t.Fatalf("tilt %v, want %v", c.Tilt, c.B0)
				}
				if m.Makers == 1 {
					relative("resonance", m.DiscountRate+c.Reversion, c.Delta)
				}
			} else {
				relative("a − b/2", c.A, c.OwnSlope-c.RivalSlope/2)
			}
			if c.C0 <= 0 {
				t.Fatalf("%v: a maker is worth %v", concept, c.C0)
			}
		}
	})
}
