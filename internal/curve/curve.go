// Package curve holds smooth functions of time as polynomials that agree with them to
// rounding, so that evaluating one costs a few multiplications, and polynomials with the
// same coefficients have the same bits on every architecture. Curves are immutable and
// safe for concurrent use.
package curve

import "math"

// degree of the polynomial in a cell; that of an integral is one more.
const degree = 6

// width is the number of coefficients of a cell.
const width = degree + 2

// tolerance of a fit, relative to the largest value.
const tolerance = 2e-15

// noise is how large the rounding errors of a function may be, relative to its largest
// value.
const noise = 1e-11

// maxCells bounds the fit of a function that is not smooth.
const maxCells = 1 << 20

// Curve is a function on an interval.
type Curve struct {
	from, perTime float64 // cells per time
	cells         int
	coefficients  []float64 // per cell, of powers of x ∈ [−½, ½]
}

// Constant is the function that is v everywhere.
func Constant(v float64) *Curve {
	return &Curve{cells: 1, coefficients: []float64{v, 0, 0, 0, 0, 0, 0, 0}}
}

// Fit approximates f, which must be smooth, on [from, to].
func Fit(f func(t float64) float64, from, to float64) *Curve {
	if !(to > from) || constant(f, from, to) {
		return Constant(f(from))
	}
	return best(f, func(float64) float64 { return 1 }, from, to, tolerance, maxCells)
}

// Sketch approximates f to some digits, with few values.
func Sketch(f func(t float64) float64, from, to float64) *Curve {
	if !(to > from) || constant(f, from, to) {
		return Constant(f(from))
	}
	return best(f, func(float64) float64 { return 1 }, from, to, 1e-6, 64)
}

// Discounted approximates e^{−rate·t} f on [from, to], everywhere to rounding of the
// discount at that time.
func Discounted(f func(t float64) float64, rate, from, to float64) *Curve {
	if !(to > from) {
		return Constant(0)
	}
	discounted := func(t float64) float64 { return math.Exp(-rate*t) * f(t) }
	weight := func(t float64) float64 { return math.Exp(math.Min(rate*t, 600)) }
	return best(discounted, weight, from, to, tolerance, maxCells)
}

// best doubles cells until the error, weighted, is tolerable or does not fall any more.
func best(f, weight func(float64) float64, from, to, tolerable float64, most int) *Curve {
	best := fit(f, from, to, 1)
	for cells, worst := 2, best.error(f, weight); worst > tolerable && cells <= most; cells *= 2 {
		c := fit(f, from, to, cells)
		e := c.error(f, weight)
		if e > worst/4 && e < noise { // what is left is the rounding of f itself
			break
		}
		best, worst = c, e
	}
	return best
}

// constant looks at the ends and at places in no ratio to each other.
func constant(f func(float64) float64, from, to float64) bool {
	for k := range 8 {
		x := float64(float64(k) * math.Phi)
		if x -= math.Floor(x); f(from+float64(x*(to-from))) != f(to) {
			return false
		}
	}
	return true
}

// nodes are the Chebyshev points of the first kind on [−½, ½].
var nodes = func() (x [degree + 1]float64) {
	for k := range x {
		x[k] = -math.Cos(math.Pi*(2*float64(k)+1)/(2*(degree+1))) / 2
	}
	return x
}()

// fit interpolates f in every cell, by Newton's divided differences.
func fit(f func(float64) float64, from, to float64, cells int) *Curve {
	c := &Curve{from: from, perTime: float64(cells) / (to - from), cells: cells, coefficients: make([]float64, cells*width)}
	for i := range cells {
		var y [degree + 1]float64
		for k, x := range nodes {
			y[k] = f(c.time(i, x))
		}
		for order := 1; order <= degree; order++ {
			for k := degree; k >= order; k-- {
				y[k] = (y[k] - y[k-1]) / (nodes[k] - nodes[k-order])
			}
		}
		p := c.coefficients[i*width : (i+1)*width]
		for k := degree; k >= 0; k-- { // p = p·(x − x_k) + y_k
			for j := degree; j > 0; j-- {
				p[j] = p[j-1] - float64(nodes[k]*p[j])
			}
			p[0] = y[k] - float64(nodes[k]*p[0])
		}
	}
	return c
}

// time is that of place x in cell i.
func (c *Curve) time(i int, x float64) float64 { return c.from + (float64(i)+.5+x)/c.perTime }

// error compares the curve with f where its error is largest, at the ends of cells and
// between nodes, relative to the largest value, both weighted.
func (c *Curve) error(f, weight func(float64) float64) float64 {
	worst, scale := 0., 0.
	for i := range c.cells {
		for _, x := range []float64{-.5, (nodes[1] + nodes[2]) / 2, (nodes[3] + nodes[4]) / 2, .5} {
			t := c.time(i, x)
			y, w := f(t), weight(t)
			worst = math.Max(worst, w*math.Abs(y-polynomial(c.coefficients[i*width:], x)))
			scale = math.Max(scale, w*math.Abs(y))
		}
	}
	if worst == 0 {
		return 0
	}
	return worst / scale
}

// At is the value at t; outside the interval that of the nearest cell's polynomial.
func (c *Curve) At(t float64) float64 {
	if c.perTime == 0 {
		return c.coefficients[0]
	}
	x := float64((t - c.from) * c.perTime)
	i := min(max(int(x), 0), c.cells-1)
	return polynomial(c.coefficients[i*width:], x-float64(i)-.5)
}

// polynomial is Σ p_k x^k.
func polynomial(p []float64, x float64) float64 {
	p = p[:width]
	square := x * x
	low := p[0] + float64(p[1]*x) + float64((p[2]+float64(p[3]*x))*square)
	high := p[4] + float64(p[5]*x) + float64((p[6]+float64(p[7]*x))*square)
	return low + float64(high*float64(square*square))
}

// Value reports whether the curve is a constant, and which.
func (c *Curve) Value() (v float64, ok bool) { return c.coefficients[0], c.perTime == 0 }

// Integral is the integral to the end of the interval, negative: of a function that
// fades, differences keep their digits where it has faded. Of a constant it is that to
// time 0.
func (c *Curve) Integral() *Curve {
	if v, ok := c.Value(); ok {
		out := Constant(0)
		out.perTime, out.coefficients[0], out.coefficients[1] = 1, v/2, v
		return out
	}
	out := &Curve{from: c.from, perTime: c.perTime, cells: c.cells, coefficients: make([]float64, len(c.coefficients))}
	end := 0.
	for i := c.cells - 1; i >= 0; i-- {
		p, q := c.coefficients[i*width:(i+1)*width], out.coefficients[i*width:(i+1)*width]
		for k := range degree + 1 {
			q[k+1] = p[k] / (float64(k+1) * c.perTime)
		}
		q[0] = end - polynomial(q, .5) // q[0] is 0 before
		end = polynomial(q, -.5)
	}
	return out
}
