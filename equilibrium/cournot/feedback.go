package cournot

import (
	"fmt"
	"math"

	"walras/internal/fixedpoint"
)

// Slopes are the stationary coefficients of identical makers. Under feedback the
// value of maker j falls with all inventories by
//
//	Own x_j² + 2 Cross x_j Y + Rivals Y²,   Y = Σ_{k≠j} x_k,
//
// (α, ζ, ρ), and a unit is worth λ_j = −2(Own x_j + Cross Y) + …. Published and
// open_loop know no rivals' inventories: Own is A.
type Slopes struct {
	Own, Cross, Rivals float64
	Makers             int
}

// Total is A = α + (N−1)ζ, the slope when all inventories move together; the
// price pressure B_θ is 2A/(N+1).
func (s Slopes) Total() float64 { return s.Own + float64(s.Makers-1)*s.Cross }

// FeedbackPressure is the price pressure B_θ = 2A/(N+1) of the feedback solution in
// continuous time.
func (m Model) FeedbackPressure() (float64, error) {
	s, err := m.Slopes(Feedback, 0)
	return 2 * s.Total() / float64(m.Makers+1), err
}

// SolutionError says that an equation of a solution could not be solved.
type SolutionError struct {
	Concept  Concept
	Residual float64 // what is left of the equation, relative
}

// Error names the solution and what was left of its equation.
func (e *SolutionError) Error() string {
	return fmt.Sprintf("cournot: %v solution not found: residual %.2g, must be 1e-9 or less; check that costs and rates do not differ by many orders of magnitude", e.Concept, e.Residual)
}

// Slopes solves the stationary part of a concept for periods of length step, or
// in continuous time for step 0; in discrete time they are the slopes at a
// period's beginning.
//
//	published  A = η dt + D A(1 + 2Nm/(N+1))/(1+m)²,   m = 4δD A dt/(N+1)
//	open_loop  A = η dt + D A/(1+m)
//
// Feedback is the limit of the game of finite horizon: of the equations' six
// roots it is the stable one.
func (m Model) Slopes(concept Concept, step float64) (Slopes, error) {
	_, n1 := m.counts()
	t := timed(m.DiscountRate, step)
	η, c := m.InventoryCost, 4*m.Activity*t.discount/n1
	s := Slopes{Makers: m.Makers}
	switch concept {
	case Feedback:
		return m.feedbackSlopes(t)
	case OpenLoop:
		s.Own = alone(η, t.rate-η*c*step, c)
	case Published:
		if step == 0 {
			s.Own = m.Constants(Published).A
			return s, nil
		}
		excess := func(a float64) float64 { // of the equation less A, per dt
			x := c * a * step
			return t.rate*a + t.discount*c*a*a*(2/n1+x)/((1+x)*(1+x)) - η
		}
		s.Own = root(excess, 0, η/t.rate)
	default:
		panic(fmt.Sprintf("cournot: no slopes for the concept %v", concept))
	}
	return s, nil
}

// twins is how the inventories (x_1, Y) of one maker and all its rivals revert
// where trades respond to the slopes s: M = a I + b 11' among the makers.
type twins struct {
	a, b     float64
	total    float64 // a + N b, the rate at which inventories that are all the same revert
	together float64 // s, their factor of reversion over a period: 1 − dt total
}

// reversion of identical makers: M = cTL(I + c dt TL)⁻¹, c = 4δD, and TL = pI + q11'.
func (m Model) reversion(s Slopes, t timing) twins {
	_, n1 := m.counts()
	c := 4 * m.Activity * t.discount
	p, q := s.Own-s.Cross, (2*s.Cross-s.Own)/n1
	all := s.Total() / n1 // p + Nq
	apart, together := 1/(1+c*t.step*p), 1/(1+c*t.step*all)
	return twins{a: c * p * apart, b: c * q * apart * together, total: c * all * together, together: together}
}

// feedbackSlopes integrates dP/dτ = residual from 0 to stationarity and polishes
// with Newton's method.
func (m Model) feedbackSlopes(t timing) (Slopes, error) {
	unit, fastest := sizes(m.InventoryCost, m.DiscountRate, m.Activity, t)
	if unit == 0 || math.IsInf(unit, 0) {
		return Slopes{}, &SolutionError{Concept: Feedback, Residual: math.Inf(1)}
	}
	slope := func(x, out []float64) error {
		s := Slopes{Own: x[0] * unit, Cross: x[1] * unit, Rivals: x[2] * unit, Makers: m.Makers}
		r := m.residual(s, t)
		out[0], out[1], out[2] = r.Own/unit, r.Cross/unit, r.Rivals/unit
		return nil
	}
	x, residual := stationary(slope, make([]float64, 3), fastest)
	s := Slopes{Own: x[0] * unit, Cross: x[1] * unit, Rivals: x[2] * unit, Makers: m.Makers}
	if !(residual < 1e-9) || s.Total() <= 0 || s.Own <= s.Cross {
		return Slopes{}, &SolutionError{Concept: Feedback, Residual: residual}
	}
	return s, nil
}

// residual is what a period adds to the slopes, per time: of a maker whose value
// is −z'Pz over z = (x_1, Y), where net trades are −Mx,
//
//	ηee' + (m_1μ' + μm_1')/(4δ) − (1−D)/dt P − D(M'P + PM − dt M'PM),
//
// m_1 the maker's row of M and μ = M'1 the sum of all rows.
func (m Model) residual(s Slopes, t timing) Slopes {
	r := m.reversion(s, t)
	rivals := float64(m.Makers - 1)
	δ, d := m.Activity, t.discount
	// The columns of M on (x_1, Y): x_1' = −m11 x_1 − b Y, Y' = −m21 x_1 − m22 Y.
	m11, m12, m21, m22 := r.a+r.b, r.b, rivals*r.b, r.a+rivals*r.b
	α, ζ, ρ := s.Own, s.Cross, s.Rivals
	pm11, pm12 := α*m11+ζ*m21, α*m12+ζ*m22 // PM
	pm21, pm22 := ζ*m11+ρ*m21, ζ*m12+ρ*m22
	return Slopes{
		Own:    m.InventoryCost + m11*r.total/(2*δ) - t.rate*α - d*(2*pm11-t.step*(m11*pm11+m21*pm21)),
		Cross:  (m11+m12)*r.total/(4*δ) - t.rate*ζ - d*(pm12+pm21-t.step*(m11*pm12+m21*pm22)),
		Rivals: m12*r.total/(2*δ) - t.rate*ρ - d*(2*pm22-t.step*(m12*pm12+m22*pm22)),
	}
}

// sizes are those of the slopes of a maker with inventory cost η and of the fastest
// rate at which they settle.
func sizes(η, β, δ float64, t timing) (slope, rate float64) {
	slope = alone(η, β, 4*δ)
	rate = t.rate + 8*δ*slope
	if t.step > 0 { // no inventory falls by more than itself in a period
		rate = math.Min(rate, t.rate+4/t.step)
	}
	return slope + t.step*η, rate
}

// stationary integrates x' = f(x) from x until it hardly moves, by steps that are
// short at the rate of its fastest change, and polishes f(x) = 0. What is left is
// relative to that rate.
func stationary(f fixedpoint.Map, x []float64, fastest float64) ([]float64, float64) {
	n := len(x)
	dt := .5 / fastest
	var k [4][]float64
	for i := range k {
		k[i] = make([]float64, n)
	}
	at := make([]float64, n)
	for range 200_000 {
		for i, part := range [4]float64{0, .5, .5, 1} { // Runge–Kutta
			copy(at, x)
			if i > 0 {
				for l := range at {
					at[l] += part * dt * k[i-1][l]
				}
			}
			_ = f(at, k[i])
		}
		moved := 0.
		for l := range x {
			step := (k[0][l] + 2*k[1][l] + 2*k[2][l] + k[3][l]) / 6
			x[l] += dt * step
			moved = math.Max(moved, math.Abs(step)/fastest)
		}
		if !(moved > 1e-8) {
			break
		}
	}
	scale := make([]float64, n)
	for l := range scale {
		scale[l] = 1
	}
	shifted := func(x, out []float64) error {
		_ = f(x, out)
		for l := range x {
			out[l] = x[l] + out[l]/fastest
		}
		return nil
	}
	result, _ := fixedpoint.Newton(shifted, x, scale, fixedpoint.Options{MaxIterations: 20})
	return x, result.Residual
}
