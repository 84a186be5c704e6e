package experiment

import (
	"math"

	"walras/scenarios"
)

// rate finds the best constant rate of order i beside the others: for its duration, in
// the shortest time in which its size is best, or while nobody knows when it ends.
func (m *arrivals) rate(i int) error {
	o := &m.orders[i]
	if m.law != nil {
		market, inventory := m.facing(o)
		o.Rate = math.Max(0, market.Stealth(m.law).Seller.At(inventory).Extremum())
		return nil
	}
	if o.Size > 0 {
		duration, err := m.minimumDuration(i, o.Size)
		if err != nil {
			return err
		}
		o.Duration = duration
	}
	if end := m.clock.At(m.clock.Steps).Time; o.Start+o.Duration > end*(1+1e-9) {
		return &UnsolvedError{"agents." + o.Name + ".strategy: " + scenarios.StrategyOptimalRate, "the order would end after the horizon; simulate longer"}
	}
	o.trade(m.bestRate(i, o.Duration), o.Duration)
	return nil
}

// bestRate is the rate at which order i gains most in this time, beside the others.
func (m *arrivals) bestRate(i int, duration float64) float64 {
	return math.Max(0, m.proceeds(i, duration).best())
}

// minimumDuration is the shortest time in which a size is what order i gains most
// with.
func (m *arrivals) minimumDuration(i int, size float64) (float64, error) {
	missing := func(d float64) (float64, error) { return d*m.bestRate(i, d) - size, nil }
	return shortest(missing, m.clock, "agents."+m.orders[i].Name+".size")
}

// proceeds are those of order i at constant rates for this duration.
func (m *arrivals) proceeds(i int, duration float64) parabola {
	scale := m.model.Size * m.model.Arrivals() / 2 * m.model.Reservation
	var at [2]float64
	for k := range at {
		with := *m
		with.orders = append([]largeOrder(nil), m.orders...)
		o := &with.orders[i]
		o.trade(scale*float64(k+1), duration)
		sells, buys := m.constants.Announce(with.announced()).Proceeds(m.inventory, o.of())
		at[k] = sells + buys
	}
	return through(0, at[0], at[1], scale)
}
