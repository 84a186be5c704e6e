package cournot_test

import (
	"errors"
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium/cournot"
	"walras/internal/golden"
)

const volume = 575_800 // ADV of the paper, EUR 1000 per day

func blueChip(concept cournot.Concept) cournot.Constants {
	return cournot.BlueChip().Model(concept).Constants(concept)
}

// TestCalibration goes from targets to parameters, and back.
func TestCalibration(t *testing.T) {
	type calibrated struct {
		parameters
		Digits string  `json:"eta"`
		Eta    float64 `json:"eta_float"`
		A      float64
		Gamma  float64
		M      float64
	}
	var table struct {
		Calibration struct {
			Paper     calibrated `json:"pressure_0.0026_paper"`
			OpenLoop  calibrated `json:"pressure_0.0026_openloop"`
			Paper10   calibrated `json:"pressure_0.026_paper"`
			OpenLoop1 calibrated `json:"pressure_0.026_openloop"`
			Rounded   float64    `json:"eta_with_rounded_delta_18000"`
		} `json:"calibration"`
	}
	golden.Cournot(t, &table)
	all := table.Calibration
	for _, c := range []struct {
		want     calibrated
		concept  cournot.Concept
		pressure float64
	}{
		{all.Paper, cournot.Published, .0026}, {all.OpenLoop, cournot.OpenLoop, .0026},
		{all.Paper10, cournot.Published, .026}, {all.OpenLoop1, cournot.OpenLoop, .026},
	} {
		targets := cournot.BlueChip()
		targets.Pressure = c.pressure
		require.NoError(t, targets.Validate())
		m := targets.Model(c.concept)
		require.NoError(t, m.Validate())
		constants := m.Constants(c.concept)
		digits, err := strconv.ParseFloat(c.want.Digits, 64)
		require.NoError(t, err)
		for i, pair := range [][2]float64{
			{c.want.Beta, m.DiscountRate}, {float64(c.want.N), float64(m.Makers)}, {c.want.Omega, m.Reservation},
			{c.want.Delta, m.Activity}, {c.want.Eta, m.InventoryCost}, {digits, m.InventoryCost},
			{c.want.A, constants.A}, {c.want.Gamma, constants.Gamma}, {c.want.M, constants.M},
			{targets.Spread, 2 * constants.HalfSpread}, {targets.Pressure, constants.Pressure},
			{targets.Volume, 2 * m.Activity * (m.Reservation - constants.HalfSpread)},
		} {
			require.InEpsilon(t, pair[0], pair[1], 1e-14, "%v %v: %d", c.concept, c.pressure, i)
		}
	}
	rounded := cournot.BlueChip()
	rounded.Volume = 576_000 // δ = 18000, from which the paper has its η of 0.2434
	require.InEpsilon(t, all.Rounded, rounded.Model(cournot.Published).InventoryCost, 1e-14)
}

// TestCalibrationByPressure finds the inventory cost of a solution known by its
// price pressure alone.
func TestCalibrationByPressure(t *testing.T) {
	targets := cournot.Targets{DiscountRate: .3, Makers: 7, Spread: .4, Pressure: .02, Volume: 60}
	for _, concept := range concepts {
		m, err := targets.ModelWith(func(m cournot.Model) (float64, error) { return m.Constants(concept).Pressure, nil })
		require.NoError(t, err)
		require.InEpsilon(t, targets.Model(concept).InventoryCost, m.InventoryCost, 1e-13)
	}
	_, err := targets.ModelWith(func(cournot.Model) (float64, error) { return .01, nil })
	require.ErrorContains(t, err, "no inventory cost gives the price pressure 0.02")
	diverged := errors.New("diverged")
	_, err = targets.ModelWith(func(cournot.Model) (float64, error) { return math.NaN(), diverged })
	require.ErrorIs(t, err, diverged)
}

// TestFigure4c is the liquidity surface: every printed digit of rows 1 to 7, and
// golden numbers under the other mean and concepts. Row 0 is the half spread,
// 1.60; the paper prints 1.62.
func TestFigure4c(t *testing.T) {
	var table struct {
		Figure struct {
			ADV         float64     `json:"ADV"`
			HoursPerDay float64     `json:"hours_per_day"`
			Sizes       []float64   `json:"sizes_pct"`
			Hours       []float64   `json:"hours"`
			Discounted  [][]float64 `json:"discounted_average"`
			Footnote13  [][]float64 `json:"footnote13_average"`
			SameEta     [][]float64 `json:"openloop_same_eta"`
			OpenLoop    [][]float64 `json:"openloop_recalibrated"`
			Printed     [][]float64 `json:"printed"`
		} `json:"figure4c"`
	}
	golden.Cournot(t, &table)
	g := table.Figure
	require.EqualValues(t, volume, g.ADV)
	require.EqualValues(t, cournot.TradingDay, g.HoursPerDay)
	sizes, durations := make([]float64, len(g.Sizes)), make([]float64, len(g.Hours))
	for i, percent := range g.Sizes {
		sizes[i] = percent / 100 * volume
	}
	for j, hours := range g.Hours {
		durations[j] = hours / cournot.TradingDay
	}
	paper := blueChip(cournot.Published)
	sameEta := paper.Model.Constants(cournot.OpenLoop)
	surface := paper.Surface(sizes, durations)
	cells := 0
	for i, size := range sizes {
		golden.Agree(t, "discounted", g.Discounted[i], surface[i], 1e-10)
		golden.Agree(t, "same eta", g.SameEta[i], sameEta.Surface(sizes, durations)[i], 1e-10)
		golden.Agree(t, "open loop", g.OpenLoop[i], blueChip(cournot.OpenLoop).Surface(sizes, durations)[i], 1e-10)
		for j, d := range durations {
			agree(t, "undiscounted", g.Footnote13[i][j], paper.AverageImpact(cournot.Order{Rate: size / d, Duration: d}, 0).Undiscounted, 1)
			rounded := math.Round(100*surface[i][j]) / 100
			if i == 0 {
				require.Equal(t, 1.6, rounded)
				continue
			}
			require.Equal(t, g.Printed[i][j], rounded, "%v %% in %v h", g.Sizes[i], g.Hours[j])
			cells++
		}
	}
	require.Equal(t, 42, cells)
}

// TestFigure5 is the shortest time in which a size is worth trading.
func TestFigure5(t *testing.T) {
	var table struct {
		Figure []struct {
			Size  float64 `json:"size_pct"`
			Hours float64 `json:"d_min_hours"`
		} `json:"figure5"`
	}
	golden.Cournot(t, &table)
	require.Len(t, table.Figure, 14)
	c := blueChip(cournot.Published)
	for _, g := range table.Figure {
		d := c.MinimumDuration(g.Size / 100 * volume)
		agree(t, "duration", g.Hours, d*cournot.TradingDay, g.Hours)
	}
}

// TestFigure6 is the size above which an order is good for end investors, and the
// sizes above which its trader would rather sell less, and small sellers buy.
func TestFigure6(t *testing.T) {
	var table struct {
		Figure []struct {
			Hours     float64 `json:"hours"`
			Threshold float64 `json:"threshold_size_pct"`
			FBar      float64 `json:"f_bar"`
			Largest   float64 `json:"max_size_pct"`
			Valid     float64 `json:"valid_size_pct"`
		} `json:"figure6"`
	}
	golden.Cournot(t, &table)
	require.Len(t, table.Figure, 15)
	c := blueChip(cournot.Published)
	for _, g := range table.Figure {
		d := g.Hours / cournot.TradingDay
		percent := 100 * d / volume
		agree(t, "f-bar", g.FBar, c.ThresholdRate(d), g.FBar)
		agree(t, "threshold", g.Threshold, c.ThresholdRate(d)*percent, g.Threshold)
		agree(t, "largest", g.Largest, c.BestRate(d)*percent, g.Largest)
		agree(t, "valid", g.Valid, c.ValidRate(d)*percent, g.Valid)
	}
}

// TestCalibrationOfThresholds locates where, in the calibrated market, the
// threshold is no longer a rate at which small sellers buy (12.1 s), nor above
// the best rate (41.7 s), and where the bid begins to recover (12.02 min).
func TestCalibrationOfThresholds(t *testing.T) {
	c := blueChip(cournot.Published)
	second := 1 / (cournot.TradingDay * 3600)
	require.Greater(t, c.ThresholdRate(12*second), c.ValidRate(12*second))
	require.Less(t, c.ThresholdRate(12.2*second), c.ValidRate(12.2*second))
	require.Greater(t, c.ThresholdRate(41.6*second), c.BestRate(41.6*second))
	require.Less(t, c.ThresholdRate(41.8*second), c.BestRate(41.8*second))
	require.InDelta(t, 12.02, c.ReversalDuration()/second/60, .005)
}
