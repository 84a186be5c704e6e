package equilibrium

import (
	"gonum.org/v1/gonum/mat"

	"walras/internal/lyapunov"
)

// valuer solves the value equations of one state as they stand, whatever its
// spectrum. Classes of one member share one factorisation.
type valuer struct {
	classes []class
	timing  Timing
	state   *state
	shared  *lyapunov.Solver
	guesses []*mat.SymDense // of A^i by classes, under exponential utility; updated
}

// form solves for A^i of a member of class t in the coordinates
// y = (X_i − S_t/n_t, S_1 … S_n), and returns the flow matrix of y with it. A
// single member has no excess, and its row and column are 0.
func (v *valuer) form(t int) (*mat.SymDense, *mat.Dense, error) {
	n, s, c := v.state.n, v.state, v.classes[t]
	q := v.flows(t)
	price, inventory := make([]float64, n+1), make([]float64, n+1)
	copy(price[1:], s.price)
	inventory[t+1] = 1 / c.count
	trade := append([]float64{s.own[t]}, s.mean[t*n:t*n+n]...)
	if c.count > 1 {
		inventory[0] = 1
		solver, err := valueSolver(v.timing, q)
		if err != nil {
			return nil, nil, err
		}
		return solver.Solve(payoffForm(v.timing, c.cost, price, trade, inventory)), q, nil
	}
	right := payoffForm(v.timing, c.cost, price[1:], trade[1:], inventory[1:])
	small, err := v.single(t, q.Slice(1, n+1, 1, n+1), right)
	if err != nil {
		return nil, nil, err
	}
	a := mat.NewSymDense(n+1, nil)
	for i := range n {
		for j := i; j < n; j++ {
			a.SetSym(i+1, j+1, small.At(i, j))
		}
	}
	return a, q, nil
}

// single solves for A^i of a class of one member, over the class totals.
func (v *valuer) single(t int, q mat.Matrix, right *mat.SymDense) (*mat.SymDense, error) {
	if v.classes[t].shocks != nil {
		return v.averse(t, q, right)
	}
	if v.shared == nil {
		solver, err := valueSolver(v.timing, q)
		if err != nil {
			return nil, err
		}
		v.shared = solver
	}
	return v.shared.Solve(right), nil
}

// averse solves the value equation of exponential utility (SS 51),
//
//	rA + AQ + QᵀA + 2rα AΣΣᵀA = ½(PᵀQ^i + Q^{iᵀ}P) − (rα/2)1^{ii},
//
// from the guess for the class, which it replaces.
func (v *valuer) averse(t int, q mat.Matrix, right *mat.SymDense) (*mat.SymDense, error) {
	c := v.classes[t]
	n := c.shocks.SymmetricDim()
	s := mat.NewSymDense(n, nil)
	s.ScaleSym(2*c.cost, c.shocks)
	a, err := lyapunov.Riccati(discounted(v.timing, q), s, right, v.guesses[t])
	if err != nil {
		return nil, err
	}
	v.guesses[t] = a
	return a, nil
}

// flows is the flow matrix of y for a member of class t.
func (v *valuer) flows(t int) *mat.Dense {
	n, s := v.state.n, v.state
	q := mat.NewDense(n+1, n+1, nil)
	s.totals(v.classes, q.Slice(1, n+1, 1, n+1).(*mat.Dense))
	q.Set(0, 0, s.own[t])
	return q
}

// valueSolver prepares the value equation for a flow matrix q: rA + AQ + QᵀA =
// C, or A − ρMᵀAM = C with M = I − Q.
func valueSolver(timing Timing, q mat.Matrix) (*lyapunov.Solver, error) {
	if timing.continuous() {
		return lyapunov.NewLyapunov(discounted(timing, q))
	}
	n, _ := q.Dims()
	var g mat.Dense
	g.Scale(-1, q)
	for i := range n {
		g.Set(i, i, g.At(i, i)+1)
	}
	return lyapunov.NewStein(&g, timing.Discount())
}

// discounted is Q + (r/2)I, in which the value equation of continuous time is
// the Lyapunov equation.
func discounted(timing Timing, q mat.Matrix) *mat.Dense {
	n, _ := q.Dims()
	g := mat.DenseCopyOf(q)
	for i := range n {
		g.Set(i, i, g.At(i, i)+timing.DiscountRate/2)
	}
	return g
}

// payoffForm is the flow payoff of one period as a quadratic form:
// ½(PᵀQ^i + Q^{iᵀ}P) − (b/2)1^{ii}, or its discrete counterpart with the
// holding cost of what remains after trade.
func payoffForm(timing Timing, cost float64, price, flow, inventory []float64) *mat.SymDense {
	n := len(price)
	form := mat.NewSymDense(n, nil)
	held, weight := inventory, cost
	if !timing.continuous() {
		weight = cost * timing.HoldingTime()
		held = make([]float64, n)
		for i := range held {
			held[i] = inventory[i] - flow[i]
		}
	}
	for i := range n {
		for j := i; j < n; j++ {
			form.SetSym(i, j, (price[i]*flow[j]+price[j]*flow[i]-weight*held[i]*held[j])/2)
		}
	}
	return form
}
