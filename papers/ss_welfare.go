package papers

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
)

// welfare is Propositions 7 to 9 and footnote 25, on both sides of each threshold.
func welfare(p *page, _ lab) error {
	p.market = "r = 1"
	const off = .01
	for _, side := range []float64{-off, off} {
		share := closedform.MergerThreshold + side
		e, err := solved("merger", set("agents.large.holding_cost", 1/share), set("agents.rest.holding_cost", 1/(1-share)))
		if err != nil {
			return err
		}
		v := e.Experiments.Merger.Continuous.Eigenvalues[1]
		printed := "≥ 0 is possible above a half"
		if side < 0 {
			printed = "< 0: a merger of less than a half of the market loses"
		}
		p.claim("Proposition 7", "gain of merging, share "+short(share)+" of risk capacity (the eigenvalue that is not 0)", printed, v, v*side > 0)
	}
	for _, side := range []float64{-off, off} {
		share := closedform.CommitmentThreshold + side
		e, err := solved("commitment", set("commitment", "null"), set("agents.large.holding_cost", 1/share), set("agents.fringe.holding_cost", 1/(1-share)))
		if err != nil {
			return err
		}
		best, printed := e.Experiments.Commitment.Continuous.BestRate, "finite above a third"
		if side < 0 {
			printed = "infinite up to a third"
		}
		v := math.NaN()
		if best != nil {
			v = *best
		}
		p.claim("Proposition 8", "best rate to commit to, share "+short(share), printed, v, (best == nil) == (side < 0))
	}
	for _, side := range []float64{-off, off} {
		share := closedform.EntryThreshold + side
		e, err := solved("entry", set("agents.large.holding_cost", 1), set("agents.fringe.holding_cost", share/(1-share)))
		if err != nil {
			return err
		}
		v, printed := e.Experiments.Entry.Continuous.Slope, "does not go up by entry"
		if side < 0 {
			printed = "goes up by entry below a quarter"
		}
		p.claim("Proposition 9", "slope of the large trader's welfare in the fringe's holding cost, share "+short(share), printed, v, v*side > 0)
	}
	return pairs(p)
}

// pairs is footnote 25: mergers in pairs, with continuous trade. The welfare is
// that of the solver, with traders one by one.
func pairs(p *page) error {
	const variance = .3
	total := func(n int, b, v float64) (float64, error) {
		g := identical(n, b, rate, equilibrium.Strategic)
		s, err := g.Continuous()
		if err != nil {
			return 0, err
		}
		c := mat.NewSymDense(n, nil)
		for i := range n {
			c.SetSym(i, i, v)
		}
		values, err := s.ValuesOn(g.Seats(n), c)
		sum := 0.
		for _, value := range values {
			sum += value.K
		}
		return sum, err
	}
	before, err := total(12, cost, variance)
	if err != nil {
		return err
	}
	after, err := total(6, cost/2, 2*variance)
	if err != nil {
		return err
	}
	p.market = "b = 1.7, r = 0.6"
	p.formula("footnote 25", "welfare of 6 traders merged from 12", "that of the 12", before, after)
	return nil
}

// conduct is (15) and (33): the conditions of rational traders, and of those who
// reckon without transient impact.
func conduct(p *page, _ lab) error {
	costs := []float64{1, 1.5, 2, 2.5, 3}
	market := func(kind equilibrium.Kind) (equilibrium.Game, *equilibrium.Solution, error) {
		g := equilibrium.Game{DiscountRate: rate}
		for i, b := range costs {
			g.Traders = append(g.Traders, equilibrium.Trader{Name: string(rune('a' + i)), Kind: kind, HoldingCost: b, Count: 1})
		}
		s, err := g.Continuous()
		return g, s, err
	}
	g, s, err := market(equilibrium.Strategic)
	if err != nil {
		return err
	}
	const i, j = 1, 3
	seats := g.Seats(1)
	price, q := s.PriceOn(seats), s.FlowsOn(seats)
	value, err := s.ValueOn(seats, i, mat.NewSymDense(len(costs), nil))
	if err != nil {
		return err
	}
	right := 0.
	for k := range costs {
		right += 2 * value.A.At(j, k) * q.At(k, i)
	}
	p.market = "b = 1, 1.5, 2, 2.5, 3, r = 0.6"
	p.formula("(15)", "p²Q²_4 + q²²P_4", "2(A²Q·²)_4", right, price[i]*q.At(i, j)+q.At(i, i)*price[j])

	_, s, err = market(equilibrium.NoTransient)
	if err != nil {
		return err
	}
	price, q = s.PriceOn(seats), s.FlowsOn(seats)
	impact := s.ImpactOf(i)
	revenue := make([]float64, len(costs)) // P − IQ^i
	for k := range revenue {
		revenue[k] = price[k] - impact.Instantaneous*q.At(i, k)
	}
	drift := 0.
	for k := range revenue {
		drift += revenue[k] * q.At(k, j)
	}
	p.formula("(33)", "((P − I²Q²)(rI − Q))_4", "−b²1²_4 + λ²Q²_4", impact.Permanent*q.At(i, j), rate*revenue[j]-drift).errs("SS-1")
	p.formula("(33), corrected", "((P − I²Q²)(rI + Q))_4", "−b²1²_4 + λ²Q²_4", impact.Permanent*q.At(i, j), rate*revenue[j]+drift)
	return nil
}
