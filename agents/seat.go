package agents

import (
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/market"
)

// Following gives every seat of a policy an agent that follows it. The error is
// a market.NotAcceptableError if no schedules implement the policy.
func Following(policy *equilibrium.Policy) ([]Agent, error) {
	profile, err := market.ProfileOf(policy.Price, policy.Flows)
	if err != nil {
		return nil, err
	}
	h := policy.Timing.HoldingTime()
	list := make([]Agent, len(policy.Seats))
	for i, seat := range policy.Seats {
		list[i] = &Trader{
			Seat: i, Report: profile.Reports[i], Slopes: mat.Row(nil, i, profile.Slopes),
			PeriodCost: policy.HoldingCost[i] * h, Group: seat.Members > 1,
		}
	}
	return list, nil
}
