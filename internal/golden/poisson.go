package golden

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// Poisson is a golden market with Poisson end investors, its orders and numbers.
type Poisson struct {
	Makers                                                 int
	Size, BuyRate, SellRate, Reservation, InventoryCost    float64 // c, λ_B, λ_S, p, Θ
	DiscountRate, OrderRate, StopRate, Duration, Inventory float64 // β, f, ν, D, i_0
	Inventories                                            map[string]float64
	Numbers                                                map[string]float64 // to 30 digits
	Double                                                 map[string]float64 // float64 results
}

// PoissonSets reads testdata/poisson.json: toy, lumpy, slide_recal.
func PoissonSets(t testing.TB) map[string]Poisson {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	data, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", "testdata", "poisson.json"))
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Sets map[string]struct {
			Params struct {
				N                                           int
				C, LamB, LamS, P, Theta, Beta, F, Nu, D, I0 string
				List                                        []string `json:"i_list"`
			}
			Q      map[string]string
			Double map[string]float64
		}
	}
	if err := json.Unmarshal(data, &table); err != nil {
		t.Fatal(err)
	}
	number := func(digits string) float64 {
		x, err := strconv.ParseFloat(digits, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	sets := map[string]Poisson{}
	for name, s := range table.Sets {
		p := s.Params
		g := Poisson{
			Makers: p.N, Size: number(p.C), BuyRate: number(p.LamB), SellRate: number(p.LamS),
			Reservation: number(p.P), InventoryCost: number(p.Theta), DiscountRate: number(p.Beta),
			OrderRate: number(p.F), StopRate: number(p.Nu), Duration: number(p.D), Inventory: number(p.I0),
			Inventories: map[string]float64{}, Numbers: map[string]float64{}, Double: s.Double,
		}
		for _, i := range p.List {
			g.Inventories[i] = number(i)
		}
		for key, digits := range s.Q {
			g.Numbers[key] = number(digits)
		}
		sets[name] = g
	}
	return sets
}
