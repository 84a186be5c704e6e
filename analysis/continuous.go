package analysis

import (
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
)

// ContinuousMoments are the mean and covariance of the inventories in
// continuous time, dX = −QX dt + Σ dZ: e^{−Qt}X₀ and ∫₀ᵗ e^{−Qs}Ce^{−Qᵀs} ds. A
// policy on a grid differs from them by its bias.
type ContinuousMoments struct {
	Mean                 []float64
	Covariance           *mat.SymDense
	Price, PriceVariance float64
}

// ContinuousAt computes them at time t for a solution in continuous time over
// given seats. Decay and integral over a short time τ are read off one
// exponential of twice the size (Van Loan, Computing integrals involving the
// matrix exponential, IEEE Trans. Automat. Contr. 23 (1978)), and doubled until
// t: V(2τ) = V(τ) + E V(τ) Eᵀ with E = e^{−Qτ}. Over a long time the exponential
// would hold e^{+Qt} as well, which drowns the result.
func ContinuousAt(s *equilibrium.Solution, seats []equilibrium.Seat, initial []float64, covariance mat.Symmetric, t float64) ContinuousMoments {
	n := len(initial)
	q, p := s.FlowsOn(seats), mat.NewVecDense(n, s.PriceOn(seats))
	doublings := 0
	for mat.Norm(q, 1)*t > 0.5 {
		t /= 2
		doublings++
	}
	decay, v := shortTime(q, covariance, t)
	for range doublings {
		var next, square mat.Dense
		next.Product(decay, v, decay.T())
		v.Add(v, &next)
		square.Mul(decay, decay)
		decay = &square
	}
	var mean mat.VecDense
	mean.MulVec(decay, mat.NewVecDense(n, initial))
	out := ContinuousMoments{Mean: mean.RawVector().Data, Covariance: mat.NewSymDense(n, nil)}
	for i := range n {
		for j := i; j < n; j++ {
			out.Covariance.SetSym(i, j, (v.At(i, j)+v.At(j, i))/2)
		}
	}
	out.Price = mat.Dot(p, &mean)
	out.PriceVariance = mat.Inner(p, out.Covariance, p)
	return out
}

// shortTime is e^{−Qτ} and ∫₀^τ e^{−Qs}Ce^{−Qᵀs} ds.
func shortTime(q *mat.Dense, covariance mat.Symmetric, tau float64) (decay, v *mat.Dense) {
	n := covariance.SymmetricDim()
	block := mat.NewDense(2*n, 2*n, nil)
	for i := range n {
		for j := range n {
			block.Set(i, j, q.At(i, j)*tau)
			block.Set(i, n+j, covariance.At(i, j)*tau)
			block.Set(n+i, n+j, -q.At(j, i)*tau)
		}
	}
	var exp mat.Dense
	exp.Exp(block)
	decay = mat.DenseCopyOf(exp.Slice(n, 2*n, n, 2*n).T())
	v = new(mat.Dense)
	v.Mul(decay, exp.Slice(0, n, n, 2*n))
	return decay, v
}
