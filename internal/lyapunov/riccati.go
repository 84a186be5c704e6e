package lyapunov

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// newtonSteps bounds Newton's method. From a start that stabilises, the error
// halves at worst and squares near the solution.
const newtonSteps = 60

// Riccati solves GᵀA + AG + ASA = C for symmetric S and C, by Newton's method:
// each step is the Lyapunov equation
//
//	(G + SA₀)ᵀA + A(G + SA₀) = C + A₀SA₀.
//
// The solution is the one that is continuous in S from the Lyapunov equation
// S = 0, with a stable G + SA. start is a guess near it, or nil; a guess from
// which the method fails costs time, not the solution. Where S is so large that
// there is no such solution the error is an UnstableError.
//
// Source: D. L. Kleinman, On an iterative technique for Riccati equation
// computations, IEEE Trans. Autom. Control 13 (1968) 114–115.
func Riccati(g mat.Matrix, s, c mat.Symmetric, start *mat.SymDense) (*mat.SymDense, error) {
	if start != nil {
		if a, ok := newton(g, s, c, start); ok {
			return a, nil
		}
	}
	if a, ok := newton(g, s, c, mat.NewSymDense(c.SymmetricDim(), nil)); ok {
		return a, nil
	}
	return nil, &UnstableError{Equation: "Riccati"}
}

// squaresToRounding is a relative step after which the error, about its square,
// is a rounding error.
const squaresToRounding = 1e-9

// newton iterates from a until the error is at rounding level.
func newton(g mat.Matrix, s, c mat.Symmetric, a *mat.SymDense) (*mat.SymDense, bool) {
	last := math.Inf(1)
	for range newtonSteps {
		var gain, closed, right mat.Dense
		gain.Mul(s, a)
		closed.Add(g, &gain)
		right.Mul(a, &gain)
		right.Add(&right, c)
		solver, err := NewLyapunov(&closed)
		if err != nil {
			return nil, false
		}
		next := solver.Solve(Symmetric(&right))
		step := distance(next, a) / mat.Norm(next, math.Inf(1))
		if step == 0 || math.IsNaN(step) { // NaN: the solution is zero
			return next, true
		}
		if step < squaresToRounding || step < 1e-7 && step >= last/2 {
			return next, true
		}
		last, a = step, next
	}
	return nil, false
}

// distance is the largest row sum of |a − b|.
func distance(a, b *mat.SymDense) float64 {
	var d mat.Dense
	d.Sub(a, b)
	return mat.Norm(&d, math.Inf(1))
}

// Symmetric is the symmetric part (m + mᵀ)/2 of a square matrix.
func Symmetric(m *mat.Dense) *mat.SymDense {
	n, _ := m.Dims()
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, (m.At(i, j)+m.At(j, i))/2)
		}
	}
	return out
}
