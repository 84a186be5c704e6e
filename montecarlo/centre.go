package montecarlo

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Layout describes the sums of this simulation. Its centres are the path
// without shocks, followed here with the policy's matrices.
func (s *Simulation) Layout() *Layout {
	n := len(s.Names)
	l := &Layout{Seats: n, Ticks: s.Statistics, Centres: make([]Centre, len(s.Statistics)), Sells: s.Play.Liquidation != nil}
	for kind := range l.Outcomes {
		l.Outcomes[kind] = make([]float64, n)
	}
	transition, constant := s.Play.Transition(), make([]float64, n)
	x := mat.NewVecDense(n, append([]float64(nil), s.Initial...))
	at := places(s.Statistics, s.Clock.Steps)
	for k := range s.Clock.Steps {
		c := s.centre(k, x)
		if j := at[k]; j >= 0 {
			l.Centres[j] = c
		}
		next := mat.NewVecDense(n, nil)
		next.MulVec(transition, x)
		if s.Play.Deviates() {
			s.Play.Constants(k, constant)
			next.SubVec(next, mat.NewVecDense(n, constant))
		}
		x = next
		s.addPeriod(l, c, x, s.Clock.At(k).Discount)
	}
	if j := at[s.Clock.Steps]; j >= 0 {
		l.Centres[j] = s.centre(s.Clock.Steps, x)
	}
	last := s.Clock.At(s.Clock.Steps).Discount
	for i, v := range s.Play.Policy.Values {
		if s.Play.Sells(i) {
			l.Outcomes[OutcomeWelfare][i] = l.Outcomes[OutcomePayoff][i]
		}
		if v.Known() {
			l.Outcomes[OutcomeTerminal][i] = last * v.At(x.RawVector().Data)
			l.Outcomes[OutcomeWelfare][i] = l.Outcomes[OutcomePayoff][i] + l.Outcomes[OutcomeTerminal][i]
			// without the shocks that f^i expects, which the control variate takes off
			l.Outcomes[OutcomeControlled][i] = l.Outcomes[OutcomeWelfare][i] + float64(v.K*(1-last))
		}
	}
	return l
}

// centre is the path without shocks at tick k, with inventories x.
func (s *Simulation) centre(k int, x *mat.VecDense) Centre {
	var trade mat.VecDense
	trade.MulVec(s.Play.Flows, x)
	c := Centre{Inventory: append([]float64(nil), x.RawVector().Data...), Trade: trade.RawVector().Data}
	for i, d := range driftOf(s.Play.Price, s.Play.Flows) {
		c.Price += float64(s.Play.Price[i] * c.Inventory[i])
		c.Change += float64(d * c.Inventory[i])
	}
	if s.Play.Deviates() {
		constant := make([]float64, len(c.Trade))
		c.Price += s.Play.Constants(k, constant)
		c.Change += s.Play.DriftConstant(k)
		for i, v := range constant {
			c.Trade[i] += v
		}
	}
	return c
}

// addPeriod adds what the auction at a centre pays, and the volume it trades;
// after are the inventories it leaves.
func (s *Simulation) addPeriod(l *Layout, c Centre, after *mat.VecDense, discount float64) {
	h := s.Play.Policy.Timing.HoldingTime()
	for i, q := range c.Trade {
		held := after.AtVec(i)
		flow := float64(c.Price*q) - float64(s.Play.Policy.HoldingCost[i]*h/2*float64(held*held))
		l.Outcomes[OutcomePayoff][i] += float64(discount * flow)
		l.Outcomes[OutcomeVolume][i] += math.Abs(q)
	}
}

// driftOf is the row vector P(M − I) = −PQ: the expected change of the price
// to the next auction is its product with the inventories.
func driftOf(price []float64, flows *mat.Dense) []float64 {
	n := len(price)
	drift := make([]float64, n)
	for j := range n {
		for i := range n {
			drift[j] -= float64(price[i] * flows.At(i, j))
		}
	}
	return drift
}
