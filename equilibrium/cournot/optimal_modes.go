package cournot

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// mode is one exponential in the solution of the seller's problem: e^{−decay t},
// or e^{−decay(d−t)} when counted from the end, with its amplitudes in f, i, B, μ
// and ν.
type mode struct {
	decay             float64
	fromEnd           bool
	rates             float64 // f
	inflow            float64 // (f + 2δB)/(N+1), what makers take in but for −M i
	inventory         float64 // i
	anticipation      float64 // B
	inventoryPrice    float64 // μ
	anticipationPrice float64 // ν
}

// at is the exponential at time t.
func (v mode) at(t, d float64) float64 {
	if v.fromEnd {
		t = d - t
	}
	return math.Exp(-v.decay * t)
}

// times is the mode with all amplitudes multiplied.
func (v mode) times(x float64) mode {
	v.rates *= x
	v.inflow *= x
	v.inventory *= x
	v.anticipation *= x
	v.inventoryPrice *= x
	v.anticipationPrice *= x
	return v
}

// held is the inventory at time t due to the inflow of the mode since 0. The sum
// over modes is that of their inventories, which are large and cancel where M is
// small.
func (v mode) held(M, t, d float64) float64 {
	if v.fromEnd {
		return v.inflow * math.Exp(-v.decay*(d-t)) * h(M+v.decay, t)
	}
	return v.inflow * x1(M, v.decay, t)
}

// overlap is ∫₀ᵈ e^{−rate t} Π(exponentials of the modes)dt.
func overlap(rate, d float64, modes ...mode) float64 {
	ending := 0.
	for _, v := range modes {
		if v.fromEnd {
			ending += v.decay
		} else {
			rate += v.decay
		}
	}
	return x1(ending, rate, d)
}

// total is ∫₀ᵈ f dt of a sum of modes.
func total(modes []mode, d float64) (sum float64) {
	for _, v := range modes {
		sum += v.rates * overlap(0, d, v)
	}
	return sum
}

// forced are the particular solutions for u_0 = 1, which is constant, and for
// Λe^{βd} = 1, which grows like e^{βt} and moves neither inventories nor ν.
func (o *Optimal) forced() (constant, growing mode) {
	n, n1 := o.Market.counts()
	β, δ, M, c := o.Market.DiscountRate, o.Market.Activity, o.Market.M, 2*o.Market.A*n/n1
	f := δ * n1 / (n + 2)
	constant = mode{
		rates: f, inflow: f * o.Market.S / n1, inventory: f * o.Market.S / (n1 * M), anticipation: -o.Market.K * f / o.Market.Gamma,
		inventoryPrice: -c * f / (β + M), anticipationPrice: -n / n1 * f * β / ((β + M) * o.Market.Kappa * M),
	}
	growing = mode{decay: β, fromEnd: true, rates: -f, anticipation: f / (2 * δ), inventoryPrice: c * f / M}
	return constant, growing
}

// homogeneous are the modes without forcing: two that decay, two that grow. Their
// exponents s = β/2 ± √(β²/4 + p) come from 4p² − b_1p + c_0 = 0.
func (o *Optimal) homogeneous() []mode {
	β, M, κ := o.Market.DiscountRate, o.Market.M, o.Market.Kappa
	n, n1 := o.Market.counts()
	b1 := 2*M*M*n*(κ*κ-κ+1) + 4*M*M*(κ*κ+1) + (n+4)*M*β*(κ+1)
	c0 := 2 * (n + 2) * M * M * κ * (M + β) * (κ*M + β)
	fast := (b1 + math.Sqrt(b1*b1-16*c0)) / 8
	slow := c0 / (4 * fast)
	up := func(p float64) float64 { return β/2 + math.Sqrt(β*β/4+p) }
	modes := []mode{o.mode(-fast/up(fast), -up(fast)), o.mode(up(fast), fast/up(fast))}
	if κ != 1 {
		return append(modes, o.mode(-slow/up(slow), -up(slow)), o.mode(up(slow), slow/up(slow)))
	}
	// s = −M and s = β + M sell nothing. All else has μ = NB and ν = −Ni, so that
	// the conditions at the ends leave nothing of these two; they complete the basis.
	inflow := 2 * o.Market.Activity / n1
	inventory := inflow / (β + 2*M)
	return append(modes,
		mode{decay: M, inventory: 1, anticipationPrice: n},
		mode{decay: β + M, fromEnd: true, anticipation: 1, inventoryPrice: -n, inflow: inflow, inventory: inventory, anticipationPrice: n * inventory})
}

// mode is the mode e^{st} in which f = 1; less is s − β, from which s − γ comes
// without cancellation.
func (o *Optimal) mode(s, less float64) mode {
	n, n1 := o.Market.counts()
	M, κM := o.Market.M, o.Market.Kappa*o.Market.M
	inflow := less / (n1 * (less - κM))
	return mode{
		decay: math.Abs(s), fromEnd: s > 0,
		rates: 1, inflow: inflow, inventory: inflow / (s + M), anticipation: o.Market.K / (less - κM),
		inventoryPrice:    2 * o.Market.A * n / n1 / (less - M),
		anticipationPrice: -n / n1 * less / ((less - M) * (s + κM)),
	}
}

// answer is a particular solution with as much of the modes as makes i and ν
// vanish at 0 and B and μ at d.
func (o *Optimal) answer(forced mode) ([]mode, error) {
	at := func(v mode) [4]float64 {
		start, end := v.at(0, o.End), v.at(o.End, o.End)
		return [4]float64{v.inventory * start, v.anticipationPrice * start, v.anticipation * end, v.inventoryPrice * end}
	}
	modes := o.homogeneous()
	conditions, right := mat.NewDense(4, 4, nil), mat.NewVecDense(4, nil)
	for row := range 4 {
		right.SetVec(row, -at(forced)[row])
	}
	for j, v := range modes {
		for row, x := range at(v) {
			conditions.Set(row, j, x)
		}
	}
	for row := range 4 { // rows have units of their own
		scale := 1 / mat.Norm(conditions.RowView(row), math.Inf(1))
		right.SetVec(row, right.AtVec(row)*scale)
		for j := range modes {
			conditions.Set(row, j, conditions.At(row, j)*scale)
		}
	}
	var amounts mat.VecDense
	if err := amounts.SolveVec(conditions, right); err != nil {
		return nil, fmt.Errorf("cournot: optimal schedule: %w", err)
	}
	for j := range modes {
		modes[j] = modes[j].times(amounts.AtVec(j))
	}
	return append(modes, forced), nil
}
