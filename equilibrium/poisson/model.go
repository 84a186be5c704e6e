package poisson

import (
	"fmt"
	"math"

	"walras/equilibrium/cournot"
	"walras/internal/fixedpoint"
)

// Model is a market of identical makers with Poisson end investors.
type Model struct {
	DiscountRate      float64 // β > 0, per time
	Makers            int     // N ≥ 1
	InventoryCost     float64 // Θ > 0, money per asset unit squared per time
	BuyRate, SellRate float64 // λ_B, λ_S > 0, arrivals per time
	Size              float64 // c > 0, asset units per arrival and money per asset unit
	Reservation       float64 // p > 0, money per asset unit: half the spread at which nobody trades
}

// ParameterError reports a parameter outside its range.
type ParameterError struct {
	Name  string  // the parameter
	Value float64 // what was given
	Limit string  // what is allowed
}

// Error names the parameter, its value and its limit.
func (e *ParameterError) Error() string {
	return fmt.Sprintf("poisson: %s = %v: must be %s", e.Name, e.Value, e.Limit)
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
		{"DiscountRate", m.DiscountRate}, {"InventoryCost", m.InventoryCost}, {"BuyRate", m.BuyRate},
		{"SellRate", m.SellRate}, {"Size", m.Size}, {"Reservation", m.Reservation},
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

// Arrivals is Λ = λ_B + λ_S.
func (m Model) Arrivals() float64 { return m.BuyRate + m.SellRate }

// Constants are the numbers of a solution that depend on no order. The formulas of
// published and open_loop are the same once they are written in A and κ.
type Constants struct {
	Model
	Concept cournot.Concept // Published or OpenLoop

	Kappa float64 // κ = 2(1+cA)/K published, 1 open_loop: how much of the reversion a maker counts on
	A     float64 // slope of the marginal value of inventory, −∂V_i/∂i = 2A; A_eff under open_loop
	K     float64 // N + 1 + 2cA
	Small float64 // m = N + 2cA = K − 1

	R          float64 // r = 2cA/K: a unit of inventory changes what a maker trades with an arrival
	Rho        float64 // ρ = 1 − r = (N+1)/K: what an arrival leaves of an inventory
	Reversion  float64 // M = Λr, rate at which the mean inventory reverts, per time
	Reversion2 float64 // M2 = Λr(2−r), rate at which its variance does
	Delta      float64 // δ = β + κM = Θ/A, rate of anticipation, per time
	Kap1       float64 // κ r
	KB         float64 // kB = κ r m/(cN): B' = δ(B − B0) + kB(f − φ)
	B0         float64 // B without orders, κ r p(λ_B − λ_S)/δ
	C0         float64 // worth of being a maker without inventory and order

	// Of the value of a maker whose inventory is i without an order,
	// C0 + Tilt i − Curvature i². They are B0 and A under published.
	Tilt, Curvature float64

	// Under open_loop a maker with inventory x among rivals with y values a unit at
	// B − 2ax + by, a = OwnSlope and b = RivalSlope; A_eff = a − b/2.
	OwnSlope, RivalSlope float64
}

// Constants solves the stationary part of the model, slides 18–20, for the concepts
// published and open_loop; it panics for another one.
func (m Model) Constants(concept cournot.Concept) Constants {
	c := m.at(concept, m.slope(concept))
	n, Λ := float64(m.Makers), m.Arrivals()
	c.OwnSlope = c.A
	if concept == cournot.OpenLoop {
		// Θ − βa = Λca²/(1+ca), and b from the condition on V_xy.
		β, Θ, size := m.DiscountRate, m.InventoryCost, m.Size
		half := (β - size*Θ) / 2
		a := half + math.Copysign(math.Sqrt(half*half+size*(Λ+β)*Θ), half)
		if half >= 0 {
			a = Θ / a
		} else {
			a = -a / (size * (Λ + β))
		}
		share := size * a / (1 + size*a)
		c.OwnSlope = a
		c.RivalSlope = -Λ * a * (n - 1) * c.R / ((1 + size*a) * (β + c.Reversion + Λ*share*c.Rho))
	}
	idle := c.idle(c.makers())
	c.C0, c.Tilt, c.Curvature = idle.constant, idle.slope, -idle.square
	return c
}

// slope solves Θ = A(β + κ(A) r(A) Λ) for A > 0; slide 19 prints 8cλ for 4cΛ. The
// right side increases in A, so that a bracket and bisection are safe from c → 0 to
// any cA, where the roots of the polynomial are not.
func (m Model) slope(concept cournot.Concept) float64 {
	residual := func(a float64) float64 {
		c := m.at(concept, a)
		return a*c.Delta - m.InventoryCost
	}
	hi := m.InventoryCost / m.DiscountRate // where even r = 0 is enough
	lo := m.InventoryCost / (m.DiscountRate + 2*m.Arrivals())
	if hi > 4*lo { // Halve the number of digits first: β may be tiny.
		for residual(2*lo) < 0 {
			lo *= 2
		}
		hi = math.Min(hi, 2*lo)
	}
	return fixedpoint.Root(residual, lo, hi)
}

// at are the constants that follow from a slope A alone.
func (m Model) at(concept cournot.Concept, A float64) Constants {
	n, size, Λ := float64(m.Makers), m.Size, m.Arrivals()
	K := n + 1 + 2*size*A
	c := Constants{
		Model: m, Concept: concept, A: A, K: K, Small: n + 2*size*A,
		R: 2 * size * A / K, Rho: (n + 1) / K,
	}
	switch concept {
	case cournot.Published:
		c.Kappa = 2 * (1 + size*A) / K
	case cournot.OpenLoop:
		c.Kappa = 1
	default:
		panic(fmt.Sprintf("poisson: no closed form for the concept %v", concept))
	}
	c.Reversion, c.Reversion2 = Λ*c.R, Λ*c.R*(1+c.Rho)
	c.Kap1 = c.Kappa * c.R
	c.Delta = m.DiscountRate + c.Kap1*Λ // never Θ/A − β: β may be tiny
	c.KB = c.Kap1 * c.Small / (size * n)
	c.B0 = c.Kap1 * m.Reservation * (m.BuyRate - m.SellRate) / c.Delta
	return c
}
