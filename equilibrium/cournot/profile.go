package cournot

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Seats are the makers of a market. A seat stands for makers that hold the same
// inventory and do the same; lists with an entry for each seat tell of one member.
type Seats struct {
	DiscountRate   float64   // β, per time
	Activity       float64   // δ, asset units per time and money per asset unit
	Reservation    float64   // ω, money per asset unit
	Makers         int       // N
	Members        []float64 // of each seat; they add up to Makers
	InventoryCosts []float64 // η of a member of each seat
}

// Profile is what all makers do, whatever the large orders. With x the inventories
// of a member of each seat, f and φ the rates of large sells and buys, n = f − φ
// and v = f + φ, a member buys and sells per time
//
//	b = (2δω + v)/(2(N+1)) + u/2,   a = (2δω + v)/(2(N+1)) − u/2,   u = r − Mx.
//
// The first part is the same in every solution: net trades u alone are strategic.
// In them the payoff of a maker is
//
//	(2δω + v)²/(2δ(N+1)²) + u_j(n − U)/(2δ) − η_j x_j²,   U = Σ u of all makers.
//
// What is anticipated of the orders runs back from their end: z = (y, n) with
//
//	y' = −Γy + β n e in time to go,   y jumps by e where n jumps by 1,
//
// and r is linear in z. In discrete time of period Step the same holds of
// x_{k+1} = x_k + dt u_k and y_{k−1} = (I − dt Γ)y_k + (1−D) n_k e + (n_{k−1} − n_k)e.
type Profile struct {
	Seats
	Step      float64       // dt of the discrete game, 0 in continuous time
	Reversion *mat.Dense    // M, per time
	follow    *mat.Dense    // z' = follow z, in time to go
	jump      *mat.VecDense // of z where n jumps by 1
	rates     *mat.Dense    // r = rates z
	plan      *Profile      // of whom the last seat stands apart, or nil
	member    int           // the seat of the plan that it comes from
}

// Profile is that of identical makers on seats with these numbers of members,
// which add up to N; the step is 0 for continuous time. Published follows own
// inventories. Open_loop is written in all inventories, so that it is right from
// any initial inventories; what a maker does when others leave their paths has no
// meaning in it (see [Play.Apart]).
func (m Model) Profile(concept Concept, step float64, members []int) (*Profile, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	if err := validStep(step); err != nil {
		return nil, err
	}
	p := &Profile{Step: step, Seats: Seats{
		DiscountRate: m.DiscountRate, Activity: m.Activity, Reservation: m.Reservation, Makers: m.Makers,
	}}
	total := 0
	for i, n := range members {
		if n < 1 {
			return nil, &ParameterError{Name: fmt.Sprintf("members[%d]", i), Value: float64(n), Limit: "at least 1"}
		}
		total += n
		p.Members = append(p.Members, float64(n))
		p.InventoryCosts = append(p.InventoryCosts, m.InventoryCost)
	}
	if total != m.Makers {
		return nil, &ParameterError{Name: "members", Value: float64(total), Limit: fmt.Sprintf("%d makers in all", m.Makers)}
	}
	s, err := m.Slopes(concept, step)
	if err != nil {
		return nil, err
	}
	m.fill(p, concept, s)
	return p, nil
}

func validStep(step float64) error {
	if step == 0 {
		return nil
	}
	return positive("step", step)
}

// fill writes the solution of identical makers on seats.
func (m Model) fill(p *Profile, concept Concept, s Slopes) {
	n, n1 := m.counts()
	t := timed(m.DiscountRate, p.Step)
	δ, d := m.Activity, t.discount
	var γ *mat.Dense
	r := m.reversion(s, t)
	switch concept {
	case Published, OpenLoop:
		rate := 4 * δ * d * s.Own / n1
		r.together = 1 / (1 + rate*p.Step)
		r.total = rate * r.together
		r.a, r.b = r.total, 0
		reaction := 1. // κ
		if concept == Published {
			reaction = 2/n1 + (n-1)/n1*p.Step*r.total
		} else {
			// Inventories that differ revert as if the price did not move.
			apart := alone(m.InventoryCost, t.rate-m.InventoryCost*4*δ*d*p.Step, 4*δ*d)
			r.a = 4 * δ * d * apart / (1 + 4*δ*d*apart*p.Step)
			r.b = (r.total - r.a) / n
		}
		γ = mat.NewDense(1, 1, []float64{t.rate + d*reaction*r.total})
	case Feedback:
		own := m.feedbackAnticipation(s, r, t)
		γ = mat.NewDense(2, 2, own[:])
	}
	seats := len(p.Members)
	p.Reversion = mat.NewDense(seats, seats, nil)
	p.rates = mat.NewDense(seats, γ.RawMatrix().Rows+1, nil)
	for i := range seats {
		for k, members := range p.Members {
			p.Reversion.Set(i, k, r.b*members)
		}
		p.Reversion.Set(i, i, r.a+r.b*p.Members[i])
		p.rates.Set(i, 0, r.together)
	}
	e := mat.NewVecDense(γ.RawMatrix().Rows, nil)
	e.SetVec(0, 1/n1)
	p.anticipate(γ, e, t)
}

// feedbackAnticipation is Γ of identical makers, row by row: y = (R, 2δ g_r) with
// R the rate of a maker's net trades at inventory 0 (times 1 + dt…, in discrete
// time), g_r what it anticipates of a rival's inventory.
func (m Model) feedbackAnticipation(s Slopes, r twins, t timing) [4]float64 {
	n, n1 := m.counts()
	rivals := n - 1
	towards := r.a + rivals*r.b
	worth := 4 * m.Activity * (s.Cross + rivals*s.Rivals)
	return [4]float64{
		t.rate + t.discount*(r.total-r.together*rivals*r.b*(1+t.step*t.discount*worth)/n1), t.discount * t.discount * rivals * r.b / n1,
		-r.together * (towards - t.discount*(1-t.step*towards)*worth), t.rate + t.discount*towards,
	}
}

// anticipate sets follow and jump from Γ and e.
func (p *Profile) anticipate(γ *mat.Dense, e *mat.VecDense, t timing) {
	n := e.Len()
	p.follow = mat.NewDense(n+1, n+1, nil)
	p.jump = mat.NewVecDense(n+1, nil)
	for i := range n {
		for k := range n {
			p.follow.Set(i, k, -γ.At(i, k))
		}
		p.follow.Set(i, n, t.rate*e.AtVec(i))
		p.jump.SetVec(i, e.AtVec(i))
	}
	p.jump.SetVec(n, 1)
}

// Profile is that of different makers, a seat each, under open_loop or feedback;
// published is a solution of identical makers only.
func (d Different) Profile(concept Concept, step float64) (*Profile, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	if err := validStep(step); err != nil {
		return nil, err
	}
	n := len(d.InventoryCosts)
	p := &Profile{Step: step, Seats: Seats{
		DiscountRate: d.DiscountRate, Activity: d.Activity, Reservation: d.Reservation,
		Makers: n, Members: slices.Repeat([]float64{1}, n), InventoryCosts: d.InventoryCosts,
	}}
	t := timed(d.DiscountRate, step)
	var s, γ *mat.Dense
	switch concept {
	case OpenLoop:
		k, err := d.OpenLoopSlopes(step)
		if err != nil {
			return nil, err
		}
		p.Reversion, s = reversion(k, t, d.Activity)
		γ = scaledIdentity(n, t.rate)
		γ.Add(γ, times(t.discount, p.Reversion))
	case Feedback:
		all, err := d.FeedbackSlopes(step)
		if err != nil {
			return nil, err
		}
		p.Reversion, s = reversion(ownRows(all), t, d.Activity)
		γ = d.feedbackAnticipation(all, p.Reversion, s, t)
	default:
		return nil, &ConceptError{Concept: concept}
	}
	size := γ.RawMatrix().Rows
	p.rates = mat.NewDense(n, size+1, nil)
	p.rates.Slice(0, n, 0, n).(*mat.Dense).Copy(s)
	e := mat.NewVecDense(size, nil)
	for i := range n {
		e.SetVec(i, 1/float64(n+1))
	}
	p.anticipate(γ, e, t)
	return p, nil
}

// ConceptError says that a concept has no solution for different makers.
type ConceptError struct{ Concept Concept }

// Error names the concept and those that have one.
func (e *ConceptError) Error() string {
	return fmt.Sprintf("cournot: solution %v with different inventory costs: must be open_loop or feedback; published needs identical makers", e.Concept)
}
