package experiment

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/analysis"
	"walras/equilibrium"
	"walras/equilibrium/closedform"
	"walras/scenarios"
)

// entry decomposes the shocks of a market as SS Proposition 9 does; nil without
// shocks. Z₁ is the total shock Z_L + Z_F over its standard deviation, so that
// with β = 1/b_L + 1/b_F
//
//	σ = sd(Z_L + Z_F)/β,   σ_L = Cov(Z_L, Z_L + Z_F)/sd(Z_L + Z_F),   σ̂² = Var Z_L − σ_L².
//
// Shocks that cancel in total are all σ̂.
func (p pair) entry(c *mat.SymDense) (*Entry, error) {
	if mat.Norm(c, 1) == 0 {
		return nil, nil
	}
	shocks := closedform.Entry{Large: p.large, DiscountRate: p.rate}
	total := c.At(0, 0) + 2*c.At(0, 1) + c.At(1, 1)
	if total > 1e-12*mat.Trace(c) { // else only rounding errors
		sd := math.Sqrt(total)
		shocks.Aggregate, shocks.LargeShock = sd/p.capacity(), (c.At(0, 0)+c.At(0, 1))/sd
	}
	shocks.Idiosyncrasy = math.Sqrt(math.Max(0, c.At(0, 0)-shocks.LargeShock*shocks.LargeShock))
	out := &Entry{
		Share: p.share(), Threshold: closedform.EntryThreshold,
		Aggregate: shocks.Aggregate, LargeShock: shocks.LargeShock, Idiosyncrasy: shocks.Idiosyncrasy,
	}
	var err error
	if out.Continuous.Welfare, err = shocks.Welfare(p.fringe); err != nil {
		return nil, err
	}
	out.Continuous.Slope, err = shocks.Slope(p.fringe)
	return out, err
}

// entryAtAuctions is the same in the discrete game, by solving it for a fringe a
// little larger and a little smaller; nil where there is no equilibrium.
func (p pair) entryAtAuctions(e *Entry, step, welfare float64) *EntryEffect {
	const change = 1e-4
	shocks := closedform.Entry{
		Large: p.large, DiscountRate: p.rate, Aggregate: e.Aggregate, LargeShock: e.LargeShock, Idiosyncrasy: e.Idiosyncrasy,
	}
	at := func(fringe float64) (float64, error) {
		beside := p
		beside.fringe = fringe
		s, err := beside.game().Discrete(step)
		if err != nil {
			return 0, err
		}
		sigma := shocks.Volatility(fringe)
		c := mat.NewSymDense(2, nil)
		c.SymOuterK(1, sigma)
		value, err := s.ValueOn(s.Game.Seats(1), 0, c)
		return value.K, err
	}
	above, err := at(p.fringe * (1 + change))
	if err != nil {
		return nil
	}
	below, err := at(p.fringe * (1 - change))
	if err != nil {
		return nil
	}
	return &EntryEffect{Step: step, Welfare: welfare, Slope: (above - below) / (2 * change * p.fringe)}
}

// pairs merges a symmetric market in pairs as long as three traders are left; nil
// for other markets, and without shocks.
func (m *Market) pairs() []MergedMarket {
	market, ok := m.symmetric()
	if !ok {
		return nil
	}
	var list []MergedMarket
	for {
		continuous, err := market.Welfare(0)
		if err != nil {
			return nil
		}
		discrete, err := market.Welfare(m.Clock.Step)
		if err != nil {
			return nil
		}
		list = append(list, MergedMarket{
			Traders: market.Traders, HoldingCost: market.HoldingCost, Variance: market.Variance, Correlation: market.Correlation,
			Continuous: continuous, Discrete: discrete,
		})
		merged, err := market.Merged()
		if err != nil || merged.Traders < 3 {
			return list
		}
		market = merged
	}
}

// symmetric recognises a market of strategic traders of one cost whose shocks
// have one variance and one correlation, member by member.
func (m *Market) symmetric() (closedform.SymmetricMarket, bool) {
	var none closedform.SymmetricMarket
	n := len(m.Seats)
	if n < 3 || !m.followsMembers() || m.Game.Interaction != nil || m.Game.Exponential {
		return none, false
	}
	first := m.Game.Traders[0]
	for _, t := range m.Game.Traders {
		if t.Kind != equilibrium.Strategic || t.HoldingCost != first.HoldingCost {
			return none, false
		}
	}
	variance, common := m.Covariance.At(0, 0), m.Covariance.At(0, 1)
	if variance == 0 {
		return none, false
	}
	for i := range n {
		for j := i; j < n; j++ {
			want := common
			if i == j {
				want = variance
			}
			if math.Abs(m.Covariance.At(i, j)-want) > 1e-12*variance {
				return none, false
			}
		}
	}
	return closedform.SymmetricMarket{
		Traders: n, HoldingCost: first.HoldingCost, DiscountRate: m.Game.DiscountRate,
		Variance: variance, Correlation: common / variance,
	}, true
}

// fringeParts are the fringe's seat and its parts.
func (m *Market) fringeParts(s *scenarios.Scenario) (seat int, parts []analysis.Part) {
	for i, place := range m.Seats {
		for _, p := range s.Agents[m.origin[place.Type]].Parts {
			seat, parts = i, append(parts, analysis.Part(p))
		}
	}
	return seat, parts
}

// partValues is the welfare of the parts of the fringe at both timings.
func (m *Market) partValues(s *scenarios.Scenario, continuous, discrete *equilibrium.Solution) ([]Part, error) {
	seat, parts := m.fringeParts(s)
	var list []Part
	for _, p := range parts {
		out := Part{Name: p.Name, Share: p.Share, Inventory: p.Inventory}
		for _, at := range []struct {
			solution *equilibrium.Solution
			into     **float64
		}{{continuous, &out.Continuous}, {discrete, &out.Discrete}} {
			if at.solution == nil {
				continue
			}
			value, err := at.solution.ValueOn(m.Seats, seat, m.Covariance)
			if err != nil {
				return nil, err
			}
			price := mat.Dot(mat.NewVecDense(len(m.Initial), at.solution.PriceOn(m.Seats)), mat.NewVecDense(len(m.Initial), m.Initial))
			worth := p.Share*value.At(m.Initial) + (p.Inventory-p.Share*m.Initial[seat])*price
			*at.into = &worth
		}
		list = append(list, out)
	}
	return list, nil
}
