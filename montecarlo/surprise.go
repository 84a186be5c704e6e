package montecarlo

import (
	"math"

	"walras/clock"
	"walras/equilibrium"
	"walras/internal/kernel"
	"walras/market"
)

// surprise adds up, per seat and path, what the shocks bring beyond what the
// value functions expect of them,
//
//	Σ_k ρ^{k+1}( f^i(X_{k+1}) − E[f^i(X_{k+1}) | X⁺_k] ),
//
// a martingale: its mean is zero, whatever the agents do. It is the noise of the
// pathwise identity, and a control variate for welfare. Who sells in a liquidation
// expects the fundamental to stay, and is surprised by its move on what is still
// to be sold,
//
//	Σ_k ρ^k X⁺_k (m_{k+1} − m_k).
type surprise struct {
	sim      *Simulation
	expected []float64 // Δ tr(ΣᵀA^iΣ), the expected growth of XᵀA^iX
	paths    int       // of the current tile
	sum      [][]float64
	scale    [][]float64 // the sum of the sizes of its terms
	next     [][]float64
	value    [2][]float64
	form     [2]quadratic
}

func newSurprise(s *Simulation) *surprise {
	n := len(s.Names)
	d := &surprise{
		sim: s, expected: make([]float64, n), sum: market.Matrix(n, tileSize), scale: market.Matrix(n, tileSize),
		next: market.Matrix(n, tileSize),
		form: [2]quadratic{newQuadratic(n), newQuadratic(n)},
	}
	d.value[0], d.value[1] = make([]float64, tileSize), make([]float64, tileSize)
	traces := equilibrium.Traces(s.Play.Policy.Values, s.Covariance)
	for i, v := range s.Play.Policy.Values {
		if v.A == nil {
			d.expected[i] = float64(s.Clock.Step * traces[i])
			continue
		}
		for j := range n {
			for k := range n {
				d.expected[i] += float64(s.Clock.Step * v.A.At(j, k) * s.Covariance.At(j, k))
			}
		}
	}
	return d
}

// start forgets the tile before and follows the first paths of the next.
func (d *surprise) start(paths int) {
	d.paths = paths
	for i := range d.sum {
		clear(d.sum[i])
		clear(d.scale[i])
	}
}

// step takes the shocks dx that follow the settlement.
func (d *surprise) step(next clock.Moment, b *market.Block, dx [][]float64) {
	n := d.paths
	if n == 0 {
		return
	}
	for i := range d.next {
		kernel.Combine(d.next[i][:n], b.Inventory[i][:n], one, dx[i:i+1])
	}
	values := d.sim.Play.Policy.Values
	d.form[0].load(values, b.Inventory, n)
	d.form[1].load(values, d.next, n)
	for i, v := range values {
		if !v.Known() {
			d.sale(i, b)
			continue
		}
		before, after := d.value[0][:n], d.value[1][:n]
		d.form[0].value(before, v, b.Inventory)
		d.form[1].value(after, v, d.next)
		for p := range n {
			s := next.Discount * (after[p] - before[p] - d.expected[i])
			d.sum[i][p] += float64(s)
			d.scale[i][p] += math.Abs(next.Discount*after[p]) + math.Abs(next.Discount*before[p])
		}
	}
}

// sale adds the move of the fundamental on what seat i has still to sell.
func (d *surprise) sale(i int, b *market.Block) {
	if !d.sim.Play.Sells(i) {
		return
	}
	for p := range d.paths {
		s := float64(b.Inventory[i][p] * float64(d.sim.Reference.Volatility*b.News[p]))
		d.sum[i][p] += s
		d.scale[i][p] += math.Abs(s)
	}
}

var one = []float64{1}
