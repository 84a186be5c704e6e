package cournot_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"walras/equilibrium/cournot"
)

func TestScratch(t *testing.T) {
	m := cournot.Model{DiscountRate: math.Exp(-0.5006065368652344), Makers: int(math.Exp(6.470030002213207)),
		InventoryCost: math.Exp(0.337188720703125), Activity: math.Exp(5.745049759745598), Reservation: math.Exp(-1.9966880404304561)}
	c := m.Constants(cournot.Published)
	d := 100 / c.Gamma
	flows := constantly(math.Exp(-.61278)*c.Depth*float64(m.Makers), d)
	fmt.Println(m, d, c.M, c.Gamma)
	for _, concept := range all[1:] {
		t0 := time.Now()
		profile, err := m.Profile(concept, 0, []int{1, m.Makers - 1})
		require.NoError(t, err)
		fmt.Println(concept, time.Since(t0), profile.Reversion)
		discrete, err := m.Profile(concept, d/7, []int{1, m.Makers - 1})
		require.NoError(t, err)
		fmt.Println(time.Since(t0), discrete.Reversion)
		play, policy := profile.Play(flows), discrete.Policy(flows.Grid(d/7))
		fmt.Println(time.Since(t0))
		x := []float64{0, 0}
		w, _ := play.Worth(0, x)
		fmt.Println(time.Since(t0), w)
		dev, _ := play.Deviation(0, x)
		tick, _ := policy.Deviation(0, x)
		fmt.Println(time.Since(t0))
		dev2, _ := play.Apart(0).Deviation(2, append(x, 0))
		tick2, _ := policy.Apart(0).Deviation(2, append(x, 0))
		fmt.Println(time.Since(t0))
		fmt.Println(concept, dev.Gain, tick.Gain, dev2.Gain, tick2.Gain)
	}
}
