package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium/cournot"
	"walras/internal/golden"
)

// discreteRow are golden numbers of a discrete game with n periods until d.
type discreteRow struct {
	N         int
	Dt, A, B0 float64
	XD        float64 `json:"x_d"`
	Bid0      float64 `json:"bid_0"`
	BidLast   float64 `json:"bid_last"`
	Proceeds  float64
}

func (r discreteRow) list() []float64 {
	return []float64{r.A, r.B0, r.XD, r.Bid0, r.BidLast, r.Proceeds}
}

// discretely are the same numbers from a solution.
func discretely(t *testing.T, m cournot.Model, concept cournot.Concept, f, d float64, n int) []float64 {
	t.Helper()
	dt := d / float64(n)
	s, err := m.Slopes(concept, dt)
	require.NoError(t, err)
	profile, err := m.Profile(concept, dt, []int{m.Makers})
	require.NoError(t, err)
	policy := profile.Policy(constantly(f, d).Grid(dt))
	path := policy.Path([]float64{0}, n+1)
	proceeds, _ := policy.Proceeds([]float64{0}, policy.Flows)
	// B_0 is the anticipation of a maker who will trade at the first tick of the
	// order, one tick later: λ = p^b + b/δ at inventory 0 is then D B_0 less D 2A
	// times the inventory that it takes on.
	early := constantly(f, d)
	early.Sells[0].From, early.Sells[0].To = dt, d+dt
	idle := profile.Policy(early.Grid(dt))
	before := idle.Path([]float64{0}, 1)[0]
	λ := before.Bid + idle.Buys(0)[0]/dt/m.Activity
	b0 := λ*math.Exp(m.DiscountRate*dt) + 2*s.Total()*before.Net[0]*dt
	return []float64{s.Total(), b0, path[n].Inventories[0], path[0].Bid, path[n-1].Bid, proceeds}
}

// TestGoldenDiscreteGames, and that they come to the continuous solution at first
// order.
func TestGoldenDiscreteGames(t *testing.T) {
	var g struct {
		Discrete map[string]struct {
			Params     parameters
			F, D       float64
			Rows       []discreteRow
			Continuous discreteRow
		}
	}
	golden.Cournot(t, &g)
	require.Len(t, g.Discrete, len(concepts))
	for _, concept := range concepts {
		w := g.Discrete[concept.String()]
		for _, row := range w.Rows {
			got := discretely(t, w.Params.model(), concept, w.F, w.D, row.N)
			for i, x := range row.list() {
				agree(t, "discrete", x, got[i], w.Params.Omega)
			}
		}
		limit := w.Continuous.list()
		coarse := discretely(t, w.Params.model(), concept, w.F, w.D, 12_800)
		fine := discretely(t, w.Params.model(), concept, w.F, w.D, 25_600)
		for i, x := range limit {
			require.InDelta(t, 2, (coarse[i]-x)/(fine[i]-x), .02, "number %d", i)
		}
	}
}
