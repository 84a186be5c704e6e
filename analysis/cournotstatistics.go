package analysis

import (
	"math"

	"walras/market"
	"walras/montecarlo"
)

// cournotRounding is the rounding level of what is not random in a market of market
// makers, relative to the size of its terms.
const cournotRounding = 1e-9

// cournotStatistician turns the sums of a market of market makers into rows.
type cournotStatistician struct {
	statistician
	layout *montecarlo.CournotLayout
	limit  *Limit
}

// cournotStatistics lists every statistic of a market of market makers.
func cournotStatistics(sim *montecarlo.Simulation, sums montecarlo.Sums, limit *Limit) []Row {
	s := &cournotStatistician{
		statistician: newStatistician(sim, sums), layout: sim.CournotLayout(), limit: limit,
	}
	s.rounding = cournotRounding
	ticks, outcomes := s.follow()
	for j, now := range ticks {
		s.at(j, now)
	}
	for i, name := range sim.Names {
		w := outcomes[i]
		terminal := math.Abs(w.Terminal)
		bias := nan
		if limit != nil {
			bias = w.Payoff + w.Terminal - limit.Welfare[i]
		}
		s.outcome("welfare", name, montecarlo.OutcomeWelfare, i, w.Payoff+w.Terminal, w.Size+terminal, bias)
		s.outcome("payoff", name, montecarlo.OutcomePayoff, i, w.Payoff, w.Size, nan)
		s.outcome("terminal_value", name, montecarlo.OutcomeTerminal, i, w.Terminal, terminal, nan)
		s.outcome("volume", name, montecarlo.OutcomeVolume, i, w.Volume, w.Volume, nan)
	}
	return s.rows
}

// follow takes the ticks of statistics from the recursion, and the sizes of all.
func (s *cournotStatistician) follow() ([]CournotTick, []CournotOutcome) {
	n := len(s.sim.Names)
	s.inventory, s.trade = make([]float64, n), make([]float64, n)
	var ticks []CournotTick
	outcomes := FollowCournot(s.sim, func(k int, now CournotTick) {
		for i := range n {
			s.trade[i] = math.Max(s.trade[i], math.Abs(now.Trade[i]))
			s.inventory[i] = math.Max(s.inventory[i], math.Abs(now.Inventory[i]))
		}
		s.price = math.Max(s.price, math.Max(math.Abs(now.Bid), math.Abs(now.Ask)))
		if len(ticks) < len(s.sim.Statistics) && s.sim.Statistics[len(ticks)] == k {
			now.Cash = append([]CashMoments(nil), now.Cash...)
			ticks = append(ticks, now)
		}
	})
	// Trades and prices are differences of what the two sides trade, and of ω.
	s.price += s.sim.Cournot.Investors.Reservation
	for i, w := range outcomes {
		s.trade[i] += w.Volume / float64(s.sim.Clock.Steps)
		s.inventory[i] += s.trade[i]
	}
	return ticks, outcomes
}

// at adds the rows of the j-th tick of statistics.
func (s *cournotStatistician) at(j int, now CournotTick) {
	k := s.sim.Statistics[j]
	open := k < s.sim.Clock.Steps
	var reference ContinuousMoments
	bid, ask := nan, nan
	if s.limit != nil {
		reference = s.limit.At(s.sim.Clock.At(k).Time)
		bid, ask = s.limit.Quotes(s.sim.Clock.At(k).Time)
	}
	for i, name := range s.sim.Names {
		bias := nan
		if s.limit != nil {
			bias = now.Inventory[i] - reference.Mean[i]
		}
		s.moment("inventory_mean", name, j, s.layout.Inventory(i), now.Inventory[i], 0, s.inventory[i], bias)
		if open {
			s.moment("trade_mean", name, j, s.layout.Trade(i), now.Trade[i], 0, s.trade[i], nan)
		}
	}
	if open {
		s.moment("bid_mean", "", j, s.layout.Price(market.Bid), now.Bid, 0, s.price, now.Bid-bid)
		s.moment("ask_mean", "", j, s.layout.Price(market.Ask), now.Ask, 0, s.price, now.Ask-ask)
	}
	start := s.sim.Reference.Start
	s.absolute("fundamental", "", j, s.layout.Fundamental(), start, now.FundamentalVariance, math.Abs(start))
	for i, name := range s.sim.Names {
		cash := now.Cash[i]
		s.absolute("cash", name, j, s.layout.Cash(i), cash.Mean, cash.Variance, cash.Turnover)
	}
}

// absolute adds the rows for mean and variance of a quantity that moves with the
// fundamental. Its size, at absolute prices, may be large against its deviations: the
// rounding errors of these are those of the quantity itself, and those of their
// squares are products of the two.
func (s *cournotStatistician) absolute(name, agent string, j, quantity int, mean, variance, size float64) {
	s.rounding = identityTolerance
	defer func() { s.rounding = cournotRounding }()
	deviation := math.Sqrt(variance)
	size += deviation
	s.moment(name+"_mean", agent, j, quantity, mean, variance, size, nan)
	r := s.blank(name+"_variance", j)
	r.Agent = agent
	at := s.layout.Sum(j, quantity)
	s.second(r, s.add[at], s.add[at], s.add[at+1], Shape{}.square(variance), (deviation+identityTolerance*size)*size)
}

// moment adds a row for the mean of a Gaussian quantity.
func (s *cournotStatistician) moment(statistic, agent string, j, quantity int, analytic, variance, scale, bias float64) {
	r := s.blank(statistic, j)
	r.Agent, r.Bias = agent, bias
	s.mean(r, s.layout.Centres[j][quantity], s.add[s.layout.Sum(j, quantity)], analytic, variance, 0, scale)
}

// outcome adds a row for what seat i ends with, which no path can change.
func (s *cournotStatistician) outcome(statistic, agent string, kind, i int, analytic, scale, bias float64) {
	r, at := s.blank(statistic, -1), s.layout.Outcome(kind, i)
	r.Agent, r.Analytic, r.N, r.scale, r.Bias = agent, analytic, int64(s.pairs), scale, bias
	r.Estimate = s.layout.Outcomes[kind][i] + s.add[at]/s.pairs
	s.close(r, true)
}

// cournotPathwise are the identities of the first block.
func cournotPathwise(sim *montecarlo.Simulation, sums montecarlo.Sums) []Row {
	var l montecarlo.CournotLayout
	return []Row{
		pathwiseRow(sim, "market_clearing", "", sums.Max[l.Clearing()], identityTolerance),
		pathwiseRow(sim, "cash_conservation", "", sums.Max[l.CashBalance()], identityTolerance),
	}
}
