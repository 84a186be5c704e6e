package equilibrium_test

import (
	"fmt"
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
)

// gridMarkets are played in continuous time on a grid. In "small members" the
// fastest speed is the one inside a type.
func gridMarkets() map[string]equilibrium.Game {
	return map[string]equilibrium.Game{
		"five traders":         game(1, large(1, 1.5, 2, 2.5, 3)...),
		"two large and fringe": game(1, append(large(1, 1), fringe(1))...),
		"small members":        game(.6, append(large(.8, 1), members(4, 9))...),
		"types and a fringe":   game(.7, members(3, 1.2), fringe(.8), members(2, 2.5)),
	}
}

// survival is the largest |1 − Δκ| over the speeds of Q but the zero of total
// inventory.
func survival(t *testing.T, q *mat.Dense, step float64) float64 {
	t.Helper()
	var eigen mat.Eigen
	require.True(t, eigen.Factorize(q, mat.EigenNone))
	worst, zeros := 0.0, 0
	for _, kappa := range eigen.Values(nil) {
		if cmplx.Abs(kappa) < 1e-10 {
			zeros++
			continue
		}
		worst = math.Max(worst, cmplx.Abs(1-complex(step, 0)*kappa))
	}
	require.Equal(t, 1, zeros)
	return worst
}

// TestLargestStableStep checks the step named by the error from both sides.
func TestLargestStableStep(t *testing.T) {
	for name, g := range gridMarkets() {
		t.Run(name, func(t *testing.T) {
			s := solve(t, g, 0)
			seats := g.Seats(everyone)
			covariance := diagonal(len(seats), .02)
			_, err := s.OnGrid(100, seats, covariance)
			var unstable *equilibrium.UnstableGridError
			require.ErrorAs(t, err, &unstable)
			require.Equal(t, 100., unstable.Step)
			require.Contains(t, err.Error(), fmt.Sprintf("must be below %.6g", unstable.Largest))

			q := s.FlowsOn(seats)
			require.InDelta(t, 1, survival(t, q, unstable.Largest), 1e-9)
			require.InEpsilon(t, 2, unstable.Largest*unstable.Speed, 1e-9) // real speeds: Δ < 2/κ
			for _, factor := range []float64{1, 1 + 1e-6, 3} {
				require.GreaterOrEqual(t, survival(t, q, unstable.Largest*factor), 1-1e-9)
				_, err = s.OnGrid(unstable.Largest*factor, seats, covariance)
				require.ErrorAs(t, err, &unstable)
			}
			below := unstable.Largest * (1 - 1e-6)
			require.Less(t, survival(t, q, below), 1.)
			_, err = s.OnGrid(below, seats, covariance)
			require.NoError(t, err)
		})
	}
}

// TestPolicyIsWhatIsPlayed checks what a policy says about itself in the
// discrete game and on a grid.
func TestPolicyIsWhatIsPlayed(t *testing.T) {
	const step = .1
	g := gridMarkets()["types and a fringe"]
	seats := g.Seats(everyone)
	covariance := diagonal(len(seats), .02)
	continuous, discrete := solve(t, g, 0), solve(t, g, step)

	grid, err := continuous.OnGrid(step, seats, covariance)
	require.NoError(t, err)
	require.False(t, grid.Equilibrium)
	var scaled mat.Dense
	scaled.Scale(step, continuous.FlowsOn(seats))
	require.Zero(t, distance(vector(continuous.PriceOn(seats)), vector(grid.Price)))
	require.LessOrEqual(t, distance(&scaled, grid.Flows), 1e-15)

	policy, err := discrete.Policy(seats, covariance)
	require.NoError(t, err)
	require.True(t, policy.Equilibrium)
	for _, p := range []*equilibrium.Policy{grid, policy} {
		require.Equal(t, equilibrium.Timing{DiscountRate: g.DiscountRate, Step: step}, p.Timing)
		require.Equal(t, seats, p.Seats)
		require.Equal(t, costs(g), p.HoldingCost)
		s, f := equilibrium.Strategic, equilibrium.Fringe
		require.Equal(t, []equilibrium.Kind{s, s, s, f, s, s}, p.Kinds)
		var sum mat.Dense
		sum.Add(p.Flows, p.Transition())
		require.LessOrEqual(t, distance(&sum, diagonal(len(seats), 1)), 1e-15)
	}
}

// TestValuesOfPlay checks the Bellman recursion of one period,
// f(X) = (P X)(Q^iX) − (bh/2)((X−q)_i)² + ρE f(X⁺ + shocks),
// as quadratic forms and constants.
func TestValuesOfPlay(t *testing.T) {
	for name, g := range gridMarkets() {
		t.Run(name, func(t *testing.T) {
			seats := g.Seats(everyone)
			covariance := correlated(len(seats))
			for _, step := range []float64{.01, .2} {
				grid, err := solve(t, g, 0).OnGrid(step, seats, covariance)
				require.NoError(t, err)
				requireBellman(t, grid, covariance)
				policy, err := solve(t, g, step).Policy(seats, covariance)
				require.NoError(t, err)
				requireBellman(t, policy, covariance)
			}
		})
	}
}

// correlated are shocks with different volatilities and correlations.
func correlated(n int) *mat.SymDense {
	c := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			c.SetSym(i, j, .01*float64((1+i)*(1+j))*math.Pow(-.4, float64(j-i)))
		}
	}
	return c
}

func requireBellman(t *testing.T, p *equilibrium.Policy, covariance *mat.SymDense) {
	t.Helper()
	r, step := p.Timing.DiscountRate, p.Timing.Step
	rho, h := math.Exp(-r*step), (1-math.Exp(-r*step))/r
	m := p.Transition()
	for i, v := range p.Values {
		var carried, half mat.Dense
		half.Mul(v.A, m)
		carried.Mul(m.T(), &half)
		carried.Scale(rho, &carried)
		for j := range p.Price {
			for k := range p.Price {
				payoff := (p.Price[j]*p.Flows.At(i, k) + p.Price[k]*p.Flows.At(i, j)) / 2
				payoff -= p.HoldingCost[i] * h / 2 * m.At(i, j) * m.At(i, k)
				carried.Set(j, k, carried.At(j, k)+payoff)
			}
		}
		requireClose(t, v.A, &carried, 0, 1e-12, "A")
		var shocks mat.Dense
		shocks.Mul(v.A, covariance)
		require.InEpsilon(t, v.K, rho*(v.K+step*mat.Trace(&shocks)), 1e-9) // E f = XᵀAX + k + Δ tr(AΣΣᵀ)
	}
}

// TestGridTendsToContinuous measures the order in Δ at which the values of the
// continuous-time policy on a grid tend to those in continuous time.
func TestGridTendsToContinuous(t *testing.T) {
	for name, g := range gridMarkets() {
		t.Run(name, func(t *testing.T) {
			s := solve(t, g, 0)
			limit := written(t, s, nil)
			var forms, constants []float64
			for _, step := range []float64{.01, .005, .0025} {
				grid, err := s.OnGrid(step, g.Seats(everyone), diagonal(len(limit.p), .01))
				require.NoError(t, err)
				form, constant := 0.0, 0.0
				for i, v := range grid.Values {
					form = math.Max(form, distance(limit.values[i].A, v.A))
					constant = math.Max(constant, math.Abs(limit.values[i].K-v.K))
				}
				forms, constants = append(forms, form), append(constants, constant)
			}
			requireOrder(t, "A", 2, forms...)
			requireOrder(t, "k", 2, constants...)
		})
	}
}
