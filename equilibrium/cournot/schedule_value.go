package cournot

import "math"

// What large orders that everybody knows get, and what they are worth to others.

// Execution is what one order gets, all others being there. It is zero for an
// order without any interval.
type Execution struct {
	Quantity float64 // S

	// Proceeds are the discounted surplus over the reservation value,
	// ∫e^{−βt} f_m(ω + p^b)dt for a sell and ∫e^{−βt} φ_m(ω − p^a)dt for a buy.
	Proceeds float64

	// AverageImpact weights the price with the order's rates, −∫e^{−βt} p^b f_m dt/S
	// for a sell. For S = 0 it is the limit of small constant rates.
	AverageImpact
}

// Sell is what sell m gets.
func (p *Public) Sell(m int) Execution { return p.execution(p.sells[m], 1) }

// Buy is what buy m gets.
func (p *Public) Buy(m int) Execution { return p.execution(p.buys[m], -1) }

// execution is that of an order at the bid (side 1) or at the ask (side −1),
// where a unit pays ω/(N+1) + fH ∓ Nλ/(N+1).
func (p *Public) execution(o placed, side float64) Execution {
	n, n1 := p.Market.counts()
	β, ω := p.Market.DiscountRate, p.Market.Reservation
	unit := payoff{linear: func(c *cell, k int) (constant, slope float64) {
		total := c.sell
		if side < 0 {
			total = c.buy
		}
		return o.weights[k] * (ω/n1 + total*p.Market.Impact), -o.weights[k] * side * n / n1
	}}
	mean, discount, lost := p.worth(β, unit), 0., 0. // lost is 1 − discount, which may be tiny
	for k, c := range p.cells {
		later, length := math.Exp(-β*c.from), h(β, c.length)
		discount += o.weights[k] * later * length
		lost += o.weights[k] * (-math.Expm1(-β*c.from)*c.length + later*β*x2(0, 0, β, c.length))
	}
	return Execution{
		Quantity: o.quantity, Proceeds: o.quantity * (ω*discount - mean),
		AverageImpact: AverageImpact{Discounted: mean, Undiscounted: p.worth(0, unit), Shortfall: mean + ω*lost},
	}
}

// MakerGain is what the orders are worth to one maker, at its initial inventory:
// its value with them less its value without. The payoff p^a a − p^b b − ηi²
// grows by
//
//	[2ω(f+φ) + (f²+φ²)/δ − (N−1)nλ − 2δNλ²]/(N+1)² − ηi²
//
// over that of an idle market, 2δω²/(N+1)². For published it agrees with the
// value function of CMZ; for open_loop it is the value of the symmetric state.
func (p *Public) MakerGain() float64 {
	m := &p.Market
	n, n1 := m.counts()
	return p.worth(m.DiscountRate, payoff{
		linear: func(c *cell, _ int) (constant, slope float64) {
			constant = 2*m.Reservation*(c.sell+c.buy) + (c.sell*c.sell+c.buy*c.buy)/m.Activity
			return constant / (n1 * n1), -(n - 1) * c.net() / (n1 * n1)
		},
		square: -2 * m.Activity * n / (n1 * n1), cost: m.InventoryCost,
	})
}

// MakerValue is the value of one maker with the orders.
func (p *Public) MakerValue() float64 {
	return p.Market.MakerValue(p.Orders.Inventory) + p.MakerGain()
}

// InvestorsGain is what the orders are worth to the end investors together. Their
// surplus (δ/2)[(ω−p^a)² + (ω+p^b)²] grows by
//
//	[−ωN(f+φ) + (f²+φ²)/(2δ) − Nnλ + δN²λ²]/(N+1)²
//
// over that of an idle market, δN²ω²/(N+1)².
func (p *Public) InvestorsGain() float64 {
	m := &p.Market
	n, n1 := m.counts()
	return p.worth(m.DiscountRate, payoff{
		linear: func(c *cell, _ int) (constant, slope float64) {
			constant = -n*m.Reservation*(c.sell+c.buy) + (c.sell*c.sell+c.buy*c.buy)/(2*m.Activity)
			return constant / (n1 * n1), -n * c.net() / (n1 * n1)
		},
		square: m.Activity * n * n / (n1 * n1),
	})
}

// InvestorsValue is what the market with the orders is worth to end investors.
func (p *Public) InvestorsValue() float64 {
	return p.Market.InvestorsValue(p.Orders.Inventory) + p.InvestorsGain()
}

// payoff is a flow of money, constant + slope λ + square λ² − cost i².
type payoff struct {
	linear       func(c *cell, k int) (constant, slope float64) // in cell k
	square, cost float64
}

// worth is ∫₀^∞ e^{−βt}(flow)dt of a payoff, β = rate, less its part F i_0² that
// is there without orders. With u the time to the end of a cell the value is
// F i² + J i + I, and with ′ = d/du
//
//	F = (4A² square − cost)/(β + 2M),
//	J′ = −(β+M)J − 2A(slope + 2 square B) + 2F(n + 2δB)/(N+1),
//	I′ = −βI + constant + slope B + square B² + J(n + 2δB)/(N+1).
//
// All that feeds J and I is a product of exponentials and of h_γ(u).
func (p *Public) worth(rate float64, flow payoff) float64 {
	A, β, γ, m := p.Market.A, rate, p.Market.Gamma, rate+p.Market.M
	F := (4*A*A*flow.square - flow.cost) / (rate + 2*p.Market.M)
	J, I := 0., 0.
	for k := len(p.cells) - 1; k >= 0; k-- {
		c := &p.cells[k]
		u, b, kn := c.length, c.end, p.Market.K*c.net() // B = b e^{−γu} − kn h_γ(u)
		constant, slope := flow.linear(c, k)
		// J is fed by j0 + j1 e^{−γu} + j2 h_γ(u).
		j0 := 2*F*c.settled - 2*A*slope
		j1 := 2*F*c.passing - 4*A*flow.square*b
		j2 := 4 * A * flow.square * kn
		I = I*math.Exp(-β*u) + constant*h(β, u) + slope*(b*x1(β, γ, u)-kn*x2(β, 0, γ, u)) +
			flow.square*(b*b*x1(β, 2*γ, u)-2*b*kn*x2(β, γ, 2*γ, u)+2*kn*kn*x3(β, 0, γ, 2*γ, u)) +
			c.settled*(J*x1(β, m, u)+j0*x2(β, m, 0, u)+j1*x2(β, m, γ, u)+j2*x3(β, m, 0, γ, u)) +
			c.passing*(J*x1(β, m+γ, u)+j0*x2(β, m+γ, γ, u)+j1*x2(β, m+γ, 2*γ, u)+j2*x3(β, m+γ, γ, 2*γ, u))
		J = J*math.Exp(-m*u) + j0*h(m, u) + j1*x1(m, γ, u) + j2*x2(m, 0, γ, u)
	}
	return J*p.Orders.Inventory + I
}
