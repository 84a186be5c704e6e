package experiment

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/equilibrium"
	"walras/scenarios"
)

type quoteRow struct {
	Path        int64    `parquet:"path"`
	Step        int32    `parquet:"step"`
	T           float64  `parquet:"t"`
	Bid         *float64 `parquet:"bid"`
	Ask         *float64 `parquet:"ask"`
	Mid         *float64 `parquet:"mid"`
	Spread      *float64 `parquet:"spread"`
	Fundamental float64  `parquet:"fundamental"`
}

// stageMaker is a maker and its investors, with quantities made up.
func stageMaker(s *scenarios.Scenario) (*stage, error) {
	sim := newSimulation(s, 2, NewMarket(s).Clock)
	sim.Names, sim.Initial = []string{"maker", "investors"}, []float64{.8, -.3}
	quantity := func(sign float64) func(int) equilibrium.Affine {
		return func(k int) equilibrium.Affine {
			return equilibrium.Affine{Constant: .7 - .01*float64(k), Slopes: []float64{.3 * sign}}
		}
	}
	sim.Cournot = &equilibrium.Cournot{
		Step:      sim.Clock.Step,
		Makers:    []equilibrium.Maker{{Bid: quantity(-1), Ask: quantity(1), InventoryCost: 1.7, Worth: func(x []float64) float64 { return 2 - x[0]*x[0] }}},
		Investors: equilibrium.Investors{Activity: 4, Reservation: 1.9},
	}
	return &stage{sim: sim, policy: func() json.RawMessage { return exactly("made up") }}, nil
}

// TestTablesOfAMarketWithTwoPrices: bid, ask, mid and spread stand where the price is
// in others, in both layouts.
func TestTablesOfAMarketWithTwoPrices(t *testing.T) {
	const name = "made_up"
	stages[name] = stageMaker
	defer delete(stages, name)
	s := load(t, small, "record.paths=3", "monte_carlo.paths=1500")
	s.Market = name
	dir := filepath.Join(t.TempDir(), "run")
	out := run(t, s, dir)
	require.True(t, out.Verdict.Passed, "%+v", out.Verdict.Failures())
	again := run(t, s, filepath.Join(t.TempDir(), "again"), func(o *Options) { o.Workers = 1 })
	assert.Equal(t, out.Manifest.Digest, again.Manifest.Digest)

	quotes, err := parquet.ReadFile[quoteRow](filepath.Join(dir, "market.parquet"))
	require.NoError(t, err)
	agents, err := parquet.ReadFile[agentRow](filepath.Join(dir, "agents.parquet"))
	require.NoError(t, err)
	require.Len(t, quotes, 3*16)
	require.Len(t, agents, 2*len(quotes))
	cash := 0.
	for i, q := range quotes {
		maker := agents[2*i]
		require.Equal(t, "maker", maker.Agent)
		require.InDelta(t, -maker.Cash, agents[2*i+1].Cash, 1e-9)
		if q.Step == 15 {
			require.Nil(t, q.Bid)
			require.Nil(t, q.Spread)
			require.Nil(t, maker.Trade)
			require.InDelta(t, cash, maker.Cash, 1e-9)
			continue
		}
		if q.Step == 0 {
			cash = 0
			require.Equal(t, .8, maker.Inventory)
		}
		bought, sold := .7-.01*float64(q.Step)-.3*maker.Inventory, .7-.01*float64(q.Step)+.3*maker.Inventory
		require.InDelta(t, bought/.8-1.9, *q.Bid, 1e-12)
		require.InDelta(t, 1.9-sold/.8, *q.Ask, 1e-12)
		require.InDelta(t, (*q.Bid+*q.Ask)/2, *q.Mid, 1e-12)
		require.InDelta(t, *q.Ask-*q.Bid, *q.Spread, 1e-12)
		require.InDelta(t, sold-bought, *maker.Trade, 1e-12)
		cash += (q.Fundamental+*q.Ask)*sold - (q.Fundamental+*q.Bid)*bought
		require.InDelta(t, cash, maker.Cash, 1e-9)
	}
	outcomes, err := parquet.ReadFile[outcomeRow](filepath.Join(dir, "outcomes.parquet"))
	require.NoError(t, err)
	require.Len(t, outcomes, 2*1500)

	s.Record.Layout = scenarios.LayoutWide
	wide := filepath.Join(t.TempDir(), "wide")
	run(t, s, wide)
	type wideRow struct {
		Trade *float64 `parquet:"trade.maker"`
		Cash  float64  `parquet:"cash.investors"`
	}
	rows, err := parquet.ReadFile[wideRow](filepath.Join(wide, "agents.parquet"))
	require.NoError(t, err)
	for i, r := range rows {
		require.Equal(t, agents[2*i].Trade, r.Trade)
		require.Equal(t, agents[2*i+1].Cash, r.Cash)
	}
}
