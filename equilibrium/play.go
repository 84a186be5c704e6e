package equilibrium

import "gonum.org/v1/gonum/mat"

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
		a.quantity = func(k int) float64 { return p.Policy.Timing.Quantity(d.Schedule, k) }
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

// Deviation is how seat i deviates; nil if it follows the policy.
func (p *Play) Deviation(i int) *Deviation {
	if p.deviations == nil {
		return nil
	}
	return p.deviations[i]
}

// Pays reports whether seat i has a payoff: the revenue and costs of a single
// member that values what it holds, or the revenue of a liquidation.
func (p *Play) Pays(i int) bool {
	return p.Policy.Values[i].Known() || p.Sells(i)
}

// Sells reports whether seat i is the seller of a liquidation, whose payoff is its
// revenue and who values nothing that it holds.
func (p *Play) Sells(i int) bool { return p.Liquidation != nil && i == SellerSeat }

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
