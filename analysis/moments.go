package analysis

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/montecarlo"
)

// Moments are the exact mean and covariance of a linear market at one tick:
// m_{k+1} = M m_k − q̃_k and V_{k+1} = M V_k Mᵀ + ΔC, with M = I − Q.
type Moments struct {
	Mean       []float64     // m
	Covariance *mat.SymDense // V

	Price, PriceVariance   float64 // of p = P X
	Trade, TradeVariance   []float64
	Change, ChangeVariance float64 // of Δp, to the next auction
}

// Recursion computes the moments at the given ascending ticks.
func Recursion(play *equilibrium.Play, initial []float64, covariance mat.Symmetric, ticks []int) []Moments {
	list := make([]Moments, 0, len(ticks))
	walk(play, initial, covariance, ticks[len(ticks)-1], func(k int, mean *mat.VecDense, v *mat.SymDense) {
		if ticks[len(list)] == k {
			list = append(list, momentsAt(play, k, mean, v, covariance))
		}
	})
	return list
}

// walk visits mean and covariance of the inventories at the ticks 0 … last, one
// after another, in memory that does not grow with their number.
func walk(play *equilibrium.Play, initial []float64, covariance mat.Symmetric, last int, visit func(k int, mean *mat.VecDense, v *mat.SymDense)) {
	n := len(initial)
	m, constant := play.Transition(), make([]float64, n)
	mean := mat.NewVecDense(n, append([]float64(nil), initial...))
	v := mat.NewSymDense(n, nil)
	for k := 0; ; k++ {
		visit(k, mean, v)
		if k == last {
			return
		}
		next := mat.NewVecDense(n, nil)
		next.MulVec(m, mean)
		if play.Deviates() {
			play.Constants(k, constant)
			next.SubVec(next, mat.NewVecDense(n, constant))
		}
		mean = next
		v = propagate(m, v, covariance, play.Policy.Timing.Step)
	}
}

// propagate is M V Mᵀ + ΔC.
func propagate(m *mat.Dense, v, covariance mat.Symmetric, step float64) *mat.SymDense {
	n := v.SymmetricDim()
	var half, full mat.Dense
	half.Mul(m, factor(v))
	full.Mul(&half, m.T())
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, (full.At(i, j)+full.At(j, i))/2+step*covariance.At(i, j))
		}
	}
	return out
}

func momentsAt(play *equilibrium.Play, k int, mean *mat.VecDense, v *mat.SymDense, covariance mat.Symmetric) Moments {
	n := mean.Len()
	p := mat.NewVecDense(n, play.Price)
	var trade, drift mat.VecDense
	trade.MulVec(play.Flows, mean)
	drift.MulVec(play.Flows.T(), p)
	drift.ScaleVec(-1, &drift) // P(M − I)
	out := Moments{
		Mean: append([]float64(nil), mean.RawVector().Data...), Covariance: v,
		Price: mat.Dot(p, mean), PriceVariance: mat.Inner(p, v, p),
		Trade: append([]float64(nil), trade.RawVector().Data...), TradeVariance: make([]float64, n),
		Change:         mat.Dot(&drift, mean),
		ChangeVariance: mat.Inner(&drift, v, &drift) + play.Policy.Timing.Step*mat.Inner(p, covariance, p),
	}
	if play.Deviates() {
		constant := make([]float64, n)
		out.Price += play.Constants(k, constant)
		out.Change += play.DriftConstant(k)
		for i, q := range constant {
			out.Trade[i] += q
		}
	}
	for i, t := range variances(play.Flows, v) {
		out.TradeVariance[i] = math.Max(0, t)
	}
	return out
}

// factor is v as a product of many seats takes it best: products with a symmetric
// matrix use one processor, and few seats do not feel it.
func factor(v mat.Symmetric) mat.Matrix {
	if v.SymmetricDim() <= montecarlo.PairSeats {
		return v
	}
	return mat.DenseCopyOf(v)
}

// variances are Q^iVQ^{iᵀ} of every row of Q.
func variances(flows *mat.Dense, v *mat.SymDense) []float64 {
	n := v.SymmetricDim()
	out := make([]float64, n)
	var product mat.Dense
	if n > montecarlo.PairSeats {
		product.Mul(flows, factor(v))
	}
	for i := range out {
		row := mat.NewVecDense(n, flows.RawRowView(i))
		if n > montecarlo.PairSeats {
			out[i] = mat.Dot(row, product.RowView(i))
		} else {
			out[i] = mat.Inner(row, v, row)
		}
	}
	return out
}
