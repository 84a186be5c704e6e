package equilibrium

import "math"

// start is a market of identical members in the middle: in closed form without
// a fringe (Prop 12, with the misperceived (N−1)/φ for N−1), and nearly so with
// one (§5.6).
func start(classes []class, timing Timing, middle middle) *state {
	members, fringe := 0.0, -1
	for t, c := range classes {
		members += c.count
		if c.kind == Fringe {
			fringe = t
		}
	}
	r := timing.DiscountRate
	if fringe >= 0 {
		return besideFringe(classes, fringe, timing, middle.cost, members-1)
	}
	others := (members - 1) / middle.factor()
	if timing.continuous() {
		return symmetric(classes, middle.cost, r, r*(others-1)/2)
	}
	return symmetric(classes, middle.cost, r, symmetricStep(others, timing.Discount()))
}

// symmetric is the market without a fringe: all members alike with the given
// cost and speed κ, P = −b/(Nr), Q = κ(I − S/N) (Prop 12).
func symmetric(classes []class, cost, rate, speed float64) *state {
	s := newState(len(classes))
	members := 0.0
	for _, c := range classes {
		members += c.count
	}
	for t, c := range classes {
		s.price[t] = -cost / (members * rate)
		for u := range classes {
			s.mean[t*s.n+u] = -speed / members
		}
		s.mean[t*s.n+t] += speed / c.count
		if c.count > 1 {
			s.own[t] = speed
		}
	}
	return s
}

// symmetricStep is κ_Δ of the symmetric discrete game (Prop 12 in discrete
// time) with (N−1)/φ others, to the accuracy of a start: digits cancel as Δ → 0.
func symmetricStep(others, rho float64) float64 {
	a := others * (1 - rho)
	root := math.Sqrt(a*a + 4*rho)
	// (√(a²+4ρ) − a)/(2ρ) = 2/(√(a²+4ρ) + a)
	return (root + a - 2) / (root + a)
}

// besideFringe is the start for n large members and a fringe of the same cost:
// members trade with each other at the speed r(n−1)/2 and with the fringe at
// rn√(n/2), which is within a third of the solution for every n. The price is
// that of the efficient allocation and what the fringe asks for bearing the
// imbalance between the large and itself.
func besideFringe(classes []class, fringe int, timing Timing, cost, n float64) *state {
	r := timing.DiscountRate
	among, across := r*(n-1)/2, r*n*math.Sqrt(n/2)
	lag := cost / (r + across)
	if !timing.continuous() {
		among, across = -math.Expm1(-among*timing.Step), -math.Expm1(-across*timing.Step)
		h := timing.HoldingTime()
		lag = cost * h * (1 - across) / (r*h + timing.Discount()*across)
	}
	s := newState(len(classes))
	for u, c := range classes {
		imbalance := 1 / (n + 1) // per unit of S_u: of the large beyond their share of the total
		if u == fringe {
			imbalance = -n / (n + 1)
		}
		s.price[u] = -cost/(r*(n+1)) + lag*imbalance
		for t := range classes {
			s.mean[t*s.n+u] = across * imbalance / n
			if u != fringe {
				s.mean[t*s.n+u] -= among / n
			}
		}
		s.mean[fringe*s.n+u] = -across * imbalance
		if u != fringe {
			s.mean[u*s.n+u] += among / c.count
		}
		if c.count > 1 {
			s.own[u] = among
		}
	}
	return s
}
