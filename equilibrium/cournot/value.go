package cournot

// MakerValue is what being a maker is worth without an order when every maker
// holds inventory: E_θ − F_θ i², CMZ Proposition 1.
func (c Constants) MakerValue(inventory float64) float64 {
	return c.Value - c.Curvature*inventory*inventory
}

// InvestorsValue is what the market is worth to all end investors without an
// order: E^I + F^I i². They gain when makers are eager to unload.
func (c Constants) InvestorsValue(inventory float64) float64 {
	return c.InvestorValue + c.InvestorCurvature*inventory*inventory
}

// MakerGain is what an order with τ to go adds to the value of one maker: I_θ and
// f J_θ i, CMZ Proposition 5. (Their I_θ has an f too many in the linear term.)
//
// Under published the marginal value of inventory is the costate and J = b.
// Under open_loop the costate belongs to a maker that deviates alone, while this
// is the value when all makers hold the same inventory, so that J ≠ b.
func (c Constants) MakerGain(left float64) Gain {
	if c.Concept == OpenLoop {
		return c.makerGainOpenLoop(left)
	}
	_, n1 := c.counts()
	β, γ, s, ρ := c.DiscountRate, c.Gamma, c.S, c.Rho
	// 1 + 2δb + 2δ²b² = s + ρe^{−γx} + ½ρ²(1−e^{−γx})² with x to go.
	square := s*h(β, left) + ρ*x1(β, γ, left) + ρ*ρ*γ*γ*x3(β, 0, γ, 2*γ, left)
	return Gain{
		Linear: c.makerLinear(left),
		Square: square / (c.Activity * n1 * n1),
		Slope:  c.anticipation(left),
	}
}

// makerLinear is 2ω h_β(τ)/(N+1)².
func (c Constants) makerLinear(left float64) float64 {
	_, n1 := c.counts()
	return 2 * c.Reservation * h(c.DiscountRate, left) / (n1 * n1)
}

// makerGainOpenLoop solves, with ′ = d/dτ and I = linear·f + square·f²,
//
//	J′ = −(β+M)J + (2A/(N+1)²)(N−1+4Nδb) − 2F_θ(1+2δb)/(N+1)
//	square′ = −β square + 1/(δ(N+1)²) − ((N−1)b + 2Nδb²)/(N+1)² + J(1+2δb)/(N+1).
func (c Constants) makerGainOpenLoop(left float64) Gain {
	n, n1 := c.counts()
	β, δ, γ, ρ := c.DiscountRate, c.Activity, c.Gamma, c.Rho
	// J is fed by constant·1 + anticipated·(1−e^{−γx}) + traded·(1+2δb).
	j := feed{
		constant:    2 * c.A * (n - 1) / (n1 * n1),
		anticipated: -4 * c.A * n * ρ / (n1 * n1),
		traded:      -2 * c.Curvature / n1,
	}
	flow := 2*h(β, left) + (n-1)*ρ*γ*x2(β, 0, γ, left) - 2*n*ρ*ρ*γ*γ*x3(β, 0, γ, 2*γ, left)
	return Gain{
		Linear: c.makerLinear(left),
		Square: flow/(2*δ*n1*n1) + c.fromInventory(j, left)/n1,
		Slope:  c.slopeOfGain(j, left),
	}
}

// InvestorsGain is what an order with τ to go adds to the value of all end
// investors, CMZ (A21)–(A23): it takes business from those on its side, and
// brings good prices to those on the other side.
func (c Constants) InvestorsGain(left float64) Gain {
	n, n1 := c.counts()
	β, δ, ω, γ, ρ := c.DiscountRate, c.Activity, c.Reservation, c.Gamma, c.Rho
	j := feed{
		constant:    2 * n * c.A / (n1 * n1),
		anticipated: 2 * n * n * c.A * ρ / (n1 * n1),
		traded:      2 * c.InvestorCurvature / n1,
	}
	// 1 − 2δNb + 2δ²N²b², with −2δb = ρ(1−e^{−γx}).
	flow := h(β, left) + n*ρ*γ*x2(β, 0, γ, left) + n*n*ρ*ρ*γ*γ*x3(β, 0, γ, 2*γ, left)
	return Gain{
		Linear: -ω * n / (n1 * n1) * h(β, left),
		Square: flow/(2*δ*n1*n1) + c.fromInventory(j, left)/n1,
		Slope:  c.slopeOfGain(j, left),
	}
}

// ThresholdRate is f̄(d): orders of duration d are good for the end investors as
// a whole when their rate is above it, CMZ Proposition 6. It falls from 2δNω at
// d = 0. Where it exceeds ValidRate, some of them trade against their direction.
func (c Constants) ThresholdRate(d float64) float64 {
	if d == 0 {
		n, _ := c.counts()
		return 2 * c.Activity * n * c.Reservation
	}
	return c.InvestorsGain(d).ChangeOfSign()
}

// feed drives the coefficient J(τ) of f i in a value, with x to go:
// J′ = −(β+M)J + constant + anticipated·(1−e^{−γx}) + traded·(s+ρe^{−γx}),
// where s + ρe^{−γx} = 1 + 2δb is the part of the order that makers absorb.
type feed struct{ constant, anticipated, traded float64 }

// slopeOfGain is J(τ).
func (c Constants) slopeOfGain(j feed, left float64) float64 {
	m, γ := c.DiscountRate+c.M, c.Gamma
	return (j.constant+j.traded*c.S)*h(m, left) + j.anticipated*γ*x2(m, 0, γ, left) + j.traded*c.Rho*x1(m, γ, left)
}

// fromInventory is ∫₀^τ e^{−β(τ−x)} (s+ρe^{−γx}) J(x)dx: inventory that the order
// leaves with the makers changes the value of what follows.
func (c Constants) fromInventory(j feed, left float64) float64 {
	β, γ, m := c.DiscountRate, c.Gamma, c.DiscountRate+c.M
	part := func(shift float64) float64 { // ∫e^{−β(τ−x)} e^{−shift x} J(x)dx
		return (j.constant+j.traded*c.S)*x2(β, m+shift, shift, left) +
			j.anticipated*γ*x3(β, m+shift, shift, γ+shift, left) +
			j.traded*c.Rho*x2(β, m+shift, γ+shift, left)
	}
	return c.S*part(0) + c.Rho*part(γ)
}
