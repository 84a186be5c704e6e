package scenarios

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// maxMatrixMembers bounds the cost of a matrix; the number of members of a
// market without one is not bounded.
const maxMatrixMembers = 2000

// rounding is what a matrix may be off, relative to its largest entry: files
// carry numbers that other programs computed.
const rounding = 1e-9

// matrixVerdict is what was found out about a matrix.
type matrixVerdict struct {
	ok       bool
	smallest float64 // eigenvalue, if not ok
}

// square checks the shape of a matrix and its symmetry, and makes it exactly
// symmetric.
func (c *checker) square(path string, m [][]float64, members int64) bool {
	if members > maxMatrixMembers {
		c.reportAt(path, fmt.Sprintf("a matrix for %d members, the limit is %d", members, maxMatrixMembers), "use a common correlation")
		return false
	}
	return c.shape(path, m, members) && c.symmetric(path, m)
}

// shape checks that a matrix has a row and a column for every member.
func (c *checker) shape(path string, m [][]float64, members int64) bool {
	if int64(len(m)) != members {
		c.reportAt(path, fmt.Sprintf("got %d rows, want %d: one for each member, in the order of the agents", len(m), members), "")
		return false
	}
	for i, row := range m {
		if len(row) != len(m) {
			c.reportAt(index(path, i), fmt.Sprintf("got %d numbers in row %d, want %d", len(row), i+1, len(m)), "")
			return false
		}
	}
	return true
}

func (c *checker) symmetric(path string, m [][]float64) bool {
	tolerance := rounding * largest(m)
	for i := range m {
		for j := range i {
			if !(math.Abs(m[i][j]-m[j][i]) <= tolerance) {
				c.reportAt(index(index(path, i), j), fmt.Sprintf("not symmetric: %s in row %d, column %d, but %s in row %d, column %d",
					shortest(m[i][j]), i+1, j+1, shortest(m[j][i]), j+1, i+1), "")
				return false
			}
		}
	}
	for i := range m {
		for j := range i {
			m[j][i] = m[i][j]
		}
	}
	return true
}

func largest(m [][]float64) float64 {
	a := 0.0
	for _, row := range m {
		for _, x := range row {
			a = max(a, math.Abs(x))
		}
	}
	return a
}

// unitDiagonal checks what makes a symmetric matrix one of correlations.
func (c *checker) unitDiagonal(path string, m [][]float64) {
	for i, row := range m {
		for j, x := range row[:i+1] {
			at := index(index(path, i), j)
			switch {
			case i == j && math.Abs(x-1) > rounding:
				c.want(c.at(at), at, "1 on the diagonal", "")
			case i == j:
				row[j] = 1
			case math.Abs(x) > 1:
				c.want(c.at(at), at, "a number from -1 to 1", "")
			}
		}
	}
}

// semidefinite checks that no combination of the members has a negative
// variance, but for rounding relative to scale.
func (c *checker) semidefinite(path string, m [][]float64, scale float64) {
	if !c.usable(path) {
		return
	}
	n := c.at(path)
	v, known := c.memo[n]
	if !known {
		v = judge(m, rounding*scale)
		c.memo[n] = v
	}
	if !v.ok {
		c.reportAt(path, fmt.Sprintf("not positive semidefinite: the smallest eigenvalue is %.6g", v.smallest),
			"no shocks can be correlated like this")
	}
}

// judge tries the cheap proof first: if m plus a little on the diagonal has a
// Cholesky factor, m has no eigenvalue below −little.
func judge(m [][]float64, little float64) matrixVerdict {
	n, scale := len(m), largest(m)
	if scale == 0 {
		return matrixVerdict{ok: true}
	}
	a := mat.NewSymDense(n, nil)
	for i := range m {
		for j := range i + 1 {
			x := m[i][j] / scale // so that no product overflows
			if i == j {
				x += little / scale
			}
			a.SetSym(i, j, x)
		}
	}
	var cholesky mat.Cholesky
	if cholesky.Factorize(a) {
		return matrixVerdict{ok: true}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(a, false) {
		return matrixVerdict{smallest: math.NaN()}
	}
	smallest := scale*eigen.Values(nil)[0] - little
	return matrixVerdict{ok: smallest >= -little, smallest: smallest}
}
