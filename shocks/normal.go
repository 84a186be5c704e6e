package shocks

import (
	"math"
	"math/bits"
)

// layers is the number of layers of both ziggurats. With 1024 of them the table
// of the fast path (24 KB) stays in a first-level cache, and 99.6 % of the draws
// end after one comparison.
const layers = 1024

// A layer is a box of a ziggurat, split by integers. An integer j < inside
// becomes the point (j − middle)·width, which lies under the density for sure.
type layer struct {
	inside, middle uint64
	width          float64
}

// Norm returns a standard normal number, by the ziggurat method of Marsaglia and
// Tsang, "The ziggurat method for generating random variables", J. Stat. Softw.
// 5(8) (2000), with the bits of the layer and of the point kept apart as Doornik,
// "An improved ziggurat method to generate normal random samples" (2005) asks:
// ten bits of a word choose the layer, the other 54 the point and its sign.
func (s *Stream) Norm() float64 {
	u := s.Uint64()
	l := &normLayers[u&(layers-1)]
	if j := u >> 10; j < l.inside {
		return float64(float64(int64(j-l.middle)) * l.width)
	}
	return s.normRest(u)
}

// Norms fills dst with the next len(dst) values of Norm. It is the fast way: the
// state of the stream stays in registers.
func (s *Stream) Norms(dst []float64) { s.norms(dst, 1) }

// NormsStrided writes the next n values of Norm to dst[0], dst[stride],
// dst[2·stride], …: a column of a matrix stored by rows. The stride is positive.
func (s *Stream) NormsStrided(dst []float64, stride, n int) {
	if stride < 1 {
		panic("shocks: stride not positive")
	}
	if n > 0 {
		s.norms(dst[:(n-1)*stride+1], uint(stride))
	}
}

// norms writes the next values of Norm to every stride-th element of dst,
// beginning with the first.
func (s *Stream) norms(dst []float64, stride uint) {
	for k := uint(0); k < uint(len(dst)); k += stride {
		var u uint64
		k, u, *s = normRun(s.a, s.b, s.c, s.w, dst, k, stride, &normLayers)
		if k < uint(len(dst)) {
			dst[k] = s.normRest(u)
		}
	}
}

// normRun is the loop of norms from element k on, to the end or to the first word
// u that needs more than one comparison, and returns where it stopped.
//
// Arguments and results travel in registers and it calls nothing, so that
// nothing is spilled inside the loop; that, and u >> 10 in place of an absolute
// value, is worth a sixth of the time. The index is unsigned so that the bounds
// check goes away.
//
//go:noinline
func normRun(a, b, c, w uint64, dst []float64, k, stride uint, t *[layers + 1]layer) (uint, uint64, Stream) {
	_ = t[0].inside // not nil: checked here, not in the loop
	for ; k < uint(len(dst)); k += stride {
		u := w + a + b
		w++
		a = b ^ b>>11
		b = c + c<<3
		c = bits.RotateLeft64(c, 24) + u
		l := &t[u&(layers-1)]
		j := u >> 10
		if j >= l.inside {
			return k, u, Stream{a, b, c, w}
		}
		dst[k] = float64(int64(j-l.middle)) * l.width
	}
	return k, 0, Stream{a, b, c, w}
}

// normRest finishes a draw whose first word u is not inside its layer.
func (s *Stream) normRest(u uint64) float64 {
	if x, ok := s.normEdge(u); ok {
		return x
	}
	return s.Norm()
}

// normEdge decides on a word u that is not inside its layer: the tail for the
// base strip, the wedge between box and density for the others. If ok is false,
// the draw starts again with a new word.
func (s *Stream) normEdge(u uint64) (x float64, ok bool) {
	i := u & (layers - 1)
	// Modulo 2⁵⁴, the integers from inside on are the two wedges: ±j ≥ middle.
	j := int64(u>>10 - normLayers[i].middle)
	if j >= 1<<53 {
		j -= 1 << 54
	}
	if i == 0 {
		return math.Copysign(s.normTail(), float64(j)), true
	}
	x = float64(float64(j) * normLayers[i].width)
	// Relative to the inner edge x₀, where the density is the top of the layer,
	// it is exp(−d), d = (x²−x₀²)/2.
	outer, inner := math.Abs(x), float64(normLayers[i+1].width*0x1p53)
	d := (outer - inner) * (outer + inner) / 2
	return x, s.underCurve(d, normHeights[i], normHeights[i+1])
}

// normTail returns a normal number given that it exceeds the edge r (Marsaglia,
// "Generating a variable from the tail of the normal distribution", 1964): r + x
// with x exponential at rate r is accepted with probability exp(−x²/2).
func (s *Stream) normTail() float64 {
	for {
		x := s.Exp() / normTailEdge
		y := s.Exp()
		if 2*y > x*x {
			return normTailEdge + x
		}
	}
}
