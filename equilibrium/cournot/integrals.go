package cournot

import (
	"walras/internal/convolve"
	"walras/internal/fixedpoint"
)

// The integrals that make up every closed form of a constant order, under the
// short names that the formulas use.

// h is h_g(u) = ∫₀ᵘ e^{−gs}ds = (1 − e^{−gu})/g, for g ≥ 0.
func h(g, u float64) float64 { return convolve.H(g, u) }

// x1 is X(a,c;u) = ∫₀ᵘ e^{−a(u−s)} e^{−cs}ds, for a, c ≥ 0.
func x1(a, c, u float64) float64 { return convolve.Pair(a, c, u) }

// x2 is X2(a,b,c;u) = ∫₀ᵘ e^{−a(u−s)} X(b,c;s)ds, for a, b, c ≥ 0.
func x2(a, b, c, u float64) float64 { return convolve.Exponentials(u, a, b, c) }

// x3 is X3(a,b,c,d;u) = ∫₀ᵘ e^{−a(u−s)} X2(b,c,d;s)ds, for a, b, c, d ≥ 0.
func x3(a, b, c, d, u float64) float64 { return convolve.Exponentials(u, a, b, c, d) }

// root is where an increasing function changes sign between lo and hi.
func root(f func(float64) float64, lo, hi float64) float64 { return fixedpoint.Root(f, lo, hi) }
