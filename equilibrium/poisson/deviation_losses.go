package poisson

// losses are what a deviation loses to the best response: z'Qz + l'z + constant in
// the inventories z = (own, rival); and q, the level of the best response's marginal
// value. Q does not depend on orders.
type losses struct {
	square      [2][2]float64
	slope       [2]float64
	constant, q float64
}

// at is the loss from these inventories.
func (l losses) at(own, rival float64) float64 {
	cross := 2 * l.square[0][1] * own * rival
	return l.constant + l.slope[0]*own + l.slope[1]*rival + l.square[0][0]*own*own + cross + l.square[1][1]*rival*rival
}

// play is a deviation in terms of (x, y): what an arrival leaves of each, T, and how
// its trades differ from those of the best response per unit of each, g̃.
type play struct {
	Deviation
	left, off [2]float64
}

func (d *Deviations) play(deviation Deviation) play {
	c := d.market
	own := deviation.Feedback * c.R
	return play{
		Deviation: deviation, left: [2]float64{1 - own, c.Rho},
		off: [2]float64{own - d.feedback[0], -d.feedback[1]},
	}
}

// losses solves for those of a deviation at time 0, from the market without orders
// backwards.
func (d *Deviations) losses(deviation Deviation) losses {
	c, p := d.market, d.play(deviation)
	var next losses
	for i := range 2 {
		for j := range 2 {
			next.square[i][j] = c.Arrivals() * d.sharp * p.off[i] * p.off[j] /
				(c.DiscountRate + c.Arrivals()*(1-p.left[i]*p.left[j]))
		}
	}
	for k := len(d.spells) - 1; k >= 0; k-- {
		next = d.before(&d.spells[k], next, p)
	}
	return next
}

// before are the losses at the beginning of a spell from those at its end:
//
//	q' = (β+ν+Λg_1)q − νq^off + (2n/N)(a+ζ) − g_1[p(λ_B−λ_S) + n/(cN) − θw] − 2ζw,
//	l_i' = (β+ν+Λ(1−T_i))l_i − νl_i^off − 2kg̃_i(λ_BΔ^a − λ_SΔ^b) − (2n/N)(Q_i1+Q_i2) − 2T_i(Qj)_i,
//	s' = (β+ν)s − νs^off − k(λ_BΔ^aΔ^a + λ_SΔ^bΔ^b) − (n/N)(l_1+l_2) − l'j − λ_Bκ^a'Qκ^a − λ_Sκ^b'Qκ^b,
//
// n = f − φ, w = λ_Bα^a − λ_Sα^b, Δ what is traded less the best response at
// inventories 0, κ^a and κ^b what arrivals take from and add to (x, y), and
// j = λ_Sκ^b − λ_Bκ^a.
func (d *Deviations) before(s *spell, next losses, p play) losses {
	c := d.market
	λB, λS, ν := c.BuyRate, c.SellRate, s.hazard
	net, discount := (s.sell-s.buy)/float64(c.Makers), c.DiscountRate+ν
	ask, bid := c.ahead(s)
	w := ask.scaled(λB).plus(bid.scaled(-λS))
	q, sell, buy := d.best(s, next.q)
	Δa, Δb := ask.scaled(p.Trade).plus(sell.scaled(-1)), bid.scaled(p.Trade).plus(buy.scaled(-1))
	more := Δa.scaled(λB).plus(Δb.scaled(-λS))

	lost := Δa.power(2).scaled(λB).plus(Δb.power(2).scaled(λS)).scaled(d.sharp)
	step := [2]float64{p.Trade, 1} // κ^a = α^a(Trade, 1)
	result := losses{square: next.square, q: q.at(s.start(), 0)}
	quadratic := 0.
	for i, Q := range next.square {
		into := Q[0]*step[0] + Q[1]*step[1] // (Q step)_i, where j = −w step
		quadratic += step[i] * into
		force := more.scaled(2*d.sharp*p.off[i]).plus(w.scaled(-2*p.left[i]*into),
			fading(ν*next.slope[i]+2*net*(Q[0]+Q[1]), 0))
		slope := s.back(next.slope[i], force, discount+c.Arrivals()*(1-p.left[i]))
		lost = lost.plus(slope.scaled(net), slope.times(w).scaled(-step[i]))
		result.slope[i] = slope.at(s.start(), 0)
	}
	lost = lost.plus(ask.power(2).scaled(λB*quadratic), bid.power(2).scaled(λS*quadratic), fading(ν*next.constant, 0))
	result.constant = s.back(next.constant, lost, discount).at(s.start(), 0)
	return result
}
