package equilibrium

import (
	"cmp"
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// mode is a direction in which the market relaxes, over members.
type mode struct {
	speed  float64
	vector []float64
}

// arrange sorts modes by speed and scales their vectors.
func arrange(list []mode, n int) (speeds []float64, vectors *mat.Dense, ok bool) {
	slices.SortStableFunc(list, func(a, b mode) int { return cmp.Compare(a.speed, b.speed) })
	vectors = mat.NewDense(n, n, nil)
	for k, m := range list {
		speeds = append(speeds, m.speed)
		scale := 1 / m.vector[0]
		if k > 0 {
			scale = 1 / positivePart(m.vector)
			if firstSign(m.vector) < 0 {
				scale = -scale
			}
		}
		for i, v := range m.vector {
			vectors.Set(i, k, v*scale)
		}
	}
	if n > 0 {
		speeds[0] = 0
	}
	return speeds, vectors, true
}

func positivePart(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += math.Abs(v)
	}
	return sum / 2
}

// firstSign is the sign of the first entry that is not a rounding error.
func firstSign(x []float64) float64 {
	for _, v := range x {
		if math.Abs(v) > 1e-12*positivePart(x) {
			return v
		}
	}
	return 1
}

// classModes are the eigenvalues of the matrix of class totals and, if they
// are all real, their right vectors as columns (nil otherwise).
func (s *Solution) classModes() (values []complex128, vectors *mat.Dense) {
	n := s.state.n
	if s.modes != nil {
		for _, v := range s.modes.speeds {
			values = append(values, complex(v, 0))
		}
		return values, mat.NewDense(n, n, s.modes.vectors)
	}
	r := mat.NewDense(n, n, nil)
	s.state.totals(s.classes, r)
	sp := newSpectrum(n)
	if !sp.schur(r, s.classes) {
		return nil, nil
	}
	allReal := true
	for k, v := range sp.speeds {
		values = append(values, complex(v, sp.imag[k]))
		allReal = allReal && sp.imag[k] == 0
	}
	if !allReal {
		return values, nil
	}
	sp.eigenvectors()
	vectors = mat.NewDense(n, n, sp.vectors)
	for t := range n {
		for k := range n {
			vectors.Set(t, k, vectors.At(t, k)/sp.root[t])
		}
	}
	return values, vectors
}

// stable reports whether total inventory is the only direction that persists.
func (s *Solution) stable() bool {
	values, _ := s.classModes()
	if values == nil {
		return false
	}
	largest := 0.0
	for _, v := range values {
		largest = math.Max(largest, cmplx.Abs(v))
	}
	for t, c := range s.classes {
		if c.count > 1 {
			values = append(values, complex(s.state.own[t], 0))
			largest = math.Max(largest, math.Abs(s.state.own[t]))
		}
	}
	zeros := 0
	for _, v := range values {
		if cmplx.Abs(v) <= 1e-9*largest {
			zeros++
			continue
		}
		if s.Timing.continuous() && real(v) <= 0 || !s.Timing.continuous() && cmplx.Abs(1-v) >= 1 {
			return false
		}
	}
	return zeros == 1
}
