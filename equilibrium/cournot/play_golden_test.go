package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/internal/golden"
)

// constantly is a sell at one rate.
func constantly(rate, duration float64) cournot.Flows {
	return cournot.Flows{Sells: clock.Schedule{{From: 0, To: duration, Rate: rate}}}
}

// unequal is the golden market of different makers.
var unequal = cournot.Different{DiscountRate: .1, Activity: 5, Reservation: 2, InventoryCosts: []float64{.5, 1, 2}}

type heteroPath []struct {
	T, Bid, Ask float64
	X           []float64
}

// TestGoldenDifferentMakers: matrices, what each maker anticipates of every
// inventory, and paths.
func TestGoldenDifferentMakers(t *testing.T) {
	var g struct {
		Hetero struct {
			X0       []float64
			F, D     float64
			OpenLoop struct {
				K    [][]float64
				Path heteroPath
			} `json:"open_loop"`
			Feedback struct {
				P    [][][]float64
				G    []float64 `json:"g_at_0"`
				Path heteroPath
			}
		}
	}
	golden.Cournot(t, &g)
	flows := constantly(g.Hetero.F, g.Hetero.D)
	paths := map[cournot.Concept]heteroPath{cournot.OpenLoop: g.Hetero.OpenLoop.Path, cournot.Feedback: g.Hetero.Feedback.Path}
	for concept, want := range paths {
		profile, err := unequal.Profile(concept, 0)
		require.NoError(t, err)
		play := profile.Play(flows)
		for _, w := range want {
			s := play.Path(g.Hetero.X0, []float64{w.T})[0]
			golden.Agree(t, "inventories", w.X, s.Inventories, 1e-11)
			golden.Agree(t, "quotes", []float64{w.Bid, w.Ask}, []float64{s.Bid, s.Ask}, 1e-11)
		}
	}
	k, err := unequal.OpenLoopSlopes(0)
	require.NoError(t, err)
	p, err := unequal.FeedbackSlopes(0)
	require.NoError(t, err)
	for i, row := range g.Hetero.OpenLoop.K {
		golden.Agree(t, "K", row, []float64{k.At(i, 0), k.At(i, 1), k.At(i, 2)}, 1e-11)
		for j := range p {
			golden.Agree(t, "P", g.Hetero.Feedback.P[j][i], []float64{p[j].At(i, 0), p[j].At(i, 1), p[j].At(i, 2)}, 1e-11)
		}
	}
	// The value is affine in inventories but for the part without orders.
	profile, err := unequal.Profile(cournot.Feedback, 0)
	require.NoError(t, err)
	var slopes []float64
	for j := range p {
		none, err := profile.Play(flows).Worth(j, make([]float64, 3))
		require.NoError(t, err)
		for i := range p {
			x := make([]float64, 3)
			x[i] = 1
			one, err := profile.Play(flows).Worth(j, x)
			require.NoError(t, err)
			slopes = append(slopes, one.Orders-none.Orders)
			require.InDelta(t, -p[j].At(i, i), one.Inventories, 1e-13)
		}
	}
	golden.Agree(t, "g at 0", g.Hetero.Feedback.G, slopes, 1e-11)
}

// goldenDeviation is what a maker gains by leaving one solution.
type goldenDeviation struct {
	Gain  float64
	Ratio float64 `json:"gain_over_I_theta"`
	Best  float64 `json:"x_d_best_response"`
	Plan  float64 `json:"y_d_policy"`
}

// TestGoldenFeedbackAndDeviations has both parameter sets: coefficients and paths
// of the feedback solution, and best responses to the others.
func TestGoldenFeedbackAndDeviations(t *testing.T) {
	var g struct {
		Sets map[string]struct {
			Params   parameters
			Feedback []struct {
				F, D, Alpha, Zeta, Rho, M float64
				A                         float64 `json:"A_diag"`
				Pressure                  float64 `json:"B_th"`
				B0                        float64 `json:"B_0"`
				Path                      []struct {
					At          string `json:"t_label"`
					I, Bid, Ask float64
				}
			}
			Deviation struct {
				F, D      float64
				Published goldenDeviation
				OpenLoop  goldenDeviation `json:"open_loop"`
			}
		} `json:"param_sets"`
	}
	golden.Cournot(t, &g)
	require.Len(t, g.Sets, 2)
	for _, set := range g.Sets {
		m := set.Params.model()
		for _, w := range set.Feedback {
			s, err := m.Slopes(cournot.Feedback, 0)
			require.NoError(t, err)
			pressure, err := m.FeedbackPressure()
			require.NoError(t, err)
			golden.Agree(t, "slopes", []float64{w.Alpha, w.Zeta, w.Rho, w.A, w.Pressure},
				[]float64{s.Own, s.Cross, s.Rivals, s.Total(), pressure}, 1e-11)
			profile, err := m.Profile(cournot.Feedback, 0, []int{m.Makers})
			require.NoError(t, err)
			agree(t, "M", w.M, profile.Reversion.At(0, 0), w.M)
			play := profile.Play(constantly(w.F, w.D))
			for _, at := range w.Path {
				s := play.Path([]float64{0}, []float64{map[string]float64{"0": 0, "d/2": w.D / 2, "d-": w.D}[at.At]})[0]
				golden.Agree(t, at.At, []float64{at.I, at.Bid, at.Ask}, []float64{s.Inventories[0], s.BidBefore, s.AskBefore}, 1e-11)
			}
			// A maker's own g is what its unit is worth, λ = p^b + b/δ at inventory 0.
			now := play.Path([]float64{0}, []float64{0})[0]
			b := (2*m.Activity*m.Reservation+w.F)/(2*float64(m.Makers+1)) + now.Net[0]/2
			agree(t, "B_0", w.B0, now.Bid+b/m.Activity, m.Reservation)
		}
		dev := set.Deviation
		for concept, w := range map[cournot.Concept]goldenDeviation{cournot.Published: dev.Published, cournot.OpenLoop: dev.OpenLoop} {
			gain, ratio, best := deviating(t, m, concept, dev.F, dev.D)
			agree(t, "gain", w.Gain, gain, gain/ratio)
			agree(t, "gain over I", w.Ratio, ratio, 1)
			agree(t, "best response", w.Best, best[0].Inventories[1], w.Best)
			agree(t, "policy", w.Plan, best[0].Inventories[0], w.Plan)
		}
	}
}

// deviating is what a maker gains against rivals who follow their own inventories,
// also over the order's value to it, and the market at d when it does.
func deviating(t *testing.T, m cournot.Model, concept cournot.Concept, f, d float64) (gain, ratio float64, at []cournot.State) {
	t.Helper()
	profile, err := m.Profile(concept, 0, []int{m.Makers})
	require.NoError(t, err)
	play := profile.Play(constantly(f, d))
	worth, err := play.Worth(0, []float64{0})
	require.NoError(t, err)
	deviation, err := play.Apart(0).Deviation(1, []float64{0, 0})
	require.NoError(t, err)
	return deviation.Gain, deviation.Gain / worth.Orders, deviation.Response.Path([]float64{0, 0}, []float64{d})
}

// TestGainsGrowWithMakers: at the η of the calibration, 7 % of a day's volume in
// an hour. Nobody gains by leaving open_loop, nor feedback when all watch.
func TestGainsGrowWithMakers(t *testing.T) {
	m := blueChip(cournot.Published).Model
	f, d := .07*575_800*cournot.TradingDay, 1/cournot.TradingDay
	for n, percent := range map[int]float64{1: 0, 2: .0265489, 5: .657990, 10: 4.202212, 50: 178.3846} {
		m.Makers = n
		_, ratio, _ := deviating(t, m, cournot.Published, f, d)
		require.InDelta(t, percent, 100*ratio, 5e-7*math.Max(percent, .1), "N = %d", n)
		_, ratio, _ = deviating(t, m, cournot.OpenLoop, f, d)
		require.InDelta(t, 0, ratio, 1e-14)
		_, ratio, _ = deviating(t, m, cournot.Feedback, f, d)
		if n > 1 {
			require.Greater(t, ratio, 1e-6) // rivals who do not watch could be exploited

			profile, err := m.Profile(cournot.Feedback, 0, []int{1, n - 1})
			require.NoError(t, err)
			deviation, err := profile.Play(constantly(f, d)).Deviation(0, []float64{0, 0})
			require.NoError(t, err)
			require.InDelta(t, 0, deviation.Gain, 1e-9)
		}
	}
}

// TestFeedbackCalibration: the inventory cost at which the feedback solution has
// the paper's price pressure.
func TestFeedbackCalibration(t *testing.T) {
	m, err := cournot.BlueChip().ModelWith(cournot.Model.FeedbackPressure)
	require.NoError(t, err)
	require.InDelta(t, 1.43223465, m.InventoryCost, 5e-9)
	pressure, err := m.FeedbackPressure()
	require.NoError(t, err)
	require.InEpsilon(t, .0026, pressure, 1e-12)
}
