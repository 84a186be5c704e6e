package montecarlo_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/agents"
	"walras/clock"
	"walras/equilibrium"
	"walras/equilibrium/closedform"
	"walras/market"
	"walras/montecarlo"
)

// liquidating is the simulation of a seller that waits for some auctions, sells at
// some, and is done before the horizon.
func liquidating(t require.TestingT, seller closedform.AlmgrenChriss, wait, auctions int, optimal bool, paths int64) *montecarlo.Simulation {
	step := seller.Horizon / float64(auctions)
	l, err := equilibrium.NewLiquidation(seller, float64(wait)*step, step, optimal, true)
	require.NoError(t, err)
	cl := clock.Clock{Step: step, Steps: wait + auctions + 2}
	return &montecarlo.Simulation{
		Play: l.Play(), Names: []string{"seller", "counterparty"}, Initial: []float64{seller.Quantity, 0},
		Covariance: mat.NewSymDense(2, nil), Clock: cl, Paths: paths, Seed: 7, Absolute: true,
		Reference:  montecarlo.Fundamental{Start: 11, Volatility: seller.Volatility},
		Statistics: cl.Grid(2), Record: montecarlo.Record{Paths: paths, Ticks: cl.Grid(1), Outcomes: paths},
	}
}

var fund = closedform.AlmgrenChriss{
	Volatility: 1.3, Instantaneous: .4, Permanent: .7, RiskAversion: .6, Quantity: 2.5, Horizon: 1.8,
}

// TestLiquidationThroughTheAuction: price, trades, inventories and payoffs of every
// recorded row are those of the order, at the fundamental of that very row.
func TestLiquidationThroughTheAuction(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		seller := fund
		seller.Permanent = rapid.Float64Range(0, 2).Draw(r, "lambda")
		seller.Instantaneous = rapid.Float64Range(1e-3, 50).Draw(r, "I")
		s := liquidating(r, seller, rapid.IntRange(0, 3).Draw(r, "wait"), rapid.IntRange(1, 6).Draw(r, "n"), rapid.Bool().Draw(r, "optimal"), 300)
		s.Antithetic = rapid.Bool().Draw(r, "antithetic")
		results, sums := play(t, s, 2)
		layout, width := s.Layout(), s.RowWidth()
		require.LessOrEqual(r, sums.Max[layout.Identity(0)], 1e-13)
		require.Zero(r, sums.Max[layout.Identity(1)], "a counterparty has no payoff")
		require.Zero(r, sums.Max[layout.Clearing()])
		rows, parts := results[0].Recorded, slices.Collect(s.Play.Liquidation.Parts(s.Clock.Steps))
		for p := range s.Paths {
			payoff := 0.
			for k := range s.Clock.Steps + 1 {
				row := rows[(int(p)*(s.Clock.Steps+1)+k)*width:][:width]
				require.InDelta(r, parts[k].Inventories[0], row[2], 1e-12)
				require.InDelta(r, parts[k].Inventories[1], row[6], 1e-12)
				if k < s.Clock.Steps {
					require.InDelta(r, parts[k].Price, row[0], 1e-12*(1+math.Abs(row[0])))
					require.Equal(r, s.Play.Liquidation.Quantity(k), row[3])
					payoff += (row[1] - 11 + row[0]) * row[3]
				}
				require.InDelta(r, payoff, row[5], 1e-11*(10+math.Abs(payoff)))
				require.InDelta(r, -row[4], row[8], 1e-12*(1+math.Abs(row[4])), "what one pays the other gets")
				require.Zero(r, row[9])
			}
			outcome := results[0].Outcomes[6*p:][:3]
			require.InDelta(r, payoff, outcome[0], 1e-11*(10+math.Abs(payoff)))
			require.Zero(r, outcome[1])
			require.InEpsilon(r, seller.Quantity, outcome[2], 1e-12)
		}
	})
}

// witness notes the fundamental and its news when a period is paid.
type witness struct {
	agents.Agent
	fundamental, news map[[2]int][]float64
	tile              *int
}

func (w witness) Earn(now clock.Moment, b *market.Block) {
	if now.Index == 0 {
		*w.tile++
	}
	w.fundamental[[2]int{*w.tile, now.Index}] = append([]float64(nil), b.Fundamental...)
	w.news[[2]int{*w.tile, now.Index}] = append([]float64(nil), b.News...)
	w.Agent.Earn(now, b)
}

// TestEveryPathHasItsFundamental: in the loop stands what records show, on every
// path of every tile, and the news of a period is the move that follows it, in
// units of the volatility. Who does not ask for it has none.
func TestEveryPathHasItsFundamental(t *testing.T) {
	for _, antithetic := range []bool{false, true} {
		s := liquidating(t, fund, 1, 5, true, 600)
		s.Antithetic = antithetic
		list, err := agents.Playing(s.Play)
		require.NoError(t, err)
		w := witness{list[0], map[[2]int][]float64{}, map[[2]int][]float64{}, new(int)}
		s.Agents = []agents.Agent{w, list[1]}
		results, _ := play(t, s, 1)
		require.Equal(t, 3, *w.tile)
		width, steps := s.RowWidth(), s.Clock.Steps
		for p := range int(s.Paths) {
			tile, at := 1+p/256, p%256
			for k := range steps {
				row := (p*(steps+1) + k) * width
				now, next := results[0].Recorded[row+1], results[0].Recorded[row+width+1]
				require.InDelta(t, now-11, w.fundamental[[2]int{tile, k}][at], 1e-13)
				require.InDelta(t, (next-now)/fund.Volatility, w.news[[2]int{tile, k}][at], 1e-13)
			}
		}
	}
	quiet := five.simulation(t, 10, 3)
	list, err := agents.Playing(quiet.Play)
	require.NoError(t, err)
	w := witness{list[0], map[[2]int][]float64{}, map[[2]int][]float64{}, new(int)}
	list[0] = w
	quiet.Agents = list
	play(t, quiet, 1)
	assert.Empty(t, w.fundamental[[2]int{1, 0}])
}

// TestLiquidationDoesNotDependOnWorkers: nor on blocks being played apart.
func TestLiquidationDoesNotDependOnWorkers(t *testing.T) {
	s := liquidating(t, fund, 1, 5, true, 3000)
	one, a := play(t, s, 1)
	two, b := play(t, s, 2)
	assert.Equal(t, one, two)
	assert.Equal(t, a, b)
}

// TestIdentityOfSellersHasTeeth: a seller that is paid a tick late, or sells other
// quantities, is noticed on its paths.
func TestIdentityOfSellersHasTeeth(t *testing.T) {
	s := liquidating(t, fund, 1, 5, true, 50)
	list, err := agents.Playing(s.Play)
	require.NoError(t, err)
	for name, agent := range map[string]agents.Agent{
		"late":  late{list[0]},
		"other": &agents.Seller{Seat: 0, Quantity: func(k int) float64 { return s.Play.Liquidation.Quantity(k) * (1 + 1e-6*float64(k)) }},
	} {
		s.Agents = []agents.Agent{agent, list[1]}
		_, sums := play(t, s, 1)
		assert.Greater(t, sums.Max[s.Layout().Identity(0)], 1e-9, name)
	}
}

// late pays at the fundamental of the next auction.
type late struct{ agents.Agent }

func (l late) Earn(now clock.Moment, b *market.Block) {
	next := *b
	next.Fundamental = make([]float64, b.Paths)
	for p := range next.Fundamental {
		next.Fundamental[p] = b.Fundamental[p] + b.News[p]
	}
	l.Agent.Earn(now, &next)
}
