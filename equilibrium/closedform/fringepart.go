package closedform

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// FringePart is the value of a part of a competitive fringe, SS (59), (60). A
// is what inventories are worth to the fringe as one body, the last trader of
// the price P; share is β, the part's share of the fringe's risk capacity. The
// result is over one inventory more: those of the other traders, the part's
// X_part, and X_rest of the rest of the fringe. The part first sells
//
//	X_part − β(X_part + X_rest)   at the price P X,
//
// X being the inventories with X_part + X_rest for the fringe, and then has its
// share of the fringe's value:
//
//	XᵀA_partX = β XᵀAX + (PX)((1−β)X_part − βX_rest).
//
// The same holds in the discrete game, where the first auction does both at one
// price. It panics with a *ParameterError unless 0 < share < 1.
func FringePart(share float64, p []float64, a mat.Symmetric) *mat.SymDense {
	if err := fraction("share", share); err != nil {
		panic(err)
	}
	n := len(p)
	whole := func(j int) int { return min(j, n-1) } // the trader that inventory j belongs to
	sold := make([]float64, n+1)
	sold[n-1], sold[n] = 1-share, -share
	out := mat.NewSymDense(n+1, nil)
	for j := range n + 1 {
		for k := j; k < n+1; k++ {
			u, v := whole(j), whole(k)
			out.SetSym(j, k, share*a.At(u, v)+(p[u]*sold[k]+p[v]*sold[j])/2)
		}
	}
	return out
}

// ShockValue is the constant k of a value XᵀAX + k: what future shocks with the
// given covariance (per time) are worth,
//
//	k = tr(A ΣΣᵀ)/r,   and in the discrete game   k = ρΔ tr(A ΣΣᵀ)/(1 − ρ).
//
// step is Δ; 0 means continuous time.
func ShockValue(a, covariance mat.Symmetric, discountRate, step float64) float64 {
	trace := 0.0
	for j := range a.SymmetricDim() {
		for k := range a.SymmetricDim() {
			trace += a.At(j, k) * covariance.At(j, k)
		}
	}
	return trace * shockWeight(discountRate, step)
}

// shockWeight is the present value of one unit of shocks per time: 1/r, or
// ρΔ/(1−ρ) = Δ/(e^{rΔ} − 1).
func shockWeight(discountRate, step float64) float64 {
	if step == 0 {
		return 1 / discountRate
	}
	return step / math.Expm1(discountRate*step)
}
