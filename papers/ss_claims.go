package papers

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
	"walras/experiment"
)

// comparisons are the effects of common values and of risk aversion that section 6
// and appendix A.2 describe: the examples against the one of section 5.1.
func comparisons(p *page, _ lab) error {
	base, err := solved("five-traders")
	if err != nil {
		return err
	}
	p.market = five
	knows, err := solved("five-traders-common-values")
	if err != nil {
		return err
	}
	b, c := base.Continuous, knows.Continuous
	largest := largestRatio(c.Q, b.Q)
	p.claim("section 6", "largest ratio of an entry of Q to that of section 5.1", "< 1: all are nearer to 0", largest, largest < 1)
	slower(p, "section 6", "common values", knows, base)
	p.claim("section 6", "Q_22 − Q_11, which is positive in section 5.1", "< 0: trader 2 is slower than trader 1", c.Q[1][1]-c.Q[0][0], c.Q[1][1] < c.Q[0][0] && b.Q[1][1] > b.Q[0][0])
	more := c.Impact.Instantaneous[1] / b.Impact.Instantaneous[1]
	others := 0.
	for i, v := range c.Impact.Instantaneous {
		if i != 1 {
			others = math.Max(others, v/b.Impact.Instantaneous[i])
		}
	}
	p.claim("section 6", "I² over that of section 5.1", "goes up most of all", more, more > 1 && more > others)
	spread, share := absorption(c.Q)
	p.claim("section 6", "sales of trader 2: least share that another absorbs over the largest", "nearly 1: about equally", spread, spread > .85)
	p.claim("section 6", "sales of others: largest share that trader 2 absorbs, over the mean of the rest", "well below 1: it absorbs less", share, share < .5)
	return riskAversion(p, base)
}

// largestRatio is that of entries of a to those of b, in absolute value.
func largestRatio(a, b [][]float64) float64 {
	most := 0.
	for i := range a {
		for j := range a[i] {
			most = math.Max(most, math.Abs(a[i][j]/b[i][j]))
		}
	}
	return most
}

// slower compares the speeds at which misallocations are traded away.
func slower(p *page, place, what string, e, base *experiment.Equilibrium) {
	most := 0.
	for k := 1; k < len(e.Continuous.Speeds); k++ { // the first is 0
		most = math.Max(most, e.Continuous.Speeds[k]/base.Continuous.Speeds[k])
	}
	p.claim(place, what+": largest ratio of a speed K to that of section 5.1", "< 1: trade is slower", most, most < 1)
}

// absorption is how evenly the others take what trader 2 sells, least over most, and
// the largest part that trader 2 takes of what another sells, over the mean of the rest.
func absorption(q [][]float64) (even, second float64) {
	least, most := math.Inf(1), 0.
	for j := range q {
		if j == 1 {
			for i := range q {
				if i != j {
					least, most = math.Min(least, -q[i][j]), math.Max(most, -q[i][j])
				}
			}
			continue
		}
		rest := q[j][j] + q[1][j] // all of it less what trader 2 takes
		second = math.Max(second, -q[1][j]/(rest/float64(len(q)-2)))
	}
	return least / most, second
}

// riskAversion is appendix A.2, after its two examples.
func riskAversion(p *page, base *experiment.Equilibrium) error {
	equal, err := solved("five-traders-exponential", equalShocks)
	if err != nil {
		return err
	}
	unequal, err := solved("five-traders-exponential")
	if err != nil {
		return err
	}
	for _, example := range []struct {
		place string
		*experiment.Equilibrium
		printed string
		most    float64
	}{
		{"appendix A.2, equal shocks", equal, "> 1: prices are slightly more sensitive", 1.05},
		{"appendix A.2, unequal shocks", unequal, "> 1: impact of shocks rises", math.Inf(1)},
	} {
		least, most := math.Inf(1), 0.
		for i, v := range example.Continuous.P {
			least, most = math.Min(least, v/base.Continuous.P[i]), math.Max(most, v/base.Continuous.P[i])
		}
		p.claim(example.place, "least ratio of an entry of P to that of section 5.1", example.printed, least, least > 1 && most < example.most)
	}
	slower(p, "appendix A.2, equal shocks", "exponential utility", equal, base)
	slowed := func(traders ...int) float64 { // mean of what is left of their rates
		sum := 0.
		for _, i := range traders {
			sum += unequal.Continuous.Q[i][i] / base.Continuous.Q[i][i]
		}
		return sum / float64(len(traders))
	}
	calm, shaken := slowed(0, 3, 4), slowed(1, 2)
	p.claim("appendix A.2, unequal shocks", "mean rate Q_ii of traders 1, 4 and 5 over that of section 5.1", "< 1, and less than that of 2 and 3, whose shocks are larger", calm, calm < 1 && calm < shaken)
	first := slices.Max(unequal.Continuous.Speeds) / slices.Max(base.Continuous.Speeds)
	p.claim("appendix A.2, unequal shocks", "largest speed K over that of section 5.1", "< 1: trade tends to be slower", first, first < 1)
	return nil
}

// modes are (23) and (24), value functions and conditions in the eigenvectors of Q.
// The scan has lost the signs of sums and of inverses in (24).
func modes(p *page, _ lab) error {
	e, err := solved("five-traders", set("discount_rate", rate))
	if err != nil {
		return err
	}
	costs := []float64{1, 1.5, 2, 2.5, 3}
	g := equilibrium.Game{DiscountRate: rate}
	for i, b := range costs {
		g.Traders = append(g.Traders, equilibrium.Trader{Name: e.Agents[i], HoldingCost: b, Count: 1})
	}
	s, err := g.Continuous()
	if err != nil {
		return err
	}
	const i, k, l = 1, 2, 3 // a trader and two modes
	seats, n, κ := g.Seats(1), len(costs), e.Continuous.Speeds
	value, err := s.ValueOn(seats, i, mat.NewSymDense(n, nil))
	if err != nil {
		return err
	}
	u, inverse := mat.NewDense(n, n, slices.Concat(e.Continuous.Eigenvectors...)), new(mat.Dense)
	if err := inverse.Inverse(u); err != nil {
		return err
	}
	var pu mat.VecDense
	pu.MulVec(u.T(), mat.NewVecDense(n, s.PriceOn(seats)))
	printed := (-costs[i]*u.At(i, k)*u.At(i, l) + pu.AtVec(k)*u.At(i, l)*κ[l] + pu.AtVec(l)*u.At(i, k)*κ[k]) / (2 * (rate + κ[k] + κ[l]))
	p.market = "b = 1, 1.5, 2, 2.5, 3, r = 0.6"
	p.formula("(23)", "(UᵀA²U)_34", "(−b²u_23u_24 + (PU)_3u_24κ_4 + (PU)_4u_23κ_3)/(2(r + κ_3 + κ_4))", printed, mat.Inner(u.ColView(k), value.A, u.ColView(l)))
	worth, own := 0., 0.
	for m := range n {
		worth += pu.AtVec(m) * inverse.At(m, i) / (rate + κ[k] + κ[m])
		own += u.At(i, m) * κ[m] * inverse.At(m, i) / (rate + κ[k] + κ[m])
	}
	left := u.At(i, k) * (costs[i] + κ[k]*(rate+κ[k])*worth/own)
	p.formula("(24)", "−(r + κ_3)(PU)_3", "u_23(b² + κ_3(r + κ_3) Σ_l (PU)_l u^{l2}/(r + κ_3 + κ_l) / Σ_l u_2lκ_l u^{l2}/(r + κ_3 + κ_l))", left, -(rate+κ[k])*pu.AtVec(k))
	return nil
}

// committed is the proof of Proposition 8: where a finite rate is best.
func committed(p *page, _ lab) error {
	const bL, bF, r = large, fringe, rate
	best, err := closedform.BestCommitment(bL, bF, r)
	if err != nil {
		return err
	}
	// κ = qr(1 + b_L/b_F), so that q = 1/2 in equilibrium, (19).
	first := func(q float64) float64 { return bF + 2*q*bL - q*q*(bL-bL*bL/bF+2*bF) }
	square := bL - bL*bL/bF + 2*bF
	root := (bL + math.Sqrt(bL*bL+square*bF)) / square
	p.market = "b_L = 1.3, b_F = 2.1, r = 0.6"
	p.formula("proof of Proposition 8", "best rate κ to commit to", "qr(1 + b_L/b_F), q the root of b_F + 2qb_L − q²(b_L − b_L²/b_F + 2b_F)", root*r*(1+bL/bF), best)
	p.claim("proof of Proposition 8", "that quadratic at the equilibrium, q = 1/2", "> 0: a faster rate is better", first(.5), first(.5) > 0)
	κ := r / 2 * (bL + bF) / bF
	p.claim("Proposition 8", "best rate to commit to over the rate of the equilibrium", "> 1: it would commit to sell faster", best/κ, best > κ)
	worth := func(speed float64) float64 {
		v, failed := closedform.CommitmentValue(bL, bF, r, speed, 0)
		if failed != nil && err == nil {
			err = failed
		}
		return v
	}
	loss := worth(best) - math.Max(worth(.99*best), worth(1.01*best))
	p.claim("Proposition 8", "value at the best rate, less that at a rate 1 % off", "> 0: largest there", loss, loss > 0)
	return err
}
