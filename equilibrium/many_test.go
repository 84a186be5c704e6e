package equilibrium

import (
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// plainly is an iteration by the methods for small markets, whatever the size.
func plainly(classes []class, timing Timing) *iteration {
	it := newIteration(classes, timing)
	it.many, it.tracker = nil, nil
	return it
}

// asMany is an iteration by the methods for many classes or members.
func asMany(classes []class, timing Timing) *iteration {
	it := newIteration(classes, timing)
	it.many, it.tracker = newMany(classes), newTracker(it.spectrum, classes)
	return it
}

// unlike are n traders with costs over the given ratio, beside a fringe if its
// cost is positive.
func unlike(n int, ratio, fringe float64) Game {
	g := Game{DiscountRate: .7}
	for i := range n {
		g.Traders = append(g.Traders, Trader{HoldingCost: math.Pow(ratio, float64(i)/float64(n-1)), Count: 1})
	}
	if fringe > 0 {
		g.Traders = append(g.Traders, Trader{Kind: Fringe, HoldingCost: fringe, Count: 1})
	}
	return g
}

// TestManyAndPlainValuesAgree evaluates the value of a carried unit by either
// method, at random states that clear and rest as those of the iteration do.
func TestManyAndPlainValuesAgree(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		plain, s := randomState(t, .1)
		many := asMany(plain.classes, plain.timing)
		many.many.begin(s, plain.classes, plain.timing)
		plain.prepare(s)
		many.prepare(s)
		if !plain.diagonal || !many.diagonal {
			return // complex
		}
		compared++
		for c := range plain.classes {
			if s.diagonal(c, plain.classes[c]) < .1*s.mean[c*s.n+c] {
				continue
			}
			a, b := row{totals: make([]float64, s.n)}, row{totals: make([]float64, s.n)}
			plain.carriedByModes(s, c, &a)
			many.many.row(s, c, &b)
			requireSameRow(t, a, b, 1e-8)
		}
	})
	require.Greater(t, compared, 10)
}

// TestManySolutionsByPlainMeans holds solutions for many classes against the
// conditions as small markets evaluate them: decomposed from scratch, class by
// class.
func TestManySolutionsByPlainMeans(t *testing.T) {
	for name, g := range map[string]Game{
		"narrow":             unlike(60, 1.05, 0),
		"wide":               unlike(45, 300, 0),
		"beside a fringe":    unlike(40, 20, .8),
		"listed at random":   shuffled(unlike(38, 50, 0)),
		"types":              counted(unlike(35, 30, 0)),
		"types and a fringe": counted(unlike(35, 30, 3)),
	} {
		for _, step := range []float64{0, .2} {
			s, err := g.solve(step)
			require.NoError(t, err, "%s, step %g", name, step)
			require.LessOrEqual(t, s.Residual, 1e-12, "%s, step %g", name, step)
			require.LessOrEqual(t, plainly(s.classes, s.Timing).residual(s.state), 1e-11, "%s, step %g", name, step)
		}
	}
}

func shuffled(g Game) Game {
	n := len(g.Traders)
	list := make([]Trader, n)
	for i, trader := range g.Traders {
		list[i*7%n] = trader
	}
	g.Traders = list
	return g
}

func counted(g Game) Game {
	for i := range g.Traders {
		if g.Traders[i].Kind == Strategic {
			g.Traders[i].Count = 1 + i%4
		}
	}
	return g
}

// TestManyAndFewMeet solves a market of 29 classes by either method.
func TestManyAndFewMeet(t *testing.T) {
	for _, g := range []Game{unlike(29, 40, 0), unlike(28, 40, 2)} {
		for _, step := range []float64{0, .2} {
			few, err := g.solve(step)
			require.NoError(t, err)
			it, s := asMany(few.classes, few.Timing), few.state.clone()
			it.many.begin(s, few.classes, few.Timing)
			out := s.clone()
			require.NoError(t, it.next(s, out))
			require.InDeltaSlice(t, few.state.price, out.price, 1e-12)
			require.InDeltaSlice(t, few.state.mean, out.mean, 1e-11*slices.Max(few.state.mean))
		}
	}
}

// TestTracker follows the eigenvectors of a matrix to those of another one.
func TestTracker(t *testing.T) {
	g := unlike(40, 9, 0)
	solution, err := g.solve(0)
	require.NoError(t, err)
	n := len(solution.classes)
	tracker := newTracker(newSpectrum(n), solution.classes)
	r, next := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
	solution.state.totals(solution.classes, r)
	require.True(t, tracker.decompose(r, solution.classes))
	next.Mul(r, r)
	next.Scale(.01/mat.Max(r), next)
	next.Add(next, r)
	next.Add(next, transposed(r, solution.classes, .02))
	require.True(t, tracker.scale(next, solution.classes))
	tracker.deflate()
	require.True(t, tracker.refine(), "from the eigenvectors of r")
	tracker.unscale()
	u, inverse := mat.NewDense(n, n, tracker.vectors), mat.NewDense(n, n, tracker.inverse)
	var ru, uk, id mat.Dense
	ru.Mul(next, u)
	uk.Mul(u, mat.NewDiagDense(n, tracker.speeds))
	id.Mul(inverse, u)
	require.True(t, mat.EqualApprox(&ru, &uk, 1e-12*mat.Max(r)))
	require.True(t, mat.EqualApprox(&id, mat.NewDiagDense(n, slices.Repeat([]float64{1}, n)), 1e-12))

	plain := newSpectrum(n)
	require.True(t, plain.decompose(next, solution.classes))
	slices.Sort(plain.speeds)
	slices.Sort(tracker.speeds)
	require.InDeltaSlice(t, plain.speeds, tracker.speeds, 1e-12*mat.Max(r))
}

// transposed is a part of the transpose of r in the symmetrised coordinates.
func transposed(r *mat.Dense, classes []class, part float64) *mat.Dense {
	out := mat.DenseCopyOf(r)
	out.Apply(func(i, j int, _ float64) float64 {
		a, b := classes[i], classes[j]
		return part * r.At(j, i) * a.count / a.cost * b.cost / b.count
	}, out)
	return out
}

// TestTrackerRefuses matrices without a basis of real eigenvectors.
func TestTrackerRefuses(t *testing.T) {
	ones := []class{{cost: 1, count: 1}, {cost: 1, count: 1}, {cost: 1, count: 1}, {cost: 1, count: 1}}
	for name, m := range map[string][]float64{
		"rotation":     {1, -1, 0, 0, 0, 1, -1, 0, 0, 0, 1, -1, -1, 0, 0, 1},
		"not a number": {1, 1, 0, 0, 0, math.NaN(), 1, 0, 0, 0, 1, 0, 0, 0, 0, 2},
	} {
		require.False(t, newTracker(newSpectrum(4), ones).decompose(mat.NewDense(4, 4, m), ones), name)
	}
}

// TestCoarseMarket: groups keep the members and their risk capacity, a fringe
// stays alone, and a market of pairs of equals is its own coarse market.
func TestCoarseMarket(t *testing.T) {
	classes, _ := counted(unlike(43, 90, 2)).classes()
	groups, into := coarseMarket(classes)
	require.Len(t, groups, 12)
	count, capacity := make([]float64, len(groups)), make([]float64, len(groups))
	for c, g := range into {
		require.True(t, alike(classes[c], groups[g]))
		count[g] += classes[c].count
		capacity[g] += classes[c].count / classes[c].cost
	}
	for g, group := range groups {
		require.Equal(t, group.count, count[g])
		require.InEpsilon(t, group.count/group.cost, capacity[g], 1e-14)
	}
	require.Equal(t, class{kind: Fringe, cost: 2, count: 1, factor: 1}, groups[into[43]])
}

// TestSameOnAnyNumberOfProcessors: products of matrices run on all processors,
// but every sum in one order.
func TestSameOnAnyNumberOfProcessors(t *testing.T) {
	g := unlike(150, 12, 0)
	solve := func(processors int) *state {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		s, err := g.solve(.1)
		require.NoError(t, err)
		require.LessOrEqual(t, s.Residual, 1e-12)
		return s.state
	}
	one := solve(1)
	require.Equal(t, one, solve(2))
	require.Equal(t, one, solve(5))
}

// TestOthersAreNotLarge: markets that do not rest at 1/b, and boundedly rational
// traders, are left to the methods for small markets, whatever their size.
func TestOthersAreNotLarge(t *testing.T) {
	many := slices.Repeat([]class{{cost: 1, count: 1, factor: 1}}, manyClasses)
	require.True(t, isLarge(many))
	require.False(t, isLarge(many[1:]))
	for name, odd := range map[string]class{
		"common values":       {signal: make([]float64, manyClasses)},
		"exponential utility": {shocks: mat.NewDiagDense(manyClasses, nil)},
		"bounded rationality": {kind: MomentumBlind, factor: 1, count: manyMembers},
	} {
		require.False(t, isLarge(append(many[1:], odd)), name)
	}
}
