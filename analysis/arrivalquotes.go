package analysis

import (
	"walras/equilibrium"
	"walras/market"
)

// deal is what happens at a moment of a market that investors come to one at a time,
// as functions of the deviations of the inventories from a reference.
type deal struct {
	quantity [2][]linear // bought at the bid and sold at the ask by a member of each type
	price    [2]linear
	surplus  [2]linear  // of the investors' reservation value over the price
	flow     [2]float64 // of the orders, per time
	drift    float64    // of the inventory of each member
}

// newDeal makes room for a deal between so many types.
func newDeal(types int) *deal {
	d := &deal{}
	for side := range d.quantity {
		d.price[side].slopes, d.surplus[side].slopes = make([]float64, types), make([]float64, types)
		for range types {
			d.quantity[side] = append(d.quantity[side], linear{slopes: make([]float64, types)})
		}
	}
	return d
}

// at describes the market in a phase, at the time as the phase counts it:
//
//	x^b_k = Bid_k − Σ_l s_kl x_l,  b = −p̃ + Σ x^b/c;  x^a_k = Ask_k + Σ_l s_kl x_l,  a = p̃ − Σ x^a/c.
func (d *deal) at(a *equilibrium.Arrivals, phase int, t float64, reference []float64) {
	sell, buy := a.Flow(phase)
	d.flow = [2]float64{market.Bid: sell, market.Ask: buy}
	d.drift = (sell - buy) / float64(a.Members())
	for side, functions := range [2][]func(float64) float64{market.Bid: a.Phases[phase].Bid, market.Ask: a.Phases[phase].Ask} {
		sign := 1.0 // of what inventory adds to the quantity, and the quantity takes from the price
		if side == market.Bid {
			sign = -1
		}
		price := &d.price[side]
		price.constant = sign * a.Investors.Reservation
		clear(price.slopes)
		for k, maker := range a.Makers {
			q := &d.quantity[side][k]
			q.constant = functions[k](t)
			share := -sign * float64(maker.Count) / a.Investors.Size
			for l, s := range maker.Slopes {
				q.slopes[l] = sign * s
				q.constant += sign * s * reference[l]
				price.slopes[l] += share * q.slopes[l]
			}
			price.constant += share * q.constant
		}
		gain := &d.surplus[side]
		gain.constant = a.Investors.Reservation - sign*price.constant
		for l, s := range price.slopes {
			gain.slopes[l] = -sign * s
		}
	}
}

// rates are those at which investors come to the sides.
func rates(a *equilibrium.Arrivals) [2]float64 {
	return [2]float64{market.Bid: a.Investors.SellRate, market.Ask: a.Investors.BuyRate}
}

// moved is what the inventories are after an investor has come to a side: what is
// bought is added, what is sold taken away.
func (d *deal) moved(side int, into []linear) {
	sign := 1.0
	if side == market.Ask {
		sign = -1
	}
	for k, q := range d.quantity[side] {
		into[k].constant = sign * q.constant
		for l, s := range q.slopes {
			into[k].slopes[l] = sign * s
		}
		into[k].slopes[k]++
	}
}

// velocity is that of the expected inventories where they are at the reference.
func (d *deal) velocity(a *equilibrium.Arrivals, into []float64) {
	arrivals := rates(a)
	for k := range into {
		into[k] = d.drift + arrivals[market.Bid]*d.quantity[market.Bid][k].constant - arrivals[market.Ask]*d.quantity[market.Ask][k].constant
	}
}

// earn adds what seats are expected to earn per time, the cost of holding apart, for
// moments of the deviations, with a discount; and what they are expected to trade.
// Both count with a weight.
func (d *deal) earn(a *equilibrium.Arrivals, b *monomials, moments []float64, weight, discount float64, phase int, payoff, volume []float64) {
	arrivals, members := rates(a), float64(a.Members())
	for side, price := range d.price {
		sign := 1.0 // of what makers are paid
		if side == market.Bid {
			sign = -1
		}
		quoted := b.mean(moments, price)
		for k, q := range d.quantity[side] {
			payoff[k] += weight * discount * sign * (arrivals[side]*b.product(moments, q, price) + d.flow[side]/members*quoted)
			volume[k] += weight * (arrivals[side]*b.mean(moments, q) + d.flow[side]/members*moments[0])
		}
		surplus := d.surplus[side]
		seat := a.InvestorSeat()
		payoff[seat] += weight * discount * arrivals[side] * a.Investors.Size / 2 * b.product(moments, surplus, surplus)
		volume[seat] += weight * arrivals[side] * a.Investors.Size * b.mean(moments, surplus)
		for i, o := range a.Orders {
			if o.Buys == (side == market.Ask) {
				rate := weight * o.Rates[phase]
				payoff[seat+1+i] += rate * discount * b.mean(moments, surplus)
				volume[seat+1+i] += rate * moments[0]
			}
		}
	}
}

// hold adds the cost of holding per time, Θ E x_k² for x_k = reference + deviation.
func hold(a *equilibrium.Arrivals, b *monomials, moments, reference []float64, weight float64, payoff []float64) {
	for k, maker := range a.Makers {
		x, first := reference[k], b.raised[0][k]
		square := x*x*moments[0] + 2*x*moments[first] + moments[b.raised[first][k]]
		payoff[k] -= weight * maker.InventoryCost * square
	}
}
