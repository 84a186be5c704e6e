package poisson

import (
	"fmt"
	"math"

	"walras/equilibrium/cournot"
)

// Steps is the exact published solution of the game in discrete time: at most one
// end investor arrives in a step, a buyer with probability λ_B dt and a seller with
// λ_S dt. In a step makers quote; inventory costs Θi²dt and the large order pays
// the quotes for its flow; the flow is absorbed; the investor, if any, arrives.
//
// With γ = e^{−β dt}, A_dt = A'/γ where A' solves the equation of A at the rate
// β' = (e^{β dt} − 1)/dt. Quotes depend on the inventory after the flow, i + e,
// e = (f−φ)dt/N, and on W = γ B_{k+1}:
//
//	x^a = (c/K)(p − W − φ/(cλ_B N) + 2A'(i+e)),  x^b = (c/K)(p + W − f/(cλ_S N) − 2A'(i+e)).
//
// All its solutions converge to those of continuous time with order 1.
type Steps struct {
	Market Constants // at the rate β'; its A is A'
	Length float64   // dt
	Factor float64   // γ = e^{−β dt}
	A      float64   // A_dt: −A_dt i² of a maker's value at a step's beginning
	B0, C0 float64   // its value without an order is −A_dt i² + B0 i + C0

	rate float64 // β
}

// Steps solves the game in steps of that length, which must be positive and short
// enough that Λ dt ≤ 1. Only the published concept has a solution here.
func (c Constants) Steps(length float64) (*Steps, error) {
	if c.Concept != cournot.Published {
		return nil, fmt.Errorf("poisson: solution %v in discrete time: must be published", c.Concept)
	}
	if limit := 1 / c.Arrivals(); !(length > 0 && length <= limit) {
		return nil, &ParameterError{Name: "Length", Value: length, Limit: fmt.Sprintf("positive and at most 1/(λ_B + λ_S) = %v", limit)}
	}
	β := c.DiscountRate
	m := c.Model
	m.DiscountRate = math.Expm1(β*length) / length
	s := &Steps{Market: m.Constants(cournot.Published), Length: length, Factor: math.Exp(-β * length), rate: β}
	s.A = s.Market.A / s.Factor
	// B = (1 − κ'Λdt) γB + κ'p(λ_B − λ_S)dt.
	s.B0 = s.source() / (-math.Expm1(-β*length) + s.Factor*s.Market.Kap1*s.Market.Arrivals()*length)
	s.C0 = length * s.income(s.Factor*s.B0) / -math.Expm1(-β*length)
	return s, nil
}

// source is what unequal arrivals add to B in a step.
func (s *Steps) source() float64 {
	c := s.Market
	return c.Kap1 * c.Reservation * (c.BuyRate - c.SellRate) * s.Length
}

// income is H(W, 0) without an order, slide 20.
func (s *Steps) income(W float64) float64 {
	c := s.Market
	return c.margin() * (c.BuyRate*sq(c.Reservation-W) + c.SellRate*sq(c.Reservation+W))
}

// margin is c(1+cA)/K².
func (c Constants) margin() float64 { return c.Size * (1 + c.Size*c.A) / (c.K * c.K) }

// extra is H(B, f, φ) − H(W0, 0, 0), the rate at which orders add to a maker's value
// at inventory 0 where a unit is worth B, not W0; without subtracting the two.
func (c Constants) extra(B, W0, sell, buy float64) float64 {
	n, p := float64(c.Makers), c.Reservation
	side := func(rate, B, W0, flow float64) float64 {
		φ := flow / (c.Size * rate * n)
		return c.margin()*rate*(B-W0-φ)*(2*p+B+W0-φ) -
			flow*(n-1)/(n*c.K)*(p+B-φ) + flow*(p+B)/n
	}
	return side(c.SellRate, B, W0, sell) + side(c.BuyRate, -B, -W0, buy)
}

// Step is what makers do in one step, before which they do not know how it ends.
type Step struct {
	Policy            // quotes, as functions of the inventory at the step's beginning
	B         float64 // of the value −A_dt i² + B i + C0 + Gain at the step's beginning
	Gain      float64 // what the orders to come are worth to a maker at inventory 0
	Sell, Buy float64 // f, φ
	arrived   float64 // e
}

// step is what makers do when a unit will be worth W, and B and Gain of the step's
// beginning, where Gain at its end, discounted, is what is given.
func (s *Steps) step(W, gain, sell, buy float64) Step {
	c, dt := s.Market, s.Length
	net := sell - buy
	e := net * dt / float64(c.Makers)
	ϕ := c.InventoryCost - c.DiscountRate*c.A // Θ − β'A', what arrivals take of i²
	after := c.Policy(W, sell, buy)
	pull := c.Kap1*c.Arrivals()*dt*W + c.KB*net*dt
	return Step{
		Policy: Policy{after.Sells + c.R*e, after.Buys - c.R*e, c.R}, Sell: sell, Buy: buy, arrived: e,
		B: W - pull + s.source() + 2*ϕ*e*dt,
		Gain: gain + dt*c.extra(W, s.Factor*s.B0, sell, buy) +
			e*(2*c.A*e-pull+s.source()) + ϕ*e*e*dt - c.A*e*e,
	}
}

// Known is what makers do in each step of flows that everybody knows, and in one
// step more, when nothing is left of them. Rates are those at the beginning of the
// step, so that flows should jump at multiples of its length.
func (s *Steps) Known(flows cournot.Flows) []Step {
	cuts := edges(flows)
	count := int(math.Ceil(cuts[len(cuts)-1]/s.Length - 1e-9))
	steps := make([]Step, count+1)
	steps[count] = s.Idle()
	for k := count - 1; k >= 0; k-- {
		at := (float64(k) + .5) * s.Length // a time inside: the ends may have rounded
		next := steps[k+1]
		steps[k] = s.step(s.Factor*next.B, s.Factor*next.Gain, flows.Sells.Rate(at), flows.Buys.Rate(at))
	}
	return steps
}

// Idle is what makers do without an order.
func (s *Steps) Idle() Step {
	step := s.step(s.Factor*s.B0, 0, 0, 0)
	step.B, step.Gain = s.B0, 0
	return step
}

// Hidden is what makers do while a hidden order sells (buys, if negative) at that
// rate: it survives a step with probability e^{−ν dt}, drawn at the step's end.
func (s *Steps) Hidden(law Exponential, rate float64) Step {
	c, dt, hazard := s.Market, s.Length, 1/law.MeanDuration
	e := rate * dt / float64(c.Makers)
	ϕ := c.InventoryCost - c.DiscountRate*c.A
	// Of B − B0 a step keeps γe^{−ν dt}(1 − κ'Λdt).
	stay, ending := math.Exp(-hazard*dt), -math.Expm1(-(s.rate+hazard)*dt)
	ahead := (2*ϕ*e - c.KB*rate) * dt / (ending + s.Factor*stay*c.Kap1*c.Arrivals()*dt)
	step := s.step(s.Factor*(s.B0+stay*ahead), 0, math.Max(rate, 0), math.Max(-rate, 0))
	step.Gain /= ending
	return step
}

// StepMoments is a maker's inventory and the expected quotes at a step's beginning,
// relative to the fundamental value.
type StepMoments struct {
	Mean, Variance, Ask, Bid float64
}

// Follow are the moments in each of the steps, when all makers hold initial at
// first, and what the large orders are expected to make over the reservation value:
// Σ γ^k dt (f(p + b) + φ(p − a)).
func (s *Steps) Follow(steps []Step, initial float64) (moments []StepMoments, proceeds float64) {
	c, dt, n := s.Market, s.Length, float64(s.Market.Makers)
	Λ, factor := c.Arrivals(), 1.
	mean, variance := initial, 0.
	for _, k := range steps {
		x, y := k.Sells+k.Slope*mean, k.Buys-k.Slope*mean // expected trades
		moments = append(moments, StepMoments{
			Mean: mean, Variance: variance, Ask: c.Reservation - n/c.Size*x, Bid: -c.Reservation + n/c.Size*y,
		})
		proceeds += factor * dt * n / c.Size * (k.Sell*y + k.Buy*x)
		change := dt * (c.SellRate*y - c.BuyRate*x)
		variance += dt*(c.BuyRate*x*x+c.SellRate*y*y) - change*change - Λ*dt*c.R*(1+c.Rho)*variance
		mean += k.arrived + change
		factor *= s.Factor
	}
	return moments, proceeds
}
