package equilibrium

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"

	"walras/internal/fixedpoint"
)

// Markets of so many classes or members are solved by the methods of this file
// and of track.go and coarse.go. They find the same equilibrium as those for
// small markets, by products of matrices instead of loops over classes, with
// eigenvectors followed from state to state, and without differences of nearly
// equal numbers.
const (
	manyClasses = 30
	manyMembers = 10_000
)

// manyIterations is the patience with them; most need fewer than twenty.
const manyIterations = 200

// many is the workspace of an iteration over a market of many classes or
// members.
//
// What a member trades is (P − g)/I, and P − g is smaller than P by a factor of
// the order of the members. It is therefore computed as it stands: with
// A^i = ½(PᵀE^i + E^{iᵀ}P) + B^i, E^i the inventory of i and H = E^iM what is
// left of it after trade, the value equation (SS 16) becomes
//
//	B − ρMᵀBM = −½(VᵀH + HᵀV + wHᵀH),   V = P − ρPM,
//	P − g = V − ρ(PQ^{·i}/q^{ii})H − 2ρ(Q^{·i})ᵀBM/q^{ii},
//
// and in continuous time, with V = rP + PQ, b for w, and E for H,
//
//	rB + BQ + QᵀB = −½(VᵀE + EᵀV + bEᵀE),   P − g = −(PQ^{·i}/q^{ii})E − 2(Q^{·i})ᵀB/q^{ii}.
type many struct {
	capacity []float64 // n_t/b_t
	beta     float64   // their sum
	members  float64

	slope  []float64      // I + w of a member of each class; 0 of the fringe
	trades blas64.General // z, flows after one more unit of X_i, by class and mode
	inputs blas64.General // held quantity and V times z
	sums   blas64.General // their sums over modes, weighted by the value equation
	gap    blas64.General // P − g over class totals, a row for each class
	single []float64      // P − g on the own excess
	square []float64      // (Q^{·i})ᵀA^iQ^{·i}
	drift  []float64      // V by modes
	change []float64      // of P
	total  []float64      // by which the sum of trades answers P
	ease   blas64.General // by which P − g answers P, by class and class total
}

// isLarge says whether a market is solved by these methods. They are for
// strategic traders and a fringe who rest at 1/b: not for common values and
// exponential utility, and beside a fringe the iteration often loses the
// boundedly rational.
func isLarge(classes []class) bool {
	members := 0.0
	for _, c := range classes {
		members += c.count
		if c.kind != Strategic && c.kind != Fringe || c.signal != nil || c.shocks != nil {
			return false
		}
	}
	return len(classes) >= manyClasses || members >= manyMembers
}

func newMany(classes []class) *many {
	n := len(classes)
	m := &many{}
	for _, c := range classes {
		m.members += c.count
		m.capacity = append(m.capacity, c.count/c.cost)
		m.beta += c.count / c.cost
	}
	m.slope, m.single, m.square = make([]float64, n), make([]float64, n), make([]float64, n)
	m.drift, m.change, m.total = make([]float64, n), make([]float64, n), make([]float64, n)
	m.trades, m.gap, m.ease = matrix(n, n), matrix(n, n), matrix(n, n)
	m.inputs, m.sums = matrix(2*n, n), matrix(2*n, n)
	return m
}

func matrix(rows, columns int) blas64.General {
	return blas64.General{Rows: rows, Cols: columns, Stride: columns, Data: make([]float64, rows*columns)}
}

func square(n int, data []float64) blas64.General {
	return blas64.General{Rows: n, Cols: n, Stride: n, Data: data}
}

// settings of the iteration: it stops where rounding errors begin.
func (m *many) settings() fixedpoint.Options {
	o := anderson
	o.Tolerance = math.Max(3e-13, 1e-15*float64(len(m.capacity)))
	o.MaxIterations = manyIterations
	return o
}

// begin makes a guess fit for the iteration: it clears the market, rests at the
// efficient allocation, and holds prices as differences from the mean −1/(rβ).
func (m *many) begin(s *state, classes []class, timing Timing) {
	s.level, s.finest = -1/(timing.DiscountRate*m.beta), 1
	if timing.continuous() {
		s.finest /= m.members
	}
	if s.spread == nil {
		s.spread = make([]float64, s.n)
		for t, p := range s.price {
			s.spread[t] = p - s.level
		}
	}
	m.center(s)
	m.rest(s)
	excess := make([]float64, s.n)
	for t, c := range classes {
		for u := range excess {
			excess[u] += c.count * s.mean[t*s.n+u]
		}
	}
	for t, c := range classes {
		for u := range excess {
			s.mean[t*s.n+u] -= excess[u] / (c.cost * m.beta)
		}
	}
}

// center holds the price of the efficient allocation, P·(1/b) = −1/r: what
// holding it for ever costs. The iteration would find it by itself, but an error
// in it falls by 1 − 2/N only.
func (m *many) center(s *state) {
	sum := 0.0
	for u, x := range m.capacity {
		sum += s.spread[u] * x
	}
	for u := range s.spread {
		s.spread[u] -= sum / m.beta
		s.price[u] = s.level + s.spread[u]
	}
}

// rest takes out of every row what a member would trade at the efficient
// allocation 1/b, where there is nothing to trade.
func (m *many) rest(s *state) {
	for t := range s.n {
		row, sum := s.mean[t*s.n:t*s.n+s.n], 0.0
		for u, x := range m.capacity {
			sum += row[u] * x
		}
		for u := range row {
			row[u] -= sum / m.beta
		}
	}
}

// prepareMany is prepare for many classes or members: it leaves P − g of every
// strategic class in gap.
func (it *iteration) prepareMany(s *state) {
	n, m := s.n, it.many
	s.totals(it.classes, it.totals)
	it.growth = nil
	it.diagonal = it.tracker.decompose(it.totals, it.classes)
	if !it.diagonal {
		it.direct = &valuer{classes: it.classes, timing: it.timing, state: s}
		return
	}
	kappa := it.spectrum.speeds
	for j := range n {
		for k := range n {
			it.weight[j*n+k] = 1 / it.denominator(kappa[j], kappa[k])
		}
	}
	blas64.Gemv(blas.Trans, 1, square(n, it.spectrum.vectors), vectorOf(s.spread), 0, vectorOf(it.priceMode))
	it.priceMode[it.tracker.zero] = s.level * math.Sqrt(m.beta)
	for j, k := range kappa {
		m.drift[j] = it.priceMode[j] * it.denominator(0, k)
	}
	m.evaluate(it, s)
}

func vectorOf(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Inc: 1, Data: x} }

// evaluate computes P − g of all strategic classes at once. In the eigenbasis of
// the class totals,
//
//	B̂_jk = −(v_j h_k + v_k h_j + w h_j h_k) / (2 denominator(κ_j, κ_k)),
//
// and its sums over k are products of matrices.
func (m *many) evaluate(it *iteration, s *state) {
	n, sp := s.n, it.spectrum
	for t, c := range it.classes {
		z := m.trades.Data[t*n : t*n+n]
		held, drift := m.inputs.Data[t*n:t*n+n], m.inputs.Data[(n+t)*n:(n+t)*n+n]
		for k, kappa := range sp.speeds {
			z[k] = kappa * sp.inverse[k*n+t]
			held[k] = it.held(sp.vectors[t*n+k]/c.count, kappa) * z[k]
			drift[k] = m.drift[k] * z[k]
		}
	}
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, m.inputs, square(n, it.weight), 0, m.sums)
	for t, c := range it.classes {
		if c.kind == Strategic {
			m.weigh(it, s, t)
		}
	}
	modes := m.inputs
	modes.Rows, modes.Data = n, modes.Data[:n*n]
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, modes, square(n, sp.inverse), 0, m.gap)
}

// held is what is left after trade of an inventory u in a mode of speed κ.
func (it *iteration) held(u, kappa float64) float64 {
	if it.timing.continuous() {
		return u
	}
	return u * (1 - kappa)
}

// weigh writes P − g of class t by modes into its row of inputs. A class of
// several members has one more mode, the excess of one member over the mean,
// with speed own_t and no price.
func (m *many) weigh(it *iteration, s *state, t int) {
	n, c, sp := s.n, it.classes[t], it.spectrum
	cost, kept := c.cost, 0.0
	if !it.timing.continuous() {
		cost, kept = it.holding(t), 1
	}
	z := m.trades.Data[t*n : t*n+n]
	held, drift := m.sums.Data[t*n:t*n+n], m.sums.Data[(n+t)*n:(n+t)*n+n]
	out := m.inputs.Data[t*n : t*n+n]
	diagonal := s.diagonal(t, c)
	asked := 0.0 // PQ^{·i}
	for j, v := range z {
		asked += it.priceMode[j] * v
	}
	own, excess, sum, total := s.own[t], 0.0, 0.0, 0.0
	h := it.held(1, own)
	if c.count > 1 {
		excess = own * (1 - 1/c.count)
	}
	for j, kappa := range sp.speeds {
		left := it.held(sp.vectors[t*n+j]/c.count, kappa)
		w := -(m.drift[j]+cost*left)*held[j] - left*drift[j]
		if c.count > 1 {
			coupling := -(m.drift[j] + cost*left) * h / it.denominator(own, kappa)
			w += coupling * excess
			sum += coupling * z[j]
		}
		total += w * z[j]
		out[j] = kept*m.drift[j] - it.rho*(asked*left+it.held(w, kappa))/diagonal
	}
	m.single[t] = 0
	if c.count > 1 {
		w := sum - cost*h*h/it.denominator(own, own)*excess
		total += w * excess
		m.single[t] = -it.rho * (asked*h + it.held(w, own)) / diagonal
	}
	m.square[t] = asked*diagonal + total/2
}

// row hands out g of a member of class t.
func (m *many) row(s *state, t int, g *row) {
	for u, p := range s.price {
		g.totals[u] = p - m.gap.Data[t*s.n+u]
	}
	g.own, g.square = -m.single[t], m.square[t]
}
