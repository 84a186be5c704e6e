package experiment

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/analysis"
	"walras/scenarios"
)

const order = `
schema: 1
name: order
title: An order for tests
market: almgren_chriss
discount_rate: 0.7
units: {time: day, money: EUR, asset: share}
clock: {step: 0.2, horizon: 3}
impact: {instantaneous: 0.6, permanent: 0.35}
fundamental: {start: 100, volatility: 2}
agents:
  - {name: fund, kind: large_seller, size: 1.7, start: 0.4, duration: 1.6, risk_aversion: 0.3, strategy: optimal_schedule}
monte_carlo: {paths: 6000, seed: 3}
record: {paths: 1500, every: 1}
`

// TestOrderTablesTellTheAccounts: what the files say is consistent row by row, and
// the parts of the price add up.
func TestOrderTablesTellTheAccounts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "order")
	out := run(t, load(t, order), dir)
	assert.Empty(t, out.Verdict.Failures())
	agents, market, outcomes := read[agentRow](t, dir, "agents.parquet"), read[marketRow](t, dir, "market.parquet"), read[outcomeRow](t, dir, "outcomes.parquet")
	parts := read[struct {
		Undisturbed   *float64 `parquet:"undisturbed"`
		Instantaneous *float64 `parquet:"instantaneous"`
		Permanent     *float64 `parquet:"permanent"`
		Transient     *float64 `parquet:"transient"`
	}](t, dir, "market.parquet")
	require.Len(t, agents, 1500*16*2)
	require.Len(t, outcomes, 6000, "of the seller alone")
	payoff, sold := 0., 0.
	for r, m := range market {
		seller, other := agents[2*r], agents[2*r+1]
		require.Equal(t, []string{"fund", "counterparty"}, []string{seller.Agent, other.Agent})
		if m.Step == 0 {
			payoff, sold = 0, 0
			require.Equal(t, 100., m.Fundamental)
		}
		require.InDelta(t, 1.7-sold, seller.Inventory, 1e-13)
		require.InDelta(t, sold, other.Inventory, 1e-13)
		if m.Price != nil {
			q := *seller.Trade
			require.InDelta(t, *m.Price, *parts[r].Undisturbed-*parts[r].Instantaneous-*parts[r].Permanent-*parts[r].Transient, 1e-13)
			require.InDelta(t, 0.35*sold, *parts[r].Permanent, 1e-13)
			require.InDelta(t, 0.6/0.2*q, *parts[r].Instantaneous, 1e-13)
			require.InDelta(t, 0, *parts[r].Undisturbed, 1e-13)
			require.Zero(t, *parts[r].Transient)
			payoff += (m.Fundamental - 100 + *m.Price) * q
			sold += q
			require.Equal(t, m.Step >= 2 && m.Step < 10, q != 0)
		}
		require.InDelta(t, payoff, *seller.Payoff, 1e-11)
		require.Nil(t, other.Payoff)
		require.InDelta(t, 0, seller.Cash+other.Cash, 1e-12)
		if m.Step == 15 {
			o := outcomes[m.Path]
			require.Equal(t, outcomeRow{m.Path, "fund", *seller.Payoff, 0, *seller.Payoff, o.Volume}, o)
			require.InDelta(t, 1.7, o.Volume, 1e-13)
		}
	}
	var policy struct{ Quantities []float64 }
	require.NoError(t, json.Unmarshal(out.Manifest.Policy, &policy))
	require.Len(t, policy.Quantities, 8)
}

// TestOrdersRun: both strategies under both policies, and antithetic; `solve` knows
// what `run` finds, and the discount rate changes nothing.
func TestOrdersRun(t *testing.T) {
	for _, strategy := range []string{"constant", "optimal_schedule"} {
		for _, policy := range []string{"discrete", "continuous"} {
			for _, reduction := range []string{"[]", "[antithetic]"} {
				name := fmt.Sprint(strategy, policy, reduction)
				s := load(t, order, "agents.fund.strategy="+strategy, "clock.policy="+policy, "monte_carlo.variance_reduction="+reduction)
				out := run(t, s, filepath.Join(t.TempDir(), "order"))
				require.Empty(t, out.Verdict.Failures(), name)
				l, err := Liquidate(s)
				require.NoError(t, err)
				var payoff, variance analysis.Row
				for _, r := range out.Rows {
					switch r.Statistic {
					case "payoff":
						payoff = r
					case "payoff_variance":
						variance = r
					}
				}
				own := l.Strategies[0]
				require.Equal(t, strategy, own.Strategy)
				require.InDelta(t, -own.Auctions.Shortfall, payoff.Analytic, 1e-11)
				require.InEpsilon(t, own.Auctions.Variance, variance.Analytic, 1e-12)
				require.InEpsilon(t, 170-own.Auctions.Shortfall, own.Auctions.Mean, 1e-13)
				require.Equal(t, policy == "discrete", math.IsNaN(payoff.Bias), name)
				if policy == "continuous" {
					require.InDelta(t, own.Continuous.Shortfall-own.Auctions.Shortfall, payoff.Bias, 1e-11)
					require.InDelta(t, own.Auctions.Variance-own.Continuous.Variance, variance.Bias, 1e-11)
				}
			}
		}
	}
	a := run(t, load(t, order), filepath.Join(t.TempDir(), "a"))
	b := run(t, load(t, order, "discount_rate=3"), filepath.Join(t.TempDir(), "b"))
	for i := range a.Rows {
		require.Equal(t, a.Rows[i].Estimate, b.Rows[i].Estimate)
	}
}

// TestLiquidate: the better strategy is the better one, schedules sell everything,
// and where auctions have no best schedule there is a warning.
func TestLiquidate(t *testing.T) {
	l, err := Liquidate(load(t, order))
	require.NoError(t, err)
	best, constant := l.Strategies[0], l.Strategies[1]
	assert.Equal(t, "constant", constant.Strategy)
	assert.Greater(t, best.Auctions.Objective, constant.Auctions.Objective)
	assert.Greater(t, best.Continuous.Objective, constant.Continuous.Objective)
	assert.InEpsilon(t, math.Sqrt(0.3*4/0.6), l.Urgency, 1e-15)
	assert.InEpsilon(t, best.Auctions.Mean-0.3*best.Auctions.Variance, best.Auctions.Objective, 1e-15)
	require.Len(t, l.Auctions, 15)
	require.Len(t, l.Continuous, 16)
	assert.Equal(t, OrderPoint{Time: 0, Inventory: 1.7}, l.Auctions[0])
	sold := 0.
	for _, p := range l.Auctions {
		assert.InDelta(t, 1.7-sold, p.Inventory, 1e-13)
		sold += p.Sold
	}
	assert.InEpsilon(t, 1.7, sold, 1e-13)
	assert.InEpsilon(t, -0.35*1.7, l.Continuous[15].Price, 1e-13)

	coarse := load(t, order, "impact.permanent=9", "agents.fund.strategy=constant")
	l, err = Liquidate(coarse)
	require.NoError(t, err)
	assert.Nil(t, l.Strategies[1].Auctions)
	assert.NotNil(t, l.Strategies[1].Continuous)
	assert.Len(t, l.Warnings, 1)
}

// TestImpactIsThatOfTheFiveTraders: the built-in scenario faces the price impact
// of t3 among the five traders, and what it brings at a constant rate is what the
// same order brings there without the transient part (price-impact).
func TestImpactIsThatOfTheFiveTraders(t *testing.T) {
	s, err := scenarios.Load("almgren-chriss", scenarios.Options{Sets: []string{"clock.policy=continuous", "agents.t3.strategy=constant"}})
	require.NoError(t, err)
	l, err := Liquidate(s)
	require.NoError(t, err)
	five, err := scenarios.Load("five-traders", scenarios.Options{})
	require.NoError(t, err)
	e, err := Solve(five, false)
	require.NoError(t, err)
	assert.InEpsilon(t, e.Continuous.Impact.Instantaneous[2], l.Impact.Instantaneous, 1e-12)
	assert.InEpsilon(t, e.Continuous.Impact.Permanent[2], l.Impact.Permanent, 1e-12)
	response, err := scenarios.Load("price-impact", scenarios.Options{Sets: []string{"clock.policy=continuous"}})
	require.NoError(t, err)
	e, err = Solve(response, false)
	require.NoError(t, err)
	revenue := e.Response.Revenue
	assert.InEpsilon(t, revenue.AlmgrenChriss, l.Strategies[0].Auctions.Mean, 1e-12)
	assert.InDelta(t, -0.2067, revenue.Total, 1e-4, "and with it, as almgren-chriss.yaml says")
}
