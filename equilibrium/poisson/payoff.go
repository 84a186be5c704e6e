package poisson

// payoff is a flow of money that depends on what makers trade: an arrival on which
// each maker trades x pays linear x + square x², a unit of a large order that
// trades where x is quoted pays unit + slope x, and time costs cost i².
type payoff struct{ linear, square, unit, slope, cost float64 }

// makers is the payoff of one maker: a = p − (N/c)x^a and b = −p + (N/c)x^b for what
// it trades itself, a N-th of the large order's included.
func (c Constants) makers() payoff {
	n := float64(c.Makers)
	return payoff{
		linear: c.Reservation, square: -n / c.Size,
		unit: c.Reservation / n, slope: -1 / c.Size, cost: c.InventoryCost,
	}
}

// users is the payoff of all end investors, (c/2)(p − a)² and (c/2)(p + b)² for an
// arrival at the quotes before it.
func (c Constants) users() payoff {
	n := float64(c.Makers)
	return payoff{square: n * n / (2 * c.Size)}
}

// trader is the payoff of whoever is behind the large orders over the reservation
// value, b + p for a unit sold and p − a for a unit bought.
func (c Constants) trader() payoff { return payoff{slope: float64(c.Makers) / c.Size} }

// side is one side of the market. A maker with inventory i trades on an arrival
// there α_0 + sign((c/K)B̂ − r i) − (c/K)φ, with B̂ = B − B_0 and φ the part c λ N of
// the large order's flow.
type side struct{ sign, rate, alone float64 }

// sides are the bid, where end investors sell, and the ask.
func (c Constants) sides() [2]side {
	k := c.Size / c.K
	return [2]side{
		{1, c.SellRate, k * (c.Reservation + c.B0)},
		{-1, c.BuyRate, k * (c.Reservation - c.B0)},
	}
}

// drift is that of an inventory of 0 without orders, λ_S α_b − λ_B α_a.
func (c Constants) drift() float64 {
	return c.Size / c.K * c.Reservation * (c.SellRate - c.BuyRate) * c.DiscountRate / c.Delta
}

// quadratic is a value constant + slope i + square i².
type quadratic struct{ constant, slope, square float64 }

// idle is what a payoff is worth without orders: with i ↦ ρi − α_a, ρi + α_b at
// arrivals,
//
//	(β + M2) F = Λ square r² − cost,
//	(β + M) J = Σ −sign r λ(linear + 2 square α) + 2Fρ drift,
//	β I = Σ λ(linear α + square α² + Fα²) + J drift.
func (c Constants) idle(p payoff) quadratic {
	β := c.DiscountRate
	F := (c.Arrivals()*p.square*c.R*c.R - p.cost) / (β + c.Reversion2)
	J, I := 2*F*c.Rho*c.drift(), 0.
	for _, s := range c.sides() {
		J -= s.sign * c.R * s.rate * (p.linear + 2*p.square*s.alone)
		I += s.rate * s.alone * (p.linear + (p.square+F)*s.alone)
	}
	J /= β + c.Reversion
	return quadratic{constant: (I + J*c.drift()) / β, slope: J, square: F}
}
