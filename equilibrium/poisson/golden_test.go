package poisson_test

import (
	"math"
	"testing"

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

// agreeAll compares a group of golden numbers, each on its own scale.
func agreeAll(t *testing.T, want, got map[string]float64) {
	t.Helper()
	for key, x := range got {
		g, ok := want[key]
		if !ok {
			t.Fatalf("no golden number %s", key)
		}
		agree(t, key, g, x, math.Abs(g))
	}
}

// published solves a golden market.
func published(g golden.Poisson) poisson.Constants { return model(g).Constants(cournot.Published) }
