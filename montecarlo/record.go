package montecarlo

import (
	"math"

	"walras/shocks"
)

// startRecords draws the fundamental value of the recorded paths of a tile and
// writes it into their rows.
func (w *worker) startRecords(first int64, paths int) {
	ticks, width := w.sim.Record.Ticks, RowWidth(len(w.sim.Names))
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
				w.row(first, p, next, width)[1] = value
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
	n := w.recordedPaths(w.start, w.block.Paths)
	for i, x := range w.block.Inventory {
		copy(w.before[i][:n], x)
	}
}

// recordRows writes the rows of tick k. At the horizon there is no auction, and
// price and trade are to be ignored.
func (w *worker) recordRows(k int) {
	j := w.recorded[k]
	if j < 0 {
		return
	}
	first, b, width := w.start, w.block, RowWidth(len(w.sim.Names))
	for p := range w.recordedPaths(first, b.Paths) {
		row := w.row(first, p, j, width)
		row[0] = b.Price[p]
		for i := range b.Inventory {
			cell := row[2+4*i : 6+4*i]
			cell[0], cell[1], cell[2], cell[3] = w.before[i][p], b.Trade[i][p], b.Cash[i][p], b.Payoff[i][p]
		}
	}
}

// keepOutcomes appends the outcomes of the paths that are kept.
func (w *worker) keepOutcomes() {
	kept := int(max(0, min(int64(w.block.Paths), w.sim.Record.Outcomes-w.start)))
	for p := range kept {
		for i := range w.block.Payoff {
			payoff, terminal := w.block.Payoff[i][p], w.out.terminal[i][p]
			w.result.Outcomes = append(w.result.Outcomes, payoff, terminal, w.block.Volume[i][p])
			if w.sim.Control {
				w.result.Controlled = append(w.result.Controlled, w.out.controlled[i][p])
			}
		}
	}
}
