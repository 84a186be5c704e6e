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

	// Where makers know the time left: values in cells of it, up to where the market
	// does not change with it any more.
	table []cell
	width float64 // of a cell
}

// forms are the W of all seats.
type forms []*mat.Dense

// Values solves for them, at the discount rate β > 0; the error is that of Validate.
func (a *Arrivals) Values(β float64) (*Values, error) {
	if err := a.Validate(); err != nil {
		return nil, err
	}
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
	return v, nil
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
	if a := v.market; a.Anchored() && phase < len(a.Phases)-1 {
		return v.known(left)
	}
	list := v.off
	switch {
	case phase == len(v.market.Phases)-1:
	case v.market.End != nil:
		list = v.hidden(t)
	default:
		list = v.announced(phase, t)
	}
	return list.values
}

// values are those of the seats.
func (w forms) values(i int, x []float64) float64 { return valued(w[i], x) }

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

// pace is how much of the time in which anything changes a step takes where values are
// followed in continuous time.
const pace = 1

// steps is how many steps a stretch of time takes in continuous time.
func (v *Values) steps(length float64, hazard func(t float64) float64, at float64) int {
	rate := v.discount + 2*v.market.reversion()
	if hazard != nil {
		rate += hazard(at)
	}
	return int(math.Ceil(length * rate / pace))
}

// back follows the values of a phase from time to back to from, with the rate at which
// the orders end meanwhile; nil is never. It visits them after every step.
func (v *Values) back(w forms, phase int, from, to float64, hazard func(t float64) float64, visit func(forms)) forms {
	steps, h := 0, v.market.Step
	if h > 0 {
		steps = int(math.Round((to - from) / h))
	} else {
		steps = v.steps(to-from, hazard, to)
		h = (to - from) / float64(max(1, steps))
	}
	for k := range steps {
		w = v.step(w, phase, to-float64(k)*h, h, hazard)
		if visit != nil {
			visit(w)
		}
	}
	return w
}

// step is one of length h back from time t: at Bernoulli steps exact, else by the
// midpoint rule with more and more points, extrapolated (Gragg, Bulirsch and Stoer).
func (v *Values) step(w forms, phase int, t, h float64, hazard func(t float64) float64) forms {
	at := func(t float64, w forms) forms {
		rate := 0.
		if hazard != nil {
			rate = hazard(t)
		}
		e := v.equation(v.market.stretch(phase, t), rate)
		out := make(forms, len(w))
		for i := range out {
			out[i] = e.before(w[i], v.off[i], e.pays[i])
		}
		return out
	}
	if v.market.Step > 0 {
		return at(t-h, w)
	}
	var tableau []forms
	for k := range extrapolated {
		n := 2 * (k + 1)
		sub := h / float64(n)
		last, now := w, w.plus(sub, at(t, w))
		for m := 1; m < n; m++ {
			last, now = now, last.plus(2*sub, at(t-float64(m)*sub, now))
		}
		now = now.plus(1, last).plus(sub, at(t-h, now))
		for i := range now {
			now[i].Scale(.5, now[i])
		}
		tableau = append(tableau, now)
		for j := k - 1; j >= 0; j-- { // Neville's scheme in the square of the substep
			ratio := float64(k+1) / float64(j+1)
			difference := tableau[j+1].plus(-1, tableau[j])
			tableau[j] = tableau[j+1].plus(1/(ratio*ratio-1), difference)
		}
	}
	return tableau[0]
}

// extrapolated is how many midpoint rules are taken together.
const extrapolated = 5

// plus is w + h·d.
func (w forms) plus(h float64, d forms) forms {
	out := make(forms, len(w))
	for i := range out {
		var scaled mat.Dense
		scaled.Scale(h, d[i])
		out[i] = &scaled
		out[i].Add(out[i], w[i])
	}
	return out
}
