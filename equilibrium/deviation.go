package equilibrium

import (
	"fmt"
	"strings"

	"gonum.org/v1/gonum/mat"

	"walras/clock"
)

// Deviation is how a seat leaves its policy while the others keep theirs. The
// others take what it does for what a seat with another inventory would do: it
// is as if it had misreported its inventory by some y. A seat either misreports
// by a linear function of what the auction tells it, or sells given quantities
// whatever the others do.
type Deviation struct {
	// Misreport is L: y = Σ_j L_j X_j + Shift, with its own inventory and the
	// others' as the auction reveals them (what they report). Under common values
	// these are what the seats know, F⁻¹X.
	Misreport []float64
	Shift     float64

	// Schedule, if it is not nil, is what the seat sells instead, whatever
	// Misreport says: a rate per interval, 0 outside.
	Schedule clock.Schedule
}

// UndeterminedError says that deviations together leave no auction to speak of.
type UndeterminedError struct{ Seats []int }

// Error names the seats, counted from 1.
func (e *UndeterminedError) Error() string {
	names := make([]string, len(e.Seats))
	for i, s := range e.Seats {
		names[i] = fmt.Sprint(s + 1)
	}
	return "the deviations of seats " + strings.Join(names, ", ") + " together leave the price undetermined; let somebody follow the policy"
}

// NoTrade is a seat that stays away from every auction.
func NoTrade() *Deviation { return &Deviation{Schedule: clock.Schedule{}} }

// AtSpeed trades s times what the policy would: y = (s−1)Q^iX/q^{ii}. Of a group
// every member does: its report is the sum of theirs, each of which reckons with
// the reports of the other members.
func (p *Policy) AtSpeed(i int, s float64) *Deviation {
	if s == 0 {
		return NoTrade()
	}
	_, flows := p.Mechanism()
	member := flows.At(p.memberOf(i), p.memberOf(i))
	others := 1 + (s-1)*(member-flows.At(i, i))/member // 1 for a single member
	d := &Deviation{Misreport: mat.Row(nil, i, flows)}
	for j := range d.Misreport {
		d.Misreport[j] *= (s - 1) / (member * others)
	}
	d.Misreport[i] = s/others - 1
	return d
}

// memberOf is seat i, or the single member of its type that stands for a group.
func (p *Policy) memberOf(i int) int {
	for j, seat := range p.Seats {
		if seat.Type == p.Seats[i].Type && seat.Members == 1 && p.Seats[i].Members > 1 {
			return j
		}
	}
	return i
}

// Misreporting reports (1 + scale)X_i + shift.
func (p *Policy) Misreporting(i int, scale, shift float64) *Deviation {
	d := &Deviation{Misreport: make([]float64, len(p.Seats)), Shift: shift}
	d.Misreport[i] = scale
	return d
}

// Mechanism is the mechanism over what the seats know of their needs, which is
// what their reports are about: PF and QF under common values, else P and Q.
func (p *Policy) Mechanism() (price []float64, flows *mat.Dense) {
	if p.Interaction == nil {
		return p.Price, p.Flows
	}
	var row, q mat.Dense
	row.Mul(mat.NewDense(1, len(p.Price), p.Price), p.Interaction)
	q.Mul(p.Flows, p.Interaction)
	return row.RawRowView(0), &q
}

// Signals is F⁻¹, which tells what the seats know from the inventories; nil
// where that is the inventories themselves.
func (p *Policy) Signals() *mat.Dense {
	if p.Interaction == nil {
		return nil
	}
	inverse := new(mat.Dense)
	if err := inverse.Inverse(p.Interaction); err != nil {
		if _, illConditioned := err.(mat.Condition); !illConditioned {
			panic("equilibrium: " + err.Error())
		}
	}
	return inverse
}
