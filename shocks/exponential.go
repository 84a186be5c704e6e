package shocks

// Exp returns an exponential number of mean 1, by the ziggurat method (see
// [Stream.Norm]): ten bits of a word choose the layer, 53 the point. A Poisson
// clock of rate λ waits Exp()/λ.
func (s *Stream) Exp() float64 {
	u := s.Uint64()
	l := &expoLayers[u&(layers-1)]
	if j := u >> 11; j < l.inside {
		return float64(float64(int64(j)) * l.width)
	}
	return s.expoRest(u)
}

// expoRest finishes a draw whose first word u is not inside its layer. In the
// base strip it starts again at the edge: the exponential has no memory.
func (s *Stream) expoRest(u uint64) float64 {
	i := u & (layers - 1)
	if i == 0 {
		return expoTailEdge + s.Exp()
	}
	x := float64(float64(int64(u>>11)) * expoLayers[i].width)
	// Relative to the inner edge, where the density is the top of the layer, it
	// is exp(−d), d the distance.
	d := x - float64(expoLayers[i+1].width*0x1p53)
	if s.underCurve(d, expoHeights[i], expoHeights[i+1]) {
		return x
	}
	return s.Exp()
}

// underCurve draws a height between floor and top and reports whether it is less
// than top·exp(−d), 0 ≤ d < 1: the wedge test of both ziggurats.
//
// The partial sums of the alternating series of exp(−d) lie below and above it
// in turn, so the answer is certain as soon as the height is outside the last
// two: mostly after one term. It needs neither math.Exp, whose last bit differs
// between architectures, nor an exponential of our own.
func (s *Stream) underCurve(d, floor, top float64) bool {
	height := floor + float64(s.Float64()*(top-floor))
	term, sum := top, top
	for k := 1.0; ; k += 2 {
		term = term * d / k
		sum -= term
		if height < sum {
			return true
		}
		term = term * d / (k + 1)
		sum += term
		if height >= sum {
			return false
		}
	}
}
