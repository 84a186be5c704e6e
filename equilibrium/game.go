package equilibrium

import (
	"fmt"
	"math"
)

// Kind is how an agent behaves in the auction.
type Kind int

const (
	// Strategic traders know that their trades move the price (SS 15).
	Strategic Kind = iota
	// Fringe is a continuum of price takers with a joint holding cost (SS 17).
	Fringe
)

// Trader is a type of identical members.
type Trader struct {
	Name        string
	Kind        Kind
	HoldingCost float64 // b > 0 per member (a fringe: of the aggregate), money per asset unit² and time
	Count       int     // members, ≥ 1; of a fringe 1
}

// Game is a market of strategic traders and at most one fringe.
type Game struct {
	DiscountRate float64 // r > 0, per time
	Traders      []Trader

	// Commitment binds the one strategic trader beside a fringe to a rate (SS
	// Proposition 8). Nil is the equilibrium.
	Commitment *Commitment
}

// NoEquilibriumError says that a market has no equilibrium with trade, or that
// none was found, in the terms of the model.
type NoEquilibriumError struct {
	Reason string // which condition fails, for whom
	Hint   string // the nearest market that has one, or what to try
}

// Error gives the reason and the hint.
func (e *NoEquilibriumError) Error() string {
	if e.Hint == "" {
		return "no equilibrium with trade: " + e.Reason
	}
	return "no equilibrium with trade: " + e.Reason + "; " + e.Hint
}

// Members is the number of traders, a fringe counting as one.
func (g Game) Members() int {
	n := 0
	for _, t := range g.Traders {
		n += t.Count
	}
	return n
}

// RiskCapacity is β = Σ 1/b over all members.
func (g Game) RiskCapacity() float64 {
	beta := 0.0
	for _, t := range g.Traders {
		beta += float64(t.Count) / t.HoldingCost
	}
	return beta
}

// validate panics on misuse and returns an error for markets that cannot have
// an equilibrium with trade, whatever the costs.
func (g Game) validate() error {
	if !(g.DiscountRate > 0) || len(g.Traders) == 0 {
		panic("equilibrium: a game needs a positive discount rate and traders")
	}
	fringes := 0
	for _, t := range g.Traders {
		if !(t.HoldingCost > 0) || math.IsInf(t.HoldingCost, 0) || t.Count < 1 {
			panic(fmt.Sprintf("equilibrium: trader %q needs a positive holding cost and count", t.Name))
		}
		if t.Kind == Fringe {
			fringes++
			if t.Count != 1 {
				panic(fmt.Sprintf("equilibrium: the fringe %q counts as one", t.Name))
			}
		}
	}
	if fringes > 1 {
		panic("equilibrium: more than one fringe")
	}
	n := g.Members()
	if n == fringes {
		return &NoEquilibriumError{Reason: "a fringe alone has nobody to trade with", Hint: "add a strategic trader"}
	}
	if fringes == 0 && n < 3 {
		return &NoEquilibriumError{
			Reason: fmt.Sprintf("%d strategic trader(s) and no fringe: with N = 2 each trader faces only the other's schedule, and the trading speed r(N−2)/2 is zero", n),
			Hint:   "add a third trader or a fringe",
		}
	}
	return nil
}

// class is a group of identical traders, whatever types they were listed in.
// Grouping them keeps the speeds of a class apart from those between classes,
// which would otherwise be repeated eigenvalues.
type class struct {
	kind  Kind
	cost  float64
	count float64
}

// classes groups the types of a game; of[t] is the class of type t.
func (g Game) classes() (list []class, of []int) {
	of = make([]int, len(g.Traders))
	for t, trader := range g.Traders {
		of[t] = -1
		for c := range list {
			if trader.Kind == Strategic && list[c].kind == Strategic && list[c].cost == trader.HoldingCost {
				of[t] = c
				list[c].count += float64(trader.Count)
			}
		}
		if of[t] < 0 {
			of[t] = len(list)
			list = append(list, class{kind: trader.Kind, cost: trader.HoldingCost, count: float64(trader.Count)})
		}
	}
	return list, of
}

// Timing says when trade happens: continuously, or in auctions a step apart.
type Timing struct {
	DiscountRate float64 // r
	Step         float64 // Δ; 0 means continuous time
}

// Discount is ρ = e^{−rΔ}, the discount factor of one period.
func (t Timing) Discount() float64 { return math.Exp(-t.DiscountRate * t.Step) }

// HoldingTime is h = (1 − e^{−rΔ})/r, the discounted length of one period.
func (t Timing) HoldingTime() float64 {
	return -math.Expm1(-t.DiscountRate*t.Step) / t.DiscountRate
}

func (t Timing) continuous() bool { return t.Step == 0 }
