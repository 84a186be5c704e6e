package scenarios

import "fmt"

// doubleAuction registers the conditional double auction: traders and at most
// one competitive fringe, with shocks to their inventories.
func doubleAuction() *market {
	return &market{
		name: MarketDoubleAuction,
		keys: []field[Scenario]{
			key("shocks", shocksObject(), func(s *Scenario) *Shocks { return &s.Shocks },
				"Random changes of the inventories."),
			key("common_values", matrixRows, func(s *Scenario) *[][]float64 { return &s.CommonValues },
				"F: a trader's need is what every member observes, weighted by its row; members in sequence, ones on the diagonal. Private values if left out."),
			key("utility", utilityWord{}, func(s *Scenario) *bool { return &s.Exponential },
				"quadratic: holding costs; exponential: constant absolute risk aversion, agents have risk_aversion."),
			key("commitment", maybe[Commitment]{commitmentObject()}, func(s *Scenario) **Commitment { return &s.Commitment },
				"Binds the one trader beside a fringe to a rate of trade, instead of the equilibrium."),
		},
		kinds: []kind{
			{name: KindTrader, keys: append(inventoryKeys(integer[int]{1, maxCount}), append(conductKeys(), riskAversionKey())...)},
			{name: KindFringe, keys: append(inventoryKeys(integer[int]{1, 1}), partsKey())},
		},
		checks: []check{checkFringe, checkEnoughTraders, checkConduct, checkRate, checkCorrelation, checkCovariance, checkCommonValues, checkUtility,
			checkCommitment, checkParts, checkCompetitive},
	}
}

// inventoryKeys are the keys of agents that hold inventories. A fringe is one
// body: splitting it changes nothing, so its count is 1.
func inventoryKeys(count integer[int]) []field[Agent] {
	return []field[Agent]{
		requiredWhen(quadratic, key("holding_cost", ifAny{positive}, func(a *Agent) *float64 { return &a.HoldingCost },
			"b: holding inventory X costs (b/2)X² per unit of time; a fringe's is the aggregate.")),
		key("inventory", anyNumber, func(a *Agent) *float64 { return &a.Inventory },
			"Initial inventory X_0 per member, relative to what the agent would like to hold."),
		key("volatility", notNegative, func(a *Agent) *float64 { return &a.Volatility },
			"Volatility of the inventory shocks per member, per square root of time."),
		countKey(count),
		deviationKey(),
	}
}

func countKey(count integer[int]) field[Agent] {
	return key("count", count, func(a *Agent) *int { return &a.Count },
		"Identical members of the type, called name[1], name[2], ….")
}

// conductKeys say what a trader knows. They are silent where they have their
// defaults: they came later than the first digests.
func conductKeys() []field[Agent] {
	return []field[Agent]{
		key("conduct", silent[string]{words(ConductStrategic, ConductNoTransient, ConductMomentumBlind, ConductMisperceived), ConductStrategic},
			func(a *Agent) *string { return &a.Conduct },
			"strategic; no_transient: reckons with the instantaneous and the permanent impact of its trades alone; momentum_blind: moreover expects no drift of the price; misperceived: as no_transient, with both impacts impact_factor times what they are."),
		key("impact_factor", silent[float64]{positive, 0}, func(a *Agent) *float64 { return &a.ImpactFactor },
			"φ: the impact that a misperceived trader reckons with, relative to the true one; with conduct misperceived only."),
	}
}

// checkConduct: an impact factor goes with misperceived impact.
func checkConduct(c *checker, s *Scenario) {
	for i, a := range s.Agents {
		conduct, factor := join(index("agents", i), "conduct"), join(index("agents", i), "impact_factor")
		switch misperceived := a.Conduct == ConductMisperceived; {
		case a.Kind != KindTrader || !c.usable(conduct, factor):
		case misperceived && !c.given(factor):
			c.reportAt(conduct, "misperceived needs an impact_factor", "add one: 0.5 takes the impact to be half of what it is, 1 is no_transient")
		case !misperceived && c.given(factor):
			c.reportAt(factor, "the conduct "+a.Conduct+" has no impact factor", "remove it, or set conduct: "+ConductMisperceived)
		}
	}
}

func checkFringe(c *checker, s *Scenario) {
	first := ""
	for i, a := range s.Agents {
		switch path := join(index("agents", i), "kind"); {
		case a.Kind != KindFringe:
		case first != "":
			c.reportAt(path, "a second fringe, a market has at most one", "the first is "+quote(first)+"; a fringe stands for all price takers together")
		default:
			first = a.Name
		}
	}
}

func checkEnoughTraders(c *checker, s *Scenario) {
	if !c.usable("agents") {
		return
	}
	n, hint := s.TotalMembers(), "add an agent, or raise its count"
	if n >= 2 || competitive(s) {
		return
	}
	if len(s.Agents) > 0 && s.Agents[0].Kind == KindFringe {
		hint = "add a trader, or name the parts of the fringe"
	}
	c.reportAt("agents", fmt.Sprintf("a market needs at least two traders, here is %d", n), hint)
}
