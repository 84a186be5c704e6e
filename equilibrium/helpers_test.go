package equilibrium_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
)

// everyone is a limit for Seats that gives each member a seat of its own.
const everyone = math.MaxInt

// large are strategic traders with the given holding costs, one member each.
func large(costs ...float64) []equilibrium.Trader {
	list := make([]equilibrium.Trader, len(costs))
	for i, b := range costs {
		list[i] = members(1, b)
		list[i].Name = fmt.Sprintf("t%d", i+1)
	}
	return list
}

// members is a type of strategic traders.
func members(count int, cost float64) equilibrium.Trader {
	return equilibrium.Trader{Name: fmt.Sprintf("%d at %g", count, cost), HoldingCost: cost, Count: count}
}

// fringe is a continuum of price takers.
func fringe(cost float64) equilibrium.Trader {
	return equilibrium.Trader{Name: "fringe", Kind: equilibrium.Fringe, HoldingCost: cost, Count: 1}
}

// acting gives a trader another conduct; factor is the impact factor of the
// misperceived, and 0 for others.
func acting(t equilibrium.Trader, kind equilibrium.Kind, factor float64) equilibrium.Trader {
	t.Kind, t.ImpactFactor = kind, factor
	return t
}

// game is a market with discount rate r.
func game(r float64, traders ...equilibrium.Trader) equilibrium.Game {
	return equilibrium.Game{DiscountRate: r, Traders: traders}
}

// failer is what *testing.T, *testing.B and *rapid.T have in common.
type failer interface {
	require.TestingT
	Helper()
}

// solve solves the game in continuous time (step 0) or as a discrete game.
func solve(t failer, g equilibrium.Game, step float64) *equilibrium.Solution {
	t.Helper()
	s, err := attempt(g, step)
	require.NoError(t, err, "%+v, step %g", g, step)
	return s
}

func attempt(g equilibrium.Game, step float64) (*equilibrium.Solution, error) {
	if step == 0 {
		return g.Continuous()
	}
	return g.Discrete(step)
}

// timings runs a test in continuous time and as a discrete game.
func timings(t *testing.T, run func(t *testing.T, step float64)) {
	for _, step := range []float64{0, .3} {
		t.Run(fmt.Sprintf("step=%g", step), func(t *testing.T) { run(t, step) })
	}
}

// mechanism is a solution written out over all members.
type mechanism struct {
	p      []float64
	q      *mat.Dense
	values []equilibrium.Value
}

// written writes a solution out; shocks are independent with volatility .1 for
// every member unless a covariance is given.
func written(t failer, s *equilibrium.Solution, covariance mat.Symmetric) mechanism {
	t.Helper()
	seats := s.Game.Seats(everyone)
	if covariance == nil {
		covariance = diagonal(len(seats), .01)
	}
	values, err := s.ValuesOn(seats, covariance)
	require.NoError(t, err)
	return mechanism{s.PriceOn(seats), s.FlowsOn(seats), values}
}

// welfare is f^i(x) of every member.
func (m mechanism) welfare(x []float64) []float64 {
	out := make([]float64, len(m.values))
	for i, v := range m.values {
		out[i] = v.At(x)
	}
	return out
}

// costs are the holding costs of all members.
func costs(g equilibrium.Game) []float64 {
	var b []float64
	for _, t := range g.Traders {
		for range t.Count {
			b = append(b, t.HoldingCost)
		}
	}
	return b
}

func diagonal(n int, v float64) *mat.SymDense {
	m := mat.NewSymDense(n, nil)
	for i := range n {
		m.SetSym(i, i, v)
	}
	return m
}

func vector(v []float64) mat.Matrix { return mat.NewDense(1, len(v), v) }

func dense(rows [][]float64) *mat.Dense {
	m := mat.NewDense(len(rows), len(rows[0]), nil)
	for i, row := range rows {
		m.SetRow(i, row)
	}
	return m
}

// size is the largest entry in absolute value.
func size(m mat.Matrix) float64 { return math.Max(math.Abs(mat.Max(m)), math.Abs(mat.Min(m))) }

// distance is the largest difference between entries.
func distance(a, b mat.Matrix) float64 {
	var d mat.Dense
	d.Sub(a, b)
	return size(&d)
}

// requireClose demands |x − want| ≤ tol·|want| + floor·max|want| of every entry.
func requireClose(t failer, want, got mat.Matrix, tol, floor float64, label string) {
	t.Helper()
	rows, columns := want.Dims()
	r, c := got.Dims()
	require.Equal(t, []int{rows, columns}, []int{r, c}, label)
	scale := size(want)
	for i := range rows {
		for j := range columns {
			w, x := want.At(i, j), got.At(i, j)
			if !(math.Abs(x-w) <= tol*math.Abs(w)+floor*scale) {
				require.Failf(t, label, "entry (%d,%d): want %.17g, got %.17g, difference %.3g", i, j, w, x, x-w)
			}
		}
	}
}

// requireSame demands that two mechanisms agree to tol of their largest entry.
func requireSame(t failer, want, got mechanism, tol float64) {
	t.Helper()
	requireClose(t, vector(want.p), vector(got.p), 0, tol, "P")
	requireClose(t, want.q, got.q, 0, tol, "Q")
	require.Len(t, got.values, len(want.values))
	for i, v := range want.values {
		requireClose(t, v.A, got.values[i].A, 0, tol, fmt.Sprintf("A of member %d", i+1))
		require.InDelta(t, v.K, got.values[i].K, tol*math.Abs(v.K)+1e-300, "k of member %d", i+1)
	}
}

// logUniform draws a number whose logarithm is uniform.
func logUniform(t *rapid.T, low, high float64, label string) float64 {
	return math.Exp(rapid.Float64Range(math.Log(low), math.Log(high)).Draw(t, label))
}

// randomGame draws 3–7 types, or 1–5 and a fringe, with holding costs over
// three decades and at most twelve members.
func randomGame(t *rapid.T) equilibrium.Game {
	withFringe := rapid.Bool().Draw(t, "fringe")
	low, high := 3, 7
	if withFringe {
		low, high = 1, 5
	}
	types := rapid.IntRange(low, high).Draw(t, "types")
	g := game(logUniform(t, .05, 5, "r"))
	spare := 12 - types
	for range types {
		count := rapid.IntRange(1, min(4, 1+spare)).Draw(t, "count")
		spare -= count - 1
		g.Traders = append(g.Traders, members(count, logUniform(t, .03, 30, "b")))
	}
	if withFringe {
		at := rapid.IntRange(0, types).Draw(t, "place of the fringe")
		rest := append([]equilibrium.Trader{fringe(logUniform(t, .03, 30, "fringe's b"))}, g.Traders[at:]...)
		g.Traders = append(g.Traders[:at:at], rest...)
	}
	return g
}

// randomStep draws continuous time (0) or the step of a discrete game.
func randomStep(t *rapid.T) float64 {
	if rapid.Bool().Draw(t, "continuous") {
		return 0
	}
	return logUniform(t, .01, 2, "step")
}
