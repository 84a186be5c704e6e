package equilibrium

import (
	"gonum.org/v1/gonum/mat"

	"walras/internal/lyapunov"
)

// Value is what an inventory is worth to one member: f(X) = XᵀAX + k. The matrix
// stands there where the seats are few (see DenseSeats); methods do for all.
type Value struct {
	A *mat.SymDense // over the seats' inventories, money per asset unit²
	K float64       // money

	concise *concise
}

// Known says whether there is a value at all: of single members, not of groups.
func (v Value) Known() bool { return v.A != nil || v.concise != nil }

// Concise says whether the value holds no matrix A over the seats, as in markets
// of more than DenseSeats of them.
func (v Value) Concise() bool { return v.concise != nil }

// At evaluates f at inventories x.
func (v Value) At(x []float64) float64 {
	if v.concise != nil {
		return v.concise.at(x) + v.K
	}
	y := mat.NewVecDense(len(x), x)
	return mat.Inner(y, v.A, y) + v.K
}

// Times is the product of A with a matrix of a row per seat.
func (v Value) Times(b mat.Matrix) *mat.Dense {
	var out mat.Dense
	if v.concise != nil {
		v.concise.times(&out, b)
	} else {
		out.Mul(v.A, b)
	}
	return &out
}

// Dense is A over the seats.
func (v Value) Dense() *mat.SymDense {
	if v.A != nil {
		return v.A
	}
	return lyapunov.Symmetric(v.Times(unitMatrix(len(v.concise.of))))
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
// k^i = tr(ΣᵀA^iΣ)/r, or ρΔ tr(ΣᵀA^iΣ)/(1−ρ) in the discrete game. Under common
// values the covariance is that of X, FΣΣᵀFᵀ. Under exponential utility it must
// be the game's, on which A depends; f is then the certainty equivalent beyond
// wealth w in V = −(1/r) exp(−rα(w + f(X))), in continuous time also for a policy
// on a grid.
func (s *Solution) ValuesOn(seats []Seat, covariance mat.Symmetric) ([]Value, error) {
	if len(seats) > DenseSeats && !s.Game.byMember() {
		return s.conciseValues(seats, covariance)
	}
	values := make([]Value, len(seats))
	form := s.former()
	forms := make(map[int]*mat.SymDense)
	for i, seat := range seats {
		if seat.Members != 1 {
			continue
		}
		c := s.of[seat.Type]
		if forms[c] == nil {
			a, err := form(c)
			if err != nil {
				return nil, err
			}
			forms[c] = a
		}
		a := s.formOn(seats, i, forms[c])
		values[i] = Value{A: a, K: s.shockValue(traceProduct(a, covariance))}
	}
	return values, nil
}

// ValueOn is the value of the single member in seat i alone.
func (s *Solution) ValueOn(seats []Seat, i int, covariance mat.Symmetric) (Value, error) {
	if seats[i].Members != 1 {
		panic("equilibrium: a value belongs to a single member")
	}
	form, err := s.former()(s.of[seats[i].Type])
	if err != nil {
		return Value{}, err
	}
	a := s.formOn(seats, i, form)
	return Value{A: a, K: s.shockValue(traceProduct(a, covariance))}, nil
}

// conciseValues are ValuesOn without matrices over the seats.
func (s *Solution) conciseValues(seats []Seat, covariance mat.Symmetric) ([]Value, error) {
	c, err := s.coordinatesOn(seats)
	if err != nil {
		return nil, err
	}
	values := make([]Value, len(seats))
	for i, seat := range seats {
		if seat.Members == 1 {
			values[i].concise = &concise{coordinates: c, seat: i, class: c.of[i]}
		}
	}
	for i, trace := range Traces(values, covariance) {
		values[i].K = s.shockValue(trace)
	}
	return values, nil
}

// former gives A^i of a class in the coordinates of formOn.
func (s *Solution) former() func(c int) (*mat.SymDense, error) {
	if s.forms != nil {
		return func(c int) (*mat.SymDense, error) { return s.forms[c], nil }
	}
	direct := &valuer{classes: s.classes, timing: s.Timing, state: s.state}
	return func(c int) (*mat.SymDense, error) {
		a, _, err := direct.form(c)
		return a, err
	}
}

// shockValue is the value of future shocks to a holder with this tr(ΣᵀA^iΣ).
func (s *Solution) shockValue(trace float64) float64 {
	timing := s.Timing
	if timing.continuous() || s.Game.Exponential {
		return trace / timing.DiscountRate
	}
	gap := timing.DiscountRate * timing.HoldingTime() // 1 − ρ
	return timing.Discount() * timing.Step * trace / gap
}

// curvature is c^i of the discrete game: the loss of a member of type t per
// unit² of misreported inventory (double auction, pathwise identity). square is
// (Q^{·i})ᵀA^iQ^{·i}; under common values p^i, q^{ii} and Q^{·i} are PF^{·i},
// Q^iF^{·i} and QF^{·i}.
func (s *Solution) curvature(t int, square float64) float64 {
	c := s.of[t]
	d := s.diagonal(t)
	w := s.classes[c].cost * s.Timing.HoldingTime()
	return s.state.reported(c, s.classes[c])*d - w/2*d*d + s.Timing.Discount()*square
}

// diagonal is q^{ii} of a member of type t, or Q^iF^{·i} under common values.
func (s *Solution) diagonal(t int) float64 {
	c := s.of[t]
	return s.state.diagonal(c, s.classes[c])
}
