package experiment

import (
	"fmt"
	"math"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
)

// NoBestRateError says that a trader that may choose the rate to which it
// commits would trade at once, SS Proposition 8.
type NoBestRateError struct {
	Agent string
	Share float64 // of the market's risk capacity
}

// Error names the trader, its share, and what to do.
func (e *NoBestRateError) Error() string {
	return fmt.Sprintf("no best commitment in continuous time: %s has the share %.6g of risk capacity, and up to 1/3 it is best to trade at once; give commitment.rate a number, or play clock.policy discrete, where the best rate is finite", e.Agent, e.Share)
}

// solve solves the market with auctions a step apart, or in continuous time if
// step is 0, bound to the commitment of the scenario if there is one.
func (m *Market) solve(step float64) (*equilibrium.Solution, error) {
	game := m.Game
	if m.Commitment != nil {
		rate, err := m.committedRate(step)
		if err != nil {
			return nil, err
		}
		game.Commitment = &equilibrium.Commitment{Rate: rate}
	}
	if step == 0 {
		return game.Continuous()
	}
	return game.Discrete(step)
}

// committedRate is κ of the scenario's commitment at a timing. The error is a
// NoBestRateError.
func (m *Market) committedRate(step float64) (float64, error) {
	if !m.Commitment.Best {
		return m.Commitment.Rate, nil
	}
	p, ok := m.pair()
	if !ok {
		panic("experiment: a commitment needs one trader and a fringe, and the scenario was checked for them")
	}
	rate, err := p.bestRate(step)
	if err == nil && math.IsInf(rate, 1) {
		err = &NoBestRateError{Agent: m.Commitment.Agent, Share: p.share()}
	}
	return rate, err
}

// pair is the market of the welfare propositions: one strategic trader, large,
// and a fringe.
type pair struct {
	large, fringe float64 // b_L, b_F
	rate          float64 // r
	seats         [2]int  // of the large trader and the fringe
}

// pair recognises a market with one strategic member and a fringe.
func (m *Market) pair() (p pair, ok bool) {
	if len(m.Seats) != 2 || m.Game.Members() != 2 {
		return pair{}, false
	}
	p.rate = m.Game.DiscountRate
	traders := [2]equilibrium.Trader{m.Game.Traders[m.Seats[0].Type], m.Game.Traders[m.Seats[1].Type]}
	for i := range traders {
		if traders[i].Kind == equilibrium.Strategic && traders[1-i].Kind == equilibrium.Fringe {
			p.large, p.fringe = traders[i].HoldingCost, traders[1-i].HoldingCost
			p.seats = [2]int{i, 1 - i}
			return p, true
		}
	}
	return pair{}, false
}

// share is the large trader's share of risk capacity, b_F/(b_L + b_F).
func (p pair) share() float64 { return p.fringe / (p.large + p.fringe) }

// comparable reports whether neither side is all of the market but for rounding,
// and squares of the holding costs stay in the range of numbers.
func (p pair) comparable() bool {
	low, high := math.Min(p.large, p.fringe), math.Max(p.large, p.fringe)
	return high/low < 1e9 && low > 1e-100 && high < 1e100
}

// capacity is β = 1/b_L + 1/b_F.
func (p pair) capacity() float64 { return 1/p.large + 1/p.fringe }

func (p pair) bestRate(step float64) (float64, error) {
	if step == 0 {
		return closedform.BestCommitment(p.large, p.fringe, p.rate)
	}
	return closedform.BestCommitmentDiscrete(p.large, p.fringe, p.rate, step)
}
