package equilibrium_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
	"walras/internal/golden"
)

// averse is the market under exponential utility with b = rα.
func averse(g equilibrium.Game, covariance mat.Symmetric) equilibrium.Game {
	g.Exponential, g.Covariance = true, covariance
	return g
}

// spread is a covariance of correlated shocks of different size.
func spread(n int) *mat.SymDense {
	c := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			c.SetSym(i, j, .01*math.Pow(.6, float64(j-i))*float64(i+1)/float64(n)*float64(j+1)/float64(n))
		}
	}
	return c
}

func TestGoldenExponential(t *testing.T) {
	for _, name := range []string{"paper-exponential-uniform", "paper-exponential-mixed"} {
		m := goldenMarket{golden.DoubleAuction(t, name)}
		m.B = make([]float64, len(m.Alpha))
		for i, alpha := range m.Alpha {
			m.B[i] = m.R * alpha
		}
		g := averse(m.game(), m.covariance())
		got := written(t, solve(t, g, 0), g.Covariance)
		requireClose(t, vector(m.P), vector(got.p), goldenTolerance, goldenFloor, name+" P")
		requireClose(t, dense(m.Q), got.q, goldenTolerance, goldenFloor, name+" Q")
	}
}

// TestSmallShocksAreQuadratic: as Σ → 0 the market is that of holding costs
// b = rα (SS Proposition 16), at first order in the covariance.
func TestSmallShocksAreQuadratic(t *testing.T) {
	g := game(.7, large(.8, 1.5, 2, 2, 3)...)
	want := written(t, solve(t, g, 0), spread(5))
	none := written(t, solve(t, averse(g, diagonal(5, 0)), 0), spread(5))
	requireSame(t, want, none, 1e-11)
	var price, trade, value []float64
	for _, share := range []float64{1e-2, 1e-3, 1e-4} {
		c := spread(5)
		c.ScaleSym(share, c)
		m := written(t, solve(t, averse(g, c), 0), c)
		price = append(price, distance(vector(want.p), vector(m.p)))
		trade = append(trade, distance(want.q, m.q))
		value = append(value, distance(want.values[2].A, m.values[2].A))
	}
	requireOrder(t, "P", 10, price...)
	requireOrder(t, "Q", 10, trade...)
	requireOrder(t, "A", 10, value...)
}

// TestExponentialScalesWithTheRate: in units of time 1/r the equations know
// nothing of r. P, A and Q/r are those of r = 1, and k is by 1/r larger.
func TestExponentialScalesWithTheRate(t *testing.T) {
	const r = .3
	alpha := []float64{1, 1.5, 2, 2.5}
	var one, other []float64
	for _, a := range alpha {
		one, other = append(one, a), append(other, r*a)
	}
	want := written(t, solve(t, averse(game(1, large(one...)...), spread(4)), 0), spread(4))
	got := written(t, solve(t, averse(game(r, large(other...)...), spread(4)), 0), spread(4))
	got.q.Scale(1/r, got.q)
	for i := range got.values {
		got.values[i].K *= r
	}
	requireSame(t, want, got, 1e-12)
}

// hjb is a trader's problem as SS appendix A states it, in wealth w, inventories
// X, consumption c and the report X_i + y:
//
//	−rV + u(c) + V_w(rw − c + p q_i) + ½V_ww X_i² + V_X·(−QX̂) + ½tr(ΣΣᵀV_XX),
//
// p = PX̂, q = QX̂, X̂ = X + 1^i y, u(c) = −exp(−αc); dW and dZ are independent.
type hjb struct {
	r, alpha   float64
	i          int
	m          mechanism
	covariance mat.Symmetric
	w          float64
	x          []float64
}

// terms are the terms of the equation in units of |V|, V = −(1/r)exp(−rα(w + f)),
// whose derivatives are those of f = XᵀAX + k by the chain rule.
func (h hjb) terms(c, y float64) terms {
	v := h.m.values[h.i]
	f, ra := v.At(h.x), h.r*h.alpha
	report := append([]float64(nil), h.x...)
	report[h.i] += y
	price, flows := 0.0, mat.NewVecDense(len(h.x), nil)
	for j, x := range report {
		price += h.m.p[j] * x
	}
	flows.MulVec(h.m.q, mat.NewVecDense(len(report), report))
	gradient := mat.NewVecDense(len(h.x), nil)
	gradient.MulVec(v.A, mat.NewVecDense(len(h.x), h.x))
	gradient.ScaleVec(2, gradient)
	// V = −1 in these units: V_w = rα, V_ww = −(rα)², u(c) = −r exp(−α(c − r(w+f)))
	sum := terms{
		h.r, -h.r * math.Exp(-h.alpha*(c-h.r*(h.w+f))),
		ra * h.r * h.w, -ra * c, ra * price * flows.AtVec(h.i), -ra * ra / 2 * h.x[h.i] * h.x[h.i],
		-ra * mat.Dot(gradient, flows),
	}
	for j := range h.x {
		for k := range h.x {
			second := ra*2*v.A.At(j, k) - ra*ra*gradient.AtVec(j)*gradient.AtVec(k)
			sum = append(sum, h.covariance.At(j, k)*second/2)
		}
	}
	return sum
}

func (h hjb) at(c, y float64) float64 {
	sum := 0.0
	for _, v := range h.terms(c, y) {
		sum += v
	}
	return sum
}

// TestExponentialSolvesItsHJBEquation, r and α away from 1: the equation holds at
// consumption r(w + f) and the truth, and neither another consumption nor
// another report is better.
func TestExponentialSolvesItsHJBEquation(t *testing.T) {
	const r = .7
	alpha := []float64{1.2, 1.7, 2.4, 3.1}
	var b []float64
	for _, a := range alpha {
		b = append(b, r*a)
	}
	g := averse(game(r, large(b...)...), spread(4))
	m := written(t, solve(t, g, 0), g.Covariance)
	require.InEpsilon(t, alpha[2], g.RiskAversion(2), 1e-15)
	rapid.Check(t, func(t *rapid.T) {
		h := hjb{r: r, i: rapid.IntRange(0, 3).Draw(t, "i"), m: m, covariance: g.Covariance}
		h.alpha, h.w = alpha[h.i], rapid.Float64Range(-2, 2).Draw(t, "w")
		h.x = rapid.SliceOfN(rapid.Float64Range(-1, 1), 4, 4).Draw(t, "X")
		c := r * (h.w + m.values[h.i].At(h.x))
		require.LessOrEqual(t, h.terms(c, 0).excess(), 1e-13)
		const d = 1e-4
		for _, other := range []float64{-d, d} {
			require.Less(t, h.at(c+other, 0), h.at(c, 0))
			require.Less(t, h.at(c, other), h.at(c, 0))
		}
		require.InDelta(t, 0, (h.at(c, d)-h.at(c, -d))/(2*d), 1e-9) // quadratic in y: rounding alone
		require.InDelta(t, 0, (h.at(c+d, 0)-h.at(c-d, 0))/(2*d), 1e-7)
	})
}

// TestExponentialConditions: one speed is 0, and where the market rests is no
// longer where inventories are proportional to risk capacity.
func TestExponentialConditions(t *testing.T) {
	g := averse(game(.7, large(1, 1.5, 2, 2.5)...), spread(4))
	s := solve(t, g, 0)
	require.LessOrEqual(t, s.Residual, 1e-11)
	require.Equal(t, equilibrium.Conditions{Stable: true, SecondOrder: true}, s.Conditions())
	speeds, vectors, ok := s.Modes()
	require.True(t, ok)
	require.Zero(t, speeds[0])
	require.Greater(t, speeds[1], .1)
	require.Greater(t, math.Abs(vectors.At(3, 0)-1/2.5), 1e-3)
}

// TestExponentialOnGrid: quantities are rates times the step, and values those
// of continuous time.
func TestExponentialOnGrid(t *testing.T) {
	const step = .05
	g := averse(game(.7, large(1, 1.5, 2, 2.5)...), spread(4))
	s := solve(t, g, 0)
	limit := written(t, s, g.Covariance)
	p, err := s.OnGrid(step, g.Seats(everyone), g.Covariance)
	require.NoError(t, err)
	var rate mat.Dense
	rate.Scale(1/step, p.Flows)
	requireSame(t, limit, mechanism{p.Price, &rate, p.Values}, 1e-14)
	k := 0.0
	for i := range 4 {
		for j := range 4 {
			k += p.Values[1].A.At(i, j) * g.Covariance.At(i, j) / .7
		}
	}
	require.InEpsilon(t, k, p.Values[1].K, 1e-13)
}

// TestTooMuchRisk: with large shocks there is no solution, and the error says
// how large they may be; a little below there is one.
func TestTooMuchRisk(t *testing.T) {
	g := averse(game(.7, large(1, 1.5, 2, 2.5)...), diagonal(4, 3))
	_, err := g.Continuous()
	var none *equilibrium.NoEquilibriumError
	require.ErrorAs(t, err, &none)
	require.Contains(t, err.Error(), "scale the volatilities by")
}

// TestManyAverseTraders is the largest market that the solver is meant for.
func TestManyAverseTraders(t *testing.T) {
	const n = 40
	b := make([]float64, n)
	for i := range b {
		b[i] = .6 * (1 + 2*float64(i)/n)
	}
	s := solve(t, averse(game(.6, large(b...)...), spread(n)), 0)
	require.LessOrEqual(t, s.Residual, 1e-11)
}
