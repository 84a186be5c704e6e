package montecarlo_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"walras/clock"
	"walras/equilibrium"
	"walras/internal/golden"
	"walras/market"
	"walras/montecarlo"
)

// recorded are markets whose records are looked at: with a hidden order, a known buyer,
// steps, two types of makers.
func recorded(t *testing.T) map[string]*montecarlo.Simulation {
	t.Helper()
	g := golden.PoissonSets(t)["toy"]
	list := map[string]*montecarlo.Simulation{
		"hidden": arriving(g, true, 300), "buyer": arriving(g, false, 300), "steps": arriving(g, true, 300), "types": arriving(g, true, 300),
	}
	list["buyer"].Arrivals.Orders[0].Buys = true
	steps := list["steps"]
	steps.Clock, steps.Arrivals.Step = clock.Clock{Step: .05, Steps: 60, DiscountRate: .5}, .05
	steps.Statistics, steps.Record.Ticks = []int{0, 13, 60}, []int{0, 1, 2, 30, 60}
	types := list["types"]
	m := types.Arrivals.Makers[0]
	m.Worth, types.Arrivals.Investors.Worth, types.Arrivals.Orders[0].Worth = nil, nil, nil
	one, many := m, m
	one.Count, many.Count = 1, 4
	one.Slopes, many.Slopes = []float64{m.Slopes[0] / 2, .01}, []float64{0, m.Slopes[0]}
	types.Arrivals.Makers = []equilibrium.MakerType{one, many}
	for k, phase := range types.Arrivals.Phases {
		types.Arrivals.Phases[k].Bid = append(phase.Bid, phase.Bid[0])
		types.Arrivals.Phases[k].Ask = append(phase.Ask, phase.Ask[0])
	}
	types.Names, types.Initial = []string{"a", "b", "investors", "fund"}, []float64{.2, -.3, 0, 0}
	return list
}

// TestRecordsAddUp: what is sold is bought, what is paid is received, between any two
// rows and in all; investors hold what events say; the end is the outcome.
func TestRecordsAddUp(t *testing.T) {
	for name, s := range recorded(t) {
		t.Run(name, func(t *testing.T) {
			n, ticks, width := len(s.Names), len(s.Record.Ticks), s.RowWidth()
			members := func(i int) float64 {
				if i < len(s.Arrivals.Makers) {
					return float64(s.Arrivals.Makers[i].Count)
				}
				return 1
			}
			investors := s.Arrivals.InvestorSeat()
			results, sums := play(t, s, 1)
			r := results[0]
			require.Less(t, sums.Max[s.ArrivalLayout().Clearing()], 1e-13)
			require.Less(t, sums.Max[s.ArrivalLayout().CashBalance()], 1e-13)
			traded := map[int64]float64{}
			last := montecarlo.Event{Path: -1}
			for _, e := range r.Events {
				require.True(t, e.Path > last.Path || e.Path == last.Path && e.Time >= last.Time, "in order")
				last = e
				if traded[e.Path] -= e.Quantity; e.Side == market.Ask {
					traded[e.Path] += 2 * e.Quantity
				}
			}
			for p := range int(s.Record.Paths) {
				row := func(j, i int) []float64 { return r.Recorded[(p*ticks+j)*width+3+4*i:][:4] }
				for j := range ticks {
					trade, cash := 0., 0.
					for i := range n {
						trade += members(i) * row(j, i)[1]
						cash += members(i) * row(j, i)[2]
						if j > 0 {
							require.InDelta(t, row(j-1, i)[0]-row(j-1, i)[1], row(j, i)[0], 1e-14)
						}
					}
					require.InDelta(t, 0, trade, 1e-13)
					require.InDelta(t, 0, cash, 1e-11)
				}
				require.InDelta(t, traded[int64(p)], row(ticks-1, investors)[0], 1e-13)
				for i := range n {
					require.InDelta(t, r.Outcomes[(p*n+i)*3], row(ticks-1, i)[3], 1e-14)
				}
			}
		})
	}
}

// TestArrivalsDoNotDependOnWorkers plays the same blocks on one and on three workers.
func TestArrivalsDoNotDependOnWorkers(t *testing.T) {
	for name, s := range recorded(t) {
		s.Paths = 5*montecarlo.BlockSize - 77
		var alone [][]float64
		for _, workers := range []int{1, 3} {
			block := 0
			require.NoError(t, s.Run(context.Background(), 0, s.Blocks(), workers, func(r *montecarlo.Result) error {
				if workers == 1 {
					alone = append(alone, r.Sums.Add)
					return nil
				}
				require.Equal(t, alone[block], r.Sums.Add, name)
				block++
				return nil
			}))
		}
	}
}

// TestCashFollowsTheFundamental: at absolute prices what is held and the cash together
// move with the fundamental alone, whatever prices are relative to it. Hardly anybody
// comes, so that periods are long and what it does within them counts.
func TestCashFollowsTheFundamental(t *testing.T) {
	g := golden.PoissonSets(t)["toy"]
	const paths = montecarlo.BlockSize
	s := arriving(g, true, paths)
	s.Statistics, s.Record.Ticks, s.Record.Paths = []int{8}, []int{8}, paths
	s.Arrivals.Investors.BuyRate, s.Arrivals.Investors.SellRate, s.Clock.DiscountRate = 1e-9, 1e-9, 0
	s.Arrivals.Investors.Reservation = 1e-9 // prices hardly differ from the fundamental
	for k := range s.Arrivals.Phases {
		nothing := func(float64) float64 { return 1e-10 }
		s.Arrivals.Phases[k].Bid, s.Arrivals.Phases[k].Ask = []func(float64) float64{nothing}, []func(float64) float64{nothing}
	}
	s.Arrivals.Makers[0].Slopes[0] = 0
	results, _ := play(t, s, 1)
	ticks, width := len(s.Record.Ticks), s.RowWidth()
	sum, square := 0., 0.
	for p := range paths { // the seller's cash is f∫m dt until its end
		last := results[0].Recorded[(p*ticks+ticks-1)*width:]
		sold := -last[3+4*2]
		excess := last[3+4*2+2] - s.Reference.Start*sold
		sum += excess
		square += excess * excess / (s.Reference.Volatility * s.Reference.Volatility * math.Pow(sold, 3) / g.OrderRate / 3)
	}
	require.InDelta(t, 1, square/paths, 4*math.Sqrt(2./paths)) // Var ∫m dt = σ²D³/3
	require.Less(t, math.Abs(sum/paths), .1)
}

// TestCashIsPayoff: without discount, cost of inventory and news the payoffs of makers
// and of orders are their cash, with what they hold at the fundamental, or at the
// investors' reservation value.
func TestCashIsPayoff(t *testing.T) {
	list := recorded(t)
	list["known at random"] = arriving(golden.PoissonSets(t)["lumpy"], true, 300)
	list["known at random"].Arrivals = anchored(golden.PoissonSets(t)["lumpy"])
	for name, s := range list {
		s.Clock.DiscountRate, s.Reference.Volatility, s.Record.Paths = 0, 0, 40
		for k := range s.Arrivals.Makers {
			s.Arrivals.Makers[k].InventoryCost = 0
		}
		results, _ := play(t, s, 1)
		n, ticks, width := len(s.Names), len(s.Record.Ticks), s.RowWidth()
		for p := range int(s.Record.Paths) {
			last := results[0].Recorded[(p*ticks+ticks-1)*width:]
			for i := range n {
				if i == s.Arrivals.InvestorSeat() {
					continue
				}
				cell := last[3+4*i:][:4]
				bought := cell[0] - s.Initial[i]
				want := cell[2] + s.Reference.Start*bought
				if i > s.Arrivals.InvestorSeat() {
					want += s.Arrivals.Investors.Reservation * math.Abs(bought)
				}
				require.InDelta(t, want, cell[3], 1e-11*(1+s.Reference.Start*math.Abs(bought)), "%s: %s", name, s.Names[i])
			}
		}
	}
}
