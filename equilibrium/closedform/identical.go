package closedform

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// IdenticalLargeAndFringe is the market of n identical large traders and a
// competitive fringe in continuous time, SS §5.6. Traders 0…n−1 are large with
// holding cost b_L = holdingCost each, trader n is the fringe with b_F = fringe
// as one body (money per asset unit squared per time); discountRate is r (per
// time), n ≥ 1, and 1e-12 ≤ b_L/b_F ≤ 1e12.
//
// In SS (47) Q = U diag(0, κ,…,κ, κ̃) U^{-1} and P = ΠU^{-1}. Written out, with
// the risk capacity β = n/b_L + 1/b_F, the fringe's share t = 1/(b_Fβ), the
// total inventory s = ΣX, a large trader's excess u_i over the mean large
// inventory and the imbalance v = Σ_large X − (1−t)s between the large traders
// and the fringe, that is
//
//	p   = −s/(rβ) + b_F v/(r+κ̃),
//	q_i = κ u_i + κ̃ v/n  (large),   q_F = −κ̃ v.
//
// The two speeds are returned as well, per unit of time: κ, at which
// misallocations among the large traders decay, and κ̃ > κ, at which
// misallocations between them and the fringe do. A single large trader has
// nobody to be misallocated with: for n = 1, κ is NaN, and the mechanism is
// that of LargeAndFringe.
func IdenticalLargeAndFringe(n int, holdingCost, fringe, discountRate float64) (Mechanism, [2]float64, error) {
	err := firstError(
		atLeast("n", n, 1),
		positive("holdingCost", holdingCost),
		positive("fringe", fringe),
		positive("discountRate", discountRate),
	)
	if err != nil {
		return Mechanism{}, [2]float64{}, err
	}
	if ratio := holdingCost / fringe; ratio < 1e-12 || ratio > 1e12 {
		return Mechanism{}, [2]float64{}, &ParameterError{
			Name: "holdingCost/fringe", Value: ratio, Limit: "between 1e-12 and 1e12",
		}
	}
	k, kFringe := identicalSpeeds(n, holdingCost/fringe)
	g := newIdentical(n, holdingCost, fringe, discountRate, k*discountRate, kFringe*discountRate)
	speeds := [2]float64{g.speed, g.speedFringe}
	if n == 1 {
		speeds[0] = math.NaN()
	}
	return g.mechanism(), speeds, nil
}

// identicalSpeeds returns κ/r and κ̃/r for n large traders whose holding cost
// is ratio = b_L/b_F times the fringe's.
//
// On the family (47) the fringe's condition SS (17) holds by construction and
// a large trader's condition SS (15) has three components, along u, v and s.
// With A^i from SS (16), which is diagonal in these coordinates (see
// identical.value), the component along s is an identity. With a = b_L/(n b_F),
// w = 1 + a, k = κ/r and k̃ = κ̃/r, the other two are, cleared of denominators,
//
//	u:  k̃k(1+2k)(2+k+k̃) − (n−1)wk(1+k̃)(1+k+k̃) − a k̃(1+2k)(1+k̃) = 0,
//	v:  (n−1)w²k(1+2k̃) = a k̃(1+k+k̃)(2k̃−w).
//
// The second gives k̃ > w/2 (equal for n = 1) and k as an increasing function
// of k̃ which runs from 0 to ∞ between w/2 and the point where k's coefficient
// vanishes. There the first goes from negative to positive (as a cubic in k it
// has one positive root, by Descartes' rule), so bisection cannot fail.
func identicalSpeeds(n int, ratio float64) (k, kFringe float64) {
	a, others := ratio/float64(n), float64(n-1)
	w := 1 + a
	if n == 1 {
		return 0, w / 2
	}
	alongV := func(kf float64) float64 {
		taken := a * kf * (2*kf - w)
		return (1 + kf) * taken / (others*w*w*(1+2*kf) - taken)
	}
	alongU := func(k, kf float64) float64 {
		return kf*k*(1+2*k)*(2+k+kf) - others*w*k*(1+kf)*(1+k+kf) - a*kf*(1+2*k)*(1+kf)
	}
	half := a*w + 2*others*w*w
	top := (half + math.Sqrt(half*half+8*a*others*w*w)) / (4 * a)
	kFringe = bisect(w/2, top, func(kf float64) bool { return alongU(alongV(kf), kf) < 0 })
	return alongV(kFringe), kFringe
}

// bisect narrows [low, high] to adjacent numbers and returns the lower: below
// is true on the side of low of the point sought, and taken to be true at low
// and false at high.
func bisect(low, high float64, below func(float64) bool) float64 {
	for {
		middle := low + (high-low)/2
		if !(low < middle && middle < high) {
			return low
		}
		if below(middle) {
			low = middle
		} else {
			high = middle
		}
	}
}

// identical is the market of §5.6 with its speeds known. Linear functions of
// the inventories are given by their coefficients along u, v and s.
type identical struct {
	n                  int
	large, fringe      float64 // b_L, b_F
	rate               float64 // r
	speed, speedFringe float64 // κ, κ̃
	capacity           float64 // β
	share              float64 // t, the fringe's share of risk capacity
	price              [3]float64
}

func newIdentical(n int, large, fringe, rate, speed, speedFringe float64) identical {
	capacity := float64(n)/large + 1/fringe
	return identical{
		n: n, large: large, fringe: fringe, rate: rate,
		speed: speed, speedFringe: speedFringe,
		capacity: capacity,
		share:    1 / fringe / capacity,
		price:    [3]float64{0, fringe / (rate + speedFringe), -1 / (rate * capacity)},
	}
}

func (g identical) mechanism() Mechanism {
	n, nn := g.n, float64(g.n)
	// Coefficients of v in terms of a large and of the fringe's inventory.
	vLarge, vFringe := g.share, -nn/g.large/g.capacity
	m := Mechanism{P: make([]float64, n+1), Q: mat.NewDense(n+1, n+1, nil)}
	for i := range n {
		// −1/(rβ) + b_F t/(r+κ̃), in a form that does not cancel.
		m.P[i] = -g.speedFringe / (g.rate * g.capacity * (g.rate + g.speedFringe))
		for j := range n {
			m.Q.Set(i, j, (g.speedFringe*vLarge-g.speed)/nn)
		}
		m.Q.Set(i, i, (g.speedFringe*vLarge+g.speed*(nn-1))/nn)
		m.Q.Set(i, n, g.speedFringe*vFringe/nn)
		m.Q.Set(n, i, -g.speedFringe*vLarge)
	}
	m.P[n] = g.price[2] + g.price[1]*vFringe
	m.Q.Set(n, n, -g.speedFringe*vFringe)
	if n+1 > MaxValueTraders {
		return m
	}
	for i := range n {
		m.A = append(m.A, g.largeValue(i))
	}
	m.A = append(m.A, g.fringeValue())
	return m
}
