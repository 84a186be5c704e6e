package closedform_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/equilibrium/closedform"
)

func TestIdenticalLargeAndFringeIsEquilibrium(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 11).Draw(t, "n")
		large, fringe := logUniform(t, .1, 10, "large"), logUniform(t, .1, 10, "fringe")
		r := logUniform(t, .05, 5, "r")
		m, speeds, err := closedform.IdenticalLargeAndFringe(n, large, fringe, r)
		require.NoError(t, err)
		g := game{b: append(repeat(large, n), fringe), r: r, fringe: true}
		requireEquilibrium(t, g, m.P, m.Q, m.A, 1e-11)
		if n == 1 {
			require.True(t, math.IsNaN(speeds[0]))
			return
		}
		require.Less(t, 0., speeds[0])
		require.Less(t, speeds[0], speeds[1])
		// SS §5.6: faster than a single large trader of the same size would be.
		impact, err := closedform.LargeAndFringeImpact(large/float64(n), fringe, r)
		require.NoError(t, err)
		require.Greater(t, speeds[1], impact.Speed)
	})
}

func TestOneIdenticalLargeIsLargeAndFringe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		large, fringe := logUniform(t, .01, 100, "large"), logUniform(t, .01, 100, "fringe")
		r := logUniform(t, .05, 5, "r")
		want, err := closedform.LargeAndFringe(large, fringe, r)
		require.NoError(t, err)
		got, speeds, err := closedform.IdenticalLargeAndFringe(1, large, fringe, r)
		require.NoError(t, err)
		require.True(t, math.IsNaN(speeds[0]))
		require.InEpsilon(t, mat.Trace(want.Q), speeds[1], 1e-13)
		requireClose(t, row(want.P), row(got.P), 1e-13, "P")
		requireClose(t, want.Q, got.Q, 1e-13, "Q")
		for i := range want.A {
			requireClose(t, want.A[i], got.A[i], 1e-12, "A[%d]", i)
		}
	})
}

// eigenvectors are U, K and Π of SS (47), entry by entry as printed.
func eigenvectors(n int, large, fringe, r float64, speeds [2]float64) (u *mat.Dense, k, price []float64) {
	u = mat.NewDense(n+1, n+1, nil)
	k, price = make([]float64, n+1), make([]float64, n+1)
	for i := range n {
		u.Set(i, 0, 1/large)
		u.Set(i, n, 1)
	}
	u.Set(n, 0, 1/fringe)
	u.Set(n, n, -float64(n))
	for j := 1; j < n; j++ {
		u.Set(0, j, 1)
		u.Set(j, j, -1)
		k[j] = speeds[0]
	}
	k[n] = speeds[1]
	price[0] = -1 / r
	price[n] = float64(n) * fringe / (r + speeds[1])
	return u, k, price
}

// requireSpectralEquilibrium checks (P, Q) = (ΠU^{-1}, UKU^{-1}) and a large
// trader's and the fringe's conditions, with A^i from SS (16) in the eigenbasis
// of Q: A^iQ^{·i} = U^{-T} Â^i (κ ∘ (U^{-1})^{·i}),
// Â^i_jk = (−b_i u^i_j u^i_k + π_j u^i_k κ_k + π_k u^i_j κ_j) / (2(r+κ_j+κ_k)).
// Its cost, O(N³), allows markets of a thousand traders.
func requireSpectralEquilibrium(t require.TestingT, n int, large, fringe, r, tol float64) {
	m, speeds, err := closedform.IdenticalLargeAndFringe(n, large, fringe, r)
	require.NoError(t, err)
	u, k, price := eigenvectors(n, large, fringe, r, speeds)
	size := n + 1
	var inverse, flows mat.Dense
	require.NoError(t, inverse.Inverse(u))
	flows.Mul(u, mat.NewDiagDense(size, k))
	flows.Mul(&flows, &inverse)
	requireClose(t, &flows, m.Q, tol, "Q")
	var p mat.Dense
	p.Mul(row(price), &inverse)
	requireClose(t, &p, row(m.P), tol, "P")

	i := n - 1 // the last large trader: not the one that U singles out
	transformed := make([]float64, size)
	for j := range size {
		for l := range size {
			numerator := -large*u.At(i, j)*u.At(i, l) + price[j]*u.At(i, l)*k[l] + price[l]*u.At(i, j)*k[j]
			transformed[j] += numerator / (2 * (r + k[j] + k[l])) * k[l] * inverse.At(l, i)
		}
	}
	var gradient mat.VecDense
	gradient.MulVec(inverse.T(), mat.NewVecDense(size, transformed))
	for j := range size {
		first, second := m.P[i]*m.Q.At(i, j), m.Q.At(i, i)*m.P[j]
		require.InDelta(t, 2*gradient.AtVec(j), first+second, tol*(math.Abs(first)+math.Abs(second)), "strategic %d", j)

		var drift, terms float64
		for l := range size {
			drift += m.P[l] * m.Q.At(l, j)
			terms += math.Abs(m.P[l] * m.Q.At(l, j))
		}
		own := 0.
		if j == n {
			own = fringe
		}
		require.InDelta(t, 0, r*m.P[j]+drift+own, tol*(terms+r*math.Abs(m.P[j])+own), "fringe %d", j)
	}
}

func TestIdenticalLargeAndFringeSpectral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 60).Draw(t, "n")
		requireSpectralEquilibrium(t, n, logUniform(t, .1, 10, "large"), logUniform(t, .1, 10, "fringe"),
			logUniform(t, .05, 5, "r"), 1e-11)
	})
}

func TestThousandLargeTraders(t *testing.T) {
	if testing.Short() {
		t.Skip("inverts a matrix of order 1001")
	}
	requireSpectralEquilibrium(t, 1000, 1.3, 2.1, .7, 1e-10)
}

// TestIdenticalSpeedsAreUnique counts, on the two reduced conditions of SS (15)
// in their raw form, how often one changes sign along the curve on which the
// other holds: once, at the speeds returned, for every shape of market.
func TestIdenticalSpeedsAreUnique(t *testing.T) {
	const fringe, r = 1.7, .6
	for _, n := range []int{2, 3, 10, 100, 1000} {
		for _, ratio := range []float64{1e-12, 1e-4, .01, .3, 1, 4, 100, 1e4, 1e12} {
			t.Run(fmt.Sprintf("n=%d,ratio=%v", n, ratio), func(t *testing.T) {
				_, speeds, err := closedform.IdenticalLargeAndFringe(n, ratio*fringe, fringe, r)
				require.NoError(t, err)
				require.Less(t, 0., speeds[0])
				require.Less(t, speeds[0], speeds[1])
				along := reduced{n: n, large: ratio * fringe, fringe: fringe, r: r}
				residual, size := along.conditions(speeds)
				for c := range residual {
					require.LessOrEqual(t, math.Abs(residual[c]), 1e-12*size[c], "component %d", c)
				}
				require.Equal(t, 1, along.signChanges())
			})
		}
	}
}

// reduced writes SS (15), (16) for a large trader as a game with two states: its
// own excess u over the other large traders and the imbalance v (s is left out:
// its component is an identity).
type reduced struct {
	n                int
	large, fringe, r float64
}

func (g reduced) conditions(speeds [2]float64) (residual, size [2]float64) {
	nn := float64(g.n)
	capacity := nn/g.large + 1/g.fringe
	share := 1 / g.fringe / capacity
	price := [2]float64{0, g.fringe / (g.r + speeds[1])}
	sell := [2]float64{speeds[0], speeds[1] / nn}
	hold := [2]float64{1, 1 / nn}
	response := [2]float64{speeds[0] * (1 - 1/nn), speeds[1] * share} // Q^{·i} along u, v
	ownPrice := price[1]*share - 1/(g.r*capacity)
	ownRate := sell[0]*(1-1/nn) + sell[1]*share
	for j := range 2 {
		terms := []float64{ownPrice * sell[j], ownRate * price[j]}
		for k := range 2 {
			for _, flow := range []float64{price[j] * sell[k] / 2, price[k] * sell[j] / 2, -g.large / 2 * hold[j] * hold[k]} {
				terms = append(terms, -2*flow/(g.r+speeds[j]+speeds[k])*response[k])
			}
		}
		for _, term := range terms {
			residual[j] += term
			size[j] += math.Abs(term)
		}
	}
	return residual, size
}

// signChanges walks κ over twenty-four decades, finds by bisection every κ̃ at
// which the component along v vanishes, and counts sign changes of the other.
func (g reduced) signChanges() int {
	changes, last := 0, 0.
	for decade := -12.; decade <= 12; decade += .05 {
		k := g.r * math.Pow(10, decade)
		low, high := 1e-6*g.r, 1e30*g.r // v is positive below its root and negative above
		for range 200 {
			middle := math.Sqrt(low * high)
			if residual, _ := g.conditions([2]float64{k, middle}); residual[1] > 0 {
				low = middle
			} else {
				high = middle
			}
		}
		residual, _ := g.conditions([2]float64{k, low})
		if last*residual[0] < 0 {
			changes++
		}
		last = residual[0]
	}
	return changes
}

func TestSpeedsScale(t *testing.T) {
	// Units: speeds are per time, and holding costs matter by their ratio.
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 50).Draw(t, "n")
		large, fringe := logUniform(t, .1, 10, "large"), logUniform(t, .1, 10, "fringe")
		money, time := logUniform(t, .01, 100, "money"), logUniform(t, .01, 100, "time")
		base, speeds, err := closedform.IdenticalLargeAndFringe(n, large, fringe, .7)
		require.NoError(t, err)
		scaled, scaledSpeeds, err := closedform.IdenticalLargeAndFringe(n, large*money, fringe*money, .7*time)
		require.NoError(t, err)
		require.InEpsilon(t, speeds[0]*time, scaledSpeeds[0], 1e-12)
		require.InEpsilon(t, speeds[1]*time, scaledSpeeds[1], 1e-12)
		require.InEpsilon(t, base.P[n]*money/time, scaled.P[n], 1e-12)
		require.InEpsilon(t, base.A[0].At(0, n)*money/time, scaled.A[0].At(0, n), 1e-11)
	})
}
