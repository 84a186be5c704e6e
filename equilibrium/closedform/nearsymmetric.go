package closedform

import (
	"slices"

	"gonum.org/v1/gonum/mat"
)

// NearSymmetric is the first-order approximation to the continuous-time
// equilibrium when holding costs are nearly equal, SS Proposition 13, equation
// (41). holdingCosts are b_i = b(1+ε_i) with b their mean, so that Σε = 0, at
// least three (money per asset unit squared per time); discountRate is r (per
// time). With (P, Q) the symmetric equilibrium for b and D_ε the diagonal
// matrix of ε,
//
//	P̂ = P(I + xD_ε),   x = (3N−4)/(N(N−1)),   Q̂ = Q(I + D_ε).
//
// The error is O(|ε|²). Trade leads to the exact first-best allocation all the
// same: Q̂ vanishes at X ∝ 1/b_i. No value matrices.
func NearSymmetric(holdingCosts []float64, discountRate float64) (Mechanism, error) {
	mean, relative, err := relativeCosts(holdingCosts, discountRate)
	if err != nil {
		return Mechanism{}, err
	}
	n := len(holdingCosts)
	nn := float64(n)
	x := (3*nn - 4) / (nn * (nn - 1))
	speed := discountRate * (nn - 2) / 2
	m := Mechanism{P: make([]float64, n), Q: mat.NewDense(n, n, nil)}
	for j, w := range relative {
		m.P[j] = -mean / (nn * discountRate) * (1 + x*(w-1))
		for i := range n {
			m.Q.Set(i, j, -speed/nn*w)
		}
		m.Q.Set(j, j, speed*(nn-1)/nn*w)
	}
	return m, nil
}

// Spectrum lists the speeds of trade of Q̂ in ascending order, each between
// two bounds.
type Spectrum struct {
	// Speeds are the N eigenvalues of Q̂, per unit of time; the first is 0.
	Speeds []float64

	// Lower and Upper interlace with the speeds: Lower[i] < Speeds[i] < Upper[i]
	// for i ≥ 1, where Lower[i] = κ(1+ε_(i−1)) and Upper[i] = κ(1+ε_(i)), ε in
	// ascending order. For two equal holding costs bounds and speed coincide,
	// for costs a few units of rounding apart they may.
	// At i = 0 all three are 0.
	Lower, Upper []float64

	// Vectors is N×N: column i is the eigenvector of Speeds[i], with traders in
	// the order of the holding costs given. Its largest entry is 1 in absolute
	// value, and its first entry that is not 0 is positive.
	Vectors *mat.Dense
}

// NearSymmetricSpectrum gives the eigenvalues and eigenvectors of Q̂ in
// NearSymmetric, SS Proposition 14. With κ = r(N−2)/2, an eigenvalue κ' solves
// (46), which for κ' ≠ 0 is
//
//	Σ_j 1/(1+ε_j − κ'/κ) = 0,
//
// and its eigenvector is v_j ∝ 1/(1+ε_j − κ'/κ), (45). Beyond SS, equal holding
// costs are allowed: m equal ones have m−1 eigenvalues κ(1+ε) whose vectors
// exchange inventory among them.
func NearSymmetricSpectrum(holdingCosts []float64, discountRate float64) (Spectrum, error) {
	_, relative, err := relativeCosts(holdingCosts, discountRate)
	if err != nil {
		return Spectrum{}, err
	}
	n := len(relative)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case relative[i] < relative[j]:
			return -1
		case relative[i] > relative[j]:
			return 1
		}
		return 0
	})
	speed := discountRate * float64(n-2) / 2
	s := Spectrum{
		Speeds: make([]float64, n), Lower: make([]float64, n), Upper: make([]float64, n),
		Vectors: mat.NewDense(n, n, nil),
	}
	s.Vectors.SetCol(0, normalise(reciprocals(relative, 0, 0)))
	for i := 1; i < n; i++ {
		low, high := order[i-1], order[i]
		s.Lower[i], s.Upper[i] = speed*relative[low], speed*relative[high]
		if relative[low] == relative[high] {
			s.Speeds[i] = s.Lower[i]
			s.Vectors.Set(min(low, high), i, 1)
			s.Vectors.Set(max(low, high), i, -1)
			continue
		}
		pole, shift := secularRoot(relative, relative[low], relative[high])
		s.Speeds[i] = speed * (pole + shift)
		s.Vectors.SetCol(i, normalise(reciprocals(relative, pole, shift)))
	}
	return s, nil
}

// secularRoot finds the zero of the increasing function Σ_j 1/(w_j − x) between
// the adjacent poles low and high. The answer is split as the nearer pole plus
// a shift, so that w_j − x keeps its precision next to the pole.
func secularRoot(w []float64, low, high float64) (pole, shift float64) {
	half := (high - low) / 2
	negative := func(pole, shift float64) bool {
		var sum float64
		for _, c := range reciprocals(w, pole, shift) {
			sum += c
		}
		return sum < 0
	}
	if negative(low, half) {
		return high, bisect(-half, 0, func(x float64) bool { return negative(high, x) })
	}
	return low, bisect(0, half, func(x float64) bool { return x == 0 || negative(low, x) })
}

// reciprocals returns 1/(w_j − (pole + shift)) for every j.
func reciprocals(w []float64, pole, shift float64) []float64 {
	out := make([]float64, len(w))
	for j := range w {
		out[j] = 1 / ((w[j] - pole) - shift)
	}
	return out
}

// normalise scales v in place to largest entry 1 in absolute value and first
// entry positive.
func normalise(v []float64) []float64 {
	largest := max(slices.Max(v), -slices.Min(v))
	if v[0] < 0 {
		largest = -largest
	}
	for j := range v {
		v[j] /= largest
	}
	return v
}

// relativeCosts returns the mean b of the holding costs and 1+ε_i = b_i/b.
func relativeCosts(holdingCosts []float64, discountRate float64) (mean float64, relative []float64, err error) {
	err = firstError(positiveCosts(holdingCosts, 3), positive("discountRate", discountRate))
	if err != nil {
		return 0, nil, err
	}
	for _, b := range holdingCosts {
		mean += b
	}
	mean /= float64(len(holdingCosts))
	relative = make([]float64, len(holdingCosts))
	for i, b := range holdingCosts {
		relative[i] = b / mean
	}
	return mean, relative, nil
}
