package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium/cournot"
	"walras/internal/golden"
)

// parameters of a market, as the golden table spells them.
type parameters struct {
	Beta, Eta, Delta, Omega float64
	N                       int
}

func (p parameters) model() cournot.Model {
	return cournot.Model{DiscountRate: p.Beta, Makers: p.N, InventoryCost: p.Eta, Activity: p.Delta, Reservation: p.Omega}
}

// concepts with closed forms.
var concepts = []cournot.Concept{cournot.Published, cournot.OpenLoop}

// agree requires |x − g| ≤ 1e-10|g| + 1e-13·scale.
func agree(t *testing.T, key string, want, got, scale float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-10*math.Abs(want)+1e-13*scale) {
		t.Errorf("%s: %v, golden %v", key, got, want)
	}
}

// agreeAll requires that a group of golden numbers has exactly the keys of got,
// and agrees with it.
func agreeAll(t *testing.T, want map[string]float64, got map[string]float64) {
	t.Helper()
	require.Len(t, got, len(want))
	for key, g := range want {
		x, ok := got[key]
		require.True(t, ok, "no value for the golden key %s", key)
		agree(t, key, g, x, math.Abs(g))
	}
}

// set is a golden market under one concept.
type set struct {
	Constants map[string]float64 `json:"constants"`
	Cases     []struct {
		F, D        float64
		B_d         float64 `json:"b_d"`
		B_0         float64 `json:"B_0"`
		G_d         float64 `json:"G_d"`
		G_half      float64 `json:"G_half"`
		H           float64 `json:"H"`
		Absorbed    float64 `json:"g_d"`
		P, Q        float64
		Proceeds    float64
		FStar       float64  `json:"f_star"`
		MaxSize     float64  `json:"max_size"`
		Size        float64  `json:"size"`
		MinDuration float64  `json:"min_duration_of_size"`
		Impact      float64  `json:"avg_impact"`
		Discounted  float64  `json:"avg_impact_discounted"`
		I           float64  `json:"I_theta"`
		ILinear     float64  `json:"I_coef_f"`
		ISquare     float64  `json:"I_coef_f2"`
		MakerValue  float64  `json:"maker_value_0"`
		J           float64  `json:"J_theta"`
		II          float64  `json:"I_I"`
		IILinear    float64  `json:"II_coef_f_neg"`
		IISquare    float64  `json:"II_coef_f2"`
		FBar        float64  `json:"f_bar"`
		JI          float64  `json:"J_I"`
		InvestValue float64  `json:"investor_value_0"`
		BidMin      *float64 `json:"bid_min_time"`
		FValid      float64  `json:"f_valid"`
		Path        []moment `json:"path"`
	} `json:"cases"`
}

type moment struct {
	Label  string  `json:"t_label"`
	T      float64 `json:"t"`
	Active bool    `json:"order_active"`
	I      float64 `json:"i"`
	All    float64 `json:"aggregate_inventory"`
	Bid    float64 `json:"bid"`
	Ask    float64 `json:"ask"`
	Buys   float64 `json:"qb"`
	Sells  float64 `json:"qa"`
	SmallB float64 `json:"small_buy_flow"`
	SmallS float64 `json:"small_sell_flow"`
	Lambda float64 `json:"costate"`
}

type sets map[string]struct {
	Params    parameters `json:"params"`
	Published set        `json:"published"`
	OpenLoop  set        `json:"open_loop"`
}

func (s sets) each(t *testing.T, check func(t *testing.T, c cournot.Constants, s set)) {
	require.Len(t, s, 2)
	for name, market := range s {
		for _, concept := range concepts {
			numbers := market.Published
			if concept == cournot.OpenLoop {
				numbers = market.OpenLoop
			}
			t.Run(name+"/"+concept.String(), func(t *testing.T) {
				require.NoError(t, market.Params.model().Validate())
				check(t, market.Params.model().Constants(concept), numbers)
			})
		}
	}
}

func goldenSets(t *testing.T) sets {
	var table struct {
		Sets sets `json:"param_sets"`
	}
	golden.Cournot(t, &table)
	return table.Sets
}

func TestGoldenConstants(t *testing.T) {
	goldenSets(t).each(t, func(t *testing.T, c cournot.Constants, s set) {
		agreeAll(t, s.Constants, map[string]float64{
			"A_star": c.A, "M": c.M, "gamma": c.Gamma, "k": c.K, "rho": c.Rho,
			"A_theta": c.HalfSpread, "B_theta": c.Pressure, "C_theta": c.Depth, "D_theta": c.DepthSlope,
			"E_theta": c.Value, "F_theta": c.Curvature, "H_theta": c.Impact,
			"E_I": c.InvestorValue, "F_I": c.InvestorCurvature,
			"f_star_0": c.BestRate(0), "f_star_inf": c.BestRate(math.Inf(1)), "f_bar_0": c.ThresholdRate(0),
			"reversal_duration": c.ReversalDuration(),
		})
	})
}

func TestGoldenOrders(t *testing.T) {
	goldenSets(t).each(t, func(t *testing.T, c cournot.Constants, s set) {
		require.Len(t, s.Cases, 2)
		for _, g := range s.Cases {
			f, d := g.F, g.D
			order := cournot.Order{Rate: f, Duration: d}
			path := cournot.Path{Market: c, Order: order}
			proceeds, maker, investors := c.Proceeds(d), c.MakerGain(d), c.InvestorsGain(d)
			impact := c.AverageImpact(order, 0)
			turn, recovers := c.Reversal(d)
			require.Equal(t, g.BidMin != nil, recovers)
			require.NotNil(t, g.BidMin) // of every golden order
			// Without inventory the costate at the announcement is f b(d).
			anticipated := path.At(0).MarginalValue
			n1 := float64(c.Makers + 1)
			for _, check := range []struct {
				key       string
				want, got float64
			}{
				{"b_d", g.B_d, anticipated / f}, {"B_0", g.B_0, anticipated},
				{"G_d", g.G_d, c.Announced(d)}, {"G_half", g.G_half, c.Announced(d / 2)},
				{"H", g.H, c.Impact}, {"g_d", g.Absorbed, path.At(d).Inventory / f},
				{"P", g.P, proceeds.Linear}, {"Q", g.Q, -proceeds.Square},
				{"proceeds", g.Proceeds, proceeds.Of(f, 0)},
				{"f_star", g.FStar, c.BestRate(d)}, {"max_size", g.MaxSize, d * c.BestRate(d)},
				{"size", g.Size, order.Size()}, {"min_duration", g.MinDuration, c.MinimumDuration(g.Size)},
				{"avg_impact", g.Impact, impact.Undiscounted}, {"discounted", g.Discounted, impact.Discounted},
				{"shortfall", c.Reservation - g.Proceeds/g.Size, impact.Shortfall},
				{"I_theta", g.I, maker.Of(f, 0)}, {"I_coef_f", g.ILinear, maker.Linear},
				{"I_coef_f2", g.ISquare, maker.Square}, {"J_theta", g.J, maker.Slope},
				{"maker_value", g.MakerValue, c.MakerValue(0) + maker.Of(f, 0)},
				{"I_I", g.II, investors.Of(f, 0)}, {"II_coef_f", g.IILinear, -investors.Linear},
				{"II_coef_f2", g.IISquare, investors.Square}, {"J_I", g.JI, investors.Slope},
				{"investor_value", g.InvestValue, c.InvestorsValue(0) + investors.Of(f, 0)},
				{"f_bar", g.FBar, c.ThresholdRate(d)}, {"f_valid", g.FValid, c.ValidRate(d)},
				{"bid_min_time", *g.BidMin, turn},
				{"at f_valid the lowest bid is -omega", -c.Reservation, cournot.Path{Market: c, Order: cournot.Order{Rate: g.FValid, Duration: d}}.At(turn).Bid},
				{"B_theta = 2A/(N+1)", 2 * c.A / n1, c.Pressure},
			} {
				agree(t, check.key, check.want, check.got, math.Abs(check.want))
			}
		}
	})
}

func TestGoldenPaths(t *testing.T) {
	goldenSets(t).each(t, func(t *testing.T, c cournot.Constants, s set) {
		for _, g := range s.Cases {
			path := cournot.Path{Market: c, Order: cournot.Order{Rate: g.F, Duration: g.D}}
			require.Len(t, g.Path, 8)
			for _, want := range g.Path {
				got := path.At(want.T)
				if want.Label == "d-" {
					got = path.Before(want.T)
				}
				agree(t, want.Label+" i", want.I, got.Inventory, math.Abs(want.I))
				agree(t, want.Label+" N i", want.All, float64(c.Makers)*got.Inventory, math.Abs(want.All))
				agree(t, want.Label+" bid", want.Bid, got.Bid, c.Reservation)
				agree(t, want.Label+" ask", want.Ask, got.Ask, c.Reservation)
				agree(t, want.Label+" q^b", want.Buys, got.MakerBuys, want.Buys)
				agree(t, want.Label+" q^a", want.Sells, got.MakerSells, want.Sells)
				agree(t, want.Label+" investors buy", want.SmallB, got.InvestorsBuy, want.SmallB)
				agree(t, want.Label+" investors sell", want.SmallS, got.InvestorsSell, want.SmallS)
				agree(t, want.Label+" costate", want.Lambda, got.MarginalValue, math.Abs(want.Lambda))
			}
		}
	})
}
