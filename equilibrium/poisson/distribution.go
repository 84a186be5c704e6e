package poisson

import (
	"math"
	"math/cmplx"

	"walras/internal/fixedpoint"
)

// Distribution is the law of a maker's inventory at one time, from its
// characteristic function φ by inversion (Gil-Pelaez).
type Distribution struct {
	Mean, Deviation float64
	// Error bounds the error of the CDF: the largest |φ| in the last octave of u.
	// Atoms, as of paths without arrivals, and near-lattice revivals of φ keep it up.
	Error float64

	u       []float64 // descending, u_{j+1} = u_j e^{−spacing}
	phi     []complex128
	spacing float64
}

const (
	widest      = 50.  // largest u, in 1/sd: φ revives near π/α, which is about 11/sd
	narrowest   = 1e-3 // smallest u, in 1/sd: there φ is that of a normal law
	resolution  = .012 // largest spacing of ln u
	memory      = 10.  // reversion times after which a normal law is as good a start as any
	arrivalStep = .25  // expected arrivals in a step of time
	reach       = 12.  // deviations beyond which the CDF is 0 or 1
	slowest     = 1. / 400
	enough      = 1e-3 // largest Error of a usable law
)

// Distribution is the law of the inventory at time t. It is not ok when the law has
// atoms that matter (few arrivals until t, or large ones: Error above 1e-3), or
// when arrivals move inventories so little, r < 1/400, that the normal law with
// the two moments should be used.
//
// With d = (f−φ)/N the characteristic function follows
//
//	∂φ/∂t = iud φ(u) + (λ_B e^{−iuα^a} + λ_S e^{iuα^b}) φ(ρu) − Λφ(u),
//
// on a grid of ln u of which ln ρ is a multiple of the spacing, so that φ(ρu) is on
// it: by Runge–Kutta, with the turning by iud taken out.
func (v *Inventory) Distribution(t float64) (law *Distribution, ok bool) {
	c := v.Market
	at := v.after(t)
	variance := at.variance.at(t-at.from, at.length)
	if !(variance > 0) || c.R < slowest {
		return nil, false
	}
	law = &Distribution{Mean: at.mean.at(t-at.from, at.length), Deviation: math.Sqrt(variance)}
	w := newWave(c, law.Deviation)
	start := math.Max(0, t-memory/c.Reversion)
	from := v.after(start)
	initial := gaussian{v.Initial, 0}
	if start > 0 {
		initial = from.gaussian(start)
	}
	w.set(0, w.phi, initial)
	for k := range v.spells {
		s := &v.spells[k]
		if end := math.Min(t, s.from+s.length); end > start {
			w.follow(s, math.Max(start, s.from), end)
		}
	}
	law.u, law.phi, law.spacing = w.u[:w.inner], w.phi[:w.inner], w.spacing
	for j, u := range law.u {
		law.phi[j] *= cmplx.Rect(1, -u*law.Mean)
		if 2*u >= law.u[0] {
			law.Error = math.Max(law.Error, cmplx.Abs(law.phi[j]))
		}
	}
	return law, law.Error <= enough
}

// CDF is the probability that the inventory is at most x,
//
//	1/2 − (1/π) ∫₀^∞ Im(e^{−iux} φ(u)) du/u.
func (l *Distribution) CDF(x float64) float64 {
	y := x - l.Mean
	if math.Abs(y) > reach*l.Deviation {
		return max(0, math.Copysign(1, y))
	}
	sum := 0.
	for j, u := range l.u {
		sin, cos := math.Sincos(u * y)
		sum += imag(l.phi[j])*cos - real(l.phi[j])*sin
	}
	sum -= y * l.u[len(l.u)-1] / math.Expm1(l.spacing) // what lies below the grid
	return math.Min(math.Max(.5-sum*l.spacing/math.Pi, 0), 1)
}

// Density is that of the law, (1/π) ∫₀^∞ Re(e^{−iux} φ(u)) du. Its error may be larger
// than that of the CDF.
func (l *Distribution) Density(x float64) float64 {
	y := x - l.Mean
	if math.Abs(y) > reach*l.Deviation {
		return 0
	}
	sum := l.u[len(l.u)-1] / math.Expm1(l.spacing)
	for j, u := range l.u {
		sin, cos := math.Sincos(u * y)
		sum += u * (real(l.phi[j])*cos + imag(l.phi[j])*sin)
	}
	return sum * l.spacing / math.Pi
}

// Quantile is the inventory that is not exceeded with a probability in (0, 1).
func (l *Distribution) Quantile(probability float64) float64 {
	if !(probability > 0 && probability < 1) {
		panic("poisson: the probability of a quantile must be between 0 and 1")
	}
	below := func(x float64) float64 { return l.CDF(x) - probability }
	return fixedpoint.Root(below, l.Mean-reach*l.Deviation, l.Mean+reach*l.Deviation)
}
