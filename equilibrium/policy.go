package equilibrium

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Policy is a mechanism for given seats at the auctions of a clock: what a
// simulation plays, and what the play is worth.
type Policy struct {
	Timing      Timing
	Seats       []Seat
	Kinds       []Kind    // per seat
	HoldingCost []float64 // b of a member, per seat
	Price       []float64 // P: price p = P·X

	// Flows is Q: quantities sold per auction, q = Q·X; rows and columns are
	// seats, columns sum to 0.
	Flows *mat.Dense

	// Interaction is F of common values: traders know F⁻¹X, and the mechanism is
	// linear in X. Nil is the identity.
	Interaction *mat.Dense

	// Exponential says that the seats have exponential utility; HoldingCost is rα.
	Exponential bool

	// Values are what the play is worth to single members; groups have none.
	// Under exponential utility they are A and k of the continuous-time value
	// V = −(1/r) exp(−rα(w + XᵀAX + k)), which a policy on a grid approaches, and
	// not sums of discounted payoffs.
	Values []Value

	// Equilibrium says whether the policy is the equilibrium of this very
	// clock (discrete), or else of continuous time played on a grid, or a
	// commitment.
	Equilibrium bool
}

// UnstableGridError says that a continuous-time policy cannot be played at a
// step: an inventory would grow from auction to auction.
type UnstableGridError struct {
	Step, Largest float64 // the step asked for; the steps below Largest are stable
	Speed         float64 // the speed κ that violates |1 − Δκ| < 1
}

// Error names the speed and the largest stable step.
func (e *UnstableGridError) Error() string {
	return fmt.Sprintf("the continuous-time policy is unstable at step %g: speed %g needs |1 − step × speed| < 1; the step must be below %.6g", e.Step, e.Speed, e.Largest)
}

// Policy is the policy of a discrete equilibrium, for shocks with the given
// covariance over the seats (rate per time).
func (s *Solution) Policy(seats []Seat, covariance mat.Symmetric) (*Policy, error) {
	if s.Timing.continuous() {
		panic("equilibrium: a continuous solution needs OnGrid")
	}
	return s.policy(seats, covariance, s.Game.Commitment == nil)
}

// OnGrid is the continuous-time policy played at auctions a step apart: the
// quantity sold is the rate times the step.
func (s *Solution) OnGrid(step float64, seats []Seat, covariance mat.Symmetric) (*Policy, error) {
	if !s.Timing.continuous() {
		panic("equilibrium: OnGrid needs a continuous solution")
	}
	if err := s.stableAt(step); err != nil {
		return nil, err
	}
	grid := *s
	grid.Timing = Timing{DiscountRate: s.Timing.DiscountRate, Step: step}
	grid.state = s.state.clone()
	if s.modes != nil {
		modes := *s.modes
		modes.speeds = slices.Clone(modes.speeds)
		floats.Scale(step, modes.speeds)
		grid.modes = &modes
	}
	for i := range grid.state.own {
		grid.state.own[i] *= step
	}
	for i := range grid.state.mean {
		grid.state.mean[i] *= step
	}
	return grid.policy(seats, covariance, false)
}

// stableAt checks |1 − Δκ| < 1 for every speed.
func (s *Solution) stableAt(step float64) error {
	values, _ := s.classModes()
	if values == nil {
		return &UnstableGridError{Step: step}
	}
	for t, c := range s.classes {
		if c.count > 1 {
			values = append(values, complex(s.state.own[t], 0))
		}
	}
	// |1 − Δκ|² < 1 exactly when Δ < 2 Re κ/|κ|²
	largest, worst := math.Inf(1), 0.0
	for _, v := range values {
		size := cmplx.Abs(v)
		if real(v) <= 1e-9*s.Timing.DiscountRate {
			continue
		}
		if limit := 2 * real(v) / (size * size); limit < largest {
			largest, worst = limit, real(v)
		}
	}
	if step >= largest {
		return &UnstableGridError{Step: step, Largest: largest, Speed: worst}
	}
	return nil
}

func (s *Solution) policy(seats []Seat, covariance mat.Symmetric, equilibrium bool) (*Policy, error) {
	values, err := s.ValuesOn(seats, covariance)
	if err != nil {
		return nil, err
	}
	p := &Policy{
		Timing: s.Timing, Seats: seats, Price: s.PriceOn(seats), Flows: s.FlowsOn(seats),
		Values: values, Equilibrium: equilibrium, Interaction: s.Game.interactionOn(seats), Exponential: s.Game.Exponential,
	}
	for _, seat := range seats {
		trader := s.Game.Traders[seat.Type]
		p.Kinds = append(p.Kinds, trader.Kind)
		p.HoldingCost = append(p.HoldingCost, trader.HoldingCost)
	}
	return p, nil
}

// Transition is M = I − Q, which moves inventories through an auction.
func (p *Policy) Transition() *mat.Dense { return transition(p.Flows) }
