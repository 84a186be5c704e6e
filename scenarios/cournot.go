package scenarios

import "fmt"

// cournot registers the market of Capponi, Menkveld and Zhang ("CMZ"): makers who
// compete in quantities on both sides, investors whose demand is a flow or who come
// one by one, and large orders.
func cournot() *market {
	return &market{
		name: MarketCournot,
		keys: []field[Scenario]{
			key("solution", words(SolutionPublished, SolutionOpenLoop, SolutionFeedback), func(s *Scenario) *string { return &s.Solution },
				"What the makers take as given. published (the default): each takes its rivals to hold what it holds itself, as the paper does; open_loop: Nash in paths of inventories, the paper's definition; feedback: Nash in the vector of all inventories."),
		},
		kinds: []kind{
			{name: KindMarketMaker, keys: makerKeys()},
			{name: KindInvestors, keys: investorKeys()},
			{name: KindLargeSeller, keys: orderKeys(), defaults: orderDefaults},
			{name: KindLargeBuyer, keys: orderKeys(), defaults: orderDefaults},
		},
		checks: []check{checkRoles, checkInvestors, checkPolicy, checkEvents, checkSameMakers, checkFewMakers, checkFeedback, checkStealth, checkRandom,
			checkAmounts, checkOrderWindow, checkStrategies, checkDetection, checkSpeeds, checkReductions},
		defaults: func(s *Scenario) {
			s.Solution, s.Clock.Policy = SolutionPublished, PolicyContinuous
		},
	}
}

func makerKeys() []field[Agent] {
	return []field[Agent]{
		required(key("inventory_cost", positive, func(a *Agent) *float64 { return &a.InventoryCost },
			"η: holding inventory x costs ηx² per unit of time, per member.")),
		key("inventory", anyNumber, func(a *Agent) *float64 { return &a.Inventory },
			"Inventory of a maker at time 0, per member."),
		countKey(integer[int]{1, maxCount}),
		deviationKey(),
	}
}

func investorKeys() []field[Agent] {
	return []field[Agent]{
		writtenWhen(func(a *Agent) bool { return a.Arrivals == nil }, key("activity", positive, func(a *Agent) *float64 { return &a.Activity },
			"δ: at the relative prices a and b they buy δ(ω − a) and sell δ(ω + b) per unit of time. This or arrivals.")),
		arrivalsKey(),
		required(key("reservation_value", positive, func(a *Agent) *float64 { return &a.ReservationValue },
			"ω: nobody buys at the fundamental value plus ω, nor sells at the fundamental value minus ω.")),
	}
}

// checkRoles: one body of investors, which stands for all, and somebody to trade
// with.
func checkRoles(c *checker, s *Scenario) {
	first, makers, known := "", 0, c.usable("agents")
	for i, a := range s.Agents {
		switch path := join(index("agents", i), "kind"); {
		case a.Kind == KindMarketMaker:
			makers++
		case a.Kind != KindInvestors:
		case first != "":
			c.reportAt(path, "a second agent of the kind investors, a market has one", "the first is "+quote(first)+"; it stands for all investors together")
		default:
			first = a.Name
		}
	}
	if known && makers == 0 {
		c.reportAt("agents", "the market has no market_maker", "add one: {name: maker, kind: market_maker, inventory_cost: 1}")
	}
	if known && first == "" {
		c.reportAt("agents", "the market has no investors", "add them: {name: investors, kind: investors, activity: 1, reservation_value: 1}")
	}
}

// checkSameMakers: who takes the rivals to hold what it holds itself needs rivals
// that do; and with arrivals no other makers are solved.
func checkSameMakers(c *checker, s *Scenario) {
	because, hint := "makers who take their rivals to hold what they hold themselves (solution: published) must be identical", "write solution: open_loop or feedback, or make the makers alike"
	if c.arriving(s) != nil {
		because, hint = "with arrivals makers must be identical", "make the makers alike"
	} else if s.Solution != SolutionPublished || !c.usable("solution") {
		return
	}
	first := -1
	for i, a := range s.Agents {
		item := index("agents", i)
		if a.Kind != KindMarketMaker || !c.usable(join(item, "inventory_cost"), join(item, "inventory")) {
			continue
		}
		if first < 0 {
			first = i
		}
		unlike := func(key, what string, mine, other float64) {
			if mine != other {
				c.reportAt(join(item, key), fmt.Sprintf("the %s is %s, that of %s is %s: %s",
					what, shortest(mine), quote(s.Agents[first].Name), shortest(other), because), hint)
			}
		}
		unlike("inventory_cost", "inventory cost", a.InventoryCost, s.Agents[first].InventoryCost)
		unlike("inventory", "initial inventory", a.Inventory, s.Agents[first].Inventory)
	}
}

// sameCosts tells whether all makers have one inventory cost.
func sameCosts(s *Scenario) bool {
	cost := 0.0
	for _, a := range s.Agents {
		switch {
		case a.Kind != KindMarketMaker:
		case cost == 0:
			cost = a.InventoryCost
		case a.InventoryCost != cost:
			return false
		}
	}
	return true
}

// maxDifferent is the largest number of makers whose inventory costs differ: what one
// anticipates has a coordinate for every pair of them.
const maxDifferent = 12

// checkFewMakers: makers with different costs are solved one by one.
func checkFewMakers(c *checker, s *Scenario) {
	if s.Solution == SolutionPublished || !c.countsKnown(s) || sameCosts(s) {
		return
	}
	makers := 0
	for _, a := range s.Agents {
		if a.Kind == KindMarketMaker {
			makers += a.Count
		}
	}
	if makers > maxDifferent {
		c.reportAt("agents", fmt.Sprintf("%d makers with different inventory costs, the limit is %d: they are solved one by one", makers, maxDifferent),
			"lower the counts, or give all the same cost")
	}
}

// checkFeedback: with arrivals it is solved without large orders.
func checkFeedback(c *checker, s *Scenario) {
	if s.Solution == SolutionFeedback && c.usable("solution") && c.arriving(s) != nil && s.orders() > 0 {
		c.reportAt("solution", "feedback with arrivals is solved for a market without large orders", "write solution: published or open_loop, or remove the orders")
	}
}
