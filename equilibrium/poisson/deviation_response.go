package poisson

// Response is what the best response trades at one moment, with the own inventory x
// and that of every rival y: x^a = Sells + Slope x + Rivals y and
// x^b = Buys − Slope x − Rivals y.
type Response struct {
	Policy
	Rivals float64
}

// Stretches is the number of stretches of time on which no flow jumps, the last of
// them without end.
func (d *Deviations) Stretches() int { return len(d.spells) }

// Response is the best response in the k-th stretch, a time before its end; while a
// hidden order trades, and in the last stretch, at any time.
func (d *Deviations) Response(k int) func(left float64) Response {
	next, i := 0., len(d.spells)-1
	for ; i > k; i-- {
		q, _, _ := d.best(&d.spells[i], next)
		next = q.at(d.spells[i].start(), 0)
	}
	_, sell, buy := d.best(&d.spells[k], next)
	return func(left float64) Response {
		return Response{Policy{sell.at(left, 0), buy.at(left, 0), d.feedback[0]}, d.feedback[1]}
	}
}

// best is the level q of the best response's marginal value in a spell, from that
// after it, and what it trades at inventories 0.
func (d *Deviations) best(s *spell, next float64) (q, sell, buy modes) {
	c := d.market
	λB, λS, ν, n := c.BuyRate, c.SellRate, s.hazard, float64(c.Makers)
	net, reserve, own := (s.sell-s.buy)/n, c.Reservation, d.feedback[0]
	ask, bid := c.ahead(s)
	w := ask.scaled(λB).plus(bid.scaled(-λS))
	force := w.scaled(2*d.cross - own*d.rivalry).
		plus(fading(ν*next-2*net*(d.curvature+d.cross)+own*(reserve*(λB-λS)+net/c.Size), 0))
	q = s.back(next, force, c.DiscountRate+ν+c.Arrivals()*own)
	half := 1 / (2 * d.sharp)
	sell = fading((reserve-s.buy/(c.Size*n*λB))*half, 0).plus(q.scaled(-half), ask.scaled(-d.rivalry*half))
	buy = fading((reserve-s.sell/(c.Size*n*λS))*half, 0).plus(q.scaled(half), bid.scaled(-d.rivalry*half))
	return q, sell, buy
}
