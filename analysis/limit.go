package analysis

import (
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
	"walras/montecarlo"
)

// Limit is a market in continuous time. What is played on a grid differs from it by
// its bias, which goes to zero with the step.
type Limit struct {
	// At gives the moments of inventories and price just after time t.
	At func(t float64) ContinuousMoments

	Welfare []float64           // f^i(X₀) per seat; NaN where there is none
	Payoff  *closedform.Revenue // of the seller of a liquidation; else nil

	// Quotes gives the bid and the ask just after time t in a market with two prices,
	// of whose inventories At gives the means alone; else nil.
	Quotes func(t float64) (bid, ask float64)

	// Exact is the same market with investors who come one at a time at any time, of one
	// that they come to at ticks; else nil.
	Exact *montecarlo.Simulation
}

// LimitOf is what the policy of a simulation tends to, from the equilibrium in
// continuous time.
func LimitOf(continuous *equilibrium.Solution, sim *montecarlo.Simulation) (*Limit, error) {
	seats := sim.Play.Policy.Seats
	values, err := continuous.ValuesOn(seats, sim.Covariance)
	if err != nil {
		return nil, err
	}
	l := &Limit{At: func(t float64) ContinuousMoments {
		return ContinuousAt(continuous, seats, sim.Initial, sim.Covariance, t)
	}}
	for i, v := range values {
		worth := nan
		if v.Known() {
			worth = v.At(sim.Initial)
			if sim.Play.Policy.Exponential {
				worth = utilityOf(worth, sim.Play.Policy, i)
			}
		}
		l.Welfare = append(l.Welfare, worth)
	}
	return l, nil
}

// LimitOfLiquidation is the same strategy of the seller in continuous time.
func LimitOfLiquidation(l *equilibrium.Liquidation) *Limit {
	payoff := l.ContinuousPayoff()
	return &Limit{
		At: func(t float64) ContinuousMoments {
			left, _, price := l.At(t)
			return ContinuousMoments{
				Mean: []float64{left, l.Seller.Quantity - left}, Covariance: mat.NewSymDense(2, nil), Price: price,
			}
		},
		Welfare: []float64{nan, nan}, Payoff: &payoff,
	}
}
