package market_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"walras/market"
)

// randomOrders are schedules in which everybody's price falls with its own
// sales more than with the others', some of them replaced by quantities.
func randomOrders(t *rapid.T) []order {
	n := rapid.IntRange(2, 9).Draw(t, "seats")
	orders := make([]order, n)
	for i := range orders {
		intercept := between(t, -5, 5, "intercept")
		if i > 0 && rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
			orders[i] = quantity(intercept, i, n)
			continue
		}
		slopes := make([]float64, n)
		level := between(t, .5, 2, "level") // against selling to everybody
		for j := range slopes {
			if j != i {
				slopes[j] = -level + between(t, -.1, .1, "slope")
			}
		}
		orders[i] = schedule(intercept, slopes...)
	}
	return orders
}

func TestClearSolvesTheOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		orders := randomOrders(t)
		b, err := clear(orders)
		require.NoError(t, err)
		price, trades := solved(orders)
		requireCleared(t, price, trades, b, 1e-9)
	})
}

// TestQuantitiesAmongSchedules fixes the quantity of every subset of six seats
// but all of them.
func TestQuantitiesAmongSchedules(t *testing.T) {
	const n = 6
	for fixed := range 1<<n - 1 {
		orders := make([]order, n)
		for i := range orders {
			slopes := make([]float64, n)
			for j := range slopes {
				slopes[j] = -1 - .3*float64((3*i+5*j)%7) + .1*float64(i)
			}
			slopes[i] = 0
			orders[i] = schedule(float64(i)-1.7, slopes...)
			if fixed>>i&1 == 1 {
				orders[i] = quantity(.3*float64(i)-.8, i, n)
			}
		}
		b, err := clear(orders)
		require.NoError(t, err)
		price, trades := solved(orders)
		requireCleared(t, price, trades, b, 1e-11)
	}
}

// four are schedules that clear.
func four() []order {
	return []order{
		schedule(1, 0, -.5, -.4, -.7),
		schedule(-2, -.8, 0, -.3, -.2),
		schedule(.5, -.6, -.1, 0, -.9),
		schedule(3, -.4, -.5, -.2, 0),
	}
}

// TestOnlyTheAuctionKnows changes one order after another on the same auction:
// the answer is that of the changed system.
func TestOnlyTheAuctionKnows(t *testing.T) {
	orders := four()
	b, o, a := market.NewBlock(4, 3), market.NewOrders(4, 3), market.NewAuction(4)
	before := math.NaN()
	check := func() {
		t.Helper()
		submit(o, orders, 3)
		require.NoError(t, a.Clear(o, b.Side, b.Paths))
		price, trades := solved(orders)
		requireCleared(t, price, trades, b, 1e-12)
		require.NotEqual(t, before, b.Price[0])
		before = b.Price[0]
	}
	check()
	orders[0].intercept = 4 // misreports
	check()
	orders[1].slopes[3] = -1.3 // another slope
	check()
	orders[2] = quantity(0, 2, 4) // no order
	check()
	orders[0] = quantity(1.5, 0, 4) // sells a fixed quantity
	check()
	orders[0], orders[2] = four()[0], four()[2] // both return
	check()
}

// TestSilentSeatsTradeNothing submits two of three orders.
func TestSilentSeatsTradeNothing(t *testing.T) {
	b, o := market.NewBlock(3, 2), market.NewOrders(3, 2)
	o.Schedule(0, []float64{0, -.5, -.4})
	o.Schedule(2, []float64{-.3, -.6, 0})
	o.Intercept[0][0], o.Intercept[2][1] = 1, -2
	require.NoError(t, market.NewAuction(3).Clear(o, b.Side, b.Paths))
	require.Equal(t, []float64{0, 0}, b.Trade[1])
	// p = 1 + .4q₃ and p = .3q₁ with q₁ = −q₃
	require.InDelta(t, 3./7, b.Price[0], 1e-15)
	require.InDelta(t, 10./7, b.Trade[0][0], 1e-14)
}

// TestNotAcceptable lists orders that do not determine a price, and the seats
// that are to blame.
func TestNotAcceptable(t *testing.T) {
	same := four() // seat 3 submits what seat 2 does, in terms of its own trade
	for j, s := range same[1].slopes {
		same[2].slopes[j] = s - same[1].slopes[2]
	}
	inverted := four() // the second and fourth add up to twice the first
	for j := range 4 {
		inverted[3].slopes[j] = 2*inverted[0].slopes[j] - inverted[1].slopes[j]
	}
	for j := range 4 {
		inverted[3].slopes[j] -= 2*inverted[0].slopes[3] - inverted[1].slopes[3]
	}
	silent := []order{quantity(1, 0, 3), quantity(-1, 1, 3), quantity(0, 2, 3)}
	for name, c := range map[string]struct {
		orders []order
		seats  []int
	}{
		"quantities alone":       {silent, []int{0, 1, 2}},
		"two alike":              {same, []int{1, 2}},
		"one follows two others": {inverted, []int{0, 1, 3}},
	} {
		b, err := clear(c.orders)
		var refused *market.NotAcceptableError
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, c.seats, refused.Seats, name)
		require.Equal(t, "the orders do not determine a price", refused.Reason, name)
		require.Zero(t, b.Price[0], name)
	}
	err := &market.NotAcceptableError{Seats: []int{0, 2}, Reason: "why"}
	require.EqualError(t, err, "market: not acceptable: why (seats 1, 3)")
}

// TestAuctionRecovers clears again once the orders have become acceptable.
func TestAuctionRecovers(t *testing.T) {
	b, o, a := market.NewBlock(4, 3), market.NewOrders(4, 3), market.NewAuction(4)
	require.Error(t, a.Clear(o, b.Side, b.Paths)) // all silent
	require.Error(t, a.Clear(o, b.Side, b.Paths))
	submit(o, four(), 3)
	require.NoError(t, a.Clear(o, b.Side, b.Paths))
	price, trades := solved(four())
	requireCleared(t, price, trades, b, 1e-12)
}

// TestAuctionTellsOrdersApart uses one auction for two sets of orders, and two
// auctions for one, in turns.
func TestAuctionTellsOrdersApart(t *testing.T) {
	const paths = 3
	first, second := four(), four()
	second[0].slopes[2] = -2
	o1, o2 := market.NewOrders(4, paths), market.NewOrders(4, paths)
	a, other := market.NewAuction(4), market.NewAuction(4)
	b := market.NewBlock(4, paths)
	for range 2 {
		for _, c := range []struct {
			orders []order
			o      *market.Orders
		}{{first, o1}, {second, o2}} {
			submit(c.o, c.orders, paths)
			price, trades := solved(c.orders)
			require.NoError(t, a.Clear(c.o, b.Side, b.Paths))
			requireCleared(t, price, trades, b, 1e-12)
			require.NoError(t, other.Clear(c.o, b.Side, b.Paths))
			requireCleared(t, price, trades, b, 1e-12)
		}
		first[1].slopes[0] -= .25
	}
}

// TestUnitsOfMoney clears the same orders in very small and very large units.
func TestUnitsOfMoney(t *testing.T) {
	_, trades := solved(four())
	for _, unit := range []float64{1e-25, 1e25} {
		orders := four()
		for i := range orders {
			orders[i].intercept *= unit
			for j := range orders[i].slopes {
				orders[i].slopes[j] *= unit
			}
		}
		b, err := clear(orders)
		require.NoError(t, err)
		price, _ := solved(four())
		requireCleared(t, price*unit, trades, b, 1e-12)
	}
}

// TestEquilibriumSchedules submits the schedules of an equilibrium: the auction
// answers with its mechanism.
func TestEquilibriumSchedules(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for name, policy := range equilibria(t) {
		t.Run(name, func(t *testing.T) {
			profile, err := market.ProfileOf(policy.Price, policy.Flows)
			require.NoError(t, err)
			n := len(policy.Seats)
			x := mat.NewVecDense(n, nil)
			orders := make([]order, n)
			for i := range orders {
				x.SetVec(i, r.NormFloat64())
				orders[i] = schedule(profile.Reports[i]*x.AtVec(i), mat.Row(nil, i, profile.Slopes)...)
			}
			b, err := clear(orders)
			require.NoError(t, err)
			var q mat.VecDense
			q.MulVec(policy.Flows, x)
			p := mat.Dot(vector(policy.Price), x)
			require.InDelta(t, p, b.Price[0], 1e-12*mat.Norm(vector(policy.Price), 1))
			for i := range n {
				require.InDelta(t, q.AtVec(i), b.Trade[i][0], 1e-12*mat.Norm(policy.Flows, 1))
			}
		})
	}
}
