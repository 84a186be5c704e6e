package analysis

import (
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
)

// Shape is how far a symmetric quantity is from a Gaussian one: its variance, and
// its cumulants of order 4, 6 and 8 divided by powers of the variance. They are 0
// for a Gaussian; the first is the excess kurtosis.
type Shape struct{ Variance, Fourth, Sixth, Eighth float64 }

// plus is the shape of the sum with an independent jump quantity: a Poisson number
// of normal jumps, `jumps` on average, of this variance in all. Its cumulants of
// order 2m are jumps·E J^{2m} with J normal of variance variance/jumps, and
// cumulants of independent quantities add up.
func (s Shape) plus(variance, jumps float64) Shape {
	total := s.Variance + variance
	if !(total > 0) {
		return s
	}
	a, b := s.Variance/total, variance/total
	u := b / jumps
	return Shape{
		Variance: total,
		Fourth:   a*a*s.Fourth + 3*b*u,
		Sixth:    a*a*a*s.Sixth + 15*b*u*u,
		Eighth:   a*a*a*a*s.Eighth + 105*b*u*u*u,
	}
}

// ofSquare is the excess kurtosis of the squared deviation, from the moments of
// order 2, 4, 6 and 8 in terms of cumulants; 12 for a Gaussian.
func (s Shape) ofSquare() float64 {
	return (48 + 144*s.Fourth + 32*s.Fourth*s.Fourth + 24*s.Sixth + s.Eighth) / ((2 + s.Fourth) * (2 + s.Fourth))
}

// Cumulants say how far the quantities of one tick are from Gaussian. With jumps at
// rate ν a period's shocks have the fourth cumulant
//
//	κ(a,b,c,d) = (Δ/ν)(C_abC_cd + C_acC_bd + C_adC_bc),
//
// and X_k is the sum of M^sε over the periods s = 0 … k−1 that have passed since a
// shock ε came.
type Cumulants struct {
	Joint         *mat.SymDense // κ(X_i, X_i, X_j, X_j) = (Δ/ν) Σ_s (C^s_ii C^s_jj + 2(C^s_ij)²), C^s = M^sC(M^s)ᵀ
	Inventory     []Shape
	Trade         []Shape
	Price, Change Shape
}

// CumulantsAt computes them at the given ascending ticks, for shocks in jumps at
// this rate per unit of time; rate 0 stands for Brownian shocks.
func CumulantsAt(play *equilibrium.Play, covariance mat.Symmetric, rate float64, ticks []int) []Cumulants {
	n := covariance.SymmetricDim()
	list := make([]Cumulants, 0, len(ticks))
	now := Cumulants{Joint: mat.NewSymDense(n, nil), Inventory: make([]Shape, n), Trade: make([]Shape, n)}
	if rate == 0 {
		for range ticks {
			list = append(list, now)
		}
		return list
	}
	step, jumps, transition := play.Policy.Timing.Step, rate*play.Policy.Timing.Step, play.Transition()
	p, drift := mat.NewVecDense(n, play.Price), mat.NewVecDense(n, nil)
	drift.MulVec(play.Flows.T(), p) // up to its sign
	none := mat.NewSymDense(n, nil)
	fresh := propagate(transition, none, covariance, step) // ΔC
	news := mat.Inner(p, fresh, p)
	for k, aged := 0, fresh; ; k++ { // aged is ΔC^k
		for len(list) < len(ticks) && ticks[len(list)] == k {
			at := now
			at.Change = now.Change.plus(news, jumps)
			list = append(list, at)
		}
		if len(list) == len(ticks) {
			return list
		}
		now = now.plus(play, aged, p, drift, jumps)
		aged = propagate(transition, aged, none, step)
	}
}

// plus adds what one more period of shocks, of this covariance by now, contributes.
func (c Cumulants) plus(play *equilibrium.Play, aged *mat.SymDense, p, drift mat.Vector, jumps float64) Cumulants {
	n := len(c.Inventory)
	out := Cumulants{
		Joint: mat.NewSymDense(n, nil), Inventory: make([]Shape, n), Trade: make([]Shape, n),
		Price: c.Price.plus(mat.Inner(p, aged, p), jumps), Change: c.Change.plus(mat.Inner(drift, aged, drift), jumps),
	}
	for i := range n {
		for j := i; j < n; j++ {
			cij := aged.At(i, j)
			out.Joint.SetSym(i, j, c.Joint.At(i, j)+(aged.At(i, i)*aged.At(j, j)+2*cij*cij)/jumps)
		}
		row := mat.NewVecDense(n, play.Flows.RawRowView(i))
		out.Inventory[i] = c.Inventory[i].plus(aged.At(i, i), jumps)
		out.Trade[i] = c.Trade[i].plus(mat.Inner(row, aged, row), jumps)
	}
	return out
}
