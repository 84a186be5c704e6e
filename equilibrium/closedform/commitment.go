package closedform

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// CommitmentThreshold is the share of risk capacity up to which a large trader
// that can commit to a rate would trade at once, SS Proposition 8.
const CommitmentThreshold = 1. / 3

// LargeAndFringeCommitted is one large trader that commits to close its
// misallocation with a fringe at a rate, SS Proposition 8; the fringe takes the
// price that makes it indifferent. large, fringe and discountRate are as in
// LargeAndFringe; speed is κ (per time). With the misallocation
// m = (b_LX_L − b_FX_F)/(b_L + b_F) and S = X_L + X_F,
//
//	Q = κ/(b_L+b_F) [[b_L, −b_F], [−b_L, b_F]],   that is q_L = κm,
//	PX = −b̄S/r + b_F m/(r+κ),   b̄ = b_Lb_F/(b_L+b_F),
//	XᵀA^LX = −(b_L/2r)(b_FS/(b_L+b_F))² − (b̄/r)Sm + W(κ)m²,
//
// W as in CommitmentValue. The equilibrium of LargeAndFringe is the case
// κ = r(b_L+b_F)/(2b_F).
func LargeAndFringeCommitted(large, fringe, discountRate, speed float64) (Mechanism, error) {
	if err := firstError(checkFringe(large, fringe, discountRate), positive("speed", speed)); err != nil {
		return Mechanism{}, err
	}
	return newCommitted(large, fringe, discountRate, speed, 0).mechanism(), nil
}

// LargeAndFringeCommittedDiscrete is the same at auctions a step Δ apart. To
// commit to the rate κ then means to sell the fraction 1 − e^{−κΔ} of the
// misallocation at every auction, so that what is left at time kΔ is e^{−κkΔ},
// as in continuous time, for every Δ. speed = +Inf is allowed: all is sold at
// the first auction. Q is in quantities per auction.
func LargeAndFringeCommittedDiscrete(large, fringe, discountRate, speed, step float64) (Mechanism, error) {
	err := firstError(checkFringe(large, fringe, discountRate), positive("step", step))
	if err == nil && !(speed > 0) {
		err = &ParameterError{Name: "speed", Value: speed, Limit: "positive"}
	}
	if err != nil {
		return Mechanism{}, err
	}
	return newCommitted(large, fringe, discountRate, speed, step).mechanism(), nil
}

// CommitmentValue is W(κ), what a misallocation (1, −1) between the large trader
// and the fringe is worth to the large trader that commits to the rate
// speed = κ ≥ 0; +Inf is allowed. With ρ = e^{−rΔ}, h = (1−ρ)/r, μ = e^{−κΔ},
//
//	W(κ) = −(b_Lr − (2b_F − b_L)κ)/(2(κ+r)(2κ+r))                       step = 0,
//	W(κ) = hμ(b_F(1−μ)/(1−ρμ) − b_Lμ/2)/(1 − ρμ²)                       step = Δ.
//
// Both tend to 0 as κ → ∞: everything is sold at once at the price 0. What else
// is worth something to the large trader does not depend on κ.
func CommitmentValue(large, fringe, discountRate, speed, step float64) (float64, error) {
	err := firstError(checkFringe(large, fringe, discountRate), notNegative("step", step))
	if err == nil && !(speed >= 0) {
		err = &ParameterError{Name: "speed", Value: speed, Limit: "0 or more"}
	}
	if err != nil || math.IsInf(speed, 1) {
		return 0, err
	}
	return newCommitted(large, fringe, discountRate, speed, step).large(), nil
}

// BestCommitment is the rate κ* that a large trader would commit to in
// continuous time, whatever the inventories:
//
//	κ* = r(b_L + √(b_F(2b_F + b_L)))/(2b_F − b_L)   if 2b_F > b_L,
//
// its share b_F/(b_L+b_F) of risk capacity being above CommitmentThreshold, and
// +Inf otherwise. It is above the speed of the equilibrium.
func BestCommitment(large, fringe, discountRate float64) (float64, error) {
	if err := checkFringe(large, fringe, discountRate); err != nil {
		return 0, err
	}
	if 2*fringe <= large {
		return math.Inf(1), nil
	}
	return discountRate * (large + math.Sqrt(fringe*(2*fringe+large))) / (2*fringe - large), nil
}

// BestCommitmentDiscrete is the best rate at auctions a step apart. It is always
// finite: to keep a little back at the first auction supports its price, a gain
// of first order for a loss of second order. It is where dW/dμ changes sign in
// 0 < μ < 1: from 2b_F at μ = 0 to a negative number at μ = 1, both times a
// positive one.
func BestCommitmentDiscrete(large, fringe, discountRate, step float64) (float64, error) {
	if err := firstError(checkFringe(large, fringe, discountRate), positive("step", step)); err != nil {
		return 0, err
	}
	rho, loss := math.Exp(-discountRate*step), -math.Expm1(-discountRate*step)
	falling := func(gap float64) bool { // in the gap 1 − μ, which is small for small steps
		mu := 1 - gap
		// 2W/h = μ(2b_F(1−μ) − b_Lμ(1−ρμ))/((1−ρμ)(1−ρμ²)): logarithmic derivatives
		// of the factors, times the numerator's second factor.
		slow, twice := loss+rho*gap, loss+rho*gap*(1+mu) // 1−ρμ, 1−ρμ²
		second := 2*fringe*gap - large*mu*slow
		slope := -2*fringe - large*(1-2*rho*mu)
		return second*(1/mu+rho/slow+2*rho*mu/twice)+slope < 0
	}
	return -math.Log1p(-bisect(0, 1, falling)) / step, nil
}

// committed is a market whose misallocation m decays at a given speed. Values
// are a quadratic form in S and m.
type committed struct {
	b                [2]float64 // b_L, b_F
	rate             float64    // r
	sold             float64    // of a unit of m: κ per time, or 1 − μ per auction
	length, held     float64    // h and μ; 1 and 1 in continuous time
	decay, decayBoth float64    // r+κ and r+2κ, or 1−ρμ and 1−ρμ²
}

func newCommitted(large, fringe, rate, speed, step float64) committed {
	c := committed{b: [2]float64{large, fringe}, rate: rate}
	if step == 0 {
		c.sold, c.length, c.held = speed, 1, 1
		c.decay, c.decayBoth = rate+speed, rate+2*speed
		return c
	}
	c.sold, c.held = -math.Expm1(-speed*step), math.Exp(-speed*step)
	c.length = -math.Expm1(-rate*step) / rate
	c.decay, c.decayBoth = -math.Expm1(-(rate+speed)*step), -math.Expm1(-(rate+2*speed)*step)
	return c
}

// premium is the price of a unit of m: b_F/(r+κ), or b_Fhμ/(1−ρμ).
func (c committed) premium() float64 { return c.b[1] * c.length * c.held / c.decay }

// large is the value of m² to the large trader, W(κ).
func (c committed) large() float64 {
	return (c.premium()*c.sold - c.b[0]/2*c.length*c.held*c.held) / c.decayBoth
}

// fringe is the value of m² to the fringe.
func (c committed) fringe() float64 {
	return (-c.premium()*c.sold - c.b[1]/2*c.length*c.held*c.held) / c.decayBoth
}

func (c committed) mechanism() Mechanism {
	sum := c.b[0] + c.b[1]
	mean := c.b[0] * c.b[1] / sum // b̄
	m := [2]float64{c.b[0] / sum, -c.b[1] / sum}
	out := Mechanism{P: make([]float64, 2), Q: mat.NewDense(2, 2, nil)}
	for j := range 2 {
		out.P[j] = -mean/c.rate + c.premium()*m[j]
		out.Q.Set(0, j, c.sold*m[j])
		out.Q.Set(1, j, -c.sold*m[j])
	}
	for i, square := range []float64{c.large(), c.fringe()} {
		share := c.b[1-i] / sum // of S in the first best
		total, cross := -c.b[i]*share*share/(2*c.rate), -mean/(2*c.rate)
		if i == 1 {
			cross = -cross
		}
		at := func(j, k int) float64 { return total + cross*(m[j]+m[k]) + square*m[j]*m[k] }
		out.A = append(out.A, symmetric2(at(0, 0), at(0, 1), at(1, 1)))
	}
	return out
}
