package analysis

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
)

// Moments are the exact mean and covariance of a linear market at one tick:
// X_k has mean m = M^kX₀ and covariance V, with V_{k+1} = M V_k Mᵀ + ΔC.
type Moments struct {
	Mean       []float64     // m
	Covariance *mat.SymDense // V

	Price, PriceVariance   float64 // of p = P X
	Trade, TradeVariance   []float64
	Change, ChangeVariance float64 // of Δp, to the next auction
}

// Recursion computes the moments at the given ascending ticks.
func Recursion(policy *equilibrium.Policy, initial []float64, covariance mat.Symmetric, ticks []int) []Moments {
	list := make([]Moments, 0, len(ticks))
	walk(policy, initial, covariance, ticks[len(ticks)-1], func(k int, mean *mat.VecDense, v *mat.SymDense) {
		if ticks[len(list)] == k {
			list = append(list, momentsAt(policy, mean, v, covariance))
		}
	})
	return list
}

// walk visits mean and covariance of the inventories at the ticks 0 … last, one
// after another, in memory that does not grow with their number.
func walk(policy *equilibrium.Policy, initial []float64, covariance mat.Symmetric, last int, visit func(k int, mean *mat.VecDense, v *mat.SymDense)) {
	n := len(initial)
	m := policy.Transition()
	mean := mat.NewVecDense(n, append([]float64(nil), initial...))
	v := mat.NewSymDense(n, nil)
	for k := 0; ; k++ {
		visit(k, mean, v)
		if k == last {
			return
		}
		next := mat.NewVecDense(n, nil)
		next.MulVec(m, mean)
		mean = next
		v = propagate(m, v, covariance, policy.Timing.Step)
	}
}

// propagate is M V Mᵀ + ΔC.
func propagate(m *mat.Dense, v, covariance mat.Symmetric, step float64) *mat.SymDense {
	n := v.SymmetricDim()
	var half, full mat.Dense
	half.Mul(m, v)
	full.Mul(&half, m.T())
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, (full.At(i, j)+full.At(j, i))/2+step*covariance.At(i, j))
		}
	}
	return out
}

func momentsAt(policy *equilibrium.Policy, mean *mat.VecDense, v *mat.SymDense, covariance mat.Symmetric) Moments {
	n := mean.Len()
	p := mat.NewVecDense(n, policy.Price)
	var trade, drift mat.VecDense
	trade.MulVec(policy.Flows, mean)
	drift.MulVec(policy.Flows.T(), p)
	drift.ScaleVec(-1, &drift) // P(M − I)
	out := Moments{
		Mean: append([]float64(nil), mean.RawVector().Data...), Covariance: v,
		Price: mat.Dot(p, mean), PriceVariance: mat.Inner(p, v, p),
		Trade: append([]float64(nil), trade.RawVector().Data...), TradeVariance: make([]float64, n),
		Change:         mat.Dot(&drift, mean),
		ChangeVariance: mat.Inner(&drift, v, &drift) + policy.Timing.Step*mat.Inner(p, covariance, p),
	}
	for i := range n {
		row := mat.NewVecDense(n, mat.Row(nil, i, policy.Flows))
		out.TradeVariance[i] = math.Max(0, mat.Inner(row, v, row))
	}
	return out
}

// Welfare is the expected outcome of one seat: E of the payoff to the horizon,
// of the discounted value there, and of Σ|q|.
type Welfare struct {
	Value, Payoff, Terminal, Volume float64
}

// Outcomes computes the expected outcomes of every seat. Value is f^i(X₀);
// the volume is a sum of means of folded normal variables. Groups get zeros.
func Outcomes(policy *equilibrium.Policy, initial []float64, covariance mat.Symmetric, steps int) []Welfare {
	list := make([]Welfare, len(initial))
	discount := math.Exp(-policy.Timing.DiscountRate * policy.Timing.Step * float64(steps))
	walk(policy, initial, covariance, steps, func(k int, mean *mat.VecDense, v *mat.SymDense) {
		for i, value := range policy.Values {
			if value.A == nil {
				continue
			}
			if k < steps {
				q := mat.NewVecDense(len(initial), policy.Flows.RawRowView(i))
				list[i].Volume += foldedNormal(mat.Dot(q, mean), math.Sqrt(math.Max(0, mat.Inner(q, v, q))))
				continue
			}
			list[i].Value = value.At(initial)
			list[i].Terminal = discount * (value.At(mean.RawVector().Data) + traceProduct(value.A, v))
			list[i].Payoff = list[i].Value - list[i].Terminal
		}
	})
	return list
}

func traceProduct(a, b mat.Symmetric) float64 {
	sum := 0.0
	for i := range a.SymmetricDim() {
		for j := range a.SymmetricDim() {
			sum += a.At(i, j) * b.At(i, j)
		}
	}
	return sum
}

// foldedNormal is E|Y| for Y normal with mean m and standard deviation s.
func foldedNormal(m, s float64) float64 {
	if s == 0 {
		return math.Abs(m)
	}
	z := m / s
	return s*math.Sqrt(2/math.Pi)*math.Exp(-z*z/2) + m*math.Erf(z/math.Sqrt2)
}
