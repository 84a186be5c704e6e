package montecarlo

import (
	"math"

	"walras/shocks"
)

// startRecords draws the fundamental value of the recorded paths of a tile and
// writes it into their rows.
func (w *worker) startRecords(first int64, paths int) {
	ticks, width := w.sim.Record.Ticks, w.sim.RowWidth()
	for p := range w.recordedPaths(first, paths) {
		path := uint64(first) + uint64(p)
		scale := w.sim.Reference.Volatility * math.Sqrt(w.sim.Clock.Step)
		if w.sim.Antithetic && path%2 == 1 {
			path, scale = path-1, -scale
		}
		stream := shocks.NewStream(shocks.Key{Seed: w.sim.Seed, Path: path, Purpose: shocks.Fundamental})
		value, next := w.sim.Reference.Start, 0
		for k := range w.sim.Clock.Steps + 1 {
			if k > 0 && scale != 0 {
				value += float64(scale * stream.Norm())
			}
			if next < len(ticks) && ticks[next] == k {
				w.row(first, p, next, width)[w.sim.prices()] = value
				next++
			}
		}
	}
}

// recordedPaths is how many of the first paths of a tile are recorded.
func (w *worker) recordedPaths(first int64, paths int) int {
	return int(max(0, min(int64(paths), w.sim.Record.Paths-first)))
}

// row is the recorded row of the p-th path of the tile at the j-th tick.
func (w *worker) row(first int64, p, j, width int) []float64 {
	inBlock := int(first-w.result.Block*BlockSize) + p
	at := (inBlock*len(w.sim.Record.Ticks) + j) * width
	return w.result.Recorded[at : at+width]
}

// keepBefore remembers the inventories that the auction found, of recorded
// paths.
func (w *worker) keepBefore() {
	n := w.recordedPaths(w.first, w.block.Paths)
	for i, x := range w.block.Inventory {
		copy(w.before[i][:n], x)
	}
}

// recordRows writes the rows of tick k. At the horizon there is no auction, and
// prices and trades are to be ignored.
func (w *worker) recordRows(k int) {
	j := w.recorded[k]
	if j < 0 {
		return
	}
	first, b, width, prices := w.first, w.block, w.sim.RowWidth(), w.sim.prices()
	recorded := w.recordedPaths(first, b.Paths)
	for side, s := range b.Sides {
		for p := range recorded {
			w.row(first, p, j, width)[side] = s.Price[p]
		}
	}
	for i := range b.Inventory {
		sold := b.NetSold(i)
		for p := range recorded {
			cell := w.row(first, p, j, width)[prices+1+4*i:][:4]
			cell[0], cell[1], cell[2], cell[3] = w.before[i][p], sold[p], b.Cash[i][p], b.Payoff[i][p]
		}
	}
}

// keepOutcomes appends the outcomes of the paths that are kept.
func (w *worker) keepOutcomes() {
	kept := int(max(0, min(int64(w.block.Paths), w.sim.Record.Outcomes-w.first)))
	for p := range kept {
		for i := range w.block.Payoff {
			w.result.Outcomes = append(w.result.Outcomes, w.block.Payoff[i][p], w.terminal[i][p], w.block.Volume[i][p])
		}
	}
}
