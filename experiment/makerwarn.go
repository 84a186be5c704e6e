package experiment

import (
	"fmt"
	"slices"
	"strings"

	"walras/scenarios"
)

// warnings say where demand that is not cut off at 0 changes its sign.
func (m *makers) warnings(th theory, orders []OrderSolution) []string {
	var list []string
	for side, who := range map[float64]string{1: "small sellers buy at the bid", -1: "small buyers sell at the ask"} {
		worst, when := 0., 0.
		m.samples(th, func(t float64, v quotes) {
			if margin := m.margin(v, side); margin < worst {
				worst, when = margin, t
			}
		})
		if worst >= -1e-12*m.model.Reservation {
			continue
		}
		text := fmt.Sprintf("%s: near t = %.6g investors trade against their direction, because demand is linear and not cut off at 0", who, when)
		for _, o := range orders {
			if (o.Side == "sell") == (side > 0) && o.Valid != nil {
				text += fmt.Sprintf("; %s stays within up to the rate %.6g", o.Agent, *o.Valid)
			}
		}
		list = append(list, text)
	}
	slices.SortFunc(list, strings.Compare)
	return list
}

// OrderWarnings are the warnings of a market of market makers as it is run, with what
// its agents do instead of their policies; of other markets there are none.
func OrderWarnings(s *scenarios.Scenario) ([]string, error) {
	if s.Market != scenarios.MarketCournot {
		return nil, nil
	}
	if s.Poisson() != nil {
		return arrivalWarnings(s)
	}
	m, err := newMakers(s, true)
	if err != nil {
		return nil, err
	}
	th, err := m.prices()
	if err != nil {
		return nil, err
	}
	var orders []OrderSolution
	for i := range m.orders {
		o := &m.orders[i]
		out := OrderSolution{Agent: o.Name, Side: o.side()}
		if o.Schedule == nil && o.optimal == nil {
			valid, err := m.validRate(i)
			if err != nil {
				return nil, err
			}
			out.Valid = finite(valid)
		}
		orders = append(orders, out)
	}
	return m.warnings(th, orders), nil
}

// margin is ω + p^b at the bid (side 1), ω − p^a at the ask (side −1).
func (m *makers) margin(v quotes, side float64) float64 {
	if side > 0 {
		return m.model.Reservation + v.bid
	}
	return m.model.Reservation - v.ask
}

// samples visits the market at many times, of each stretch without jumps both ends.
func (m *makers) samples(th theory, visit func(t float64, v quotes)) {
	const points = 48
	edges := m.edges()
	for i, from := range edges {
		if i+1 == len(edges) {
			visit(from, th.path([]float64{from})[0])
			break
		}
		to := edges[i+1]
		var times []float64
		for k := range points {
			times = append(times, from+(to-from)*float64(k)/points)
		}
		for k, v := range th.path(times) {
			visit(times[k], v)
		}
		visit(to, th.before(to))
	}
}
