// Package fixedpoint accelerates and polishes fixed points x = g(x) of maps
// between vectors: Anderson acceleration for the approach, Newton's method for
// the last digits.
//
// Sources: D. G. Anderson, Iterative procedures for nonlinear integral
// equations, J. ACM 12 (1965) 547–560; H. F. Walker and P. Ni, Anderson
// acceleration for fixed-point iterations, SIAM J. Numer. Anal. 49 (2011).
//
// The caller scales the variables so that an error of a given size matters
// equally in each of them. Values are not safe for concurrent use.
package fixedpoint

import "math"

// Map evaluates g at x into out. It returns an error where g is not defined.
type Map func(x, out []float64) error

// Options bound an iteration.
type Options struct {
	Depth         int     // remembered differences (about 8)
	Damping       float64 // of the first step, in (0, 1]
	Tolerance     float64 // stop when max|g(x)−x| is at most this
	Plateau       float64 // below this, stop when patience iterations did not halve it (0: never)
	MaxIterations int
}

// patience is how many iterations may pass on a plateau: rounding errors have
// been reached, and more of them cannot be had.
const patience = 12

// Result says how an iteration ended.
type Result struct {
	Residual   float64 // max|g(x)−x| at the best x met
	Iterations int
	Converged  bool
}

// Anderson improves x in place and leaves the best point met in it. An error
// of the map ends the iteration; x is then the best point before it.
func Anderson(g Map, x []float64, o Options) (Result, error) {
	a := newAccelerator(len(x), o.Depth)
	best := Result{Residual: math.Inf(1)}
	point := append([]float64(nil), x...)
	image := make([]float64, len(x))
	halved, at := math.Inf(1), 0
	for k := range o.MaxIterations {
		if err := g(point, image); err != nil {
			return best, err
		}
		best.Iterations = k + 1
		if r := distance(image, point); r < best.Residual {
			best.Residual = r
			copy(x, point)
			if r <= o.Tolerance {
				best.Converged = true
				return best, nil
			}
		} else if math.IsNaN(r) || r > 1e8*(1+best.Residual) {
			return best, nil
		}
		if best.Residual <= halved/2 {
			halved, at = best.Residual, k
		} else if k-at >= patience && best.Residual < o.Plateau {
			return best, nil
		}
		damping := 1.0
		if k == 0 {
			damping = o.Damping
		}
		a.step(point, image, damping)
	}
	return best, nil
}

func distance(x, y []float64) float64 {
	d := 0.0
	for i := range x {
		e := math.Abs(x[i] - y[i])
		if e > d || math.IsNaN(e) {
			d = e
		}
	}
	return d
}

// accelerator keeps the last differences of points and residuals.
type accelerator struct {
	depth, used, next int
	dx, df            [][]float64
	x, f              []float64 // previous point and residual
	started           bool
	products          []float64 // df_jᵀdf_k
	gram, rhs         []float64
}

func newAccelerator(n, depth int) *accelerator {
	a := &accelerator{depth: depth, x: make([]float64, n), f: make([]float64, n)}
	a.products = make([]float64, depth*depth)
	a.gram = make([]float64, depth*depth)
	a.rhs = make([]float64, depth)
	return a
}

// step replaces x by the accelerated successor of the pair (x, g).
func (a *accelerator) step(x, g []float64, damping float64) {
	n := len(x)
	if a.started {
		if a.next == len(a.dx) {
			a.dx, a.df = append(a.dx, make([]float64, n)), append(a.df, make([]float64, n))
		}
		dx, df := a.dx[a.next], a.df[a.next]
		for i := range n {
			f := g[i] - x[i]
			dx[i], df[i] = x[i]-a.x[i], f-a.f[i]
		}
		a.used = min(a.used+1, a.depth)
		for j := range a.used {
			v := dot(a.df[j], df)
			a.products[j*a.depth+a.next], a.products[a.next*a.depth+j] = v, v
		}
		a.next = (a.next + 1) % a.depth
	}
	for i := range n {
		a.x[i], a.f[i] = x[i], g[i]-x[i]
	}
	a.started = true
	weights := a.leastSquares()
	for i := range n {
		next := a.x[i] + damping*a.f[i]
		for j, w := range weights {
			next -= w * (a.dx[j][i] + damping*a.df[j][i])
		}
		x[i] = next
	}
}

// leastSquares minimises |f − Σ wⱼ dfⱼ| by normal equations in units of each
// column's length, with a ridge at rounding level that drops directions which
// the history does not resolve.
func (a *accelerator) leastSquares() []float64 {
	m := a.used
	length := make([]float64, m)
	for j := range m {
		length[j] = math.Sqrt(a.products[j*a.depth+j])
		if length[j] == 0 {
			length[j] = 1
		}
	}
	gram, rhs := a.gram[:m*m], a.rhs[:m]
	for j := range m {
		for k := range j + 1 {
			v := a.products[j*a.depth+k] / (length[j] * length[k])
			gram[j*m+k], gram[k*m+j] = v, v
		}
		gram[j*m+j] += 1e-14
		rhs[j] = dot(a.df[j], a.f) / length[j]
	}
	solveInPlace(gram, rhs)
	for j := range m {
		rhs[j] /= length[j]
	}
	return rhs
}

func dot(x, y []float64) float64 {
	s := 0.0
	for i, v := range x {
		s += v * y[i]
	}
	return s
}

// solveInPlace is Gaussian elimination with partial pivoting on a row-major
// square matrix; a direction without a pivot gets weight zero.
func solveInPlace(a, b []float64) {
	n := len(b)
	for k := range n {
		p := k
		for i := k + 1; i < n; i++ {
			if math.Abs(a[i*n+k]) > math.Abs(a[p*n+k]) {
				p = i
			}
		}
		if p != k {
			for j := range n {
				a[k*n+j], a[p*n+j] = a[p*n+j], a[k*n+j]
			}
			b[k], b[p] = b[p], b[k]
		}
		if a[k*n+k] == 0 {
			continue
		}
		for i := k + 1; i < n; i++ {
			w := a[i*n+k] / a[k*n+k]
			for j := k; j < n; j++ {
				a[i*n+j] -= w * a[k*n+j]
			}
			b[i] -= w * b[k]
		}
	}
	for k := n - 1; k >= 0; k-- {
		for j := k + 1; j < n; j++ {
			b[k] -= a[k*n+j] * b[j]
		}
		if a[k*n+k] == 0 {
			b[k] = 0
			continue
		}
		b[k] /= a[k*n+k]
	}
}
