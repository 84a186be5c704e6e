package experiment

import (
	"math"

	"walras/clock"
	"walras/scenarios"
)

// place adds the orders of a scenario, those last that look for their best rate.
func (m *makers) place(s *scenarios.Scenario, deviating bool) error {
	open := -1
	for _, a := range s.Agents {
		if a.Kind != scenarios.KindLargeSeller && a.Kind != scenarios.KindLargeBuyer {
			continue
		}
		o := largeOrder{Agent: a}
		if err := m.check(&o); err != nil {
			return err
		}
		switch a.Strategy {
		case scenarios.StrategyOptimalRate:
			open = len(m.orders)
		case scenarios.StrategyOptimalSchedule:
			if err := m.schedule(&o); err != nil {
				return err
			}
		default:
			o.schedule = ratesOf(a.Intervals())
			if a.Schedule != nil {
				o.Size = o.schedule.Quantity(0, math.Inf(1))
			}
		}
		m.orders = append(m.orders, o)
	}
	if open >= 0 {
		if err := m.rate(open); err != nil {
			return err
		}
	}
	for i := range m.orders {
		if o := &m.orders[i]; deviating && o.Deviation != nil {
			m.orders[i].speed(*o.Deviation.Speed)
		}
	}
	return nil
}

// speed lets the order trade faster or slower than planned.
func (o *largeOrder) speed(s float64) {
	var list []scenarios.Interval
	for _, v := range o.schedule {
		list = append(list, scenarios.Interval{From: v.From, To: v.To, Rate: v.Rate})
	}
	o.schedule, o.optimal = ratesOf(scenarios.AtSpeed(list, s)), nil
	o.Rate *= s
	if s > 0 {
		o.Duration /= s
	} else {
		o.Size = 0
	}
}

func ratesOf(list []scenarios.Interval) clock.Schedule {
	var out clock.Schedule
	for _, v := range list {
		out = append(out, clock.Interval{From: v.From, To: v.To, Rate: v.Rate})
	}
	return out
}

// schedule finds the best schedule: in continuous time, and on the clock.
func (m *makers) schedule(o *largeOrder) (err error) {
	c := m.model.Constants(m.concept)
	if o.Size > 0 {
		o.optimal, err = c.OptimalSchedule(o.Size, o.Duration)
	} else {
		o.optimal, err = c.OptimalSize(o.Duration)
	}
	if err != nil {
		return err
	}
	o.Size = o.optimal.Size
	var ticks []float64
	for k := range m.clock.Steps + 1 {
		ticks = append(ticks, m.clock.At(k).Time)
	}
	if last := len(ticks) - 1; ticks[last] < o.optimal.End {
		ticks[last] = o.optimal.End // the horizon, but for rounding
	}
	o.schedule = o.optimal.Schedule(ticks)
	return nil
}

// rate finds the best constant rate of an order beside the others: for its duration,
// or in the shortest time in which its size is best.
func (m *makers) rate(i int) error {
	o := &m.orders[i]
	if o.Size > 0 {
		duration, err := m.minimumDuration(i, o.Size)
		if err != nil {
			return err
		}
		o.Duration = duration
	}
	if end := m.clock.At(m.clock.Steps).Time; o.Start+o.Duration > end*(1+1e-9) {
		return &UnsolvedError{"agents." + o.Name + ".strategy: optimal_rate", "the order would end after the horizon; simulate longer"}
	}
	best, err := m.bestRate(i, o.Duration)
	if err != nil {
		return err
	}
	o.trade(best, o.Duration)
	return nil
}

// trade sets the order to a constant rate.
func (o *largeOrder) trade(rate, duration float64) {
	o.Rate, o.Duration, o.Size = rate, duration, rate*duration
	o.schedule = clock.Schedule{{From: o.Start, To: o.Start + duration, Rate: rate}}
}

// bestRate is the rate at which order i gains most in this time, beside the others.
func (m *makers) bestRate(i int, duration float64) (float64, error) {
	if m.alone() && m.orders[i].Start == 0 && m.idle() && m.closed() && m.detected() == nil {
		return m.model.Constants(m.concept).BestRate(duration), nil
	}
	proceeds, err := m.proceeds(i, duration)
	return math.Max(0, proceeds.best()), err
}

// longestOrder is how many horizons are searched for the time in which a size is best.
const longestOrder = 1000

// minimumDuration is the shortest time in which a size is what order i gains most
// with.
func (m *makers) minimumDuration(i int, size float64) (float64, error) {
	if m.alone() && m.orders[i].Start == 0 && m.idle() && m.closed() && m.detected() == nil {
		return m.model.Constants(m.concept).MinimumDuration(size), nil
	}
	missing := func(d float64) (float64, error) {
		f, err := m.bestRate(i, d)
		return d*f - size, err
	}
	return shortest(missing, m.clock, "agents."+m.orders[i].Name+".size")
}

// shortest is the duration from which on nothing is missing from a size, which a key
// gives.
func shortest(missing func(duration float64) (float64, error), c clock.Clock, key string) (float64, error) {
	low, high := 1e-9*c.Step, c.At(c.Steps).Time
	longest := longestOrder * high
	for {
		over, err := missing(high)
		if err != nil {
			return 0, err
		}
		if over >= 0 {
			break
		}
		if low, high = high, 2*high; !(high <= longest) {
			return 0, &UnsolvedError{key, "it is best in no time"}
		}
	}
	return falsePosition(missing, low, high)
}

// falsePosition is a root of f in [low, high], by the Illinois method: f(high) ≥ 0, and
// f(low) < 0.
func falsePosition(f func(float64) (float64, error), low, high float64) (float64, error) {
	below, err := f(low)
	if err != nil {
		return 0, err
	}
	above, err := f(high)
	for side := 0; err == nil && above > 0 && high-low > 1e-13*high; {
		x := (low*above - high*below) / (above - below)
		if !(x > low && x < high) {
			break
		}
		var y float64
		y, err = f(x)
		switch {
		case y == 0:
			return x, err
		case y < 0:
			if low, below = x, y; side < 0 {
				above /= 2
			}
			side = -1
		default:
			if math.Abs(high-x) <= 1e-14*high {
				return x, err
			}
			if high, above = x, y; side > 0 {
				below /= 2
			}
			side = 1
		}
	}
	return high, err
}

func (m *makers) alone() bool { return len(m.orders) == 1 }

// parabola is Linear·f + Square·f².
type parabola struct{ Linear, Square float64 }

func (p parabola) best() float64         { return -p.Linear / (2 * p.Square) }
func (p parabola) changeOfSign() float64 { return -p.Linear / p.Square }

// at are the market in which order i has a constant rate for this duration.
func (m *makers) at(i int, rate, duration float64) *makers {
	with := *m
	with.orders = append([]largeOrder(nil), m.orders...)
	with.orders[i].optimal = nil
	with.orders[i].trade(rate, duration)
	return &with
}

// through is the parabola through three points, at the rates 0, scale and 2 scale.
func through(zero, one, two, scale float64) parabola {
	one, two = one-zero, two-zero
	return parabola{(4*one - two) / (2 * scale), (two - 2*one) / (2 * scale * scale)}
}

// proceeds are those of order i at constant rates for this duration.
func (m *makers) proceeds(i int, duration float64) (parabola, error) {
	scale := m.model.Activity * m.model.Reservation
	var at [2]float64
	for k := range at {
		th, err := m.at(i, scale*float64(k+1), duration).prices()
		if err != nil {
			return parabola{}, err
		}
		at[k] = th.proceeds(i)
	}
	return through(0, at[0], at[1], scale), nil
}

// investorsGains are what constant rates of order i are worth to end investors, beyond
// what other orders are.
func (m *makers) investorsGains(i int, duration float64) (parabola, error) {
	scale := m.model.Activity * m.model.Reservation
	var at [3]float64
	for k := range at {
		th, err := m.at(i, scale*float64(k), duration).theory()
		if err != nil {
			return parabola{}, err
		}
		at[k] = th.investorsGain()
	}
	return through(at[0], at[1], at[2], scale), nil
}
