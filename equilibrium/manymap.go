package equilibrium

import "math"

// nextMany is next for many classes or members. It works with P − g and with
// the change of P, which are small, and holds every state to what is known of
// the equilibrium: the market clears, rests at the efficient allocation, and the
// price there is what holding it for ever costs.
func (it *iteration) nextMany(s, out *state) error {
	it.prepare(s)
	m := it.many
	for t, c := range it.classes {
		if c.kind == Fringe {
			continue
		}
		if !(s.price[t] < 0) || !(s.diagonal(t, c) > 0) {
			return errLeftDomain
		}
		it.gapOf(s, t)
		m.slope[t] = conditions[c.kind].impact(s, t, c) + it.holding(t)
		it.anticipate(s, t)
	}
	it.changePrice(s)
	out.level = s.level
	for u, change := range m.change {
		out.spread[u] = s.spread[u] + change
		if math.IsNaN(change) {
			return errLeftDomain
		}
	}
	m.center(out)
	for t, c := range it.classes {
		if c.kind != Fringe {
			it.respondMany(out, t)
		}
	}
	m.rest(out)
	if it.fringe >= 0 {
		it.residualDemand(out)
	} else {
		m.balance(it.classes, out)
	}
	return nil
}

// gapOf leaves P − g of class t in the workspace.
func (it *iteration) gapOf(s *state, t int) {
	if it.diagonal {
		return
	}
	m, g := it.many, &it.rows[t]
	conditions[it.classes[t].kind].carried(it, s, t, g)
	for u, p := range s.price {
		m.gap.Data[t*s.n+u] = p - g.totals[u]
	}
	m.single[t] = -g.own
}

// anticipate lets class t take into account, in continuous time, that g answers the
// price and its own trade at once: as long as all else stays, of a change of P_u + I^tq^t_u the value of a carried unit takes up the part
//
//	a = κ_t/(r + κ_t + κ_u),
//
// κ_t and κ_u being the speeds at which t sells and S_u shrinks. Solving for the
// price and the trades together, rather than with g as it was, changes nothing
// at the solution and leaves the iteration with little to correct.
func (it *iteration) anticipate(s *state, t int) {
	n, m := s.n, it.many
	row, ease := m.gap.Data[t*n:t*n+n], m.ease.Data[t*n:t*n+n]
	speed := s.diagonal(t, it.classes[t])
	for u, c := range it.classes {
		ease[u] = 1
		if u == t || !it.timing.continuous() {
			continue
		}
		a := speed / (it.timing.DiscountRate + speed + math.Max(0, c.count*s.mean[u*n+u]))
		row[u] = (row[u] + a*m.slope[t]*s.mean[t*n+u]) / (1 + a)
		ease[u] = (1 - a) / (1 + a)
	}
}

// changePrice is the change of P at which the responses sum to zero, or which
// solves the fringe's condition with the responses of the others in it: with
// Q^N = −ΣQ^i that is linear in P,
//
//	gap P + Σ c_i (P + w_i1^i − g^i) = −b1^N,   c_i = (ρ(p^i − p^N) + w_N)/(I^i + w_i),
//
// gap = r, or rh and bh for b in the discrete game (g as it answers P, see
// anticipate). An iteration that takes the
// responses as they were multiplies errors by a factor of the order of the
// speeds; this one contracts.
func (it *iteration) changePrice(s *state) {
	f, m := it.fringe, it.many
	for u := range m.change {
		m.change[u] = 0
	}
	for u := range m.total {
		m.total[u] = 0
	}
	if f >= 0 {
		gap, cost := it.timing.DiscountRate, it.classes[f].cost
		if !it.timing.continuous() {
			gap, cost = gap*it.timing.HoldingTime(), it.holding(f) // 1 − ρ = rh
		}
		for u, p := range s.price {
			m.change[u], m.total[u] = gap*p, gap
		}
		m.change[f] += cost
	}
	for t, c := range it.classes {
		if t == f {
			continue
		}
		weight := 1 / m.slope[t]
		if f >= 0 {
			weight *= it.rho*(s.spread[t]-s.spread[f]) + it.holding(f)
		}
		ease := m.ease.Data[t*s.n : t*s.n+s.n]
		for u, gap := range m.gap.Data[t*s.n : t*s.n+s.n] {
			m.change[u] += c.count * weight * gap
			m.total[u] += c.count * weight * ease[u]
		}
		m.change[t] += weight * it.holding(t)
	}
	for u := range m.change {
		m.change[u] /= -m.total[u]
	}
}

// respondMany is respond with P − g and the change of P.
func (it *iteration) respondMany(out *state, t int) {
	n, c, m, w := out.n, it.classes[t], it.many, it.holding(t)
	out.own[t] = 0
	if c.count > 1 {
		out.own[t] = (w + m.single[t]) / m.slope[t]
	}
	ease := m.ease.Data[t*n : t*n+n]
	for u, gap := range m.gap.Data[t*n : t*n+n] {
		out.mean[t*n+u] = (gap + ease[u]*m.change[u]) / m.slope[t]
	}
	out.mean[t*n+t] += w / c.count / m.slope[t]
}

// balance makes the trades sum to zero beyond the rounding of the price.
func (m *many) balance(classes []class, out *state) {
	n, inverse := out.n, 0.0
	excess := make([]float64, n)
	for t, c := range classes {
		inverse += c.count / m.slope[t]
		for u := range excess {
			excess[u] += c.count * out.mean[t*n+u]
		}
	}
	for t := range classes {
		for u := range excess {
			out.mean[t*n+u] -= excess[u] / inverse / m.slope[t]
		}
	}
}

// relaxes says whether every difference between members decays at state s,
// which is prepared. From a start far away the iteration may find a root of the
// conditions that is no equilibrium with trade; continuation must not follow it.
func (it *iteration) relaxes(s *state) bool {
	for t, c := range it.classes {
		if !(s.price[t] < 0) || !(s.diagonal(t, c) > 0) || c.count > 1 && !(s.own[t] > 0) {
			return false
		}
	}
	if !it.diagonal {
		return true // left to the conditions of the solution
	}
	for k, speed := range it.spectrum.speeds {
		if k != it.tracker.zero && !(speed > 0) {
			return false
		}
	}
	return true
}
