package experiment

import (
	"encoding/json"
	"fmt"
	"math"

	"walras/analysis"
	"walras/equilibrium"
	"walras/equilibrium/cournot"
	"walras/montecarlo"
	"walras/scenarios"
)

// stageArrivals readies a market that investors come to one at a time.
func stageArrivals(s *scenarios.Scenario) (*stage, error) {
	m, err := newArrivals(s, true)
	if err != nil {
		return nil, err
	}
	out, err := m.stage(s)
	if err != nil {
		return nil, err
	}
	if s.Clock.Policy == scenarios.PolicyDiscrete && !m.deviates() {
		exact := *s
		exact.Clock.Policy = scenarios.PolicyEvent
		same, err := m.stage(&exact)
		if err != nil {
			return nil, err
		}
		out.limit = &analysis.Limit{Exact: same.sim}
	}
	m.levels(out.sim)
	return out, nil
}

// levels lets paths be counted below the quantiles of what the makers hold, where these
// are known more exactly than the share of so many paths.
func (m *arrivals) levels(sim *montecarlo.Simulation) {
	if m.law != nil || m.concept == cournot.Feedback || m.deviates() || len(m.seats) > 1 || sim.Arrivals.Step > 0 {
		return
	}
	inventory := m.constants.Known(m.announced(), m.inventory)
	noise := 1 / math.Sqrt(float64(sim.Paths))
	sim.Levels = analysis.Levels(sim, func(t float64) analysis.Quantiles {
		if law, ok := inventory.Distribution(t); ok && law.Error <= noise/20 {
			return law
		}
		return nil
	})
}

// stage is what the scenario asks to be simulated of this market.
func (m *arrivals) stage(s *scenarios.Scenario) (*stage, error) {
	game, err := m.game(s.Clock.Policy)
	if err != nil {
		return nil, err
	}
	sim := newSimulation(s, game.Seats(), m.clock)
	m.settle(sim, game)
	out := &stage{sim: sim, policy: func() json.RawMessage { return m.played(game) }, members: make([][]string, game.Seats())}
	for i, seat := range m.seats {
		out.members[i] = seat.members
		if len(seat.members) > shownMembers {
			out.members[i] = seat.members[:1]
		}
	}
	return out, nil
}

// settle gives a simulation its market, and the seats their names and inventories.
func (m *arrivals) settle(sim *montecarlo.Simulation, game *equilibrium.Arrivals) {
	sim.Arrivals = game
	for i, seat := range m.seats {
		sim.Names[i], sim.Initial[i] = seat.members[0], m.inventory
	}
	seat := game.InvestorSeat()
	sim.Names[seat] = m.investors.Name
	for i := range m.orders {
		o := &m.orders[i]
		sim.Names[seat+1+i] = o.Name
		if !o.buys() && m.law == nil { // of one that ends at random nobody knows how much there is
			sim.Initial[seat+1+i] = o.schedule.Quantity(0, math.Inf(1))
		}
	}
}

// simulation is the game on its own, with nothing to be simulated.
func (m *arrivals) simulation(game *equilibrium.Arrivals) *montecarlo.Simulation {
	sim := &montecarlo.Simulation{Names: make([]string, game.Seats()), Initial: make([]float64, game.Seats()), Clock: m.clock, Paths: 1}
	m.settle(sim, game)
	return sim
}

// game is the market as it is played: what agents end with is what they can expect if
// from the horizon on everybody keeps to the policy.
func (m *arrivals) game(policy string) (*equilibrium.Arrivals, error) {
	game, err := m.market(policy)
	if err != nil {
		return nil, err
	}
	honest := game
	if m.deviates() {
		kept := *m
		kept.seats = append([]makerSeat(nil), m.seats...)
		for i := range kept.seats {
			kept.seats[i].speed = 1
		}
		if honest, err = kept.market(policy); err != nil {
			return nil, err
		}
	}
	values, err := honest.Values(m.clock.DiscountRate)
	if err != nil {
		return nil, err
	}
	m.value(game, values)
	game.Valuations = m.valuations()
	return game, nil
}

// value gives every seat its worth at the horizon.
func (m *arrivals) value(game *equilibrium.Arrivals, v *equilibrium.Values) {
	end, last := m.clock.At(m.clock.Steps).Time, len(game.Phases)-1
	worth := func(i int) equilibrium.EndWorth {
		if game.Anchored() {
			return func(x []float64, phase int, left float64) float64 { return v.Expected(i, x, phase, end, left) }
		}
		off := v.At(last, end, 0)
		on := off // orders that end at given times are over
		if game.End != nil {
			on = v.At(0, end, 0)
		}
		return func(x []float64, phase int, _ float64) float64 {
			if phase == last {
				return off(i, x)
			}
			return on(i, x)
		}
	}
	for i := range game.Makers {
		game.Makers[i].Worth = worth(i)
	}
	game.Investors.Worth = worth(game.InvestorSeat())
	for i := range game.Orders {
		game.Orders[i].Worth = worth(game.InvestorSeat() + 1 + i)
	}
}

// market is the game without the worth of what is held at the horizon.
func (m *arrivals) market(policy string) (*equilibrium.Arrivals, error) {
	switch {
	case policy == scenarios.PolicyDiscrete:
		if m.concept != cournot.Published {
			return nil, &UnsolvedError{"clock.policy: discrete with arrivals and solution: " + m.concept.String(), "write solution: published, or policy: event"}
		}
		steps, err := m.constants.Steps(m.clock.Step)
		if err != nil {
			return nil, err
		}
		all, err := m.stepped(steps)
		if err != nil {
			return nil, err
		}
		return m.gameOf(all, m.clock.Step, steps.Market.R, 0)
	case m.concept == cournot.Feedback:
		return m.gameOf(m.phases(), 0, m.feedback.Own, m.feedback.Cross)
	}
	return m.gameOf(m.phases(), 0, m.constants.R, 0)
}

// gameOf is the market of these phases, in which makers answer to an asset unit of their
// own inventory with own, and to one of a rival's with cross.
func (m *arrivals) gameOf(all phases, step, own, cross float64) (*equilibrium.Arrivals, error) {
	game := &equilibrium.Arrivals{Step: step, End: all.end, Investors: equilibrium.ArrivingInvestors{
		BuyRate: m.model.BuyRate, SellRate: m.model.SellRate, Size: m.model.Size, Reservation: m.model.Reservation,
	}}
	for i := range m.seats {
		if err := m.stable(i, own); err != nil {
			return nil, err
		}
		game.Makers = append(game.Makers, equilibrium.MakerType{
			Count: len(m.seats[i].members), InventoryCost: m.model.InventoryCost, Slopes: m.slopes(i, own, cross),
		})
	}
	for i := range m.orders {
		o := equilibrium.FlowingOrder{Buys: m.orders[i].buys()}
		for _, p := range all.list {
			o.Rates = append(o.Rates, p.rates[i])
		}
		game.Orders = append(game.Orders, o)
	}
	for _, p := range all.list {
		game.Phases = append(game.Phases, m.phase(p))
	}
	return game, nil
}

// slopes are how a member of a seat answers to the inventory of a member of each: to
// its own at the seat's speed.
func (m *arrivals) slopes(i int, own, cross float64) []float64 {
	list := make([]float64, len(m.seats))
	speed := m.seats[i].speed
	if speed == 0 { // it quotes nothing
		return list
	}
	for k, seat := range m.seats {
		list[k] = cross * float64(len(seat.members))
	}
	list[i] += speed*own - cross
	return list
}

// phase is what the seats quote in a phase.
func (m *arrivals) phase(p phase) equilibrium.Phase {
	out := equilibrium.Phase{Until: p.until}
	nothing := func(float64) float64 { return 0 }
	bid := func(t float64) float64 { buys, _ := p.quotes(t); return buys }
	ask := func(t float64) float64 { _, sells := p.quotes(t); return sells }
	for _, seat := range m.seats {
		if seat.speed == 0 {
			out.Bid, out.Ask = append(out.Bid, nothing), append(out.Ask, nothing)
			continue
		}
		out.Bid, out.Ask = append(out.Bid, bid), append(out.Ask, ask)
	}
	return out
}

// stable refuses a speed at which a maker overshoots so much that what it holds would
// grow faster than it is discounted: (1 − sr)² > 1 + β/Λ.
func (m *arrivals) stable(i int, own float64) error {
	s := m.seats[i]
	most := (1 + math.Sqrt(1+m.model.DiscountRate/m.model.Arrivals())) / own
	if s.speed < most {
		return nil
	}
	return &UnsolvedError{"agents." + s.members[0] + ".deviation.speed", "at such a speed the maker's inventory grows from arrival to arrival; it must be below " + fmt.Sprintf("%.6g", most)}
}

// played are the numbers that the market is played with.
func (m *arrivals) played(game *equilibrium.Arrivals) json.RawMessage {
	type maker struct {
		Members int       `json:"members"`
		Slopes  []float64 `json:"slopes"`
	}
	type stretch struct {
		Until *float64  `json:"until"` // nil: for ever; relative to the end of the order where that is random
		Bids  []float64 `json:"bid"`   // per seat, at the end of the phase
		Asks  []float64 `json:"ask"`
		Rates []float64 `json:"rates"` // of the orders
	}
	out := struct {
		Step   float64   `json:"step"`
		Makers []maker   `json:"makers"`
		Phases []stretch `json:"phases"`
	}{Step: game.Step, Phases: []stretch{}}
	for _, k := range game.Makers {
		out.Makers = append(out.Makers, maker{k.Count, k.Slopes})
	}
	for i, p := range game.Phases {
		at := stretch{Until: finite(p.Until), Rates: []float64{}}
		t := p.Until
		if at.Until == nil {
			t = 0
		}
		for k := range game.Makers {
			at.Bids, at.Asks = append(at.Bids, p.Bid[k](t)), append(at.Asks, p.Ask[k](t))
		}
		for _, o := range game.Orders {
			at.Rates = append(at.Rates, o.Rates[i])
		}
		out.Phases = append(out.Phases, at)
	}
	return exactly(out)
}
