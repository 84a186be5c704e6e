package closedform

import "gonum.org/v1/gonum/mat"

// value solves SS (16) along u, v and s, which decay at the speeds κ, κ̃ and 0:
//
//	(r + κ_j + κ_k) A_jk = ½(p_j q_k + p_k q_j) − (b/2) x_j x_k
//
// for a trader with holding cost b, selling rate q and inventory x, both given
// by their coefficients along u, v and s.
func (g identical) value(holdingCost float64, sell, inventory [3]float64) (a [3][3]float64) {
	speeds := [3]float64{g.speed, g.speedFringe, 0}
	for j := range a {
		for k := range a {
			flow := (g.price[j]*sell[k]+g.price[k]*sell[j])/2 - holdingCost/2*inventory[j]*inventory[k]
			a[j][k] = flow / (g.rate + speeds[j] + speeds[k])
		}
	}
	return a
}

// largeValue is A^i of large trader i. It sells κu + κ̃v/n and holds
// u + v/n + s/(b_Lβ).
func (g identical) largeValue(i int) *mat.SymDense {
	nn := float64(g.n)
	a := g.value(g.large,
		[3]float64{g.speed, g.speedFringe / nn, 0},
		[3]float64{1, 1 / nn, 1 / (g.large * g.capacity)})
	return g.expand(a, func(j int) float64 {
		switch {
		case j == g.n:
			return 0
		case j == i:
			return 1 - 1/nn
		default:
			return -1 / nn
		}
	})
}

// fringeValue is A^F. The fringe sells −κ̃v and holds ts − v.
func (g identical) fringeValue() *mat.SymDense {
	a := g.value(g.fringe,
		[3]float64{0, -g.speedFringe, 0},
		[3]float64{0, -1, g.share})
	return g.expand(a, func(int) float64 { return 0 })
}

// expand returns the quadratic form a in terms of inventories, where excess(j)
// is the coefficient of X_j in u.
func (g identical) expand(a [3][3]float64, excess func(j int) float64) *mat.SymDense {
	coordinates := func(j int) [3]float64 {
		if j == g.n {
			return [3]float64{excess(j), g.share - 1, 1}
		}
		return [3]float64{excess(j), g.share, 1}
	}
	size := g.n + 1
	out := mat.NewSymDense(size, nil)
	for j := range size {
		left := coordinates(j)
		for k := j; k < size; k++ {
			right := coordinates(k)
			var sum float64
			for c := range a {
				for d := range a {
					sum += left[c] * a[c][d] * right[d]
				}
			}
			out.SetSym(j, k, sum)
		}
	}
	return out
}
