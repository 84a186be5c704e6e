package poisson

import "walras/equilibrium/cournot"

// What orders add to the worth of a payoff. With B̂ = B − B_0, w the flow on a side,
// W the flow there whose trades count, n the net flow f − φ, and ′ = d/du in time to
// go, the gain is linear + square + slope i with
//
//	slope′  = −(β+M) slope + fed + fedB B̂,
//	linear′ = −β linear + first + firstB B̂ + drift·slope,
//	square′ = −β square + second + secondB B̂ + secondBB B̂² + (n m/(NK) + (cΛ/K)B̂) slope,
//
// and linear is of the first degree in the flows, square of the second.
type effects struct {
	net                       float64
	fed, fedB                 float64
	first, firstB             float64
	second, secondB, secondBB float64
}

// flow is what large orders sell and buy per time.
type flow struct{ sell, buy float64 }

// on is the flow on a side.
func (f flow) on(s side) float64 {
	if s.sign > 0 {
		return f.sell
	}
	return f.buy
}

// effects are those of large orders on a payoff; counted are those whose trades it
// counts.
func (c Constants) effects(p payoff, orders, counted flow) effects {
	n, Λ, k := float64(c.Makers), c.Arrivals(), c.Size/c.K
	idle := c.idle(p)
	F := idle.square
	e := effects{net: orders.sell - orders.buy}
	for _, s := range c.sides() {
		arriving := orders.on(s) / (c.Size * n) // λφ
		φ, w := arriving/s.rate, counted.on(s)
		marginal := p.linear + 2*(p.square+F)*s.alone
		e.first += w*(p.unit+p.slope*s.alone) - k*arriving*marginal
		e.firstB += s.sign * k * s.rate * marginal
		e.second += k * φ * ((p.square+F)*k*arriving - p.slope*w)
		e.secondB += s.sign * k * (p.slope*w - 2*(p.square+F)*k*arriving)
		e.secondBB += s.rate * (p.square + F) * k * k
		e.fed -= s.sign * c.R * (p.slope*w - 2*p.square*k*arriving)
	}
	e.first += idle.slope * c.inflow() * e.net
	e.firstB += idle.slope * Λ * k
	e.fed += 2 * F * e.net / n * (1 - c.Rho/c.K)
	e.fedB = 2 * Λ * k * (F*c.Rho - p.square*c.R)
	return e
}

// inflow is m/(NK), the part of a unit of net flow that one maker keeps if it
// anticipates nothing.
func (c Constants) inflow() float64 { return c.Small / (float64(c.Makers) * c.K) }

// stretch is a time on which flows are constant: B̂ = end e^{−δu} − kB n h_δ(u), and
// makers keep settled + passing e^{−δu} of the net flow.
type stretch struct{ delta, end, fall, settled, passing float64 }

// known is a stretch before an end at which B̂ = end.
func (c Constants) known(net, end float64) stretch {
	return stretch{
		delta: c.Delta, end: end, fall: c.KB * net,
		settled: net * c.inflow() * c.DiscountRate / c.Delta,
		passing: net*c.inflow()*c.Kappa*c.Reversion/c.Delta + c.Arrivals()*c.Size/c.K*end,
	}
}

// constant is a stretch on which B̂ does not change.
func (c Constants) constant(net, anticipation float64) stretch {
	return stretch{end: anticipation, passing: net*c.inflow() + c.Arrivals()*c.Size/c.K*anticipation}
}

// convolution is that of e^{−rs} over the rates at the length of a stretch, or its
// mean over the law of the length.
type convolution func(rates ...float64) float64

// before is the gain at the beginning of a stretch whose gain at the end is given.
func (c Constants) before(s stretch, e effects, end cournot.Gain, rate float64, x convolution) cournot.Gain {
	β, δ, k := rate, s.delta, rate+c.Reversion
	anticipated := s.end*x(β, δ) - s.fall*x(β, 0, δ)
	squared := s.end*s.end*x(β, 2*δ) - 2*s.end*s.fall*x(β, δ, 2*δ) + 2*s.fall*s.fall*x(β, 0, δ, 2*δ)
	held := end.Slope*x(β, k) + e.fed*x(β, k, 0) + e.fedB*(s.end*x(β, k, δ)-s.fall*x(β, k, 0, δ))
	passing := end.Slope*x(β, k+δ) + e.fed*x(β, k+δ, δ) + e.fedB*(s.end*x(β, k+δ, 2*δ)-s.fall*x(β, k+δ, δ, 2*δ))
	return cournot.Gain{
		Linear: end.Linear*x(β) + e.first*x(β, 0) + e.firstB*anticipated + c.drift()*held,
		Square: end.Square*x(β) + e.second*x(β, 0) + e.secondB*anticipated + e.secondBB*squared +
			s.settled*held + s.passing*passing,
		Slope: end.Slope*x(k) + e.fed*x(k, 0) + e.fedB*(s.end*x(k, δ)-s.fall*x(k, 0, δ)),
	}
}

// hidden is the gain of a payoff from unit effects of an order with a law.
func (c Constants) hidden(e effects, law Law) cournot.Gain {
	β, δ, k := c.DiscountRate, c.Delta, c.DiscountRate+c.Reversion
	kn := c.KB * e.net
	// left is ∫e^{−r(s−t)} P(D > s | D > t)ds of one rate, and so on.
	left := func(t float64, rates ...float64) float64 { return law.expect(t, append(rates, 0)...) }
	slope := func(t float64) float64 { return e.fed*left(t, k) - e.fedB*kn*left(t, k, δ) }
	squares := law.whileOn(β, func(t float64) float64 {
		b := kn * left(t, δ)
		kept := c.inflow() * e.net / δ * (β + c.Kappa*c.Reversion*law.expect(t, δ))
		return e.secondBB*b*b + kept*slope(t)
	})
	return cournot.Gain{
		Linear: e.first*left(0, β) - e.firstB*kn*left(0, β, δ) +
			c.drift()*(e.fed*left(0, β, k)-e.fedB*kn*left(0, β, k, δ)),
		Square: e.second*left(0, β) - e.secondB*kn*left(0, β, δ) + squares,
		Slope:  slope(0),
	}
}
