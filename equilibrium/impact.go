package equilibrium

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Impact is how the price answers one member's sales off the equilibrium path
// (SS §5.2, Lemma 3), in money per asset unit and per unit of the rate
// (instantaneous) or quantity sold (permanent, transient).
type Impact struct {
	Instantaneous float64 // I^i = −p^i/q^{ii}
	Permanent     float64 // λ^i = 1/(r Σ_{j≠i} 1/b_j)
	Transient     float64 // T^i = (P^{−i} + I^iQ^{i,−i})Q^{−i,i}/q^{ii} − λ^i
}

// ImpactOf is the impact of a member of type t. Under common values and under
// exponential utility λ^i + T^i and λ^i are what Lemma 3 measures, the impact of
// a sale at once and at last; λ^i has no formula then (see offPath).
func (s *Solution) ImpactOf(t int) Impact {
	if s.Game.byMember() {
		return s.offPath(t)
	}
	return s.ResponseTo(s.Game.Tagged(t), 0).Impact
}

// Tagged seats one member of type t first, and everybody else by types.
func (g Game) Tagged(t int) []Seat {
	seats := []Seat{{Type: t, Members: 1}}
	for u, trader := range g.Traders {
		rest := trader.Count
		if u == t {
			rest--
		}
		if rest > 0 {
			seats = append(seats, Seat{Type: u, Members: rest})
		}
	}
	return seats
}

// Modes are the eigenvalues of Q over all members with their right vectors
// scaled as results show them: ascending by speed, the first vector (speed 0,
// the efficient allocation) with first entry 1, every other with entries that
// sum to 0, positive parts that sum to 1 and a positive first non-zero entry.
// Vectors are over the seats of single members in the order of the types. For
// a repeated speed any basis may come out. ok is false where the spectrum is
// complex.
func (s *Solution) Modes() (speeds []float64, vectors *mat.Dense, ok bool) {
	values, classVectors := s.classModes()
	if classVectors == nil {
		return nil, nil, false
	}
	members := s.Game.Seats(math.MaxInt)
	n := len(members)
	var list []mode
	for k, v := range values {
		x := make([]float64, n)
		for i, seat := range members {
			c := s.of[seat.Type]
			x[i] = classVectors.At(c, k) / s.classes[c].count
		}
		list = append(list, mode{real(v), x})
	}
	list = append(list, s.differences(members)...)
	return arrange(list, n)
}

// Speeds are the distinct speeds of the market, ascending: those between classes
// of traders with equal costs, 0 first, and one inside every class of several
// members.
func (s *Solution) Speeds() []float64 {
	values, _ := s.classModes()
	var list []float64
	for _, v := range values {
		list = append(list, real(v))
	}
	for c, class := range s.classes {
		if class.count > 1 {
			list = append(list, s.state.own[c])
		}
	}
	slices.Sort(list)
	if len(list) > 0 {
		list[0] = 0
	}
	return list
}

// differences are the modes inside the classes: one member against another.
func (s *Solution) differences(members []Seat) []mode {
	var list []mode
	first := make(map[int]int)
	for i, seat := range members {
		c := s.of[seat.Type]
		j, met := first[c]
		if !met {
			first[c] = i
			continue
		}
		x := make([]float64, len(members))
		x[j], x[i] = 1, -1
		list = append(list, mode{s.state.own[c], x})
	}
	return list
}
