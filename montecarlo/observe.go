package montecarlo

import (
	"math"

	"walras/agents"
	"walras/equilibrium"
	"walras/internal/kernel"
	"walras/market"
)

// observeInventories adds the moments of the inventories before the auction of
// tick k.
func (w *worker) observeInventories(k int) {
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
func (w *worker) observeTrades(k int) {
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
		shifted := w.centred[0][:b.Paths]
		kernel.Shift(shifted, w.momentum.change[:b.Paths], w.layout.Centres[j].Change)
		w.add[w.layout.Change(j)].Sum(shifted)
	}
}

// addMoments adds Σ(x − centre) and Σ(x − centre)².
func (w *worker) addMoments(sum, square int, x []float64, centre float64) {
	shifted := w.centred[0][:len(x)]
	kernel.Shift(shifted, x, centre)
	w.add[sum].Sum(shifted)
	w.add[square].Product(shifted, shifted)
}

// momentum gathers the regression of price changes on their expectation given
// the inventories, d_k = P(M − I)X_k, and a constant where somebody deviates.
type momentum struct {
	drift    []float64
	constant []float64 // of d, per tick; nil where nobody deviates
	none     bool      // d = 0 in symmetric markets: no regression
	expected []float64 // d of the auction before
	change   []float64 // Δp to this auction
	cross    []float64 // Σ_k d_kΔp_k
	square   []float64 // Σ_k d_k²
}

func newMomentum(play *equilibrium.Play, steps int) momentum {
	m := momentum{drift: driftOf(play.Price, play.Flows)}
	for _, v := range []*[]float64{&m.expected, &m.change, &m.cross, &m.square} {
		*v = make([]float64, tileSize)
	}
	m.none = NoMomentum(play)
	for k := 0; play.Deviates() && k < steps; k++ {
		m.constant = append(m.constant, play.DriftConstant(k))
	}
	return m
}

// NoMomentum reports whether the expected change of the price is zero at all
// inventories, as in symmetric markets where nobody deviates, or where it is no
// expectation but known, as in a liquidation.
func NoMomentum(play *equilibrium.Play) bool {
	if play.Liquidation != nil {
		return true
	}
	largest, scale := 0.0, 0.0
	for j, d := range driftOf(play.Price, play.Flows) {
		largest = math.Max(largest, math.Abs(d))
		sum := 0.0
		for i, p := range play.Price {
			sum += math.Abs(p * play.Flows.At(i, j))
		}
		scale = math.Max(scale, sum)
	}
	return largest <= 1e-10*scale && !play.Deviates()
}

// observe is called once the auction of tick k has cleared, before settlement.
func (m *momentum) observe(k int, b *market.Block, previous []float64) {
	n := b.Paths
	if k == 0 {
		clear(m.cross)
		clear(m.square)
	} else {
		m.add(b.Price[:n], previous)
	}
	if m.none {
		return
	}
	kernel.CombineScaled(m.expected[:n], m.drift[0], b.Inventory[0][:n], m.drift[1:], b.Inventory[1:])
	if m.constant != nil {
		kernel.Shift(m.expected[:n], m.expected[:n], -m.constant[k])
	}
}

// add takes the change of the price since the auction before.
func (m *momentum) add(price, previous []float64) {
	n := len(price)
	previous, change := previous[:n], m.change[:n]
	for p, now := range price {
		change[p] = now - previous[p]
	}
	if m.none {
		return
	}
	expected, cross, square := m.expected[:n], m.cross[:n], m.square[:n]
	for p, d := range expected {
		cross[p] += float64(d * change[p])
		square[p] += float64(d * d)
	}
}

// outcomeBuffer holds what the paths of a tile end with.
type outcomeBuffer struct {
	terminal   [][]float64
	controlled [][]float64 // welfare less its control variates
	welfare    []float64
	pairs      []float64
	cross      []float64
	form       quadratic
}

func newOutcomeBuffer(seats int) outcomeBuffer {
	return outcomeBuffer{
		terminal: market.Matrix(seats, tileSize), controlled: market.Matrix(seats, tileSize), welfare: make([]float64, tileSize), pairs: make([]float64, tileSize),
		cross: make([]float64, tileSize), form: newQuadratic(seats),
	}
}

// finish values the inventories at the horizon and adds up the outcomes.
func (w *worker) finish() error {
	b, last := w.block, w.moments[len(w.moments)-1]
	n := b.Paths
	w.out.form.load(w.sim.Play.Policy.Values, b.Inventory, n)
	for i, v := range w.sim.Play.Policy.Values {
		terminal := w.out.terminal[i][:n]
		clear(terminal)
		if !w.sim.Play.Pays(i) {
			continue
		}
		if v.Known() {
			w.out.form.value(terminal, v, b.Inventory)
		}
		valuer, own := w.agents[i].(agents.Valuer)
		for p := range terminal {
			worth := terminal[p] + v.K
			if own {
				worth = valuer.Value(b, p)
			}
			terminal[p] = last.Discount * worth
			if !finite(terminal[p]) {
				return &OverflowError{Path: w.start + int64(p), Step: last.Index, Agent: w.sim.Names[i], Quantity: "terminal value"}
			}
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
	w.keepOutcomes()
	return nil
}

// addOutcomes adds the sums and squares of the outcomes of seat i.
func (w *worker) addOutcomes(i int, terminal []float64) {
	b := w.block
	n := b.Paths
	payoff, welfare := b.Payoff[i][:n], w.out.welfare[:n]
	for p := range welfare {
		welfare[p] = payoff[p] + terminal[p]
	}
	w.addObservations(OutcomeWelfare, i, welfare)
	if w.sim.Control {
		w.uncontrol(i, welfare)
		w.addObservations(OutcomeControlled, i, welfare)
		copy(w.out.controlled[i], welfare)
	}
	w.addObservations(OutcomePayoff, i, payoff)
	w.addObservations(OutcomeTerminal, i, terminal)
	w.addObservations(OutcomeVolume, i, b.Volume[i][:n])
	if w.sim.Play.Sells(i) {
		w.addMoments(w.layout.Sale(), w.layout.Sale()+1, payoff, w.layout.Outcomes[OutcomePayoff][i])
	}
}

// uncontrol subtracts the control variates of seat i.
func (w *worker) uncontrol(i int, welfare []float64) {
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

func (w *worker) addObservations(kind, i int, x []float64) {
	x = w.observations(x)
	w.addMoments(w.layout.Outcome(kind, i), w.layout.OutcomeSquare(kind, i), x, w.layout.Outcomes[kind][i])
}

// observations are the values of independent paths: the paths themselves, or
// the means of antithetic pairs.
func (w *worker) observations(x []float64) []float64 {
	if !w.sim.Antithetic {
		return x
	}
	pairs := w.out.pairs[:len(x)/2]
	for j := range pairs {
		pairs[j] = (x[2*j] + x[2*j+1]) / 2
	}
	return pairs
}

func (w *worker) addSlope() {
	if w.momentum.none {
		return
	}
	n := w.block.Paths
	at := w.layout.Slope()
	observed := w.observations(w.momentum.cross[:n])
	u := w.out.cross[:copy(w.out.cross, observed)] // observations reuses its buffer
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
