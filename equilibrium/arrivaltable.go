package equilibrium

import "math"

// cellNodes is the number of Chebyshev points of a cell, both ends included: a
// polynomial through the values there is exact to some 1e−10.
const cellNodes = 9

// cell are the values at the Chebyshev points of a stretch of the time left; at
// Bernoulli steps, at its end alone.
type cell []forms

// point is where the k-th Chebyshev point of a cell is, from 0 to 1.
func point(k int) float64 { return (1 - math.Cos(math.Pi*float64(k)/(cellNodes-1))) / 2 }

// tabulate follows the values back from the end of orders to where quotes do not
// depend on it any more.
func (v *Values) tabulate() {
	a, on := v.market, len(v.market.Phases)-2
	begins := 0.
	if on > 0 {
		begins = a.Phases[on-1].Until
	}
	if a.Step > 0 {
		v.width, v.table = a.Step, []cell{{v.off}}
		v.back(v.off, on, begins, 0, nil, func(w forms) { v.table = append(v.table, cell{w}) })
		return
	}
	count := v.steps(-begins, nil, 0)
	v.width = -begins / float64(max(1, count))
	w := v.off
	for i := range count {
		end := -float64(i) * v.width
		nodes := cell{w}
		for k := 1; k < cellNodes; k++ {
			nodes = append(nodes, v.back(w, on, end-point(k)*v.width, end, nil, nil))
		}
		v.table, w = append(v.table, nodes), nodes[cellNodes-1]
	}
}

// known are the values when orders end after a time.
func (v *Values) known(left float64) func(i int, x []float64) float64 {
	if len(v.table) == 0 { // quotes never depend on it
		return v.beyond(v.off, left).values
	}
	at := left / v.width
	if v.market.Step > 0 {
		if n := int(math.Round(at)); n < len(v.table) {
			return v.table[n][0].values
		}
		return v.beyond(v.table[len(v.table)-1][0], left-float64(len(v.table)-1)*v.width).values
	}
	n := int(at)
	if n >= len(v.table) {
		last, end := v.table[len(v.table)-1][cellNodes-1], float64(len(v.table))*v.width
		return v.beyond(last, left-end).values
	}
	weights, nodes := barycentric(at-float64(n)), v.table[n]
	return func(i int, x []float64) float64 {
		sum := 0.
		for k, weight := range weights {
			if weight != 0 {
				sum += weight * nodes[k].values(i, x)
			}
		}
		return sum
	}
}

// barycentric are the weights of the Chebyshev points in the polynomial at a place.
func barycentric(x float64) (weights [cellNodes]float64) {
	total, sign := 0., 1.
	for k := range weights {
		off := x - point(k)
		if math.Abs(off) < 1e-14 {
			weights = [cellNodes]float64{}
			weights[k] = 1
			return weights
		}
		weights[k] = sign / off
		if k == 0 || k == cellNodes-1 {
			weights[k] /= 2
		}
		total += weights[k]
		sign = -sign
	}
	for k := range weights {
		weights[k] /= total
	}
	return weights
}

// beyond are the values a time further from the end of orders, where quotes are those
// of an order that never ends.
func (v *Values) beyond(w forms, time float64) forms {
	begins := 0.
	if len(v.market.Phases) > 2 {
		begins = v.market.Phases[0].Until
	}
	e := v.equation(v.market.stretch(0, begins), 0)
	out := make(forms, len(w))
	for i := range w {
		out[i] = e.followed(w[i], e.pays[i], time)
	}
	return out
}
