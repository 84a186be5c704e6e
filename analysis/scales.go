package analysis

import "math"

// scales are the sizes of the terms whose rounding errors a quantity collects:
// a trade is a sum of |Q_ij X_j|, an inventory itself and its trades.
func (s *statistician) scales(moments []Moments) {
	n, size := len(s.sim.Initial), sizes(moments)
	play, constant := s.sim.Play, make([]float64, len(s.sim.Initial))
	s.trade, s.inventory = make([]float64, n), make([]float64, n)
	for _, k := range s.sim.Statistics {
		s.price = math.Max(s.price, math.Abs(play.Constants(k, constant)))
		for i, q := range constant {
			s.trade[i] = math.Max(s.trade[i], math.Abs(q))
		}
	}
	for i, x := range size {
		s.price += math.Max(math.Abs(play.Price[i]), math.Abs(play.Policy.Price[i])) * x
	}
	s.rounding = rounding(s.sim, size)
	for i := range n {
		for j := range n {
			s.trade[i] += math.Max(math.Abs(play.Flows.At(i, j)), math.Abs(play.Policy.Flows.At(i, j))) * size[j]
		}
		s.inventory[i] = size[i] + s.trade[i]
	}
	coarsen(s.sim, s.trade)
	coarsen(s.sim, s.inventory)
	s.money = make([]float64, n)
	for j, m := range moments {
		s.weigh(s.sim.Clock.At(s.sim.Statistics[j]).Discount, sizes([]Moments{m}))
	}
}

// weigh raises the sizes of money to those at one tick, where inventories have the
// given sizes: b x²/r for holding, p x for trade.
func (s *statistician) weigh(discount float64, size []float64) {
	price, rate := 0.0, s.sim.Clock.DiscountRate
	for j, x := range size {
		price += math.Max(math.Abs(s.sim.Play.Price[j]), math.Abs(s.sim.Play.Policy.Price[j])) * x
	}
	coarsen(s.sim, size)
	for i, x := range size {
		for j := range size {
			x += math.Max(math.Abs(s.sim.Play.Flows.At(i, j)), math.Abs(s.sim.Play.Policy.Flows.At(i, j))) * size[j]
		}
		money := price * x
		if rate > 0 { // else nothing is held at a cost
			money += s.sim.Play.Policy.HoldingCost[i] * x * x / rate
		}
		s.money[i] = math.Max(s.money[i], discount*money)
	}
}

// sizes are the largest |mean| + standard deviation of each inventory.
func sizes(moments []Moments) []float64 {
	size := make([]float64, len(moments[0].Mean))
	for _, m := range moments {
		for i, mean := range m.Mean {
			size[i] = math.Max(size[i], math.Abs(mean)+math.Sqrt(math.Max(0, m.Covariance.At(i, i))))
		}
	}
	return size
}
