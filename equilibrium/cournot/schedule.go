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
	Market Constants
	Orders Orders

	edges  []float64 // times at which some rate may jump, from 0
	cells  []cell    // between them
	sells  []placed
	buys   []placed
	ending float64 // inventory of a maker after the last cell, due to orders
}

// cell is a stretch of time on which no rate jumps. With r the time to its end,
//
//	B = end e^{−γr} − kn h_γ(r),   (n + 2δB)/(N+1) = settled + passing e^{−γr}.
type cell struct {
	from, length     float64
	sell, buy        float64 // f, φ
	end              float64 // B at its end
	settled, passing float64
	ordered, alone   float64 // inventory at its beginning: due to orders, and left of i_0
}

// net is n = f − φ.
func (c *cell) net() float64 { return c.sell - c.buy }

// Announce solves the market with these orders, which must be valid.
func (c Constants) Announce(orders Orders) *Public {
	p := &Public{Market: c, Orders: orders, edges: []float64{0}}
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
	m := &p.Market
	_, n1 := m.counts()
	next := 0.
	for k := len(p.cells) - 1; k >= 0; k-- {
		c := &p.cells[k]
		c.end = next
		c.settled = c.net() * m.S / n1
		c.passing = (c.net()*m.Rho + 2*m.Activity*next) / n1
		next = p.anticipation(c, c.length)
	}
	ordered := 0.
	for k := range p.cells {
		c := &p.cells[k]
		c.ordered, c.alone = ordered, p.Orders.Inventory*math.Exp(-m.M*c.from)
		ordered, _ = p.inventories(c, c.length)
	}
	p.ending = ordered
}

// anticipation is B at time r before the end of a cell.
func (p *Public) anticipation(c *cell, r float64) float64 {
	return c.end*math.Exp(-p.Market.Gamma*r) - p.Market.K*c.net()*h(p.Market.Gamma, r)
}

// inventories are those of a maker at time s of a cell, due to the orders and
// left of i_0.
func (p *Public) inventories(c *cell, s float64) (ordered, alone float64) {
	m, γ := p.Market.M, p.Market.Gamma
	left := math.Exp(-m * s)
	ordered = c.ordered*left + c.settled*h(m, s) + c.passing*math.Exp(-γ*(c.length-s))*h(γ+m, s)
	return ordered, c.alone * left
}

// End is the time at which the last order ends; 0 without any.
func (p *Public) End() float64 { return p.edges[len(p.edges)-1] }

// At is the market at time t ≥ 0; where a rate jumps, just after.
func (p *Public) At(t float64) Moment { return p.moment(p.after(t), t) }

// Before is the market just before time t > 0.
func (p *Public) Before(t float64) Moment {
	return p.moment(sort.Search(len(p.cells), func(k int) bool { return p.edges[k+1] >= t }), t)
}

// Rates are those of all sells and of all buys at time t, f and φ.
func (p *Public) Rates(t float64) (sells, buys float64) {
	if k := p.after(t); k < len(p.cells) {
		return p.cells[k].sell, p.cells[k].buy
	}
	return 0, 0
}

// Anticipation is B(t) ≤ 0 for sells: how much less a unit is worth to a maker
// because of orders to come.
func (p *Public) Anticipation(t float64) float64 {
	if k := p.after(t); k < len(p.cells) {
		return p.anticipation(&p.cells[k], p.edges[k+1]-t)
	}
	return 0
}

// after is the cell at time t and just after; one too many when all orders are over.
func (p *Public) after(t float64) int {
	return sort.Search(len(p.cells), func(k int) bool { return p.edges[k+1] > t })
}

// moment is the market at time t of cell k.
func (p *Public) moment(k int, t float64) Moment {
	if k == len(p.cells) {
		left := p.ending*math.Exp(-p.Market.M*(t-p.End())) + p.Orders.Inventory*math.Exp(-p.Market.M*t)
		return p.Market.moment(0, 0, 0, left)
	}
	c := &p.cells[k]
	ordered, alone := p.inventories(c, t-c.from)
	return p.Market.moment(c.sell, c.buy, p.anticipation(c, p.edges[k+1]-t), ordered+alone)
}

// moment is the market in which large orders trade at the rates f and φ, makers
// anticipate B and hold i:
//
//	p^b = −ω/(N+1) − fH + Nλ/(N+1),   q^b = δ(ω + f/δ + λ)/(N+1),
//	p^a =  ω/(N+1) + φH + Nλ/(N+1),   q^a = δ(ω + φ/δ − λ)/(N+1).
func (c Constants) moment(sells, buys, anticipation, inventory float64) Moment {
	n, n1 := c.counts()
	λ := anticipation - 2*c.A*inventory
	m := Moment{
		Inventory: inventory, MarginalValue: λ,
		Bid:        n*λ/n1 - c.HalfSpread - sells*c.Impact,
		Ask:        n*λ/n1 + c.HalfSpread + buys*c.Impact,
		MakerBuys:  (c.Activity*(c.Reservation+λ) + sells) / n1,
		MakerSells: (c.Activity*(c.Reservation-λ) + buys) / n1,
	}
	m.InvestorsSell = c.Activity * (c.Reservation + m.Bid)
	m.InvestorsBuy = c.Activity * (c.Reservation - m.Ask)
	return m
}
