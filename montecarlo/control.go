package montecarlo

import (
	"gonum.org/v1/gonum/mat"

	"walras/clock"
	"walras/equilibrium"
	"walras/internal/kernel"
	"walras/market"
)

// control adds up, per seat and path, a control variate for welfare besides the
// surprise of the shocks: what deviations earn, R_k(X_k), to first order about
// the mean path m_k,
//
//	Σ_k ρ^k ∇R_k(m_k)·(X_k − m_k).
//
// Its mean is zero, because m_k is exact. What remains of the noise is of second
// order in the shocks.
type control struct {
	sim        *Simulation
	transition *mat.Dense
	regrets    []*equilibrium.Regret // of single members
	sum        [][]float64
	mean       []float64
	slope      []float64
	work       []float64
}

// newControl is nil where nobody deviates: there is nothing to add.
func newControl(s *Simulation) *control {
	if !s.Play.Deviates() {
		return nil
	}
	n := len(s.Names)
	c := &control{
		sim: s, transition: s.Play.Transition(), regrets: make([]*equilibrium.Regret, n),
		sum: market.Matrix(n, tileSize), mean: make([]float64, n), slope: make([]float64, n), work: make([]float64, tileSize),
	}
	for i, v := range s.Play.Policy.Values {
		if v.Known() {
			c.regrets[i] = s.Play.Regret(i)
		}
	}
	return c
}

// start puts the mean path at time 0.
func (c *control) start() {
	copy(c.mean, c.sim.Initial)
	for i := range c.sum {
		clear(c.sum[i])
	}
}

// auction takes the inventories before the auction, and moves the mean path
// through it.
func (c *control) auction(now clock.Moment, b *market.Block) {
	n := b.Paths
	mean := mat.NewVecDense(len(c.mean), c.mean)
	for i, r := range c.regrets {
		if r == nil {
			continue
		}
		r.At(now.Index, c.slope)
		gradient := r.Gradient(mean)
		for j := range c.slope {
			c.slope[j] += gradient.AtVec(j)
		}
		x := c.work[:n]
		kernel.CombineScaled(x, c.slope[0], b.Inventory[0][:n], c.slope[1:], b.Inventory[1:])
		centre := mat.Dot(mat.NewVecDense(len(c.slope), c.slope), mean)
		sum := c.sum[i][:n]
		for p := range sum {
			sum[p] += float64(now.Discount * (x[p] - centre))
		}
	}
	next := mat.NewVecDense(len(c.mean), nil)
	next.MulVec(c.transition, mean)
	c.sim.Play.Constants(now.Index, c.slope)
	next.SubVec(next, mat.NewVecDense(len(c.slope), c.slope))
	copy(c.mean, next.RawVector().Data)
}
