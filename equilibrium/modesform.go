package equilibrium

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// coordinatesOn chooses modes where the classes are many and their modes real.
func (s *Solution) coordinatesOn(seats []Seat) (*coordinates, error) {
	n := len(s.classes)
	c := &coordinates{classes: s.classes}
	sums := mat.NewDense(n, len(seats), nil)
	for i, seat := range seats {
		c.of = append(c.of, s.of[seat.Type])
		sums.Set(c.of[i], i, 1)
	}
	if modes := s.modesOfMany(); modes != nil {
		f := newByModes(s, modes)
		rank, _ := f.factor.Dims()
		c.z = mat.NewDense(n+rank, len(seats), nil)
		hat := c.z.Slice(0, n, 0, len(seats)).(*mat.Dense)
		hat.Mul(mat.NewDense(n, n, modes.inverse), sums)
		priced := mat.NewDense(rank, n, nil)
		for q := range rank {
			for k, p := range f.price {
				priced.Set(q, k, f.factor.At(q, k)*p)
			}
		}
		c.z.Slice(n, n+rank, 0, len(seats)).(*mat.Dense).Mul(priced, hat)
		c.form = f
		return c, nil
	}
	former := s.former()
	var f byTotals
	for t := range s.classes {
		a, err := former(t)
		if err != nil {
			return nil, err
		}
		f = append(f, a)
	}
	c.z, c.form = sums, f
	return c, nil
}

// modesOfMany is the spectrum of many classes; nil where it is complex, or the
// classes are few enough for forms over their totals.
func (s *Solution) modesOfMany() *spectrum {
	if len(s.classes) < manyClasses || s.modes != nil {
		return s.modes
	}
	n := s.state.n
	r := mat.NewDense(n, n, nil)
	s.state.totals(s.classes, r)
	sp := newSpectrum(n)
	if !sp.decompose(r, s.classes) {
		return nil
	}
	return sp
}

func newByModes(s *Solution, modes *spectrum) *byModes {
	n := modes.n
	it := &iteration{classes: s.classes, timing: s.Timing, rho: 1, fringe: -1}
	if !s.Timing.continuous() {
		it.rho = s.Timing.Discount()
	}
	f := &byModes{it: it, price: make([]float64, n), vectors: modes.vectors, speeds: modes.speeds, own: s.state.own}
	for k := range n {
		for t, p := range s.state.price {
			f.price[k] += p * modes.vectors[t*n+k]
		}
	}
	f.factor = it.kernelFactor(append(append([]float64(nil), modes.speeds...), s.state.own...))
	return f
}

// kernelFactor is Lᵀ of W = LLᵀ, W_jk = 1/denominator(κ_j, κ_k), to rounding: the
// Cholesky factor with pivots of W scaled to ones on the diagonal. W is a mixture
// of e^{−κ_jt}e^{−κ_kt}, and its singular values fall geometrically.
func (it *iteration) kernelFactor(speeds []float64) *mat.Dense {
	n := len(speeds)
	root, left := make([]float64, n), make([]float64, n)
	for j, k := range speeds {
		root[j], left[j] = math.Sqrt(1/it.denominator(k, k)), 1
	}
	var columns [][]float64
	for range n {
		pivot := 0
		for j, v := range left {
			if v > left[pivot] {
				pivot = j
			}
		}
		if !(left[pivot] > 1e-15) {
			break
		}
		column := make([]float64, n)
		for j := range column {
			column[j] = 1 / it.denominator(speeds[j], speeds[pivot]) / (root[j] * root[pivot])
			for _, c := range columns {
				column[j] -= c[j] * c[pivot]
			}
			column[j] /= math.Sqrt(left[pivot])
		}
		for j, v := range column {
			left[j] -= v * v
		}
		left[pivot] = 0
		columns = append(columns, column)
	}
	l := mat.NewDense(len(columns), n, nil)
	for q, c := range columns {
		for j, v := range c {
			l.Set(q, j, v*root[j])
		}
	}
	return l
}
