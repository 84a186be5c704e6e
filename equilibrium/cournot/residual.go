package cournot

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// What is left of the stationary equations at a solution, relative to the inventory
// costs: a check that does not ask how it was found.

// Residual is what is left of CMZ (A4), η − βA = 4κδA²/(N+1).
func (c Constants) Residual() float64 {
	_, n1 := c.counts()
	left := c.InventoryCost - c.DiscountRate*c.A - 4*c.Kappa*c.Activity*c.A*c.A/n1
	return math.Abs(left) / c.InventoryCost
}

// FeedbackResidual is the largest residual of the equations of α, ζ and ρ in
// continuous time.
func (m Model) FeedbackResidual(s Slopes) float64 {
	r := m.residual(s, timed(m.DiscountRate, 0))
	return math.Max(math.Abs(r.Own), math.Max(math.Abs(r.Cross), math.Abs(r.Rivals))) / m.InventoryCost
}

// OpenLoopResidual is the largest of diag(η) − βK − 4δKTK.
func (d Different) OpenLoopResidual(k *mat.SymDense) float64 {
	n := len(d.InventoryCosts)
	var left mat.Dense
	left.Product(k, spread(n), k)
	left.Scale(-4*d.Activity, &left)
	var discounted mat.Dense
	discounted.Scale(-d.DiscountRate, k)
	left.Add(&left, &discounted)
	for j, η := range d.InventoryCosts {
		left.Set(j, j, left.At(j, j)+η)
	}
	return d.relative(&left)
}

// FeedbackResidual is the largest residual of the equations of all P_j in
// continuous time.
func (d Different) FeedbackResidual(p []*mat.SymDense) float64 {
	worst := 0.
	for _, r := range d.residuals(p, timed(d.DiscountRate, 0)) {
		worst = math.Max(worst, d.relative(r))
	}
	return worst
}

// relative is the largest entry, in units of the largest inventory cost.
func (d Different) relative(m mat.Matrix) float64 {
	cost, worst := 0., 0.
	for _, η := range d.InventoryCosts {
		cost = math.Max(cost, η)
	}
	rows, columns := m.Dims()
	for i := range rows {
		for j := range columns {
			worst = math.Max(worst, math.Abs(m.At(i, j)))
		}
	}
	return worst / cost
}
