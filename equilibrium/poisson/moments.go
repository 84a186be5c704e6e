package poisson

import "math"

// Moments of a maker's inventory and of the quotes at one time. Prices are
// relative to the fundamental value.
type Moments struct {
	Mean, Variance float64
	Raw            [5]float64 // E Iⁿ for n = 0, …, 4
	Ask, Bid, Mid  float64    // expected
	PriceDeviation float64    // standard deviation of the mid; also of ask and bid, (2NA/K) sd(I), unless the end of an order is random
}

// At is the market at time t ≥ 0; where flows jump, just after.
func (v *Inventory) At(t float64) Moments { return v.Market.moments(v.after(t), t) }

// Before is the market just before time t > 0.
func (v *Inventory) Before(t float64) Moments { return v.Market.moments(v.before(t), t) }

func (c Constants) moments(s *spell, t float64) Moments {
	var m Moments
	for n := range m.Raw {
		m.Raw[n] = s.raw[n].at(t-s.from, s.length)
	}
	m.Mean = m.Raw[1]
	m.Variance = s.variance.at(t-s.from, s.length)
	c.quoted(&m, c.anticipation(s, t), s.sell, s.buy)
	return m
}

// quoted completes moments of the inventory by those of the quotes,
// a = p − (N/c)x^a and b = −p + (N/c)x^b.
func (c Constants) quoted(m *Moments, B, sell, buy float64) {
	q := c.Quotes(B, sell, buy, m.Mean)
	m.Ask, m.Bid, m.Mid = q.Ask, q.Bid, q.Mid()
	m.PriceDeviation = float64(c.Makers) * c.Pressure() * math.Sqrt(m.Variance)
}

// Covariance is Cov(I_s, I_t), whichever comes first: e^{−M|t−s|} times the earlier
// variance, across jumps of the flows, too.
func (v *Inventory) Covariance(s, t float64) float64 {
	first := math.Min(s, t)
	at := v.after(first)
	return math.Exp(-v.Market.Reversion*math.Abs(t-s)) * at.variance.at(first-at.from, at.length)
}

// Stationary are the moments of the inventory in the long run without orders. For
// equal rates Var = α²/(r(2−r)) and E I⁴ = 3 Var² − 2α⁴/(1−ρ⁴), α = cp/K.
func (c Constants) Stationary() Moments {
	var m Moments
	at := c.Policy(c.B0, 0, 0)
	ask, bid := at.Sells, at.Buys
	m.Mean = c.Size * c.Reservation / c.K * (c.SellRate - c.BuyRate) * c.DiscountRate / (c.Delta * c.Reversion)
	m.Variance = (c.BuyRate*sq(ask+c.R*m.Mean) + c.SellRate*sq(bid-c.R*m.Mean)) / c.Reversion2
	m.Raw = [5]float64{1, m.Mean}
	for n := 2; n < len(m.Raw); n++ {
		binomial := 1.
		for k := 1; k <= n; k++ {
			binomial *= float64(n-k+1) / float64(k)
			w := c.BuyRate*math.Pow(-ask, float64(k)) + c.SellRate*math.Pow(bid, float64(k))
			m.Raw[n] += binomial * math.Pow(c.Rho, float64(n-k)) * m.Raw[n-k] * w
		}
		m.Raw[n] /= c.decay(n)
	}
	c.quoted(&m, c.B0, 0, 0)
	return m
}

// Support is where inventories stay that begin there, in a market without orders:
// [−α^a/r, α^b/r], which is ±p/(2A) for equal rates.
func (c Constants) Support() (low, high float64) {
	at := c.Policy(c.B0, 0, 0)
	return -at.Sells / c.R, at.Buys / c.R
}

// Unconditional are the moments at time t when a hidden order of that rate has a
// random duration: the part while it goes on, of weight e^{−νt}, and the part after.
func (c Constants) Unconditional(law Exponential, rate, initial, t float64) Moments {
	hazard := 1 / law.MeanDuration
	on := &Inventory{Market: c, Initial: initial, spells: []spell{c.hiddenSpell(law, rate)}}
	on.solve()
	ask, bid := c.jumpModes(&spell{})
	weights := c.weights(ask, bid)
	var going, over [5]modes
	var m Moments
	for n := range over {
		going[n] = on.spells[0].raw[n].faded(hazard)
		over[n] = going[n].scaled(hazard).plus(c.scattered(n, over, weights)).followed(c.decay(n))
		m.Raw[n] = going[n].at(t, math.Inf(1)) + over[n].at(t, math.Inf(1))
	}
	m.Mean = m.Raw[1]
	m.Variance = m.Raw[2] - m.Mean*m.Mean
	// The mid depends on whether the order goes on, and that goes with inventory.
	var going1, over1 Moments
	c.quoted(&going1, c.B0+on.spells[0].settled, on.spells[0].sell, on.spells[0].buy)
	c.quoted(&over1, c.B0, 0, 0)
	left := math.Exp(-hazard * t)
	c.quoted(&m, c.B0+on.spells[0].settled*left, on.spells[0].sell*left, on.spells[0].buy*left)
	jump := going1.Mid - over1.Mid
	with := going[1].at(t, math.Inf(1)) - m.Mean*left
	push := float64(c.Makers) * c.Pressure()
	m.PriceDeviation = math.Sqrt(push*push*m.Variance + jump*jump*left*-math.Expm1(-hazard*t) - 2*push*jump*with)
	return m
}

func sq(x float64) float64 { return x * x }
