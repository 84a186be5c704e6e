// Package golden reads the golden tables of testdata for tests. Where the
// numbers come from is said in testdata/README.md. It is imported by tests
// alone.
package golden

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Equilibrium is one equilibrium of the double auction: in continuous time
// (Step 0), or of the discrete game with Q in quantities per auction.
type Equilibrium struct {
	Step    float64       `json:"step"`
	P       []float64     `json:"P"`
	Q       [][]float64   `json:"Q"`
	A       [][][]float64 `json:"A"` // one matrix per trader
	K       []float64     `json:"k"`
	Welfare []float64     `json:"welfare"`
}

// Market is a market with its equilibrium in continuous time and those of the
// discrete game.
type Market struct {
	Equilibrium
	B             []float64     `json:"b"` // holding costs
	R             float64       `json:"r"` // discount rate
	Fringe        bool          `json:"fringe"`
	Eigenvalues   []float64     `json:"eigenvalues"`
	Instantaneous []float64     `json:"instantaneous"`
	Permanent     []float64     `json:"permanent"`
	Transient     []float64     `json:"transient"`
	F             [][]float64   `json:"F"`     // common values
	Alpha         []float64     `json:"alpha"` // risk aversions, instead of B
	Sigma         [][]float64   `json:"Sigma"`
	X0            []float64     `json:"X0"`
	Discrete      []Equilibrium `json:"discrete"`
}

// Quadratic are the markets with quadratic utility and private values.
var Quadratic = []string{"paper-five-traders", "symmetric-3", "one-large-and-fringe", "two-large-and-fringe"}

// All lists the equilibrium in continuous time and the discrete ones.
func (m Market) All() []Equilibrium { return append([]Equilibrium{m.Equilibrium}, m.Discrete...) }

// DoubleAuction reads the market of this name from testdata/double-auction.json.
func DoubleAuction(t testing.TB, name string) Market {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	data, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", "testdata", "double-auction.json"))
	if err != nil {
		t.Fatal(err)
	}
	var markets map[string]Market
	if err := json.Unmarshal(data, &markets); err != nil {
		t.Fatal(err)
	}
	m, ok := markets[name]
	if !ok {
		t.Fatalf("golden: no market %q", name)
	}
	return m
}

// Agree requires |x − g| ≤ tolerance·|g| + 1e-13·max|g| entry by entry.
func Agree(t testing.TB, label string, want, got []float64, tolerance float64) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%s: %d numbers, golden %d", label, len(got), len(want))
	}
	scale := 0.0
	for _, g := range want {
		scale = math.Max(scale, math.Abs(g))
	}
	for i, g := range want {
		if !(math.Abs(got[i]-g) <= tolerance*math.Abs(g)+1e-13*scale) {
			t.Fatalf("%s[%d]: %v, golden %v", label, i, got[i], g)
		}
	}
}
