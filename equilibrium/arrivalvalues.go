package equilibrium

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Values is what seats can expect of a market of arrivals from a time on, for ever,
// discounted to that time, if everybody goes on as the market says. It is a quadratic
// function of the inventories, zᵀWz with z = (1, x) and x that of a member of each type.
//
// It knows the market alone: whether what is played is an equilibrium, and what its
// closed forms say, it does not ask.
type Values struct {
	market   *Arrivals
	discount float64
	off      forms // in the last phase

	// Where makers know the time left: values at multiples of cell, up to where the
	// market does not change with it any more.
	table []forms
	cell  float64
}

// forms are the W of all seats.
type forms []*mat.Dense

// Values solves for them, at the discount rate β > 0.
func (a *Arrivals) Values(β float64) *Values {
	v := &Values{market: a, discount: β}
	last := len(a.Phases) - 1
	begins := 0.
	if last > 0 {
		begins = a.Phases[last-1].Until
	}
	v.off = v.stationary(a.stretch(last, begins), 0, nil)
	if a.Anchored() {
		v.tabulate()
	}
	return v
}

// Expected is what a member of seat i expects at a time t, a tick, if the inventories
// are x and this phase holds; left is the time until the orders end, where makers know
// it.
func (v *Values) Expected(i int, x []float64, phase int, t, left float64) float64 {
	return v.At(phase, t, left)(i, x)
}

// At are the values of all seats at a time, as a function of the inventories; see
// Expected.
func (v *Values) At(phase int, t, left float64) func(i int, x []float64) float64 {
	var list forms
	switch a := v.market; {
	case phase == len(a.Phases)-1:
		list = v.off
	case a.Anchored():
		list = v.known(left)
	case a.End != nil:
		list = v.hidden(t)
	default:
		list = v.announced(phase, t)
	}
	return func(i int, x []float64) float64 { return valued(list[i], x) }
}

// valued is zᵀWz.
func valued(w *mat.Dense, x []float64) float64 {
	sum := w.At(0, 0)
	for k, held := range x {
		sum += 2 * w.At(0, 1+k) * held
		for l, other := range x {
			sum += w.At(1+k, 1+l) * held * other
		}
	}
	return sum
}

// stationary are the values in a market that does not change until, at the rate h, it
// becomes one in which they are then.
func (v *Values) stationary(s *stretch, hazard float64, then forms) forms {
	e := v.equation(s, hazard)
	out := make(forms, len(s.pays))
	for i, pay := range s.pays {
		right := mat.DenseCopyOf(pay)
		if then != nil {
			right.Add(right, e.ended(then[i]))
		}
		out[i] = e.solve(right)
	}
	return out
}

// hidden are the values while orders trade of whose end only the law is known. Unless
// it has no memory what is known of the end changes, and is followed from where hardly
// anything is left of the law.
func (v *Values) hidden(t float64) forms {
	a := v.market
	slowest := math.Inf(1)
	for _, w := range a.End.Components {
		slowest = math.Min(slowest, float64(w.Stages)/w.Mean)
	}
	if len(a.End.Components) == 1 && a.End.Components[0].Stages == 1 {
		return v.stationary(a.stretch(0, t), slowest, v.off)
	}
	far := t + 45/slowest
	return v.back(v.stationary(a.stretch(0, far), slowest, v.off), 0, t, far, a.End.Hazard, nil)
}

// announced are the values while orders trade that end at given times.
func (v *Values) announced(phase int, t float64) forms {
	w := v.off
	for k := len(v.market.Phases) - 2; k >= phase; k-- {
		from, to := t, v.market.Phases[k].Until
		if k > phase {
			from = math.Max(t, v.market.Phases[k-1].Until)
		}
		if to > from {
			w = v.back(w, k, from, to, nil, nil)
		}
	}
	return w
}

// tabulate follows the values back from the end of orders to where quotes do not
// depend on it any more.
func (v *Values) tabulate() {
	on := len(v.market.Phases) - 2
	begins := 0.
	if on > 0 {
		begins = v.market.Phases[on-1].Until
	}
	v.table = []forms{v.off}
	v.back(v.off, on, begins, 0, nil, func(cell float64, w forms) { v.cell, v.table = cell, append(v.table, w) })
}

// known are the values when orders end after a time.
func (v *Values) known(left float64) forms {
	a, on := v.market, len(v.market.Phases)-2
	end := float64(len(v.table)-1) * v.cell
	if left <= end*(1-1e-12) {
		cell := int(left / v.cell * (1 + 1e-12))
		at := float64(cell) * v.cell
		if a.Step > 0 || left <= at {
			return v.table[cell]
		}
		return v.back(v.table[cell], on, -left, -at, nil, nil)
	}
	s, fixed := a.stretch(0, -end), v.table[len(v.table)-1]
	e, rest := v.equation(s, 0), v.stationary(a.stretch(0, -end), 0, nil)
	out := make(forms, len(fixed))
	for i := range out {
		var gap mat.Dense
		gap.Sub(fixed[i], rest[i])
		out[i] = e.decayed(&gap, left-end)
		out[i].Add(out[i], rest[i])
	}
	return out
}

// pace is how much of the time in which anything changes a step takes where values are
// followed in continuous time.
const pace = .02

// back follows the values of a phase from time to back to from, with the rate at which
// the orders end meanwhile; nil is never. It visits them after every step.
func (v *Values) back(w forms, phase int, from, to float64, hazard func(t float64) float64, visit func(step float64, w forms)) forms {
	steps, h := 0, v.market.Step
	if h > 0 {
		steps = int(math.Round((to - from) / h))
	} else {
		rate := v.discount + 2*v.market.reversion()
		if hazard != nil {
			rate += hazard(to)
		}
		steps = int(math.Ceil((to - from) * rate / pace))
		h = (to - from) / float64(max(1, steps))
	}
	for k := range steps {
		w = v.step(w, phase, to-float64(k)*h, h, hazard)
		if visit != nil {
			visit(h, w)
		}
	}
	return w
}

// step is one of length h back from time t: at Bernoulli steps exact, else by the
// classical method of Runge and Kutta.
func (v *Values) step(w forms, phase int, t, h float64, hazard func(t float64) float64) forms {
	at := func(t float64) *equation {
		rate := 0.
		if hazard != nil {
			rate = hazard(t)
		}
		return v.equation(v.market.stretch(phase, t), rate)
	}
	out := make(forms, len(w))
	if v.market.Step > 0 {
		e := at(t - h)
		for i := range out {
			out[i] = e.before(w[i], v.off[i], e.pays[i])
		}
		return out
	}
	late, middle, early := at(t), at(t-h/2), at(t-h)
	for i := range out {
		slope := func(e *equation, add float64, previous *mat.Dense) *mat.Dense {
			at := mat.DenseCopyOf(w[i])
			if previous != nil {
				var more mat.Dense
				more.Scale(add, previous)
				at.Add(at, &more)
			}
			return e.before(at, v.off[i], e.pays[i])
		}
		k1 := slope(late, 0, nil)
		k2 := slope(middle, h/2, k1)
		k3 := slope(middle, h/2, k2)
		k4 := slope(early, h, k3)
		out[i] = mat.NewDense(late.width, late.width, nil)
		out[i].Apply(func(j, k int, _ float64) float64 {
			return w[i].At(j, k) + h/6*(k1.At(j, k)+2*k2.At(j, k)+2*k3.At(j, k)+k4.At(j, k))
		}, w[i])
	}
	return out
}
