package cournot

import "math"

// Path is what happens in the market from the announcement of a constant order
// on, CMZ Proposition 2 and Lemma 1.
type Path struct {
	Market    Constants
	Order     Order
	Inventory float64 // i_0 of every maker at time 0
}

// Moment is the market at one time. Prices are relative to the fundamental value.
type Moment struct {
	Inventory     float64 // i, of one maker
	MarginalValue float64 // λ, of another unit of inventory to a maker (costate)
	Bid, Ask      float64 // p^b, p^a
	MakerBuys     float64 // q^b, per maker and time, at the bid
	MakerSells    float64 // q^a, per maker and time, at the ask
	InvestorsSell float64 // δ(ω + p^b), per time
	InvestorsBuy  float64 // δ(ω − p^a), per time
}

// Mid is the price halfway between bid and ask.
func (m Moment) Mid() float64 { return m.Bid + m.Spread()/2 }

// Spread is the ask less the bid.
func (m Moment) Spread() float64 { return m.Ask - m.Bid }

// At is the market just after t ≥ 0: at the end of the order it is gone, and the
// quote it traded at has jumped by H times its rate.
func (p Path) At(t float64) Moment { return p.moment(t, t < p.Order.Duration) }

// Before is the market just before t > 0.
func (p Path) Before(t float64) Moment { return p.moment(t, t <= p.Order.Duration) }

func (p Path) moment(t float64, active bool) Moment {
	f, anticipated := 0., 0.
	if active {
		f = p.Order.Rate
		anticipated = f * p.Market.anticipation(p.Order.Duration-t)
	}
	return p.Market.moment(math.Max(f, 0), math.Max(-f, 0), anticipated, p.inventory(t))
}

// inventory is i(t) = i_0 e^{−Mt} + f g(t).
func (p Path) inventory(t float64) float64 {
	return p.Inventory*math.Exp(-p.Market.M*t) + p.Order.Rate*p.Market.absorbed(t, p.Order.Duration)
}

// Slope is the rate at which both quotes move at time t; they jump at the end of
// the order, where this is the slope after the jump.
func (p Path) Slope(t float64) float64 {
	c := p.Market
	n, n1 := c.counts()
	if t >= p.Order.Duration {
		return c.Pressure * n * c.M * p.inventory(t)
	}
	return p.Order.Rate*n/(2*c.Activity*n1)*c.slope(t, p.Order.Duration) +
		c.Pressure*n*c.M*p.Inventory*math.Exp(-c.M*t)
}

// anticipation is b(τ) = −k h_γ(τ), CMZ (A15): how much less another unit of
// inventory is worth per unit of an order's rate with τ to go.
func (c Constants) anticipation(left float64) float64 { return -c.K * h(c.Gamma, left) }

// Announced is G_θ(τ) = −N b(τ)/(N+1) in CMZ (25), (26): how far an order with τ
// to go pushes both quotes, per unit of its rate, before it has filled the
// makers' inventories. It is increasing and concave, from 0.
func (c Constants) Announced(left float64) float64 {
	n, n1 := c.counts()
	return -n * c.anticipation(left) / n1
}

// absorbed is g(t), what a maker holds at t of an order of rate 1 over [0, d]. In
// CMZ the second term lacks e^{−γd}.
func (c Constants) absorbed(t, d float64) float64 {
	_, n1 := c.counts()
	traded := math.Min(t, d)
	g := (c.S*h(c.M, traded) + c.Rho*math.Exp(-c.Gamma*(d-traded))*h(c.Gamma+c.M, traded)) / n1
	return g * math.Exp(-c.M*(t-traded))
}

// slope is σ(t), the slope of the bid in units of fN/(2δ(N+1)), for t < d and
// without initial inventories,
//
//	σ(t) = κMγ/(γ+M) e^{−γ(d−t)} − (s + ρM/(M+γ) e^{−γd}) M e^{−Mt},
//
// written as one of its terms times a function that changes sign with it.
func (c Constants) slope(t, d float64) float64 {
	g, m := c.Gamma, c.M
	since := (g + m) * (t - c.turn(d))
	if since > 0 {
		return -c.Kappa * m * g / (g + m) * math.Exp(-g*(d-t)) * math.Expm1(-since)
	}
	return (c.S + c.Rho*m/(m+g)*math.Exp(-g*d)) * m * math.Exp(-m*t) * math.Expm1(since)
}

// turn is where σ changes sign; beyond d if the bid falls until then. It is
//
//	ln(e^{γd} (s(γ+M) + ρM e^{−γd})/(κγ))/(γ+M),
//
// a sum of positive terms after 1 is taken out of the logarithm.
func (c Constants) turn(d float64) float64 {
	β, g, m, κ := c.DiscountRate, c.Gamma, c.M, c.Kappa
	if g*d > 1 {
		return (g*d + math.Log((c.S*(g+m)+c.Rho*m*math.Exp(-g*d))/(κ*g))) / (g + m)
	}
	return math.Log1p((c.S*(g+m)*math.Expm1(g*d)+(1-κ)*(β+(1+κ)*m))/(κ*g)) / (g + m)
}

// Reversal is when, in a market without initial inventories, the bid of a seller
// is lowest (the ask of a buyer highest) and begins to recover, CMZ Lemma 2. It
// is false, and the duration d, if the quote worsens until the order ends.
func (c Constants) Reversal(d float64) (t float64, recovers bool) {
	t = c.turn(d)
	if t < d {
		return t, true
	}
	return d, false
}

// ReversalDuration is the duration of an order above which the quote it trades
// at recovers before the order ends. It is 0 under open_loop, and for one maker.
func (c Constants) ReversalDuration() float64 {
	if c.Kappa == 1 {
		return 0
	}
	g, m := c.Gamma, c.M
	atEnd := func(d float64) float64 { // σ(d)/M
		return c.Kappa*g/(g+m) - (c.S+c.Rho*m/(m+g)*math.Exp(-g*d))*math.Exp(-m*d)
	}
	long := 1 / (g + m)
	for atEnd(long) < 0 {
		long *= 2
	}
	return root(atEnd, 0, long)
}

// ValidRate is f_valid(d), the rate of an order of duration d up to which the
// end investors on its side trade in their direction all the time, from zero
// initial inventories. The demand is linear without truncation: beyond that
// rate, small sellers buy at the bid.
func (c Constants) ValidRate(d float64) float64 {
	n, _ := c.counts()
	t, _ := c.Reversal(d)
	return n * c.HalfSpread / (c.Impact + c.Announced(d-t) + c.Pressure*n*c.absorbed(t, d))
}
