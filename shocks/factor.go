package shocks

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// reproduction is how well L·Lᵀ must equal the covariance, relative to the
// standard deviations: far below what a simulation can resolve.
const reproduction = 1e-10

// rounding bounds, relative to the variances, the rounding errors of a
// factorization and of eigenvalues for n agents: a few units in the last place
// for each of the n terms of a sum (Higham, Accuracy and Stability of Numerical
// Algorithms, 2002, theorem 10.3).
func rounding(n int) float64 { return 16 * float64(n) * 0x1p-52 }

// factorize returns the lower triangular L with L·Lᵀ = a, or a [*NotPSDError].
//
// The ordinary factorization also serves most singular matrices, and its first
// rows never depend on later agents. It fails where strong correlations amplify
// rounding in the pivot of an agent that is known from the earlier ones; then
// rotations help. gonum's Cholesky wants a definite matrix, its PivotedCholesky
// reorders the agents, and neither fixes the order of its sums.
func factorize(a mat.Symmetric) (*mat.TriDense, error) {
	l := cholesky(a)
	if reproduces(l, a) {
		return l, nil
	}
	correlation, ok := correlations(a)
	if !ok || smallestEigenvalue(correlation) < -rounding(a.SymmetricDim()) {
		return nil, &NotPSDError{Smallest: smallestEigenvalue(a)}
	}
	l = triangular(spread(correlation))
	for i := range a.SymmetricDim() {
		for j := range i + 1 {
			l.SetTri(i, j, math.Sqrt(a.At(i, i))*l.At(i, j))
		}
	}
	return l, nil
}

// cholesky works column by column. A pivot that is not positive beyond rounding
// gives a zero column.
func cholesky(a mat.Symmetric) *mat.TriDense {
	n := a.SymmetricDim()
	l := mat.NewTriDense(n, mat.Lower, nil)
	for j := range n {
		pivot := left(a, l, j, j, j)
		if pivot <= rounding(n)*a.At(j, j) {
			continue
		}
		root := math.Sqrt(pivot)
		l.SetTri(j, j, root)
		for i := j + 1; i < n; i++ {
			l.SetTri(i, j, left(a, l, i, j, j)/root)
		}
	}
	return l
}

// left returns what the first k columns of l leave of a's element (i, j).
func left(a mat.Symmetric, l mat.Matrix, i, j, k int) float64 {
	sum := a.At(i, j)
	for m := range k {
		sum -= float64(l.At(i, m) * l.At(j, m))
	}
	return sum
}

// reproduces reports whether L·Lᵀ = a, and so whether a is semidefinite.
func reproduces(l *mat.TriDense, a mat.Symmetric) bool {
	for i := range a.SymmetricDim() {
		for j := range i + 1 {
			size := math.Sqrt(math.Abs(a.At(i, i))) * math.Sqrt(math.Abs(a.At(j, j)))
			if !(math.Abs(left(a, l, i, j, j+1)) <= reproduction*size) {
				return false
			}
		}
	}
	return true
}

// correlations returns the correlation matrix of a, with zeros for agents without
// variance, or false if a variance is negative, or zero without zero covariances.
// Its eigenvalues have one scale, whatever the units of the agents.
func correlations(a mat.Symmetric) (*mat.SymDense, bool) {
	n := a.SymmetricDim()
	c := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i {
			size := math.Sqrt(math.Max(0, a.At(i, i))) * math.Sqrt(math.Max(0, a.At(j, j)))
			if size > 0 {
				c.SetSym(i, j, a.At(i, j)/size)
			} else if a.At(i, j) != 0 {
				return nil, false
			}
		}
		if a.At(i, i) < 0 {
			return nil, false
		}
		if a.At(i, i) > 0 {
			c.SetSym(i, i, 1)
		}
	}
	return c, true
}

// smallestEigenvalue returns NaN if the eigenvalues cannot be found.
func smallestEigenvalue(a mat.Symmetric) float64 {
	var e mat.EigenSym
	if !e.Factorize(a, false) {
		return math.NaN()
	}
	return e.Values(nil)[0]
}

// spread returns B with B·Bᵀ = c, by the factorization that always takes the
// largest pivot: stable for semidefinite c (Higham 2002, section 10.3), but B is
// not triangular in the order of the agents.
func spread(c *mat.SymDense) *mat.Dense {
	n := c.SymmetricDim()
	b := mat.NewDense(n, n, nil)
	for k := range n {
		largest, at := rounding(n), -1
		for i := range n {
			if x := left(c, b, i, i, k); x > largest {
				largest, at = x, i
			}
		}
		if at < 0 {
			break
		}
		root := math.Sqrt(largest)
		for i := range n {
			b.Set(i, k, left(c, b, i, at, k)/root)
		}
	}
	return b
}

// triangular rotates the columns of b, which leaves B·Bᵀ as it is, until b is
// lower triangular. An agent known from the earlier ones uses up no column.
func triangular(b *mat.Dense) *mat.TriDense {
	n, _ := b.Dims()
	l := mat.NewTriDense(n, mat.Lower, nil)
	used := 0
	for i := range n {
		for k := used + 1; k < n; k++ {
			rotate(b, i, used, k)
		}
		if used == n || math.Abs(b.At(i, used)) <= rounding(n) {
			continue
		}
		sign := math.Copysign(1, b.At(i, used))
		for r := i; r < n; r++ {
			l.SetTri(r, i, sign*b.At(r, used))
		}
		used++
	}
	return l
}

// rotate turns columns p and q of b so that element (row, q) vanishes (Givens).
func rotate(b *mat.Dense, row, p, q int) {
	x, y := b.At(row, p), b.At(row, q)
	if y == 0 {
		return
	}
	h := math.Sqrt(float64(x*x) + float64(y*y))
	cos, sin := x/h, y/h
	n, _ := b.Dims()
	for r := row; r < n; r++ {
		u, v := b.At(r, p), b.At(r, q)
		b.Set(r, p, float64(cos*u)+float64(sin*v))
		b.Set(r, q, float64(cos*v)-float64(sin*u))
	}
}
