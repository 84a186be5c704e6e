package experiment

import (
	"fmt"
	"math"

	"walras/analysis"
	"walras/equilibrium"
	"walras/equilibrium/poisson"
	"walras/scenarios"
)

// expected are the quotes that are expected at a time, given that an order of unknown
// end still trades.
type expected struct{ time, bid, ask float64 }

// margin is p + b at the bid (side 1), p − a at the ask (side −1): what investors trade
// is c times it.
func (m *arrivals) margin(v expected, side float64) float64 {
	if side > 0 {
		return m.model.Reservation + v.bid
	}
	return m.model.Reservation - v.ask
}

// samples are the expected quotes at many times, on both sides of those at which rates
// jump.
func (m *arrivals) samples() ([]expected, error) {
	const points = 48
	end := m.clock.At(m.clock.Steps).Time
	flows, edges := m.announced(), m.edges()
	switch {
	case m.hidden:
		return m.lasting(points)
	case m.law != nil: // those of a long duration
		flows, edges = m.orders[0].flowOf(m.sold, end), []float64{0, end}
	}
	inventory := m.constants.Known(flows, m.inventory)
	var list []expected
	add := func(t float64, v poisson.Moments) { list = append(list, expected{t, v.Bid, v.Ask}) }
	for i, from := range edges {
		add(from, inventory.At(from))
		if i+1 < len(edges) {
			for k := 1; k < points; k++ {
				t := from + (edges[i+1]-from)*float64(k)/points
				add(t, inventory.At(t))
			}
			add(edges[i+1], inventory.Before(edges[i+1]))
		}
	}
	return list, nil
}

// lasting are samples of a hidden order that does not end before the horizon.
func (m *arrivals) lasting(points int) ([]expected, error) {
	all := m.phases()
	all.list[0].until = equilibrium.Forever()
	all.list, all.end = all.list[:1], nil
	game, err := m.gameOf(all, 0, m.constants.R, 0)
	if err != nil {
		return nil, err
	}
	sim := m.simulation(game)
	sim.Statistics = m.clock.Grid(max(1, m.clock.Steps/points))
	laws, _ := analysis.FollowArrivals(sim)
	var list []expected
	for j, law := range laws {
		list = append(list, expected{m.clock.At(sim.Statistics[j]).Time, law.Bid.Mean(), law.Ask.Mean()})
	}
	return list, nil
}

// valid adds the rate up to which investors are expected to trade in their direction:
// expected quotes are linear in it.
func (m *arrivals) valid(out *OrderSolution, i int) error {
	var at [2][]expected
	scale := m.model.Size * m.model.Arrivals() / 2 * m.model.Reservation
	for k := range at {
		var err error
		if at[k], err = m.with(i, scale*float64(k)).samples(); err != nil {
			return err
		}
	}
	lowest := math.Inf(1)
	for k, without := range at[0] {
		for _, side := range []float64{1, -1} {
			margin := m.margin(without, side)
			if lost := (margin - m.margin(at[1][k], side)) / scale; lost > 0 {
				lowest = math.Min(lowest, math.Max(0, margin/lost))
			}
		}
	}
	out.Valid = finite(lowest)
	return nil
}

// warnings say where investors are expected to trade against their direction: what they
// trade is linear in the quotes, and not cut off at 0.
func (m *arrivals) warnings(orders []OrderSolution) (list []string, err error) {
	if len(m.orders) == 0 {
		return nil, nil
	}
	samples, err := m.samples()
	if err != nil {
		return nil, err
	}
	for _, side := range []float64{1, -1} {
		worst, when := 0., 0.
		for _, v := range samples {
			if margin := m.margin(v, side); margin < worst {
				worst, when = margin, v.time
			}
		}
		if worst >= -1e-12*m.model.Reservation {
			continue
		}
		who := "sellers who come"
		if side < 0 {
			who = "buyers who come"
		}
		text := fmt.Sprintf("%s: near t = %.6g they are expected to trade against their direction, because what they trade is linear in the quotes and not cut off at 0", who, when)
		for _, o := range orders {
			if (o.Side == "sell") == (side > 0) && o.Valid != nil {
				text += fmt.Sprintf("; %s stays within up to the rate %.6g", o.Agent, *o.Valid)
			}
		}
		list = append(list, text)
	}
	return list, nil
}

// losses say that makers lose from an order, where they do.
func losses(orders []OrderSolution) []string {
	for _, o := range orders {
		if o.Lose != nil && o.Rate != nil && *o.Rate > *o.Lose {
			return []string{fmt.Sprintf("%s: makers lose from an order at the rate %.6g; they gain up to the rate %.6g", o.Agent, *o.Rate, *o.Lose)}
		}
	}
	return nil
}

// arrivalWarnings are the warnings of a market as it is run.
func arrivalWarnings(s *scenarios.Scenario) ([]string, error) {
	m, err := newArrivals(s, true)
	if err != nil {
		return nil, err
	}
	var orders []OrderSolution
	for i := range m.orders {
		o, err := m.solved(i)
		if err != nil {
			return nil, err
		}
		orders = append(orders, *o)
	}
	warnings, err := m.warnings(orders)
	return append(warnings, losses(orders)...), err
}
