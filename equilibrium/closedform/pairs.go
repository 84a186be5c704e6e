package closedform

// SymmetricMarket is N identical traders whose shocks have equal variances and
// equal correlations.
type SymmetricMarket struct {
	Traders      int     // N
	HoldingCost  float64 // b of each
	DiscountRate float64 // r
	Variance     float64 // σ² of each trader's shocks, per time
	Correlation  float64 // φ of any two traders' shocks
}

// Merged is the market after its traders have merged in pairs, SS footnote 25:
// a pair has twice the risk capacity of its members and the sum of their
// shocks,
//
//	N' = N/2,   b' = b/2,   σ'² = 2σ²(1+φ),   φ' = 2φ/(1+φ).
//
// The number of traders must be even.
func (m SymmetricMarket) Merged() (SymmetricMarket, error) {
	if err := m.check(); err != nil {
		return SymmetricMarket{}, err
	}
	if m.Traders%2 != 0 {
		return SymmetricMarket{}, &ParameterError{Name: "Traders", Value: float64(m.Traders), Limit: "even, to merge in pairs"}
	}
	out := m
	out.Traders, out.HoldingCost = m.Traders/2, m.HoldingCost/2
	if m.Variance*(1+m.Correlation) == 0 {
		out.Variance, out.Correlation = 0, 0 // each pair's shocks cancel
		return out, nil
	}
	out.Variance = 2 * m.Variance * (1 + m.Correlation)
	out.Correlation = 2 * m.Correlation / (1 + m.Correlation)
	return out, nil
}

// Welfare is Σ_i k^i, what the shocks to come are worth to all traders together.
// With μ the part of a misallocation that an auction leaves (SymmetricDiscrete),
// 1 in continuous time, and a unit of shocks per time being worth w = 1/r, or
// ρΔ/(1−ρ) at auctions a step Δ apart,
//
//	Σk^i = −(bσ²/2r) w (1 + μ + φ(N − 1 − μ)).
//
// step is Δ; 0 means continuous time. Merging in pairs leaves it unchanged in
// continuous time, where it is −(bσ²/2r²)(2 + (N−2)φ), and not at auctions: more
// traders trade faster, and shocks wait for the next auction all the same.
func (m SymmetricMarket) Welfare(step float64) (float64, error) {
	if err := firstError(m.check(), notNegative("step", step)); err != nil {
		return 0, err
	}
	left, others := 1., float64(m.Traders-1)
	if step > 0 {
		left -= discreteSpeed(others, m.DiscountRate*step)
	}
	unit := -m.HoldingCost * m.Variance / (2 * m.DiscountRate)
	return unit * shockWeight(m.DiscountRate, step) * (1 + left + m.Correlation*(others-left)), nil
}

// check wants a covariance matrix that is one: 1 + (N−1)φ ≥ 0 and φ ≤ 1.
func (m SymmetricMarket) check() error {
	if err := checkSymmetric(m.Traders, m.HoldingCost, m.DiscountRate); err != nil {
		return err
	}
	if err := notNegative("Variance", m.Variance); err != nil {
		return err
	}
	if c := m.Correlation; !(c <= 1 && 1+float64(m.Traders-1)*c >= -1e-12) {
		return &ParameterError{Name: "Correlation", Value: c, Limit: "between −1/(N−1) and 1"}
	}
	return nil
}
