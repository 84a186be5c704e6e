package analysis

import (
	"math"

	"walras/equilibrium"
	"walras/montecarlo"
)

// CournotTick is what is known of a market of market makers at one tick. At relative
// prices nothing is random; cash is at absolute prices, which move with the
// fundamental.
type CournotTick struct {
	Inventory []float64 // before trade, per seat
	Trade     []float64 // sold over both sides, per seat
	Bid, Ask  float64   // relative to the fundamental
	Cash      []CashMoments

	FundamentalVariance float64
}

// CashMoments are the mean and variance of the cash of a seat after trade.
type CashMoments struct {
	Mean, Variance float64
	Turnover       float64 // what has been paid and received, at the prices expected

	covariance float64 // with the fundamental
}

// CournotOutcome is what a seat of a market of market makers ends with.
type CournotOutcome struct {
	Payoff, Terminal, Volume float64
	Size                     float64 // of the terms of the payoff
}

// cournot follows a market of market makers by recursion: prices from the demand of
// investors, without auctions.
type cournot struct {
	market   *equilibrium.Cournot
	variance float64 // of the fundamental, per time
	start    float64

	inventory []float64
	sold      [2][]float64 // at the bid and at the ask
	price     [2]float64
	cash      []CashMoments
	outcomes  []CournotOutcome
}

// FollowCournot visits the ticks 0 … K of a simulation of a market of market makers,
// and returns what its seats end with. What is visited is valid until the next visit.
func FollowCournot(sim *montecarlo.Simulation, visit func(k int, now CournotTick)) []CournotOutcome {
	n := sim.Cournot.Seats()
	c := &cournot{
		market: sim.Cournot, variance: sim.Reference.Volatility * sim.Reference.Volatility, start: sim.Reference.Start,
		inventory: append([]float64(nil), sim.Initial...), sold: [2][]float64{make([]float64, n), make([]float64, n)},
		cash: make([]CashMoments, n), outcomes: make([]CournotOutcome, n),
	}
	for k := range sim.Clock.Steps + 1 {
		now := sim.Clock.At(k)
		tick := CournotTick{
			Inventory: append([]float64(nil), c.inventory...), Trade: make([]float64, n), Cash: c.cash,
			FundamentalVariance: c.variance * now.Time,
		}
		if k < sim.Clock.Steps {
			c.trade(k)
			c.pay(now.Discount)
			c.settle(tick.FundamentalVariance)
			for i := range tick.Trade {
				tick.Trade[i] = c.sold[0][i] + c.sold[1][i]
			}
			tick.Bid, tick.Ask = c.price[0], c.price[1]
		}
		visit(k, tick)
	}
	x, discount := c.inventory[:len(c.market.Makers)], sim.Clock.At(sim.Clock.Steps).Discount
	for j, maker := range c.market.Makers {
		c.outcomes[j].Terminal = discount * valueAt(maker.Worth, x)
	}
	c.outcomes[c.market.InvestorSeat()].Terminal = discount * valueAt(c.market.Investors.Worth, x)
	return c.outcomes
}

func valueAt(w equilibrium.Worth, x []float64) float64 {
	if w == nil {
		return 0
	}
	return w(x)
}

// trade determines quantities and prices of period k. What the makers take at the bid
// is what the order sells and δΔ(ω + p^b) of the investors; what they give at the ask
// is what the order buys and δΔ(ω − p^a).
func (c *cournot) trade(k int) {
	n, x := float64(len(c.market.Makers)), c.inventory[:len(c.market.Makers)]
	var flow [2]float64 // of large orders
	for i, order := range c.market.Orders {
		side, sign := 0, 1.0
		if order.Buys {
			side, sign = 1, -1
		}
		quantity := order.Quantity(k, c.market.Step)
		seat := c.market.InvestorSeat() + 1 + i
		c.sold[side][seat], c.sold[1-side][seat] = sign*quantity, 0
		flow[side] += quantity
	}
	var made [2]float64 // by makers
	for j, maker := range c.market.Makers {
		bid, ask := maker.Bid(k).At(x), maker.Ask(k).At(x)
		c.sold[0][j], c.sold[1][j] = -bid, ask
		made[0] += bid
		made[1] += ask
	}
	taken := [2]float64{made[0] - flow[0], made[1] - flow[1]} // what is left to investors
	if c.market.Posts(k) {                                    // then the makers take the orders besides
		for j := range c.market.Makers {
			c.sold[0][j] -= flow[0] / n
			c.sold[1][j] += flow[1] / n
		}
		taken = made
	}
	depth, omega := c.market.Investors.Activity*c.market.Step, c.market.Investors.Reservation
	seat := c.market.InvestorSeat()
	c.sold[0][seat], c.sold[1][seat] = taken[0], -taken[1]
	c.price[0], c.price[1] = taken[0]/depth-omega, omega-taken[1]/depth
}

// pay adds the payoffs of the period, with the inventories before trade.
func (c *cournot) pay(discount float64) {
	add := func(i int, terms ...float64) {
		for _, v := range terms {
			c.outcomes[i].Payoff += discount * v
			c.outcomes[i].Size += discount * math.Abs(v)
		}
		c.outcomes[i].Volume += math.Abs(c.sold[0][i]) + math.Abs(c.sold[1][i])
	}
	for j, maker := range c.market.Makers {
		x := c.inventory[j]
		add(j, c.price[0]*c.sold[0][j], c.price[1]*c.sold[1][j], -maker.InventoryCost*c.market.Step*x*x)
	}
	depth, omega := c.market.Investors.Activity*c.market.Step, c.market.Investors.Reservation
	seller, buyer := omega+c.price[0], omega-c.price[1]
	add(c.market.InvestorSeat(), depth/2*seller*seller, depth/2*buyer*buyer)
	for i := range c.market.Orders {
		seat := c.market.InvestorSeat() + 1 + i
		add(seat, seller*c.sold[0][seat], -buyer*c.sold[1][seat])
	}
}

// settle moves inventories and cash: with C the cash, q = q^b + q^a sold at
// fundamental m, C' = C + mq + p^b q^b + p^a q^a, and
//
//	Var C' = Var C + 2q Cov(C, m) + q² Var m,   Cov(C', m) = Cov(C, m) + q Var m.
func (c *cournot) settle(variance float64) {
	for i := range c.inventory {
		bid, ask, cash := c.sold[0][i], c.sold[1][i], &c.cash[i]
		q := bid + ask
		c.inventory[i] -= q
		cash.Mean += (c.start+c.price[0])*bid + (c.start+c.price[1])*ask
		cash.Turnover += math.Abs((c.start+c.price[0])*bid) + math.Abs((c.start+c.price[1])*ask)
		cash.Variance += q * (2*cash.covariance + q*variance)
		cash.covariance += q * variance
	}
}
