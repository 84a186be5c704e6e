package analysis

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/montecarlo"
)

// Row is one statistic of a run beside its closed form. NaN stands for "there
// is none" in T, StdError, Z and Bias, and in Analytic where theory has no closed
// form; result files hold null there.
type Row struct {
	Statistic     string
	Agent, Agent2 string
	T             float64
	Estimate      float64
	StdError      float64 // exact for moments of inventories, prices and trades, from the sample otherwise
	N             int64   // independent observations
	Analytic      float64
	Z             float64 // (Estimate − Analytic)/StdError; NaN for identities
	Bias          float64 // Analytic minus its continuous-time value, for a policy on a grid

	Judged bool // part of the verdict
	Passed bool
	exact  bool    // StdError is exact
	open   bool    // there is no closed form: shown, never judged
	scale  float64 // size of the quantity's terms
	tail   float64 // of an observation, what its standard deviation is at most, where a sample may miss it; else 0
}

// statistician turns sums into rows.
type statistician struct {
	sim    *montecarlo.Simulation
	layout *montecarlo.Layout
	add    []float64
	paths  float64
	pairs  float64 // independent observations
	rows   []Row
	enough bool    // observations of whole paths for their mean to be judged
	tail   float64 // Row.tail of the outcomes to come

	// sizes against which rounding errors are measured
	rounding, price  float64
	inventory, trade []float64 // per seat
	money            []float64 // per seat, discounted
}

// Statistics lists every statistic of the simulation, from the sums over all
// its paths. With a limit in continuous time each row of a policy on a grid
// carries its bias; nil is none.
func Statistics(sim *montecarlo.Simulation, sums montecarlo.Sums, limit *Limit) []Row {
	if sim.Cournot != nil {
		return cournotStatistics(sim, sums, limit)
	}
	if sim.Arrivals != nil {
		return biased(arrivalStatistics(sim, sums), limit)
	}
	s := newStatistician(sim, sums)
	s.layout = sim.Layout()
	moments := Recursion(sim.Play, sim.Initial, sim.Covariance, sim.Statistics)
	s.scales(moments)
	cumulants := CumulantsAt(sim.Play, sim.Covariance, sim.JumpRate, sim.Statistics)
	for j, m := range moments {
		var reference *ContinuousMoments
		if limit != nil {
			c := limit.At(sim.Clock.At(sim.Statistics[j]).Time)
			reference = &c
		}
		s.inventories(j, m, cumulants[j], reference)
		if sim.Statistics[j] < sim.Clock.Steps {
			s.auction(j, m, cumulants[j], reference)
		}
	}
	s.momentum()
	s.outcomes(limit)
	return s.rows
}

func newStatistician(sim *montecarlo.Simulation, sums montecarlo.Sums) statistician {
	s := statistician{sim: sim, add: sums.Add, paths: float64(sim.Paths), pairs: float64(sim.Paths)}
	if sim.Antithetic {
		s.pairs /= 2
	}
	s.enough = Enough(sim, int64(s.pairs))
	return s
}

// mean adds a row for the mean of a quantity with known variance and excess
// kurtosis, given Σ(x − analytic centre).
func (s *statistician) mean(r Row, centre, sum, analytic, variance, kurtosis, scale float64) {
	r.Estimate, r.Analytic, r.N, r.exact, r.scale = centre+sum/s.paths, analytic, int64(s.pairs), true, scale
	r.StdError = math.Sqrt(variance / s.paths)
	if s.sim.Antithetic { // a mirrored pair has the exact mean
		r.StdError = 0
	}
	s.close(r, normal(kurtosis, s.pairs))
}

// second adds a row for a covariance, given Σ of the deviations and of their
// products. The product of two deviations has the variance κ + v_a v_b + c²; the
// mean that is subtracted is estimated, too, which costs the Gaussian part of it
// one observation and nothing else. (math.Hypot adds exactly nothing without κ.)
func (s *statistician) second(r Row, sumA, sumB, sum float64, p product, scale float64) {
	n := s.paths
	r.Analytic, r.N, r.exact, r.scale = p.c, int64(s.pairs), true, scale
	spread, fourth := math.Sqrt(p.va*p.vb+p.c*p.c), math.Sqrt(p.fourth)
	switch {
	case s.sim.Antithetic: // mirrored pairs have the exact mean
		r.Estimate, r.StdError = sum/n, math.Hypot(spread/math.Sqrt(s.pairs), fourth/math.Sqrt(s.pairs))
	case n > 1:
		r.Estimate, r.StdError = (sum-sumA*sumB/n)/(n-1), math.Hypot(spread/math.Sqrt(n-1), fourth/math.Sqrt(n))
	case spread > 0: // one path has no spread
		r.StdError = nan
	}
	s.close(r, normal(p.kurtosis, s.pairs))
}

// close fills z, or makes the row an identity, which is judged whatever the
// number of paths, where the standard error is at rounding level, and not because
// the sample has missed the tail. A number that is not finite fails.
func (s *statistician) close(r Row, judged bool) {
	difference, rounding := math.Abs(r.Estimate-r.Analytic), s.rounding*r.scale
	r.Z, r.Passed, r.Judged = nan, true, judged
	switch {
	case r.open:
		r.Judged = false
	case math.IsNaN(difference) || math.IsInf(difference, 0):
		r.Judged, r.Passed = true, false
	case math.IsNaN(r.StdError):
		r.Judged = false
	case r.StdError <= rounding && !judged && !r.exact && s.sim.JumpRate > 0:
		r.Judged = false // no jump in the sample, but they come
	case r.StdError <= rounding && r.tail <= rounding:
		r.Judged, r.Passed = true, difference <= rounding+identityErrors*r.StdError
	case r.StdError == 0:
		r.Judged = false
	default:
		r.Z = (r.Estimate - r.Analytic) / r.StdError
	}
	s.rows = append(s.rows, r)
}

var nan = math.NaN()

func (s *statistician) blank(statistic string, j int) Row {
	r := Row{Statistic: statistic, T: nan, Bias: nan}
	if j >= 0 {
		r.T = s.sim.Clock.At(s.sim.Statistics[j]).Time
	}
	return r
}

func (s *statistician) inventories(j int, m Moments, c Cumulants, reference *ContinuousMoments) {
	centre := s.layout.Centres[j].Inventory
	for i, name := range s.sim.Names {
		r := s.blank("inventory_mean", j)
		r.Agent = name
		if reference != nil {
			r.Bias = m.Mean[i] - reference.Mean[i]
		}
		s.mean(r, centre[i], s.add[s.layout.Inventory(j, i)], m.Mean[i], m.Covariance.At(i, i), c.Inventory[i].Fourth, s.inventory[i])
	}
	for a, name := range s.sim.Names {
		for b := s.layout.FirstPartner(a); b <= a; b++ {
			r := s.blank("inventory_covariance", j)
			r.Agent, r.Agent2 = s.sim.Names[b], name
			if reference != nil {
				r.Bias = m.Covariance.At(a, b) - reference.Covariance.At(a, b)
			}
			s.second(r, s.add[s.layout.Inventory(j, a)], s.add[s.layout.Inventory(j, b)], s.add[s.layout.Covariance(j, a, b)],
				c.product(m.Covariance, a, b), s.inventory[a]*s.inventory[b])
		}
	}
}

func (s *statistician) auction(j int, m Moments, c Cumulants, reference *ContinuousMoments) {
	l, centre := s.layout, s.layout.Centres[j]
	price, variance := s.blank("price_mean", j), s.blank("price_variance", j)
	if reference != nil {
		price.Bias, variance.Bias = m.Price-reference.Price, m.PriceVariance-reference.PriceVariance
	}
	sum := s.add[l.Price(j)]
	s.mean(price, centre.Price, sum, m.Price, m.PriceVariance, c.Price.Fourth, s.price)
	s.second(variance, sum, sum, s.add[l.PriceSquare(j)], c.Price.square(m.PriceVariance), s.price*s.price)
	for i, name := range s.sim.Names {
		mean, variance := s.blank("trade_mean", j), s.blank("trade_variance", j)
		mean.Agent, variance.Agent = name, name
		sum, v := s.add[l.Trade(j, i)], m.TradeVariance[i]
		s.mean(mean, centre.Trade[i], sum, m.Trade[i], v, c.Trade[i].Fourth, s.trade[i])
		s.second(variance, sum, sum, s.add[l.TradeSquare(j, i)], c.Trade[i].square(v), s.trade[i]*s.trade[i])
	}
	if s.sim.Statistics[j]+1 < s.sim.Clock.Steps {
		r := s.blank("price_change_mean", j)
		s.mean(r, centre.Change, s.add[l.Change(j)], m.Change, m.ChangeVariance, c.Change.Fourth, s.price)
	}
}

// momentum is the slope of price changes on their expectation, Σ d_kΔp_k/Σ d_k²
// over all paths and auctions, theory 1, with the standard error that allows
// for any dependence within a path.
func (s *statistician) momentum() {
	at := s.layout.Slope()
	u, v, uu, uv, vv := s.add[at], s.add[at+1], s.add[at+2], s.add[at+3], s.add[at+4]
	if montecarlo.NoMomentum(s.sim.Play) || v == 0 {
		return
	}
	r := s.blank("momentum_slope", -1)
	excess := u / v
	r.Estimate, r.Analytic, r.N, r.scale = 1+excess, 1, int64(s.pairs), 1
	r.StdError = math.Sqrt(math.Max(0, uu-2*excess*uv+excess*excess*vv)) / v
	if s.pairs < 2 {
		r.StdError = nan
	}
	s.close(r, s.enough)
}

// outcomes are the quantities with which paths end.
func (s *statistician) outcomes(limit *Limit) {
	theory := Outcomes(s.sim.Play, s.sim.Initial, s.sim.Covariance, s.sim.Clock.Steps)
	for i, name := range s.sim.Names {
		w := theory[i]
		switch {
		case s.sim.Play.Sells(i):
			s.sale(i, name, w.Volume, limit)
			continue
		case !s.sim.Play.Pays(i):
			continue
		}
		bias := nan
		if limit != nil {
			bias = w.Value - limit.Welfare[i]
		}
		if s.sim.Play.Policy.Exponential {
			s.utility(i, name, w.Volume, limit)
			continue
		}
		money := s.money[i] + math.Abs(w.Value)
		if s.sim.Control {
			s.outcome("welfare", name, montecarlo.OutcomeControlled, i, w.Value, money, bias)
			s.outcome("welfare_plain", name, montecarlo.OutcomeWelfare, i, w.Value, money, bias)
		} else {
			s.outcome("welfare", name, montecarlo.OutcomeWelfare, i, w.Value, money, bias)
		}
		s.outcome("payoff", name, montecarlo.OutcomePayoff, i, w.Payoff, money, nan)
		s.outcome("terminal_value", name, montecarlo.OutcomeTerminal, i, w.Terminal, money*s.sim.Clock.At(s.sim.Clock.Steps).Discount, nan)
		s.outcome("volume", name, montecarlo.OutcomeVolume, i, w.Volume, s.trade[i]*float64(s.sim.Clock.Steps), nan)
	}
}

func (s *statistician) outcome(statistic, agent string, kind, i int, analytic, scale, bias float64) {
	r, centre := s.blank(statistic, -1), s.layout.Outcomes[kind][i]
	n := s.pairs
	mean := s.add[s.layout.Outcome(kind, i)] / n
	r.Agent, r.Estimate, r.Analytic, r.N, r.scale, r.Bias = agent, centre+mean, analytic, int64(n), scale, bias
	r.tail = s.tail
	if kind == montecarlo.OutcomeVolume && s.sim.JumpRate > 0 { // E|q| is a series over the numbers of jumps
		r.open, r.Analytic = true, nan
	}
	r.StdError = nan
	if n > 1 {
		square := s.add[s.layout.OutcomeSquare(kind, i)] / n
		r.StdError = math.Sqrt(math.Max(0, square-mean*mean) / (n - 1))
	}
	if kind == montecarlo.OutcomeVolume && s.sim.Antithetic && mat.Norm(s.sim.Covariance, 1) > 0 {
		// In mirrored paths volumes add up exactly unless a trade changes sign, which may
		// be so rare that the sample says nothing of its error.
		r.open = true
	}
	s.close(r, s.enough)
}
