package montecarlo

import (
	"math"

	"walras/market"
	"walras/shocks"
)

// note remembers what path p is like at the j-th tick of statistics.
func (f *floor) note(j, p int) {
	b, l, at := f.block, f.layout, f.seen[j]
	for i := range b.Inventory {
		at[l.Inventory(i)][p] = b.Inventory[i][p]
	}
	f.noteQuotes(j, p)
	active := 0.
	if b.Period.Flow[market.Bid][p] != 0 || b.Period.Flow[market.Ask][p] != 0 {
		active = 1
	}
	at[l.Active()][p] = active
}

func (f *floor) noteQuotes(j, p int) {
	b, l, at := f.block, f.layout, f.seen[j]
	bid, ask := b.Sides[market.Bid].Price[p], b.Sides[market.Ask].Price[p]
	at[l.Price(market.Bid)][p], at[l.Price(market.Ask)][p], at[l.Mid()][p] = bid, ask, (bid+ask)/2
}

// sum adds what was noted of the tile.
func (f *floor) sum() {
	n, l := f.block.Paths, f.layout
	for j, at := range f.seen {
		for q, x := range at {
			sum := l.Sum(j, q)
			f.addMoments(sum, sum+1, x[:n], 0)
		}
		for i := range l.Makers {
			f.sumHigher(j, i, n)
		}
		f.sumBelow(j, n)
	}
	for side, came := range f.came {
		f.addMoments(l.Came(side), l.Came(side)+1, came[:n], 0)
		f.add[l.Negative(side)].Sum(f.negative[side : side+1])
		f.negative[side] = 0
	}
}

// sumHigher adds the third and fourth moments of a maker's inventory, and its product
// with that at the tick before.
func (f *floor) sumHigher(j, maker, n int) {
	x, square, at := f.seen[j][maker][:n], f.scratch[:n], f.layout.Higher(j, maker)
	for p, v := range x {
		square[p] = v * v
	}
	f.add[at].Product(x, square)
	f.add[at+1].Product(square, square)
	if j > 0 {
		f.add[at+2].Product(f.seen[j-1][maker][:n], x)
	}
}

// sumBelow counts the paths on which the variables are at most their levels.
func (f *floor) sumBelow(j, n int) {
	l := f.layout
	for v, levels := range l.Levels[j] {
		if len(levels) == 0 {
			continue
		}
		x := f.seen[j][l.Mid()][:n]
		if v == AggregateInventory {
			x = f.scratch[:n]
			clear(x)
			for i := range l.Makers {
				for p, held := range f.seen[j][i][:n] {
					x[p] += float64(f.block.Members[i] * held)
				}
			}
		}
		for k, level := range levels {
			below := []float64{0}
			for _, v := range x {
				if v <= level {
					below[0]++
				}
			}
			f.add[l.Below(j, v, k)].Sum(below)
		}
	}
}

// finish values what is held at the horizon and adds up the tile.
func (f *floor) finish(recorded int) error {
	b, s := f.block, f.sim
	n, held := b.Paths, make([]float64, f.layout.Makers)
	discount := s.Clock.At(s.Clock.Steps).Discount
	for i := range s.Names {
		terminal, welfare := f.terminal[i][:n], f.scratch[:n]
		for p := range terminal {
			for l := range held {
				held[l] = b.Inventory[l][p]
			}
			worth := s.Arrivals.WorthOf(i, held, b.Period.Phase[p], f.times.left(p))
			terminal[p] = float64(discount * worth)
			welfare[p] = b.Payoff[i][p] + terminal[p]
		}
		if err := f.worth(i, terminal); err != nil {
			return err
		}
		f.outcome(OutcomeWelfare, i, welfare)
		f.outcome(OutcomePayoff, i, b.Payoff[i][:n])
		f.outcome(OutcomeTerminal, i, terminal)
		f.outcome(OutcomeVolume, i, b.Volume[i][:n])
		if f.control != nil {
			f.outcome(OutcomeControlled, i, f.control.controlled(welfare, i))
		}
	}
	f.sum()
	for p := range recorded {
		f.result.Events = append(f.result.Events, f.events[p]...)
		f.events[p] = f.events[p][:0]
	}
	if f.result.Block == 0 {
		f.balance = math.Max(f.balance, conservation(b))
	}
	f.keepOutcomes()
	f.keepControlled()
	return nil
}

// keepControlled appends the controlled welfare of the paths whose outcomes are kept.
func (f *floor) keepControlled() {
	kept := int(max(0, min(int64(f.block.Paths), f.sim.Record.Outcomes-f.first)))
	for p := 0; f.control != nil && p < kept; p++ {
		for i, luck := range f.control.sum {
			f.result.Controlled = append(f.result.Controlled, f.block.Payoff[i][p]+f.terminal[i][p]-luck[p])
		}
	}
}

func (f *floor) outcome(kind, i int, x []float64) {
	at := f.layout.Outcome(kind, i)
	f.addMoments(at, at+1, x, f.layout.Outcomes[kind][i])
}

// record writes the row of a recorded path at the j-th tick of records, and completes
// the one before with what has been traded since, and what that has brought.
func (f *floor) record(j, p int) {
	b, width, prices := f.block, f.sim.RowWidth(), f.sim.prices()
	row := f.row(f.first, p, j, width)
	f.recordQuotes(j, p)
	row[prices] = b.Level[p]
	for i := range b.Inventory {
		cell := row[prices+1+4*i:][:4]
		cell[0], cell[2], cell[3] = b.Inventory[i][p], b.Cash[i][p], b.Payoff[i][p]
		if j > 0 {
			before := f.row(f.first, p, j-1, width)[prices+1+4*i:][:4]
			before[1], before[2], before[3] = before[0]-cell[0], cell[2], cell[3]
		}
	}
}

func (f *floor) recordQuotes(j, p int) {
	row := f.row(f.first, p, j, f.sim.RowWidth())
	for side, s := range f.block.Sides {
		row[side] = s.Price[p]
	}
}

// passing moves the fundamental value of the paths whose cash is kept through periods
// of any length.
type passing struct {
	reference Fundamental
	seed      uint64
	streams   []shocks.Stream
	level     []float64
}

func newPassing(s *Simulation) *passing {
	return &passing{
		reference: s.Reference, seed: s.Seed, streams: make([]shocks.Stream, tileSize), level: make([]float64, tileSize),
	}
}

func (r *passing) start(first int64, b *market.Block) {
	b.Level = r.level
	for p := range b.Accounts {
		r.level[p] = r.reference.Start
		r.streams[p].Reset(shocks.Key{Seed: r.seed, Path: uint64(first) + uint64(p), Purpose: shocks.Fundamental})
	}
}

// pass draws the fundamental at the end of the period and its integral over it: given
// both ends, that is normal about the trapezium with variance σ²u³/12.
func (r *passing) pass(b *market.Block) {
	σ := r.reference.Volatility
	for p, m := range r.level[:b.Accounts] {
		u := b.Period.Length[p]
		b.Period.Between[p] = m * u
		if σ == 0 || u == 0 {
			continue
		}
		dm := float64(σ * (math.Sqrt(u) * r.streams[p].Norm()))
		bridge := float64(σ * (math.Sqrt(u*u*u/12) * r.streams[p].Norm()))
		b.Period.Between[p] = float64(m*u) + float64(dm*u/2) + bridge
		r.level[p] = m + dm
	}
}
