package equilibrium

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
)

var nan = math.NaN()

var errLeftDomain = errors.New("equilibrium: the iteration left the domain of trade")

// row is a linear function of (X_i − S_t/n_t, S_1 … S_n): what a member of
// class t knows and acts on. For a class of one member own is 0.
type row struct {
	own    float64
	totals []float64
	terms  []float64 // size of the terms that totals sum up, where they cancel
	square float64   // (Q^{·i})ᵀA^iQ^{·i}, or with QF^{·i}, where the condition computes it
	slope  float64   // about how fast it grows with Q^i, where the condition says so
}

// condition is what a kind of agent contributes to the equilibrium. Every kind
// trades until the marginal revenue of a unit is what a unit is worth to it
// after the auction,
//
//	P − I·Q^i = g^i − w(1^i − Q^i),   w = b h (0 in continuous time),
//
// and kinds differ in the impact I that they reckon with and in the value g of
// a unit carried to the next auction.
type condition interface {
	// impact is I of a member of class t: 0 for a price taker.
	impact(s *state, t int, c class) float64
	// carried writes g of a member of class t.
	carried(it *iteration, s *state, t int, g *row)
}

var conditions = map[Kind]condition{
	Strategic: strategic{}, Fringe: fringe{},
	NoTransient: noTransient{}, MomentumBlind: momentumBlind{}, Misperceived: noTransient{},
}

// perceiving is the impact of those who know, or believe to know, that their
// trades move the price.
type perceiving struct{}

func (perceiving) impact(s *state, t int, c class) float64 { return s.impact(t, c) }

// iteration evaluates the fixed-point map of one game at one timing.
type iteration struct {
	classes []class
	timing  Timing
	fringe  int // class, or −1

	rho       float64 // discount of a unit carried over: ρ, or 1 in continuous time
	totals    *mat.Dense
	spectrum  *spectrum
	diagonal  bool            // the spectrum of the current state is usable
	direct    *valuer         // for when it is not
	guesses   []*mat.SymDense // of A^i under exponential utility: those of the last state
	growth    *mat.LU         // factors of (1−ρ)I + ρQ, where a condition needs them
	weight    []float64       // 1/denominator of the value equation, n×n
	priceMode []float64       // P in the eigenbasis
	modes     [4][]float64
	rows      []row

	many    *many    // nil for a small market
	tracker *tracker // of its eigenvectors
}

func newIteration(classes []class, timing Timing) *iteration {
	n := len(classes)
	it := &iteration{
		classes: classes, timing: timing, fringe: -1, rho: 1,
		totals: mat.NewDense(n, n, nil), spectrum: newSpectrum(n),
		weight: make([]float64, n*n), priceMode: make([]float64, n), rows: make([]row, n),
		guesses: make([]*mat.SymDense, n),
	}
	for i := range it.modes {
		it.modes[i] = make([]float64, n+1)
	}
	if !timing.continuous() {
		it.rho = timing.Discount()
	}
	if isLarge(classes) {
		it.many, it.tracker = newMany(classes), newTracker(it.spectrum, classes)
	}
	for t, c := range classes {
		it.rows[t] = row{totals: make([]float64, n), terms: make([]float64, n)}
		if c.kind == Fringe {
			it.fringe = t
		}
	}
	return it
}

// holding is w = b h, the cost of holding a unit through one period.
func (it *iteration) holding(t int) float64 {
	if it.timing.continuous() {
		return 0
	}
	return it.classes[t].cost * it.timing.HoldingTime()
}

// prepare decomposes the dynamics of state s.
func (it *iteration) prepare(s *state) {
	if it.many != nil {
		it.prepareMany(s)
		return
	}
	n := s.n
	s.totals(it.classes, it.totals)
	it.growth = nil
	linear := it.classes[0].shocks == nil // the value equation
	it.diagonal = linear && it.spectrum.decompose(it.totals, it.classes)
	if !it.diagonal {
		it.direct = &valuer{classes: it.classes, timing: it.timing, state: s, guesses: it.guesses}
		return
	}
	kappa := it.spectrum.speeds
	for j := range n {
		for k := range n {
			it.weight[j*n+k] = 1 / it.denominator(kappa[j], kappa[k])
		}
		it.priceMode[j] = 0
		for t := range n {
			it.priceMode[j] += s.price[t] * it.spectrum.vectors[t*n+j]
		}
	}
}

// denominator of the value equation for a pair of modes: r + κ_j + κ_k, or
// 1 − ρμ_jμ_k with μ = 1 − κ.
func (it *iteration) denominator(j, k float64) float64 {
	if it.timing.continuous() {
		return it.timing.DiscountRate + j + k
	}
	return 1 - it.rho*(1-j)*(1-k)
}

// next evaluates the fixed-point map: each class's row from its own
// condition, solved for the row, and the price that clears the market, or that
// the fringe pays.
func (it *iteration) next(s, out *state) error {
	if it.many != nil {
		return it.nextMany(s, out)
	}
	it.prepare(s)
	n := s.n
	inverse := 0.0 // Σ n_t/J_t
	for t, c := range it.classes {
		if c.kind == Fringe {
			continue
		}
		if !(s.reported(t, c) < 0) || !(s.diagonal(t, c) > 0) {
			return errLeftDomain
		}
		conditions[c.kind].carried(it, s, t, &it.rows[t])
		it.linearise(s, t)
		inverse += c.count / it.steepness(s, t)
	}
	if it.fringe < 0 {
		it.clearingPrice(s, out, inverse)
	} else if err := it.fringePrice(s, out); err != nil {
		return err
	}
	for t, c := range it.classes {
		if c.kind != Fringe {
			it.respond(s, out, t)
		}
	}
	if it.fringe >= 0 {
		it.residualDemand(out)
	} else {
		it.balance(s, out, inverse)
	}
	for i := range n {
		if math.IsNaN(out.price[i]) {
			return errLeftDomain
		}
	}
	return nil
}

// linearise takes what is known of g at the new trade: with the slope γ of g in
// Q^i the condition is (I + w + γ)Q^i = P + w1^i − (g − γQ^i), the row on the
// right at the current state. Without it the iteration would overshoot where g
// grows faster than IQ^i.
func (it *iteration) linearise(s *state, t int) {
	g := &it.rows[t]
	if g.slope == 0 {
		return
	}
	g.own -= g.slope * s.own[t]
	for u := range g.totals {
		g.totals[u] -= g.slope * s.mean[t*s.n+u]
	}
}

// steepness is I + w + γ, by which another unit sold costs marginal revenue.
func (it *iteration) steepness(s *state, t int) float64 {
	c := it.classes[t]
	return conditions[c.kind].impact(s, t, c) + it.holding(t) + it.rows[t].slope
}

// respond solves (I + w + γ)Q^i = P + w1^i − (g − γQ^i) for the row of class t.
func (it *iteration) respond(s, out *state, t int) {
	n, c, w := s.n, it.classes[t], it.holding(t)
	j := it.steepness(s, t)
	g := &it.rows[t]
	out.own[t] = 0
	if c.count > 1 {
		out.own[t] = (w - g.own) / j
	}
	for u := range n {
		out.mean[t*n+u] = (out.price[u] - g.totals[u]) / j
	}
	out.mean[t*n+t] += w / c.count / j
}

// clearingPrice is the P at which the responses sum to zero.
func (it *iteration) clearingPrice(s, out *state, inverse float64) {
	for u := range it.classes {
		sum := 0.0
		for t, c := range it.classes {
			sum += c.count * it.rows[t].totals[u] / it.steepness(s, t)
		}
		sum -= it.holding(u) / it.steepness(s, u)
		out.price[u] = sum / inverse
	}
}

// balance makes the trades sum to zero beyond the rounding of the price. In a
// class of a million P − g is a difference of nearly equal numbers, its rounding
// error divided by a small impact; what the others trade is exact.
func (it *iteration) balance(s, out *state, inverse float64) {
	n := s.n
	for u := range n {
		excess := 0.0
		for t, c := range it.classes {
			excess += c.count * out.mean[t*n+u]
		}
		for t := range it.classes {
			out.mean[t*n+u] -= excess / inverse / it.steepness(s, t)
		}
	}
}

// residual is the largest violation of the conditions P − IQ^i = g^i −
// w(1^i − Q^i), and of market clearing, relative to the size of the terms.
func (it *iteration) residual(s *state) float64 {
	it.prepare(s)
	n, worst := s.n, 0.0
	note := func(difference, scale float64) {
		if difference == 0 {
			return // where nobody trades, the scale is 0 as well
		}
		if r := math.Abs(difference) / scale; r > worst || math.IsNaN(r) {
			worst = r
		}
	}
	for t, c := range it.classes {
		kind, w := conditions[c.kind], it.holding(t)
		impact := kind.impact(s, t, c)
		g := &it.rows[t]
		kind.carried(it, s, t, g)
		if c.count > 1 {
			note(-impact*s.own[t]-(g.own-w*(1-s.own[t])), math.Abs(g.own)+w)
		}
		for u := range n {
			trade, held := s.mean[t*n+u], 0.0
			if u == t {
				held = w / c.count
			}
			after := g.totals[u] + w*trade - held
			scale := math.Abs(s.price[u]) + math.Abs(impact*trade) + math.Abs(w*trade) + held +
				math.Max(math.Abs(g.totals[u]), g.terms[u])
			note(s.price[u]-impact*trade-after, scale)
		}
	}
	for u := range n {
		sum, scale := 0.0, s.own[u] // alone in the market, a class has no mean trade but rounding errors
		for t, c := range it.classes {
			sum += c.count * s.mean[t*n+u]
			scale += c.count * math.Abs(s.mean[t*n+u])
		}
		note(sum, scale)
	}
	return worst
}
