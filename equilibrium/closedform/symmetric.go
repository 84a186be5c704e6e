package closedform

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Symmetric is the market of n identical traders in continuous time, SS
// Proposition 12, equations (37) and (38). n ≥ 3; holdingCost is b (money per
// asset unit squared per time), discountRate is r (per time). With S the
// matrix of ones and N = n,
//
//	κ = r(N−2)/2,   P = −b/(Nr)·1,   Q = κ(I − S/N),
//	A^i_ii = −b(3N−2)/(2rN²),   A^i_ij = −b(N−2)/(2rN²),
//	A^i_jk = b(N−2)/(2r(N−1)N²)   for j, k ≠ i.
//
// Between two strategic traders only the degenerate solution Q = 0 is left
// (κ = 0): n < 3 is an error.
func Symmetric(n int, holdingCost, discountRate float64) (Mechanism, error) {
	if err := checkSymmetric(n, holdingCost, discountRate); err != nil {
		return Mechanism{}, err
	}
	return besideOthers(n, holdingCost, discountRate, float64(n-1)), nil
}

// besideOthers is the market in which each trader acts as beside so many others.
func besideOthers(n int, holdingCost, discountRate, others float64) Mechanism {
	return symmetricMechanism(n, holdingCost, discountRate, discountRate*(others-1)/2, (others-1)/others)
}

// SymmetricDiscrete is the market of n identical traders with an auction every
// step units of time: inventories are seen, the auction is held, the cost of
// the period is (b h/2)(X − q)² with h = (1 − ρ)/r, shocks arrive, and the
// future is discounted by ρ = e^{−rΔ}. n ≥ 3; holdingCost is b, discountRate
// is r, step is Δ (time). Q is in quantities per auction, P = −b/(Nr)·1 as in
// continuous time, and Q = κ_Δ(I − S/N).
//
// Let m be the mean inventory and μ = 1 − κ_Δ the part of a deviation X_i − m
// that survives an auction. The value of trader i is then a function of X_i and
// m alone, and for any μ it solves the Bellman equation in the form
//
//	XᵀA^iX = −(b/2r) (X_i² − (1 − g)(X_i − m)²),   g = (1−ρ)μ²/(1 − ρμ²).
//
// The first-order condition of truth-telling becomes (N−1)(1−ρ)μ = 1 − ρμ²,
// whence g = μ/(N−1) and, for κ_Δ = 1 − μ,
//
//	ρκ² − (2ρ + (N−1)(1−ρ))κ + (N−2)(1−ρ) = 0,   the smaller root.
//
// As Δ → 0, κ_Δ/Δ → r(N−2)/2 and A^i tends to (38).
func SymmetricDiscrete(n int, holdingCost, discountRate, step float64) (Mechanism, error) {
	err := firstError(checkSymmetric(n, holdingCost, discountRate), positive("step", step))
	if err != nil {
		return Mechanism{}, err
	}
	return besideOthersDiscrete(n, holdingCost, discountRate, step, float64(n-1)), nil
}

// besideOthersDiscrete is besideOthers with an auction every step.
func besideOthersDiscrete(n int, holdingCost, discountRate, step, others float64) Mechanism {
	speed := discreteSpeed(others, discountRate*step)
	return symmetricMechanism(n, holdingCost, discountRate, speed, 1-(1-speed)/others)
}

// discreteSpeed is κ_Δ, the smaller root of the quadratic above with N−1
// others, for discounting rΔ per step. Dividing by the larger root keeps full
// precision as rΔ → 0, where the textbook formula 1 − (√D − (N−1)(1−ρ))/(2ρ)
// cancels.
func discreteSpeed(others, discounting float64) float64 {
	rho, loss := math.Exp(-discounting), -math.Expm1(-discounting) // ρ, 1−ρ
	half := 2*rho + others*loss
	root := math.Sqrt(others*others*loss*loss + 4*rho)
	return 2 * (others - 1) * loss / (half + root)
}

func checkSymmetric(n int, holdingCost, discountRate float64) error {
	return firstError(
		atLeast("n", n, 3),
		positive("holdingCost", holdingCost),
		positive("discountRate", discountRate),
	)
}

// symmetricMechanism is P = −b/(Nr)·1, Q = speed·(I − S/N), and
//
//	A^i = −(b/2r) (eeᵀ − gain·ddᵀ),   e = unit vector i, d = e − 1/N,
//
// where gain is the part 1 − g of the cost of a deviation from the mean that
// trading saves.
func symmetricMechanism(n int, holdingCost, discountRate, speed, gain float64) Mechanism {
	nn := float64(n)
	m := Mechanism{P: make([]float64, n), Q: mat.NewDense(n, n, nil)}
	for i := range n {
		m.P[i] = -holdingCost / (nn * discountRate)
		for j := range n {
			m.Q.Set(i, j, -speed/nn)
		}
		m.Q.Set(i, i, speed*(nn-1)/nn)
	}
	if n > MaxValueTraders {
		return m
	}
	unit := holdingCost / (2 * discountRate)
	own := -unit * (1 - gain*(nn-1)*(nn-1)/(nn*nn))
	cross := -unit * gain * (nn - 1) / (nn * nn)
	others := unit * gain / (nn * nn)
	m.A = make([]*mat.SymDense, n)
	for i := range n {
		m.A[i] = symmetricValue(n, i, own, cross, others)
	}
	return m
}

// symmetricValue is the matrix with own at (i,i), cross in the rest of row and
// column i, and others everywhere else.
func symmetricValue(n, i int, own, cross, others float64) *mat.SymDense {
	a := mat.NewSymDense(n, nil)
	for j := range n {
		for k := j; k < n; k++ {
			a.SetSym(j, k, others)
		}
	}
	for j := range n {
		a.SetSym(i, j, cross)
	}
	a.SetSym(i, i, own)
	return a
}
