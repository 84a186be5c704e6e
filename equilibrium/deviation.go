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

// Play is a policy as it is played at the auctions of a clock, deviations
// included: a linear market
//
//	p_k = P̃X_k + p̃_k,   q_k = Q̃X_k + q̃_k,
//
// with the policy's own P and Q and no constants where nobody deviates.
type Play struct {
	Policy *Policy
	Price  []float64  // P̃
	Flows  *mat.Dense // Q̃, quantities per auction

	// Liquidation is what one seller does in a market whose price impact is given;
	// nil where prices come from equilibrium.
	Liquidation *Liquidation

	deviations []*Deviation // per seat
	deviators  []int        // who has one, ascending
	acts       []act        // of the deviators
	misread    *mat.Dense   // U: deviators' reports are off by u_k = UX_k + ũ_k, a row each
}

// act is what one seat does by itself, whatever the inventories are.
type act struct {
	quantity func(k int) float64
	price    float64   // p̃ per unit
	trade    []float64 // q̃ per unit
	misread  []float64 // ũ per unit, of every deviator
}

// undetermined is the condition of the reports' system beyond which rounding
// leaves nothing of the price.
const undetermined = 1e14

// Play plays the policy with the given deviations, one per seat, nil for those
// who follow it. The error is an UndeterminedError.
//
// With S what the seats know and Ŝ what they report, a follower has Ŝ_i = S_i, a
// misreporter Ŝ_i = (1 + L_i)S_i + Σ_{j≠i} L_jŜ_j + shift, a scheduled seller
// Q^iŜ = a_k: together EŜ = DS + e_k. Price and trades are PŜ and QŜ.
func (p *Policy) Play(deviations []*Deviation) (*Play, error) {
	play := &Play{Policy: p, Price: p.Price, Flows: p.Flows, deviations: deviations}
	n := len(p.Seats)
	price, flows := p.Mechanism()
	reported, kept := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil) // E and D
	var deviators []int
	scheduled := 0 // if all are, no report is left to set the price, whatever rounding says
	for i := range n {
		reported.Set(i, i, 1)
		kept.Set(i, i, 1)
		if deviations == nil || deviations[i] == nil {
			continue
		}
		deviators = append(deviators, i)
		kept.Set(i, i, 0)
		d := deviations[i]
		if d.Schedule != nil {
			scheduled++
			own := flows.At(i, i)
			for j := range n {
				reported.Set(i, j, flows.At(i, j)/own)
			}
			continue
		}
		for j, l := range d.Misreport {
			if j != i {
				reported.Set(i, j, -l)
			}
		}
		kept.Set(i, i, 1+d.Misreport[i])
	}
	if deviators == nil {
		return play, nil
	}
	var factors mat.LU
	factors.Factorize(reported)
	if scheduled == n || !(factors.Cond() <= undetermined) { // true for NaN as well
		return nil, &UndeterminedError{Seats: deviators}
	}
	var answer mat.Dense
	if err := factors.SolveTo(&answer, false, unitMatrix(n)); err != nil {
		return nil, &UndeterminedError{Seats: deviators}
	}
	play.deviators = deviators
	play.settle(price, flows, &answer, kept)
	for _, i := range deviators {
		play.acts = append(play.acts, play.act(i, price, flows, mat.Col(nil, i, &answer)))
	}
	return play, nil
}

// settle computes P̃, Q̃ and U from E⁻¹ and D.
func (p *Play) settle(price []float64, flows, answer, kept *mat.Dense) {
	n := len(price)
	var reports, row, q mat.Dense
	reports.Mul(answer, kept)
	truth := unitMatrix(n)
	if signals := p.Policy.Signals(); signals != nil {
		truth = signals
		var s mat.Dense
		s.Mul(&reports, signals)
		reports = s
	}
	row.Mul(mat.NewDense(1, n, price), &reports)
	q.Mul(flows, &reports)
	p.Price, p.Flows = mat.Row(nil, 0, &row), &q
	p.misread = mat.NewDense(len(p.deviators), n, nil)
	for a, i := range p.deviators {
		for j := range n {
			p.misread.Set(a, j, reports.At(i, j)-truth.At(i, j))
		}
	}
}

// act is what deviator i does by itself; column is that of E⁻¹.
func (p *Play) act(i int, price []float64, flows *mat.Dense, column []float64) act {
	d := p.deviations[i]
	a := act{quantity: func(int) float64 { return d.Shift }}
	scale := 1.0
	if d.Schedule != nil {
		scale = 1 / flows.At(i, i)
		a.quantity = func(k int) float64 { return p.Policy.Quantity(d.Schedule, k) }
	}
	report := mat.NewVecDense(len(column), column)
	report.ScaleVec(scale, report)
	a.price = mat.Dot(mat.NewVecDense(len(price), price), report)
	var trade mat.VecDense
	trade.MulVec(flows, report)
	a.trade = trade.RawVector().Data
	for _, j := range p.deviators {
		a.misread = append(a.misread, column[j])
	}
	return a
}

// Quantity is what a schedule sells in the auction of tick k: its rate times the
// overlap with [kΔ, (k+1)Δ).
func (p *Policy) Quantity(s clock.Schedule, k int) float64 {
	return s.Quantity(float64(k)*p.Timing.Step, float64(k+1)*p.Timing.Step)
}

// Deviation is how seat i deviates; nil if it follows the policy.
func (p *Play) Deviation(i int) *Deviation {
	if p.deviations == nil {
		return nil
	}
	return p.deviations[i]
}

// Deviates reports whether anybody does, or trades on its own account as the
// seller of a liquidation: whether the market has constants.
func (p *Play) Deviates() bool { return len(p.acts) > 0 }

// Constants writes q̃_k into trade, one per seat, and returns p̃_k.
func (p *Play) Constants(k int, trade []float64) (price float64) {
	clear(trade)
	for _, a := range p.acts {
		quantity := a.quantity(k)
		price += float64(a.price * quantity)
		for i, t := range a.trade {
			trade[i] += float64(t * quantity)
		}
	}
	return price
}

// DriftConstant is the part of the expected change of the price from tick k to
// the next that does not depend on the inventories: p̃_{k+1} − p̃_k − P̃q̃_k.
func (p *Play) DriftConstant(k int) float64 {
	trade := make([]float64, len(p.Price))
	next := p.Constants(k+1, trade)
	now := p.Constants(k, trade)
	for i, q := range trade {
		next -= float64(p.Price[i] * q)
	}
	return next - now
}

// Transition is M̃ = I − Q̃, which moves inventories through an auction.
func (p *Play) Transition() *mat.Dense { return transition(p.Flows) }

func transition(flows *mat.Dense) *mat.Dense {
	n, _ := flows.Dims()
	m := mat.NewDense(n, n, nil)
	m.Scale(-1, flows)
	for i := range n {
		m.Set(i, i, m.At(i, i)+1)
	}
	return m
}

func unitMatrix(n int) *mat.Dense {
	m := mat.NewDense(n, n, nil)
	for i := range n {
		m.Set(i, i, 1)
	}
	return m
}
