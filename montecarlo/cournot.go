package montecarlo

import (
	"math"

	"walras/agents"
	"walras/clock"
	"walras/market"
)

// quoted takes the statistics of a market of market makers. Everything at relative
// prices is the same on all paths; what differs is the fundamental, and cash.
type quoted struct {
	*worker
	layout   *CournotLayout
	checked  bool // in this block
	clearing float64
	balance  float64
	welfare  []float64
}

func (l *CournotLayout) open(w *worker) venue {
	return newTicking(w, &quoted{worker: w, layout: l, welfare: make([]float64, tileSize)})
}

func (w *quoted) begin(block int64) { w.checked, w.clearing, w.balance = block == 0, 0, 0 }

func (w *quoted) start() (accounts int) { return w.block.Paths }

// inventories takes the inventories before the auctions of tick k, and the cash after
// those before; at the horizon the two are the same moment.
func (w *quoted) inventories(k int) {
	w.take(w.statistic[k], w.layout.inventories)
	if k > 0 {
		w.take(w.statistic[k-1], w.layout.cash)
	}
	if k == w.sim.Clock.Steps {
		w.take(w.statistic[k], w.layout.cash)
	}
}

func (w *quoted) auctions(now clock.Moment) {
	w.take(w.statistic[now.Index], w.layout.trades)
	if w.checked {
		for _, s := range w.block.Sides {
			w.clearing = math.Max(w.clearing, imbalance(s.Trade, w.block.Paths))
		}
	}
}

// take adds the moments of quantities at the j-th tick of statistics, if it is one.
func (w *quoted) take(j int, quantities func(*market.Block, func(int, []float64))) {
	if j < 0 {
		return
	}
	quantities(w.block, func(q int, x []float64) {
		at := w.layout.Sum(j, q)
		w.addMoments(at, at+1, x, w.layout.Centres[j][q])
	})
}

func (w *quoted) shocks(clock.Moment) {}

// finish values what is held at the horizon and adds up the outcomes.
func (w *quoted) finish() error {
	b, last := w.block, w.moments[len(w.moments)-1]
	n := b.Paths
	for i, a := range w.agents {
		terminal, welfare := w.terminal[i][:n], w.welfare[:n]
		for p := range terminal {
			terminal[p] = float64(last.Discount * valueOf(a, b, p))
			welfare[p] = b.Payoff[i][p] + terminal[p]
		}
		if err := w.worth(i, terminal); err != nil {
			return err
		}
		w.addOutcome(OutcomeWelfare, i, welfare)
		w.addOutcome(OutcomePayoff, i, b.Payoff[i][:n])
		w.addOutcome(OutcomeTerminal, i, terminal)
		w.addOutcome(OutcomeVolume, i, b.Volume[i][:n])
	}
	if w.checked {
		w.balance = math.Max(w.balance, conservation(b))
	}
	return nil
}

func (w *quoted) addOutcome(kind, i int, x []float64) {
	at := w.layout.Outcome(kind, i)
	w.addMoments(at, at+1, w.observations(x), w.layout.Outcomes[kind][i])
}

func (w *quoted) report(maxes []float64) {
	maxes[w.layout.Clearing()], maxes[w.layout.CashBalance()] = w.clearing, w.balance
}

// valueOf is what path p is worth to an agent at the horizon; nothing, unless it says.
func valueOf(a agents.Agent, b *market.Block, p int) float64 {
	if valuer, ok := a.(agents.Valuer); ok {
		return valuer.Value(b, p)
	}
	return 0
}

// conservation is the largest |Σ_i cash_i|, relative to what has changed hands: who
// buys and sells much at absolute prices keeps little of the money that it moves.
func conservation(b *market.Block) float64 {
	worst := 0.0
	for p := range b.Paths {
		sum, scale := 0.0, 0.0
		for i := range b.Cash {
			members := 1.
			if b.Members != nil {
				members = b.Members[i]
			}
			sum += float64(members * b.Cash[i][p])
			scale += float64(members * (math.Abs(b.Cash[i][p]) + float64(math.Abs(b.Level[p])*b.Volume[i][p])))
		}
		if !(scale <= 0) { // true for NaN as well, which must not pass
			worst = math.Max(worst, math.Abs(sum)/scale)
		}
	}
	return worst
}
