package montecarlo

import (
	"math"

	"walras/agents"
	"walras/clock"
	"walras/internal/kernel"
	"walras/market"
)

// priced takes the statistics of a market with one price that is linear in
// inventories with shocks.
type priced struct {
	*worker
	layout     *Layout
	momentum   momentum
	surprise   *surprise   // nil where nobody asks for it
	control    *control    // nil without control variates or deviations
	identity   *identity   // nil but in the first block
	centred    [][]float64 // scratch: a row per seat
	previous   []float64   // price of the auction before
	controlled [][]float64 // welfare less its control variates
	welfare    []float64
	cross      []float64
	form       quadratic
}

func (l *Layout) open(w *worker) venue {
	s, n := w.sim, l.Seats
	o := &priced{
		worker: w, layout: l, momentum: newMomentum(s.Play, s.Clock.Steps),
		centred: market.Matrix(n, tileSize), previous: make([]float64, tileSize), controlled: market.Matrix(n, tileSize),
		welfare: make([]float64, tileSize), cross: make([]float64, tileSize), form: newQuadratic(n),
	}
	if s.Control {
		o.surprise, o.control = newSurprise(s), newControl(s)
	}
	return newTicking(w, o)
}

// begin prepares what is followed besides the market itself.
func (w *priced) begin(block int64) {
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
}

func (w *priced) start() (accounts int) {
	if w.identity != nil {
		accounts = w.identity.start(w.block)
	}
	followed := accounts
	if w.sim.Control {
		followed = w.block.Paths
	}
	if w.control != nil {
		w.control.start()
	}
	if w.surprise != nil {
		w.surprise.start(followed)
	}
	return accounts
}

func (w *priced) auctions(now clock.Moment) {
	b := w.block
	w.momentum.observe(now.Index, b, w.previous)
	w.observeTrades(now.Index)
	if w.identity != nil {
		w.identity.auction(now, b)
	}
	if w.control != nil {
		w.control.auction(now, b)
	}
	copy(w.previous, b.Price[:b.Paths])
}

func (w *priced) shocks(next clock.Moment) {
	if w.surprise != nil {
		w.surprise.step(next, w.block, w.dx)
	}
}

func (w *priced) report(maxes []float64) {
	if w.identity != nil {
		w.identity.report(w.layout, maxes)
	}
}

// inventories adds the moments of the inventories before the auction of
// tick k.
func (w *priced) inventories(k int) {
	j := w.statistic[k]
	if j < 0 {
		return
	}
	b, centre := w.block, w.layout.Centres[j].Inventory
	for a := range b.Inventory {
		x := w.centred[a][:b.Paths]
		kernel.Shift(x, b.Inventory[a], centre[a])
		w.add[w.layout.Inventory(j, a)].Sum(x)
		for c := w.layout.FirstPartner(a); c <= a; c++ {
			w.add[w.layout.Covariance(j, a, c)].Product(x, w.centred[c][:b.Paths])
		}
	}
}

// observeTrades adds the moments of price and trades of the auction of tick k,
// and of the change of the price from the auction before.
func (w *priced) observeTrades(k int) {
	b := w.block
	price := b.Price[:b.Paths]
	if j := w.statistic[k]; j >= 0 {
		centre := w.layout.Centres[j]
		w.addMoments(w.layout.Price(j), w.layout.PriceSquare(j), price, centre.Price)
		for i := range b.Trade {
			w.addMoments(w.layout.Trade(j, i), w.layout.TradeSquare(j, i), b.Trade[i][:b.Paths], centre.Trade[i])
		}
	}
	if k == 0 {
		return
	}
	if j := w.statistic[k-1]; j >= 0 {
		shifted := w.shifted[:b.Paths]
		kernel.Shift(shifted, w.momentum.change[:b.Paths], w.layout.Centres[j].Change)
		w.add[w.layout.Change(j)].Sum(shifted)
	}
}

// finish values the inventories at the horizon and adds up the outcomes.
func (w *priced) finish() error {
	b, last := w.block, w.moments[len(w.moments)-1]
	n := b.Paths
	w.form.load(w.sim.Play.Policy.Values, b.Inventory, n)
	for i, v := range w.sim.Play.Policy.Values {
		terminal := w.terminal[i][:n]
		clear(terminal)
		if !w.sim.Play.Pays(i) {
			continue
		}
		if v.Known() {
			w.form.value(terminal, v, b.Inventory)
		}
		valuer, own := w.agents[i].(agents.Valuer)
		for p := range terminal {
			worth := terminal[p] + v.K
			if own {
				worth = valuer.Value(b, p)
			}
			terminal[p] = last.Discount * worth
		}
		if err := w.worth(i, terminal); err != nil {
			return err
		}
		if w.identity != nil && !own {
			w.identity.finish(i, b, terminal, w.surprise)
		}
		w.addOutcomes(i, terminal)
	}
	if w.identity != nil {
		w.identity.balance = math.Max(w.identity.balance, imbalance(b.Cash, w.identity.paths))
	}
	w.addSlope()
	w.keepControlled()
	return nil
}

// keepControlled appends the controlled welfare of the paths whose outcomes are
// kept.
func (w *priced) keepControlled() {
	if !w.sim.Control {
		return
	}
	kept := int(max(0, min(int64(w.block.Paths), w.sim.Record.Outcomes-w.first)))
	for p := range kept {
		for i := range w.controlled {
			w.result.Controlled = append(w.result.Controlled, w.controlled[i][p])
		}
	}
}

// addOutcomes adds the sums and squares of the outcomes of seat i.
func (w *priced) addOutcomes(i int, terminal []float64) {
	b := w.block
	n := b.Paths
	payoff, welfare := b.Payoff[i][:n], w.welfare[:n]
	for p := range welfare {
		welfare[p] = payoff[p] + terminal[p]
	}
	w.addObservations(OutcomeWelfare, i, welfare)
	if w.sim.Control {
		w.uncontrol(i, welfare)
		w.addObservations(OutcomeControlled, i, welfare)
		copy(w.controlled[i], welfare)
	}
	w.addObservations(OutcomePayoff, i, payoff)
	w.addObservations(OutcomeTerminal, i, terminal)
	w.addObservations(OutcomeVolume, i, b.Volume[i][:n])
	if w.sim.Play.Sells(i) {
		w.addMoments(w.layout.Sale(), w.layout.Sale()+1, payoff, w.layout.Outcomes[OutcomePayoff][i])
	}
}

// uncontrol subtracts the control variates of seat i.
func (w *priced) uncontrol(i int, welfare []float64) {
	for p := range welfare {
		welfare[p] -= w.surprise.sum[i][p]
	}
	if w.control == nil {
		return
	}
	for p := range welfare {
		welfare[p] -= w.control.sum[i][p]
	}
}

func (w *priced) addObservations(kind, i int, x []float64) {
	x = w.observations(x)
	w.addMoments(w.layout.Outcome(kind, i), w.layout.OutcomeSquare(kind, i), x, w.layout.Outcomes[kind][i])
}

func (w *priced) addSlope() {
	if w.momentum.none {
		return
	}
	n := w.block.Paths
	at := w.layout.Slope()
	observed := w.observations(w.momentum.cross[:n])
	u := w.cross[:copy(w.cross, observed)] // observations reuses its buffer
	v := w.observations(w.momentum.square[:n])
	for p := range v {
		u[p] -= v[p]
	}
	w.add[at].Sum(u)
	w.add[at+1].Sum(v)
	w.add[at+2].Product(u, u)
	w.add[at+3].Product(u, v)
	w.add[at+4].Product(v, v)
}
