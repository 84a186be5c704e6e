package equilibrium

import (
	"gonum.org/v1/gonum/mat"
)

// offPath is the impact of trader i's sales when every trader is a class of its
// own (SS Proposition 10 and Lemma 3, with common values of section 6).
//
// In what the traders know, X̃ = F⁻¹X, the mechanism is P̃ = PF, Q̃ = QF, and
// reports move X̃ by −K X̃ per time, K = F⁻¹QF. If i sells at the rate q_i, the
// others read its report off Q̃^iX̃ = q_i, the price is
//
//	p = (P̃^{−i} + I^iQ̃^{i,−i}) X̃^{−i} − I^i q_i,   I^i = −P̃^i/Q̃^{ii},
//
// and dX̃^{−i} = −B X̃^{−i} dt − (K^{−i,i}/Q̃^{ii}) q_i dt with B = K^{−i,−i} −
// K^{−i,i}Q̃^{i,−i}/Q̃^{ii}. A unit sold u ago depresses the price by
// G(u) = (P̃^{−i} + I^iQ̃^{i,−i}) e^{−Bu} K^{−i,i}/Q̃^{ii}: G(0) = λ^i + T^i, and
// what lasts, λ^i = G(∞), is the part along the null vector of B, the
// allocation at which the others rest. With F = I and quadratic utility that is
// (30), 1/(r Σ_{j≠i} 1/b_j). λ^i and T^i are NaN where B has no null vector apart
// from its image.
func (s *Solution) offPath(i int) Impact {
	n := s.state.n
	q := mat.NewDense(n, n, s.state.mean)
	p := mat.NewDense(1, n, s.state.price)
	f := mat.NewDense(n, n, nil)
	for t, c := range s.classes {
		f.Set(t, t, 1)
		if c.signal != nil {
			f.SetCol(t, c.signal)
		}
	}
	var price, flows, moves mat.Dense
	price.Mul(p, f)
	flows.Mul(q, f)
	out := Impact{Instantaneous: -price.At(0, i) / flows.At(i, i), Permanent: nan, Transient: nan}
	if err := moves.Solve(f, &flows); err != nil {
		return out
	}
	b := mat.NewDense(n-1, n-1, nil)
	answer, effect := mat.NewVecDense(n-1, nil), mat.NewVecDense(n-1, nil)
	for j := range n - 1 {
		from := j + skip(j, i)
		effect.SetVec(j, moves.At(from, i)/flows.At(i, i))
		answer.SetVec(j, price.At(0, from)+out.Instantaneous*flows.At(i, from))
		for k := range n - 1 {
			to := k + skip(k, i)
			b.Set(j, k, moves.At(from, to)-moves.At(from, i)*flows.At(i, to)/flows.At(i, i))
		}
	}
	left, right, ok := nullVectors(b)
	if !ok {
		return out
	}
	out.Permanent = mat.Dot(answer, right) * mat.Dot(left, effect) / mat.Dot(left, right)
	out.Transient = mat.Dot(answer, effect) - out.Permanent
	return out
}

// skip is 1 from the place of the trader that is left out.
func skip(j, left int) int {
	if j >= left {
		return 1
	}
	return 0
}

// nullVectors are the left and right null vectors of a matrix with one null
// direction; ok is false where it has none, or a defective one.
func nullVectors(b *mat.Dense) (left, right mat.Vector, ok bool) {
	n, _ := b.Dims()
	var svd mat.SVD
	if !svd.Factorize(b, mat.SVDFull) {
		return nil, nil, false
	}
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	left, right = u.ColView(n-1), v.ColView(n-1)
	size := svd.Values(nil)
	rest := size[n-1] <= 1e-9*size[0]
	alone := size[n-2] > 1e-9*size[0]
	overlap := mat.Dot(left, right)
	return left, right, rest && alone && overlap*overlap > 1e-18
}
