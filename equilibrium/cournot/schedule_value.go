package cournot

import "math"

// What large orders that everybody knows get, and what they are worth to others.

// Execution is what one order gets, all others being there. It is zero for an
// order without any interval.
type Execution struct {
	Quantity float64 // S

	// Surplus over the reservation value, ∫e^{−βt} f_m(ω + p^b)dt for a sell and
	// ∫e^{−βt} φ_m(ω − p^a)dt for a buy; discounted and not. Money.
	Proceeds, ProceedsUndiscounted float64

	// Average distance of the price from the fundamental value, weighted with the
	// order's rates: −∫e^{−βt} p^b f_m dt/S for a sell, discounted (CMZ Figure 4c)
	// and not (CMZ footnote 13). For S = 0 the limit of small constant rates.
	Impact, ImpactUndiscounted float64

	Shortfall float64 // ω − Proceeds/S, likewise
}

// Sell is what sell m gets.
func (p *Public) Sell(m int) Execution { return p.execution(p.sells[m], 1) }

// Buy is what buy m gets.
func (p *Public) Buy(m int) Execution { return p.execution(p.buys[m], -1) }

// execution is that of an order at the bid (side 1) or at the ask (side −1),
// where a unit earns Nω/(N+1) − fH ± Nλ/(N+1).
func (p *Public) execution(o placed, side float64) Execution {
	if len(p.cells) == 0 {
		return Execution{}
	}
	n, n1 := p.counts()
	unit := func(k int) (constant, slope float64) {
		total := p.cells[k].sell
		if side < 0 {
			total = p.cells[k].buy
		}
		return o.weights[k] * (n*p.Reservation/n1 - total*p.Impact), o.weights[k] * side * n / n1
	}
	mean := p.worth(p.DiscountRate, payoff{linear: unit})
	undiscounted := p.worth(0, payoff{linear: unit})
	discounted, all := 0., 0.
	for k, c := range p.cells {
		discounted += o.weights[k] * math.Exp(-p.DiscountRate*c.from) * h(p.DiscountRate, c.length)
		all += o.weights[k] * c.length // 1, or 0 for an order without intervals
	}
	return Execution{
		Quantity: o.quantity, Proceeds: o.quantity * mean, ProceedsUndiscounted: o.quantity * undiscounted,
		Impact: p.Reservation*discounted - mean, ImpactUndiscounted: p.Reservation*all - undiscounted,
		Shortfall: p.Reservation*all - mean,
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
	n, n1 := p.counts()
	return p.worth(p.DiscountRate, payoff{
		linear: func(k int) (constant, slope float64) {
			c := &p.cells[k]
			constant = 2*p.Reservation*(c.sell+c.buy) + (c.sell*c.sell+c.buy*c.buy)/p.Activity
			return constant / (n1 * n1), -(n - 1) * (c.sell - c.buy) / (n1 * n1)
		},
		square: -2 * p.Activity * n / (n1 * n1), cost: p.InventoryCost,
	})
}

// MakerValue is the value of one maker, E_θ − F_θ i_0² + MakerGain.
func (p *Public) MakerValue() float64 {
	return p.Value - p.Curvature*p.Inventory*p.Inventory + p.MakerGain()
}

// InvestorGain is what the orders are worth to the end investors together. Their
// surplus (δ/2)[(ω−p^a)² + (ω+p^b)²] grows by
//
//	[−ωN(f+φ) + (f²+φ²)/(2δ) − Nnλ + δN²λ²]/(N+1)²
//
// over that of an idle market, δN²ω²/(N+1)².
func (p *Public) InvestorGain() float64 {
	n, n1 := p.counts()
	return p.worth(p.DiscountRate, payoff{
		linear: func(k int) (constant, slope float64) {
			c := &p.cells[k]
			constant = -n*p.Reservation*(c.sell+c.buy) + (c.sell*c.sell+c.buy*c.buy)/(2*p.Activity)
			return constant / (n1 * n1), -n * (c.sell - c.buy) / (n1 * n1)
		},
		square: p.Activity * n * n / (n1 * n1),
	})
}

// InvestorWorth is the worth of the market to end investors, E^I + F^I i_0² +
// InvestorGain.
func (p *Public) InvestorWorth() float64 {
	return p.InvestorValue + p.InvestorCurvature*p.Inventory*p.Inventory + p.InvestorGain()
}

// payoff is a flow of money, constant + slope λ + square λ² − cost i².
type payoff struct {
	linear       func(cell int) (constant, slope float64)
	square, cost float64
}

// worth is ∫₀^∞ e^{−βt}(flow)dt of a payoff, β = rate, less its part F i_0² that
// is there without orders. With u the time to the end of a cell the value is
// F i² + J i + I, and
//
//	F = (4A² square − cost)/(β + 2M),
//	J' = −(β+M)J − 2A(slope + 2 square B) + 2F(n + 2δB)/(N+1),
//	I' = −βI + constant + slope B + square B² + J(n + 2δB)/(N+1).
//
// Sources are a + be^{−γu}, so that J and I are sums of h, X and X2.
func (p *Public) worth(rate float64, flow payoff) float64 {
	β, γ, m := rate, p.Gamma, rate+p.M
	F := (4*p.A*p.A*flow.square - flow.cost) / (rate + 2*p.M)
	J, I := 0., 0.
	for k := len(p.cells) - 1; k >= 0; k-- {
		c := &p.cells[k]
		u := c.length
		constant, slope := flow.linear(k)
		atSteady := slope + flow.square*c.steady // slope λ + square λ² is atSteady λ at λ = steady
		j0 := 2*F*c.drift0 - 2*p.A*(atSteady+flow.square*c.steady)
		j1 := 2*F*c.drift1 - 4*p.A*flow.square*c.jump
		I = I*math.Exp(-β*u) + (constant+atSteady*c.steady)*h(β, u) +
			(atSteady+flow.square*c.steady)*c.jump*x1(β, γ, u) + flow.square*c.jump*c.jump*x1(β, 2*γ, u) +
			c.drift0*(J*x1(β, m, u)+j0*x2(β, m, 0, u)+j1*x2(β, m, γ, u)) +
			c.drift1*(J*x1(β, m+γ, u)+j0*x2(β, m+γ, γ, u)+j1*x2(β, m+γ, 2*γ, u))
		J = J*math.Exp(-m*u) + j0*h(m, u) + j1*x1(m, γ, u)
	}
	return J*p.Inventory + I
}
