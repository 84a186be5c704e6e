// Package lyapunov solves the matrix equations that value functions of
// linear-quadratic games satisfy:
//
//	Stein       A − ρ Mᵀ A M       = C  (discrete time)
//	Lyapunov    Gᵀ A + A G         = C  (continuous time)
//	Riccati     Gᵀ A + A G + A S A = C  (continuous time, exponential utility)
//
// The third is a sequence of the second ([Riccati]). The first two are solved by Smith's doubling: A = Σ (√ρ M)ᵏᵀ C (√ρ M)ᵏ is summed with
// the number of terms doubled at every step. Only matrix products are needed,
// so repeated, complex and defective spectra are no special case. The powers
// are kept, and further right sides cost two products a step.
//
// Source: R. A. Smith, Matrix equation XA + BX = C, SIAM J. Appl. Math. 16
// (1968) 198–201. A solver is not safe for concurrent use.
package lyapunov

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// maxDoublings bounds the sum at 2⁶⁰ terms: enough for any spectral radius
// that differs from one in double precision.
const maxDoublings = 60

// UnstableError says that the sum diverges: the spectral radius that matters
// is not below one (Stein), or G has an eigenvalue with real part ≤ 0
// (Lyapunov).
type UnstableError struct{ Equation string }

// Error names the equation.
func (e *UnstableError) Error() string {
	return fmt.Sprintf("lyapunov: the %s equation has no stable solution", e.Equation)
}

// Solver solves one equation for many right sides.
type Solver struct {
	powers []*mat.Dense // N^(1), N^(2), N^(4), … of the stable matrix N
	left   *mat.Dense   // (G + sI)⁻¹ of the Cayley transform; nil for Stein
	scale  float64      // 2s of the Cayley transform
}

// NewStein prepares A − ρMᵀAM = C for a square M and ρ > 0. It fails with an
// UnstableError unless √ρ times the spectral radius of M is below one.
func NewStein(m mat.Matrix, rho float64) (*Solver, error) {
	var n mat.Dense
	n.Scale(math.Sqrt(rho), m)
	powers, ok := squares(&n)
	if !ok {
		return nil, &UnstableError{Equation: "Stein"}
	}
	return &Solver{powers: powers}, nil
}

// NewLyapunov prepares GᵀA + AG = C for a square G whose eigenvalues have
// positive real parts. The Cayley transform N = (G+sI)⁻¹(sI−G) turns it into
// A − NᵀAN = 2s (G+sI)⁻ᵀ C (G+sI)⁻¹ for any s > 0; the geometric middle of the
// spectrum makes the sum shortest.
func NewLyapunov(g mat.Matrix) (*Solver, error) {
	size, _ := g.Dims()
	s := middle(g)
	var plus, minus, left, n mat.Dense
	plus.CloneFrom(g)
	minus.Scale(-1, g)
	for i := range size {
		plus.Set(i, i, plus.At(i, i)+s)
		minus.Set(i, i, minus.At(i, i)+s)
	}
	if err := left.Inverse(&plus); err != nil {
		if c, ok := err.(mat.Condition); !ok || math.IsInf(float64(c), 1) {
			return nil, &UnstableError{Equation: "Lyapunov"}
		}
	}
	n.Mul(&left, &minus)
	powers, ok := squares(&n)
	if !ok {
		return nil, &UnstableError{Equation: "Lyapunov"}
	}
	return &Solver{powers: powers, left: &left, scale: 2 * s}, nil
}

// Solve returns the symmetric solution for the symmetric right side c.
func (s *Solver) Solve(c mat.Symmetric) *mat.SymDense {
	var sum, half, term mat.Dense
	sum.CloneFrom(c)
	if s.left != nil {
		half.Mul(c, s.left)
		sum.Mul(s.left.T(), &half)
		sum.Scale(s.scale, &sum)
	}
	for _, p := range s.powers {
		half.Mul(&sum, p)
		term.Mul(p.T(), &half)
		sum.Add(&sum, &term)
	}
	return Symmetric(&sum)
}

// squares returns n, n², n⁴, … until a power is too small to add anything.
func squares(n *mat.Dense) ([]*mat.Dense, bool) {
	var powers []*mat.Dense
	p := n
	for range maxDoublings {
		norm := mat.Norm(p, 2)
		if math.IsNaN(norm) || norm > 1e12 {
			return nil, false
		}
		if norm < 1e-20 {
			return powers, true
		}
		powers = append(powers, p)
		next := new(mat.Dense)
		next.Mul(p, p)
		p = next
	}
	return nil, false
}

// middle is a scale for the spectrum of g: between its Frobenius norm and the
// reciprocal of that of its inverse, at the geometric mean.
func middle(g mat.Matrix) float64 {
	large := mat.Norm(g, 2)
	var inverse mat.Dense
	if err := inverse.Inverse(g); err != nil {
		return large
	}
	return math.Sqrt(large / mat.Norm(&inverse, 2))
}
