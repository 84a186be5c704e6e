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
	gains, err := m.gains(i, duration)
	return math.Max(0, gains.proceeds.best()), err
}

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
	low, high := 0., m.clock.At(m.clock.Steps).Time
	for {
		over, err := missing(high)
		if err != nil {
			return 0, err
		}
		if over >= 0 {
			break
		}
		if low, high = high, 2*high; math.IsInf(high, 1) {
			return 0, &UnsolvedError{"agents." + m.orders[i].Name + ".size", "it is best in no time"}
		}
	}
	for range 60 {
		middle := (low + high) / 2
		over, err := missing(middle)
		if err != nil {
			return 0, err
		}
		if over < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return high, nil
}

func (m *makers) alone() bool { return len(m.orders) == 1 }

// parabola is Linear·f + Square·f².
type parabola struct{ Linear, Square float64 }

func (p parabola) best() float64         { return -p.Linear / (2 * p.Square) }
func (p parabola) changeOfSign() float64 { return -p.Linear / p.Square }

// orderGains is what an order is worth to its owner, and to end investors, by its
// rate.
type orderGains struct{ proceeds, investors parabola }

// gains are those of order i at constant rates for this duration: both are parabolas,
// which two rates determine.
func (m *makers) gains(i int, duration float64) (orderGains, error) {
	scale := m.model.Activity * m.model.Reservation
	var at [3]struct{ proceeds, investors float64 }
	for k := range at {
		with := *m
		with.orders = append([]largeOrder(nil), m.orders...)
		with.orders[i].optimal = nil
		with.orders[i].trade(scale*float64(k), duration)
		th, err := with.theory()
		if err != nil {
			return orderGains{}, err
		}
		at[k].proceeds = th.execution(i).Proceeds
		at[k].investors = th.investorsGain()
	}
	fit := func(zero, one, two float64) parabola {
		one, two = one-zero, two-zero
		return parabola{(4*one - two) / (2 * scale), (two - 2*one) / (2 * scale * scale)}
	}
	return orderGains{
		fit(0, at[1].proceeds, at[2].proceeds), // nothing is earned without trade
		fit(at[0].investors, at[1].investors, at[2].investors),
	}, nil
}
