package experiment

import "walras/scenarios"

// solveOrders gives the coefficients of a market of makers and what its orders get, in
// continuous time.
func solveOrders(s *scenarios.Scenario) (figures, []string, error) {
	l, err := SolveMakers(s)
	if err != nil {
		return nil, nil, err
	}
	var f figures
	for _, o := range l.Orders {
		name := func(word string) string {
			if l.Order != nil { // there is but one
				return "order." + word
			}
			return ofAgent("order."+word, o.Agent)
		}
		money, asset, time := s.Units.Money, s.Units.Asset, s.Units.Time
		f.add(name("size"), o.Size, asset)
		f.add(name("rate"), orNaN(o.Rate), "")
		f.add(name("duration"), orNaN(o.Duration), time)
		f.add(name("proceeds"), o.Proceeds, "")
		f.add(name("average_impact"), orNaN(o.Impact), money)
		f.add(name("average_impact_undiscounted"), orNaN(o.Sum), money)
		f.add(name("shortfall"), o.Shortfall, money)
		if gain, ok := o.Maker.(float64); ok {
			f.add(name("maker_gain"), gain, "")
		}
		f.add(name("investor_gain"), o.Investors, "")
		f.add(name("P"), orNaN(o.P), "")
		f.add(name("Q"), orNaN(o.Q), "")
		f.add(name("optimal_rate"), orNaN(o.Best), "")
		f.add(name("minimum_duration"), orNaN(o.Shortest), time)
		f.add(name("threshold_rate"), orNaN(o.Threshold), "")
		f.add(name("valid_rate"), orNaN(o.Valid), "")
		if a := o.ArrivalOrder; a != nil {
			f.add(name("maximum_proceeds"), orNaN(a.Most), "")
			f.add(name("break_even_rate"), orNaN(a.BreakEven), "")
			f.add(name("makers_lose_above"), orNaN(a.Lose), "")
			f.add(name("reversal_duration"), orNaN(a.Reversal), time)
			if c := a.Compared; c != nil {
				f.add(name("Q_gap"), c.Gap, "")
				f.add(name("cost_of_hiding"), c.Cost, "")
			}
		}
	}
	switch c := l.Coefficients.(type) {
	case FlowCoefficients:
		f.add("A", c.A, "")
		f.add("M", c.M, "")
		f.add("gamma", c.Gamma, "")
		f.add("A_theta", c.AT, s.Units.Money)
		f.add("B_theta", c.BT, "")
	case ArrivalCoefficients:
		f.arrivals(c, s.Units.Money)
	case OwnCoefficients:
		f.arrivals(c.ArrivalCoefficients, s.Units.Money)
	case ArrivalFeedback:
		f.add("A_eff", c.A, "")
		f.add("C0", c.C0, "")
	case FeedbackCoefficients:
		f.add("A", c.A, "")
		f.add("M", c.M, "")
		f.add("B_theta", c.BT, "")
	}
	if m := l.Conditions.Makers; m != nil {
		f.add("makers_condition", m.Left, "")
	}
	f.add("residual", l.Residual, "")
	return f, l.Warnings, nil
}

// arrivals adds the constants of a market that investors come to one at a time.
func (f *figures) arrivals(c ArrivalCoefficients, money string) {
	f.add("A", c.A, "")
	f.add("M", c.M, "")
	f.add("delta", c.Delta, "")
	f.add("C0", c.C0, "")
	f.add("spread", c.Spread, money)
	f.add("price_pressure", c.Pressure, "")
	f.add("volume", c.Volume, "")
}
