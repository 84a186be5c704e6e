package equilibrium

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"walras/clock"
)

// Kind is how an agent behaves in the auction.
type Kind int

const (
	// Strategic traders know that their trades move the price (SS 15).
	Strategic Kind = iota
	// Fringe is a continuum of price takers with a joint holding cost (SS 17).
	Fringe
	// NoTransient traders reckon with the instantaneous and the permanent impact
	// of their trades, not with the transient one (SS 33).
	NoTransient
	// MomentumBlind traders, moreover, do not expect the price to drift.
	MomentumBlind
	// Misperceived traders are NoTransient traders who take both impacts to be
	// ImpactFactor times what they are.
	Misperceived
)

// Trader is a type of identical members.
type Trader struct {
	Name string
	Kind Kind

	// HoldingCost is b > 0 per member (of a fringe: of the aggregate), money per
	// asset unit² and time. Under exponential utility it is b = rα, with α the
	// risk aversion.
	HoldingCost float64

	Count int // members, ≥ 1; of a fringe 1

	// ImpactFactor is φ > 0 of Misperceived traders, and 0 for all others.
	ImpactFactor float64
}

// Game is a market of traders and at most one fringe. A fringe alone is the
// competitive market: its price is that of the first best, and as one body it
// does not trade. Common values and exponential utility are for strategic traders
// listed one by one (Count 1), and exclude each other.
type Game struct {
	DiscountRate float64 // r > 0, per time
	Traders      []Trader

	// Commitment binds the one strategic trader beside a fringe to a rate (SS
	// Proposition 8). Nil is the equilibrium.
	Commitment *Commitment

	// Interaction is F of common values (SS section 6): trader i's need is
	// Σ_j F_ij ξ_j, where ξ_j is what trader j observes. Ones on the diagonal,
	// invertible; nil means private values, F = I. Inventories X, and the
	// covariance of their shocks, are those with everybody's signals taken into
	// account: X = F X̃, where X̃_i is what trader i knows of its own need, and
	// FCFᵀ, where C is the covariance of what the traders observe.
	Interaction *mat.Dense

	// Exponential says that traders have constant absolute risk aversion
	// α_i = b_i/r over consumption (SS appendix A) instead of holding costs.
	// Policies then depend on Covariance, ΣΣᵀ over the traders: the rate per
	// time of the covariance of the inventory shocks. Continuous time only.
	Exponential bool
	Covariance  mat.Symmetric
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
		if !t.factorIsValid() {
			panic(fmt.Sprintf("equilibrium: trader %q: a positive impact factor belongs to the misperceived, and to nobody else", t.Name))
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
	if g.byMember() {
		g.validateMembers()
	}
	return g.trade(fringes)
}

// trade returns an error where no costs allow an equilibrium with trade. As
// trade vanishes, the condition of every kind tends to P − φ_iI^iQ^i =
// −(b_i/r)1^i, and flows Q^i that solve it sum to 0 only where Σ 1/(1+φ_i) = 1.
// Beyond that bound there is no trade: N traders alike need φ < N−1, two
// traders φ₁φ₂ < 1.
func (g Game) trade(fringes int) error {
	n, eagerness := g.Members(), g.eagerness()
	switch {
	case fringes > 0 || eagerness > 1:
		return nil
	case n == 1 || !g.has(Misperceived):
		who := "strategic trader(s)"
		if g.has(NoTransient) || g.has(MomentumBlind) || g.has(Misperceived) {
			who = "trader(s)"
		}
		return &NoEquilibriumError{
			Reason: fmt.Sprintf("%d %s and no fringe: with N = 2 each trader faces only the other's schedule, and the trading speed r(N−2)/2 is zero", n, who),
			Hint:   "add a third trader or a fringe",
		}
	default:
		return &NoEquilibriumError{
			Reason: fmt.Sprintf("the traders overrate their impact: with the factor φ (1 of those who do not misperceive it) Σ 1/(1+φ) over the members is %.6g and must exceed 1; for %d members alike φ must be below %d", eagerness, n, n-1),
			Hint:   "lower the impact factors, or add a trader or a fringe",
		}
	}
}

// eagerness is Σ 1/(1+φ) over all members but a fringe.
func (g Game) eagerness() float64 {
	sum := 0.0
	for _, t := range g.Traders {
		if t.Kind != Fringe {
			sum += float64(t.Count) / (1 + t.factor())
		}
	}
	return sum
}

func (g Game) has(kind Kind) bool {
	return slices.ContainsFunc(g.Traders, func(t Trader) bool { return t.Kind == kind })
}

// class is a group of identical traders, whatever types they were listed in.
// Grouping them keeps the speeds of a class apart from those between classes,
// which would otherwise be repeated eigenvalues.
type class struct {
	kind   Kind
	cost   float64
	count  float64
	factor float64 // φ, by which it misperceives its impact

	// For single members only:
	signal []float64     // F^{·i} over the classes, under common values; nil is the unit vector
	shocks mat.Symmetric // ΣΣᵀ over the classes, under exponential utility; nil under quadratic
}

// factor is φ: 1 of all who do not misperceive their impact.
func (t Trader) factor() float64 {
	if t.Kind == Misperceived {
		return t.ImpactFactor
	}
	return 1
}

func (t Trader) factorIsValid() bool {
	if t.Kind == Misperceived {
		return t.ImpactFactor > 0 && !math.IsInf(t.ImpactFactor, 0)
	}
	return t.ImpactFactor == 0
}

// classes groups the types of a game; of[t] is the class of type t.
func (g Game) classes() (list []class, of []int) {
	of = make([]int, len(g.Traders))
	for t, trader := range g.Traders {
		of[t] = slices.IndexFunc(list, func(c class) bool {
			return c.kind == trader.Kind && c.cost == trader.HoldingCost && c.factor == trader.factor()
		})
		if of[t] < 0 {
			of[t] = len(list)
			list = append(list, class{kind: trader.Kind, cost: trader.HoldingCost, factor: trader.factor()})
		}
		list[of[t]].count += float64(trader.Count)
	}
	return list, of
}

// Timing says when trade happens: continuously, or in auctions a step apart.
type Timing struct {
	DiscountRate float64 // r; 0 where money is not discounted
	Step         float64 // Δ; 0 means continuous time
}

// Discount is ρ = e^{−rΔ}, the discount factor of one period.
func (t Timing) Discount() float64 { return math.Exp(-t.DiscountRate * t.Step) }

// HoldingTime is h = (1 − e^{−rΔ})/r, the discounted length of one period.
func (t Timing) HoldingTime() float64 {
	if t.DiscountRate == 0 {
		return t.Step
	}
	return -math.Expm1(-t.DiscountRate*t.Step) / t.DiscountRate
}

// Quantity is what a schedule sells in the auction of tick k: its rate times the
// overlap with [kΔ, (k+1)Δ).
func (t Timing) Quantity(s clock.Schedule, k int) float64 {
	return s.Quantity(float64(k)*t.Step, float64(k+1)*t.Step)
}

func (t Timing) continuous() bool { return t.Step == 0 }
