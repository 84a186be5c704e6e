package cournot

import "math"

// How far demand is linear. The end investors' demands are not cut off at zero,
// so that a large enough order makes small sellers buy at the bid.

// ValidFactors are the factors by which the rates of all orders could grow
// together until small sellers stop selling at the bid, ω + p^b = 0, and until
// small buyers stop buying at the ask, ω − p^a = 0. Below 1 they stop already;
// +Inf means never, and 0 that the initial inventory alone does it.
func (p *Public) ValidFactors() (sellers, buyers float64) {
	return p.validFactor(1), p.validFactor(-1)
}

// validFactor is that of sellers (side 1) or buyers (side −1). The trade of one
// of them at the factor x is e − x r, with e due to i_0 and r to the orders. Its
// minimum over time is concave in x, so that Newton's method, which goes to the x
// at which the trade at the time of the present minimum is 0, falls to the root.
func (p *Public) validFactor(side float64) float64 {
	if p.Market.Reservation < side*2*p.Market.A*p.Orders.Inventory {
		return 0
	}
	for x := math.Inf(1); ; {
		next := x
		for k := range p.cells {
			for _, t := range p.turning(k, x) {
				if e, r := p.trade(k, side, t); r > 0 {
					next = math.Min(next, e/r)
				}
			}
		}
		if !(next < x*(1-1e-15)) {
			return next
		}
		x = next
	}
}

// trade is what a small trader of activity 1 trades at time s of cell k: e − x r
// at the factor x. When a large order ends, r falls: cells count with their ends.
func (p *Public) trade(k int, side, s float64) (e, r float64) {
	m, c := &p.Market, &p.cells[k]
	n, n1 := m.counts()
	rate := c.sell
	if side < 0 {
		rate = c.buy
	}
	ordered, alone := p.inventories(c, s)
	e = n / n1 * (m.Reservation - side*2*m.A*alone)
	r = rate*m.Impact - side*n/n1*(p.anticipation(c, c.length-s)-2*m.A*ordered)
	return e, r
}

// turning are the times in cell k at which the trade at the factor x may be
// smallest: the two ends, and where its slope is 0. For x = +Inf it is r that
// counts. With D the length of the cell, the trade is, but for factors,
// a constant + α e^{−Ms} + ζ e^{−γ(D−s)}, whose slope vanishes once at most.
func (p *Public) turning(k int, x float64) []float64 {
	m, γ, A, c := p.Market.M, p.Market.Gamma, p.Market.A, &p.cells[k]
	times := []float64{0, c.length}
	α := -2 * A * (c.ordered + c.alone/x - c.settled/m - c.passing*math.Exp(-γ*c.length)/(m+γ))
	ζ := c.end + p.Market.K*c.net()/γ - 2*A*c.passing/(m+γ)
	if ratio := α * m / (ζ * γ); ratio > 0 {
		if s := (math.Log(ratio) + γ*c.length) / (m + γ); s > 0 && s < c.length {
			times = append(times, s)
		}
	}
	return times
}
