// Package ziggurat computes the tables of the ziggurat method (Marsaglia and
// Tsang, 2000) to the last bit.
//
// It serves the generator of the tables in package shocks and the test that
// checks them; no simulation imports it. Arithmetic is math/big at 256 bits, so
// the result is the correctly rounded one and the same on every architecture.
//
// A decreasing density f, scaled to f(0) = 1, is covered by n layers of equal
// area v. Layer i, 1 ≤ i < n, is a box of width xᵢ between the heights f(xᵢ) and
// f(xᵢ₊₁); layer 0 is the strip under f(r), r = x₁, with the tail beyond r, and
// x₀ = v/f(r) is the width of a box of the same area. The right edge r is the
// one for which the top layer ends at f(xₙ) = f(0) = 1.
package ziggurat

import "math/big"

// Tables are the layers of one density. All slices but Height have one entry
// for each layer.
type Tables struct {
	// Edge is r, where the tail begins.
	Edge float64
	// Width is xᵢ/2⁵³: times a 53-bit integer it is a point of the layer.
	Width []float64
	// Inside is ⌊2⁵³ xᵢ₊₁/xᵢ⌋: smaller integers lie under the density for sure.
	Inside []uint64
	// Height is f(xᵢ), n+1 entries; Height[0] is 0, the floor of the base strip.
	Height []float64
}

// A density is what the construction needs to know of f.
type density struct {
	at      func(x *big.Float) *big.Float // f(x), f(0) = 1
	inverse func(y *big.Float) *big.Float // x ≥ 0 with f(x) = y
	tail    func(r *big.Float) *big.Float // ∫ f from r to ∞
	guess   float64                       // r for 1024 layers to about 1e-9
}

// Layers is the number of layers of both tables.
const Layers = 1024

// Normal returns the tables of f(x) = exp(−x²/2), x ≥ 0.
func Normal() Tables {
	half := sqrt(scale(pi(), -1))
	return build(density{
		at:      func(x *big.Float) *big.Float { return exp(neg(scale(mul(x, x), -1))) },
		inverse: func(y *big.Float) *big.Float { return sqrt(scale(neg(ln(y)), 1)) },
		tail:    func(r *big.Float) *big.Float { return sub(half, normalBody(r)) },
		guess:   4.038849846109504,
	})
}

// normalBody returns ∫ exp(−t²/2) from 0 to r as exp(−r²/2) Σ r²ᵏ⁺¹/(2k+1)!!,
// whose terms are all positive (Abramowitz and Stegun, 1964, 26.2.11).
func normalBody(r *big.Float) *big.Float {
	square := mul(r, r)
	term, sum := mul(r, number(1)), mul(r, number(1))
	for k := 1.0; !negligible(term, sum); k++ {
		term = div(mul(term, square), number(2*k+1))
		sum = add(sum, term)
	}
	return mul(sum, exp(neg(scale(square, -1))))
}

// Exponential returns the tables of f(x) = exp(−x), x ≥ 0.
func Exponential() Tables {
	at := func(x *big.Float) *big.Float { return exp(neg(x)) }
	return build(density{
		at:      at,
		inverse: func(y *big.Float) *big.Float { return neg(ln(y)) },
		tail:    at,
		guess:   9.256164544265543,
	})
}

// stack builds the layers for the edge r and returns their widths xᵢ and
// heights f(xᵢ). The last height is 1 if r is right.
func (d density) stack(r *big.Float) (widths, heights []*big.Float) {
	floor := d.at(r)
	area := add(mul(r, floor), d.tail(r))
	widths = []*big.Float{div(area, floor), r}
	heights = []*big.Float{zero(), floor}
	for i := 1; i < Layers; i++ {
		top := add(heights[i], div(area, widths[i]))
		heights = append(heights, top)
		if i < Layers-1 {
			widths = append(widths, d.inverse(top))
		}
	}
	return append(widths, zero()), heights
}

// edge solves for r by the secant method from the guess.
func (d density) edge() *big.Float {
	gap := func(r *big.Float) *big.Float {
		_, heights := d.stack(r)
		return sub(heights[Layers], number(1))
	}
	r0, r1 := number(d.guess), number(d.guess+1e-8)
	g0, g1 := gap(r0), gap(r1)
	// The recursion loses some of the 256 bits; 2⁻²⁰⁰ is far beyond rounding.
	for g1.Sign() != 0 && g1.MantExp(nil) > -200 {
		step := div(mul(g1, sub(r1, r0)), sub(g1, g0))
		r0, g0, r1 = r1, g1, sub(r1, step)
		g1 = gap(r1)
	}
	return r1
}

func build(d density) Tables {
	r := d.edge()
	widths, heights := d.stack(r)
	t := Tables{Edge: round(r), Height: make([]float64, Layers+1)}
	for i := range Layers {
		t.Width = append(t.Width, round(scale(widths[i], -53)))
		inside, _ := scale(div(widths[i+1], widths[i]), 53).Uint64()
		t.Inside = append(t.Inside, inside)
		t.Height[i] = round(heights[i])
	}
	t.Height[Layers] = 1
	return t
}

func round(x *big.Float) float64 {
	y, _ := x.Float64()
	return y
}
