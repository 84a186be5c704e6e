package equilibrium

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// Solution is an equilibrium of a game at one timing.
type Solution struct {
	Game   Game
	Timing Timing

	// Residual is the largest violation of the equilibrium conditions,
	// relative to the size of their terms.
	Residual float64

	classes []class
	of      []int // class of each type
	state   *state
	squares []float64       // (Q^{·i})ᵀA^iQ^{·i} by class
	forms   []*mat.SymDense // A^i by class under exponential utility, as valuer.form gives them; else nil
	modes   *spectrum       // of many classes, where it is known
}

// accept checks what makes a root of the conditions an equilibrium with trade.
func (g Game) accept(of []int, it *iteration, s *state) (*Solution, error) {
	solution := &Solution{Game: g, Timing: it.timing, Residual: it.residual(s), classes: it.classes, of: of, state: s}
	for _, r := range it.rows {
		solution.squares = append(solution.squares, r.square)
	}
	if it.many != nil && it.diagonal {
		solution.modes = it.spectrum
	}
	if g.Exponential {
		for t := range it.classes {
			a, _, err := it.direct.form(t)
			if err != nil {
				return nil, err
			}
			solution.forms = append(solution.forms, a)
		}
	}
	c := solution.Conditions()
	switch {
	case !(solution.Residual <= acceptedResidual):
		return nil, &NoEquilibriumError{Reason: fmt.Sprintf("the residual of the conditions stays at %.3g", solution.Residual)}
	case !c.SecondOrder:
		return nil, &NoEquilibriumError{Reason: fmt.Sprintf("the second-order condition fails for %s", c.Offender)}
	case !c.Stable:
		return nil, &NoEquilibriumError{Reason: "the mechanism found is not stable: a speed of trade is not positive"}
	}
	return solution, nil
}

// Price is P of a member of type t.
func (s *Solution) Price(t int) float64 { return s.state.price[s.of[t]] }

// Own is the part of the trade of a member of type t that answers its own
// inventory apart from the mean of its class (all traders with its cost); zero
// where it is alone in its class.
func (s *Solution) Own(t int) float64 { return s.state.own[s.of[t]] }

// Cross is the trade of a member of type t per unit of inventory of any member
// of type u.
func (s *Solution) Cross(t, u int) float64 {
	c, d := s.of[t], s.of[u]
	cross := s.mean(c, d)
	if c == d {
		cross -= s.state.own[c] / s.classes[c].count
	}
	return cross
}

// mean is the trade of an average member of class c per unit of inventory in
// class d.
func (s *Solution) mean(c, d int) float64 { return s.state.mean[c*s.state.n+d] }

// Seat is a place in the auction: one member of a type, or Members of them
// taken together.
type Seat struct {
	Type    int
	Members int
}

// Seats gives every member a seat of its own, in the order of the types; a type
// of more than limit members gets one seat for a tagged member and one for all
// others, which is exact (differences inside a type carry no price).
func (g Game) Seats(limit int) []Seat {
	var seats []Seat
	for t, trader := range g.Traders {
		if trader.Count > limit {
			seats = append(seats, Seat{Type: t, Members: 1}, Seat{Type: t, Members: trader.Count - 1})
			continue
		}
		for range trader.Count {
			seats = append(seats, Seat{Type: t, Members: 1})
		}
	}
	return seats
}

// PriceOn is the row vector P over the inventories of the seats.
func (s *Solution) PriceOn(seats []Seat) []float64 {
	p := make([]float64, len(seats))
	for i, seat := range seats {
		p[i] = s.Price(seat.Type)
	}
	return p
}

// FlowsOn is the matrix Q over the seats: selling rates per time, or
// quantities per auction.
func (s *Solution) FlowsOn(seats []Seat) *mat.Dense {
	n := len(seats)
	q := mat.NewDense(n, n, nil)
	for i, a := range seats {
		c, size := s.of[a.Type], float64(a.Members)
		for j, b := range seats {
			d := s.of[b.Type]
			trade := size * s.mean(c, d)
			if c == d {
				excess := -size // of the seat's inventory, times the count
				if i == j {
					excess += s.classes[c].count
				}
				trade += s.state.own[c] * excess / s.classes[c].count
			}
			q.Set(i, j, trade)
		}
	}
	return q
}

// Mechanism is the mechanism over what the seats know of their needs, as
// Policy.Mechanism gives it.
func (s *Solution) Mechanism(seats []Seat) (price []float64, flows *mat.Dense) {
	p := Policy{Price: s.PriceOn(seats), Flows: s.FlowsOn(seats), Interaction: s.Game.interactionOn(seats)}
	return p.Mechanism()
}

// Conditions are the sufficient conditions of an equilibrium with trade.
type Conditions struct {
	Stable      bool   // one speed is 0 (total inventory), all others decay
	SecondOrder bool   // p^i < 0 < q^{ii} (PF^{·i} < 0 < Q^iF^{·i} under common values), and c^i < 0 in the discrete game
	Offender    string // the first trader that fails, if any
}

// Conditions checks them.
func (s *Solution) Conditions() Conditions {
	out := Conditions{Stable: s.stable(), SecondOrder: true}
	for t, trader := range s.Game.Traders {
		c := s.of[t]
		ok := s.state.reported(c, s.classes[c]) < 0 && (s.diagonal(t) > 0 || s.Game.competitive())
		if ok && trader.Kind == Strategic && !s.Timing.continuous() {
			ok = s.curvature(t, s.squares[c]) < 0
		}
		if !ok {
			out.SecondOrder = false
			if out.Offender == "" {
				out.Offender = trader.Name
			}
		}
	}
	return out
}
