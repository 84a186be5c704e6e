package experiment

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/analysis"
	"walras/internal/golden"
	"walras/market"
	"walras/montecarlo"
	"walras/scenarios"
)

// loadText loads a scenario from its text.
func loadText(t *testing.T, text string, sets ...string) *scenarios.Scenario {
	t.Helper()
	file := filepath.Join(t.TempDir(), "test.yaml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	s, err := scenarios.Load(file, scenarios.Options{Sets: sets})
	require.NoError(t, err)
	return s
}

// goldenArrivals is a golden market as a scenario file says it.
func goldenArrivals(g golden.Poisson) string {
	return fmt.Sprintf(`
schema: 1
name: golden
market: cournot
discount_rate: %v
clock: {step: %v, horizon: %v}
agents:
  - {name: maker, kind: market_maker, count: %d, inventory_cost: %v, inventory: %v}
  - {name: investors, kind: investors, arrivals: {rate: %v, size: %v}, reservation_value: %v}
  - {name: fund, kind: large_seller, rate: %v, duration: {mean: %v}, disclosure: stealth}
`, g.DiscountRate, g.Duration/4, 2*g.Duration, g.Makers, g.InventoryCost, g.Inventory, g.BuyRate, g.Size, g.Reservation, g.OrderRate, 1/g.StopRate)
}

// TestArrivalsSolvedAreGolden: what `sim solve --json` prints agrees with the golden
// numbers, hidden and announced.
func TestArrivalsSolvedAreGolden(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		n := g.Numbers
		agree := func(key string, got float64) {
			t.Helper()
			golden.Agree(t, name+" "+key, []float64{n[key]}, []float64{got}, 1e-9)
		}
		hidden, err := SolveMakers(loadText(t, goldenArrivals(g)))
		require.NoError(t, err)
		c, o := hidden.Coefficients.(ArrivalCoefficients), hidden.Order
		for key, got := range map[string]float64{
			"eq/A": c.A, "eq/K": c.K, "eq/m": c.Small, "eq/r": c.R, "eq/M": c.M, "eq/M2": c.M2, "eq/delta": c.Delta, "eq/kB": c.KB, "eq/C0": c.C0,
			"eq/maker_sufficient": hidden.Conditions.Makers.Left, "users/U0_base": c.Users,
			"seller/P_stealth": *o.P, "seller/Q_stealth": *o.Q, "seller/G_stealth": o.Proceeds, "seller/fstar_stealth": *o.Best,
			"seller/f_breakeven_stealth": *o.BreakEven, "seller/Gmax_stealth": *o.Most, "stealth/C_gain": o.Maker.(float64),
			"stealth/U_gain(i=0)": o.Investors, "users/fhat_stealth": *o.Threshold, "seller/Q_gap": o.Compared.Gap, "seller/E_Q(D)": o.Compared.Sunshine.Q,
			"stealth/bid(i=0)": hidden.Path[0].Bid, "stealth/ask(i=0)": hidden.Path[0].Ask,
		} {
			agree(key, got)
		}
		require.Nil(t, o.Shortest)
		require.Nil(t, o.Impact)
		known, err := SolveMakers(loadText(t, goldenArrivals(g), "agents.fund.disclosure=sunshine", fmt.Sprintf("agents.fund.duration=%v", g.Duration)))
		require.NoError(t, err)
		o = known.Order
		for key, got := range map[string]float64{
			"seller/P(D)": *o.P, "seller/Q(D)": *o.Q, "seller/G_sun": o.Proceeds, "seller/fstar_sun": *o.Best, "seller/f_breakeven_sun": *o.BreakEven,
			"seller/Gmax_sun": *o.Most, "users/fhat_sun": *o.Threshold, "sun/Ebid(t=0D)": known.Path[0].Bid,
			"sun/EI(t=0.25D)": known.Path[1].Inventory.(float64), "sun/VarI(t=0.25D)": known.Path[1].Variance, "sun/Emid(t=0.5D)": known.Path[2].Mid,
			"sun/Ebid(t=D+)": known.Path[4].Bid,
		} {
			agree(key, got)
		}
		require.InDelta(t, g.OrderRate*g.Duration, o.Size, 1e-12*o.Size)
		require.Equal(t, 1., known.Path[3].Active)
		require.Equal(t, 0., known.Path[4].Active, "a right limit")
	}
}

const unequal = `
schema: 1
name: unequal
market: cournot
discount_rate: 0.3
clock: {step: 0.0625, horizon: 4}
record: {statistics_every: 32}
agents:
  - {name: old, kind: market_maker, count: 2, inventory_cost: 0.2, inventory: 0.4}
  - {name: new, kind: market_maker, inventory_cost: 0.2, inventory: 0.4}
  - {name: investors, kind: investors, arrivals: {buy_rate: 2.5, sell_rate: 4, size: 0.7}, reservation_value: 1.3}
  - {name: fund, kind: large_seller, rate: 0.5, duration: {mean: 1.2}, disclosure: stealth}
monte_carlo: {paths: 1000, seed: 3}
`

// expectedOf is what every seat expects of the market as it is played to its horizon
// and valued there.
func expectedOf(t *testing.T, s *scenarios.Scenario) (*arrivals, []float64) {
	t.Helper()
	m, err := newArrivals(s, true)
	require.NoError(t, err)
	st, err := m.stage(s)
	require.NoError(t, err)
	_, outcomes := analysis.FollowArrivals(st.sim)
	var list []float64
	for _, w := range outcomes {
		list = append(list, w.Payoff+w.Terminal)
	}
	return m, list
}

// TestArrivalsAreWorthTheirClosedForms: from their payoffs until the horizon and what
// is worth there, agents expect what the closed forms of the infinite game say.
func TestArrivalsAreWorthTheirClosedForms(t *testing.T) {
	if testing.Short() {
		t.Skip("numbers, not concurrency")
	}
	const shop = "  - {name: shop, kind: large_buyer, schedule: [{from: 0.3, to: 0.8, rate: 0.2}, {from: 1.1, to: 3.9, rate: 0.6}]}\nmonte_carlo:"
	two := strings.Replace(unequal, "monte_carlo:", shop, 1)
	for _, sets := range [][]string{
		nil,
		{"agents.fund.kind=large_buyer"},
		{"solution=open_loop"},
		{"agents.fund.duration.erlang=3"},
		{"agents.fund.duration={hyperexponential: [{weight: .4, mean: .4}, {weight: .6, mean: .9}]}"},
		{"agents.fund.disclosure=sunshine", "agents.fund.duration=2.3"},
		{"agents.fund.disclosure=sunshine", "agents.fund.duration=2.3", "record.every=2"},
		{"agents.fund.disclosure=sunshine", "agents.fund.kind=large_buyer"},
	} {
		text := unequal
		if len(sets) == 3 {
			text = two
		}
		s := loadText(t, text, sets...)
		m, got := expectedOf(t, s)
		want := []float64{m.constants.MakerValue(m.inventory), m.constants.MakerValue(m.inventory), m.constants.UsersValue(m.inventory)}
		for i := range m.orders {
			o, err := m.solved(i)
			require.NoError(t, err)
			if i == 0 { // gains are those of all orders
				want[0] += o.Maker.(float64)
				want[1] = want[0]
				want[2] += o.Investors
			}
			want = append(want, o.Proceeds)
		}
		require.InDeltaSlice(t, want, got, 1e-8, "%v", sets)
	}
}

// TestArrivalsAtStepsAreGolden: the exact discrete-time game of the golden tables.
func TestArrivalsAtStepsAreGolden(t *testing.T) {
	for name, g := range golden.PoissonSets(t) {
		for steps := 1; steps < 100; steps++ {
			key := fmt.Sprintf("bernoulli(n=%d)/", steps)
			if _, ok := g.Double[key+"A"]; !ok {
				continue
			}
			step := g.Duration / float64(steps)
			s := loadText(t, goldenArrivals(g), "clock.policy=discrete", "agents.fund.disclosure=sunshine", fmt.Sprintf("agents.fund.duration=%v", g.Duration),
				fmt.Sprintf("clock.step=%v", step), fmt.Sprintf("clock.horizon=%v", 2*step*float64(steps)))
			_, got := expectedOf(t, s)
			golden.Agree(t, name, []float64{g.Double[key+"C0"] + g.Double[key+"Cgain"], g.Double[key+"G"]}, []float64{got[0], got[2]}, 1e-8)
		}
	}
}

// TestSpeedsOfOrders: makers answer the new schedule of an announced order, and not
// that of a hidden one, which sells as much, faster.
func TestSpeedsOfOrders(t *testing.T) {
	for _, disclosure := range []string{"sunshine", "stealth"} {
		set := "agents.fund.disclosure=" + disclosure
		plain, err := newArrivals(loadText(t, unequal, set), false)
		require.NoError(t, err)
		fast, err := newArrivals(loadText(t, unequal, set, "agents.fund.deviation.speed=2"), true)
		require.NoError(t, err)
		require.Equal(t, 1., fast.orders[0].Rate)
		require.InDelta(t, .6, fast.phases().end.Components[0].Mean, 1e-15)
		require.InDelta(t, 1.2, plain.phases().end.Components[0].Mean, 1e-15)
		buys, _ := plain.phases().list[0].quotes(-1)
		hurried, _ := fast.phases().list[0].quotes(-1)
		if disclosure == "stealth" {
			require.Equal(t, buys, hurried)
		} else {
			require.NotEqual(t, buys, hurried)
		}
	}
}

// TestBestRates: the rate of an order that looks for one is where its proceeds turn.
func TestBestRates(t *testing.T) {
	for _, sets := range [][]string{
		{"agents.fund.rate=null", "agents.fund.strategy=optimal_rate"},
		{"agents.fund.rate=null", "agents.fund.strategy=optimal_rate", "agents.fund.kind=large_buyer"},
		{"agents.fund.rate=null", "agents.fund.strategy=optimal_rate", "agents.fund.disclosure=sunshine", "agents.fund.duration=1.7"},
		{"agents.fund.rate=null", "agents.fund.strategy=optimal_rate", "agents.fund.disclosure=sunshine", "agents.fund.duration=null", "agents.fund.size=1.1"},
	} {
		m, err := newArrivals(loadText(t, unequal, sets...), false)
		require.NoError(t, err)
		f := m.orders[0].Rate
		require.Positive(t, f)
		best, err := m.solved(0)
		require.NoError(t, err)
		for _, other := range []float64{.999, 1.001} {
			off, err := m.with(0, f*other).solved(0)
			require.NoError(t, err)
			assert.Less(t, off.Proceeds, best.Proceeds, "%v", sets)
			assert.Greater(t, off.Proceeds, best.Proceeds*(1-1e-5))
		}
		require.InEpsilon(t, f, *best.Best, 1e-9)
	}
}

// TestEventsAddUp: what investors hold at the horizon is what the events of the path
// say, and a segment gives events back as they were.
func TestEventsAddUp(t *testing.T) {
	for _, policy := range []string{"event", "discrete"} {
		s := loadText(t, unequal, "clock.policy="+policy, "record.paths=5", "monte_carlo.paths=5")
		st, err := stageCournot(s)
		require.NoError(t, err)
		sim := st.sim
		require.Equal(t, []string{"old[1]", "old[2]", "new", "investors", "fund"}, []string{
			st.shown()[0].name, st.shown()[1].name, st.shown()[2].name, st.shown()[3].name, st.shown()[4].name,
		})
		var kept kept
		require.NoError(t, sim.Run(context.Background(), 0, 1, 1, func(r *montecarlo.Result) error {
			var segment bytes.Buffer
			require.NoError(t, encodeBlock(&segment, r))
			kept, err = (&blockReader{source: &segment}).next()
			require.Equal(t, keptOf(r), kept)
			return err
		}))
		require.NotEmpty(t, kept.events)
		var held [5]float64
		for list := kept.events; len(list) > 0; list = list[eventNumbers:] {
			sign := 1.
			if int(list[2]) == market.Bid {
				sign = -1
			}
			held[int(list[0])] += sign * list[4]
		}
		width, ticks := sim.RowWidth(), len(sim.Record.Ticks)
		for path, want := range held {
			row := kept.recorded[(path*ticks+ticks-1)*width:][:width]
			require.InDelta(t, want, row[3+4*2], 1e-12, "%s, path %d", policy, path)
		}
	}
}

// TestUnsolvedArrivals: what is not solved says so, with what to do.
func TestUnsolvedArrivals(t *testing.T) {
	for _, c := range []struct {
		want string
		sets []string
	}{
		{"duration has a memory", []string{"clock.policy=discrete", "agents.fund.duration.erlang=2"}},
		{"write solution: published", []string{"clock.policy=discrete", "solution=open_loop"}},
		{"it must be below", []string{"agents.new.deviation.speed=50"}},
	} {
		_, err := stageCournot(loadText(t, unequal, c.sets...))
		var unsolved *UnsolvedError
		require.ErrorAs(t, err, &unsolved)
		require.ErrorContains(t, err, c.want)
	}
}
