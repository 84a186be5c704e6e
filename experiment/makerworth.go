package experiment

import (
	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/equilibrium/cournot"
)

// without is what the market is worth without orders: to a member of each seat, and to
// end investors, in continuous time.
func (m *makers) without() (seats []float64, investors float64, err error) {
	if m.closed() {
		c := m.model.Constants(m.concept)
		for range m.members {
			seats = append(seats, c.MakerValue(m.inventories[0]))
		}
		return seats, c.InvestorsValue(m.inventories[0]), nil
	}
	p, err := m.profile(0)
	if err != nil {
		return nil, 0, err
	}
	play := p.Play(cournot.Flows{})
	for j := range m.members {
		w, err := play.Worth(j, m.inventories)
		if err != nil {
			return nil, 0, err
		}
		seats = append(seats, w.Value())
	}
	w, err := play.InvestorsWorth(m.inventories)
	return seats, w.Value(), err
}

// worth is what inventories are worth at the horizon, per seat and to end investors,
// if everybody then keeps to the plan: large orders are over.
func (p *plan) worth() (seats []equilibrium.Worth, investors equilibrium.Worth, err error) {
	after := p.after
	for j := range p.members {
		w, err := p.form(func(x []float64) (cournot.Worth, error) { return after.Worth(j, x) })
		if err != nil {
			return nil, nil, err
		}
		seats = append(seats, w)
	}
	investors, err = p.form(after.InvestorsWorth)
	return seats, investors, err
}

// form is a constant and a quadratic form in the inventories of the seats, as a
// function of those of all makers.
func (p *plan) form(worth func(x []float64) (cournot.Worth, error)) (equilibrium.Worth, error) {
	n, places := len(p.members), p.places()
	form, idle := mat.NewSymDense(n, nil), 0.
	at := func(seats ...int) (float64, error) {
		x := make([]float64, n)
		for _, i := range seats {
			x[i] = 1
		}
		w, err := worth(x)
		idle = w.Idle
		return w.Inventories, err
	}
	for i := range n {
		v, err := at(i)
		if err != nil {
			return nil, err
		}
		form.SetSym(i, i, v)
		for k := range i {
			both, err := at(i, k)
			if err != nil {
				return nil, err
			}
			form.SetSym(i, k, (both-v-form.At(k, k))/2)
		}
	}
	return func(x []float64) float64 {
		held := mat.NewVecDense(n, nil)
		for i, place := range places {
			held.SetVec(i, x[place])
		}
		return idle + mat.Inner(held, form, held)
	}, nil
}
