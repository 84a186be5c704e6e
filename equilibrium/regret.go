package equilibrium

import "gonum.org/v1/gonum/mat"

// Regret is what the deviations of a play earn a seat beyond its value function,
// period by period: with reports that are off by u = UX + ũ_k,
//
//	R_k(X) = uᵀC^iu + uᵀD^iX = XᵀFormX + linear_k·X + constant_k,
//	C^i = ½(PᵀQ^i + Q^{iᵀ}P) − (b_i h/2)Q^{iᵀ}Q^i + ρQᵀA^iQ,
//	D^i = PᵀQ^i + Q^{iᵀ}P + b_i h Q^{iᵀ}M^i − 2ρQᵀA^iM,
//
// so that the pathwise identity of a seat reads, whoever deviates,
//
//	Σ_{k<K} ρ^k(p q_i − (b_i h/2)X⁺_i²) + ρ^K f^i(X_K)
//	  = f^i(X_0) + Σ_{k<K} ρ^k R_k(X_k) + Σ_{k<K} ρ^{k+1}(f^i(X_{k+1}) − E[f^i(X_{k+1}) | X⁺_k]).
//
// The rows of D^i are zero for a strategic seat's own misreports in the
// discrete equilibrium (its first-order condition), and C^i is negative there.
type Regret struct {
	Form *mat.SymDense

	play     *Play
	linear   [][]float64 // per act
	constant [][]float64 // per pair of acts
}

// Regret is that of seat i, which must be a single member.
func (p *Play) Regret(i int) *Regret {
	if len(p.acts) == 0 && p.misread == nil {
		return &Regret{Form: mat.NewSymDense(len(p.Price), nil), play: p}
	}
	c, d := p.Policy.misreportForms(i)
	r := &Regret{play: p}
	var cu, slope mat.Dense
	cu.Mul(c, p.misread)
	slope.Scale(2, &cu)
	slope.Add(&slope, d)
	var half, rest mat.Dense
	half.Mul(p.misread.T(), &cu)
	rest.Mul(p.misread.T(), d)
	half.Add(&half, &rest)
	r.Form = symmetrised(&half)
	for _, a := range p.acts {
		u := mat.NewVecDense(len(a.misread), a.misread)
		var linear, cu mat.VecDense
		linear.MulVec(slope.T(), u)
		cu.MulVec(c, u)
		r.linear = append(r.linear, linear.RawVector().Data)
		var row []float64
		for _, b := range p.acts {
			row = append(row, mat.Dot(&cu, mat.NewVecDense(len(b.misread), b.misread)))
		}
		r.constant = append(r.constant, row)
	}
	return r
}

// At writes linear_k into dst and returns constant_k.
func (r *Regret) At(k int, dst []float64) (constant float64) {
	clear(dst)
	for a, one := range r.play.acts {
		quantity := one.quantity(k)
		for j, v := range r.linear[a] {
			dst[j] += float64(v * quantity)
		}
		for b, other := range r.play.acts {
			constant += float64(r.constant[a][b] * float64(quantity*other.quantity(k)))
		}
	}
	return constant
}

// misreportForms are C^i and D^i of seat i.
func (p *Policy) misreportForms(i int) (c *mat.SymDense, d *mat.Dense) {
	n := len(p.Seats)
	rho, w := p.Timing.Discount(), p.HoldingCost[i]*p.Timing.HoldingTime()
	m := p.Transition()
	var aq, square, cross mat.Dense
	aq.Mul(p.Values[i].A, p.Flows)
	square.Mul(p.Flows.T(), &aq)
	cross.Mul(aq.T(), m)
	c, d = mat.NewSymDense(n, nil), mat.NewDense(n, n, nil)
	for j := range n {
		qj := p.Flows.At(i, j)
		for k := range n {
			qk := p.Flows.At(i, k)
			revenue := p.Price[j]*qk + qj*p.Price[k]
			d.Set(j, k, revenue+w*qj*m.At(i, k)-2*rho*cross.At(j, k))
			if k >= j {
				c.SetSym(j, k, (revenue-w*qj*qk)/2+rho*(square.At(j, k)+square.At(k, j))/2)
			}
		}
	}
	return c, d
}

// symmetrised is the symmetric part of a square matrix.
func symmetrised(m *mat.Dense) *mat.SymDense {
	n, _ := m.Dims()
	s := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			s.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
		}
	}
	return s
}
