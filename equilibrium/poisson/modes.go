package poisson

import (
	"math"
	"slices"

	"walras/internal/convolve"
)

// modes is a function of the time s since a spell of time began, which is length
// long: a sum of
//
//	weight e^{−late (length−s)} X(rates; s),
//
// X the convolution of the exponentials e^{−rs}. What grows towards an
// announced end, e^{δt}, is never formed. Sums, products and convolutions with
// exponentials are modes again, so that moments are exact, and rates may tie (the
// resonances N = 1 and M2 = 2M).
type modes []mode

type mode struct {
	weight, late float64
	rates        []float64 // ascending, at least one
}

// fading is x e^{−rate s}.
func fading(x, rate float64) modes { return modes{{weight: x, rates: []float64{rate}}} }

// approaching is x + y e^{−late (length−s)}.
func approaching(x, y, late float64) modes {
	f := fading(x, 0)
	if y != 0 {
		f = append(f, mode{weight: y, late: late, rates: []float64{0}})
	}
	return f
}

// plus adds g, and gathers modes that are the same but for their weight.
func (f modes) plus(g ...modes) modes {
	sum := slices.Clone(f)
	for _, other := range g {
	next:
		for _, m := range other {
			for i := range sum {
				if sum[i].late == m.late && slices.Equal(sum[i].rates, m.rates) {
					sum[i].weight += m.weight
					continue next
				}
			}
			sum = append(sum, m)
		}
	}
	return sum
}

// scaled is x f.
func (f modes) scaled(x float64) modes {
	out := slices.Clone(f)
	for i := range out {
		out[i].weight *= x
	}
	return out
}

// faded is f e^{−rate s}.
func (f modes) faded(rate float64) modes {
	out := slices.Clone(f)
	for i := range out {
		out[i].rates = slices.Clone(out[i].rates)
		for j := range out[i].rates {
			out[i].rates[j] += rate
		}
	}
	return out
}

// followed is ∫₀ˢ e^{−rate(s−u)} f(u) du.
func (f modes) followed(rate float64) modes {
	var out modes
	for _, m := range f {
		rates := append(slices.Clone(m.rates), rate+m.late)
		slices.Sort(rates)
		out = append(out, mode{m.weight, m.late, rates})
	}
	return modes{}.plus(out)
}

// times is the product. That of two convolutions, which are integrals over
// 0 < u_1 < u_2 < … < s, is the sum over all ways to shuffle their variables.
func (f modes) times(g modes) modes {
	var out modes
	for _, a := range f {
		for _, b := range g {
			each := func(rates []float64) {
				rates = slices.Clone(rates)
				slices.Sort(rates)
				out = append(out, mode{a.weight * b.weight, a.late + b.late, rates})
			}
			shuffle(a.rates, b.rates, nil, each)
		}
	}
	return modes{}.plus(out)
}

// shuffle calls each with the sums of rates along every path through the grid of
// pairs (a_i, b_j) from the first to the last.
func shuffle(a, b, path []float64, each func([]float64)) {
	path = append(path, a[0]+b[0])
	if len(a) == 1 && len(b) == 1 {
		each(path)
		return
	}
	if len(a) > 1 {
		shuffle(a[1:], b, path, each)
	}
	if len(b) > 1 {
		shuffle(a, b[1:], path, each)
	}
}

// power is f^k.
func (f modes) power(k int) modes {
	out := fading(1, 0)
	for range k {
		out = out.times(f)
	}
	return out
}

// at is the value at time s of a spell of that length, which may be infinite for
// functions that know no end.
func (f modes) at(s, length float64) float64 {
	sum := 0.
	for _, m := range f {
		x := m.weight * convolve.Exponentials(s, m.rates...)
		if m.late > 0 {
			x *= math.Exp(-m.late * (length - s))
		}
		sum += x
	}
	return sum
}
