package cournot

import (
	"fmt"
	"math"
	"slices"
)

// Concept is what a maker takes as given about its rivals.
type Concept int

// The solution concepts, and how scenarios spell them.
const (
	Published Concept = iota // published: rivals mirror one's own inventory, CMZ (A1)
	OpenLoop                 // open_loop: rivals' paths are given, CMZ Definition 1
	Feedback                 // feedback: rivals' functions of all inventories are given
)

var concepts = []string{Published: "published", OpenLoop: "open_loop", Feedback: "feedback"}

// String is the concept as scenarios spell it.
func (c Concept) String() string {
	if c < 0 || int(c) >= len(concepts) {
		return fmt.Sprintf("Concept(%d)", int(c))
	}
	return concepts[c]
}

// ParseConcept is the concept that scenarios spell so.
func ParseConcept(name string) (Concept, error) {
	if i := slices.Index(concepts, name); i >= 0 {
		return Concept(i), nil
	}
	return 0, fmt.Errorf("cournot: solution = %q: must be published, open_loop or feedback", name)
}

// Model is a market of identical makers, θ in CMZ.
type Model struct {
	DiscountRate  float64 // β > 0, per time
	Makers        int     // N ≥ 1
	InventoryCost float64 // η > 0, money per asset unit squared per time
	Activity      float64 // δ > 0, asset units per time and money per asset unit
	Reservation   float64 // ω > 0, money per asset unit: half the spread at which nobody trades
}

// ParameterError reports a parameter outside its range.
type ParameterError struct {
	Name  string  // the parameter
	Value float64 // what was given
	Limit string  // what is allowed
}

// Error names the parameter, its value and its limit.
func (e *ParameterError) Error() string {
	return fmt.Sprintf("cournot: %s = %v: must be %s", e.Name, e.Value, e.Limit)
}

// Validate returns a *ParameterError for the first field outside its range.
func (m Model) Validate() error {
	if m.Makers < 1 {
		return &ParameterError{Name: "Makers", Value: float64(m.Makers), Limit: "at least 1"}
	}
	for _, p := range []struct {
		name  string
		value float64
	}{
		{"DiscountRate", m.DiscountRate}, {"InventoryCost", m.InventoryCost},
		{"Activity", m.Activity}, {"Reservation", m.Reservation},
	} {
		if err := positive(p.name, p.value); err != nil {
			return err
		}
	}
	return nil
}

// positive returns a *ParameterError unless value is positive and finite.
func positive(name string, value float64) error {
	if value > 0 && !math.IsInf(value, 1) {
		return nil
	}
	return &ParameterError{Name: name, Value: value, Limit: "positive and finite"}
}

// Order is a large order that trades at a constant rate from time 0, when it is
// announced.
type Order struct {
	Rate     float64 // f, asset units per time; negative to buy
	Duration float64 // d > 0
}

// Validate returns a *ParameterError for the first field outside its range.
func (o Order) Validate() error {
	if math.IsNaN(o.Rate) || math.IsInf(o.Rate, 0) {
		return &ParameterError{Name: "Rate", Value: o.Rate, Limit: "finite"}
	}
	return positive("Duration", o.Duration)
}

// Size is the quantity that the order sells, f d.
func (o Order) Size() float64 { return o.Rate * o.Duration }

// Constants are the numbers of a solution that depend on no order. All formulas
// for published and open_loop are the same once they are written in A, M and γ;
// only the value of a maker differs.
type Constants struct {
	Model
	Concept Concept // Published or OpenLoop

	Kappa float64 // κ = 2/(N+1) published, 1 open_loop
	A     float64 // slope of the marginal value of inventory, −∂λ/∂i = 2A; CMZ (A4)
	M     float64 // 4δA/(N+1), rate at which inventories revert to 0, per time
	Gamma float64 // γ = β + κM = η/A, rate of anticipation, per time
	S     float64 // s = β/γ
	Rho   float64 // ρ = κM/γ = 1 − s
	K     float64 // k = κM/(2δ): without inventory costs to come, B' = γB + k f

	HalfSpread float64 // A_θ = ω/(N+1): half the spread without a large order
	Pressure   float64 // B_θ = 2A/(N+1): how far inventories push the quotes, per unit of all makers' inventory
	Depth      float64 // C_θ = δω/(N+1): what a maker buys and sells per time at inventory 0
	DepthSlope float64 // D_θ = 2δA/(N+1): how much more it sells and less it buys per unit of its inventory
	Value      float64 // E_θ = 2δω²/(β(N+1)²): worth of being a maker without inventory and order
	Curvature  float64 // F_θ: a maker with inventory i is worth E_θ − F_θ i²
	Impact     float64 // H_θ = 1/(δ(N+1)): immediate impact of the order's rate on the bid

	InvestorValue     float64 // E^I = δN²ω²/(β(N+1)²): worth of the market to end investors at inventory 0
	InvestorCurvature float64 // F^I = A_w: that worth at inventory i is E^I + F^I i²
}

// Constants solves the stationary part of the model, CMZ (A3)–(A7), for the
// concepts published and open_loop; it panics for another one.
func (m Model) Constants(concept Concept) Constants {
	n, n1 := float64(m.Makers), float64(m.Makers+1)
	κ := kappa(concept, m.Makers)
	β, δ, η, ω := m.DiscountRate, m.Activity, m.InventoryCost, m.Reservation
	// The positive root of η − βA = 4κδA²/(N+1), without cancellation.
	A := 2 * η / (β + math.Sqrt(β*β+16*κ*δ*η/n1))
	M := 4 * δ * A / n1
	γ := β + κ*M // never η/A − β: β may be tiny
	c := Constants{
		Model: m, Concept: concept,
		Kappa: κ, A: A, M: M, Gamma: γ, S: β / γ, Rho: κ * M / γ, K: κ * M / (2 * δ),
		HalfSpread: ω / n1, Pressure: 2 * A / n1, Depth: δ * ω / n1, DepthSlope: M / 2,
		Value:     2 * δ * ω * ω / (β * n1 * n1),
		Curvature: A, // (η + 8δNA²/(N+1)²)/(β+2M) = A for published
		Impact:    1 / (δ * n1),

		InvestorValue:     δ * n * n * ω * ω / (β * n1 * n1),
		InvestorCurvature: 4 * δ * n * n * A * A / (n1 * n1 * (β + 2*M)),
	}
	if concept == OpenLoop {
		c.Curvature = (η + 8*δ*n*A*A/(n1*n1)) / (β + 2*M)
	}
	return c
}

// kappa is what tells the published solution from open_loop.
func kappa(concept Concept, makers int) float64 {
	switch concept {
	case Published:
		return 2 / float64(makers+1)
	case OpenLoop:
		return 1
	}
	panic(fmt.Sprintf("cournot: no closed form for the concept %v", concept))
}

// counts are N and N+1.
func (m Model) counts() (n, n1 float64) { return float64(m.Makers), float64(m.Makers) + 1 }
