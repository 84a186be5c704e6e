package experiment

import (
	"encoding/json"
	"fmt"
	"math"

	"walras/analysis"
	"walras/equilibrium"
	"walras/equilibrium/cournot"
	"walras/scenarios"
)

// playedMakers is the largest number of makers that a simulation follows, one by one.
const playedMakers = 200

// stageMakers readies a market of market makers whom investors meet as a flow.
func stageMakers(s *scenarios.Scenario) (*stage, error) {
	m, err := newMakers(s, true)
	if err != nil {
		return nil, err
	}
	if n := len(m.names); n > playedMakers {
		return nil, &UnsolvedError{fmt.Sprintf("a simulation of %d makers", n), fmt.Sprintf("at most %d are followed, one by one; sim solve takes any number", playedMakers)}
	}
	p, err := m.plan(s.Clock.Policy)
	if err != nil {
		return nil, err
	}
	return p.stage(s)
}

// stage is what the scenario asks to be simulated of this plan.
func (p *plan) stage(s *scenarios.Scenario) (*stage, error) {
	game, err := p.game()
	if err != nil {
		return nil, onGrid(err, s)
	}
	sim := newSimulation(s, game.Seats(), p.clock)
	copy(sim.Names, p.names)
	for i, first := range p.places() {
		for k := range p.members[i] {
			sim.Initial[first+k] = p.inventories[i]
		}
	}
	seat := game.InvestorSeat()
	sim.Names[seat] = p.makers.investors.Name
	for i := range p.orders {
		o := &p.orders[i]
		sim.Names[seat+1+i] = o.Name
		if !o.buys() {
			sim.Initial[seat+1+i] = o.schedule.Quantity(0, math.Inf(1))
		}
	}
	sim.Cournot = game
	out := &stage{sim: sim, policy: p.coefficients}
	if s.Clock.Policy == scenarios.PolicyContinuous && !p.deviates() {
		out.limit, err = p.limit(sim.Names)
	}
	return out, err
}

func (m *makers) deviates() bool {
	for _, s := range m.speeds {
		if s != 1 {
			return true
		}
	}
	return false
}

// plan is what makers do at the ticks of the clock. Before the tick known they do
// not know of any order, and from it on they follow policy, whose first tick it is.
type plan struct {
	*makers
	idle, policy *cournot.Policy
	after        *cournot.Policy // what they do after the horizon
	known        int
	posted       bool // before that they keep their quotes
}

// plan solves for the policy that the scenario's clock asks for.
func (m *makers) plan(kind string) (*plan, error) {
	p := &plan{makers: m}
	flows := m.announced().Flows()
	start := append([]float64(nil), m.inventories...)
	if o := m.detected(); o != nil {
		if _, err := m.delayed(o, o.Rate); err != nil {
			return nil, err
		}
		// They learn of it at a tick, so the later of two that τ lies between.
		p.known = int(math.Ceil((o.Start+o.Disclosure.After)/m.clock.Step - 1e-9))
		p.posted = o.Disclosure.Before == scenarios.BeforeQuote
		flows = flows.After(float64(p.known) * m.clock.Step)
	}
	at := func(flows cournot.Flows) (*cournot.Policy, error) {
		if kind == scenarios.PolicyContinuous {
			profile, err := m.profile(0)
			if err != nil {
				return nil, err
			}
			return profile.Play(flows).Policy(m.clock.Step), nil
		}
		profile, err := m.profile(m.clock.Step)
		if err != nil {
			return nil, err
		}
		return profile.Policy(flows.Grid(m.clock.Step)), nil
	}
	var err error
	if p.idle, err = at(cournot.Flows{}); err != nil {
		return nil, err
	}
	p.after = p.idle
	if p.policy, err = at(flows); err != nil {
		return nil, err
	}
	if m.concept == cournot.OpenLoop { // others' inventories are no news to who follows a path
		p.unaware(start)
		p.policy = p.policy.OwnInventories(start, max(1, m.clock.Steps-p.known))
	}
	return p, nil
}

// unaware moves inventories to the tick at which makers learn of the order.
func (p *plan) unaware(inventories []float64) {
	if !p.posted {
		return
	}
	o := p.detected()
	revert := 1 + 2*p.idle.Slope().At(0, 0)
	for k := range p.known {
		quantity := o.schedule.Quantity(p.clock.At(k).Time, p.clock.At(k+1).Time) / float64(len(p.names))
		if o.buys() {
			quantity = -quantity
		}
		for i := range inventories {
			inventories[i] = revert*inventories[i] + quantity
		}
	}
}

// quantities are what members of each seat buy and sell in the period of tick k with
// no inventories, and how the inventories of the seats change what they buy.
type quantities struct {
	Buys   []float64   `json:"buys"`
	Sells  []float64   `json:"sells"`
	slopes [][]float64 // per seat: of each maker
}

// table lists the quantities at all ticks.
func (p *plan) table() []quantities {
	before, after := p.slopes(p.idle), p.slopes(p.policy)
	list := make([]quantities, p.clock.Steps)
	for k := range list {
		policy, tick := p.policy, k-p.known
		list[k].slopes = after
		if tick < 0 {
			policy, tick, list[k].slopes = p.idle, k, before
		}
		list[k].Buys, list[k].Sells = policy.Buys(tick), policy.Sells(tick)
		for i, speed := range p.speeds {
			if speed == 0 { // it quotes nothing
				list[k].Buys[i], list[k].Sells[i] = 0, 0
			}
		}
	}
	return list
}

// slopes are how the inventories of all makers change what a member of each seat
// buys. Members hold the same: one stands for the others of its seat.
func (p *plan) slopes(policy *cournot.Policy) [][]float64 {
	slope, places := policy.Slope(), p.places()
	list := make([][]float64, len(p.members))
	for i := range list {
		list[i] = make([]float64, len(p.names))
		for k, place := range places {
			list[i][place] = slope.At(i, k)
		}
		list[i][places[i]] *= p.speeds[i]
		if p.speeds[i] == 0 {
			clear(list[i])
		}
	}
	return list
}

// game is the market as it is played.
func (p *plan) game() (*equilibrium.Cournot, error) {
	table, places := p.table(), p.places()
	worth, investors, err := p.worth()
	if err != nil {
		return nil, err
	}
	c := &equilibrium.Cournot{Step: p.clock.Step, Investors: equilibrium.Investors{
		Activity: p.model.Activity, Reservation: p.model.Reservation, Worth: investors,
	}}
	for i, members := range p.members {
		for k := range members {
			own := func(slopes []float64, sign float64) []float64 {
				out := make([]float64, len(slopes))
				for l, v := range slopes {
					out[l] = sign * v
				}
				out[places[i]], out[places[i]+k] = 0, sign*slopes[places[i]]
				return out
			}
			type sides struct{ bid, ask []float64 }
			both := func(q quantities) sides { return sides{own(q.slopes[i], 1), own(q.slopes[i], -1)} }
			slopes := [2]sides{both(table[0]), both(table[len(table)-1])}
			at := func(tick int) sides {
				if tick < p.known {
					return slopes[0]
				}
				return slopes[1]
			}
			cost := p.model.InventoryCost
			if !p.alike() {
				cost = p.different.InventoryCosts[i]
			}
			c.Makers = append(c.Makers, equilibrium.Maker{
				Bid: func(k int) equilibrium.Affine {
					return equilibrium.Affine{Constant: table[k].Buys[i], Slopes: at(k).bid}
				},
				Ask: func(k int) equilibrium.Affine {
					return equilibrium.Affine{Constant: table[k].Sells[i], Slopes: at(k).ask}
				},
				InventoryCost: cost, Worth: worth[i],
			})
		}
	}
	for i := range p.orders {
		c.Orders = append(c.Orders, equilibrium.LargeOrder{Buys: p.orders[i].buys(), Schedule: p.orders[i].schedule})
	}
	if p.posted {
		c.Posted = func(k int) bool { return k < p.known }
	}
	return c, nil
}

// coefficients are the numbers that are played with.
func (p *plan) coefficients() json.RawMessage {
	return exactly(struct {
		Step    float64      `json:"step"`
		Members []int        `json:"members"`
		Slopes  [][]float64  `json:"slopes"` // of what is bought, in the inventory of a maker of each seat
		Ticks   []quantities `json:"ticks"`
	}{p.clock.Step, p.members, p.slopes(p.policy), p.table()})
}

// limit is the same market in continuous time.
func (p *plan) limit(names []string) (*analysis.Limit, error) {
	th, err := p.theory()
	if err != nil {
		return nil, err
	}
	alone, investors, err := p.without()
	if err != nil {
		return nil, err
	}
	places, n := p.places(), len(p.names)
	out := &analysis.Limit{Welfare: make([]float64, len(names))}
	for i, first := range places {
		for k := range p.members[i] {
			out.Welfare[first+k] = alone[i] + th.makerGain(i)
		}
	}
	out.Welfare[n] = investors + th.investorsGain()
	for i := range p.orders {
		out.Welfare[n+1+i] = th.execution(i).Proceeds
	}
	out.Quotes = func(t float64) (bid, ask float64) {
		v := th.path([]float64{t})[0]
		return v.bid, v.ask
	}
	out.At = func(t float64) analysis.ContinuousMoments {
		mean, v := make([]float64, len(names)), th.path([]float64{t})[0]
		for i, first := range places {
			for k := range p.members[i] {
				mean[first+k] = v.inventories[i]
				mean[n] += p.inventories[i] - v.inventories[i]
			}
		}
		for i := range p.orders {
			o := &p.orders[i]
			traded := o.schedule.Quantity(0, t)
			if o.buys() {
				mean[n+1+i], mean[n] = traded, mean[n]-traded
				continue
			}
			mean[n+1+i], mean[n] = o.schedule.Quantity(t, math.Inf(1)), mean[n]+traded
		}
		return analysis.ContinuousMoments{Mean: mean}
	}
	return out, nil
}
