package cournot

import (
	"slices"

	"gonum.org/v1/gonum/mat"
)

// FeedbackSlopes are the matrices P_j of the feedback equilibrium of different
// makers: the value of maker j is −x'P_jx + g_j'x + c_j in all inventories x. With
// net trades −Mx, m_j the row of maker j and μ = M'1,
//
//	0 = η_j e_je_j' + (m_jμ' + μm_j')/(4δ) − (1−D)/dt P_j − D(M'P_j + P_jM − dt M'P_jM),
//	M = 4δD TL(I + 4δD dt TL)⁻¹,   L the rows e_j'P_j,
//
// in continuous time for step 0, where it reads 0 = η_j e_je_j' − βP_j −
// 8δL't_jt_j'L + P_jE_jF + F'E_jP_j. It is integrated to stationarity from 0, the
// limit of games with a horizon, and polished.
func (d Different) FeedbackSlopes(step float64) ([]*mat.SymDense, error) {
	n := len(d.InventoryCosts)
	t := timed(d.DiscountRate, step)
	unit, fastest := sizes(slices.Max(d.InventoryCosts), d.DiscountRate, d.Activity, t)
	p := make([]*mat.SymDense, n)
	for j := range p {
		p[j] = mat.NewSymDense(n, nil)
	}
	slope := func(x, out []float64) error {
		unpack(x, p, unit)
		pack(d.residuals(p, t), out, unit)
		return nil
	}
	x, residual := stationary(slope, make([]float64, n*n*(n+1)/2), fastest)
	if !(residual < 1e-9) {
		return nil, &SolutionError{Concept: Feedback, Residual: residual}
	}
	unpack(x, p, unit)
	return p, nil
}

// residuals are the right sides of the equations of P_j.
func (d Different) residuals(p []*mat.SymDense, t timing) []*mat.SymDense {
	n := len(p)
	m, _ := reversion(ownRows(p), t, d.Activity)
	var all mat.VecDense
	all.MulVec(m.T(), ones(n))
	out := make([]*mat.SymDense, n)
	for j := range out {
		var pm, mpm mat.Dense
		pm.Mul(p[j], m)
		mpm.Mul(m.T(), &pm)
		out[j] = mat.NewSymDense(n, nil)
		for k := range n {
			for l := k; l < n; l++ {
				sum := (m.At(j, k)*all.AtVec(l)+all.AtVec(k)*m.At(j, l))/(4*d.Activity) - t.rate*p[j].At(k, l) -
					t.discount*(pm.At(k, l)+pm.At(l, k)-t.step*mpm.At(k, l))
				if k == j && l == j {
					sum += d.InventoryCosts[j]
				}
				out[j].SetSym(k, l, sum)
			}
		}
	}
	return out
}

// ownRows is L, the rows e_j'P_j.
func ownRows(p []*mat.SymDense) *mat.Dense {
	l := mat.NewDense(len(p), len(p), nil)
	for j := range p {
		for k := range p {
			l.Set(j, k, p[j].At(j, k))
		}
	}
	return l
}

// pack lists the upper triangles of p in units.
func pack(p []*mat.SymDense, x []float64, unit float64) {
	i := 0
	for _, m := range p {
		for k := range p {
			for l := k; l < len(p); l++ {
				x[i] = m.At(k, l) / unit
				i++
			}
		}
	}
}

// unpack is the inverse of pack.
func unpack(x []float64, p []*mat.SymDense, unit float64) {
	i := 0
	for _, m := range p {
		for k := range p {
			for l := k; l < len(p); l++ {
				m.SetSym(k, l, x[i]*unit)
				i++
			}
		}
	}
}

// feedbackAnticipation is Γ of different makers, y' = −Γy + β n e in time to go.
// y lists the rates R of trade at inventory 0, as R = n T1 + 2δD Th with h_j =
// g_jj, and then 2δ g_jk, k ≠ j, row by row; r = SR is what is traded:
//
//	R' = −β(R − nT1) + 2δDT ℓ,  ℓ_j = r_j(μ_j − m_jj)/(2δ) − 2D(P_jr)_j − DΣ_{k≠j} m_kj w_jk,
//	g_jk' = r_j(μ_k − m_jk)/(2δ) − βg_jk − 2D(P_jr)_k − DΣ_{l≠j} m_lk w_jl,   w_j = g_j − 2dt P_jr
//
// (for dt = 0; (1−D)/dt takes the place of β). The rate of the order has gone out
// of the equations, and with it the cancellation in steady flows of order β.
func (d Different) feedbackAnticipation(p []*mat.SymDense, m, s *mat.Dense, t timing) *mat.Dense {
	n := len(p)
	γ := mat.NewDense(n*n, n*n, nil)
	var all mat.VecDense
	all.MulVec(m.T(), ones(n))
	tee := spread(n)
	for col := range n * n {
		y := mat.NewVecDense(n*n, nil)
		y.SetVec(col, 1)
		var r mat.VecDense
		r.MulVec(s, y.SliceVec(0, n))
		own := mat.NewVecDense(n, nil) // 2δℓ
		for j := range n {
			var pr mat.VecDense
			pr.MulVec(p[j], &r)
			for k := range n {
				change := r.AtVec(j)*(all.AtVec(k)-m.At(j, k)) - 4*d.Activity*t.discount*pr.AtVec(k)
				for l := range n {
					if l != j {
						w := y.AtVec(offDiagonal(n, j, l)) - 4*d.Activity*t.step*pr.AtVec(l)
						change -= t.discount * m.At(l, k) * w
					}
				}
				if k == j {
					own.SetVec(j, change)
				} else {
					i := offDiagonal(n, j, k)
					γ.Set(i, col, t.rate*y.AtVec(i)-change)
				}
			}
		}
		var rates mat.VecDense
		rates.MulVec(tee, own)
		for j := range n {
			γ.Set(j, col, t.rate*y.AtVec(j)-t.discount*rates.AtVec(j))
		}
	}
	return γ
}

// offDiagonal is where y keeps g_jk, k ≠ j.
func offDiagonal(n, j, k int) int {
	if k > j {
		k--
	}
	return n + j*(n-1) + k
}
