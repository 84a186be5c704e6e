package closedform

import "math"

// The same seller at K auctions a step Δ = T/K apart, at times 0, Δ, …, T − Δ.
// It sells the quantity a_k at auction k at the price
//
//	p_k = p_0 + σz_{kΔ} − (I/Δ)a_k − λΣ_{j<k} a_j:
//
// the noise has run from time 0 to the auction, and the permanent impact of a
// sale begins with the auction after it. As Δ → 0 everything tends to the
// continuous case at first order.

// AtAuctions is the revenue Σ p_k a_k of quantities sold at len(quantities)
// auctions, whatever they sum to. With R_k = Σ_{j≥k} a_j,
//
//	E = p_0R_0 − (I/Δ)Σa_k² − λΣ_{j<k} a_ja_k,   Var = σ²ΔΣ_{k≥1} R_k².
func (a AlmgrenChriss) AtAuctions(quantities []float64) Revenue {
	step := a.Horizon / float64(len(quantities))
	var y Revenue
	left := 0.
	for k := len(quantities) - 1; k >= 0; k-- {
		q := quantities[k]
		y.Mean += q * (a.Price - a.Instantaneous/step*q - a.Permanent*left) // a pair j < k pays λ once, here with j
		left += q
		if k > 0 {
			y.Variance += a.Volatility * a.Volatility * step * left * left
		}
	}
	return y
}

// BestQuantities is what the seller of X_0 sells at n auctions to maximise
// E − γ Var. With Ĩ = I/Δ − λ/2 the condition on R_k is
//
//	R_{k−1} − 2R_k + R_{k+1} = (γσ²Δ/Ĩ)R_k,   R_0 = X_0,   R_n = 0,
//
// whence R_k = X_0 sinh(u(n−k))/sinh(un) with 4 sinh²(u/2) = γσ²Δ/Ĩ, and
// a_k = R_k − R_{k+1} = 2X_0 sinh(u/2)cosh(u(n−k−½))/sinh(un). The best objective
// is p_0X_0 − (λ/2)X_0² − ĨX_0a_0.
//
// Ĩ must be positive: with more permanent than instantaneous impact a seller
// would rather alternate between sales and purchases without bound.
func (a AlmgrenChriss) BestQuantities(n int) ([]float64, error) {
	if err := firstError(a.Validate(), atLeast("n", n, 1)); err != nil {
		return nil, err
	}
	step := a.Horizon / float64(n)
	cost := a.Instantaneous/step - a.Permanent/2
	if !(cost > 0) && n > 1 {
		return nil, &ParameterError{Name: "Permanent", Value: a.Permanent, Limit: "below twice Instantaneous/Δ at auctions Δ apart"}
	}
	list := make([]float64, n)
	if n == 1 {
		list[0] = a.Quantity
		return list, nil
	}
	half := math.Asinh(a.Volatility * math.Sqrt(a.RiskAversion*step/cost) / 2) // u/2
	for k := range list {
		if half == 0 {
			list[k] = a.Quantity / float64(n)
			continue
		}
		// cosh(u(n−k−½))·2sinh(u/2)/sinh(un), without overflow.
		ahead := math.Exp(-4 * half * (float64(n-k) - .5))
		list[k] = a.Quantity * 2 * math.Sinh(half) * math.Exp(-half*float64(2*k+1)) * (1 + ahead) / -math.Expm1(-4*half*float64(n))
	}
	return list, nil
}
