package poisson_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium/poisson"
	"walras/internal/golden"
)

// TestGoldenInventories compares all golden moments of inventories and quotes.
func TestGoldenInventories(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		t.Run(name, func(t *testing.T) {
			c := published(g)
			f, d := g.OrderRate, g.Duration
			seen := map[string]bool{}
			check := func(key string, got, scale float64) {
				t.Helper()
				want, ok := g.Numbers[key]
				require.True(t, ok, key)
				agree(t, key, want, got, scale)
				seen[key] = true
			}
			long := c.Stationary()
			sd := math.Sqrt(long.Variance)
			for n := 1; n <= 4; n++ {
				check(fmt.Sprintf("stationary_none/EI%d", n), long.Raw[n], math.Pow(sd, float64(n)))
			}
			for prefix, v := range map[string]*poisson.Inventory{
				"sun/":       c.Known(poisson.Constantly(f, d), g.Inventory),
				"stealth|D/": c.Hidden(hides(g), f, d, g.Inventory),
			} {
				for _, x := range []float64{0, .25, .5, 1, 1.25, 2} {
					m := v.At(x * d)
					if x == 1 {
						m = v.Before(d)
					}
					at := fmt.Sprintf("(t=%vD)", x)
					size := sd + math.Abs(m.Mean) + f/float64(c.Makers)/c.Reversion
					check(prefix+"EI"+at, m.Mean, size)
					check(prefix+"VarI"+at, m.Variance, sd*sd)
					check(prefix+"EI3"+at, m.Raw[3], size*size*size)
					check(prefix+"EI4"+at, m.Raw[4], sq(size*size))
					check(prefix+"Eask"+at, m.Ask, c.Reservation)
					check(prefix+"Ebid"+at, m.Bid, c.Reservation)
					check(prefix+"Emid"+at, m.Mid, c.Reservation)
					check(prefix+"sd_mid"+at, m.PriceDeviation, 2*float64(c.Makers)*c.A/c.K*sd)
				}
				check(prefix+"Ebid(t=D+)", v.At(d).Bid, c.Reservation)
				check(prefix+"Eask(t=D+)", v.At(d).Ask, c.Reservation)
				inventory, total := v.ProceedsVariance(1)
				check(prefix+"VarG_inventory", inventory, inventory)
				check(prefix+"VarG_with_sigma_1", total, total)
			}
			for _, x := range []float64{.5, 1, 2} {
				m := c.Unconditional(hides(g), f, g.Inventory, x*d)
				check(fmt.Sprintf("stealth_uncond/EI(t=%vD)", x), m.Mean, sd)
				check(fmt.Sprintf("stealth_uncond/EI2(t=%vD)", x), m.Raw[2], sd*sd)
			}
			for key := range g.Numbers {
				for _, group := range []string{"stationary_none/", "stealth|D/", "stealth_uncond/", "sun/E", "sun/Var", "sun/sd"} {
					if strings.HasPrefix(key, group) {
						require.True(t, seen[key], "no value for the golden key %s", key)
					}
				}
			}
		})
	}
}

func sq(x float64) float64 { return x * x }
