package agents

import (
	"math"

	"walras/equilibrium"
	"walras/internal/curve"
	"walras/market"
)

// Dealing is an agent of a market in which every path has its own time (see
// market.Period). A period has two auctions on each side: Stand submits what the agent
// would trade if investors came all the time, an integral of orders over the period
// with the given weight, which gives the integral of the quotes; Meet submits what it
// trades if one comes at its end.
type Dealing interface {
	Stand(over Integral, b *market.Block)
	Meet(b *market.Block)
	EarnStanding(b *market.Block) // the period
	EarnMeeting(b *market.Block)  // what comes at its end
}

// Integral is what orders are integrated with over a period.
type Integral int

// The integrals of a period.
const (
	Discounted Integral = iota // with the discount from time 0: for payoffs
	Plain                      // for cash
)

// Dealer is a type of market makers. They quote quantities on both sides all the time.
type Dealer struct {
	Seat   int
	Market *equilibrium.Arrivals

	members float64
	quotes  [2][]Quote   // per side and phase
	slopes  [2][]float64 // of what a member quotes at a side
	share   float64      // of the flows, one maker's
}

// Quote is the constant part of a quantity in a phase, with its integrals, which are
// nil where the orders do not trade at the side.
type Quote struct {
	value    *curve.Curve
	integral [2]*curve.Curve

	// At Bernoulli steps it is a list instead: of the ticks from first on.
	ticks []float64
	first int
	step  float64
}

// NewDealer seats a type of makers. Functions of time are approximated to rounding
// until the horizon.
func NewDealer(a *equilibrium.Arrivals, seat int, horizon, discountRate float64) *Dealer {
	d := &Dealer{Seat: seat, Market: a, members: float64(a.Makers[seat].Count), share: 1 / float64(a.Members())}
	d.slopes[market.Ask] = a.Makers[seat].Slopes
	for _, v := range a.Makers[seat].Slopes {
		d.slopes[market.Bid] = append(d.slopes[market.Bid], -v)
	}
	for k, phase := range a.Phases {
		from, to := a.Stretch(k, horizon)
		sell, buy := a.Flow(k)
		for side, flow := range [2]float64{sell, buy} {
			f := [2]func(float64) float64{phase.Bid[seat], phase.Ask[seat]}[side]
			if a.Step > 0 {
				d.quotes[side] = append(d.quotes[side], newList(f, from, to, a.Step))
				continue
			}
			d.quotes[side] = append(d.quotes[side], newQuote(f, from, to, flow != 0, discountRate))
		}
	}
	return d
}

func newQuote(f func(float64) float64, from, to float64, flow bool, discountRate float64) Quote {
	q := Quote{value: curve.Fit(f, from, to)}
	if _, constant := q.value.Value(); flow && !constant {
		q.integral = [2]*curve.Curve{
			Discounted: curve.Discounted(f, discountRate, from, to).Integral(), Plain: q.value.Integral(),
		}
	}
	return q
}

func newList(f func(float64) float64, from, to, step float64) Quote {
	q := Quote{first: int(math.Floor(from/step + 1e-9)), step: step}
	for k := q.first; k <= int(math.Ceil(to/step-1e-9)); k++ {
		q.ticks = append(q.ticks, f(float64(k)*step))
	}
	return q
}

// At is the constant part at time t.
func (q *Quote) At(t float64) float64 {
	if q.ticks == nil {
		return q.value.At(t)
	}
	k := int(math.Round(t/q.step)) - q.first
	return q.ticks[min(max(k, 0), len(q.ticks)-1)]
}

// Quote is the constant part of what a member quotes at a side in a phase.
func (d *Dealer) Quote(side, phase int) *Quote { return &d.quotes[side][phase] }

// Constant reports whether the quote does not change, and what it is.
func (q *Quote) Constant() (v float64, ok bool) { return q.value.Value() }

// Integral is that of the constant part until t, of a quote that changes; else 0.
func (q *Quote) Integral(which Integral, t float64) float64 {
	if c := q.integral[which]; c != nil {
		return c.At(t)
	}
	return 0
}

// over is the integral of the constant part over the period of path p.
func (q *Quote) over(which Integral, t *market.Period, p int) float64 {
	if v, constant := q.value.Value(); constant {
		if which == Plain {
			return float64(v * t.Length[p])
		}
		return float64(v * t.Weight[0][p])
	}
	c := q.integral[which]
	sum := c.At(t.To[p]) - c.At(t.From[p])
	if which == Discounted {
		sum *= t.Scale[p]
	}
	return sum
}

// Stand submits the integral of the quotes on the sides at which orders trade.
func (d *Dealer) Stand(over Integral, b *market.Block) {
	t := b.Period
	for side, s := range b.Sides {
		if !t.Flows[side] {
			continue
		}
		s.Orders.Quantity(d.Seat)
		intercept, quotes := s.Orders.Intercept[d.Seat][:b.Paths], d.quotes[side]
		for p := range intercept {
			intercept[p] = 0
			if t.Flow[side][p] != 0 {
				intercept[p] = quotes[t.Phase[p]].over(over, t, p)
			}
		}
		for l, slope := range d.slopes[side] {
			held := b.Inventory[l][:len(intercept)]
			for p, x := range held {
				drift := float64(d.share * (t.Flow[market.Bid][p] - t.Flow[market.Ask][p]))
				first, second := t.Weight[0][p], t.Weight[1][p]
				if over == Plain {
					first = t.Length[p]
					second = first * first / 2
				}
				intercept[p] += float64(slope * (float64(x*first) + float64(drift*second)))
			}
		}
		d.sign(side, intercept)
	}
}

// Meet submits the quotes at the end of the period.
func (d *Dealer) Meet(b *market.Block) {
	t := b.Period
	for side, s := range b.Sides {
		s.Orders.Quantity(d.Seat)
		intercept, quotes := s.Orders.Intercept[d.Seat][:b.Paths], d.quotes[side]
		phase, at := t.Phase[:len(intercept)], t.To[:len(intercept)]
		for p := range intercept {
			intercept[p] = quotes[phase[p]].At(at[p])
		}
		for l, slope := range d.slopes[side] {
			held := b.Inventory[l][:len(intercept)]
			for p, x := range held {
				intercept[p] += float64(slope * x)
			}
		}
		d.sign(side, intercept)
	}
}

// sign makes of what a member quotes what all members sell.
func (d *Dealer) sign(side int, quantity []float64) {
	n := d.members
	if side == market.Bid {
		n = -n
	}
	for p := range quantity {
		quantity[p] *= n
	}
}

// EarnStanding adds the maker's share of what the orders pay and are paid, less the
// cost of holding i + gu, u the time since the period began.
func (d *Dealer) EarnStanding(b *market.Block) {
	t, payoff, held := b.Period, b.Payoff[d.Seat][:b.Paths], b.Inventory[d.Seat][:b.Paths]
	cost, share := d.Market.Makers[d.Seat].InventoryCost, d.share
	w0, w1, w2 := t.Weight[0][:len(held)], t.Weight[1][:len(held)], t.Weight[2][:len(held)]
	sells, buys := t.Flow[market.Bid][:len(held)], t.Flow[market.Ask][:len(held)]
	bid, ask := t.Quoted[market.Bid][:len(held)], t.Quoted[market.Ask][:len(held)]
	for p, x := range held {
		g := float64(share * (sells[p] - buys[p]))
		square := float64(float64(x*x)*w0[p]) + float64(2*float64(float64(x*g)*w1[p])) + float64(float64(g*g)*w2[p])
		paid := float64(sells[p]*bid[p]) - float64(buys[p]*ask[p])
		payoff[p] -= float64(cost*square) + float64(share*paid)
	}
}

// EarnMeeting adds what an investor who comes pays, or is paid.
func (d *Dealer) EarnMeeting(b *market.Block) {
	t, payoff := b.Period, b.Payoff[d.Seat][:b.Paths]
	bid, ask := b.Sides[market.Bid], b.Sides[market.Ask]
	sold, bought := ask.Trade[d.Seat][:len(payoff)], bid.Trade[d.Seat][:len(payoff)]
	buyer, seller, discount := t.Comes[market.Ask], t.Comes[market.Bid], t.Discount
	for p := range payoff {
		cash := float64(buyer[p]*float64(ask.Price[p]*sold[p])) + float64(seller[p]*float64(bid.Price[p]*bought[p]))
		payoff[p] += float64(discount[p]*cash) / d.members
	}
}
