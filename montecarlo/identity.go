package montecarlo

import (
	"math"

	"walras/clock"
	"walras/equilibrium"
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
//	  = f^i(X₀) + Σ_{k<K} ρ^k R^i_k(X_k) + Σ_{k<K} ρ^{k+1}( f^i(X_{k+1}) − E[f^i(X_{k+1}) | X⁺_k] )
//
// with f^i and R^i, what deviations earn, from the equilibrium, and everything
// on the left from the auction. Who sells in a liquidation has the expected payoff
// in the place of f^i(X₀), and nothing in that of f^i(X_K) and R^i.
type identity struct {
	sim      *Simulation
	initial  []float64 // f^i(X₀)
	paths    int       // checked in the current tile
	left     int       // to be checked in all
	worst    []float64 // relative error per seat
	clearing float64
	balance  float64

	regrets []*equilibrium.Regret // of single members, if anybody deviates
	earned  [][]float64           // Σ ρ^k R_k per seat and path
	size    [][]float64           // the sum of the sizes of its terms
	linear  []float64
	value   [2][]float64
	form    quadratic
}

func newIdentity(s *Simulation) *identity {
	n := len(s.Names)
	d := &identity{
		sim: s, worst: make([]float64, n), initial: make([]float64, n), form: newQuadratic(n),
		earned: market.Matrix(n, tileSize), size: market.Matrix(n, tileSize), linear: make([]float64, n),
	}
	d.value[0], d.value[1] = make([]float64, tileSize), make([]float64, tileSize)
	if s.Play.Deviates() {
		d.regrets = make([]*equilibrium.Regret, n)
	}
	for i, v := range s.Play.Policy.Values {
		if s.Play.Sells(i) {
			d.initial[i] = s.Play.Liquidation.Payoff().Mean
		}
		if !v.Known() {
			continue
		}
		d.initial[i] = v.At(s.Initial)
		if d.regrets != nil {
			d.regrets[i] = s.Play.Regret(i)
		}
	}
	perPath := 2 * valueWork(s.Play.Policy.Values) * float64(s.Clock.Steps)
	d.left = int(math.Max(4, math.Min(BlockSize, identityWork/perPath)))
	return d
}

// valueWork is how many multiplications the values of all seats take on a path.
func valueWork(values []equilibrium.Value) float64 {
	n := float64(len(values))
	for _, v := range values {
		if v.Concise() {
			terms, width := v.Terms()
			return n * (n + float64(terms*width))
		}
	}
	return math.Pow(n, 3)
}

// start checks the first paths of the next tile, and gives their number.
func (d *identity) start(b *market.Block) int {
	d.paths = min(b.Paths, d.left)
	d.left -= d.paths
	for i := range d.earned {
		clear(d.earned[i])
		clear(d.size[i])
	}
	return d.paths
}

// auction takes what deviations earn in the auction that has cleared, before
// settlement.
func (d *identity) auction(now clock.Moment, b *market.Block) {
	n := d.paths
	if n == 0 {
		return
	}
	d.clearing = math.Max(d.clearing, imbalance(b.Trade, n))
	d.weigh(now, b)
	for i, r := range d.regrets {
		if r == nil {
			continue
		}
		constant := r.At(now.Index, d.linear)
		square, linear := d.value[0][:n], d.value[1][:n]
		d.form.regret(square, r, b.Inventory)
		kernel.CombineScaled(linear, d.linear[0], b.Inventory[0][:n], d.linear[1:], b.Inventory[1:])
		for p := range n {
			d.earned[i][p] += float64(now.Discount * (square[p] + linear[p] + constant))
			d.size[i][p] += float64(now.Discount * (math.Abs(square[p]) + math.Abs(linear[p]) + math.Abs(constant)))
		}
	}
}

// weigh adds to the sizes of the terms what is paid in an auction, at the size of
// the terms of the price: Σ_j|P_jX_j| may be much larger than the price, and is what
// rounds.
func (d *identity) weigh(now clock.Moment, b *market.Block) {
	size := d.value[0][:d.paths]
	clear(size)
	for j, c := range d.sim.Play.Price {
		for p := range size {
			size[p] += math.Abs(c * b.Inventory[j][p])
		}
	}
	for i := range d.size {
		for p := range size {
			d.size[i][p] += math.Abs(now.Discount * float64(size[p]*b.Trade[i][p]))
		}
	}
}

// finish compares both sides for seat i.
func (d *identity) finish(i int, b *market.Block, terminal []float64, s *surprise) {
	for p := range d.paths {
		left := b.Payoff[i][p] + terminal[p]
		right := d.initial[i] + d.earned[i][p] + s.sum[i][p]
		scale := math.Abs(b.Payoff[i][p]) + math.Abs(terminal[p]) + math.Abs(d.initial[i]) + d.size[i][p] + s.scale[i][p]
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
