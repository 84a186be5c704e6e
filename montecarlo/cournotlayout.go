package montecarlo

import (
	"walras/market"
)

// CournotLayout says where each statistic of a market of market makers stands in
// Sums. At every tick of statistics it has Σ(x − centre) and Σ(x − centre)² over the
// paths for every quantity x; the centre is the path on which the fundamental stays.
type CournotLayout struct {
	Seats    int
	Ticks    []int                   // of statistics
	Centres  [][]float64             // per tick and quantity
	Outcomes [outcomes - 1][]float64 // of that path, per kind and seat
}

// Inventory is the number of the quantity X_i, before the auctions.
func (l *CournotLayout) Inventory(i int) int { return i }

// Trade is the number of the quantity that seat i sells in a period, over both
// sides.
func (l *CournotLayout) Trade(i int) int { return l.Seats + i }

// Cash is the number of the cash of seat i, at absolute prices, after the auctions.
func (l *CournotLayout) Cash(i int) int { return 2*l.Seats + i }

// Price is the number of the price of a side.
func (l *CournotLayout) Price(side int) int { return 3*l.Seats + side }

// Fundamental is the number of the fundamental value.
func (l *CournotLayout) Fundamental() int { return l.Price(market.Ask) + 1 }

func (l *CournotLayout) quantities() int { return l.Fundamental() + 1 }

// Sum is the place of Σ(x − centre) of a quantity at the j-th tick; that of the
// squares follows.
func (l *CournotLayout) Sum(j, quantity int) int { return 2 * (j*l.quantities() + quantity) }

// Outcome is the place of Σ(outcome − centre) of seat i over observations; that of the
// squares follows.
func (l *CournotLayout) Outcome(kind, i int) int {
	return l.Sum(len(l.Ticks), 0) + 2*(kind*l.Seats+i)
}

// Adds is the length of Sums.Add.
func (l *CournotLayout) Adds() int { return l.Outcome(len(l.Outcomes), 0) }

// Clearing is the place in Sums.Max of the largest relative excess |Σq| of a side.
func (l *CournotLayout) Clearing() int { return 0 }

// CashBalance is the place in Sums.Max of the largest |Σ cash|, relative to what has
// changed hands.
func (l *CournotLayout) CashBalance() int { return 1 }

// Maxes is the length of Sums.Max.
func (l *CournotLayout) Maxes() int { return 2 }

// CournotLayout describes the sums of this simulation. Its centres are played: one
// path on which the fundamental stays where it is.
func (s *Simulation) CournotLayout() *CournotLayout {
	n := len(s.Names)
	l := &CournotLayout{Seats: n, Ticks: s.Statistics, Centres: make([][]float64, len(s.Statistics))}
	for j := range l.Centres {
		l.Centres[j] = make([]float64, l.quantities())
	}
	for kind := range l.Outcomes {
		l.Outcomes[kind] = make([]float64, n)
	}
	list, err := s.agents()
	if err != nil {
		return l // the loop says why
	}
	b, at := market.NewTwoSided(n, 1), places(s.Statistics, s.Clock.Steps)
	b.Start(s.Initial, 1)
	b.Level = []float64{s.Reference.Start}
	for k := range s.Clock.Steps {
		now := s.Clock.At(k)
		l.centre(at[k], b, l.inventories)
		for _, a := range list {
			a.Submit(now, b)
		}
		if b.Clear() != nil {
			return l
		}
		l.centre(at[k], b, l.trades)
		b.Settle()
		for _, a := range list {
			a.Earn(now, b)
		}
		l.centre(at[k], b, l.cash)
	}
	l.centre(at[s.Clock.Steps], b, l.inventories)
	l.centre(at[s.Clock.Steps], b, l.cash)
	for i, a := range list {
		l.Outcomes[OutcomePayoff][i], l.Outcomes[OutcomeVolume][i] = b.Payoff[i][0], b.Volume[i][0]
		l.Outcomes[OutcomeTerminal][i] = s.Clock.At(s.Clock.Steps).Discount * valueOf(a, b, 0)
		l.Outcomes[OutcomeWelfare][i] = l.Outcomes[OutcomePayoff][i] + l.Outcomes[OutcomeTerminal][i]
	}
	return l
}

// centre takes the first path as centre of the j-th tick, if there is one.
func (l *CournotLayout) centre(j int, b *market.Block, quantities func(*market.Block, func(int, []float64))) {
	if j >= 0 {
		quantities(b, func(q int, x []float64) { l.Centres[j][q] = x[0] })
	}
}

// inventories visits what is known before the auctions.
func (l *CournotLayout) inventories(b *market.Block, visit func(quantity int, x []float64)) {
	for i, x := range b.Inventory {
		visit(l.Inventory(i), x[:b.Paths])
	}
	visit(l.Fundamental(), b.Level[:b.Paths])
}

// trades visits what the auctions determine.
func (l *CournotLayout) trades(b *market.Block, visit func(quantity int, x []float64)) {
	for side, s := range b.Sides {
		visit(l.Price(side), s.Price[:b.Paths])
	}
	for i := range b.Inventory {
		visit(l.Trade(i), b.NetSold(i))
	}
}

// cash visits what trades have been paid.
func (l *CournotLayout) cash(b *market.Block, visit func(quantity int, x []float64)) {
	for i, x := range b.Cash {
		visit(l.Cash(i), x[:b.Paths])
	}
}
