package fixedpoint

// Root is where an increasing function changes sign between lo and hi, to the
// last bit: the interval is halved until nothing lies between its ends.
func Root(f func(float64) float64, lo, hi float64) float64 {
	for {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			return hi
		}
		if f(mid) < 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
}
