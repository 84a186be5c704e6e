package analysis

import (
	"math"

	"walras/montecarlo"
)

// sale adds the statistics of the seller of a liquidation. Its payoff is Gaussian,
// with the mean and variance of the closed form; what it trades is known.
func (s *statistician) sale(i int, name string, volume float64, limit *Limit) {
	payoff := s.sim.Play.Liquidation.Payoff()
	mean, variance := s.blank("payoff", -1), s.blank("payoff_variance", -1)
	mean.Agent, variance.Agent = name, name
	if limit != nil {
		mean.Bias, variance.Bias = payoff.Mean-limit.Payoff.Mean, payoff.Variance-limit.Payoff.Variance
	}
	at, centre := s.layout.Sale(), s.layout.Outcomes[montecarlo.OutcomePayoff][i]
	sum, squares := s.add[at], s.add[at+1]
	money := math.Abs(payoff.Mean) + math.Sqrt(payoff.Variance)
	s.mean(mean, centre, sum, payoff.Mean, payoff.Variance, 0, money)
	s.second(variance, sum, sum, squares, Shape{}.square(payoff.Variance), money*money)
	s.outcome("volume", name, montecarlo.OutcomeVolume, i, volume, s.inventory[i], nan)
}
