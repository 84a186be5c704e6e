package cournot_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/equilibrium/cournot"
)

// quantities are those of Statics, in order, for a number of makers that need
// not be whole: β, N, η, δ, ω.
func quantities(concept cournot.Concept, x [5]float64) [8]float64 {
	β, n1, η, δ, ω := x[0], x[1]+1, x[2], x[3], x[4]
	κ := 1.
	if concept == cournot.Published {
		κ = 2 / n1
	}
	A := 2 * η / (β + math.Sqrt(β*β+16*κ*δ*η/n1))
	M := 4 * δ * A / n1
	return [8]float64{2 * ω / n1, 2 * A / n1, δ * ω / n1, M / 2, A, M, η / A, 1 / (δ * n1)}
}

// TestStatics puts every derivative beside a difference quotient, and signs
// those of CMZ Table 1.
func TestStatics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawMarket(t)
		s := c.Statics()
		x := [5]float64{c.DiscountRate, float64(c.Makers), c.InventoryCost, c.Activity, c.Reservation}
		gradients := [8]cournot.Gradient{s.Spread, s.Pressure, s.Depth, s.DepthSlope, s.MarginalValue, s.Reversion, s.Anticipation, s.Impact}
		for j := range x {
			above, below := x, x
			step := 1e-3 * x[j]
			above[j] += step
			below[j] -= step
			up, down, at := quantities(c.Concept, above), quantities(c.Concept, below), quantities(c.Concept, x)
			for i, g := range gradients {
				got := [5]float64{g.DiscountRate, g.Makers, g.InventoryCost, g.Activity, g.Reservation}[j]
				require.InDelta(t, (up[i]-down[i])/(2*step), got, 1e-5*at[i]/x[j], "quantity %d by parameter %d", i, j)
			}
		}

		table := [5][2]int{{0, -1}, {-1, -1}, {0, 1}, {0, -1}, {1, 0}} // β, N, η, δ, ω
		for column, g := range []cournot.Gradient{s.Spread, s.Pressure} {
			for row, d := range []float64{g.DiscountRate, g.Makers, g.InventoryCost, g.Activity, g.Reservation} {
				require.Equal(t, table[row][column], sign(d))
			}
		}
	})
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

func TestParameterErrors(t *testing.T) {
	valid := cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: 2}
	require.NoError(t, valid.Validate())
	for text, spoil := range map[string]func(*cournot.Model){
		"cournot: Makers = 0: must be at least 1":                   func(m *cournot.Model) { m.Makers = 0 },
		"cournot: DiscountRate = 0: must be positive and finite":    func(m *cournot.Model) { m.DiscountRate = 0 },
		"cournot: InventoryCost = NaN: must be positive and finite": func(m *cournot.Model) { m.InventoryCost = math.NaN() },
		"cournot: Activity = +Inf: must be positive and finite":     func(m *cournot.Model) { m.Activity = math.Inf(1) },
		"cournot: Reservation = -2: must be positive and finite":    func(m *cournot.Model) { m.Reservation = -2 },
	} {
		m := valid
		spoil(&m)
		var wrong *cournot.ParameterError
		require.ErrorAs(t, m.Validate(), &wrong)
		require.EqualError(t, wrong, text)
	}

	require.NoError(t, cournot.Order{Rate: -.5, Duration: 2}.Validate())
	require.EqualError(t, cournot.Order{Rate: math.Inf(-1), Duration: 2}.Validate(), "cournot: Rate = -Inf: must be finite")
	require.EqualError(t, cournot.Order{Rate: 1}.Validate(), "cournot: Duration = 0: must be positive and finite")

	for text, spoil := range map[string]func(*cournot.Targets){
		"cournot: Makers = -1: must be at least 1":                func(t *cournot.Targets) { t.Makers = -1 },
		"cournot: DiscountRate = -1: must be positive and finite": func(t *cournot.Targets) { t.DiscountRate = -1 },
		"cournot: Spread = 0: must be positive and finite":        func(t *cournot.Targets) { t.Spread = 0 },
		"cournot: Pressure = 0: must be positive and finite":      func(t *cournot.Targets) { t.Pressure = 0 },
		"cournot: Volume = 0: must be positive and finite":        func(t *cournot.Targets) { t.Volume = 0 },
	} {
		targets := cournot.BlueChip()
		spoil(&targets)
		require.EqualError(t, targets.Validate(), text)
	}
}

func TestConcepts(t *testing.T) {
	for concept, name := range map[cournot.Concept]string{cournot.Published: "published", cournot.OpenLoop: "open_loop", cournot.Feedback: "feedback"} {
		require.Equal(t, name, concept.String())
		parsed, err := cournot.ParseConcept(name)
		require.NoError(t, err)
		require.Equal(t, concept, parsed)
	}
	_, err := cournot.ParseConcept("nash")
	require.EqualError(t, err, `cournot: solution = "nash": must be published, open_loop or feedback`)
	require.Equal(t, "Concept(7)", cournot.Concept(7).String())
	require.PanicsWithValue(t, "cournot: no closed form for the concept feedback", func() {
		cournot.Model{DiscountRate: .1, Makers: 3, InventoryCost: 1, Activity: 5, Reservation: 2}.Constants(cournot.Feedback)
	})
}
