package montecarlo

import (
	"math"

	"walras/clock"
	"walras/internal/kernel"
	"walras/market"
)

// identityWork bounds the extra multiplications that the check may cost; in
// larger markets fewer paths of the first block are checked.
const identityWork = 4e9

// identity checks on single paths that the loop pays what the value functions
// promise, to rounding:
//
//	Σ_{k<K} ρ^k(p q_i − (b_i h/2)X⁺_i²) + ρ^K f^i(X_K)
//	  = f^i(X₀) + Σ_{k<K} ρ^{k+1}( f^i(X_{k+1}) − E[f^i(X_{k+1}) | X⁺_k] )
//
// with f^i from the equilibrium and everything on the left from the auction.
type identity struct {
	sim      *Simulation
	expected []float64   // Δ tr(ΣᵀA^iΣ), the expected growth of XᵀA^iX
	initial  []float64   // f^i(X₀)
	paths    int         // checked in the current tile
	left     int         // to be checked in all
	surprise [][]float64 // Σ ρ^{k+1}(f − E f) per seat and path
	scale    [][]float64 // the sum of the sizes of its terms
	worst    []float64   // relative error per seat
	clearing float64
	balance  float64
	next     [][]float64
	value    [2][]float64
	form     quadratic
}

func newIdentity(s *Simulation) *identity {
	n := len(s.Names)
	d := &identity{
		sim: s, surprise: market.Matrix(n, tileSize), scale: market.Matrix(n, tileSize), worst: make([]float64, n),
		expected: make([]float64, n), initial: make([]float64, n), next: market.Matrix(n, tileSize), form: newQuadratic(n),
	}
	d.value[0], d.value[1] = make([]float64, tileSize), make([]float64, tileSize)
	for i, v := range s.Policy.Values {
		if v.A == nil {
			continue
		}
		d.initial[i] = v.At(s.Initial)
		for j := range n {
			for k := range n {
				d.expected[i] += float64(s.Clock.Step * v.A.At(j, k) * s.Covariance.At(j, k))
			}
		}
	}
	perPath := 2 * math.Pow(float64(n), 3) * float64(s.Clock.Steps)
	d.left = int(math.Max(4, math.Min(BlockSize, identityWork/perPath)))
	return d
}

func (d *identity) start(b *market.Block) {
	d.paths = min(b.Paths, d.left)
	d.left -= d.paths
	for i := range d.surprise {
		clear(d.surprise[i])
		clear(d.scale[i])
	}
}

// step takes the surprise of the shocks dx that follow the settlement.
func (d *identity) step(next clock.Moment, b *market.Block, dx [][]float64) {
	n := d.paths
	if n == 0 {
		return
	}
	for i := range d.next {
		kernel.Combine(d.next[i][:n], b.Inventory[i][:n], one, dx[i:i+1])
	}
	for i, v := range d.sim.Policy.Values {
		if v.A == nil {
			continue
		}
		before, after := d.value[0][:n], d.value[1][:n]
		d.form.evaluate(before, v, b.Inventory)
		d.form.evaluate(after, v, d.next)
		for p := range n {
			s := next.Discount * (after[p] - before[p] - d.expected[i])
			d.surprise[i][p] += float64(s)
			d.scale[i][p] += math.Abs(next.Discount*after[p]) + math.Abs(next.Discount*before[p])
		}
	}
	d.clearing = math.Max(d.clearing, imbalance(b.Trade, n))
}

var one = []float64{1}

// finish compares both sides for seat i.
func (d *identity) finish(i int, b *market.Block, terminal []float64) {
	for p := range d.paths {
		left := b.Payoff[i][p] + terminal[p]
		right := d.initial[i] + d.surprise[i][p]
		scale := math.Abs(b.Payoff[i][p]) + math.Abs(terminal[p]) + math.Abs(d.initial[i]) + d.scale[i][p]
		if !(scale <= 0) { // true for NaN as well, which must not pass
			d.worst[i] = math.Max(d.worst[i], math.Abs(left-right)/scale)
		}
	}
}

// imbalance is the largest |Σ_i x_i|, relative to Σ_i |x_i|, over the first paths.
func imbalance(x [][]float64, paths int) float64 {
	worst := 0.0
	for p := range paths {
		sum, scale := 0.0, 0.0
		for i := range x {
			sum += x[i][p]
			scale += math.Abs(x[i][p])
		}
		if !(scale <= 0) {
			worst = math.Max(worst, math.Abs(sum)/scale)
		}
	}
	return worst
}

func (d *identity) report(l *Layout, out []float64) {
	for i, e := range d.worst {
		out[l.Identity(i)] = e
	}
	out[l.Clearing()], out[l.CashBalance()] = d.clearing, d.balance
}
