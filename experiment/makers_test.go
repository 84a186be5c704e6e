package experiment

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"walras/internal/golden"
	"walras/scenarios"
)

// solveMakersOf solves a built-in scenario with overrides.
func solveMakersOf(t *testing.T, name string, sets ...string) *LargeOrders {
	t.Helper()
	s, err := scenarios.Load(name, scenarios.Options{Sets: sets})
	require.NoError(t, err)
	l, err := SolveMakers(s)
	require.NoError(t, err)
	require.Less(t, l.Residual, 1e-12)
	return l
}

func relative(t *testing.T, want, got, tolerance float64, label string) {
	t.Helper()
	require.InDelta(t, want, got, tolerance*math.Abs(want), label)
}

type goldenOrder struct {
	Rate       float64 `json:"f"`
	Duration   float64 `json:"d"`
	P, Q       float64
	Proceeds   float64
	Impact     float64 `json:"avg_impact_discounted"`
	Sum        float64 `json:"avg_impact"`
	Best       float64 `json:"f_star"`
	Threshold  float64 `json:"f_bar"`
	BidJustNow float64 `json:"-"`
}

// TestLargeOrderIsGolden: what `sim solve --json large-order` prints agrees with the
// golden numbers, for both closed forms and two orders each.
func TestLargeOrderIsGolden(t *testing.T) {
	type solution struct {
		Constants struct {
			A     float64 `json:"A_star"`
			M     float64
			Gamma float64 `json:"gamma"`
			B     float64 `json:"B_theta"`
			E     float64 `json:"E_theta"`
			F     float64 `json:"F_theta"`
		}
		Cases []goldenOrder
	}
	var table struct {
		Sets struct {
			Paper struct {
				Published solution
				OpenLoop  solution `json:"open_loop"`
			} `json:"paper_exact"`
		} `json:"param_sets"`
	}
	golden.Cournot(t, &table)
	for name, want := range map[string]solution{"published": table.Sets.Paper.Published, "open_loop": table.Sets.Paper.OpenLoop} {
		require.Len(t, want.Cases, 2)
		for _, o := range want.Cases {
			l := solveMakersOf(t, "large-order", "solution="+name, "agents.fund.size=null", "clock.horizon=1",
				fmt.Sprintf("agents.fund.rate=%v", o.Rate), fmt.Sprintf("agents.fund.duration=%v", o.Duration), "record.every=100")
			require.Equal(t, name, l.Solution)
			c, got := l.Coefficients.(FlowCoefficients), l.Order
			k := want.Constants
			golden.Agree(t, name, []float64{k.A, k.M, k.Gamma, k.B, k.E, k.F}, []float64{c.A, c.M, c.Gamma, c.BT, c.ET, c.FT}, 1e-10)
			golden.Agree(t, name+" order", []float64{o.P, o.Q, o.Proceeds, o.Impact, o.Sum, o.Best, o.Threshold},
				[]float64{*got.P, *got.Q, got.Proceeds, *got.Impact, *got.Sum, *got.Best, *got.Threshold}, 1e-10)
			require.True(t, l.Conditions.Acceptable)
		}
	}
}

// TestBuiltInOrders: numbers of the paper, of its calibration and of extensions.
func TestBuiltInOrders(t *testing.T) {
	l := solveMakersOf(t, "large-order")
	relative(t, 14610.98, l.Order.Maker.(float64), 1e-6, "gain of a maker")
	require.InDelta(t, 9.152926, l.Order.Shortfall, 1e-6)
	for percent, minutes := range map[float64]float64{1: 4.506, 2: 13.359, 5: 39.369, 7: 56.463, 10: 82.043} {
		l = solveMakersOf(t, "large-order", fmt.Sprintf("agents.fund.size=%v", 5758*percent), "record.every=600")
		require.InDelta(t, minutes, *l.Order.Shortest*390, 5e-4)
	}
	for hours, percent := range map[float64]float64{1: 3.0212, 2: 5.7855, 4: 11.3291, 6: 16.8760} {
		l = solveMakersOf(t, "large-order", fmt.Sprintf("agents.fund.duration=%v", hours/6.5), "clock.horizon=1", "record.every=2000")
		require.InDelta(t, percent, *l.Order.Threshold*hours/6.5/5758, 5e-5)
	}
	l = solveMakersOf(t, "optimal-schedule")
	require.InDelta(t, 9.065261, *l.Order.Impact, 1e-6)
	require.InDelta(t, 9.065544, l.Order.Shortfall, 1e-6)
	relative(t, 343989.78718583635, l.Order.Proceeds, 1e-8, "proceeds")
	require.Nil(t, l.Order.Rate)
	for reading, want := range map[string]float64{"quantity": 4.0733, "quote": 3.7266} {
		l = solveMakersOf(t, "delayed-detection", "agents.fund.disclosure.before="+reading)
		require.InDelta(t, want, l.Order.Shortfall, 5e-5)
		require.NotNil(t, l.Order.Best)
	}
}

// TestSurfaceIsPrinted: every cell of CMZ Figure 4(c) from 1 % on, to the printed digit.
func TestSurfaceIsPrinted(t *testing.T) {
	printed := [][]float64{
		{2.68, 2.15, 1.97, 1.88, 1.82, 1.79}, {3.76, 2.71, 2.34, 2.16, 2.05, 1.97}, {4.84, 3.26, 2.72, 2.44, 2.27, 2.16},
		{5.92, 3.81, 3.09, 2.72, 2.50, 2.35}, {6.99, 4.37, 3.46, 3.00, 2.72, 2.54}, {8.07, 4.92, 3.83, 3.28, 2.95, 2.73},
		{9.15, 5.47, 4.20, 3.56, 3.17, 2.91},
	}
	for i, row := range printed {
		for j, want := range row {
			l := solveMakersOf(t, "large-order", "clock.horizon=1", "record.every=2000",
				fmt.Sprintf("agents.fund.size=%d", 5758*(i+1)), fmt.Sprintf("agents.fund.duration=%v", float64(j+1)/6.5))
			require.InDelta(t, want, *l.Order.Impact, .005, "%d %%, %d h", i+1, j+1)
		}
	}
	l := solveMakersOf(t, "large-order", "agents.fund.size=0")
	require.InDelta(t, 1.6, *l.Order.Impact, 5e-5, "1.62 in the paper")
}

// TestOverlappingAndDifferentAreGolden: orders that overlap, and makers who differ.
func TestOverlappingAndDifferentAreGolden(t *testing.T) {
	type solution struct {
		Surplus map[string]float64 `json:"surplus_per_order"`
		Maker   float64            `json:"maker_value"`
	}
	type point struct {
		T        float64
		X        []float64
		Bid, Ask float64
	}
	var table struct {
		Schedule struct {
			Published solution
			OpenLoop  solution `json:"open_loop"`
		}
		Hetero struct {
			OpenLoop struct {
				K    [][]float64
				Path []point
			} `json:"open_loop"`
			Feedback struct {
				P    [][][]float64
				Path []point
			}
		}
	}
	golden.Cournot(t, &table)
	for name, want := range map[string]solution{"published": table.Schedule.Published, "open_loop": table.Schedule.OpenLoop} {
		l := solveMakersOf(t, "overlapping-orders", "solution="+name)
		require.Nil(t, l.Order)
		require.Len(t, l.Orders, 3)
		for i, key := range []string{"A_sell_2_on_0_0.3_and_5_on_0.3_0.9", "B_buy_1_on_0.3_0.9_and_3_on_0.9_1.4", "C_sell_1_on_1.4_2"} {
			relative(t, want.Surplus[key], l.Orders[i].Proceeds, 1e-10, key)
			require.Nil(t, l.Orders[i].P)
		}
		require.Equal(t, []RateFrom{{.3, 1}, {.9, 3}, {1.4, 0}}, l.Orders[1].Rates)
	}
	along := func(path []point, l *LargeOrders) {
		t.Helper()
		for _, p := range path {
			got := l.Path[int(math.Round(p.T/.01))]
			golden.Agree(t, "path", append([]float64{p.Bid, p.Ask}, p.X...), append([]float64{got.Bid, got.Ask}, got.Inventory.([]float64)...), 1e-8)
		}
	}
	l := solveMakersOf(t, "heterogeneous-makers")
	golden.Agree(t, "K", flat(table.Hetero.OpenLoop.K), flat(l.Coefficients.(DifferentCoefficients).K), 1e-8)
	along(table.Hetero.OpenLoop.Path, l)
	require.Len(t, l.Order.Maker, 3)
	l = solveMakersOf(t, "heterogeneous-makers", "solution=feedback")
	golden.Agree(t, "P", flat(flat(table.Hetero.Feedback.P)), flat(flat(l.Coefficients.(DifferentCoefficients).P)), 1e-8)
	along(table.Hetero.Feedback.Path, l)
}

// TestBuyersMirrorSellers: turn the order round, and inventories with it, and every
// quote changes sides.
func TestBuyersMirrorSellers(t *testing.T) {
	for _, sets := range [][]string{
		{}, {"agents.maker.inventory=0.3", "solution=open_loop"}, {"agents.maker.inventory=0.3", "solution=feedback"},
		{"agents.fund.disclosure={detected_after: 0.4, before: quote}", "agents.fund.start=0.2"},
	} {
		s := loadMakers(t, sets...)
		mirrored := *s
		mirrored.Agents = append([]scenarios.Agent(nil), s.Agents...)
		mirrored.Agents[0].Inventory *= -1
		mirrored.Agents[2].Kind = scenarios.KindLargeBuyer
		a, err := SolveMakers(s)
		require.NoError(t, err)
		b, err := SolveMakers(&mirrored)
		require.NoError(t, err)
		for i, p := range a.Path {
			require.InDelta(t, p.Bid, -b.Path[i].Ask, 1e-13)
			require.InDelta(t, p.Inventory, -b.Path[i].Inventory.(float64), 1e-13)
		}
		relative(t, a.Order.Proceeds, b.Order.Proceeds, 1e-12, "proceeds")
		relative(t, *a.Order.Sum, *b.Order.Sum, 1e-12, "undiscounted")
		if a.Order.P != nil {
			relative(t, *a.Order.P, *b.Order.P, 1e-12, "P")
		}
		relative(t, *a.Order.Valid, *b.Order.Valid, 1e-12, "valid")
		require.Equal(t, "buy", b.Order.Side)
	}
}

// TestTwoWaysToSolve: what closed forms say of identical makers, matrices say, too.
func TestTwoWaysToSolve(t *testing.T) {
	for _, solution := range []string{"published", "open_loop"} {
		s := loadMakers(t, "solution="+solution, "agents.maker.inventory=0.3", "+{name: buyer, kind: large_buyer, start: 0.5, duration: 2, rate: 1}")
		m, err := newMakers(s, false)
		require.NoError(t, err)
		closed, err := m.theory()
		require.NoError(t, err)
		p, err := m.profile(0)
		require.NoError(t, err)
		solved, err := m.newPlayed(p)
		require.NoError(t, err)
		require.NoError(t, solved.(*played).value())
		numbers := func(th theory) []float64 {
			list := []float64{th.makerGain(0), th.investorsGain()}
			for i := range m.orders {
				e := th.execution(i)
				list = append(list, th.proceeds(i), e.Quantity, e.Proceeds, e.Discounted, e.Undiscounted, e.Shortfall)
			}
			for _, t := range []float64{.2, .5, 1.5, 2.2, 3} {
				v, w := th.path([]float64{t})[0], th.before(t)
				list = append(list, v.bid, v.ask, v.inventories[0], w.bid, w.ask)
			}
			return list
		}
		golden.Agree(t, solution, numbers(closed), numbers(solved), 1e-10)
	}
}

// TestWarnings: an order beyond the range of linear demand is warned about, with the
// rate up to which none is needed.
func TestWarnings(t *testing.T) {
	for _, sets := range [][]string{{}, {"solution=feedback"}, {"+{name: other, kind: large_seller, rate: 1, duration: 1}"}} {
		limit := func(rate float64) *LargeOrders {
			l, err := SolveMakers(loadMakers(t, append(sets, fmt.Sprintf("agents.fund.rate=%v", rate))...))
			require.NoError(t, err)
			return l
		}
		valid := *limit(3).Orders[0].Valid
		assert.Empty(t, limit(valid*.999).Warnings)
		l := limit(valid * 1.002)
		require.Len(t, l.Warnings, 1)
		assert.Contains(t, l.Warnings[0], "small sellers buy at the bid")
		assert.False(t, l.Conditions.Acceptable)
	}
}

// TestUnsolvedMakers: combinations without a solution say what is allowed.
func TestUnsolvedMakers(t *testing.T) {
	for want, sets := range map[string][]string{
		"identical":             {"agents.fund.rate=null", "agents.fund.size=2", "agents.fund.strategy=optimal_schedule", "solution=feedback"},
		"start at time 0":       {"agents.fund.rate=null", "agents.fund.size=2", "agents.fund.strategy=optimal_schedule", "agents.fund.start=1"},
		"inventory at time 0":   {"agents.fund.disclosure={detected_after: 0.4, before: quote}", "agents.maker.inventory=1"},
		"followed, one by one":  {"agents.maker.count=201"},
		"end after the horizon": {"agents.fund.rate=null", "agents.fund.duration=null", "agents.fund.size=40", "agents.fund.strategy=optimal_rate"},
	} {
		_, err := stageMakers(loadMakers(t, sets...))
		var unsolved *UnsolvedError
		require.ErrorAs(t, err, &unsolved)
		assert.ErrorContains(t, err, want)
	}
}

// TestFeedbackIsGolden: the Markov perfect solution at the calibration.
func TestFeedbackIsGolden(t *testing.T) {
	l := solveMakersOf(t, "large-order", "solution=feedback")
	c := l.Coefficients.(FeedbackCoefficients)
	golden.Agree(t, "feedback", []float64{.00197971695452001, .00043487494554363696, -1.5992184391682033e-05, .005893591464412743, 38.562840513737015},
		[]float64{c.Alpha, c.Zeta, c.Rho, c.A, c.M}, 1e-8)
	golden.Agree(t, "first quotes", []float64{-9.519517528876497, -4.995881165240133}, []float64{l.Path[0].Bid, l.Path[0].Ask}, 1e-8)
	// The shortest duration is one for which the size is best.
	s := solveMakersOf(t, "large-order", "solution=feedback", fmt.Sprintf("agents.fund.duration=%v", *l.Order.Shortest))
	relative(t, 40306, *s.Order.Best**s.Order.Shortest, 1e-9, "size")
	relative(t, *l.Order.Shortest, *s.Order.Shortest, 1e-9, "duration")
}

// TestUnitsOfTheAsset: counted in other units, q → c q, the market has the same prices.
func TestUnitsOfTheAsset(t *testing.T) {
	const c = 7.3
	for _, solution := range []string{"published", "open_loop", "feedback"} {
		a, err := SolveMakers(loadMakers(t, "solution="+solution))
		require.NoError(t, err)
		b, err := SolveMakers(loadMakers(t, "solution="+solution, fmt.Sprintf("agents.investors.activity=%v", 5*c),
			fmt.Sprintf("agents.maker.inventory_cost=%v", 1/c), fmt.Sprintf("agents.fund.rate=%v", 3*c)))
		require.NoError(t, err)
		for i, p := range a.Path {
			golden.Agree(t, solution, []float64{p.Bid, p.Ask}, []float64{b.Path[i].Bid, b.Path[i].Ask}, 1e-9)
		}
		relative(t, c*a.Order.Proceeds, b.Order.Proceeds, 1e-9, "proceeds")
		relative(t, c**a.Order.Valid, *b.Order.Valid, 1e-9, "valid rate")
	}
}
