package equilibrium

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

const (
	// trackRounds bounds the rounds of refinement; they converge
	// quadratically or not at all.
	trackRounds = 8
	// trackedTo is the coupling between modes, relative to their speeds, at
	// which they count as eigenvectors.
	trackedTo = 1e-15
)

// tracker follows the eigenvectors of the class totals from state to state. In
// a basis U of near-eigenvectors U⁻¹RU is a diagonal κ and a small rest E, and
//
//	U ← U(I + W),   W_jk = E_jk/(κ_k − κ_j),
//
// squares the error: some products of matrices instead of a decomposition. The
// first basis is that of the symmetric part of R; where speeds are too close or
// the rest too large, the basis is computed from scratch.
//
// In the symmetrised coordinates the vector e of all √(n_t/b_t) spans both null
// spaces of R: total inventory never trades, and the efficient allocation
// rests. That mode is held exactly, because a speed that is zero but for
// rounding errors of a speed of r m^{3/2} would be compared with r.
type tracker struct {
	*spectrum
	started bool
	e       []float64 // the zero mode, of length one
	zero    int       // its place
	basis   []float64 // U in symmetrised coordinates
	dual    []float64 // U⁻¹
	rest    []float64 // U⁻¹RU, then W
	product []float64
	input   []float64 // R
}

func newTracker(s *spectrum, classes []class) *tracker {
	n := s.n
	t := &tracker{
		spectrum: s, e: make([]float64, n), basis: make([]float64, n*n), dual: make([]float64, n*n),
		rest: make([]float64, n*n), product: make([]float64, n*n), input: make([]float64, n*n),
	}
	for i, c := range classes {
		t.e[i] = math.Sqrt(c.count / c.cost)
	}
	column := blas64.Vector{N: n, Inc: 1, Data: t.e}
	blas64.Scal(1/blas64.Nrm2(column), column)
	return t
}

// decompose is spectrum.decompose for many classes or members.
func (t *tracker) decompose(r *mat.Dense, classes []class) bool {
	if !t.scale(r, classes) {
		return false
	}
	t.deflate()
	ok := t.started && t.refine()
	if !ok {
		ok = t.symmetric() && t.refine() || t.scratch()
	}
	t.started = ok
	if ok {
		t.unscale()
	}
	return ok
}

// deflate takes the rounding errors of the zero mode out of R.
func (t *tracker) deflate() {
	n := t.n
	copy(t.input, t.scaled)
	right, left := make([]float64, n), make([]float64, n)
	for i := range n {
		for j := range n {
			right[i] += t.input[i*n+j] * t.e[j]
		}
	}
	for i := range n {
		for j := range n {
			t.input[i*n+j] -= right[i] * t.e[j]
			left[j] += t.e[i] * t.input[i*n+j]
		}
	}
	for i := range n {
		for j := range n {
			t.input[i*n+j] -= t.e[i] * left[j]
		}
	}
}

// symmetric starts from the eigenvectors of the symmetric part of R.
func (t *tracker) symmetric() bool {
	n := t.n
	for i := range n {
		for j := range n {
			t.basis[i*n+j] = (t.input[i*n+j] + t.input[j*n+i]) / 2
		}
	}
	part := blas64.Symmetric{N: n, Stride: n, Data: t.basis, Uplo: blas.Upper}
	if !lapack64.Syev(lapack.EVCompute, part, t.speeds, t.work, len(t.work)) {
		return false
	}
	t.holdZero()
	return t.invertBasis()
}

// scratch computes the basis from the Schur form.
func (t *tracker) scratch() bool {
	copy(t.scaled, t.input)
	if !t.schurForm() {
		return false
	}
	for _, im := range t.imag {
		if im != 0 {
			return false
		}
	}
	t.eigenvectors()
	copy(t.basis, t.vectors)
	t.holdZero()
	return t.invertBasis()
}

// holdZero puts the zero mode in its place and takes it out of the others.
func (t *tracker) holdZero() {
	n := t.n
	t.zero = 0
	for k, v := range t.speeds {
		if math.Abs(v) < math.Abs(t.speeds[t.zero]) {
			t.zero = k
		}
	}
	t.speeds[t.zero] = 0
	along := make([]float64, n)
	for i := range n {
		t.basis[i*n+t.zero] = t.e[i]
		for k := range n {
			along[k] += t.e[i] * t.basis[i*n+k]
		}
	}
	along[t.zero] = 0
	for i := range n {
		for k := range n {
			t.basis[i*n+k] -= t.e[i] * along[k]
		}
	}
}

// invertBasis computes U⁻¹ for columns of length one.
func (t *tracker) invertBasis() bool {
	n := t.n
	for k := range n {
		column := blas64.Vector{N: n, Inc: n, Data: t.basis[k:]}
		blas64.Scal(1/blas64.Nrm2(column), column)
	}
	copy(t.dual, t.basis)
	if !lapack64.Getrf(square(n, t.dual), t.pivots) || !lapack64.Getri(square(n, t.dual), t.pivots, t.work, len(t.work)) {
		return false
	}
	for _, v := range t.dual {
		if !(math.Abs(v) < 1e4) {
			return false
		}
	}
	return true
}

// refine turns the basis into eigenvectors of R; false where it does not
// converge.
func (t *tracker) refine() bool {
	n := t.n
	last := math.Inf(1)
	for range trackRounds {
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, square(n, t.input), square(n, t.basis), 0, square(n, t.product))
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, square(n, t.dual), square(n, t.product), 0, square(n, t.rest))
		coupling, turn := t.rotation()
		if coupling == 0 {
			return true
		}
		if !(turn < .5) || !(coupling < last/2) {
			return false
		}
		last = coupling
		copy(t.product, t.basis)
		blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, square(n, t.product), square(n, t.rest), 1, square(n, t.basis))
		if !t.invertBasis() {
			return false
		}
		if coupling*turn < trackedTo {
			return true
		}
	}
	return false
}

// rotation reads the speeds and replaces the rest E by W. It returns the
// largest |E_jk| relative to the speeds, and the largest |W_jk|.
func (t *tracker) rotation() (coupling, turn float64) {
	n := t.n
	for k := range n {
		t.speeds[k] = t.rest[k*n+k]
	}
	t.speeds[t.zero] = 0
	for j := range n {
		row := t.rest[j*n : j*n+n]
		for k, e := range row {
			size := math.Abs(t.speeds[j]) + math.Abs(t.speeds[k])
			relative := math.Abs(e) / size
			if j == k || j == t.zero || k == t.zero || relative <= trackedTo*math.Sqrt(float64(n)) {
				row[k] = 0
				continue
			}
			row[k] = e / (t.speeds[k] - t.speeds[j])
			coupling = math.Max(coupling, relative)
			turn = math.Max(turn, math.Abs(row[k]))
		}
	}
	return coupling, turn
}

// unscale writes U and U⁻¹ in the coordinates of class totals.
func (t *tracker) unscale() {
	n := t.n
	for i := range t.basis {
		t.vectors[i] = t.basis[i] / t.root[i/n]
		t.inverse[i] = t.dual[i] * t.root[i%n]
	}
}
