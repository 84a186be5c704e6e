package montecarlo

import (
	"errors"
	"math"
	"sync/atomic"

	"gonum.org/v1/gonum/mat"

	"walras/agents"
	"walras/clock"
	"walras/internal/kernel"
	"walras/market"
	"walras/shocks"
)

// errStopped says that a block was given up because the run was cancelled.
var errStopped = errors.New("montecarlo: stopped")

// worker plays blocks, one after another, in memory of its own.
type worker struct {
	sim  *Simulation
	stop *atomic.Bool
	*calendar

	agents     []agents.Agent
	block      *market.Block
	increments shocks.Increments // nil where inventories have no shocks
	dx         [][]float64
	reference  *fundamental // nil where prices relative to it are all that matters
	signals    [][]float64  // rows of F⁻¹; nil where seats know their inventories

	venue    venue
	observer observer // of a market with auctions at ticks
	add      []kernel.Lanes
	maxes    int
	shifted  []float64   // scratch
	pairs    []float64   // scratch
	terminal [][]float64 // discounted value at the horizon, written by the observer
	result   *Result
	before   [][]float64 // inventories before the auction, of recorded paths
	first    int64       // number of the first path of the tile
}

// layout says where the statistics of a market stand in Sums, and how they are
// taken.
type layout interface {
	Adds() int
	Maxes() int
	open(w *worker) venue
}

// venue is where a worker plays blocks, tile by tile, and takes their statistics.
type venue interface {
	begin(block int64)                 // a block begins
	tile(first int64, paths int) error // paths that advance together
	report(maxes []float64)            // the block is over
}

// ticking is the venue of markets with auctions at ticks.
type ticking struct {
	*worker
	observer
}

func newTicking(w *worker, o observer) venue {
	w.observer = o
	return ticking{w, o}
}

func (t ticking) tile(first int64, paths int) error { return t.worker.tile(first, paths) }

// observer takes the statistics of a market while a worker plays it.
type observer interface {
	begin(block int64)         // a block begins
	start() (accounts int)     // a tile begins; of so many of its first paths cash is needed
	inventories(k int)         // as the auctions of tick k find them, or the horizon
	auctions(now clock.Moment) // have cleared; trades are not settled
	shocks(next clock.Moment)  // are in dx, and about to arrive
	finish() error             // the horizon is reached: values what is held there
	report(maxes []float64)    // the block is over
}

// Result is what a block of paths leaves.
type Result struct {
	Block    int64
	Paths    int
	Sums     Sums
	Outcomes []float64 // [path][seat][payoff, terminal value, volume] of kept outcomes
	Recorded []float64 // [path][tick] rows of RowWidth numbers, of recorded paths
	Events   []Event   // of recorded paths, in order of paths and times, where investors come one at a time

	// Controlled is, of kept outcomes with Simulation.Control, the welfare less
	// its control variate: [path][seat].
	Controlled []float64
}

// RowWidth is the length of a recorded row: the prices, the fundamental, and per
// seat inventory, trade, cash and payoff.
func (s *Simulation) RowWidth() int { return s.prices() + 1 + 4*len(s.Names) }

func newWorker(s *Simulation, layout layout, ticks *calendar, list []agents.Agent, stop *atomic.Bool) (*worker, error) {
	increments, err := s.increments()
	if err != nil {
		return nil, err
	}
	reference, err := newFundamental(s)
	if err != nil {
		return nil, err
	}
	n := len(s.Names)
	w := &worker{
		sim: s, stop: stop, calendar: ticks, agents: list, block: s.newBlock(), dx: market.Matrix(n, tileSize), increments: increments, reference: reference,
		add: make([]kernel.Lanes, layout.Adds()), maxes: layout.Maxes(), shifted: make([]float64, tileSize), pairs: make([]float64, tileSize),
		terminal: market.Matrix(n, tileSize), before: market.Matrix(n, tileSize),
	}
	if s.Play != nil {
		if signals := s.Play.Policy.Signals(); signals != nil {
			for i := range n {
				w.signals = append(w.signals, mat.Row(nil, i, signals))
			}
			w.block.Signal = market.Matrix(n, tileSize)
		}
	}
	w.venue = layout.open(w)
	return w, nil
}

// play simulates one block.
func (w *worker) play(block int64) (*Result, error) {
	paths := w.sim.blockPaths(block)
	w.result = &Result{Block: block, Paths: paths}
	clear(w.add)
	w.venue.begin(block)
	w.reserve(block, paths)
	for start := 0; start < paths; start += tileSize {
		if err := w.venue.tile(block*BlockSize+int64(start), min(tileSize, paths-start)); err != nil {
			return nil, err
		}
	}
	w.result.Sums.Add = make([]float64, len(w.add))
	for i, l := range w.add {
		w.result.Sums.Add[i] = l.Total()
	}
	w.result.Sums.Max = make([]float64, w.maxes)
	w.venue.report(w.result.Sums.Max)
	return w.result, nil
}

// reserve allocates the rows that the block will keep.
func (w *worker) reserve(block int64, paths int) {
	n := len(w.sim.Names)
	kept := func(limit int64) int { return int(max(0, min(int64(paths), limit-block*BlockSize))) }
	w.result.Outcomes = make([]float64, 0, kept(w.sim.Record.Outcomes)*n*3)
	w.result.Recorded = make([]float64, kept(w.sim.Record.Paths)*len(w.sim.Record.Ticks)*w.sim.RowWidth())
}

// tile plays paths that advance together. It is the protocol of every market: at
// each tick agents submit, the market clears, trades settle, the period is paid,
// and shocks arrive for the next.
func (w *worker) tile(first int64, paths int) error {
	b := w.block
	w.open(first, paths)
	w.startRecords(first, paths)
	b.Accounts = max(w.recordedPaths(first, paths), w.observer.start())
	for k := range w.sim.Clock.Steps {
		if w.stop.Load() {
			return errStopped
		}
		now := w.moments[k]
		w.observer.inventories(k)
		w.submit(now)
		if err := b.Clear(); err != nil {
			return err
		}
		w.observer.auctions(now)
		w.keepBefore()
		b.Settle()
		w.pay(now)
		w.recordRows(k)
		w.arrive(w.moments[k+1], w.observer)
	}
	w.observer.inventories(w.sim.Clock.Steps)
	w.keepBefore()
	w.recordRows(w.sim.Clock.Steps)
	if w.overflow(first, w.sim.Clock.Steps) != nil {
		return w.locate(first)
	}
	if err := w.observer.finish(); err != nil {
		return err
	}
	w.keepOutcomes()
	return nil
}

// open puts a tile at time 0.
func (w *worker) open(first int64, paths int) {
	w.first = first
	w.block.Start(w.sim.Initial, paths)
	if w.increments != nil {
		w.increments.Start(first, paths)
	}
	w.reference.start(first, w.block)
}

// submit lets the agents submit their orders.
func (w *worker) submit(now clock.Moment) {
	w.inform()
	for _, a := range w.agents {
		a.Submit(now, w.block)
	}
}

// pay pays the agents for the period that follows the auctions.
func (w *worker) pay(now clock.Moment) {
	w.reference.draw()
	for _, a := range w.agents {
		a.Earn(now, w.block)
	}
}

// arrive brings what is new at the next tick, and tells the observer, if there is
// one.
func (w *worker) arrive(next clock.Moment, o observer) {
	if w.increments != nil {
		w.increments.Next(w.dx)
		if o != nil {
			o.shocks(next)
		}
		w.block.Shock(w.dx)
	}
	w.reference.pass(w.block.Paths)
}

// inform tells the seats what they know of their needs: F⁻¹X under common values.
func (w *worker) inform() {
	b := w.block
	for i, row := range w.signals {
		kernel.CombineScaled(b.Signal[i][:b.Paths], row[0], b.Inventory[0][:b.Paths], row[1:], b.Inventory[1:])
	}
}

// overflow names the first path of the tile, and the first seat on it, whose
// inventory or payoff is not finite at step k; nil if all are. A number that left
// the range stays NaN or infinite, so a look at the horizon is enough to know.
func (w *worker) overflow(first int64, k int) error {
	for p := range w.block.Paths {
		for i, name := range w.sim.Names {
			quantity := ""
			switch {
			case !finite(w.block.Inventory[i][p]):
				quantity = "inventory"
			case !finite(w.block.Payoff[i][p]):
				quantity = "payoff"
			default:
				continue
			}
			return &OverflowError{Path: first + int64(p), Step: k, Agent: name, Quantity: quantity}
		}
	}
	return nil
}

// finite is false for infinities and NaN. (x − x == 0 would do on some machines;
// others fuse the product that made x with the subtraction.)
func finite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }

// worth checks the values of seat i at the horizon.
func (w *worker) worth(i int, terminal []float64) error {
	for p, v := range terminal {
		if !finite(v) {
			return &OverflowError{Path: w.first + int64(p), Step: w.sim.Clock.Steps, Agent: w.sim.Names[i], Quantity: "terminal value"}
		}
	}
	return nil
}

// locate plays the tile again, tick by tick, to name the path, the step and the
// agent at which the range of numbers was left first.
func (w *worker) locate(first int64) error {
	b := w.block
	w.open(first, b.Paths)
	for k := range w.sim.Clock.Steps {
		w.submit(w.moments[k])
		if err := b.Clear(); err != nil {
			return err
		}
		b.Settle()
		w.pay(w.moments[k])
		if err := w.overflow(first, k); err != nil {
			return err
		}
		w.arrive(w.moments[k+1], nil)
	}
	if err := w.overflow(first, w.sim.Clock.Steps); err != nil {
		return err
	}
	panic("montecarlo: an overflow that does not repeat")
}
