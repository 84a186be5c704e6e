package cournot

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"walras/clock"
)

// Orders are large orders that everybody knows from time 0 on. They may overlap;
// sells meet the bid and buys the ask, they are not crossed with each other.
type Orders struct {
	Sells     []clock.Schedule // rates ≥ 0, asset units per time
	Buys      []clock.Schedule // rates ≥ 0, asset units per time
	Inventory float64          // i_0 of every maker at time 0, asset units
}

// Validate returns an error for the first order whose schedule cannot stand, has
// a negative rate or no end.
func (o Orders) Validate() error {
	if math.IsNaN(o.Inventory) || math.IsInf(o.Inventory, 0) {
		return &ParameterError{Name: "Inventory", Value: o.Inventory, Limit: "finite"}
	}
	for i, s := range o.Sells {
		if err := validOrder(fmt.Sprintf("Sells[%d]", i), s); err != nil {
			return err
		}
	}
	for i, s := range o.Buys {
		if err := validOrder(fmt.Sprintf("Buys[%d]", i), s); err != nil {
			return err
		}
	}
	return nil
}

// validOrder returns an error unless a schedule can be that of a large order.
func validOrder(name string, s clock.Schedule) error {
	if err := s.Validate(); err != nil {
		return fmt.Errorf("cournot: %s: %w", name, err)
	}
	for j, v := range s {
		if v.Rate < 0 {
			return &ParameterError{Name: fmt.Sprintf("%s[%d].Rate", name, j), Value: v.Rate, Limit: "0 or more"}
		}
		if math.IsInf(v.To, 1) {
			return &ParameterError{Name: fmt.Sprintf("%s[%d].To", name, j), Value: v.To, Limit: "finite"}
		}
	}
	return nil
}

// Public is how the market takes large orders that everybody knows. With f(t)
// and φ(t) the rates of all sells and all buys, and n = f − φ, the makers
// anticipate
//
//	B' = γB + k n, B = 0 after the last order,   i' = −M i + (n + 2δB)/(N+1),
//
// and value a unit at λ = −2A i + B. Rates are constant by pieces, so that all
// paths and integrals are sums of exponentials and exact.
type Public struct {
	Constants
	Orders

	edges  []float64 // times at which some rate may jump, from 0
	cells  []cell    // between them
	sells  []placed
	buys   []placed
	ending float64 // inventory of a maker after the last cell
}

// cell is a stretch of time on which no rate jumps. At time s in it, r before
// its end,
//
//	B = steady + jump e^{−γr},   (n + 2δB)/(N+1) = drift0 + drift1 e^{−γr}.
type cell struct {
	from, length     float64
	sell, buy        float64 // f, φ
	end              float64 // B at its end
	steady, jump     float64
	drift0, drift1   float64
	inventory, alone float64 // at its beginning: of a maker; and what of it is left of i_0
}

// Announce solves the market with these orders, for published or open_loop. The
// orders must be valid.
func (m Model) Announce(concept Concept, orders Orders) *Public {
	p := &Public{Constants: m.Constants(concept), Orders: orders, edges: []float64{0}}
	for _, s := range slices.Concat(orders.Sells, orders.Buys) {
		for _, v := range s {
			p.edges = append(p.edges, v.From, v.To)
		}
	}
	slices.Sort(p.edges)
	p.edges = slices.Compact(p.edges)
	p.cells = make([]cell, len(p.edges)-1)
	for k := range p.cells {
		p.cells[k] = cell{from: p.edges[k], length: p.edges[k+1] - p.edges[k]}
	}
	for _, s := range orders.Sells {
		p.sells = append(p.sells, p.place(s, func(c *cell, rate float64) { c.sell += rate }))
	}
	for _, s := range orders.Buys {
		p.buys = append(p.buys, p.place(s, func(c *cell, rate float64) { c.buy += rate }))
	}
	p.solve()
	return p
}

// placed is one order among the others: what of it trades in each cell.
type placed struct {
	quantity float64
	weights  []float64 // rate/quantity; for quantity 0 the limit of small constant rates
}

// place adds an order to the cells on which it trades.
func (p *Public) place(s clock.Schedule, add func(*cell, float64)) placed {
	o := placed{weights: make([]float64, len(p.cells))}
	duration := 0.
	for _, v := range s {
		o.quantity += v.Rate * (v.To - v.From)
		duration += v.To - v.From
	}
	for _, v := range s {
		weight := v.Rate / o.quantity
		if o.quantity == 0 {
			weight = 1 / duration
		}
		from, _ := slices.BinarySearch(p.edges, v.From)
		to, _ := slices.BinarySearch(p.edges, v.To)
		for k := from; k < to; k++ {
			o.weights[k] = weight
			add(&p.cells[k], v.Rate)
		}
	}
	return o
}

// solve finds what makers anticipate, backwards, and then their inventories.
func (p *Public) solve() {
	_, n1 := p.counts()
	next := 0.
	for k := len(p.cells) - 1; k >= 0; k-- {
		c := &p.cells[k]
		net := c.sell - c.buy
		c.end = next
		c.steady = -p.K * net / p.Gamma
		c.jump = next - c.steady
		c.drift0 = net * p.S / n1
		c.drift1 = (net*p.Rho + 2*p.Activity*next) / n1 // = 2δ jump/(N+1)
		next = p.anticipation(c, c.length)
	}
	p.ending = p.Inventory
	for k := range p.cells {
		c := &p.cells[k]
		c.inventory, c.alone = p.ending, p.Inventory*math.Exp(-p.M*c.from)
		p.ending = p.holding(c, c.inventory, c.length)
	}
}

// anticipation is B at time r before the end of a cell.
func (p *Public) anticipation(c *cell, r float64) float64 {
	return c.end*math.Exp(-p.Gamma*r) - p.K*(c.sell-c.buy)*h(p.Gamma, r)
}

// holding is the inventory at time s of a cell that begins with the inventory i.
func (p *Public) holding(c *cell, i, s float64) float64 {
	return i*math.Exp(-p.M*s) + c.drift0*h(p.M, s) +
		c.drift1*math.Exp(-p.Gamma*(c.length-s))*h(p.Gamma+p.M, s)
}

// Moment is the market at one time. Prices are relative to the fundamental value.
type Moment struct {
	Time          float64
	Sells, Buys   float64 // f, φ: rates of all large orders
	Anticipation  float64 // B: what orders to come subtract from the value of a unit
	Inventory     float64 // i of one maker
	MarginalValue float64 // λ = −2A i + B of one more unit to a maker
	Bid, Ask      float64 // p^b, p^a
	Bought, Sold  float64 // b, a: what one maker buys and sells per time
}

// Mid is the price halfway between bid and ask.
func (m Moment) Mid() float64 { return (m.Bid + m.Ask) / 2 }

// moment adds quotes and intensities to rates, inventory and anticipation:
//
//	p^b = −ω/(N+1) − fH + Nλ/(N+1),   b = δ(ω + f/δ + λ)/(N+1),
//	p^a =  ω/(N+1) + φH + Nλ/(N+1),   a = δ(ω + φ/δ − λ)/(N+1).
func (c Constants) moment(t, sells, buys, anticipation, inventory float64) Moment {
	n, n1 := c.counts()
	λ := anticipation - 2*c.A*inventory
	return Moment{
		Time: t, Sells: sells, Buys: buys, Anticipation: anticipation, Inventory: inventory, MarginalValue: λ,
		Bid: -c.HalfSpread - sells*c.Impact + n*λ/n1, Ask: c.HalfSpread + buys*c.Impact + n*λ/n1,
		Bought: (c.Activity*(c.Reservation+λ) + sells) / n1, Sold: (c.Activity*(c.Reservation-λ) + buys) / n1,
	}
}

// At is the market at time t ≥ 0; where a rate jumps, just after.
func (p *Public) At(t float64) Moment {
	k := sort.Search(len(p.cells), func(k int) bool { return p.edges[k+1] > t })
	return p.within(k, t)
}

// Before is the market just before time t > 0.
func (p *Public) Before(t float64) Moment {
	k := sort.Search(len(p.cells), func(k int) bool { return p.edges[k+1] >= t })
	return p.within(k, t)
}

// within is the market at time t of cell k; beyond the last one there is no order.
func (p *Public) within(k int, t float64) Moment {
	if k == len(p.cells) {
		return p.moment(t, 0, 0, 0, p.ending*math.Exp(-p.M*(t-p.edges[k])))
	}
	c := &p.cells[k]
	return p.moment(t, c.sell, c.buy, p.anticipation(c, p.edges[k+1]-t), p.holding(c, c.inventory, t-c.from))
}

// End is the time at which the last order ends; 0 without any.
func (p *Public) End() float64 { return p.edges[len(p.edges)-1] }
