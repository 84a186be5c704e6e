package fixedpoint

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Newton polishes x in place: dense Newton steps on g(x) − x = 0 with a
// forward-difference Jacobian. It costs len(x) evaluations of g a step and is
// meant for small systems and starts that are nearly right. x is left at the
// best point met; scale[i] > 0 is the size of variable i.
func Newton(g Map, x, scale []float64, o Options) (Result, error) {
	n := len(x)
	image, shifted := make([]float64, n), make([]float64, n)
	if err := g(x, image); err != nil {
		return Result{Residual: math.Inf(1)}, err
	}
	best := Result{Residual: distance(image, x)}
	point := append([]float64(nil), x...)
	jacobian := mat.NewDense(n, n, nil)
	rhs, step := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for best.Residual > o.Tolerance && best.Iterations < o.MaxIterations {
		best.Iterations++
		for j := range n {
			h := 1e-7 * scale[j]
			old := point[j]
			point[j] = old + h
			h = point[j] - old
			err := g(point, shifted)
			point[j] = old
			if err != nil {
				return best, err
			}
			for i := range n {
				jacobian.Set(i, j, (shifted[i]-image[i])/h)
			}
			jacobian.Set(j, j, jacobian.At(j, j)-1)
			rhs.SetVec(j, point[j]-image[j])
		}
		if err := step.SolveVec(jacobian, rhs); err != nil {
			if c, ok := err.(mat.Condition); !ok || math.IsInf(float64(c), 1) {
				return best, nil
			}
		}
		for i := range n {
			point[i] += step.AtVec(i)
		}
		if err := g(point, image); err != nil {
			return best, err
		}
		r := distance(image, point)
		if !(r < best.Residual) {
			break
		}
		best.Residual = r
		copy(x, point)
	}
	best.Converged = best.Residual <= o.Tolerance
	return best, nil
}
