package montecarlo

import (
	"walras/agents"
	"walras/equilibrium"
	"walras/internal/curve"
	"walras/market"
)

// arrivalControl is a martingale for every seat, 0 at time 0, that explains what luck
// the path has had: at whom comes, and at the end of orders that is drawn and hidden,
// the seat's gain by its valuation, less what is expected of it,
//
//	M = Σ_{arrivals at side s} D g_s − Σ_s λ_s ∫D g_s dt,
//
// with g_s what is earned of who comes to side s and the change of the valuation. It is
// one whatever the valuation is, and whoever deviates; the better the valuation, the
// less of the payoff's variance it leaves. Quotes and valuations are those at the
// beginning of a period, so that g is quadratic in its time and integrated exactly.
type arrivalControl struct {
	market  *equilibrium.Arrivals
	dealers []agents.Dealing
	slopes  [][]*curve.Curve // per seat and phase
	levels  [][]*curve.Curve
	sum     [][]float64 // M, per seat and path
	makers  float64
	hazard  float64 // of the orders' end; 0: it does not come by chance, or is known

	held, quoted []float64 // scratch: per type of makers
}

// newArrivalControl is nil where nobody asks for it, or seats have no valuation.
func newArrivalControl(f *floor) *arrivalControl {
	a, s := f.sim.Arrivals, f.sim
	if !s.Control || a.Valuations == nil || a.Step > 0 {
		return nil
	}
	c := &arrivalControl{
		market: a, dealers: f.dealers, sum: market.Matrix(len(s.Names), tileSize), makers: f.makers,
		held: make([]float64, len(a.Makers)), quoted: make([]float64, len(a.Makers)),
	}
	if e := a.End; e != nil && !e.Known && len(e.Components) == 1 && e.Components[0].Stages == 1 {
		c.hazard = 1 / e.Components[0].Mean
	}
	horizon := s.Clock.At(s.Clock.Steps).Time
	for _, v := range a.Valuations {
		var slopes, levels []*curve.Curve
		for k := range a.Phases {
			from, to := a.Stretch(k, horizon)
			slopes = append(slopes, curve.Sketch(v.Slope[k], from, to))
			levels = append(levels, curve.Sketch(v.Constant[k], from, to))
		}
		c.slopes, c.levels = append(c.slopes, slopes), append(c.levels, levels)
	}
	return c
}

func (c *arrivalControl) start(paths int) {
	for _, sum := range c.sum {
		clear(sum[:paths])
	}
}

// expect takes off what is expected of the period of every path, before inventories
// move.
func (c *arrivalControl) expect(b *market.Block) {
	t := b.Period
	rates := [2]float64{market.Bid: c.market.Investors.SellRate, market.Ask: c.market.Investors.BuyRate}
	for p := range b.Paths {
		u := t.Length[p]
		drift := (t.Flow[market.Bid][p] - t.Flow[market.Ask][p]) / c.makers
		for seat := range c.sum {
			var at [3]float64 // expected gains per time, at the beginning, the middle, the end
			for k := range at {
				moved := float64(drift * (u * float64(k) / 2))
				for side, rate := range rates {
					at[k] += float64(rate * c.gain(b, seat, p, side, moved))
				}
				if c.hazard > 0 && t.Phase[p] == 0 {
					at[k] += float64(c.hazard * c.ends(b, seat, p, moved))
				}
			}
			c.sum[seat][p] -= quadraticIntegral(at, u, t.Weight[0][p], t.Weight[1][p], t.Weight[2][p])
		}
	}
}

// quadraticIntegral is ∫D q dv, with q the quadratic function of v ∈ [0, u] that has
// these values at 0, u/2 and u.
func quadraticIntegral(at [3]float64, u, w0, w1, w2 float64) float64 {
	if u == 0 {
		return 0
	}
	first := (float64(4*at[1]) - float64(3*at[0]) - at[2]) / u
	second := 2 * (at[0] - float64(2*at[1]) + at[2]) / (u * u)
	return float64(at[0]*w0) + float64(first*w1) + float64(second*w2)
}

// gain is what seat gains if somebody comes to a side of path p, when every maker holds
// so much more than at the beginning of the period.
func (c *arrivalControl) gain(b *market.Block, seat, p, side int, moved float64) float64 {
	a, t := c.market, b.Period
	total, mean, phase := 0., 0., t.Phase[p]
	for j, m := range a.Makers {
		c.held[j] = b.Inventory[j][p] + moved
		mean += float64(float64(m.Count)*c.held[j]) / c.makers
	}
	sign := 1.
	if side == market.Bid {
		sign = -1
	}
	for j, m := range a.Makers {
		x := c.dealers[j].(*agents.Dealer).Quote(side, phase).At(t.From[p])
		for l, slope := range m.Slopes {
			x += float64(sign * float64(slope*c.held[l]))
		}
		c.quoted[j] = x
		total += float64(float64(m.Count) * x)
	}
	margin := a.Investors.Reservation - total/a.Investors.Size
	n := a.InvestorSeat()
	switch {
	case seat < n:
		x := c.quoted[seat]
		return float64(margin*x) + c.change(seat, phase, t.From[p], c.held[seat], -sign*x)
	case seat == n:
		return float64(total*total)/(2*a.Investors.Size) + c.change(seat, phase, t.From[p], mean, -sign*total/c.makers)
	}
	return c.change(seat, phase, t.From[p], mean, -sign*total/c.makers)
}

// change is that of the seat's valuation if y changes by dy.
func (c *arrivalControl) change(seat, phase int, at, y, dy float64) float64 {
	return float64(dy * (c.slopes[seat][phase].At(at) + float64(c.market.Valuations[seat].Square*(2*y+dy))))
}

// ends is the change of the seat's valuation if the orders end.
func (c *arrivalControl) ends(b *market.Block, seat, p int, moved float64) float64 {
	y, from := 0., b.Period.From[p]
	if seat < c.market.InvestorSeat() {
		y = b.Inventory[seat][p] + moved
	} else {
		for j, m := range c.market.Makers {
			y += float64(float64(m.Count)*(b.Inventory[j][p]+moved)) / c.makers
		}
	}
	slope := c.slopes[seat][1].At(from) - c.slopes[seat][0].At(from)
	return c.levels[seat][1].At(from) - c.levels[seat][0].At(from) + float64(slope*y)
}

// happen adds what the end of the period has brought to path p; inventories have
// drifted, trades of who has come are not settled.
func (c *arrivalControl) happen(b *market.Block, p int, what event) {
	t := b.Period
	switch {
	case what == comes:
		side := market.Bid
		if t.Comes[market.Ask][p] != 0 {
			side = market.Ask
		}
		for seat := range c.sum {
			c.sum[seat][p] += float64(t.Discount[p] * c.gain(b, seat, p, side, 0))
		}
	case what == phaseEnds && c.hazard > 0 && t.Phase[p] == 0:
		for seat := range c.sum {
			c.sum[seat][p] += float64(t.Discount[p] * c.ends(b, seat, p, 0))
		}
	}
}

// controlled writes the welfare of the seat less its luck.
func (c *arrivalControl) controlled(welfare []float64, seat int) []float64 {
	for p, luck := range c.sum[seat][:len(welfare)] {
		welfare[p] -= luck
	}
	return welfare
}
