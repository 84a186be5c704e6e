package agents

import (
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/market"
)

// Following gives every seat of a policy an agent that follows it. The error is
// a market.NotAcceptableError if no schedules implement the policy.
func Following(policy *equilibrium.Policy) ([]Agent, error) {
	profile, err := market.ProfileOf(policy.Mechanism())
	if err != nil {
		return nil, err
	}
	list := make([]Agent, len(policy.Seats))
	for i := range policy.Seats {
		list[i] = follower(policy, profile, i)
		if policy.Exponential {
			list[i] = &RiskAverse{
				Trader: *follower(policy, profile, i), Worth: policy.Values[i],
				Aversion: policy.HoldingCost[i] / policy.Timing.DiscountRate, Rate: policy.Timing.DiscountRate, Step: policy.Timing.Step,
			}
		}
	}
	return list, nil
}

func follower(policy *equilibrium.Policy, profile *market.Profile, i int) *Trader {
	return &Trader{
		Seat: i, Report: profile.Reports[i], Slopes: mat.Row(nil, i, profile.Slopes),
		PeriodCost: policy.HoldingCost[i] * policy.Timing.HoldingTime(), Group: policy.Seats[i].Members > 1,
	}
}

// Playing gives every seat of a play its agent: one that follows the policy, or
// one that deviates from it; or the two sides of a liquidation. The error is a
// market.NotAcceptableError if no schedules implement the policy.
func Playing(play *equilibrium.Play) ([]Agent, error) {
	if play.Liquidation != nil {
		return liquidating(play.Liquidation), nil
	}
	list, err := Following(play.Policy)
	if err != nil || !play.Deviates() {
		return list, err
	}
	profile, err := market.ProfileOf(play.Policy.Mechanism())
	if err != nil {
		return nil, err
	}
	for i := range list {
		d := play.Deviation(i)
		switch {
		case d == nil:
		case d.Schedule != nil:
			list[i] = &Scheduled{
				Trader:   *follower(play.Policy, profile, i),
				Quantity: func(k int) float64 { return play.Policy.Timing.Quantity(d.Schedule, k) },
			}
		default:
			list[i] = misreporter(*follower(play.Policy, profile, i), profile, d)
		}
	}
	return list, nil
}

// misreporter implements Ŝ_i = (1 + L_i)S_i + Σ_{j≠i} L_jŜ_j + shift. What the
// others report shows in the auction: with row j of the schedules' system,
// π̂^jŜ_j = p + Σ_k π^{jk}q_k. Put into its own schedule π̂^iŜ_i = p + Σ_k π^{ik}q_k
// this is again a linear relation between price and trades.
func misreporter(t Trader, profile *market.Profile, d *equilibrium.Deviation) *Misreporter {
	i := t.Seat
	m := &Misreporter{Trader: t, Weight: 1, Constant: t.Report * d.Shift}
	m.Report *= 1 + d.Misreport[i]
	m.Slopes = append([]float64(nil), t.Slopes...)
	for j, l := range d.Misreport {
		if j != i && l != 0 {
			share := l * t.Report / profile.Reports[j]
			m.Weight -= share
			for k := range m.Slopes {
				m.Slopes[k] -= float64(share * profile.Slopes.At(j, k))
			}
		}
	}
	return m
}
