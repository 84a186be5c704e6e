package report_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/report"
	"walras/scenarios"
)

// TestAHiddenOrderHasItsPage: words, constants, the comparison, and pictures with names.
func TestAHiddenOrderHasItsPage(t *testing.T) {
	dir := play(t, "stealth", "units={time: day, money: bps, asset: EUR1000}", "monte_carlo.paths=2000")
	text, _ := page(t, dir)
	for _, want := range []string{
		"per day 3 buyers and 3 sellers on average", "c = 1 EUR1000/bps", "exponential, of mean 1", "It hides when it will stop (stealth)", "clock.policy: event",
		"M, M₂: rates at which the mean and the variance of inventories revert", "r: part of an inventory that an arrival takes", "δ: rate at which orders are anticipated", "K, m, k_B: N &#43; 1 &#43; 2cA", "B₀, C₀: a maker&#39;s value C₀ &#43; B₀ i",
		"inventory cost η (bps/(EUR1000·day))",
		`<th scope="col" class="n"><bdi>stealth</bdi></th><th scope="col" class="n"><bdi>sunshine</bdi></th><th scope="col" class="n"><bdi>difference</bdi></th>`,
		`<td class="n"><bdi>0.0965529</bdi></td><td class="n"><bdi>0.0954353</bdi></td><td class="n"><bdi>0.00111764</bdi></td>`, // Q̃, E Q of the golden numbers
		"Condition (*): makers gain from an order at any rate if 1.53732 &gt; 0: yes.", "Probability that an order still trades", "price (bps)",
	} {
		contains(t, text, want)
	}
	assert.Equal(t, []string{
		"prices", "moments-prices", "moments-mid", "inventory-1", "moments-inventory-1", "inventory-2", "inventory-3",
		"active", "path-0-quotes", "path-0-inventory", "path-1-quotes", "path-1-inventory",
		"inventory-moment3", "inventory-moment4", "inventory-covariance", // drawn before the boxes, and folded away behind them
		"boxes-bid", "boxes-ask", "boxes-inventory-1", "boxes-inventory-2", "boxes-inventory-3",
	}, figureNames(t, dir))
}

func figureNames(t *testing.T, dir string) (names []string) {
	t.Helper()
	_, figures, err := report.Make(dir)
	require.NoError(t, err)
	for _, f := range figures {
		names = append(names, f.Name)
	}
	return names
}

// TestPathsEndWhereTheTablesDo: what makers hold, put together from investors and
// orders, is what agents.parquet says of the makers, who are not read for it.
func TestPathsEndWhereTheTablesDo(t *testing.T) {
	type row struct {
		Path      int64   `parquet:"path"`
		T         float64 `parquet:"t"`
		Agent     string  `parquet:"agent"`
		Inventory float64 `parquet:"inventory"`
	}
	for _, sets := range [][]string{
		{"clock.horizon=2", "agents.maker.inventory=.25"},
		{"clock.horizon=2", "clock.policy=discrete", "clock.step=0.05"},
		{"clock.horizon=2", "agents.fund.kind=large_buyer", "agents.fund.duration={erlang: 3, mean: 2}", "agents.fund.disclosure=sunshine", "record.layout=long"},
	} {
		dir := play(t, "stealth", append(sets, "monte_carlo.paths=4", "record.paths=4", "record.statistics_every=5")...)
		rows, err := parquet.ReadFile[row](filepath.Join(dir, "agents.parquet"))
		require.NoError(t, err)
		text, _ := page(t, dir)
		for path := range int64(2) {
			held := 0.0
			for _, r := range rows {
				if r.Path == path && r.T == 2 && (r.Agent == "maker[1]" || r.Agent == "maker[2]") {
					held += r.Inventory
				}
			}
			contains(t, text, fmt.Sprintf("In the end makers hold %.6g together.", held), sets)
		}
	}
}

// TestQuantilesStandBesideTheLaw at the times of the talk.
func TestQuantilesStandBesideTheLaw(t *testing.T) {
	dir := play(t, "box-plots", "monte_carlo.paths=20", "record.paths=2", "clock.horizon=.06", "agents.fund.duration=.05", "agents.fund.rate=10000")
	names := figureNames(t, dir)
	assert.Contains(t, names, "quantiles-inventory")
	assert.Contains(t, names, "quantiles-mid")
	assert.NotContains(t, names, "inventory-q05", "quantiles are not drawn twice")
	text, _ := page(t, dir)
	contains(t, text, "these 60 investors are the first of more")
}

// TestWordsOfLaws: every law that a scenario can name.
func TestWordsOfLaws(t *testing.T) {
	for law, want := range map[string]string{
		"{erlang: 3, mean: 2}": "the sum of 3 exponential times (Erlang), of mean 2",
		"{hyperexponential: [{weight: 0.25, mean: 2}, {weight: 0.75, mean: 0.5}]}": "mean 2 with probability 0.25, mean 0.5 with probability 0.75; of mean 0.875",
	} {
		text, _ := page(t, play(t, "stealth", "agents.fund.duration="+law, "clock.horizon=1", "monte_carlo.paths=4", "record.paths=2"))
		contains(t, text, want)
	}
}

// TestUnitsAgree: in tables, sweeps and pages the makers' prices are in money.
func TestUnitsAgree(t *testing.T) {
	s, err := scenarios.Load("large-order", scenarios.Options{})
	require.NoError(t, err)
	assert.Equal(t, []string{"bps", "bps·EUR1000"}, []string{s.PriceUnit(), s.ValueUnit()})
	s, err = scenarios.Load("five-traders", scenarios.Options{Sets: []string{"units={money: EUR, asset: lot}"}})
	require.NoError(t, err)
	assert.Equal(t, []string{"EUR/lot", "EUR"}, []string{s.PriceUnit(), s.ValueUnit()})
	text, _ := page(t, sweep(t, "large-order", false, []string{"agents.fund.size=10000,20000"}, "agents.fund.rate=null"))
	contains(t, text, "order.proceeds (bps·EUR1000)")
	contains(t, text, "order.shortfall (bps)")
	contains(t, text, "reservation value ω (bps)")
}
