package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/clock"
	"walras/equilibrium/cournot"
)

// drawDifferent is a market of one to four different makers whose speeds are near 1.
func drawDifferent(t *rapid.T) cournot.Different {
	d := cournot.Different{
		DiscountRate: within(t, "discount rate", .03, 2), Activity: within(t, "activity", .5, 5),
		Reservation: within(t, "reservation", .3, 3),
	}
	for range rapid.IntRange(1, 4).Draw(t, "makers") {
		d.InventoryCosts = append(d.InventoryCosts, within(t, "inventory cost", .3, 3))
	}
	return d
}

// drawFlows are sells and buys that overlap, with jumps at multiples of .1.
func drawFlows(t *rapid.T) cournot.Flows {
	var f cournot.Flows
	for _, side := range []*clock.Schedule{&f.Sells, &f.Buys} {
		at := 0
		for range rapid.IntRange(0, 3).Draw(t, "intervals") {
			from := at + rapid.IntRange(0, 4).Draw(t, "gap")
			at = from + rapid.IntRange(1, 6).Draw(t, "length")
			*side = append(*side, clock.Interval{From: float64(from) / 10, To: float64(at) / 10, Rate: within(t, "rate", .1, 5)})
		}
	}
	return f
}

func drawInventories(t *rapid.T, n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = rapid.Float64Range(-.5, .5).Draw(t, "inventory")
	}
	return x
}

// tee is T = I − 11'/(N+1).
func tee(n int) *mat.Dense {
	t := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			t.Set(i, j, -1/float64(n+1))
		}
		t.Set(i, i, 1-1/float64(n+1))
	}
	return t
}

// sum adds matrices up, each times its factor.
func sum(factors []float64, terms ...mat.Matrix) *mat.Dense {
	var out mat.Dense
	out.Scale(factors[0], terms[0])
	for i, m := range terms[1:] {
		var term mat.Dense
		term.Scale(factors[i+1], m)
		out.Add(&out, &term)
	}
	return &out
}

// product multiplies matrices from the left.
func product(first mat.Matrix, rest ...mat.Matrix) mat.Matrix {
	for _, m := range rest {
		var next mat.Dense
		next.Mul(first, m)
		first = &next
	}
	return first
}

// unit is e_j as a column.
func unit(n, j int) *mat.Dense {
	e := mat.NewDense(n, 1, nil)
	e.Set(j, 0, 1)
	return e
}

func requireZero(t require.TestingT, m mat.Matrix, scale float64) {
	require.InDelta(t, 0, mat.Norm(m, 2), 1e-12*scale)
}

// definition holds a solution of different makers as the equations of theory have
// it: λ = −2Lx + h, with h inside of g.
type definition struct {
	cournot.Different
	l, t *mat.Dense
	// back is dg/dτ in time to go at net flow n, and own where g keeps h.
	back func(g *mat.VecDense, n float64) *mat.VecDense
	size int
	own  func(g *mat.VecDense) *mat.Dense
}

// defined checks the matrices of a concept and writes out its equations.
func defined(t require.TestingT, d cournot.Different, concept cournot.Concept) definition {
	n := len(d.InventoryCosts)
	β, δ, n1 := d.DiscountRate, d.Activity, float64(n+1)
	tee := tee(n)
	one := mat.NewDense(n, 1, nil)
	for i := range n {
		one.Set(i, 0, 1)
	}
	if concept == cournot.OpenLoop {
		k, err := d.OpenLoopSlopes(0)
		require.NoError(t, err)
		cost := mat.NewDiagDense(n, d.InventoryCosts)
		requireZero(t, sum([]float64{1, -β, -4 * δ}, cost, k, product(k, tee, k)), mat.Norm(cost, 2))
		kt := product(k, tee)
		return definition{
			Different: d, l: mat.DenseCopyOf(k), t: tee, size: n,
			back: func(g *mat.VecDense, f float64) *mat.VecDense {
				s := sum([]float64{-β, -4 * δ, -2 * f / n1}, g, product(kt, g), product(k, one))
				return mat.NewVecDense(n, s.RawMatrix().Data)
			},
			own: func(g *mat.VecDense) *mat.Dense { return mat.DenseCopyOf(g) },
		}
	}
	p, err := d.FeedbackSlopes(0)
	require.NoError(t, err)
	l := mat.NewDense(n, n, nil)
	for j := range n {
		l.SetRow(j, mat.Row(nil, j, p[j]))
	}
	f := sum([]float64{-4 * δ}, product(tee, l))
	others := make([]*mat.Dense, n)
	for j := range n {
		e, tj := unit(n, j), mat.DenseCopyOf(tee.Slice(j, j+1, 0, n).T())
		others[j] = sum([]float64{-1}, product(e, e.T()))
		for i := range n {
			others[j].Set(i, i, others[j].At(i, i)+1)
		}
		pef := product(p[j], others[j], f)
		requireZero(t, sum([]float64{-β, d.InventoryCosts[j], -8 * δ, 1, 1},
			p[j], product(e, e.T()), product(l.T(), tj, tj.T(), l), pef, pef.T()), d.InventoryCosts[j])
	}
	own := func(g *mat.VecDense) *mat.Dense {
		h := mat.NewDense(n, 1, nil)
		for j := range n {
			h.Set(j, 0, g.AtVec(j*n+j))
		}
		return h
	}
	return definition{
		Different: d, l: l, t: tee, size: n * n, own: own,
		back: func(g *mat.VecDense, flow float64) *mat.VecDense {
			out := mat.NewVecDense(n*n, nil)
			th := mat.DenseCopyOf(product(tee, own(g)))
			r := sum([]float64{flow / n1, 2 * δ}, one, th)
			for j := range n {
				gj, tj := g.SliceVec(j*n, (j+1)*n), tee.Slice(j, j+1, 0, n).T()
				change := sum([]float64{-β, -4 * (flow/n1 + 2*δ*th.At(j, 0)), 1, -2},
					gj, product(l.T(), tj), product(f.T(), others[j], gj), product(p[j], others[j], r))
				for i := range n {
					out.SetVec(j*n+i, change.At(i, 0))
				}
			}
			return out
		},
	}
}

// raw is what happens in a market, step by step of ordinary differential equations,
// and the present values that add up on the way.
type raw struct {
	inventories [][]float64 // every second step
	bid, ask    []float64
	makers      []float64
	investors   float64
	sells, buys float64
}

// plays integrates g back and x forward by Runge–Kutta, and payoffs by Simpson's
// rule, from the definitions of quantities, prices and payoffs.
func (d definition) plays(flows cournot.Flows, x0 []float64, dt float64, steps int) raw {
	n := len(d.InventoryCosts)
	rates := func(k int) (f, φ float64) {
		at := (float64(k) + .5) * dt
		return flows.Sells.Rate(at), flows.Buys.Rate(at)
	}
	rk := func(f func(*mat.VecDense) *mat.VecDense, y *mat.VecDense, dt float64) *mat.VecDense {
		at := func(k *mat.VecDense, part float64) *mat.VecDense {
			var z mat.VecDense
			z.AddScaledVec(y, part*dt, k)
			return f(&z)
		}
		k1 := f(y)
		k2 := at(k1, .5)
		k3 := at(k2, .5)
		k4 := at(k3, 1)
		out := mat.VecDenseCopyOf(y)
		for i, k := range []*mat.VecDense{k1, k2, k3, k4} {
			out.AddScaledVec(out, dt*[]float64{1, 2, 2, 1}[i]/6, k)
		}
		return out
	}
	h := make([]*mat.Dense, steps+1)
	g := mat.NewVecDense(d.size, nil)
	for k := steps; k >= 0; k-- {
		if h[k] = d.own(g); k > 0 {
			f, φ := rates(k - 1)
			g = rk(func(g *mat.VecDense) *mat.VecDense { return d.back(g, f-φ) }, g, dt)
		}
	}
	out := raw{makers: make([]float64, n)}
	x := mat.NewVecDense(n, append([]float64(nil), x0...))
	δ, ω, n1 := d.Activity, d.Reservation, float64(n+1)
	trade := func(x *mat.VecDense, h *mat.Dense, f, φ float64) (a, b, change *mat.VecDense) {
		λ := sum([]float64{-2, 1}, product(d.l, x), h)
		tλ := product(d.t, λ)
		a, b, change = mat.NewVecDense(n, nil), mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
		for j := range n {
			a.SetVec(j, (δ*ω+φ)/n1-δ*tλ.At(j, 0))
			b.SetVec(j, (δ*ω+f)/n1+δ*tλ.At(j, 0))
		}
		change.SubVec(b, a)
		return a, b, change
	}
	pay := func(k int, weight float64, f, φ float64) (bid, ask float64) {
		a, b, _ := trade(x, h[k], f, φ)
		ask, bid = ω+φ/δ-mat.Sum(a)/δ, mat.Sum(b)/δ-f/δ-ω
		w := weight * math.Exp(-d.DiscountRate*float64(k)*dt)
		for j := range n {
			out.makers[j] += w * (ask*a.AtVec(j) - bid*b.AtVec(j) - d.InventoryCosts[j]*x.AtVec(j)*x.AtVec(j))
		}
		out.investors += w * δ / 2 * ((ω-ask)*(ω-ask) + (ω+bid)*(ω+bid))
		out.sells += w * f * (ω + bid)
		out.buys += w * φ * (ω - ask)
		return bid, ask
	}
	for k := 0; k+2 <= steps; k += 2 {
		f, φ := rates(k)
		bid, ask := pay(k, dt/3, f, φ)
		out.inventories = append(out.inventories, append([]float64(nil), x.RawVector().Data...))
		out.bid, out.ask = append(out.bid, bid), append(out.ask, ask)
		// One step of 2dt, with h at its middle; the payoff there needs x.
		from, middle := x, k+1
		_, _, k1 := trade(from, h[k], f, φ)
		at := func(slope *mat.VecDense, part float64, i int) *mat.VecDense {
			var z mat.VecDense
			z.AddScaledVec(from, part, slope)
			_, _, s := trade(&z, h[i], f, φ)
			return s
		}
		k2 := at(k1, dt, middle)
		k3 := at(k2, dt, middle)
		k4 := at(k3, 2*dt, k+2)
		end := mat.VecDenseCopyOf(from)
		for i, s := range []*mat.VecDense{k1, k2, k3, k4} {
			end.AddScaledVec(end, 2*dt*[]float64{1, 2, 2, 1}[i]/6, s)
		}
		// Hermite's cubic at the middle.
		_, _, last := trade(end, h[k+2], f, φ)
		x = mat.NewVecDense(n, nil)
		for j := range n {
			x.SetVec(j, (from.AtVec(j)+end.AtVec(j))/2+2*dt*(k1.AtVec(j)-last.AtVec(j))/8)
		}
		pay(middle, 4*dt/3, f, φ)
		x = end
		pay(k+2, dt/3, f, φ)
	}
	return out
}

// rawCase is a market with orders and inventories.
type rawCase struct {
	market      cournot.Different
	flows       cournot.Flows
	inventories []float64
}

var rawCases = rapid.Custom(func(t *rapid.T) rawCase {
	d := drawDifferent(t)
	return rawCase{d, drawFlows(t), drawInventories(t, len(d.InventoryCosts))}
})

// TestPlaysAgainstDefinitions: paths and values of different makers under both
// concepts agree with the raw equations, with sells, buys and inventories.
func TestPlaysAgainstDefinitions(t *testing.T) {
	for seed := range 24 {
		concept := []cournot.Concept{cournot.OpenLoop, cournot.Feedback}[seed%2]
		c := rawCases.Example(seed)
		profile, err := c.market.Profile(concept, 0)
		require.NoError(t, err)
		play := profile.Play(c.flows)

		const dt, horizon = .01, 20.
		want := defined(t, c.market, concept).plays(c.flows, c.inventories, dt, horizon/dt)
		tail := math.Exp(-c.market.DiscountRate * horizon)
		for _, k := range []int{0, 10, 33, 100, 200} {
			s := play.Path(c.inventories, []float64{2 * dt * float64(k)})[0]
			for j, x := range want.inventories[k] {
				require.InDelta(t, x, s.Inventories[j], 2e-7)
			}
			require.InDelta(t, want.bid[k], s.Bid, 2e-7)
			require.InDelta(t, want.ask[k], s.Ask, 2e-7)
		}
		for j, v := range want.makers {
			w, err := play.Worth(j, c.inventories)
			require.NoError(t, err)
			require.InDelta(t, v+tail*w.Idle, w.Value(), 1e-6)
		}
		w, err := play.InvestorsWorth(c.inventories)
		require.NoError(t, err)
		require.InDelta(t, want.investors+tail*w.Idle, w.Value(), 1e-6)
		sells, buys := play.Proceeds(c.inventories, c.flows)
		require.InDelta(t, want.sells, sells, 1e-6)
		require.InDelta(t, want.buys, buys, 1e-6)
	}
}
