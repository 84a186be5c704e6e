package market

import "math"

// Period is a stretch of time of which every path of a block has its own, and what
// happens at its end. During it large orders trade at the quotes as a flow, and the
// quotes are those at which investors would trade if they came; at its end one may
// come. All slices are per path.
type Period struct {
	Phase    []int     // that holds, see equilibrium.Arrivals
	From, To []float64 // times, as the phase counts them
	Length   []float64
	Discount []float64    // from time 0 to whom comes at the end
	Weight   [3][]float64 // ∫ D u^k du, u the time since the beginning, D the discount from time 0
	Scale    []float64    // D where the phase's time is 0
	Flow     [2][]float64 // what large orders sell at the bid and buy at the ask, per time
	Comes    [2][]float64 // 1 where an investor comes to the side at the end, else 0
	Quoted   [2][]float64 // ∫ D p du, p the quote of the side
	Paid     [2][]float64 // ∫ (m + p) du, m the fundamental, of paths whose cash is kept
	Between  []float64    // ∫ m du, of these paths

	// Flows are the sides on which any path has a flow.
	Flows [2]bool
}

// NewDealing makes a block in a market with a bid and an ask in which every path has
// its own time. Seats may stand for several members, who hold the same.
func NewDealing(members []int, capacity int) *Block {
	b := NewTwoSided(len(members), capacity)
	row := func() []float64 { return make([]float64, capacity) }
	p := &Period{
		Phase: make([]int, capacity), From: row(), To: row(), Length: row(), Discount: row(), Scale: row(), Between: row(),
	}
	for k := range p.Weight {
		p.Weight[k] = row()
	}
	for side := range p.Flow {
		p.Flow[side], p.Comes[side], p.Quoted[side], p.Paid[side] = row(), row(), row(), row()
	}
	b.Period, b.Members = p, make([]float64, len(members))
	for i, n := range members {
		b.Members[i] = float64(n)
	}
	return b
}

// Deal settles what investors who come have traded: quantities are moved and paid for
// where somebody has come. Members of a seat share equally what it trades.
func (b *Block) Deal() {
	for side, s := range b.Sides {
		comes := b.Period.Comes[side][:b.Paths]
		for i, members := range b.Members {
			inventory, volume, trade := b.Inventory[i][:len(comes)], b.Volume[i][:len(comes)], s.Trade[i][:len(comes)]
			for p, came := range comes {
				q := float64(came*trade[p]) / members
				inventory[p] -= q
				volume[p] += math.Abs(q)
			}
			cash := b.Cash[i][:b.Accounts]
			level, price := b.Level[:len(cash)], s.Price[:len(cash)]
			for p := range cash {
				cash[p] += float64(float64((level[p]+price[p])*float64(comes[p]*trade[p])) / members)
			}
		}
	}
}

// Flowing is a large order that trades at the quotes all the time.
type Flowing struct {
	Buys  bool
	Rates []float64 // per phase
}

// Drift moves what large orders have traded in the period: the last seats, behind the
// types of makers and the investors. Every maker takes an equal share, of one in so
// many.
func (b *Block) Drift(makers float64, orders []Flowing) {
	types := len(b.Members) - 1 - len(orders)
	for i := range types {
		b.drift(i, 1/makers)
	}
	for i, o := range orders {
		b.flow(types+1+i, o)
	}
}

// flow moves what an order has traded.
func (b *Block) flow(seat int, o Flowing) {
	t, inventory, volume, cash := b.Period, b.Inventory[seat], b.Volume[seat], b.Cash[seat]
	sign, paid := 1., t.Paid[Bid]
	if o.Buys {
		sign, paid = -1, t.Paid[Ask]
	}
	for p, phase := range t.Phase[:b.Paths] {
		q := float64(o.Rates[phase] * t.Length[p])
		inventory[p] -= float64(sign * q)
		volume[p] += q
	}
	for p := range cash[:b.Accounts] {
		cash[p] += float64(sign * float64(o.Rates[t.Phase[p]]*paid[p]))
	}
}

// drift gives a member of seat i its share of the flows.
func (b *Block) drift(i int, share float64) {
	t, inventory, volume, cash := b.Period, b.Inventory[i][:b.Paths], b.Volume[i][:b.Paths], b.Cash[i][:b.Accounts]
	sells, buys := t.Flow[Bid][:len(inventory)], t.Flow[Ask][:len(inventory)]
	for p, u := range t.Length[:len(inventory)] {
		u *= share
		inventory[p] += float64(u * (sells[p] - buys[p]))
		volume[p] += float64(u * (sells[p] + buys[p]))
	}
	for p := range cash {
		cash[p] += float64(share * (float64(buys[p]*t.Paid[Ask][p]) - float64(sells[p]*t.Paid[Bid][p])))
	}
}
