package equilibrium

import (
	"gonum.org/v1/gonum/mat"

	"walras/internal/lyapunov"
)

// Regret is what the deviations of a play earn a seat beyond its value function,
// period by period: with deviators' reports that are off by u = UX + ũ_k,
//
//	R_k(X) = uᵀC^iu + uᵀD^iX = XᵀFormX + linear_k·X + constant_k,
//	C^i = ½(pᵀt^i + t^{iᵀ}p) − (b_i h/2)t^{iᵀ}t^i + ρtᵀA^it,
//	D^i = pᵀQ^i + t^{iᵀ}P + b_i h t^{iᵀ}M^i − 2ρtᵀA^iM,
//
// where p and t, the columns of PF and QF of the deviators, are price and trades
// per unit misreported. The pathwise identity of a seat reads, whoever deviates,
//
//	Σ_{k<K} ρ^k(p q_i − (b_i h/2)X⁺_i²) + ρ^K f^i(X_K)
//	  = f^i(X_0) + Σ_{k<K} ρ^k R_k(X_k) + Σ_{k<K} ρ^{k+1}(f^i(X_{k+1}) − E[f^i(X_{k+1}) | X⁺_k]).
//
// D^i is zero for a strategic seat's own misreports in the discrete equilibrium
// (its first-order condition), and C^i is negative there.
type Regret struct {
	// Form is nil where values are concise: it is then the symmetric part of
	// Σ_a First_aᵀSecond_a, a sum over deviators, First being U and Second CU + D.
	Form          *mat.SymDense
	First, Second *mat.Dense

	play     *Play
	linear   [][]float64 // per act
	constant [][]float64 // per pair of acts
}

// Regret is that of seat i, which must be a single member.
func (p *Play) Regret(i int) *Regret {
	if len(p.acts) == 0 && p.misread == nil {
		return &Regret{Form: mat.NewSymDense(len(p.Price), nil), play: p} // nobody deviates
	}
	c, d := p.Policy.misreportForms(i, p.deviators)
	r := &Regret{play: p}
	var cu, slope mat.Dense
	cu.Mul(c, p.misread)
	slope.Scale(2, &cu)
	slope.Add(&slope, d)
	if p.Policy.Values[i].Concise() {
		r.First, r.Second = p.misread, new(mat.Dense)
		r.Second.Add(&cu, d)
	} else {
		var half, rest mat.Dense
		half.Mul(p.misread.T(), &cu)
		rest.Mul(p.misread.T(), d)
		half.Add(&half, &rest)
		r.Form = lyapunov.Symmetric(&half)
	}
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

// Gradient is 2Form·x.
func (r *Regret) Gradient(x mat.Vector) *mat.VecDense {
	var out, part, first mat.VecDense
	if r.Form != nil {
		out.MulVec(r.Form, x)
		out.ScaleVec(2, &out)
		return &out
	}
	first.MulVec(r.First, x)
	out.MulVec(r.Second.T(), &first)
	first.MulVec(r.Second, x)
	part.MulVec(r.First.T(), &first)
	out.AddVec(&out, &part)
	return &out
}

// Expected is E[XᵀFormX] at this mean and covariance of X.
func (r *Regret) Expected(mean mat.Vector, v mat.Symmetric) float64 {
	if r.Form != nil {
		return mat.Inner(mean, r.Form, mean) + traceProduct(r.Form, v)
	}
	var first, second mat.VecDense
	first.MulVec(r.First, mean)
	second.MulVec(r.Second, mean)
	sum := mat.Dot(&first, &second)
	for a := range first.Len() {
		sum += mat.Inner(r.First.RowView(a), v, r.Second.RowView(a))
	}
	return sum
}

// misreportForms are C^i and D^i of seat i, for misreports of the given seats.
func (p *Policy) misreportForms(i int, seats []int) (c *mat.SymDense, d *mat.Dense) {
	n := len(p.Seats)
	rho, w := p.Timing.Discount(), p.HoldingCost[i]*p.Timing.HoldingTime()
	price, flows := p.Mechanism()
	trade := mat.NewDense(n, len(seats), nil)
	for a, j := range seats {
		trade.SetCol(a, mat.Col(nil, j, flows))
	}
	m := p.Transition()
	var square, cross mat.Dense
	at := p.Values[i].Times(trade)
	square.Mul(trade.T(), at)
	cross.Mul(at.T(), m)
	c, d = mat.NewSymDense(len(seats), nil), mat.NewDense(len(seats), n, nil)
	for a, j := range seats {
		pa, ta := price[j], trade.At(i, a)
		for b, k := range seats[:a+1] {
			pb, tb := price[k], trade.At(i, b)
			c.SetSym(a, b, (pa*tb+ta*pb-w*ta*tb)/2+rho*(square.At(a, b)+square.At(b, a))/2)
		}
		for k := range n {
			d.Set(a, k, pa*p.Flows.At(i, k)+ta*p.Price[k]+w*ta*m.At(i, k)-2*rho*cross.At(a, k))
		}
	}
	return c, d
}
