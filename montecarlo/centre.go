package montecarlo

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Layout describes the sums of this simulation. Its centres are the path
// without shocks, followed here with the policy's matrices.
func (s *Simulation) Layout() *Layout {
	n := len(s.Names)
	l := &Layout{Seats: n, Ticks: s.Statistics, Centres: make([]Centre, len(s.Statistics))}
	for kind := range l.Outcomes {
		l.Outcomes[kind] = make([]float64, n)
	}
	transition := s.Policy.Transition()
	x := mat.NewVecDense(n, append([]float64(nil), s.Initial...))
	at := places(s.Statistics, s.Clock.Steps)
	for k := range s.Clock.Steps {
		c := s.centre(x)
		if j := at[k]; j >= 0 {
			l.Centres[j] = c
		}
		next := mat.NewVecDense(n, nil)
		next.MulVec(transition, x)
		x = next
		s.addPeriod(l, c, x, s.Clock.At(k).Discount)
	}
	if j := at[s.Clock.Steps]; j >= 0 {
		l.Centres[j] = s.centre(x)
	}
	last := s.Clock.At(s.Clock.Steps).Discount
	for i, v := range s.Policy.Values {
		if v.A != nil {
			l.Outcomes[OutcomeTerminal][i] = last * v.At(x.RawVector().Data)
			l.Outcomes[OutcomeWelfare][i] = l.Outcomes[OutcomePayoff][i] + l.Outcomes[OutcomeTerminal][i]
		}
	}
	return l
}

// centre is the path without shocks at inventories x.
func (s *Simulation) centre(x *mat.VecDense) Centre {
	var trade mat.VecDense
	trade.MulVec(s.Policy.Flows, x)
	c := Centre{Inventory: append([]float64(nil), x.RawVector().Data...), Trade: trade.RawVector().Data}
	for i, d := range driftOf(s.Policy.Price, s.Policy.Flows) {
		c.Price += float64(s.Policy.Price[i] * c.Inventory[i])
		c.Change += float64(d * c.Inventory[i])
	}
	return c
}

// addPeriod adds what the auction at a centre pays, and the volume it trades;
// after are the inventories it leaves.
func (s *Simulation) addPeriod(l *Layout, c Centre, after *mat.VecDense, discount float64) {
	h := s.Policy.Timing.HoldingTime()
	for i, q := range c.Trade {
		held := after.AtVec(i)
		flow := float64(c.Price*q) - float64(s.Policy.HoldingCost[i]*h/2*float64(held*held))
		l.Outcomes[OutcomePayoff][i] += float64(discount * flow)
		l.Outcomes[OutcomeVolume][i] += math.Abs(q)
	}
}
