package cournot

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/internal/lyapunov"
)

// Different is a market of makers with inventory costs of their own.
type Different struct {
	DiscountRate   float64   // β > 0, per time
	Activity       float64   // δ > 0, asset units per time and money per asset unit
	Reservation    float64   // ω > 0, money per asset unit
	InventoryCosts []float64 // η_j > 0, money per asset unit squared per time
}

// MaxDifferent bounds the number of different makers: what a maker anticipates
// under feedback has N² coordinates.
const MaxDifferent = 12

// Validate returns a *ParameterError for the first field outside its range.
func (d Different) Validate() error {
	if n := len(d.InventoryCosts); n < 1 || n > MaxDifferent {
		return &ParameterError{Name: "len(InventoryCosts)", Value: float64(n), Limit: fmt.Sprintf("from 1 to %d", MaxDifferent)}
	}
	m := d.model()
	for j, η := range d.InventoryCosts {
		m.InventoryCost = η
		if err := m.Validate(); err != nil {
			if e := err.(*ParameterError); e.Name == "InventoryCost" {
				e.Name = fmt.Sprintf("InventoryCosts[%d]", j)
			}
			return err
		}
	}
	return nil
}

// model is the market without its inventory costs.
func (d Different) model() Model {
	return Model{DiscountRate: d.DiscountRate, Makers: len(d.InventoryCosts), Activity: d.Activity, Reservation: d.Reservation}
}

// spread is T = I − 11'/(N+1): trades respond to marginal values λ with δTλ.
func spread(n int) *mat.Dense {
	t := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			t.Set(i, j, -1/float64(n+1))
		}
		t.Set(i, i, float64(n)/float64(n+1))
	}
	return t
}

// reversion is M for marginal values λ = D(−2Lx' + h) after a trade, over periods
// of length dt: with c = 4δD,
//
//	x' = S(x + …), S = (I + c dt TL)⁻¹, M = (I − S)/dt = c TL S.
func reversion(l mat.Matrix, t timing, δ float64) (m, s *mat.Dense) {
	n, _ := l.Dims()
	var tl, left, inverse mat.Dense
	tl.Mul(spread(n), l)
	tl.Scale(4*δ*t.discount, &tl)
	left.Scale(t.step, &tl)
	for i := range n {
		left.Set(i, i, left.At(i, i)+1)
	}
	_ = inverse.Inverse(&left) // ill conditioned at worst where speeds differ by 1e15
	m = new(mat.Dense)
	m.Mul(&tl, &inverse)
	return m, &inverse
}

// timing is the period of a game: a step 0 is continuous time, and all equations
// are written so that it is no special case.
type timing struct {
	step     float64 // dt
	discount float64 // D = e^{−β dt}
	rate     float64 // (1 − D)/dt, which is β for dt = 0
}

func timed(β, step float64) timing {
	t := timing{step: step, discount: math.Exp(-β * step), rate: β}
	if step > 0 {
		t.rate = -math.Expm1(-β*step) / step
	}
	return t
}

// OpenLoopSlopes is K: in the open-loop equilibrium the marginal values of
// inventory are λ = −2Kx + h(t). K is symmetric and positive definite, and solves
//
//	diag(η) = βK + 4δ K T K                        (step 0, continuous time)
//	K = dt diag(η) + D K S, S = (I + 4δD dt TK)⁻¹  (periods of length dt = step).
//
// In the second K is that of a period's beginning.
func (d Different) OpenLoopSlopes(step float64) (*mat.SymDense, error) {
	n := len(d.InventoryCosts)
	δ := d.Activity
	var s mat.Dense
	s.Scale(4*δ, spread(n))
	c, start := mat.NewSymDense(n, nil), mat.NewSymDense(n, nil)
	for j, η := range d.InventoryCosts {
		c.SetSym(j, j, η)
		start.SetSym(j, j, alone(η, d.DiscountRate, 4*δ))
	}
	k, err := lyapunov.Riccati(scaledIdentity(n, d.DiscountRate/2), lyapunov.Symmetric(&s), c, start)
	if err != nil || step == 0 {
		return k, err
	}
	// Newton's method, by what a policy M costs: the game has the potential
	// Σ Dᵏ dt(x' diag(η) x + u'T⁻¹u/(4δ)), u the net trades.
	t := timed(d.DiscountRate, step)
	for range maxNewton {
		m, inverse := reversion(k, t, δ)
		cost := mat.DenseCopyOf(c)
		for i := range n {
			total := 0.
			for l := range n {
				total += m.At(l, i)
			}
			for j := range n {
				sum := 0.
				for l := range n {
					sum += m.At(l, j) * (m.At(l, i) + total) // T⁻¹ = I + 11'
				}
				cost.Set(i, j, cost.At(i, j)+sum/(4*δ))
			}
		}
		cost.Scale(step, cost)
		solver, err := lyapunov.NewStein(inverse, t.discount)
		if err != nil {
			return nil, err
		}
		next := solver.Solve(lyapunov.Symmetric(cost))
		var change mat.Dense
		change.Sub(next, k)
		k = next
		if mat.Norm(&change, 2) <= squares*mat.Norm(k, 2) {
			break
		}
	}
	return k, nil
}

// maxNewton bounds Newton's method; squares is a relative step after which the
// error, about its square, is at rounding level.
const (
	maxNewton = 60
	squares   = 1e-9
)

// alone is the positive root of η = βA + cA².
func alone(η, β, c float64) float64 {
	if β < 0 {
		return (-β + math.Sqrt(β*β+4*c*η)) / (2 * c)
	}
	return 2 * η / (β + math.Sqrt(β*β+4*c*η))
}

func scaledIdentity(n int, c float64) *mat.Dense {
	m := mat.NewDense(n, n, nil)
	for i := range n {
		m.Set(i, i, c)
	}
	return m
}
