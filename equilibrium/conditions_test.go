package equilibrium_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
)

// The equilibrium conditions, written out member by member from SS (15), (16),
// (17) and their discrete counterparts, with nothing of the package under test:
// value matrices come from one dense linear solve of the vectorised equation.

// terms are the numbers that one equation sums to zero.
type terms []float64

// excess is the sum relative to the size of the terms.
func (ts terms) excess() float64 {
	sum, scale := 0.0, 0.0
	for _, v := range ts {
		sum += v
		scale += math.Abs(v)
	}
	if scale == 0 {
		return 0
	}
	return math.Abs(sum) / scale
}

// raw is a market of members and a mechanism that claims to be its equilibrium.
type raw struct {
	b    []float64            // per member
	who  []equilibrium.Trader // the type of each member
	r    float64
	step float64 // Δ, or 0 for continuous time
	p    []float64
	q    *mat.Dense
	f    *mat.Dense // common values, or nil
}

func rawOf(g equilibrium.Game, step float64, m mechanism) raw {
	out := raw{b: costs(g), r: g.DiscountRate, step: step, p: m.p, q: m.q, f: g.Interaction}
	for _, trader := range g.Traders {
		for range trader.Count {
			out.who = append(out.who, trader)
		}
	}
	return out
}

func (m raw) discount() float64     { return math.Exp(-m.r * m.step) }
func (m raw) cost(i int) float64    { return m.b[i] * -math.Expm1(-m.r*m.step) / m.r } // b h
func (m raw) kept(i, j int) float64 { return unit(i, j) - m.q.At(i, j) }               // M = I − Q
func (m raw) drift(j int) (sum terms) {
	for k, p := range m.p {
		sum = append(sum, p*m.q.At(k, j)) // (PQ)_j
	}
	return sum
}

func unit(i, j int) float64 {
	if i == j {
		return 1
	}
	return 0
}

// values solves SS (16) for all A^i, rA + AQ + QᵀA = ½(PᵀQ^i + Q^{iᵀ}P) −
// (b/2)1^{ii}, or A − ρMᵀAM = ½(PᵀQ^i + Q^{iᵀ}P) − (bh/2)(1^i−Q^i)ᵀ(1^i−Q^i) in
// the form (1−ρ)A + ρ(AQ + QᵀA − QᵀAQ), which does not cancel as Δ → 0.
func (m raw) values() []*mat.Dense {
	n := len(m.p)
	decay, weight, quadratic := m.r, 1.0, 0.0
	if m.step > 0 {
		decay, weight, quadratic = -math.Expm1(-m.r*m.step), m.discount(), m.discount()
	}
	// (X ⊗ Y) vec A = vec XAYᵀ, row by row
	qt, id := m.q.T(), mat.DenseCopyOf(diagonal(n, 1))
	var operator, left, right, both mat.Dense
	left.Kronecker(qt, id)
	right.Kronecker(id, qt)
	both.Kronecker(qt, qt)
	operator.Add(&left, &right)
	operator.Scale(weight, &operator)
	both.Scale(-quadratic, &both)
	operator.Add(&operator, &both)
	for k := range n * n {
		operator.Set(k, k, operator.At(k, k)+decay)
	}
	payoffs := mat.NewDense(n*n, n, nil)
	for i := range n {
		for j := range n {
			for k := range n {
				payoffs.Set(j*n+k, i, m.payoff(i, j, k))
			}
		}
	}
	var solution mat.Dense
	if err := solution.Solve(&operator, payoffs); err != nil {
		panic(err)
	}
	out := make([]*mat.Dense, n)
	for i := range out {
		out[i] = mat.NewDense(n, n, mat.Col(nil, i, &solution))
	}
	return out
}

func (m raw) payoff(i, j, k int) float64 {
	trade := (m.p[j]*m.q.At(i, k) + m.p[k]*m.q.At(i, j)) / 2
	if m.step > 0 {
		return trade - m.cost(i)/2*m.kept(i, j)*m.kept(i, k)
	}
	return trade - m.b[i]/2*unit(i, j)*unit(i, k)
}

// reported and moved are PF^{·i} and entry k of QF^{·i}: what the price and
// member k's trade change when i reports one more unit.
func (m raw) reported(i int) float64 {
	if m.f == nil {
		return m.p[i]
	}
	sum := 0.0
	for k, p := range m.p {
		sum += p * m.f.At(k, i)
	}
	return sum
}

func (m raw) moved(k, i int) float64 {
	if m.f == nil {
		return m.q.At(k, i)
	}
	sum := 0.0
	for l := range m.p {
		sum += m.q.At(k, l) * m.f.At(l, i)
	}
	return sum
}

// strategic is entry j of SS (15), p^iQ^i + q^{ii}P = 2(A^iQ^{·i})ᵀ, or of its
// discrete counterpart p^iQ^i + q^{ii}P + b_i h q^{ii}(1^i−Q^i) = 2ρ(Q^{·i})ᵀA^iM,
// divided by q^{ii}; with reported and moved in place of p^i and Q^{·i}.
func (m raw) strategic(i, j int, a *mat.Dense) terms {
	own := m.moved(i, i)
	sum := terms{m.reported(i) * m.q.At(i, j) / own, m.p[j]}
	if m.step > 0 {
		sum = append(sum, m.cost(i)*unit(i, j), -m.cost(i)*m.q.At(i, j))
	}
	for k := range m.p {
		gain := -2 * m.moved(k, i) / own // and one unit less of X_i
		if m.step == 0 {
			sum = append(sum, gain*a.At(k, j))
			continue
		}
		for l := range m.p {
			sum = append(sum, m.discount()*gain*a.At(k, l)*m.kept(l, j))
		}
	}
	return sum
}

// taker is entry j of SS (17), rP + PQ + b1^i = 0, or of P + bh(1^i − Q^i) −
// ρP(I − Q) = 0.
func (m raw) taker(i, j int) terms {
	if m.step == 0 {
		return append(m.drift(j), m.r*m.p[j], m.b[i]*unit(i, j))
	}
	sum := m.drift(j)
	for k := range sum {
		sum[k] *= m.discount()
	}
	return append(sum, m.p[j]*-math.Expm1(-m.r*m.step), m.cost(i)*unit(i, j), -m.cost(i)*m.q.At(i, j))
}

// perceived is entry j of SS (33), (P − φIQ^i)(rI + Q) + b1^i − φλQ^i = 0, or of
// P − φIQ^i + bh(1^i − Q^i) − ρ(P − φIQ^i + φλQ^i)M = 0; the momentum-blind have
// P for P(I + Q/r), or for PM.
func (m raw) perceived(i, j int) terms {
	who, others := m.who[i], 0.0
	for k, b := range m.b {
		if k != i {
			others += 1 / b
		}
	}
	factor := 1.0
	if who.Kind == equilibrium.Misperceived {
		factor = who.ImpactFactor
	}
	now, later := -factor*m.p[i]/m.q.At(i, i), factor/(m.r*others) // φI, φλ
	revenue := func(k int) float64 { return m.p[k] - now*m.q.At(i, k) }
	sum := terms{m.r * m.p[j], -m.r * now * m.q.At(i, j), m.b[i] * unit(i, j), -later * m.q.At(i, j)}
	if m.step > 0 {
		rho := m.discount()
		sum = terms{m.p[j], -now * m.q.At(i, j), m.cost(i) * m.kept(i, j)}
		for k := range m.p {
			sum = append(sum, -rho*(later-now)*m.q.At(i, k)*m.kept(k, j))
			if who.Kind != equilibrium.MomentumBlind {
				sum = append(sum, -rho*m.p[k]*m.kept(k, j))
			}
		}
		if who.Kind == equilibrium.MomentumBlind {
			sum = append(sum, -rho*m.p[j])
		}
		return sum
	}
	for k := range m.p {
		if who.Kind == equilibrium.MomentumBlind {
			sum = append(sum, -now*m.q.At(i, k)*m.q.At(k, j))
			continue
		}
		sum = append(sum, revenue(k)*m.q.At(k, j))
	}
	return sum
}

// condition is entry j of what member i contributes.
func (m raw) condition(i, j int, a *mat.Dense) terms {
	switch m.who[i].Kind {
	case equilibrium.Strategic:
		return m.strategic(i, j, a)
	case equilibrium.Fringe:
		return m.taker(i, j)
	default:
		return m.perceived(i, j)
	}
}

// requireEquilibrium checks every condition to tol of its terms.
func (m raw) requireEquilibrium(t failer, values []equilibrium.Value, tol float64) {
	t.Helper()
	a := m.values()
	for i := range m.b {
		requireClose(t, a[i], values[i].A, 0, tol, "A")
		require.Negative(t, m.reported(i))
		require.Positive(t, m.moved(i, i))
		for j := range m.b {
			require.LessOrEqual(t, m.condition(i, j, a[i]).excess(), tol, "condition of member %d, entry %d", i+1, j+1)
		}
	}
}

// requireEfficientRest checks that what one sells another buys, and that the
// market rests where inventories are proportional to risk capacity.
func (m raw) requireEfficientRest(t failer, tol float64) {
	t.Helper()
	for i := range m.b {
		var row, column terms
		for j, b := range m.b {
			column = append(column, m.q.At(j, i))
			row = append(row, m.q.At(i, j)/b)
		}
		require.LessOrEqual(t, column.excess(), tol, "column %d of Q", i+1)
		require.LessOrEqual(t, row.excess(), tol, "Q(1/b) of member %d", i+1)
	}
}

func TestConditionsOnRandomMarkets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, step := randomGame(t), randomStep(t)
		s := solve(t, g, step)
		require.LessOrEqual(t, s.Residual, 1e-11)
		require.Equal(t, equilibrium.Conditions{Stable: true, SecondOrder: true}, s.Conditions())
		m := written(t, s, nil)
		market := rawOf(g, step, m)
		market.requireEquilibrium(t, m.values, 1e-9)
		market.requireEfficientRest(t, 1e-9)
	})
}
