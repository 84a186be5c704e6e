package equilibrium

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/internal/lyapunov"
)

// NoBestResponseError says that against the others' policies a seat can earn
// without bound, or that no best response was found.
type NoBestResponseError struct{ Reason string }

// Error gives the reason.
func (e *NoBestResponseError) Error() string { return "no best response: " + e.Reason }

// responseSteps bounds the policy iteration; it converges quadratically.
const responseSteps = 100

// settled is the last change of a rule that is worth another iteration: what
// remains is its square, below rounding.
const settled = 1e-9

// BestResponse is what seat i, a single member, would do for ever if it knew the
// others' policies and were free in its own: the linear misreport that
// maximises its payoff. For a strategic trader in the discrete equilibrium it is
// the policy itself, misreport 0. The error is a NoBestResponseError.
//
// Policy iteration on the linear-quadratic problem: the value B of a misreport
// solves a Stein equation, and the best misreport against the value B is
// y = −d_B X/(2c_B), with c and d as in Regret.
func (p *Policy) BestResponse(i int) (*Deviation, error) {
	r := newDecision(p, i)
	rule := make([]float64, len(p.Seats)) // y per unit of X
	for range responseSteps {
		b, err := r.value(rule)
		if err != nil {
			return nil, &NoBestResponseError{"the inventories it would hold grow without bound"}
		}
		next, ok := r.improve(b)
		if !ok {
			return nil, &NoBestResponseError{"the more it trades, the more it earns"}
		}
		change, size := 0.0, 1.0 // a report of X_i that is wrong by all of it has size 1
		for j, v := range next {
			change = math.Max(change, math.Abs(v-rule[j]))
			size = math.Max(size, math.Abs(v))
		}
		rule = next
		if change <= settled*size {
			return &Deviation{Misreport: r.onSignals(rule)}, nil
		}
	}
	return nil, &NoBestResponseError{"policy iteration does not settle"}
}

// decision is the problem of one seat against the others' policies.
type decision struct {
	policy     *Policy
	seat       int
	price      float64    // PF^{·i}: the price per unit misreported
	trade      []float64  // QF^{·i}: the trades
	transition *mat.Dense // M
}

func newDecision(p *Policy, i int) *decision {
	price, flows := p.Mechanism()
	return &decision{policy: p, seat: i, price: price[i], trade: mat.Col(nil, i, flows), transition: p.Transition()}
}

// value is B of always misreporting y = rule·X.
func (r *decision) value(rule []float64) (*mat.SymDense, error) {
	n, p, own := len(rule), r.policy, r.trade[r.seat]
	price, trade := make([]float64, n), make([]float64, n)
	inventory := make([]float64, n)
	inventory[r.seat] = 1
	m := mat.DenseCopyOf(r.transition)
	for j, y := range rule {
		price[j] = p.Price[j] + r.price*y
		trade[j] = p.Flows.At(r.seat, j) + own*y
		for k, q := range r.trade {
			m.Set(k, j, m.At(k, j)-q*y)
		}
	}
	solver, err := lyapunov.NewStein(m, p.Timing.Discount())
	if err != nil {
		return nil, err
	}
	return solver.Solve(payoffForm(p.Timing, p.HoldingCost[r.seat], price, trade, inventory)), nil
}

// improve is the best misreport, per unit of X, if B is the value from the next
// auction on; false where there is none.
func (r *decision) improve(b *mat.SymDense) ([]float64, bool) {
	n, p, own := len(r.trade), r.policy, r.trade[r.seat]
	rho, w := p.Timing.Discount(), p.HoldingCost[r.seat]*p.Timing.HoldingTime()
	q := mat.NewVecDense(n, r.trade)
	var bq, carried mat.VecDense
	bq.MulVec(b, q)
	carried.MulVec(r.transition.T(), &bq)
	c := r.price*own - w/2*own*own + rho*mat.Dot(q, &bq)
	if !(c < 0) {
		return nil, false
	}
	rule := make([]float64, n)
	for j := range rule {
		d := r.price*p.Flows.At(r.seat, j) + own*p.Price[j] + w*own*r.transition.At(r.seat, j) - 2*rho*carried.AtVec(j)
		rule[j] = -d / (2 * c)
	}
	return rule, true
}

// onSignals expresses a rule over X in what the seats know, X = FS.
func (r *decision) onSignals(rule []float64) []float64 {
	if r.policy.Interaction == nil {
		return rule
	}
	var out mat.Dense
	out.Mul(mat.NewDense(1, len(rule), rule), r.policy.Interaction)
	return mat.Row(nil, 0, &out)
}
