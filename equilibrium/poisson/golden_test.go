package poisson_test

import (
	"fmt"
	"maps"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/internal/golden"
)

// model is the market of a golden set.
func model(g golden.Poisson) poisson.Model {
	return poisson.Model{
		DiscountRate: g.DiscountRate, Makers: g.Makers, InventoryCost: g.InventoryCost,
		BuyRate: g.BuyRate, SellRate: g.SellRate, Size: g.Size, Reservation: g.Reservation,
	}
}

// agree requires |x − g| ≤ 1e-10|g| + 1e-13·scale.
func agree(t *testing.T, key string, want, got, scale float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-10*math.Abs(want)+1e-13*scale) {
		t.Errorf("%s: %v, golden %v", key, got, want)
	}
}

// published solves a golden market.
func published(g golden.Poisson) poisson.Constants { return model(g).Constants(cournot.Published) }

// hides is the law of a golden hidden seller.
func hides(g golden.Poisson) poisson.Exponential {
	return poisson.Exponential{MeanDuration: 1 / g.StopRate}
}

// TestGolden compares every golden number that is no moment of an inventory and no
// discrete or feedback game, each on its own scale.
func TestGolden(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		t.Run(name, func(t *testing.T) {
			got := map[string]float64{}
			for _, group := range []func(golden.Poisson) map[string]float64{
				constants, quotes, worths, gains, economics, schedules,
			} {
				maps.Copy(got, group(g))
			}
			for key, want := range g.Numbers {
				if elsewhere(key) {
					continue
				}
				x, ok := got[key]
				require.True(t, ok, "no value for the golden key %s", key)
				agree(t, key, want, x, math.Abs(want))
				delete(got, key)
			}
			require.Empty(t, got)
		})
	}
}

// elsewhere are the golden keys of moments, which have a test of their own.
func elsewhere(key string) bool {
	for _, part := range []string{"stationary_none/", "stealth|D/", "stealth_uncond/", "VarG", "/EI", "/VarI", "/sd_", "sun/Eask", "sun/Ebid", "sun/Emid"} {
		if strings.Contains(key, part) {
			return true
		}
	}
	return false
}

func constants(g golden.Poisson) map[string]float64 {
	c := published(g)
	return map[string]float64{
		"eq/A": c.A, "eq/K": c.K, "eq/m": c.Small, "eq/r": c.R, "eq/rho": c.Rho, "eq/M": c.Reversion, "eq/M2": c.Reversion2,
		"eq/delta": c.Delta, "eq/kap1": c.Kap1, "eq/kB": c.KB, "eq/B0": c.B0, "eq/C0": c.C0, "eq/s0": c.Spread(),
		"eq/price_pressure_per_aggregate_unit_2A_over_K": c.Pressure(),
		"eq/inventory_bound_p_over_2A":                   c.Bound(),
		"eq/maker_sufficient":                            c.MakersNeverLose(),
	}
}

// quotes are those without seller, with a hidden one, and with an announced one at 0
// and halfway.
func quotes(g golden.Poisson) map[string]float64 {
	c, got := published(g), map[string]float64{}
	sun := c.Announce(poisson.Constantly(g.OrderRate, g.Duration))
	hidden := c.HiddenAnticipation(hides(g), g.OrderRate, 0)
	for label, i := range g.Inventories {
		for at, q := range map[string]poisson.Quotes{
			"none/%s(i=" + label:       c.Quotes(c.B0, 0, 0, i),
			"stealth/%s(i=" + label:    c.Quotes(hidden, g.OrderRate, 0, i),
			"sun/%s(t=0D,i=" + label:   sun.At(0, i),
			"sun/%s(t=0.5D,i=" + label: sun.At(g.Duration/2, i),
		} {
			for name, x := range map[string]float64{"ask": q.Ask, "bid": q.Bid, "xa": q.Sells, "xb": q.Buys} {
				got[fmt.Sprintf(at, name)+")"] = x
			}
		}
	}
	got["stealth/B"], got["stealth/spread_on"] = hidden, c.SpreadWith(g.OrderRate, 0)
	got["stealth/ask_jump_at_D"], got["stealth/bid_jump_at_D"] = c.Jump(hidden, g.OrderRate)
	got["sun/B(0)"], got["sun/B(D/2)"] = sun.Anticipation(0), sun.Anticipation(g.Duration/2)
	return got
}

// worths are values of a maker and of the end users.
func worths(g golden.Poisson) map[string]float64 {
	c, f := published(g), g.OrderRate
	sun, stealth := c.Announce(poisson.Constantly(f, g.Duration)), c.Stealth(hides(g))
	got := map[string]float64{}
	for label, i := range g.Inventories {
		got["none/V(i="+label+")"] = c.MakerValue(i)
		got["stealth/V(i="+label+")"] = c.MakerValue(i) + stealth.Maker.Of(f, i)
		got["sun/V(t=0D,i="+label+")"] = sun.MakerValue(0, i)
		got["sun/V(t=0.5D,i="+label+")"] = sun.MakerValue(g.Duration/2, i)
		got["none/U(0,i="+label+")"] = c.UsersValue(i)
		got["stealth/U(0,i="+label+")"] = c.UsersValue(i) + stealth.Users.Of(f, i)
		got["sun/U(0,i="+label+")"] = c.UsersValue(i) + sun.UsersGain(0, i)
	}
	got["users/U0_base"], got["users/U1_base"], got["users/U2"] = c.UsersCoefficients()
	return got
}

func gains(g golden.Poisson) map[string]float64 {
	c, law, f := published(g), hides(g), g.OrderRate
	sun, stealth, mean := c.Sunshine(g.Duration), c.Stealth(law), c.MeanSunshine(law)
	half := c.Sunshine(g.Duration / 2)
	return map[string]float64{
		"stealth/C_gain_c1": stealth.Maker.Linear, "stealth/C_gain_c2": stealth.Maker.Square,
		"stealth/C_gain": stealth.Maker.Of(f, 0), "stealth/C": c.C0 + stealth.Maker.Of(f, 0),
		"sun/C_gain_c1(D)": sun.Maker.Linear, "sun/C_gain_c2(D)": sun.Maker.Square,
		"sun/C(0)": c.C0 + sun.Maker.Of(f, 0), "sun/C(D/2)": c.C0 + half.Maker.Of(f, 0),
		"stealth/U_gain_X": stealth.Users.Linear, "stealth/U_gain_Y": stealth.Users.Square, "stealth/U_gain_W": stealth.Users.Slope,
		"sun/U_gain_X": sun.Users.Linear, "sun/U_gain_Y": sun.Users.Square, "sun/U_gain_W": sun.Users.Slope,
		"stealth/U_gain(i=0)": stealth.Users.Of(f, 0),
		"users/fhat_sun":      sun.UsersGainAbove(0), "users/fhat_stealth": stealth.UsersGainAbove(0),
		"E_D/C_gain_sun": mean.Maker.Of(f, 0), "E_D/U_gain_sun(i=0)": mean.Users.Of(f, 0),
	}
}

func economics(g golden.Poisson) map[string]float64 {
	c, law, f := published(g), hides(g), g.OrderRate
	sun, stealth, mean := c.Sunshine(g.Duration).Seller, c.Stealth(law).Seller, c.MeanSunshine(law).Seller
	perTime := c.MeanPerTime(law)
	return map[string]float64{
		"seller/P(D)": sun.Linear, "seller/Q(D)": -sun.Square, "seller/G_sun": sun.Of(f, 0),
		"seller/P_stealth": stealth.Linear, "seller/Q_stealth": -stealth.Square, "seller/G_stealth": stealth.Of(f, 0),
		"seller/Q_stealth_given_D": -c.StealthGiven(law, g.Duration).Seller.Square,
		"seller/E_Q(D)":            -mean.Square, "seller/E_D_G_sun": mean.Of(f, 0), "seller/Q_gap": c.StealthCost(law),
		"seller/fstar_sun": c.BestRate(g.Duration), "seller/fstar_stealth": stealth.Extremum(),
		"seller/Gmax_sun": sun.Of(sun.Extremum(), 0), "seller/Gmax_stealth": stealth.Of(stealth.Extremum(), 0),
		"seller/f_breakeven_sun": sun.ChangeOfSign(), "seller/f_breakeven_stealth": stealth.ChangeOfSign(),
		"seller/avg_relative_bid_sun_discounted": c.MeanBid(cournot.Order{Rate: f, Duration: g.Duration}, 0),
		"seller/E_D[P(D)/D]":                     perTime.Linear, "seller/E_D[Q(D)/D]": -perTime.Square,
	}
}

// schedules are an announced one of three rates, and hidden ones of other laws.
func schedules(g golden.Poisson) map[string]float64 {
	c, f, d := published(g), g.OrderRate, g.Duration
	flows := cournot.Flows{Sells: clock.Schedule{
		{From: 0, To: d / 3, Rate: f}, {From: d / 3, To: 2 * d / 3, Rate: f / 2}, {From: 2 * d / 3, To: d, Rate: 1.5 * f},
	}}
	p := c.Announce(flows)
	proceeds, _ := p.Proceeds(0, flows)
	mean := 1 / g.StopRate
	erlang := poisson.Erlang{Stages: 2, MeanDuration: mean}
	return map[string]float64{
		"schedule(f,f/2,3f/2)/G": proceeds, "schedule(f,f/2,3f/2)/C_gain": p.MakerGain(0, 0),
		"schedule(f,f/2,3f/2)/B(0)": p.Anticipation(0),
		"erlang2/B(0)":              c.HiddenAnticipation(erlang, f, 0), "erlang2/B(1/nu)": c.HiddenAnticipation(erlang, f, mean),
		"deterministic_D=1/nu/B(0)": c.HiddenAnticipation(poisson.Deterministic{Duration: mean}, f, 0),
	}
}

// TestGoldenDouble compares numbers that were computed in float64: open_loop, and the
// flow market that is the limit.
func TestGoldenDouble(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		t.Run(name, func(t *testing.T) {
			c := model(g).Constants(cournot.OpenLoop)
			flow := model(g).Flow().Constants(cournot.Published)
			sold := flow.Proceeds(g.Duration)
			for key, x := range map[string]float64{
				"open_loop/a": c.OwnSlope, "open_loop/b": c.RivalSlope, "open_loop/r": c.R, "open_loop/A_eff": c.A,
				"open_loop/delta": c.Delta, "open_loop/kB": c.KB,
				"continuous/A": flow.A, "continuous/delta": flow.Gamma, "continuous/M": flow.M, "continuous/kB": flow.K,
				"continuous/C0": flow.Value, "continuous/P(D)": sold.Linear, "continuous/Q(D)": -sold.Square,
				"continuous/g(D)": flow.Announce(cournot.Orders{
					Sells: []clock.Schedule{{{To: g.Duration, Rate: g.OrderRate}}},
				}).At(g.Duration).Inventory,
			} {
				agree(t, key, g.Double[key], x, math.Abs(g.Double[key]))
			}
		})
	}
}
