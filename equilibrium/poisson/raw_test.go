package poisson_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	_ "walras/internal/fixeddraws"
)

var concepts = []cournot.Concept{cournot.Published, cournot.OpenLoop}

// drawModel is a market with unequal rates and from one maker on.
func drawModel(t *rapid.T) poisson.Model {
	about := func(name string, lo, hi float64) float64 {
		return math.Exp(rapid.Float64Range(math.Log(lo), math.Log(hi)).Draw(t, name))
	}
	return poisson.Model{
		DiscountRate: about("β", .2, 2), Makers: rapid.IntRange(1, 6).Draw(t, "N"), InventoryCost: about("Θ", .02, 3),
		BuyRate: about("λB", .5, 5), SellRate: about("λS", .5, 5), Size: about("c", .2, 3), Reservation: about("p", .5, 2),
	}
}

// drawFlows are sells and buys that overlap.
func drawFlows(t *rapid.T) cournot.Flows {
	schedule := func(name string) clock.Schedule {
		var s clock.Schedule
		at := 0.
		for range rapid.IntRange(0, 2).Draw(t, name) {
			from := at + rapid.Float64Range(0, .4).Draw(t, "gap")
			at = from + rapid.Float64Range(.2, .8).Draw(t, "length")
			s = append(s, clock.Interval{From: from, To: at, Rate: rapid.Float64Range(0, 1).Draw(t, "rate")})
		}
		return s
	}
	return cournot.Flows{Sells: schedule("sells"), Buys: schedule("buys")}
}

// market is a Poisson market at one moment, as its protocol has it.
type market struct {
	poisson.Constants
	anticipation, sells, buys float64
}

func (m market) quotes(i float64) poisson.Quotes {
	return m.Quotes(m.anticipation, m.sells, m.buys, i)
}

// pays are the payoffs per time of one maker, all end users, the large sellers and
// the large buyers when makers hold i; maker's own trades are at the quotes.
func (m market) pays(i float64) [4]float64 {
	q, n := m.quotes(i), float64(m.Makers)
	p, c := m.Reservation, m.Size
	return [4]float64{
		m.BuyRate*q.Ask*q.Sells - m.SellRate*q.Bid*q.Buys + q.Ask*m.buys/n - q.Bid*m.sells/n - m.InventoryCost*i*i,
		c / 2 * (m.BuyRate*(p-q.Ask)*(p-q.Ask) + m.SellRate*(p+q.Bid)*(p+q.Bid)),
		m.sells * (p + q.Bid),
		m.buys * (p - q.Ask),
	}
}

// moves are the derivatives of E I and E I² when makers hold i.
func (m market) moves(i float64) [2]float64 {
	q, net := m.quotes(i), (m.sells-m.buys)/float64(m.Makers)
	up, down := i+q.Buys, i-q.Sells
	return [2]float64{
		net + m.SellRate*q.Buys - m.BuyRate*q.Sells,
		2*i*net + m.SellRate*(up*up-i*i) + m.BuyRate*(down*down-i*i),
	}
}

// mean is E f(I) of a quadratic f.
func mean(f func(i float64) float64, first, second float64) float64 {
	constant, up, down := f(0), f(1), f(-1)
	return constant + (up-down)/2*first + ((up+down)/2-constant)*second
}

// follow integrates dE payoffs weight dt from 0 to an end by Runge–Kutta: the state
// is E I, E I² and the four payoffs.
func follow(at func(t float64) market, weight func(t float64) float64, state [6]float64, from, to float64, steps int) [6]float64 {
	slope := func(t float64, x [6]float64) (d [6]float64) {
		m, w := at(t), weight(t)
		for k := range 2 {
			d[k] = mean(func(i float64) float64 { return m.moves(i)[k] }, x[0], x[1])
		}
		for k := range 4 {
			d[2+k] = w * mean(func(i float64) float64 { return m.pays(i)[k] }, x[0], x[1])
		}
		return d
	}
	ahead := func(x, d [6]float64, h float64) [6]float64 {
		for k := range x {
			x[k] += h * d[k]
		}
		return x
	}
	h := (to - from) / float64(steps)
	for s := range steps {
		t := from + float64(s)*h
		a := slope(t, state)
		b := slope(t+h/2, ahead(state, a, h/2))
		c := slope(t+h/2, ahead(state, b, h/2))
		d := slope(t+h, ahead(state, c, h))
		for k := range state {
			state[k] += h / 6 * (a[k] + 2*b[k] + 2*c[k] + d[k])
		}
	}
	return state
}

func near(t *rapid.T, label string, want, got, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*(1+math.Abs(want))) {
		t.Fatalf("%s: %v, by definition %v", label, got, want)
	}
}

// TestKnownOrdersByDefinition integrates the payoffs of the protocol with sells and
// buys by pieces and unequal rates.
func TestKnownOrdersByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).Constants(rapid.SampledFrom(concepts).Draw(t, "concept"))
		flows, i0 := drawFlows(t), rapid.Float64Range(-.5, .5).Draw(t, "i0")
		p := c.Announce(flows)
		x := [6]float64{i0, i0 * i0}
		discount := func(t float64) float64 { return math.Exp(-c.DiscountRate * t) }
		edges := ends(flows)
		for k := 1; k < len(edges); k++ {
			middle := (edges[k-1] + edges[k]) / 2
			at := func(t float64) market {
				return market{c, p.Anticipation(t), flows.Sells.Rate(middle), flows.Buys.Rate(middle)}
			}
			x = follow(at, discount, x, edges[k-1], edges[k], 60)
		}
		later := discount(p.End())
		maker := x[2] + later*mean(c.MakerValue, x[0], x[1])
		users := x[3] + later*mean(c.UsersValue, x[0], x[1])
		near(t, "maker", maker, p.MakerValue(0, i0), 1e-6)
		near(t, "maker's gain", maker-c.MakerValue(i0), p.MakerGain(0, i0), 1e-6)
		near(t, "users", users-c.UsersValue(i0), p.UsersGain(0, i0), 1e-6)
		sells, buys := p.Proceeds(i0, flows)
		near(t, "sells", x[4], sells, 1e-6)
		near(t, "buys", x[5], buys, 1e-6)
	})
}

// TestIdleByDefinition lets the market run without orders until nothing counts.
func TestIdleByDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawModel(t).Constants(rapid.SampledFrom(concepts).Draw(t, "concept"))
		i0 := rapid.Float64Range(-.5, .5).Draw(t, "i0")
		far := 4 / c.DiscountRate
		idle := market{c, c.B0, 0, 0}
		x := follow(func(float64) market { return idle }, func(t float64) float64 { return math.Exp(-c.DiscountRate * t) },
			[6]float64{i0, i0 * i0}, 0, far, 600)
		later := math.Exp(-c.DiscountRate * far)
		near(t, "maker", x[2]+later*mean(c.MakerValue, x[0], x[1]), c.MakerValue(i0), 1e-5)
		near(t, "users", x[3]+later*mean(c.UsersValue, x[0], x[1]), c.UsersValue(i0), 1e-5)
	})
}

// ends are the times at which a rate may jump.
func ends(f cournot.Flows) []float64 {
	at := []float64{0}
	for t := 0.; ; {
		next := math.Inf(1)
		for _, s := range []clock.Schedule{f.Sells, f.Buys} {
			for _, v := range s {
				for _, e := range []float64{v.From, v.To} {
					if e > t {
						next = math.Min(next, e)
					}
				}
			}
		}
		if math.IsInf(next, 1) {
			return at
		}
		at, t = append(at, next), next
	}
}
