package closedform

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// MergerThreshold is the share of risk capacity below which a part of a
// competitive market loses by merging into one large trader, and above which it
// gains, SS Proposition 7.
const MergerThreshold = .5

// Merger compares what the inventories (X₁, X₂) are worth to part 1 of a market
// before and after it merges into one large trader; part 2 stays a competitive
// fringe. Matrices are in money per asset unit squared: XᵀAX is a value.
type Merger struct {
	Before     *mat.SymDense // both parts are price takers
	After      *mat.SymDense // part 1 is the large trader of LargeAndFringe
	Difference *mat.SymDense // After − Before

	// Eigenvalues of Difference: 0, along the inventories in proportion to risk
	// capacity, which need no trade, and along (1−β₁, −β₁) a number with the
	// sign of β₁ − 1/2.
	Eigenvalues [2]float64
}

// FringeMerger is the experiment of SS Proposition 7. share is β₁, the share of
// part 1 in the market's risk capacity, between 0 and 1; capacity is β = Σ 1/b
// of both parts together; discountRate is r. With β₂ = 1 − β₁, v = (β₂, −β₁),
//
//	Before     = (1/rβ) [[β₁/2 − 1, −β₂/2], [−β₂/2, β₁/2]],
//	After      = (1/(2rβ(1+2β₁))) [[−3, −1], [−1, β₁/β₂]],
//	Difference = (2β₁ − 1)/(2rβ β₂(1+2β₁)) vvᵀ.
func FringeMerger(share, capacity, discountRate float64) (Merger, error) {
	err := firstError(fraction("share", share), positive("capacity", capacity), positive("discountRate", discountRate))
	if err != nil {
		return Merger{}, err
	}
	rest, unit := 1-share, 1/(discountRate*capacity)
	after := unit / (2 * (1 + 2*share))
	gain := (2*share - 1) * after / rest
	return Merger{
		Before: symmetric2(unit*(share/2-1), -unit*rest/2, unit*share/2),
		After:  symmetric2(-3*after, -after, after*share/rest),
		Difference: symmetric2(
			gain*rest*rest, -gain*rest*share, gain*share*share),
		Eigenvalues: [2]float64{0, gain * (rest*rest + share*share)},
	}, nil
}

// Gain is what the merger adds to the value of the initial inventories x1 of
// the merging part and x2 of the other.
func (m Merger) Gain(x1, x2 float64) float64 {
	x := mat.NewVecDense(2, []float64{x1, x2})
	return mat.Inner(x, m.Difference, x)
}

// symmetric2 is [[a, b], [b, c]].
func symmetric2(a, b, c float64) *mat.SymDense { return mat.NewSymDense(2, []float64{a, b, b, c}) }

// fraction returns a *ParameterError unless 0 < value < 1.
func fraction(name string, value float64) error {
	if 0 < value && value < 1 {
		return nil
	}
	return &ParameterError{Name: name, Value: value, Limit: "between 0 and 1"}
}

// notNegative returns a *ParameterError unless value is finite and at least 0.
func notNegative(name string, value float64) error {
	if value >= 0 && !math.IsInf(value, 1) {
		return nil
	}
	return &ParameterError{Name: name, Value: value, Limit: "0 or more, and finite"}
}

// finite returns a *ParameterError unless value is a finite number.
func finite(name string, value float64) error {
	if !math.IsNaN(value) && !math.IsInf(value, 0) {
		return nil
	}
	return &ParameterError{Name: name, Value: value, Limit: "finite"}
}
