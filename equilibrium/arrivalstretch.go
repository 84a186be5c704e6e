package equilibrium

import "gonum.org/v1/gonum/mat"

// stretch is a market of arrivals at one moment: how the inventories move, and what
// seats are paid. Inventories of a member of each type stand in z = (1, x): changes are
// matrices z → Tz, and payoffs and values forms zᵀWz, row by row.
type stretch struct {
	width int        // of z
	drift *mat.Dense // dz/dt of the flow; at Bernoulli steps z after it
	meets [2]meeting
	pays  []*mat.Dense // per seat and time, or per step
	step  float64      // Δ of Bernoulli steps; 0 in continuous time
}

// meeting is an investor who comes to a side.
type meeting struct {
	chance float64 // per time, or per step
	moves  *mat.Dense
}

// stretch is the market in a phase at a time, as the phase counts it.
func (a *Arrivals) stretch(phase int, t float64) *stretch {
	n, p, c := len(a.Makers), a.Investors.Reservation, a.Investors.Size
	s := &stretch{width: n + 1, drift: mat.NewDense(n+1, n+1, nil), step: a.Step}
	asks, bids := make([]*mat.VecDense, n), make([]*mat.VecDense, n)
	ask, bid := s.constant(p), s.constant(-p)
	for k, m := range a.Makers {
		asks[k], bids[k] = s.constant(a.Phases[phase].Ask[k](t)), s.constant(a.Phases[phase].Bid[k](t))
		for l, slope := range m.Slopes {
			asks[k].SetVec(1+l, slope)
			bids[k].SetVec(1+l, -slope)
		}
		ask.AddScaledVec(ask, -float64(m.Count)/c, asks[k])
		bid.AddScaledVec(bid, float64(m.Count)/c, bids[k])
	}
	sell, buy := a.Flow(phase)
	share := 1 / float64(a.Members())
	for k := range n {
		s.drift.Set(1+k, 0, (sell-buy)*share)
	}
	s.meets[0] = s.meeting(a.Investors.SellRate, bids, 1)
	s.meets[1] = s.meeting(a.Investors.BuyRate, asks, -1)
	for k, m := range a.Makers {
		pay := mat.NewDense(n+1, n+1, nil)
		s.add(pay, s.meets[1].chance, ask, asks[k])
		s.add(pay, -s.meets[0].chance, bid, bids[k])
		s.add(pay, buy*share, ask, s.constant(1))
		s.add(pay, -sell*share, bid, s.constant(1))
		if a.Step == 0 {
			pay.Set(1+k, 1+k, pay.At(1+k, 1+k)-m.InventoryCost)
		}
		s.pays = append(s.pays, pay)
	}
	gained, spared := mat.NewVecDense(n+1, nil), mat.NewVecDense(n+1, nil) // b + p, p − a
	gained.AddVec(bid, s.constant(p))
	spared.SubVec(s.constant(p), ask)
	pay := mat.NewDense(n+1, n+1, nil)
	s.add(pay, s.meets[1].chance*c/2, spared, spared)
	s.add(pay, s.meets[0].chance*c/2, gained, gained)
	s.pays = append(s.pays, pay)
	for _, o := range a.Orders {
		pay, each := mat.NewDense(n+1, n+1, nil), gained
		if o.Buys {
			each = spared
		}
		s.add(pay, o.Rates[phase], each, s.constant(1))
		s.pays = append(s.pays, pay)
	}
	if a.Step > 0 {
		s.discretise(a)
	}
	return s
}

// discretise makes a step of length Δ of it: the cost of inventory, then the flow, and
// quotes at which it and an investor trade.
func (s *stretch) discretise(a *Arrivals) {
	s.drift.Scale(s.step, s.drift)
	for i := range s.width {
		s.drift.Set(i, i, 1)
	}
	for i, pay := range s.pays {
		pay.Scale(s.step, pay)
		pay.Copy(s.carried(pay, s.drift))
		if i < len(a.Makers) {
			pay.Set(1+i, 1+i, pay.At(1+i, 1+i)-a.Makers[i].InventoryCost*s.step)
		}
	}
	for side := range s.meets {
		s.meets[side].chance *= s.step
	}
}

// constant is the linear function of z that is v everywhere.
func (s *stretch) constant(v float64) *mat.VecDense {
	out := mat.NewVecDense(s.width, nil)
	out.SetVec(0, v)
	return out
}

// add adds v times the product of two linear functions to a form.
func (s *stretch) add(form *mat.Dense, v float64, f, g *mat.VecDense) {
	var product, both mat.Dense
	product.Outer(v/2, f, g)
	both.Add(&product, product.T())
	form.Add(form, &both)
}

// meeting moves inventories by sign times these quantities.
func (s *stretch) meeting(chance float64, quantities []*mat.VecDense, sign float64) meeting {
	moves := mat.NewDense(s.width, s.width, nil)
	moves.Set(0, 0, 1)
	for k, q := range quantities {
		for l := range s.width {
			moves.Set(1+k, l, sign*q.AtVec(l))
		}
		moves.Set(1+k, 1+k, moves.At(1+k, 1+k)+1)
	}
	return meeting{chance, moves}
}

// carried is the form TᵀWT: W after z has become Tz.
func (s *stretch) carried(form, moves *mat.Dense) *mat.Dense {
	var half, out mat.Dense
	half.Mul(form, moves)
	out.Mul(moves.T(), &half)
	return &out
}

// change is how the expected form changes per time; at Bernoulli steps, what it is
// expected to be after one.
func (s *stretch) change(form *mat.Dense) *mat.Dense {
	out, stays := mat.NewDense(s.width, s.width, nil), 0.
	if s.step > 0 {
		stays = 1
	}
	for _, m := range s.meets {
		moved := s.carried(form, m.moves)
		moved.Scale(m.chance, moved)
		out.Add(out, moved)
		stays -= m.chance
	}
	var same mat.Dense
	same.Scale(stays, form)
	out.Add(out, &same)
	if s.step > 0 {
		return s.carried(out, s.drift)
	}
	var flow mat.Dense
	flow.Mul(form, s.drift)
	out.Add(out, &flow)
	out.Add(out, flow.T())
	return out
}
