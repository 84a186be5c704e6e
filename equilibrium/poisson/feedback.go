package poisson

import (
	"fmt"
	"math"

	"walras/equilibrium/cournot"
	"walras/internal/fixedpoint"
)

// Feedback is the Markov-perfect equilibrium of makers who all see all inventories,
// without large orders. With Y the sum of the rivals' inventories, maker j trades
//
//	x_j^a = α^a + Own i_j + Cross Y_j,   x_j^b = α^b − Own i_j − Cross Y_j,
//
// and its value is −α i_j² − 2ζ i_j Y_j − ρ Y_j² + B i_j + E Y_j + C0.
type Feedback struct {
	Model      Model
	Ask, Bid   float64 // α^a, α^b
	Own, Cross float64 // r1, s2

	Value, CrossValue, RivalValue float64 // α, ζ, ρ
	B, Rivals, C0                 float64 // B and E, which are 0 for equal rates, and C0
	Residual                      float64 // what is left of the equations, relative
}

// Slope is A_eff = α + (N−1)ζ, the A of the policy when all inventories are alike.
func (f Feedback) Slope() float64 { return f.Value + float64(f.Model.Makers-1)*f.CrossValue }

// SolutionError says that an equation of a solution could not be solved.
type SolutionError struct {
	Residual float64 // what is left of the equation, relative
}

// Error names what was left of the equation.
func (e *SolutionError) Error() string {
	return fmt.Sprintf("poisson: feedback solution not found: residual %.2g, must be 1e-9 or less; check that costs and rates do not differ by many orders of magnitude", e.Residual)
}

// Feedback solves for the Markov-perfect equilibrium: the limit of the game whose
// horizon is a finite number of arrivals and payments of interest, from 0.
func (m Model) Feedback() (Feedback, error) {
	f := Feedback{Model: m}
	unit := m.Constants(cournot.OpenLoop).OwnSlope // of the size of the slopes
	improve := func(x, out []float64) error {
		f.Value, f.CrossValue, f.RivalValue = x[0]*unit, x[1]*unit, x[2]*unit
		f.Own, f.Cross = m.feedbackRule(f.Value, f.CrossValue)
		f.improved(out)
		for i := range out {
			out[i] /= unit
		}
		return nil
	}
	x, next := make([]float64, 3), make([]float64, 3)
	for range 200_000 { // a contraction of about 1 − 2(r + β/Λ)
		_ = improve(x, next)
		moved := 0.
		for i := range x {
			moved = math.Max(moved, math.Abs(next[i]-x[i]))
		}
		copy(x, next)
		if !(moved > 1e-6) {
			break
		}
	}
	result, err := fixedpoint.Newton(improve, x, []float64{1, 1, 1}, fixedpoint.Options{MaxIterations: 20})
	if err != nil || !(result.Residual < 1e-9) {
		return Feedback{}, &SolutionError{Residual: result.Residual}
	}
	_ = improve(x, next)
	f.Residual = result.Residual
	f.settle()
	return f, nil
}

// feedbackRule are the slopes that are best replies to each other at given slopes
// of the value, from the first-order condition of maker 1 in its own inventory and
// in the rivals' sum,
//
//	2r1 + (N−1)s2 = 2cα(1−r1) − 2cζ(N−1)s2,
//	r1 + N s2 = −2cα s2 + 2cζ(1 − r1 − (N−2)s2).
func (m Model) feedbackRule(α, ζ float64) (own, cross float64) {
	n, c := float64(m.Makers), m.Size
	a11, a12, b1 := 2+2*c*α, (n-1)*(1+2*c*ζ), 2*c*α
	a21, a22, b2 := 1+2*c*ζ, n+2*c*α+2*c*ζ*(n-2), 2*c*ζ
	det := a11*a22 - a12*a21
	return (b1*a22 - a12*b2) / det, (a11*b2 - a21*b1) / det
}

// improved writes the slopes (α, ζ, ρ) = P of the value one arrival or payment
// earlier: (β + Λ)P = Θ ee' + Λ(qq'-part of the profit + T'PT), T what an arrival
// leaves of the inventories (i, Y).
func (f Feedback) improved(out []float64) {
	m := f.Model
	n, Λ := float64(m.Makers), m.Arrivals()
	r1, s2 := f.Own, f.Cross
	all := (r1 + (n-1)*s2) / m.Size // the price falls by it per unit of all inventories
	t11, t12 := 1-r1, -s2
	t21, t22 := -(n-1)*s2, 1-r1-(n-2)*s2
	α, ζ, ρ := f.Value, f.CrossValue, f.RivalValue
	share := 1 / (m.DiscountRate + Λ)
	out[0] = share * (m.InventoryCost + Λ*(all*r1+t11*(α*t11+ζ*t21)+t21*(ζ*t11+ρ*t21)))
	out[1] = share * Λ * (all*(r1+s2)/2 + t11*(α*t12+ζ*t22) + t21*(ζ*t12+ρ*t22))
	out[2] = share * Λ * (all*s2 + t12*(α*t12+ζ*t22) + t22*(ζ*t12+ρ*t22))
}

// settle finds the linear and the constant part of policy and value. With
// v = (r1, s2), 1 = (1, 1), n = (1, N−1), both sides' trades α = (c/K)(p ∓ B) and
// y = 2T'Pn − all 1 − Nv/c,
//
//	(β + Λ)(B, E) = ΛT'(B, E) − Λ(c/K)B y + (λ_B − λ_S) p (v + (c/K)y).
func (f *Feedback) settle() {
	m := f.Model
	n, Λ, p := float64(m.Makers), m.Arrivals(), m.Reservation
	all := (f.Own + (n-1)*f.Cross) / m.Size
	k := m.Size / (n + 1 + 2*m.Size*f.Slope())
	t11, t12 := 1-f.Own, -f.Cross
	t21, t22 := -(n-1)*f.Cross, 1-f.Own-(n-2)*f.Cross
	own, rivals := f.Slope(), f.CrossValue+(n-1)*f.RivalValue // Pn
	y1 := 2*(t11*own+t21*rivals) - all - n/m.Size*f.Own
	y2 := 2*(t12*own+t22*rivals) - all - n/m.Size*f.Cross
	excess := (m.BuyRate - m.SellRate) * p
	b1, b2 := excess*(f.Own+k*y1), excess*(f.Cross+k*y2)
	a11, a12 := m.DiscountRate+Λ*(f.Own+k*y1), -Λ*t21
	a21, a22 := Λ*(k*y2-t12), m.DiscountRate+Λ*(1-t22)
	det := a11*a22 - a12*a21
	f.B, f.Rivals = (b1*a22-a12*b2)/det, (a11*b2-a21*b1)/det
	f.Ask, f.Bid = k*(p-f.B), k*(p+f.B)
	square := n/m.Size + own + (n-1)*rivals // of the profit and of what n adds to V
	slope := f.B + (n-1)*f.Rivals
	f.C0 = (m.BuyRate*f.Ask*(p-slope-square*f.Ask) + m.SellRate*f.Bid*(p+slope-square*f.Bid)) / m.DiscountRate
}
