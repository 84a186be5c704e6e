package cournot_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium/cournot"
	"walras/internal/golden"
)

func TestGoldenStackelberg(t *testing.T) {
	var g struct {
		Stackelberg map[string]struct {
			Params           parameters
			Concept          string
			S, D, Lagrange   float64
			ProceedsOptimal  float64            `json:"proceeds_optimal"`
			ProceedsConstant float64            `json:"proceeds_constant"`
			FOverMean        map[string]float64 `json:"f_over_mean"`
			Shortfall        float64            `json:"avg_price_impact_optimal"`
		}
	}
	golden.Cournot(t, &g)
	for name, want := range g.Stackelberg {
		concept, err := cournot.ParseConcept(want.Concept)
		require.NoError(t, err)
		o, err := want.Params.model().Constants(concept).OptimalSchedule(want.S, want.D)
		require.NoError(t, err)
		e := o.Execution()
		fmt.Println(name, o.Multiplier/want.Lagrange-1, e.Proceeds/want.ProceedsOptimal-1, e)
		for label, x := range map[string]float64{"0": 0, "d/4": .25, "d/2": .5, "3d/4": .75, "0.9d": .9, "d": 1} {
			fmt.Println(label, o.Rate(x*want.D)/(want.S/want.D)/want.FOverMean[label]-1)
		}
	}
}
