package montecarlo

import (
	"errors"
	"math"
	"sync/atomic"

	"gonum.org/v1/gonum/mat"

	"walras/agents"
	"walras/internal/kernel"
	"walras/market"
	"walras/shocks"
)

// errStopped says that a block was given up because the run was cancelled.
var errStopped = errors.New("montecarlo: stopped")

// worker plays blocks, one after another, in memory of its own.
type worker struct {
	sim    *Simulation
	layout *Layout
	stop   *atomic.Bool
	*calendar

	agents     []agents.Agent
	auction    *market.Auction
	orders     *market.Orders
	block      *market.Block
	increments shocks.Increments
	dx         [][]float64
	reference  *fundamental // nil where prices relative to it are all that matters

	signals  [][]float64 // rows of F⁻¹; nil where seats know their inventories
	momentum momentum
	surprise *surprise // nil where nobody asks for it
	control  *control  // nil without control variates or deviations
	identity *identity
	out      outcomeBuffer
	add      []kernel.Lanes
	centred  [][]float64 // scratch: a row per seat
	result   *Result
	before   [][]float64 // inventories before the auction, of recorded paths
	previous []float64   // price of the auction before
	start    int64       // number of the first path of the tile
}

// Result is what a block of paths leaves.
type Result struct {
	Block    int64
	Paths    int
	Sums     Sums
	Outcomes []float64 // [path][seat][payoff, terminal value, volume] of kept outcomes
	Recorded []float64 // [path][tick] rows of RowWidth numbers, of recorded paths

	// Controlled is, of kept outcomes with Simulation.Control, the welfare less
	// its control variate: [path][seat].
	Controlled []float64
}

// RowWidth is the length of a recorded row: price, fundamental, and per seat
// inventory, trade, cash and payoff.
func RowWidth(seats int) int { return 2 + 4*seats }

func newWorker(s *Simulation, layout *Layout, ticks *calendar, list []agents.Agent, stop *atomic.Bool) (*worker, error) {
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
		sim: s, layout: layout, stop: stop, calendar: ticks, agents: list,
		auction: market.NewAuction(n), orders: market.NewOrders(n, tileSize),
		block: market.NewBlock(n, tileSize), dx: market.Matrix(n, tileSize),
		increments: increments, reference: reference,
		momentum: newMomentum(s.Play, s.Clock.Steps), add: make([]kernel.Lanes, layout.Adds()), centred: market.Matrix(n, tileSize),
		before: market.Matrix(n, tileSize), previous: make([]float64, tileSize),
	}
	if s.Play.Policy.Exponential {
		w.block.Wealth = market.Matrix(n, tileSize)
	}
	if s.Control {
		w.surprise, w.control = newSurprise(s), newControl(s)
	}
	w.out = newOutcomeBuffer(n)
	if signals := s.Play.Policy.Signals(); signals != nil {
		for i := range n {
			w.signals = append(w.signals, mat.Row(nil, i, signals))
		}
		w.block.Signal = market.Matrix(n, tileSize)
	}
	return w, nil
}

// play simulates one block.
func (w *worker) play(block int64) (*Result, error) {
	paths := w.sim.blockPaths(block)
	w.result = &Result{Block: block, Paths: paths, Sums: Sums{Max: make([]float64, w.layout.Maxes())}}
	clear(w.add)
	w.identity = nil
	switch {
	case block == 0:
		w.identity = newIdentity(w.sim)
		if w.surprise == nil {
			w.surprise = newSurprise(w.sim)
		}
	case !w.sim.Control:
		w.surprise = nil
	}
	w.reserve(block, paths)
	for start := 0; start < paths; start += tileSize {
		if err := w.tile(block*BlockSize+int64(start), min(tileSize, paths-start)); err != nil {
			return nil, err
		}
	}
	w.result.Sums.Add = make([]float64, len(w.add))
	for i, l := range w.add {
		w.result.Sums.Add[i] = l.Total()
	}
	if w.identity != nil {
		w.identity.report(w.layout, w.result.Sums.Max)
	}
	return w.result, nil
}

// reserve allocates the rows that the block will keep.
func (w *worker) reserve(block int64, paths int) {
	n := len(w.sim.Names)
	kept := func(limit int64) int { return int(max(0, min(int64(paths), limit-block*BlockSize))) }
	w.result.Outcomes = make([]float64, 0, kept(w.sim.Record.Outcomes)*n*3)
	w.result.Recorded = make([]float64, kept(w.sim.Record.Paths)*len(w.sim.Record.Ticks)*RowWidth(n))
}

// tile plays paths that advance together. It is the protocol of the discrete
// game: at each tick agents submit, the market clears, trades settle, the
// period is paid, and shocks arrive for the next.
func (w *worker) tile(first int64, paths int) error {
	b := w.block
	b.Start(w.sim.Initial, paths)
	w.increments.Start(first, paths)
	w.reference.start(first, b)
	w.start = first
	w.startRecords(first, paths)
	b.Accounts = w.recordedPaths(first, paths)
	w.startChecks()
	for k := range w.sim.Clock.Steps {
		if w.stop.Load() {
			return errStopped
		}
		now := w.moments[k]
		w.observeInventories(k)
		w.inform()
		for _, a := range w.agents {
			a.Submit(now, b, w.orders)
		}
		if err := w.auction.Clear(w.orders, b); err != nil {
			return err
		}
		w.momentum.observe(k, b, w.previous)
		w.observeTrades(k)
		w.keepBefore()
		if w.identity != nil {
			w.identity.auction(now, b)
		}
		if w.control != nil {
			w.control.auction(now, b)
		}
		b.Settle()
		w.reference.draw()
		for _, a := range w.agents {
			a.Earn(now, b)
		}
		w.recordRows(k)
		w.increments.Next(w.dx)
		if w.surprise != nil {
			w.surprise.step(w.moments[k+1], b, w.dx)
		}
		b.Shock(w.dx)
		w.reference.pass(paths)
		copy(w.previous, b.Price[:paths])
	}
	w.observeInventories(w.sim.Clock.Steps)
	w.keepBefore()
	w.recordRows(w.sim.Clock.Steps)
	if w.overflow(first, w.sim.Clock.Steps) != nil {
		return w.locate(first)
	}
	return w.finish()
}

// startChecks prepares what is followed besides the market itself.
func (w *worker) startChecks() {
	checked := 0
	if w.identity != nil {
		checked = w.identity.start(w.block)
		w.block.Accounts = max(w.block.Accounts, checked)
	}
	if w.sim.Control {
		checked = w.block.Paths
	}
	if w.control != nil {
		w.control.start()
	}
	if w.surprise != nil {
		w.surprise.start(checked)
	}
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

// locate plays the tile again, tick by tick, to name the path, the step and the
// agent at which the range of numbers was left first.
func (w *worker) locate(first int64) error {
	b := w.block
	b.Start(w.sim.Initial, b.Paths)
	w.increments.Start(first, b.Paths)
	w.reference.start(first, b)
	for k := range w.sim.Clock.Steps {
		w.inform()
		for _, a := range w.agents {
			a.Submit(w.moments[k], b, w.orders)
		}
		if err := w.auction.Clear(w.orders, b); err != nil {
			return err
		}
		b.Settle()
		w.reference.draw()
		for _, a := range w.agents {
			a.Earn(w.moments[k], b)
		}
		if err := w.overflow(first, k); err != nil {
			return err
		}
		w.increments.Next(w.dx)
		b.Shock(w.dx)
		w.reference.pass(b.Paths)
	}
	if err := w.overflow(first, w.sim.Clock.Steps); err != nil {
		return err
	}
	panic("montecarlo: an overflow that does not repeat")
}
