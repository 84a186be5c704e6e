package experiment

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"walras/clock"
	"walras/equilibrium"
	"walras/scenarios"
)

// Market is a double auction ready to be solved and simulated.
type Market struct {
	Game     equilibrium.Game
	Seats    []equilibrium.Seat
	Names    []string  // of the seats
	Initial  []float64 // X₀ per seat
	JumpRate float64   // of compound Poisson shocks, per unit of time; 0: Brownian shocks
	Clock    clock.Clock

	// Covariance is that of the inventory shocks over the seats, rate per unit
	// of time. Under common values inventories are X = F X̃, where X̃_i is what
	// trader i knows of its own need. The scenario's shocks are to what traders
	// know, with covariance C, and this is FCFᵀ.
	Covariance *mat.SymDense

	Commitment *scenarios.Commitment // of the one trader beside a fringe; nil is the equilibrium

	origin []int // agent of the scenario, for each type of the game
}

// conducts are the kinds of traders by the word of the scenario.
var conducts = map[string]equilibrium.Kind{
	scenarios.ConductStrategic: equilibrium.Strategic, scenarios.ConductNoTransient: equilibrium.NoTransient,
	scenarios.ConductMomentumBlind: equilibrium.MomentumBlind, scenarios.ConductMisperceived: equilibrium.Misperceived,
}

// NewMarket builds the market of a scenario. Under common values or exponential
// utility every member is a type of its own.
func NewMarket(s *scenarios.Scenario) *Market {
	m := &Market{
		Game:       equilibrium.Game{DiscountRate: s.DiscountRate, Exponential: s.Exponential},
		JumpRate:   s.Shocks.Rate,
		Commitment: s.Commitment,
		Clock:      clock.Clock{Step: s.Clock.Step, Steps: s.Clock.Steps(), DiscountRate: s.DiscountRate},
	}
	s, m.origin = types(s)
	for _, a := range s.Agents {
		kind, cost := conducts[a.Conduct], a.HoldingCost
		if a.Kind == scenarios.KindFringe {
			kind = equilibrium.Fringe
		}
		if s.Exponential {
			cost = s.DiscountRate * a.RiskAversion
		}
		m.Game.Traders = append(m.Game.Traders, equilibrium.Trader{
			Name: a.Name, Kind: kind, HoldingCost: cost, Count: a.Count, ImpactFactor: a.ImpactFactor,
		})
	}
	m.Seats = m.Game.Seats(scenarios.OneByOne)
	next := make([]int, len(s.Agents))
	for _, seat := range m.Seats {
		a := s.Agents[seat.Type]
		next[seat.Type]++
		m.Names = append(m.Names, seatName(a, seat, next[seat.Type]))
		m.Initial = append(m.Initial, a.Inventory*float64(seat.Members))
	}
	m.Covariance = covariance(s, m.Seats)
	if s.CommonValues != nil {
		m.Game.Interaction = matrix(s.CommonValues)
		m.Covariance = congruent(m.Game.Interaction, m.Covariance)
	}
	if s.Exponential {
		m.Game.Covariance = m.Covariance
	}
	return m
}

// types is the scenario with an agent for each type of the game: under common
// values or exponential utility every member is an agent of its own. origin are
// the agents that they come from.
func types(s *scenarios.Scenario) (_ *scenarios.Scenario, origin []int) {
	single := *s
	single.Agents = nil
	for i, a := range s.Agents {
		if s.CommonValues == nil && !s.Exponential {
			origin = append(origin, i)
			continue
		}
		for _, name := range a.Members() {
			member := a
			member.Name, member.Count = name, 1
			single.Agents = append(single.Agents, member)
			origin = append(origin, i)
		}
	}
	if single.Agents == nil {
		return s, origin
	}
	return &single, origin
}

func matrix(rows [][]float64) *mat.Dense {
	m := mat.NewDense(len(rows), len(rows[0]), nil)
	for i, row := range rows {
		m.SetRow(i, row)
	}
	return m
}

// congruent is FCFᵀ.
func congruent(f mat.Matrix, c *mat.SymDense) *mat.SymDense {
	n, _ := f.Dims()
	var full mat.Dense
	full.Product(f, c, f.T())
	out := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			out.SetSym(i, j, (full.At(i, j)+full.At(j, i))/2)
		}
	}
	return out
}

// seatName is the agent's name, name[i] for a member, name[2..n] for a group.
func seatName(a scenarios.Agent, seat equilibrium.Seat, i int) string {
	switch {
	case a.Count == 1:
		return a.Name
	case seat.Members == 1:
		return fmt.Sprintf("%s[%d]", a.Name, i)
	default:
		return fmt.Sprintf("%s[%d..%d]", a.Name, i, a.Count)
	}
}

// covariance is the covariance of the seats' shocks: a seat of several members
// receives the sum of theirs.
func covariance(s *scenarios.Scenario, seats []equilibrium.Seat) *mat.SymDense {
	c := mat.NewSymDense(len(seats), nil)
	if s.Shocks.Kind == scenarios.ShocksNone {
		return c
	}
	entry := byVolatility(s, seats)
	switch {
	case s.Shocks.Covariance != nil:
		entry = byMembers(seats, func(a, b int) float64 { return s.Shocks.Covariance[a][b] })
	case s.Shocks.Correlation != nil && s.Shocks.Correlation.Matrix != nil:
		var sigma []float64
		for _, a := range s.Agents {
			for range a.Count {
				sigma = append(sigma, a.Volatility)
			}
		}
		entry = byMembers(seats, func(a, b int) float64 { return sigma[a] * sigma[b] * s.Shocks.Correlation.Matrix[a][b] })
	}
	for i := range seats {
		for j := i; j < len(seats); j++ {
			c.SetSym(i, j, entry(i, j))
		}
	}
	return c
}

// byVolatility is the covariance of seats under one correlation of all pairs of
// members, without looking at members one by one.
func byVolatility(s *scenarios.Scenario, seats []equilibrium.Seat) func(i, j int) float64 {
	common := 0.0
	if s.Shocks.Correlation != nil {
		common = s.Shocks.Correlation.Common
	}
	return func(i, j int) float64 {
		a, b := float64(seats[i].Members), float64(seats[j].Members)
		product := s.Agents[seats[i].Type].Volatility * s.Agents[seats[j].Type].Volatility
		if i == j {
			return product * (a + a*(a-1)*common)
		}
		return product * a * b * common
	}
}

// byMembers sums a covariance of members over those of the seats.
func byMembers(seats []equilibrium.Seat, of func(a, b int) float64) func(i, j int) float64 {
	first := make([]int, len(seats)+1)
	for i, seat := range seats {
		first[i+1] = first[i] + seat.Members
	}
	return func(i, j int) float64 {
		sum := 0.0
		for a := first[i]; a < first[i+1]; a++ {
			for b := first[j]; b < first[j+1]; b++ {
				sum += of(a, b)
			}
		}
		return sum
	}
}

// Policy solves the market for the policy that the scenario's clock asks for.
// For a policy on a grid the solution in continuous time is returned with it.
func (m *Market) Policy(kind string) (*equilibrium.Policy, *equilibrium.Solution, error) {
	if kind == scenarios.PolicyContinuous {
		s, err := m.solve(0)
		if err != nil {
			return nil, nil, err
		}
		p, err := s.OnGrid(m.Clock.Step, m.Seats, m.Covariance)
		return p, s, err
	}
	s, err := m.solve(m.Clock.Step)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.Policy(m.Seats, m.Covariance)
	return p, nil, err
}

// followsMembers reports whether every seat is a single member.
func (m *Market) followsMembers() bool {
	for _, s := range m.Seats {
		if s.Members > 1 {
			return false
		}
	}
	return true
}
