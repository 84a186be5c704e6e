package equilibrium

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	lapackgo "gonum.org/v1/gonum/lapack/gonum"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

// spectrum is the eigendecomposition R = U diag(κ) U⁻¹ of the matrix of class
// totals, in the coordinates in which it is nearly symmetric, so that U is
// nearly orthogonal.
type spectrum struct {
	n       int
	speeds  []float64 // κ, real parts
	imag    []float64 // imaginary parts
	vectors []float64 // U, row-major, if all κ are real
	inverse []float64 // U⁻¹, row-major

	tau, work []float64
	scaled    []float64
	lu        blas64.General
	pivots    []int
	root      []float64
}

func newSpectrum(n int) *spectrum {
	return &spectrum{
		n: n, speeds: make([]float64, n), imag: make([]float64, n),
		vectors: make([]float64, n*n), inverse: make([]float64, n*n),
		tau: make([]float64, n), work: make([]float64, workSize*n), scaled: make([]float64, n*n),
		lu:     blas64.General{Rows: n, Cols: n, Stride: n, Data: make([]float64, n*n)},
		pivots: make([]int, n), root: make([]float64, n),
	}
}

// workSize is LAPACK's workspace per row: enough for blocks of 32 everywhere.
const workSize = 1 + 2*32 + 64

// decompose reports false where the spectrum is complex or the eigenvectors
// are too close to dependent to be used.
func (s *spectrum) decompose(r *mat.Dense, classes []class) bool {
	if !s.schur(r, classes) {
		return false
	}
	for _, im := range s.imag {
		if im != 0 {
			return false
		}
	}
	s.eigenvectors()
	return s.invert()
}

// schur computes the real Schur form of r in scaled coordinates: the speeds in
// speeds and imag, the triangle in scaled and the basis in vectors.
//
// The steps of LAPACK's Dgeev one by one, because that of gonum 0.17 panics on
// eigenvectors of nearly equal complex pairs (an index of Dlaln2).
func (s *spectrum) schur(r *mat.Dense, classes []class) bool {
	return s.scale(r, classes) && s.schurForm()
}

// scale writes r in symmetrised coordinates; false where it is not finite.
func (s *spectrum) scale(r *mat.Dense, classes []class) bool {
	n := s.n
	for t, c := range classes {
		s.root[t] = math.Sqrt(c.cost / c.count)
	}
	for t := range n {
		for u := range n {
			v := r.At(t, u) * s.root[t] / s.root[u]
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return false
			}
			s.scaled[t*n+u] = v
		}
	}
	return true
}

// schurForm replaces the scaled matrix by its Schur form.
func (s *spectrum) schurForm() bool {
	n := s.n
	var lp lapackgo.Implementation
	size := len(s.work)
	lp.Dgehrd(n, 0, n-1, s.scaled, n, s.tau[:n-1], s.work, size)
	copy(s.vectors, s.scaled)
	lp.Dorghr(n, 0, n-1, s.vectors, n, s.tau[:n-1], s.work, size)
	return lp.Dhseqr(lapack.EigenvaluesAndSchur, lapack.SchurOrig, n, 0, n-1,
		s.scaled, n, s.speeds, s.imag, s.vectors, n, s.work, size) == 0
}

// eigenvectors turns the Schur basis into eigenvectors of length one.
func (s *spectrum) eigenvectors() {
	n := s.n
	var lp lapackgo.Implementation
	lp.Dtrevc3(lapack.EVRight, lapack.EVAllMulQ, nil, n, s.scaled, n, nil, 1, s.vectors, n, n, s.work, len(s.work))
	for k := range n {
		column := blas64.Vector{N: n, Inc: n, Data: s.vectors[k:]}
		blas64.Scal(1/blas64.Nrm2(column), column)
	}
}

// invert computes U⁻¹ and undoes the scaling of the coordinates.
func (s *spectrum) invert() bool {
	n := s.n
	copy(s.lu.Data, s.vectors)
	if !lapack64.Getrf(s.lu, s.pivots) {
		return false
	}
	for i := range s.inverse {
		s.inverse[i] = 0
	}
	for i := range n {
		s.inverse[i*n+i] = 1
	}
	lapack64.Getrs(blas.NoTrans, s.lu, blas64.General{Rows: n, Cols: n, Stride: n, Data: s.inverse}, s.pivots)
	// Columns of U have length one, so the entries of the inverse measure how
	// much the basis amplifies rounding.
	for i, v := range s.inverse {
		if !(math.Abs(v) < 1e4) {
			return false
		}
		s.inverse[i] = v * s.root[i%n]
		s.vectors[i] /= s.root[i/n]
	}
	return true
}
