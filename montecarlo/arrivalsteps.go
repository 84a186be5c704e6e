package montecarlo

import (
	"walras/clock"
	"walras/market"
)

// steps plays a tile in which everything happens at ticks: at each the makers take the
// large orders' quantities of the step at their quotes, which take these into account,
// and at most one investor comes to the same quotes.
func (f *floor) steps(first int64, paths int) error {
	b, t := f.block, f.times
	f.open(first, paths)
	recorded := f.recordedPaths(first, paths)
	for k := range f.sim.Clock.Steps {
		if f.stop.Load() {
			return errStopped
		}
		t.tick(f.moments[k], b.Period, paths)
		f.noteAll(k, recorded)
		f.reference.pass(b)
		if err := f.quoteAfterFlow(); err != nil {
			return err
		}
		f.noteAllQuotes(k, recorded)
		for _, d := range f.dealers {
			d.EarnStanding(b)
		}
		b.Drift(f.makers, f.orders)
		for _, d := range f.dealers {
			d.EarnMeeting(b)
		}
		for p, what := range t.event[:paths] {
			if what == comes {
				f.count(p, f.sim.Arrivals.InvestorSeat(), recorded)
			}
		}
		b.Deal()
	}
	last := f.moments[f.sim.Clock.Steps]
	for p := range paths {
		t.now[p] = last.Time
		t.advance(p, b.Period)
	}
	f.noteAll(last.Index, recorded)
	if err := f.overflow(first, last.Index); err != nil {
		return err
	}
	return f.finish(recorded)
}

// tick begins the step of a tick: who comes in it is drawn.
func (t *times) tick(now clock.Moment, period *market.Period, paths int) {
	step, investors := t.market.Step, t.market.Investors
	buy, any := investors.BuyRate*step, investors.Rate()*step
	for p := range paths {
		t.now[p] = now.Time
		t.advance(p, period)
		at := now.Time
		if t.market.Anchored() {
			at -= t.end[p]
		}
		buyer, seller := 0., 0.
		t.event[p] = nothing
		if u := t.streams[p].Float64(); u < any {
			t.event[p], seller = comes, 1
			if u < buy {
				buyer, seller = 1, 0
			}
		}
		period.Comes[market.Ask][p], period.Comes[market.Bid][p] = buyer, seller
		period.From[p], period.To[p], period.Length[p] = at, at, step
		period.Discount[p], period.Weight[0][p] = now.Discount, now.Discount*step
	}
}

// quoteAfterFlow clears the auctions with the inventories that makers have once they
// have taken the step's flow, and puts these back.
func (f *floor) quoteAfterFlow() error {
	b, t := f.block, f.block.Period
	n := b.Paths
	for i := range f.layout.Makers {
		copy(f.before[i][:n], b.Inventory[i])
		for p := range n {
			net := t.Flow[market.Bid][p] - t.Flow[market.Ask][p]
			b.Inventory[i][p] += float64(net*t.Length[p]) / f.makers
		}
	}
	err := f.meet()
	for i := range f.layout.Makers {
		copy(b.Inventory[i][:n], f.before[i])
	}
	for side, s := range b.Sides {
		for p, price := range s.Price[:n] {
			t.Quoted[side][p] = float64(price * t.Weight[0][p])
		}
		for p := range b.Accounts {
			t.Paid[side][p] = float64(float64(s.Price[p]*t.Length[p]) + t.Between[p])
		}
	}
	return err
}

// noteAll notes what the paths hold at tick k.
func (f *floor) noteAll(k, recorded int) {
	f.eachNoted(k, recorded, f.note, f.record)
}

// noteAllQuotes notes the quotes of the step of tick k.
func (f *floor) noteAllQuotes(k, recorded int) {
	f.eachNoted(k, recorded, f.noteQuotes, f.recordQuotes)
}

func (f *floor) eachNoted(k, recorded int, note, record func(j, p int)) {
	if j := f.statistic[k]; j >= 0 {
		for p := range f.block.Paths {
			note(j, p)
		}
	}
	if j := f.recorded[k]; j >= 0 {
		for p := range recorded {
			record(j, p)
		}
	}
}
