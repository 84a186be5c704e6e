package poisson_test

import (
	"testing"

	"walras/equilibrium/poisson"
	"walras/internal/golden"
)

// TestGainsAgree compares proceeds and what orders are worth to others.
func TestGainsAgree(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		t.Run(name, func(t *testing.T) {
			c := published(g)
			law := poisson.Exponential{MeanDuration: 1 / g.StopRate}
			sun, stealth, mean := c.Sunshine(g.Duration), c.Stealth(law), c.MeanSunshine(law)
			f := g.OrderRate
			agreeAll(t, g.Numbers, map[string]float64{
				"stealth/C_gain_c1": stealth.Maker.Linear, "stealth/C_gain_c2": stealth.Maker.Square,
				"stealth/C_gain": stealth.Maker.Of(f, 0), "stealth/C": c.C0 + stealth.Maker.Of(f, 0),
				"stealth/B":        f * stealth.Maker.Slope,
				"sun/C_gain_c1(D)": sun.Maker.Linear, "sun/C_gain_c2(D)": sun.Maker.Square,
				"sun/C(0)": c.C0 + sun.Maker.Of(f, 0), "sun/C(D/2)": c.C0 + c.Sunshine(g.Duration/2).Maker.Of(f, 0),
				"sun/B(0)": f * sun.Maker.Slope, "sun/B(D/2)": f * c.Sunshine(g.Duration/2).Maker.Slope,
				"seller/P(D)": sun.Seller.Linear, "seller/Q(D)": -sun.Seller.Square,
				"seller/P_stealth": stealth.Seller.Linear, "seller/Q_stealth": -stealth.Seller.Square,
				"seller/Q_stealth_given_D": -c.StealthGiven(law, g.Duration).Seller.Square,
				"seller/E_Q(D)":            -mean.Seller.Square,
				"seller/G_sun":             sun.Seller.Of(f, 0), "seller/G_stealth": stealth.Seller.Of(f, 0),
				"seller/E_D_G_sun": mean.Seller.Of(f, 0),
				"seller/fstar_sun": sun.Seller.Extremum(), "seller/fstar_stealth": stealth.Seller.Extremum(),
				"seller/Gmax_sun":     sun.Seller.Of(sun.Seller.Extremum(), 0),
				"seller/Gmax_stealth": stealth.Seller.Of(stealth.Seller.Extremum(), 0),
				"seller/f_breakeven_sun": sun.Seller.ChangeOfSign(), "seller/f_breakeven_stealth": stealth.Seller.ChangeOfSign(),
				"E_D/C_gain_sun": mean.Maker.Of(f, 0), "E_D/U_gain_sun(i=0)": mean.Users.Of(f, 0),
				"stealth/U_gain(i=0)": stealth.Users.Of(f, 0),
				"stealth/U_gain_X":    stealth.Users.Linear, "stealth/U_gain_Y": stealth.Users.Square, "stealth/U_gain_W": stealth.Users.Slope,
				"sun/U_gain_X": sun.Users.Linear, "sun/U_gain_Y": sun.Users.Square, "sun/U_gain_W": sun.Users.Slope,
				"users/fhat_sun": sun.Users.ChangeOfSign(), "users/fhat_stealth": stealth.Users.ChangeOfSign(),
			})
		})
	}
}
