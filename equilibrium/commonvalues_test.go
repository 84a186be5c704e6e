package equilibrium_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
	"walras/internal/golden"
)

// common is the market with common values f.
func common(g equilibrium.Game, f *mat.Dense) equilibrium.Game {
	g.Interaction = f
	return g
}

// uniformValues is F with φ everywhere off the diagonal.
func uniformValues(n int, phi float64) *mat.Dense {
	f := mat.NewDense(n, n, nil)
	for i := range n {
		for j := range n {
			f.Set(i, j, phi)
		}
		f.Set(i, i, 1)
	}
	return f
}

// alike are n strategic traders with one holding cost.
func alike(n int, cost float64) []equilibrium.Trader {
	list := make([]float64, n)
	for i := range list {
		list[i] = cost
	}
	return large(list...)
}

// informedSecond is the example of SS section 6 at another r: trader 2 knows what
// concerns everybody.
func informedSecond(t *testing.T, r float64) equilibrium.Game {
	m := golden.DoubleAuction(t, "paper-common-values")
	return common(game(r, large(m.B...)...), dense(m.F))
}

func TestGoldenCommonValues(t *testing.T) {
	m := golden.DoubleAuction(t, "paper-common-values")
	s := solve(t, informedSecond(t, m.R), 0)
	got := written(t, s, nil)
	requireClose(t, vector(m.P), vector(got.p), goldenTolerance, goldenFloor, "P")
	requireClose(t, dense(m.Q), got.q, goldenTolerance, goldenFloor, "Q")
	requirePrinted(t, 2.20, s.ImpactOf(1).Instantaneous, .01, false) // SS footnote 30
	for _, other := range []int{0, 2, 3, 4} {
		require.Less(t, s.ImpactOf(other).Instantaneous, .6)
	}
}

// TestSymmetricCommonValues compares with the closed form, from negative φ to
// just below the bound.
func TestSymmetricCommonValues(t *testing.T) {
	const b, r = 1.7, .6
	timings(t, func(t *testing.T, step float64) {
		for _, n := range []int{3, 5, 12} {
			bound := float64(n-2) / float64(2*(n-1))
			for _, phi := range []float64{-.05, .3 * bound, .9 * bound, bound - 1e-6} {
				want, err := closedform.SymmetricCommon(n, b, r, phi)
				if step > 0 {
					want, err = closedform.SymmetricCommonDiscrete(n, b, r, phi, step)
				}
				require.NoError(t, err)
				got := written(t, solve(t, common(game(r, alike(n, b)...), uniformValues(n, phi)), step), nil)
				// the digits that φ − bound has lost
				tol := 1e-13 / math.Min(1, bound-phi)
				label := fmt.Sprintf("N = %d, φ = %g", n, phi)
				requireClose(t, vector(want.P), vector(got.p), 0, 100*tol, label+" P")
				requireClose(t, want.Q, got.q, 0, 100*tol, label+" Q")
				requireClose(t, want.A[n-1], got.values[n-1].A, 0, 100*tol, label+" A")
			}
		}
	})
}

// TestTradeStopsAtTheBound: at and beyond the bound the error states it.
func TestTradeStopsAtTheBound(t *testing.T) {
	timings(t, func(t *testing.T, step float64) {
		for _, n := range []int{3, 5, 12} {
			bound := float64(n-2) / float64(2*(n-1))
			for _, phi := range []float64{bound, bound + 1e-6, .95} {
				_, err := attempt(common(game(.6, alike(n, 1.7)...), uniformValues(n, phi)), step)
				var none *equilibrium.NoEquilibriumError
				require.True(t, errors.As(err, &none), "φ = %g: %v", phi, err)
				require.Contains(t, err.Error(), fmt.Sprintf("φ = (N−2)/(2(N−1)) = %.6g", bound))
			}
		}
	})
}

// TestTradeFadesAtTheLimit follows markets of different traders to where the
// incentive to trade ends: there all speeds tend to zero, and beyond there is no
// equilibrium. The limit is Σ b_i (F⁻¹)_ij / b_j = 2.
func TestTradeFadesAtTheLimit(t *testing.T) {
	b := []float64{1, 1.5, 2, 2.4}
	shape := mat.NewDense(4, 4, []float64{0, .4, .1, .3, .2, 0, .5, .1, .3, .3, 0, .2, .1, .2, .3, 0})
	at := func(share float64) equilibrium.Game {
		f := mat.NewDense(4, 4, nil)
		f.Scale(share, shape)
		f.Add(f, diagonal(4, 1))
		return common(game(.7, large(b...)...), f)
	}
	gap := func(share float64) float64 {
		var inverse mat.Dense
		require.NoError(t, inverse.Inverse(at(share).Interaction))
		sum := -2.0
		for i := range b {
			for j := range b {
				sum += b[i] * inverse.At(i, j) / b[j]
			}
		}
		return sum
	}
	low, high := 0.0, 2.0
	for range 60 {
		if middle := (low + high) / 2; gap(middle) > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	timings(t, func(t *testing.T, step float64) {
		var last float64
		for _, short := range []float64{1e-3, 1e-4, 1e-5} {
			speeds := solve(t, at(low*(1-short)), step).Speeds()
			fastest := speeds[len(speeds)-1]
			if last > 0 {
				require.InDelta(t, 10, last/fastest, .2)
			}
			last = fastest
		}
		_, err := attempt(at(low*(1+1e-9)), step)
		require.ErrorContains(t, err, fmt.Sprintf("trade stops at %.6g", 1-1e-9))
		_, err = attempt(at(2*low), step)
		require.ErrorContains(t, err, "trade stops at 0.5 of the off-diagonal entries")
		require.ErrorContains(t, err, "scale the off-diagonal entries of common_values by less than 0.5")
	})
}

// TestSingularCommonValues: with φ < 0 trade does not fade, F becomes singular,
// and the error says on which side of it to stay.
func TestSingularCommonValues(t *testing.T) {
	const n = 4
	for _, b := range [][]float64{{1, 1, 1, 1}, {1, 1.5, 2, 2.5}} {
		timings(t, func(t *testing.T, step float64) {
			_, err := attempt(common(game(.7, large(b...)...), uniformValues(n, -.3)), step)
			require.NoError(t, err)
			_, err = attempt(common(game(.7, large(b...)...), uniformValues(n, -.5)), step)
			require.ErrorContains(t, err, "φ = -0.5 off the diagonal; F is singular at φ = −1/(N−1) = -0.333333; take common values above -0.3333")
			f := uniformValues(n, -.5)
			f.Set(0, 1, -.499)
			_, err = attempt(common(game(.7, large(b...)...), f), step)
			require.ErrorContains(t, err, "the matrix is singular at 0.66")
		})
	}
}

// TestOneTraderStopsTrading: before trade as a whole fades, a trader whose
// report says too much about the others may drop out.
func TestOneTraderStopsTrading(t *testing.T) {
	f := mat.DenseCopyOf(diagonal(5, 1))
	for _, i := range []int{0, 2, 3, 4} {
		f.Set(i, 1, .5)
	}
	_, err := attempt(common(game(.7, large(1, 1.5, 2, 2.5, 3)...), f), 0)
	require.ErrorContains(t, err, "where t2 stops trading; scale the off-diagonal entries of common_values by")
}

// TestPrivateValuesAreCommonValuesOfIdentity also holds for repeated costs.
func TestPrivateValuesAreCommonValuesOfIdentity(t *testing.T) {
	timings(t, func(t *testing.T, step float64) {
		for _, b := range [][]float64{{1, 1.5, 2, 2.5, 3}, {.05, 4, 4, 4, 30}, {2, 2, 2}} {
			g := game(.7, large(b...)...)
			plain, identity := solve(t, g, step), solve(t, common(g, uniformValues(len(b), 0)), step)
			requireSame(t, written(t, plain, nil), written(t, identity, nil), 1e-11)
			for i := range b {
				want, got := plain.ImpactOf(i), identity.ImpactOf(i)
				require.InEpsilon(t, want.Instantaneous, got.Instantaneous, 1e-10)
				require.InEpsilon(t, want.Permanent, got.Permanent, 1e-9)
				require.InDelta(t, want.Transient, got.Transient, 1e-9*want.Permanent)
			}
		}
	})
}

// TestCommonValuesDiscreteTendsToContinuous measures the order in Δ.
func TestCommonValuesDiscreteTendsToContinuous(t *testing.T) {
	g := informedSecond(t, .7)
	limit := written(t, solve(t, g, 0), nil)
	var price, trade, value []float64
	for _, step := range []float64{.1, .05, .025} {
		m := written(t, solve(t, g, step), nil)
		var rate mat.Dense
		rate.Scale(1/step, m.q)
		price = append(price, distance(vector(limit.p), vector(m.p)))
		trade = append(trade, distance(limit.q, &rate))
		value = append(value, distance(limit.values[1].A, m.values[1].A))
	}
	requireOrder(t, "P", 2, price...)
	requireOrder(t, "Q", 2, trade...)
	requireOrder(t, "A", 2, value...)
}

// TestConditionsUnderCommonValues checks the equations of SS section 6 written
// out, on random markets with moderate common values.
func TestConditionsUnderCommonValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 7).Draw(t, "N")
		g := game(logUniform(t, .05, 5, "r"))
		for range n {
			g.Traders = append(g.Traders, members(1, logUniform(t, .3, 3, "b")))
		}
		f := uniformValues(n, 0)
		for i := range n {
			for j := range n {
				if i != j {
					f.Set(i, j, rapid.Float64Range(-.4, .4).Draw(t, "F")/float64(n))
				}
			}
		}
		g, step := common(g, f), randomStep(t)
		s := solve(t, g, step)
		require.Equal(t, equilibrium.Conditions{Stable: true, SecondOrder: true}, s.Conditions())
		m := written(t, s, nil)
		market := rawOf(g, step, m)
		market.requireEquilibrium(t, m.values, 1e-9)
		market.requireEfficientRest(t, 1e-9)
	})
}

// TestImpactOffThePath follows a sale through the others' beliefs X̂: a report y
// moves them by F^{·i}y, and while i does not sell dy = Q^iQX̂ dt/(Q^iF^{·i}). A unit
// sold at once leaves X̂ at −(I − F^{·i}Q^i/(Q^iF^{·i}))QF^{·i}/(Q^iF^{·i}).
func TestImpactOffThePath(t *testing.T) {
	for name, g := range map[string]equilibrium.Game{
		"common values": informedSecond(t, .7),
		"exponential":   averse(game(.7, large(1, 1.5, 2, 2.5)...), spread(4)),
	} {
		s := solve(t, g, 0)
		m := written(t, s, spread(len(g.Traders)))
		n := len(m.p)
		f := g.Interaction
		if f == nil {
			f = uniformValues(n, 0)
		}
		for i := range n {
			report := mat.DenseCopyOf(f.ColView(i))
			var flow, still, rest, path, later mat.Dense
			flow.Mul(m.q, report)
			own := flow.At(i, 0)
			still.Mul(report, m.q.RowView(i).T())
			still.Scale(-1/own, &still)
			still.Add(&still, diagonal(n, 1)) // I − F^{·i}Q^i/(Q^iF^{·i})
			flow.Scale(-1/own, &flow)
			rest.Mul(&still, &flow)
			path.Mul(&still, m.q)
			path.Scale(-1000, &path)
			path.Exp(&path)
			later.Mul(&path, &rest)
			impact := s.ImpactOf(i)
			price := func(x mat.Matrix) float64 {
				var p mat.Dense
				p.Mul(vector(m.p), x)
				return p.At(0, 0)
			}
			require.InEpsilon(t, impact.Permanent, -price(&later), 1e-9, "%s: λ of trader %d", name, i+1)
			require.InEpsilon(t, impact.Permanent+impact.Transient, -price(&rest), 1e-9, "%s: λ + T of trader %d", name, i+1)
			require.InEpsilon(t, -price(report)/own, impact.Instantaneous, 1e-9)
		}
	}
}

func TestCommonValuesAreForStrategicTradersOneByOne(t *testing.T) {
	f := uniformValues(3, .1)
	for _, g := range []equilibrium.Game{
		common(game(1, append(large(1, 2), fringe(1))...), f),
		common(game(1, members(3, 1)), f),
		common(game(1, large(1, 2, 3, 4)...), f),
		averse(common(game(1, large(1, 2, 3)...), f), diagonal(3, .1)),
		averse(game(1, large(1, 2, 3)...), diagonal(2, .1)),
		averse(game(1, large(1, 2, 3)...), nil),
	} {
		require.Panics(t, func() { _, _ = g.Continuous() })
	}
	require.Panics(t, func() { _, _ = averse(game(1, large(1, 2, 3)...), diagonal(3, .1)).Discrete(.1) })
}
