package experiment

import (
	"math"

	"walras/clock"
	"walras/equilibrium/cournot"
	"walras/equilibrium/poisson"
	"walras/scenarios"
)

// ArrivalOrder is what is known besides of an order among investors who come one at a
// time. What it has not is nil.
type ArrivalOrder struct {
	Disclosure string      `json:"disclosure"` // sunshine or stealth
	BreakEven  *float64    `json:"break_even_rate"`
	Most       *float64    `json:"maximum_proceeds"`
	Lose       *float64    `json:"makers_lose_above"` // nil: at no rate
	Reversal   *float64    `json:"reversal_duration"` // above which quotes revert before an announced end
	Compared   *Comparison `json:"comparison"`        // of an order that ends at random
}

// Comparison puts a hidden order beside one that is announced, of the same rate and
// with the same law of the duration.
type Comparison struct {
	Stealth  Disclosed `json:"stealth"`
	Sunshine Disclosed `json:"sunshine"` // averages over the duration
	Gap      float64   `json:"Q_gap"`    // what hiding adds to Q
	Cost     float64   `json:"cost_of_hiding"`
}

// Disclosed is what is expected of an order.
type Disclosed struct {
	P         float64 `json:"P"`
	Q         float64 `json:"Q"`
	Proceeds  float64 `json:"proceeds"`
	Maker     float64 `json:"maker_gain"`
	Investors float64 `json:"investor_gain"`
}

// solved is what order i gets.
func (m *arrivals) solved(i int) (*OrderSolution, error) {
	o := &m.orders[i]
	if m.law != nil {
		return m.random(o)
	}
	public := m.constants.Announce(m.announced())
	e := o.execution(m.clock.DiscountRate, m.model.Reservation, func(weights clock.Schedule) (discounted, undiscounted float64) {
		of := largeOrder{Agent: o.Agent, schedule: weights}
		sells, buys := public.Proceeds(m.inventory, of.of())
		plainSells, plainBuys := public.Undiscounted(m.inventory, of.of())
		return sells + buys, plainSells + plainBuys
	})
	out := &OrderSolution{
		Agent: o.Name, Side: o.side(), Size: o.Size, Proceeds: e.Proceeds, Impact: &e.Discounted, Sum: &e.Undiscounted, Shortfall: e.Shortfall,
		Maker: public.MakerGain(0, m.inventory), Investors: public.UsersGain(0, m.inventory), Rates: o.dated(),
		ArrivalOrder: &ArrivalOrder{Disclosure: scenarios.DisclosureSunshine},
	}
	if o.Schedule != nil {
		return out, nil
	}
	out.Rate, out.Duration = &o.Rate, &o.Duration
	if err := m.valid(out, i); err != nil || len(m.orders) > 1 || o.Start > 0 {
		return out, err
	}
	market, inventory := m.facing(o)
	out.alternatives(market.Sunshine(o.Duration), inventory)
	out.Best = amount(market.Sunshine(o.Duration).Seller.At(inventory).Extremum())
	if o.Size > 0 {
		if shortest, err := m.minimumDuration(i, o.Size); err == nil { // else it is best in no time
			out.Shortest = finite(shortest)
		}
	}
	if market.BuyRate == market.SellRate && inventory == 0 {
		out.Reversal = finite(market.ReversalDuration())
	}
	return out, nil
}

// random is what an order gets that ends at random.
func (m *arrivals) random(o *largeOrder) (*OrderSolution, error) {
	market, inventory := m.facing(o)
	hidden, known := market.Stealth(m.law), market.MeanSunshine(m.law)
	gains, disclosure := known, scenarios.DisclosureSunshine
	if m.hidden {
		gains, disclosure = hidden, scenarios.DisclosureStealth
	}
	mean := m.law.Mean()
	out := &OrderSolution{
		Agent: o.Name, Side: o.side(), Size: o.Rate * mean, Rate: &o.Rate, Duration: &mean, Proceeds: gains.Seller.Of(o.Rate, inventory),
		Maker: gains.Maker.Of(o.Rate, inventory), Investors: gains.Users.Of(o.Rate, inventory),
		Rates: []RateFrom{{0, o.Rate}}, ArrivalOrder: &ArrivalOrder{Disclosure: disclosure},
	}
	if out.Size > 0 {
		out.Shortfall = m.model.Reservation - out.Proceeds/out.Size
	}
	out.alternatives(gains, inventory)
	if m.hidden { // the best announced rate is another for every duration
		out.Best = amount(gains.Seller.At(inventory).Extremum())
	}
	c := &Comparison{Stealth: disclosed(hidden, o.Rate, inventory), Sunshine: disclosed(known, o.Rate, inventory)}
	if law, ok := m.law.(poisson.Exponential); ok { // not as a difference
		c.Gap = market.StealthCost(law)
	} else {
		c.Gap = c.Stealth.Q - c.Sunshine.Q
	}
	c.Cost = c.Gap * o.Rate * o.Rate
	out.Compared = c
	return out, m.valid(out, 0)
}

func disclosed(g poisson.Gains, rate, inventory float64) Disclosed {
	seller := g.Seller.At(inventory)
	return Disclosed{seller.Linear, -seller.Square, g.Seller.Of(rate, inventory), g.Maker.Of(rate, inventory), g.Users.Of(rate, inventory)}
}

// alternatives are what the order would get at other rates.
func (out *OrderSolution) alternatives(g poisson.Gains, inventory float64) {
	seller := g.Seller.At(inventory)
	out.P, out.Q = finite(seller.Linear), finite(-seller.Square)
	out.BreakEven, out.Threshold = amount(seller.ChangeOfSign()), amount(g.UsersGainAbove(inventory))
	best := math.Max(0, seller.Extremum())
	out.Most = amount(seller.Linear*best + seller.Square*best*best)
	out.Lose = amount(g.MakersLoseAbove(inventory))
}

// dated are the rates of an order from the times on at which they change.
func (o *largeOrder) dated() []RateFrom {
	list := []RateFrom{}
	for i, v := range o.schedule {
		list = append(list, RateFrom{v.From, v.Rate})
		if i+1 == len(o.schedule) || o.schedule[i+1].From > v.To {
			list = append(list, RateFrom{v.To, 0})
		}
	}
	return list
}

// with is the market in which order i has another rate.
func (m *arrivals) with(i int, rate float64) *arrivals {
	out := *m
	out.orders = append([]largeOrder(nil), m.orders...)
	if m.law != nil {
		out.orders[i].Rate, out.sold = rate, rate
	} else {
		out.orders[i].trade(rate, m.orders[i].Duration)
	}
	return &out
}

// flowOf is a constant order from time 0 on.
func (o *largeOrder) flowOf(rate, duration float64) cournot.Flows {
	return poisson.Constantly(o.signed(rate), duration)
}
