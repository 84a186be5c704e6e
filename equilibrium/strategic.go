package equilibrium

import (
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// strategic traders know the impact of their trades and the value of what they
// keep (SS 15): g = 2(A^iQ^{·i})ᵀ/q^{ii} in continuous time, and
// g = 2ρ(Q^{·i})ᵀA^iM/q^{ii} in the discrete game. Under common values (SS
// section 6) QF^{·i} and Q^iF^{·i} take the places of Q^{·i} and q^{ii}.
type strategic struct{ perceiving }

func (strategic) carried(it *iteration, s *state, t int, g *row) {
	if it.diagonal && it.many != nil {
		it.many.row(s, t, g)
		return
	}
	if it.diagonal {
		it.carriedByModes(s, t, g)
		return
	}
	it.carriedDirectly(s, t, g)
}

// carriedByModes evaluates g in the eigenbasis of the class totals, where the
// value equation is solved entry by entry,
//
//	Â_jk = (π_j v_k + π_k v_j − w y_j y_k) / (2 denominator(κ_j, κ_k)),
//
// at O(n²) a class. A class of several members has one more mode, the excess of
// one member over the mean, with speed own_t.
func (it *iteration) carriedByModes(s *state, t int, g *row) {
	n, c := s.n, it.classes[t]
	u, flow, held, z := it.modes[0][:n], it.modes[1][:n], it.modes[2][:n], it.modes[3][:n]
	sp := it.spectrum
	cost := c.cost
	if !it.timing.continuous() {
		cost = it.holding(t)
	}
	for k := range n {
		kappa := sp.speeds[k]
		u[k] = sp.vectors[t*n+k] / c.count // X_i of mode k
		flow[k] = u[k] * kappa
		held[k] = u[k]
		if !it.timing.continuous() {
			held[k] = u[k] - flow[k]
		}
		z[k] = kappa * it.reportedMode(k, t, c) // flows after one more unit of X_i
	}
	factor := it.rho / s.diagonal(t, c)
	g.square = 0
	for i := range g.totals {
		g.totals[i] = 0
	}
	var single singleMode
	if c.count > 1 {
		single = it.singleMode(s, t, cost)
	}
	for j := range n {
		var a, b, h float64
		weights := it.weight[j*n : j*n+n]
		for k, w := range weights {
			wz := w * z[k]
			a += flow[k] * wz
			b += it.priceMode[k] * wz
			h += held[k] * wz
		}
		w := it.priceMode[j]*a + flow[j]*b - cost*held[j]*h
		if c.count > 1 {
			w += single.coupling(it, j, flow, held) * single.z
			single.sum += single.coupling(it, j, flow, held) * z[j]
		}
		g.square += w * z[j] / 2
		if !it.timing.continuous() {
			w *= 1 - sp.speeds[j]
		}
		w *= factor
		for v := range n {
			g.totals[v] += w * sp.inverse[j*n+v]
		}
	}
	g.own = 0
	if c.count > 1 {
		w := single.value(it)
		g.square += w * single.z / 2
		g.own = w * single.held * factor
	}
}

// reportedMode is the part of mode k in what a member of class t changes when
// it reports one more unit: its own inventory, or F^{·i}.
func (it *iteration) reportedMode(k, t int, c class) float64 {
	row := it.spectrum.inverse[k*len(it.classes):][:len(it.classes)]
	if c.signal != nil {
		return floats.Dot(row, c.signal)
	}
	return row[t]
}

// singleMode is the mode of one member's excess over the mean of its class.
type singleMode struct {
	speed, held, cost, z, sum float64
}

func (it *iteration) singleMode(s *state, t int, cost float64) singleMode {
	m := singleMode{speed: s.own[t], held: 1, cost: cost}
	if !it.timing.continuous() {
		m.held = 1 - m.speed
	}
	m.z = m.speed * (1 - 1/it.classes[t].count)
	return m
}

// coupling is 2Â between the single mode and mode j; the price of the single
// mode is 0.
func (m singleMode) coupling(it *iteration, j int, flow, held []float64) float64 {
	return (it.priceMode[j]*m.speed - m.cost*m.held*held[j]) / it.denominator(m.speed, it.spectrum.speeds[j])
}

// value is the single mode's entry of 2Âz.
func (m singleMode) value(it *iteration) float64 {
	return m.sum - m.cost*m.held*m.held/it.denominator(m.speed, m.speed)*m.z
}

// carriedDirectly solves the value equation as it stands: for repeated,
// complex and defective spectra, at O(n³) a class.
func (it *iteration) carriedDirectly(s *state, t int, g *row) {
	n, c := s.n, it.classes[t]
	a, q, err := it.direct.form(t)
	if err != nil {
		g.own = 0
		for u := range g.totals {
			g.totals[u] = nan
		}
		return
	}
	unit := mat.NewVecDense(n+1, nil) // one more unit of X_i
	unit.SetVec(0, 1-1/c.count)
	unit.SetVec(t+1, 1)
	for u, f := range c.signal {
		unit.SetVec(u+1, f)
	}
	var z, w, back mat.VecDense
	z.MulVec(q, unit)
	w.MulVec(a, &z)
	g.square = mat.Dot(&z, &w)
	if !it.timing.continuous() {
		back.MulVec(q.T(), &w)
		w.SubVec(&w, &back)
	}
	factor := 2 * it.rho / s.diagonal(t, c)
	g.own = w.AtVec(0) * factor
	for u := range n {
		g.totals[u] = w.AtVec(u+1) * factor
	}
}
