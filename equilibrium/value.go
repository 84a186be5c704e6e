package equilibrium

import (
	"gonum.org/v1/gonum/mat"
)

// Value is what an inventory is worth to one member: f(X) = XᵀAX + k.
type Value struct {
	A *mat.SymDense // over the seats' inventories, money per asset unit²
	K float64       // money
}

// At evaluates f at inventories x.
func (v Value) At(x []float64) float64 {
	y := mat.NewVecDense(len(x), x)
	return mat.Inner(y, v.A, y) + v.K
}

// formOn writes a, A of a member in the coordinates (X_i − S_t/n_t, S_1 … S_n),
// over the inventories of the seats, for the single member in seat i.
func (s *Solution) formOn(seats []Seat, i int, a *mat.SymDense) *mat.SymDense {
	n, own := len(seats), s.of[seats[i].Type]
	out := mat.NewSymDense(n, nil)
	excess := make([]float64, n) // of member i per unit of the seat's inventory
	for j, seat := range seats {
		if s.of[seat.Type] == own {
			excess[j] = -1 / s.classes[own].count
		}
	}
	excess[i]++
	at := func(j, k int) float64 {
		u, v := s.of[seats[j].Type]+1, s.of[seats[k].Type]+1
		return a.At(u, v) + excess[j]*a.At(0, v) + a.At(u, 0)*excess[k] + excess[j]*a.At(0, 0)*excess[k]
	}
	for j := range n {
		for k := j; k < n; k++ {
			out.SetSym(j, k, at(j, k))
		}
	}
	return out
}

// ValuesOn is the value of every seat with a single member, for shocks with the
// given covariance over the seats (rate per time); other seats get a nil A.
// k^i = tr(ΣᵀA^iΣ)/r, or ρΔ tr(ΣᵀA^iΣ)/(1−ρ) in the discrete game.
func (s *Solution) ValuesOn(seats []Seat, covariance mat.Symmetric) ([]Value, error) {
	values := make([]Value, len(seats))
	direct := &valuer{classes: s.classes, timing: s.Timing, state: s.state}
	forms := make(map[int]*mat.SymDense)
	for i, seat := range seats {
		if seat.Members != 1 {
			continue
		}
		c := s.of[seat.Type]
		if forms[c] == nil {
			form, _, err := direct.form(c)
			if err != nil {
				return nil, err
			}
			forms[c] = form
		}
		a := s.formOn(seats, i, forms[c])
		values[i] = Value{A: a, K: shockValue(s.Timing, a, covariance)}
	}
	return values, nil
}

// ValueOn is the value of the single member in seat i alone.
func (s *Solution) ValueOn(seats []Seat, i int, covariance mat.Symmetric) (Value, error) {
	if seats[i].Members != 1 {
		panic("equilibrium: a value belongs to a single member")
	}
	direct := &valuer{classes: s.classes, timing: s.Timing, state: s.state}
	form, _, err := direct.form(s.of[seats[i].Type])
	if err != nil {
		return Value{}, err
	}
	a := s.formOn(seats, i, form)
	return Value{A: a, K: shockValue(s.Timing, a, covariance)}, nil
}

// shockValue is the value of future shocks to a holder of the form a.
func shockValue(timing Timing, a, covariance mat.Symmetric) float64 {
	n, trace := a.SymmetricDim(), 0.0
	for j := range n {
		for k := range n {
			trace += a.At(j, k) * covariance.At(j, k)
		}
	}
	if timing.continuous() {
		return trace / timing.DiscountRate
	}
	gap := timing.DiscountRate * timing.HoldingTime() // 1 − ρ
	return timing.Discount() * timing.Step * trace / gap
}

// curvature is c^i of the discrete game: the loss of a member of type t per
// unit² of misreported inventory (double auction, pathwise identity). square is
// (Q^{·i})ᵀA^iQ^{·i}.
func (s *Solution) curvature(t int, square float64) float64 {
	c := s.of[t]
	d := s.diagonal(t)
	w := s.classes[c].cost * s.Timing.HoldingTime()
	return s.state.price[c]*d - w/2*d*d + s.Timing.Discount()*square
}

// diagonal is q^{ii} of a member of type t.
func (s *Solution) diagonal(t int) float64 {
	c := s.of[t]
	return s.state.diagonal(c, s.classes[c])
}
