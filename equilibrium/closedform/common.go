package closedform

import (
	"fmt"
)

// SymmetricCommon is the market of n identical traders with common values, SS
// section 6: trader i's need is ξ_i + φ Σ_{j≠i} ξ_j, where ξ_j is what trader j
// observes. n ≥ 3, holdingCost is b, discountRate is r; common is φ, above
// −1/(n−1), where the matrix of needs is singular, and below (n−2)/(2(n−1)),
// where trade stops. With N = n
//
//	κ = r((N−2)(1−φ) − φN)/(2(1−φ) + 2φN),   P = −b/(Nr)·1,   Q = κ(I − S/N)
//
// over inventories with all signals taken into account. It is the market of
// private values with another number of rivals: a report moves the price by
// 1 + (N−1)φ where it would move it by 1, and the trade by 1 − φ, so that the
// speed is that of M traders, κ = r(M−2)/2, with
//
//	M − 1 = (N−1)(1−φ)/(1 + (N−1)φ).
func SymmetricCommon(n int, holdingCost, discountRate, common float64) (Mechanism, error) {
	if err := checkCommon(n, holdingCost, discountRate, common); err != nil {
		return Mechanism{}, err
	}
	return besideOthers(n, holdingCost, discountRate, effectiveRivals(n, common)), nil
}

// SymmetricCommonDiscrete is the same market with an auction every step units of
// time, timed as in [SymmetricDiscrete]; Q is in quantities per auction. The
// value of trader i is as it is there for any μ = 1 − κ_Δ. In the first-order
// condition of truth-telling the price term alone changes, by the factor
// θ = (1 + (N−1)φ)/(1−φ):
//
//	(N−1)(1−ρ)μ = θ(1 − ρμ²),
//
// which is the condition of M traders with private values, M − 1 = (N−1)/θ as
// in continuous time.
func SymmetricCommonDiscrete(n int, holdingCost, discountRate, common, step float64) (Mechanism, error) {
	err := firstError(checkCommon(n, holdingCost, discountRate, common), positive("step", step))
	if err != nil {
		return Mechanism{}, err
	}
	return besideOthersDiscrete(n, holdingCost, discountRate, step, effectiveRivals(n, common)), nil
}

// effectiveRivals is M − 1.
func effectiveRivals(n int, common float64) float64 {
	rivals := float64(n - 1)
	return rivals * (1 - common) / (1 + rivals*common)
}

func checkCommon(n int, holdingCost, discountRate, common float64) error {
	if err := checkSymmetric(n, holdingCost, discountRate); err != nil {
		return err
	}
	rivals := float64(n - 1)
	least, bound := -1/rivals, (rivals-1)/(2*rivals)
	if !(common > least) || !(common < bound) {
		return &ParameterError{Name: "common", Value: common,
			Limit: fmt.Sprintf("above −1/(n−1) = %g and below (n−2)/(2(n−1)) = %g, where trade stops", least, bound)}
	}
	return nil
}
