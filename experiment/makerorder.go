package experiment

import (
	"errors"
	"math"

	"walras/equilibrium/cournot"
)

// solved is what order i gets.
func (m *makers) solved(th theory, i int) (*OrderSolution, error) {
	o, e := &m.orders[i], th.execution(i)
	out := &OrderSolution{
		Agent: o.Name, Side: o.side(), Size: o.Size, Proceeds: e.Proceeds, Impact: &e.Discounted, Sum: &e.Undiscounted, Shortfall: e.Shortfall,
		Investors: th.investorsGain(), Rates: m.rates(o),
	}
	var gains []float64
	for seat := range m.members {
		gains = append(gains, th.makerGain(seat))
	}
	out.Maker = m.ofMakers(gains)
	if o.Schedule != nil {
		return out, nil
	}
	out.Duration = &o.Duration
	if o.optimal != nil {
		return out, nil
	}
	out.Rate = &o.Rate
	valid, err := m.validRate(i)
	if err != nil {
		return nil, err
	}
	out.Valid = finite(valid)
	if !m.alone() || o.Start > 0 {
		return out, nil
	}
	return out, m.alternatives(out, i)
}

// alternatives are what an order that is alone would get at other rates.
func (m *makers) alternatives(out *OrderSolution, i int) error {
	o := &m.orders[i]
	var proceeds, investors parabola
	if m.closed() && m.detected() == nil {
		c := m.model.Constants(m.concept)
		against := m.inventories[0] // a buyer is the mirror image of a seller
		if o.buys() {
			against = -against
		}
		p, w := c.Proceeds(o.Duration), c.InvestorsGain(o.Duration)
		proceeds = parabola{p.Linear + p.Slope*against, p.Square}
		investors = parabola{w.Linear + w.Slope*against, w.Square}
	} else {
		var err error
		if proceeds, err = m.proceeds(i, o.Duration); err != nil {
			return err
		}
		if investors, err = m.investorsGains(i, o.Duration); err != nil {
			return err
		}
	}
	out.P, out.Q = finite(proceeds.Linear), finite(-proceeds.Square)
	out.Best, out.Threshold = amount(proceeds.best()), amount(investors.changeOfSign())
	if o.Size == 0 {
		return nil
	}
	shortest, err := m.minimumDuration(i, o.Size)
	var none *UnsolvedError
	if errors.As(err, &none) { // it is the best size in no time
		return nil
	}
	out.Shortest = finite(shortest)
	return err
}

// amount is nil for what is no amount: where trading the other way would be best.
func amount(v float64) *float64 {
	if v < 0 {
		return nil
	}
	return finite(v + 0) // −0 is 0
}

// finite is nil for what is not a number.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// rates are those of an order from the times on at which they change; of one that
// changes all the time, those at the ticks.
func (m *makers) rates(o *largeOrder) []RateFrom {
	list := []RateFrom{}
	if o.optimal != nil {
		for k := range m.clock.Steps {
			t := m.clock.At(k).Time
			if t >= o.optimal.End {
				break
			}
			list = append(list, RateFrom{t, o.optimal.Rate(t)})
		}
		return append(list, RateFrom{o.optimal.End, 0})
	}
	for i, v := range o.schedule {
		list = append(list, RateFrom{v.From, v.Rate})
		if i+1 == len(o.schedule) || o.schedule[i+1].From > v.To {
			list = append(list, RateFrom{v.To, 0})
		}
	}
	return list
}

// validRate is the rate of order i up to which no investor trades against its
// direction, the other orders being what they are: quotes are linear in it.
func (m *makers) validRate(i int) (float64, error) {
	o := &m.orders[i]
	if m.closed() && m.idle() && m.alone() && m.detected() == nil {
		return m.model.Constants(m.concept).ValidRate(o.Duration), nil
	}
	var at [2][]quotes
	scale := m.model.Activity * m.model.Reservation
	for k := range at {
		with := m.at(i, scale*float64(k), o.Duration)
		th, err := with.prices()
		if err != nil {
			return 0, err
		}
		with.samples(th, func(_ float64, v quotes) { at[k] = append(at[k], v) })
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
	return lowest, nil
}

// DiscreteMakers is the exact discrete-time game: what orders get when it is played.
type DiscreteMakers struct {
	Step      float64         `json:"step"`
	A         *float64        `json:"A"` // at the beginning of a period; nil where makers differ
	Orders    []DiscreteOrder `json:"orders"`
	Maker     any             `json:"maker_gain"`
	Investors float64         `json:"investor_gain"`
}

// DiscreteOrder is what an order gets in it.
type DiscreteOrder struct {
	Agent    string  `json:"agent"`
	Proceeds float64 `json:"proceeds"`
}

// discrete solves the game at the scenario's step; nil where an order is detected
// late, which is no game that starts at time 0.
func (m *makers) discrete() (*DiscreteMakers, error) {
	if m.detected() != nil {
		return nil, nil
	}
	profile, err := m.profile(m.clock.Step)
	if err != nil {
		return nil, err
	}
	policy := profile.Policy(m.announced().Flows().Grid(m.clock.Step))
	out := &DiscreteMakers{Step: m.clock.Step, Orders: []DiscreteOrder{}}
	if m.alike() {
		s, err := m.model.Slopes(m.concept, m.clock.Step)
		if err != nil {
			return nil, err
		}
		out.A = finite(s.Total())
	}
	var gains []float64
	for j := range m.members {
		w, err := policy.Worth(j, m.inventories)
		if err != nil {
			return nil, err
		}
		gains = append(gains, w.Orders)
	}
	out.Maker = m.ofMakers(gains)
	w, err := policy.InvestorsWorth(m.inventories)
	if err != nil {
		return nil, err
	}
	out.Investors = w.Orders
	for i := range m.orders {
		o := &m.orders[i]
		flows := cournot.Flows{Sells: o.schedule}
		if o.buys() {
			flows = cournot.Flows{Buys: o.schedule}
		}
		sells, buys := policy.Proceeds(m.inventories, flows.Grid(m.clock.Step))
		out.Orders = append(out.Orders, DiscreteOrder{o.Name, sells + buys})
	}
	return out, nil
}
