package agents

import (
	"math"

	"walras/clock"
	"walras/equilibrium"
	"walras/market"
)

// RiskAverse is a trader with constant absolute risk aversion α over consumption
// (SS appendix A). It consumes what its wealth and its inventory are worth,
// c = r(w + f(X)) with f(X) = XᵀAX + k, and bears the risk of the asset's value:
// from one auction to the next its wealth follows
//
//	w' = w − rΔ f(X) + p q + X⁺(B' − B),
//
// with the same Brownian motion B for everybody. Its payoff is the utility of
// consumption, −exp(−αc) per unit of time.
type RiskAverse struct {
	Trader
	Worth    equilibrium.Value // A and k
	Aversion float64           // α, per money
	Rate     float64           // r
	Step     float64           // Δ
}

// Earn adds the utility of the period and moves the wealth through it.
func (t *RiskAverse) Earn(now clock.Moment, b *market.Block) {
	period := -math.Expm1(-t.Rate*t.Step) / t.Rate
	price := b.Price[:b.Paths]
	trade, held := b.Trade[t.Seat][:len(price)], b.Inventory[t.Seat][:len(price)]
	wealth, payoff, news := b.Wealth[t.Seat][:len(price)], b.Payoff[t.Seat][:len(price)], b.News[:len(price)]
	for p, price := range price {
		worth := t.worth(b, p, 1)
		payoff[p] += float64(now.Discount * float64(period*t.utility(wealth[p]+worth)))
		wealth[p] += float64(price*trade[p]) + float64(held[p]*news[p]) - float64(t.Rate*t.Step*worth)
	}
}

// worth is f(X) at the inventories after the auction, or before it, which the
// trades undo.
func (t *RiskAverse) worth(b *market.Block, p int, before float64) float64 {
	sum := t.Worth.K
	for j := range b.Inventory {
		row := 0.0
		for k := range b.Inventory {
			row += float64(t.Worth.A.At(j, k) * (b.Inventory[k][p] + float64(before*b.Trade[k][p])))
		}
		sum += float64(row * (b.Inventory[j][p] + float64(before*b.Trade[j][p])))
	}
	return sum
}

// utility is that of consuming the return on a certainty equivalent, per time.
func (t *RiskAverse) utility(equivalent float64) float64 {
	return -math.Exp(-t.Aversion * t.Rate * equivalent)
}

// Value is what wealth and inventories are worth at the horizon,
// V = −(1/r)exp(−rα(w + f(X))), not discounted.
func (t *RiskAverse) Value(b *market.Block, p int) float64 {
	return t.utility(b.Wealth[t.Seat][p]+t.worth(b, p, 0)) / t.Rate
}
