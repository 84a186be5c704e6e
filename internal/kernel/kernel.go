// Package kernel holds the few loops over the paths of a block in which a
// simulation spends its time.
//
// Determinism: every product that feeds a sum is rounded on its own
// (float64(x*y)), so that no compiler fuses the two and results are the same on
// every architecture; sums run in a fixed order. All slices of one call must
// have the length of the first.
package kernel

// Scale writes dst = c·x.
func Scale(dst []float64, c float64, x []float64) {
	x = x[:len(dst)]
	for p := range dst {
		dst[p] = c * x[p]
	}
}

// Shift writes dst = x − centre.
func Shift(dst, x []float64, centre float64) {
	x = x[:len(dst)]
	for p := range dst {
		dst[p] = x[p] - centre
	}
}

// Combine writes dst = base + Σ_j c_j x_j, summed from left to right. dst may be
// base.
func Combine(dst, base []float64, c []float64, x [][]float64) {
	CombineScaled(dst, 1, base, c, x)
}

// CombineScaled writes dst = scale·base + Σ_j c_j x_j, summed from left to right.
// dst may be base.
func CombineScaled(dst []float64, scale float64, base []float64, c []float64, x [][]float64) {
	if len(c) == 0 {
		Scale(dst, scale, base)
		return
	}
	for len(c) > 0 {
		switch {
		case len(c) >= 4:
			combine4(dst, scale, base, c[0], c[1], c[2], c[3], x[0], x[1], x[2], x[3])
			c, x = c[4:], x[4:]
		case len(c) == 3:
			combine3(dst, scale, base, c[0], c[1], c[2], x[0], x[1], x[2])
			c, x = c[3:], x[3:]
		case len(c) == 2:
			combine2(dst, scale, base, c[0], c[1], x[0], x[1])
			c, x = c[2:], x[2:]
		default:
			combine1(dst, scale, base, c[0], x[0])
			c, x = c[1:], x[1:]
		}
		scale, base = 1, dst
	}
}

func combine4(dst []float64, scale float64, base []float64, c0, c1, c2, c3 float64, x0, x1, x2, x3 []float64) {
	n := len(dst)
	base, x0, x1, x2, x3 = base[:n], x0[:n], x1[:n], x2[:n], x3[:n]
	for p := range dst {
		s := float64(scale*base[p]) + float64(c0*x0[p])
		s += float64(c1 * x1[p])
		s += float64(c2 * x2[p])
		dst[p] = s + float64(c3*x3[p])
	}
}

func combine3(dst []float64, scale float64, base []float64, c0, c1, c2 float64, x0, x1, x2 []float64) {
	n := len(dst)
	base, x0, x1, x2 = base[:n], x0[:n], x1[:n], x2[:n]
	for p := range dst {
		s := float64(scale*base[p]) + float64(c0*x0[p])
		s += float64(c1 * x1[p])
		dst[p] = s + float64(c2*x2[p])
	}
}

func combine2(dst []float64, scale float64, base []float64, c0, c1 float64, x0, x1 []float64) {
	n := len(dst)
	base, x0, x1 = base[:n], x0[:n], x1[:n]
	for p := range dst {
		s := float64(scale*base[p]) + float64(c0*x0[p])
		dst[p] = s + float64(c1*x1[p])
	}
}

func combine1(dst []float64, scale float64, base []float64, c0 float64, x0 []float64) {
	n := len(dst)
	base, x0 = base[:n], x0[:n]
	for p := range dst {
		dst[p] = float64(scale*base[p]) + float64(c0*x0[p])
	}
}

// Lanes are four partial sums, one for each remainder of the path number
// divided by four, so that a sum over a block does not depend on how the block
// is cut into tiles that start at multiples of four.
type Lanes [4]float64

// Total is the sum of the lanes.
func (l Lanes) Total() float64 { return (l[0] + l[1]) + (l[2] + l[3]) }

// Sum adds x; the first path has a number divisible by four.
func (l *Lanes) Sum(x []float64) {
	s0, s1, s2, s3 := l[0], l[1], l[2], l[3]
	for len(x) >= 4 {
		y := x[:4:4]
		s0 += y[0]
		s1 += y[1]
		s2 += y[2]
		s3 += y[3]
		x = x[4:]
	}
	rest := [4]float64{s0, s1, s2, s3}
	for i, v := range x {
		rest[i] += v
	}
	*l = rest
}

// Product adds x·y.
func (l *Lanes) Product(x, y []float64) {
	y = y[:len(x)]
	s0, s1, s2, s3 := l[0], l[1], l[2], l[3]
	for len(x) >= 4 && len(y) >= 4 {
		u, v := x[:4:4], y[:4:4]
		s0 += float64(u[0] * v[0])
		s1 += float64(u[1] * v[1])
		s2 += float64(u[2] * v[2])
		s3 += float64(u[3] * v[3])
		x, y = x[4:], y[4:]
	}
	rest := [4]float64{s0, s1, s2, s3}
	for i := range x {
		rest[i] += float64(x[i] * y[i])
	}
	*l = rest
}
