package montecarlo

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"walras/agents"
	"walras/clock"
	"walras/equilibrium"
	"walras/market"
	"walras/shocks"
)

// BlockSize is the number of paths in a block; the last block may be shorter.
const BlockSize = 1024

// tileSize is the number of paths that advance together: few enough that their
// state stays in the nearest cache, and a multiple of four (kernel.Lanes).
const tileSize = 256

// Simulation is everything that determines the paths of a run.
type Simulation struct {
	Play       *equilibrium.Play      // the policy, and who deviates from it, of a market with one price
	Cournot    *equilibrium.Cournot   // the market of market makers, instead of Play
	Arrivals   *equilibrium.Arrivals  // the market that investors come to one at a time, instead of Play
	Names      []string               // of the seats
	Initial    []float64              // X₀ per seat
	Covariance *mat.SymDense          // of the inventory shocks over the seats, rate per unit of time; nil: there are none
	JumpRate   float64                // jumps per unit of time of compound Poisson shocks; 0: Brownian shocks
	Clock      clock.Clock            // auctions
	Paths      int64                  // ≥ 1
	Seed       uint64                 // of every stream
	Antithetic bool                   // paths 2j and 2j+1 mirror each other's shocks
	Control    bool                   // welfare is estimated with the martingale of the pathwise identity as control variate
	Statistics []int                  // ticks at which moments are taken, ascending
	Levels     [][variables][]float64 // of Arrivals, per tick of statistics and variable: levels below which paths are counted; nil: none
	Record     Record                 // what is kept of single paths
	Reference  Fundamental            // the fundamental value, for recorded paths
	Absolute   bool                   // money at absolute prices matters: every path has its fundamental
	Agents     []agents.Agent         // one per seat; nil: those of the market
}

// Record says which paths are kept, and how much of them.
type Record struct {
	Paths    int64 // the first Paths paths are kept in full
	Ticks    []int // at these ticks, ascending, the last being the horizon
	Outcomes int64 // payoffs are kept of the first Outcomes paths
}

// Fundamental is m_t = Start + Volatility·B_t, in money per asset unit.
type Fundamental struct{ Start, Volatility float64 }

// Blocks is the number of blocks of the simulation.
func (s *Simulation) Blocks() int64 { return (s.Paths + BlockSize - 1) / BlockSize }

// blockPaths is the number of paths of block b.
func (s *Simulation) blockPaths(b int64) int {
	return int(min(BlockSize, s.Paths-b*BlockSize))
}

// channels gives every seat the random channel of its name.
func (s *Simulation) channels() []uint64 {
	list := make([]uint64, len(s.Names))
	for i, name := range s.Names {
		list[i] = shocks.Channel(name)
	}
	return list
}

// agents are those of the simulation, one per seat.
func (s *Simulation) agents() ([]agents.Agent, error) {
	if s.Agents != nil {
		return s.Agents, nil
	}
	if s.Arrivals != nil { // see floor
		return nil, nil
	}
	if s.Cournot != nil {
		return agents.Trading(s.Cournot), nil
	}
	return agents.Playing(s.Play)
}

// layout describes the sums of the market that is played.
func (s *Simulation) layout() layout {
	if s.Arrivals != nil {
		l := s.ArrivalLayout()
		l.dealers = agents.DealingIn(s.Arrivals, s.Clock.At(s.Clock.Steps).Time, s.Clock.DiscountRate)
		return l
	}
	if s.Cournot != nil {
		return s.CournotLayout()
	}
	return s.Layout()
}

// Pays reports whether seat i has a payoff.
func (s *Simulation) Pays(i int) bool { return s.Play == nil || s.Play.Pays(i) }

// prices is the number of prices that the market has.
func (s *Simulation) prices() int {
	if s.Play != nil {
		return 1
	}
	return 2
}

// newBlock is the state of a tile at the market that is played.
func (s *Simulation) newBlock() *market.Block {
	if s.Arrivals != nil {
		return market.NewDealing(s.members(), tileSize)
	}
	if s.Cournot != nil {
		return market.NewTwoSided(len(s.Names), tileSize)
	}
	b := market.NewBlock(len(s.Names), tileSize)
	if s.Play.Policy.Exponential {
		b.Wealth = market.Matrix(len(s.Names), tileSize)
	}
	return b
}

// members are whom the seats of a market stand for that investors come to one at a
// time.
func (s *Simulation) members() []int {
	list := make([]int, len(s.Names))
	for i := range list {
		list[i] = 1
		if i < len(s.Arrivals.Makers) {
			list[i] = s.Arrivals.Makers[i].Count
		}
	}
	return list
}

// increments are the shocks of the simulation, for one worker; nil if there are none.
func (s *Simulation) increments() (shocks.Increments, error) {
	if s.Covariance == nil {
		return nil, nil
	}
	cfg := shocks.Config{Seed: s.Seed, Step: s.Clock.Step, Paths: tileSize, Antithetic: s.Antithetic}
	if s.JumpRate > 0 {
		jumps, err := shocks.NewCompoundPoisson(s.Covariance, s.JumpRate, s.channels())
		if err != nil {
			return nil, err
		}
		return jumps.Increments(cfg), nil
	}
	brownian, err := shocks.NewBrownian(s.Covariance, s.channels())
	if err != nil {
		return nil, err
	}
	return brownian.Increments(cfg), nil
}

// OverflowError says where a path left the range of numbers.
type OverflowError struct {
	Path     int64
	Step     int
	Agent    string
	Quantity string // what is not finite: inventory, payoff, terminal value
}

// Error names path, step and agent.
func (e *OverflowError) Error() string {
	return fmt.Sprintf("path %d, step %d: the %s of %s is not a finite number", e.Path, e.Step, e.Quantity, e.Agent)
}
