package analysis

import (
	"fmt"
	"math"

	"walras/equilibrium"
	"walras/market"
	"walras/montecarlo"
)

// The excess kurtosis of the third and fourth power of a Gaussian about its mean.
const (
	gaussianCube   = 43.2
	gaussianFourth = 204
)

// arrivalStatistician turns the sums of a market that investors come to one at a time
// into rows.
type arrivalStatistician struct {
	statistician
	layout *montecarlo.ArrivalLayout
	laws   []*ArrivalLaw
}

// arrivalStatistics lists every statistic of a market that investors come to one at a
// time.
func arrivalStatistics(sim *montecarlo.Simulation, sums montecarlo.Sums) []Row {
	s := &arrivalStatistician{statistician: newStatistician(sim, sums), layout: sim.ArrivalLayout()}
	s.rounding = cournotRounding
	laws, outcomes := FollowArrivals(sim)
	s.laws = laws
	for j := range laws {
		s.inventories(j)
		if sim.Arrivals.Step == 0 || sim.Statistics[j] < sim.Clock.Steps { // at steps, nobody quotes at the horizon
			s.quotes(j)
		}
		s.active(j)
		s.quantiles(j)
	}
	for i, name := range sim.Names {
		w := outcomes[i]
		plain := "welfare"
		if s.controlled() {
			s.outcome("welfare", name, montecarlo.OutcomeControlled, i, w.Payoff+w.Terminal)
			plain = "welfare_plain"
		}
		s.outcome(plain, name, montecarlo.OutcomeWelfare, i, w.Payoff+w.Terminal)
		s.outcome("payoff", name, montecarlo.OutcomePayoff, i, w.Payoff)
		s.outcome("terminal_value", name, montecarlo.OutcomeTerminal, i, w.Terminal)
		s.outcome("volume", name, montecarlo.OutcomeVolume, i, w.Volume)
	}
	s.arrivals("sellers", market.Bid)
	s.arrivals("buyers", market.Ask)
	return s.rows
}

// controlled tells whether there is a control variate.
func (s *arrivalStatistician) controlled() bool {
	return s.sim.Control && s.sim.Arrivals.Valuations != nil && s.sim.Arrivals.Step == 0
}

// inventories adds the rows for what seats hold at the j-th tick of statistics.
func (s *arrivalStatistician) inventories(j int) {
	for k, name := range s.sim.Names[:s.layout.Makers] {
		x := s.laws[j].Inventory(k)
		s.mean("inventory_mean", name, j, s.layout.Inventory(k), x, 0)
		s.variance("inventory_variance", name, j, s.layout.Inventory(k), x, 0)
		for i, kurtosis := range []float64{gaussianCube, gaussianFourth} {
			r := s.blank(fmt.Sprintf("inventory_moment%d", 3+i), j)
			r.Agent, r.exact, r.N = name, true, int64(s.pairs)
			r.Estimate, r.scale = s.add[s.layout.Higher(j, k)+i]/s.paths, math.Pow(sizeOf(x), float64(3+i))
			if r.open = len(x.about) <= 3+i; !r.open {
				r.Analytic, r.StdError = x.Raw()[3+i], math.Sqrt(x.spread(3+i)/s.paths)
			} else {
				r.Analytic, r.StdError = nan, nan
			}
			s.close(r, normal(kurtosis*math.Max(1, squareOf(x)/gaussianSquare), s.pairs))
		}
		if j > 0 {
			s.lagged(name, j, k, x)
		}
	}
	s.others(j)
}

// sizeOf is the size of a quantity.
func sizeOf(x Powers) float64 { return math.Abs(x.Mean()) + math.Sqrt(x.Variance()) }

// kurtosisOf is the excess kurtosis to be reckoned with; that of a squared Gaussian
// where moments are not followed so far.
func kurtosisOf(x Powers) float64 {
	if k := x.kurtosis(); !math.IsNaN(k) {
		return k
	}
	return gaussianSquare
}

// squareOf is the same for the squared deviation.
func squareOf(x Powers) float64 {
	if k := x.ofSquare(); !math.IsNaN(k) {
		return k
	}
	return gaussianSquare * (1 + math.Max(0, kurtosisOf(x)))
}

// mean adds a row for the mean of a quantity.
func (s *arrivalStatistician) mean(statistic, agent string, j, quantity int, x Powers, size float64) {
	r := s.blank(statistic, j)
	r.Agent = agent
	s.statistician.mean(r, 0, s.add[s.layout.Sum(j, quantity)], x.Mean(), x.Variance(), kurtosisOf(x), size+sizeOf(x))
}

// variance adds a row for its variance, whose estimate has the variance
// (m₄ − m₂²(n − 3)/(n − 1))/n.
func (s *arrivalStatistician) variance(statistic, agent string, j, quantity int, x Powers, size float64) {
	r, at, n := s.blank(statistic, j), s.layout.Sum(j, quantity), s.paths
	size += sizeOf(x)
	r.Agent, r.Analytic, r.exact, r.N, r.scale, r.StdError = agent, x.Variance(), true, int64(s.pairs), size*size, nan
	if c := x.Central(); n > 1 {
		r.Estimate = (s.add[at+1] - s.add[at]*s.add[at]/n) / (n - 1)
		if len(c) > 4 {
			r.StdError = math.Sqrt(math.Max(0, c[4]-c[2]*c[2]*(n-3)/(n-1)) / n)
		}
	}
	s.close(r, normal(squareOf(x), s.pairs))
}

// lagged adds the row for the covariance of what a maker holds with what it held at
// the tick of statistics before.
func (s *arrivalStatistician) lagged(name string, j, k int, x Powers) {
	r, n, was := s.blank("inventory_covariance", j), s.paths, s.laws[j-1].Inventory(k)
	covariance, spread := s.laws[j].Lagged(k)
	quantity := s.layout.Inventory(k)
	r.Agent, r.Agent2, r.Analytic, r.exact, r.N, r.scale = name, name, covariance, true, int64(s.pairs), sizeOf(x)*sizeOf(was)
	r.StdError = nan
	if n > 1 {
		product := s.add[s.layout.Higher(j, k)+2]
		r.Estimate = (product - s.add[s.layout.Sum(j, quantity)]*s.add[s.layout.Sum(j-1, quantity)]/n) / (n - 1)
		r.StdError = math.Sqrt(spread / n)
	}
	s.close(r, normal(math.Max(squareOf(x), squareOf(was)), s.pairs))
}

// others adds the rows for what investors and orders hold: orders what they have not
// sold, investors the rest.
func (s *arrivalStatistician) others(j int) {
	a, law := s.sim.Arrivals, s.laws[j]
	kurtosis, expected, seat := s.ended(j), s.sim.Initial[a.InvestorSeat()], a.InvestorSeat()
	random := a.End != nil && s.sim.Statistics[j] > 0
	for i, o := range a.Orders {
		bought := law.traded[i]
		if !o.Buys {
			bought = -bought
		}
		expected -= bought
		s.held(j, seat+1+i, s.sim.Initial[seat+1+i]+bought, kurtosis, random, law.traded[i])
	}
	size := 0.0
	for k, maker := range a.Makers {
		x := law.Inventory(k)
		expected -= float64(maker.Count) * (x.Mean() - s.sim.Initial[k])
		kurtosis = math.Max(kurtosis, kurtosisOf(x))
		size += float64(maker.Count) * sizeOf(x)
	}
	s.held(j, seat, expected, kurtosis, random || a.Investors.Rate() > 0 && s.sim.Statistics[j] > 0, size)
}

// ended is the excess kurtosis of the indicator of trading orders.
func (s *arrivalStatistician) ended(j int) float64 {
	p := s.laws[j].Active
	if q := p * (1 - p); q > identityTolerance {
		return 1/q - 6
	}
	return 0
}

// held adds a row for the mean of what a seat holds, by the sample.
func (s *arrivalStatistician) held(j, seat int, analytic, kurtosis float64, random bool, size float64) {
	r := s.blank("inventory_mean", j)
	r.Agent = s.sim.Names[seat]
	s.sampled(r, 0, s.layout.Sum(j, s.layout.Inventory(seat)), analytic, random, math.Abs(s.sim.Initial[seat])+size,
		s.enough && normal(kurtosis, s.pairs))
}

// sampled adds a row for a mean with its standard error from the sample; an identity,
// where it is not random.
func (s *arrivalStatistician) sampled(r Row, centre float64, at int, analytic float64, random bool, scale float64, judged bool) {
	n := s.pairs
	mean := s.add[at] / n
	r.Estimate, r.Analytic, r.N, r.scale = centre+mean, analytic, int64(n), scale
	if random {
		r.tail, r.StdError = math.Inf(1), nan
		if n > 1 {
			r.StdError = math.Sqrt(math.Max(0, s.add[at+1]/n-mean*mean) / (n - 1))
		}
	}
	s.close(r, judged)
}

// quotes adds the rows for bid, ask and mid-quote.
func (s *arrivalStatistician) quotes(j int) {
	law, size := s.laws[j], s.sim.Arrivals.Investors.Reservation
	for _, q := range []struct {
		name     string
		quantity int
		powers   Powers
	}{
		{"bid", s.layout.Price(market.Bid), law.Bid}, {"ask", s.layout.Price(market.Ask), law.Ask}, {"mid", s.layout.Mid(), law.Mid},
	} {
		s.mean(q.name+"_mean", "", j, q.quantity, q.powers, size)
		s.variance(q.name+"_variance", "", j, q.quantity, q.powers, size)
	}
}

// active adds the row for the share of paths on which orders trade.
func (s *arrivalStatistician) active(j int) {
	p := s.laws[j].Active
	s.statistician.mean(s.blank("active", j), 0, s.add[s.layout.Sum(j, s.layout.Active())], p, math.Max(0, p*(1-p)), s.ended(j), 1)
}

// outcome adds a row for what seat i ends with. The volume is that of quantities with
// their signs, and shown alone where any were negative, or might have been unseen.
func (s *arrivalStatistician) outcome(statistic, agent string, kind, i int, analytic float64) {
	a := s.sim.Arrivals
	r, random := s.blank(statistic, -1), a.End != nil || a.Investors.Rate() > 0
	r.Agent = agent
	seat, negative := a.InvestorSeat(), s.add[s.layout.Negative(market.Bid)]+s.add[s.layout.Negative(market.Ask)]
	switch {
	case kind == montecarlo.OutcomeVolume && i > seat:
		random = a.End != nil
	case kind == montecarlo.OutcomeVolume && (negative > 0 || i < seat && len(a.Makers) > 1):
		r.open, analytic = true, nan
	case kind == montecarlo.OutcomeTerminal && worthless(a, i):
		random = false
	}
	judged := s.enough
	if last := len(s.laws) - 1; kind == montecarlo.OutcomeTerminal && i > seat { // of the paths on which it still trades
		judged = judged && normal(s.ended(last), s.pairs)
	}
	s.sampled(r, s.layout.Outcomes[kind][i], s.layout.Outcome(kind, i), analytic, random, math.Abs(analytic), judged)
	if last := &s.rows[len(s.rows)-1]; kind == montecarlo.OutcomeControlled && last.StdError <= s.rounding*last.scale {
		r = *last // the control may leave nothing random
		r.tail = 0
		s.rows = s.rows[:len(s.rows)-1]
		s.close(r, s.enough)
	}
}

// worthless reports whether nothing is worth anything to seat i at the horizon.
func worthless(a *equilibrium.Arrivals, i int) bool {
	switch n := a.InvestorSeat(); {
	case i < n:
		return a.Makers[i].Worth == nil
	case i > n:
		return a.Orders[i-n-1].Worth == nil
	}
	return a.Investors.Worth == nil
}

// arrivals adds the rows for the number of investors who come to a side: Poisson, or
// binomial at steps; and of those who trade less than nothing, which nothing is known
// of.
func (s *arrivalStatistician) arrivals(who string, side int) {
	a, clock := s.sim.Arrivals, s.sim.Clock
	expected := rates(a)[side] * clock.At(clock.Steps).Time
	variance, kurtosis := expected, 1/expected
	if a.Step > 0 {
		p := rates(a)[side] * a.Step
		variance *= 1 - p
		kurtosis = (1 - 6*p*(1-p)) / variance
	}
	s.statistician.mean(s.blank(who, -1), 0, s.add[s.layout.Came(side)], expected, variance, kurtosis, expected)
	r := s.blank(who+"_negative", -1)
	r.Estimate, r.N, r.StdError, r.Analytic, r.open = s.add[s.layout.Negative(side)]/s.paths, int64(s.pairs), nan, nan, true
	s.close(r, false)
}

// arrivalPathwise are the identities of the first block.
func arrivalPathwise(sim *montecarlo.Simulation, sums montecarlo.Sums) []Row {
	var l montecarlo.ArrivalLayout
	return []Row{
		pathwiseRow(sim, "market_clearing", "", sums.Max[l.Clearing()], cournotRounding),
		pathwiseRow(sim, "cash_conservation", "", sums.Max[l.CashBalance()], cournotRounding),
	}
}
