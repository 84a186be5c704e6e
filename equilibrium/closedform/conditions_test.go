package closedform_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
	"walras/internal/golden"
)

// The equilibrium conditions, written out from SS (15), (16), (17) and their
// discrete counterparts, with nothing of the package under test: value matrices
// come from one dense linear solve of the vectorised equation.

// game is a market in which trader i has holding cost b[i] and the last trader
// is a price-taking fringe if fringe is set. step = 0 is continuous time. With a
// factor all take their impact to be so many times what it is, and know of no
// transient impact (SS 33).
type game struct {
	b      []float64
	r      float64
	step   float64
	fringe bool
	factor float64 // or 0
}

// discount returns ρ and h; in continuous time they are not used.
func (g game) discount() (rho, h float64) {
	return math.Exp(-g.r * g.step), -math.Expm1(-g.r*g.step) / g.r
}

// kept is M = I − Q.
func kept(q mat.Matrix) *mat.Dense {
	n, _ := q.Dims()
	m := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			m.Set(i, j, -q.At(i, j))
		}
		m.Set(i, i, 1-q.At(i, i))
	}
	return m
}

// values solves for all A^i. Continuous: rA + AQ + QᵀA = C^i. Discrete:
// A − ρMᵀAM = (1−ρ)A + ρ(AQ + QᵀA − QᵀAQ) = C^i, the second form without
// cancellation as Δ → 0. Row-major vectorisation.
func (g game) values(p []float64, q *mat.Dense) []*mat.Dense {
	n := len(p)
	rho, h := g.discount()
	m := kept(q)
	at := func(a, b int) int { return a*n + b }
	operator := mat.NewDense(n*n, n*n, nil)
	add := func(i, j int, v float64) { operator.Set(i, j, operator.At(i, j)+v) }
	for a := range n {
		for b := range n {
			if g.step > 0 {
				add(at(a, b), at(a, b), -math.Expm1(-g.r*g.step))
				for c := range n {
					add(at(a, b), at(a, c), rho*q.At(c, b))
					add(at(a, b), at(c, b), rho*q.At(c, a))
					for d := range n {
						add(at(a, b), at(c, d), -rho*q.At(c, a)*q.At(d, b))
					}
				}
				continue
			}
			add(at(a, b), at(a, b), g.r)
			for c := range n {
				add(at(a, b), at(a, c), q.At(c, b))
				add(at(a, b), at(c, b), q.At(c, a))
			}
		}
	}
	right := mat.NewDense(n*n, n, nil)
	for i := range n {
		for a := range n {
			for b := range n {
				c := (p[a]*q.At(i, b) + p[b]*q.At(i, a)) / 2
				switch {
				case g.step > 0:
					c -= g.b[i] * h / 2 * m.At(i, a) * m.At(i, b)
				case a == i && b == i:
					c -= g.b[i] / 2
				}
				right.Set(at(a, b), i, c)
			}
		}
	}
	var solution mat.Dense
	if err := solution.Solve(operator, right); err != nil {
		panic(err)
	}
	out := make([]*mat.Dense, n)
	for i := range out {
		out[i] = mat.NewDense(n, n, mat.Col(nil, i, &solution))
	}
	return out
}

// misperceived are the terms of entry j of (P − φIQ^i)(rI + Q) + b1^i − φλQ^i, or
// of P − φIQ^i + bh(1^i − Q^i) − ρ(P − φIQ^i + φλQ^i)M.
func (g game) misperceived(p []float64, q *mat.Dense, i, j int) []float64 {
	rho, h := g.discount()
	m, others, unit := kept(q), 0.0, 0.0
	for k, b := range g.b {
		if k != i {
			others += 1 / b
		}
	}
	if i == j {
		unit = 1
	}
	now, later := g.factor*-p[i]/q.At(i, i), g.factor/(g.r*others)
	var terms []float64
	if g.step == 0 {
		terms = append(terms, g.r*p[j], -g.r*now*q.At(i, j), g.b[i]*unit, -later*q.At(i, j))
	} else {
		terms = append(terms, p[j], -now*q.At(i, j), g.b[i]*h*m.At(i, j))
	}
	for k := range p {
		if g.step == 0 {
			terms = append(terms, p[k]*q.At(k, j), -now*q.At(i, k)*q.At(k, j))
			continue
		}
		terms = append(terms, -rho*p[k]*m.At(k, j), rho*(now-later)*q.At(i, k)*m.At(k, j))
	}
	return terms
}

// residuals returns each trader's first-order condition (row i) and the size of
// the terms that cancel in it. Strategic conditions are divided by q^{ii}.
func (g game) residuals(p []float64, q *mat.Dense) (residual, scale *mat.Dense) {
	n := len(p)
	rho, h := g.discount()
	m := kept(q)
	a := g.values(p, q)
	residual, scale = mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			var unit float64
			if i == j {
				unit = 1
			}
			var terms []float64
			own := q.At(i, i)
			switch fringe := g.fringe && i == n-1; {
			case fringe && g.step == 0: // rP + PQ + b1^i = 0
				terms = append(terms, g.r*p[j], g.b[i]*unit)
				for k := range n {
					terms = append(terms, p[k]*q.At(k, j))
				}
			case fringe: // P + bh(1^i − Q^i) − ρPM = 0
				terms = append(terms, p[j], g.b[i]*h*m.At(i, j))
				for k := range n {
					terms = append(terms, -rho*p[k]*m.At(k, j))
				}
			case g.factor > 0:
				terms = g.misperceived(p, q, i, j)
			case g.step == 0: // p^iQ^i + q^{ii}P − 2(A^iQ^{·i})ᵀ = 0
				terms = append(terms, p[i]*q.At(i, j)/own, p[j])
				for k := range n {
					terms = append(terms, -2*a[i].At(j, k)*q.At(k, i)/own)
				}
			default: // p^iQ^i + q^{ii}P + bhq^{ii}(1^i−Q^i) − 2ρ(Q^{·i})ᵀA^iM = 0
				terms = append(terms, p[i]*q.At(i, j)/own, p[j], g.b[i]*h*m.At(i, j))
				for k := range n {
					for l := range n {
						terms = append(terms, -2*rho*q.At(k, i)*a[i].At(k, l)*m.At(l, j)/own)
					}
				}
			}
			var sum, size float64
			for _, t := range terms {
				sum += t
				size += math.Abs(t)
			}
			residual.Set(i, j, sum)
			scale.Set(i, j, size)
		}
	}
	return residual, scale
}

// requireEquilibrium checks acceptance (q^{ii} > 0 > p^i, columns of Q sum to
// zero), every trader's condition, and the value matrices if there are any.
func requireEquilibrium(t require.TestingT, g game, p []float64, q *mat.Dense, a []*mat.SymDense, tol float64) {
	n := len(p)
	residual, scale := g.residuals(p, q)
	for j := range n {
		require.Negative(t, p[j])
		require.Positive(t, q.At(j, j))
		require.InDelta(t, 0, mat.Sum(q.ColView(j)), 1e-13*float64(n)*q.At(j, j), "column %d of Q", j)
		for i := range n {
			require.LessOrEqual(t, math.Abs(residual.At(i, j)), tol*scale.At(i, j), "condition %d, component %d", i, j)
		}
	}
	if a == nil {
		return
	}
	require.Len(t, a, n)
	for i, want := range g.values(p, q) {
		requireClose(t, want, a[i], tol, "A[%d]", i)
	}
}

// requireClose compares matrices entry by entry, relative to the largest entry.
func requireClose(t require.TestingT, want, got mat.Matrix, tol float64, label string, args ...any) {
	rows, cols := want.Dims()
	gotRows, gotCols := got.Dims()
	require.Equal(t, [2]int{rows, cols}, [2]int{gotRows, gotCols})
	var difference mat.Dense
	difference.Sub(want, got)
	require.LessOrEqual(t, mat.Norm(&difference, math.Inf(1)), tol*mat.Norm(want, math.Inf(1)), append([]any{label}, args...)...)
}

// logUniform draws between low and high, evenly in the logarithm.
func logUniform(t *rapid.T, low, high float64, label string) float64 {
	return math.Exp(rapid.Float64Range(math.Log(low), math.Log(high)).Draw(t, label))
}

// repeat returns n copies of b.
func repeat(b float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = b
	}
	return out
}

// TestConditionsRejectNonEquilibria makes sure that the conditions above can
// fail: the golden equilibrium of five unlike traders passes, and misses after
// a relative change of 1e-6 in any one coefficient.
func TestConditionsRejectNonEquilibria(t *testing.T) {
	for _, name := range []string{"paper-five-traders", "two-large-and-fringe"} {
		m := golden.DoubleAuction(t, name)
		for _, c := range m.All() {
			g := game{b: m.B, r: m.R, step: c.Step, fringe: m.Fringe}
			n := len(c.P)
			q := dense(c.Q)
			requireEquilibrium(t, g, c.P, q, nil, 1e-12)
			for k := range n * n {
				p, bent := append([]float64(nil), c.P...), mat.DenseCopyOf(q)
				if i, j := k/n, k%n; i == 0 {
					p[j] *= 1 + 1e-6
				} else {
					bent.Set(i, j, q.At(i, j)*(1+1e-6))
				}
				residual, scale := g.residuals(p, bent)
				residual.DivElem(residual, scale)
				require.Greater(t, mat.Max(absolute(residual)), 1e-9, "%s, step %v, coefficient %d", name, c.Step, k)
			}
		}
	}
}

func absolute(m *mat.Dense) *mat.Dense {
	var out mat.Dense
	out.Apply(func(_, _ int, v float64) float64 { return math.Abs(v) }, m)
	return &out
}

func dense(rows [][]float64) *mat.Dense {
	m := mat.NewDense(len(rows), len(rows[0]), nil)
	for i, row := range rows {
		m.SetRow(i, row)
	}
	return m
}
