package montecarlo

import (
	"math"

	"walras/agents"
	"walras/market"
)

// floor is where investors come one at a time: it plays tiles of paths each of which
// has its own time.
type floor struct {
	*worker
	times     *times
	dealers   []agents.Dealing
	layout    *ArrivalLayout
	reference *passing
	makers    float64
	orders    []market.Flowing
	seen      [][][]float64 // at ticks of statistics: [tick][quantity][path]
	came      [2][]float64  // investors, per path
	negative  [2]float64    // trades
	clearing  float64
	balance   float64
	events    [][]Event // of recorded paths of the tile
	scratch   []float64
	alone     *single         // nil where the market is not that simple
	control   *arrivalControl // nil where nobody asks for it
}

// Event is an investor who came.
type Event struct {
	Path            int64
	Time            float64
	Side            int // market.Bid: he sells; market.Ask: he buys
	Price, Quantity float64
}

func newFloor(w *worker, layout *ArrivalLayout) *floor {
	f := &floor{
		worker: w, times: newTimes(w.sim, w.calendar), dealers: layout.dealers, layout: layout,
		reference: newPassing(w.sim), scratch: make([]float64, tileSize), events: make([][]Event, tileSize),
	}
	f.makers = float64(w.sim.Arrivals.Members())
	for _, o := range w.sim.Arrivals.Orders {
		f.orders = append(f.orders, market.Flowing{Buys: o.Buys, Rates: o.Rates})
	}
	for range f.layout.Ticks {
		f.seen = append(f.seen, market.Matrix(f.layout.quantities(), tileSize))
	}
	for side := range f.came {
		f.came[side] = make([]float64, tileSize)
	}
	f.alone, f.control = newSingle(f), newArrivalControl(f)
	return f
}

func (f *floor) begin(int64) { f.clearing, f.balance = 0, 0 }

func (f *floor) report(maxes []float64) {
	maxes[f.layout.Clearing()], maxes[f.layout.CashBalance()] = f.clearing, f.balance
}

// tile plays paths that advance together, from what happens to each to what happens to
// it next. Large orders trade during a period, an investor may come at its end.
func (f *floor) tile(first int64, paths int) error {
	if f.sim.Arrivals.Step > 0 {
		return f.steps(first, paths)
	}
	b, t := f.block, f.times
	f.open(first, paths)
	recorded := f.recordedPaths(first, paths)
	if f.alone != nil && b.Accounts == 0 && f.control == nil {
		if err := f.alone.tile(); err != nil {
			return err
		}
		return f.end(first, 0)
	}
	for t.next(recorded, b.Period, paths) {
		if f.stop.Load() {
			return errStopped
		}
		if err := f.pass(); err != nil {
			return err
		}
		if err := f.meet(); err != nil {
			return err
		}
		for _, d := range f.dealers {
			d.EarnMeeting(b)
		}
		f.happen(recorded)
	}
	return f.end(first, recorded)
}

func (f *floor) end(first int64, recorded int) error {
	if err := f.overflow(first, f.sim.Clock.Steps); err != nil {
		return err
	}
	return f.finish(recorded)
}

// open puts a tile at time 0.
func (f *floor) open(first int64, paths int) {
	b := f.block
	f.first = first
	b.Start(f.sim.Initial, paths)
	f.times.start(first, b)
	b.Accounts = f.recordedPaths(first, paths)
	if f.result.Block == 0 {
		b.Accounts = paths
	}
	f.reference.start(first, b)
	for side := range f.came {
		clear(f.came[side][:paths])
	}
	if f.control != nil {
		f.control.start(paths)
	}
}

// pass lets the period pass: what large orders trade at the quotes is paid for and
// settled, holding is paid for.
func (f *floor) pass() error {
	b, t := f.block, f.block.Period
	f.reference.pass(b)
	for side := range t.Flows {
		t.Flows[side] = false
		for _, flow := range t.Flow[side][:b.Paths] {
			t.Flows[side] = t.Flows[side] || flow != 0
		}
	}
	if t.Flows[market.Bid] || t.Flows[market.Ask] {
		if err := f.stand(agents.Discounted, b.Paths, &t.Quoted); err != nil {
			return err
		}
		if b.Accounts > 0 {
			if err := f.stand(agents.Plain, b.Accounts, &t.Paid); err != nil {
				return err
			}
			for side := range t.Paid {
				for p, m := range t.Between[:b.Accounts] {
					t.Paid[side][p] += m
				}
			}
		}
	}
	for _, d := range f.dealers {
		d.EarnStanding(b)
	}
	if f.control != nil {
		f.control.expect(b)
	}
	b.Drift(f.makers, f.orders)
	return nil
}

// stand clears the auctions of what would be traded over the period, for the integrals
// of the quotes.
func (f *floor) stand(over agents.Integral, paths int, prices *[2][]float64) error {
	b := f.block
	all := b.Paths
	b.Paths = paths
	defer func() { b.Paths = all }()
	for _, d := range f.dealers {
		d.Stand(over, b)
	}
	if err := b.Clear(); err != nil {
		return err
	}
	for side, s := range b.Sides {
		copy(prices[side], s.Price[:paths])
	}
	return nil
}

// meet clears the auctions at the end of the period.
func (f *floor) meet() error {
	b := f.block
	for _, d := range f.dealers {
		d.Meet(b)
	}
	if err := b.Clear(); err != nil {
		return err
	}
	if f.result.Block == 0 {
		for _, s := range b.Sides {
			f.clearing = math.Max(f.clearing, imbalance(s.Trade, b.Paths))
		}
	}
	return nil
}

// happen lets what ends the period happen on each path.
func (f *floor) happen(recorded int) {
	b, t := f.block, f.times
	seat := f.sim.Arrivals.InvestorSeat()
	for p, what := range t.event[:b.Paths] {
		if f.control != nil {
			f.control.happen(b, p, what)
		}
		switch what {
		case comes:
			f.count(p, seat, recorded)
		case stopReached:
			at := t.list(p, recorded)[t.stopped[p]]
			t.stopped[p]++
			if at.statistic >= 0 {
				f.note(at.statistic, p)
			}
			if at.recorded >= 0 && p < recorded {
				f.record(at.recorded, p)
			}
		case phaseEnds:
			t.advance(p, b.Period)
		}
	}
	b.Deal()
}

// count counts the investor who comes to path p.
func (f *floor) count(p, seat, recorded int) {
	b := f.block
	side := market.Bid
	sign := 1.
	if b.Period.Comes[market.Ask][p] != 0 {
		side, sign = market.Ask, -1
	}
	quantity := sign * b.Sides[side].Trade[seat][p]
	f.came[side][p]++
	if quantity < 0 {
		f.negative[side]++
	}
	if p < recorded {
		f.events[p] = append(f.events[p], Event{
			Path: f.first + int64(p), Time: f.times.now[p], Side: side, Price: b.Sides[side].Price[p], Quantity: quantity,
		})
	}
}
