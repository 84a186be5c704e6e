package cournot_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"walras/equilibrium/cournot"
	"walras/internal/golden"
)

func TestGoldenDelay(t *testing.T) {
	var g struct {
		Delay map[string]struct {
			Params     parameters
			F, D, Tau  float64
			Mode       string
			Proceeds   float64
			ITau       float64  `json:"i_tau"`
			ID         float64  `json:"i_d"`
			Bid0       float64  `json:"bid_0"`
			BidTauLeft *float64 `json:"bid_tau_minus"`
			BidTau     *float64 `json:"bid_tau_plus"`
			BidDLeft   float64  `json:"bid_d_minus"`
		}
	}
	golden.Cournot(t, &g)
	require.NotEmpty(t, g.Delay)
	for name, want := range g.Delay {
		reading, err := cournot.ParseReading(want.Mode)
		require.NoError(t, err)
		o := cournot.Delayed{
			Market: want.Params.model().Constants(cournot.Published),
			Order:  cournot.Order{Rate: want.F, Duration: want.D}, Delay: want.Tau, Reading: reading,
		}
		require.NoError(t, o.Validate())
		agree(t, name+" proceeds", want.Proceeds, o.Execution().Proceeds, 1)
		agree(t, name+" i(τ)", want.ITau, o.At(want.Tau).Inventory, 1)
		agree(t, name+" i(d)", want.ID, o.At(want.D).Inventory, 1)
		agree(t, name+" i(d)", want.ID, o.Before(want.D).Inventory, 1)
		agree(t, name+" bid", want.Bid0, o.At(0).Bid, 1)
		agree(t, name+" bid", want.BidDLeft, o.Before(want.D).Bid, 1)
		if want.BidTauLeft != nil {
			agree(t, name+" bid", *want.BidTauLeft, o.Before(want.Tau).Bid, 1)
		}
		if want.BidTau != nil {
			agree(t, name+" bid", *want.BidTau, o.At(want.Tau).Bid, 1)
		}
	}
}
