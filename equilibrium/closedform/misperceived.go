package closedform

// Misperceived is the market of n identical traders in continuous time who take
// the instantaneous and the permanent impact of their trades to be factor times
// what they are (0 < factor < n−1), and know of no transient impact:
// (P − φI^iQ^i)(rI + Q) = −b1^i + φλ^iQ^i. holdingCost is b (money per asset
// unit squared per time), discountRate is r (per time), n ≥ 2.
//
// With P = −b/(Nr)·1 and Q = κ(I − S/N), both I^iκ and λ^i are b/(r(N−1)). Along
// 1^i − S/N, where P is zero, the condition becomes φ(r + 2κ) = r(N−1): that of
// identical strategic traders with (N−1)/φ in the place of N−1,
//
//	κ = r((N−1)/φ − 1)/2.
//
// Factor 1 is the market of [Symmetric]: without transient impact there, to know
// of none is no mistake. Two traders trade if factor < 1.
func Misperceived(n int, holdingCost, factor, discountRate float64) (Mechanism, error) {
	if err := checkMisperceived(n, holdingCost, factor, discountRate); err != nil {
		return Mechanism{}, err
	}
	return besideOthers(n, holdingCost, discountRate, float64(n-1)/factor), nil
}

// MisperceivedDiscrete is the same market with an auction every step, in
// quantities per auction, as in [SymmetricDiscrete]. With μ = 1 − κ_Δ the
// condition along 1^i − S/N is φ(1 − ρμ²) = (N−1)(1−ρ)μ, again that of strategic
// traders with (N−1)/φ in the place of N−1.
func MisperceivedDiscrete(n int, holdingCost, factor, discountRate, step float64) (Mechanism, error) {
	err := firstError(checkMisperceived(n, holdingCost, factor, discountRate), positive("step", step))
	if err != nil {
		return Mechanism{}, err
	}
	return besideOthersDiscrete(n, holdingCost, discountRate, step, float64(n-1)/factor), nil
}

func checkMisperceived(n int, holdingCost, factor, discountRate float64) error {
	err := firstError(
		atLeast("n", n, 2),
		positive("holdingCost", holdingCost),
		positive("factor", factor),
		positive("discountRate", discountRate),
	)
	if err == nil && factor >= float64(n-1) {
		return &ParameterError{Name: "factor", Value: factor, Limit: "below n−1, where trade ends"}
	}
	return err
}
