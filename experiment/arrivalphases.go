package experiment

import (
	"math"
	"slices"

	"walras/clock"
	"walras/equilibrium"
	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/internal/convolve"
	"walras/scenarios"
)

// quoting is what every maker quotes at a time if nobody holds any inventory: it buys
// at the bid and sells at the ask.
type quoting func(t float64) (buys, sells float64)

// phases are the stretches of time in which orders trade at constant rates, in
// continuous time: what makers quote in each, and the rates of the orders.
type phases struct {
	list []phase
	end  *equilibrium.RandomEnd
}

type phase struct {
	until  float64
	quotes quoting
	rates  []float64 // per order
}

// far is how much of what makers anticipate is left where it no longer counts, e^{−40}.
const far = 40

// phases are those of the exact times of orders.
func (m *arrivals) phases() phases {
	if m.law == nil {
		return m.dated()
	}
	o := &m.orders[0]
	on, off := []float64{o.Rate}, []float64{0}
	idle := phase{equilibrium.Forever(), m.quotes(func(float64) float64 { return m.constants.B0 }, 0, 0), off}
	quotes := func(anticipation func(t float64) float64) quoting {
		signed := o.signed(m.sold)
		return m.quotes(anticipation, math.Max(signed, 0), math.Max(-signed, 0))
	}
	end := &equilibrium.RandomEnd{Components: waiting(o.Random), Known: !m.hidden}
	if m.hidden {
		hidden := quotes(func(t float64) float64 { return m.constants.HiddenAnticipation(m.law, o.signed(m.sold), t) })
		return phases{[]phase{{0, hidden, on}, idle}, end}
	}
	c := m.constants
	known := quotes(func(t float64) float64 { // time is relative to the end
		return c.B0 - c.KB*o.signed(m.sold)*convolve.H(c.Delta, math.Min(-t, far/c.Delta))
	})
	return phases{[]phase{{-far / c.Delta, known, on}, {0, known, on}, idle}, end}
}

// dated are the phases of orders that end at given times.
func (m *arrivals) dated() phases {
	if m.concept == cournot.Feedback {
		quotes := func(float64) (float64, float64) { return m.feedback.Bid, m.feedback.Ask }
		return phases{list: []phase{{equilibrium.Forever(), quotes, nil}}}
	}
	public := m.constants.Announce(m.announced())
	var out phases
	edges := m.edges()
	for k, from := range edges {
		until := equilibrium.Forever()
		if k+1 < len(edges) {
			until = edges[k+1]
		}
		sell, buy := public.Flows.Sells.Rate(from), public.Flows.Buys.Rate(from)
		var rates []float64
		for i := range m.orders {
			rates = append(rates, m.orders[i].schedule.Rate(from))
		}
		out.list = append(out.list, phase{until, m.quotes(public.Anticipation, sell, buy), rates})
	}
	return out
}

// edges are the times at which some order's rate jumps, and 0.
func (m *arrivals) edges() []float64 {
	list := []float64{0}
	for i := range m.orders {
		for _, v := range m.orders[i].schedule {
			list = append(list, v.From, v.To)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// quotes are those of the policy while makers meet orders of these rates.
func (m *arrivals) quotes(anticipation func(t float64) float64, sells, buys float64) quoting {
	return func(t float64) (float64, float64) {
		p := m.constants.Policy(anticipation(t), sells, buys)
		return p.Buys, p.Sells
	}
}

// waiting is a law as a mixture of Erlang's.
func waiting(d *scenarios.RandomDuration) []equilibrium.Waiting {
	if d.Mixture == nil {
		return []equilibrium.Waiting{{Weight: 1, Stages: d.Stages, Mean: d.Mean}}
	}
	var list []equilibrium.Waiting
	for _, v := range d.Mixture {
		list = append(list, equilibrium.Waiting{Weight: v.Weight, Stages: 1, Mean: v.Mean})
	}
	return list
}

// stepped are the phases of the exact discrete-time game: at every tick at most one
// investor comes, and an order trades its average rate of the step.
func (m *arrivals) stepped(steps *poisson.Steps) (phases, error) {
	idle := steps.Idle()
	// Quotes are those at the inventory after the flow of the step.
	after := func(s poisson.Step) (buys, sells float64) {
		moved := s.Slope * (s.Sell - s.Buy) * m.clock.Step / float64(m.model.Makers)
		return s.Buys + moved, s.Sells - moved
	}
	at := func(s poisson.Step) quoting { return func(float64) (float64, float64) { return after(s) } }
	last := phase{equilibrium.Forever(), at(idle), make([]float64, len(m.orders))}
	if m.law == nil {
		return m.steppedDates(steps, last, after), nil
	}
	o := &m.orders[0]
	on := []float64{o.Rate}
	end := &equilibrium.RandomEnd{Components: waiting(o.Random), Known: !m.hidden}
	if m.hidden {
		l, ok := m.law.(poisson.Exponential)
		if !ok {
			return phases{}, &UnsolvedError{"clock.policy: discrete with a hidden order whose duration has a memory", "write duration: {mean: …}, which is exponential, or policy: event"}
		}
		return phases{[]phase{{0, at(steps.Hidden(l, o.signed(m.sold))), on}, last}, end}, nil
	}
	// Anticipation fades by 1 − κrΛΔ a step at least.
	count := int(math.Ceil(far / (steps.Market.Kap1 * steps.Market.Arrivals() * m.clock.Step)))
	most := int(math.Ceil(longestWait*o.Random.Mean/m.clock.Step)) + 1
	count = min(count, most)
	list := steps.Known(poisson.Constantly(o.signed(m.sold), float64(count)*m.clock.Step))
	known := func(t float64) (float64, float64) {
		left := min(int(math.Round(-t/m.clock.Step)), count)
		return after(list[count-left])
	}
	return phases{[]phase{{-float64(count) * m.clock.Step, known, on}, {0, known, on}, last}, end}, nil
}

// longestWait is how many means a random time takes at most, for all that is seen.
const longestWait = 60

// steppedDates are the phases of orders that end at given times: a new one begins where
// the average rate of a step differs from that of the step before.
func (m *arrivals) steppedDates(steps *poisson.Steps, last phase, after func(poisson.Step) (float64, float64)) phases {
	step := m.clock.Step
	averages := make([][]float64, m.clock.Steps)
	for k := range averages {
		from, to := m.clock.At(k).Time, m.clock.At(k+1).Time
		for i := range m.orders {
			averages[k] = append(averages[k], m.orders[i].schedule.Quantity(from, to)/step)
		}
	}
	list := steps.Known(m.onGrid(averages))
	table := func(t float64) (float64, float64) {
		return after(list[min(int(math.Round(t/step)), len(list)-1)])
	}
	var out phases
	for k, rates := range averages {
		if n := len(out.list); n > 0 && slices.Equal(rates, out.list[n-1].rates) {
			out.list[n-1].until = m.clock.At(k + 1).Time
			continue
		}
		out.list = append(out.list, phase{m.clock.At(k + 1).Time, table, rates})
	}
	if n := len(out.list); n > 0 && slices.Equal(out.list[n-1].rates, last.rates) {
		out.list = out.list[:n-1]
	}
	out.list = append(out.list, last)
	return out
}

// onGrid are the average rates of the orders as flows that jump at ticks.
func (m *arrivals) onGrid(averages [][]float64) (flows cournot.Flows) {
	for k, rates := range averages {
		sum := [2]float64{}
		for i, rate := range rates {
			if m.orders[i].buys() {
				sum[1] += rate
			} else {
				sum[0] += rate
			}
		}
		v := clock.Interval{From: m.clock.At(k).Time, To: m.clock.At(k + 1).Time}
		if v.Rate = sum[0]; v.Rate > 0 {
			flows.Sells = append(flows.Sells, v)
		}
		if v.Rate = sum[1]; v.Rate > 0 {
			flows.Buys = append(flows.Buys, v)
		}
	}
	return flows
}
