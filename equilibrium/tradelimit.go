package equilibrium

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// incentive measures what is left of the gains from trade under common values
// with a share of the off-diagonal part of F:
//
//	τ = Σ_ij b_i (F⁻¹)_ij / b_j,   N with private values.
//
// Trade stops where τ falls to 2. For as trade dies out, Q → 0, the value
// equation gives A^i = −(b_i/2r)1^{ii} and the conditions, to first order in Q,
// PF = −b/(2r); with that the flows of the conditions sum to zero only if τ = 2.
// (τ = N at F = I says that two strategic traders do not trade.) In the
// symmetric case it is the bound of SS section 6, φ = (N−2)/(2(N−1)); the same
// argument holds in the discrete game. ok is false where F is singular.
func (g Game) incentive(share float64) (tau float64, ok bool) {
	n := len(g.Traders)
	f := mat.NewDense(n, n, nil)
	b, capacity := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for t, c := range g.single(share) {
		f.SetCol(t, c.signal)
		b.SetVec(t, c.cost)
		capacity.SetVec(t, 1/c.cost)
	}
	var x mat.VecDense
	if err := x.SolveVec(f, capacity); err != nil {
		if c, bad := err.(mat.Condition); !bad || math.IsInf(float64(c), 1) {
			return 0, false
		}
	}
	return mat.Dot(b, &x), true
}

// tradeLimit is the first share of the way from private values at which trade
// stops or F is singular, above 1 (not exactly known then) if neither happens on
// the way.
func (g Game) tradeLimit() float64 {
	const points = 64
	trade := func(share float64) bool {
		tau, ok := g.incentive(share)
		return ok && tau > 2
	}
	low := 0.0
	for k := 1; k <= points; k++ {
		high := float64(k) / points
		if trade(high) {
			low = high
			continue
		}
		for high-low > 1e-15 {
			middle := (low + high) / 2
			if middle == low || middle == high {
				break
			}
			if trade(middle) {
				low = middle
			} else {
				high = middle
			}
		}
		return high
	}
	return math.Inf(1)
}

// noTrade reports common values that are too large: at the limit τ has fallen to
// 2, or F is singular, and τ jumps from infinity to below 0.
func (g Game) noTrade(limit float64) error {
	tau, ok := g.incentive(limit)
	singular := !ok || tau < 0
	reason := fmt.Sprintf("on the way from private values to common_values F trade stops at %.6g of the off-diagonal entries, where Σ b_i (F⁻¹)_ij / b_j has fallen to 2", limit)
	if singular {
		reason = fmt.Sprintf("on the way from private values to common_values F the matrix is singular at %.6g of the off-diagonal entries", limit)
	}
	hint := fmt.Sprintf("scale the off-diagonal entries of common_values by less than %.4g", limit)
	if phi, ok := g.CommonValue(); ok {
		n := float64(len(g.Traders))
		bound, formula, side := limit*phi, "", "below"
		what := "trade stops at φ"
		switch {
		case singular:
			bound, formula, side = -1/(n-1), " = −1/(N−1)", "above"
			what = "F is singular at φ"
		case g.identical():
			bound, formula = (n-2)/(2*(n-1)), " = (N−2)/(2(N−1))"
		}
		reason = fmt.Sprintf("common values φ = %.6g off the diagonal; %s%s = %.6g", phi, what, formula, bound)
		hint = fmt.Sprintf("take common values %s %.4g", side, bound)
	}
	return &NoEquilibriumError{Reason: reason, Hint: hint}
}

// CommonValue is φ if all off-diagonal entries of F are one number φ, 0 for
// private values; ok is false for any other F.
func (g Game) CommonValue() (phi float64, ok bool) {
	if g.Interaction == nil {
		return 0, true
	}
	phi = g.Interaction.At(0, 1)
	for i := range g.Traders {
		for j := range g.Traders {
			if i != j && g.Interaction.At(i, j) != phi {
				return 0, false
			}
		}
	}
	return phi, true
}

// identical reports whether all holding costs are equal.
func (g Game) identical() bool {
	for _, t := range g.Traders {
		if t.HoldingCost != g.Traders[0].HoldingCost {
			return false
		}
	}
	return true
}
