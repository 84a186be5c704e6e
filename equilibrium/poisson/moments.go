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
	m.Mean = c.drift() / c.Reversion
	m.Variance = (c.BuyRate*sq(ask+c.R*m.Mean) + c.SellRate*sq(bid-c.R*m.Mean)) / c.Reversion2
	m.Raw = [5]float64{1, m.Mean}
	for n := 2; n < len(m.Raw); n++ {
		m.Raw[n] = c.scatter(n, m.Raw, at)
		m.Raw[n] /= c.decay(n)
	}
	c.quoted(&m, c.B0, 0, 0)
	return m
}

// scatter is Σ_{k≥1} C(n,k) ρ^{n−k} m_{n−k} w_k at one moment.
func (c Constants) scatter(n int, raw [5]float64, at Policy) (sum float64) {
	binomial := 1.
	for k := 1; k <= n; k++ {
		binomial *= float64(n-k+1) / float64(k)
		w := c.BuyRate*math.Pow(-at.Sells, float64(k)) + c.SellRate*math.Pow(at.Buys, float64(k))
		sum += binomial * math.Pow(c.Rho, float64(n-k)) * raw[n-k] * w
	}
	return sum
}

// Support is where inventories stay that begin there, in a market without orders:
// [−α^a/r, α^b/r], which is ±p/(2A) for equal rates.
func (c Constants) Support() (low, high float64) {
	at := c.Policy(c.B0, 0, 0)
	return -at.Sells / c.R, at.Buys / c.R
}

func sq(x float64) float64 { return x * x }
