package experiment

import (
	"math"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
)

// ClosedForm is a formula for a market that has one, beside the numbers of the
// solver.
type ClosedForm struct {
	Source     string      `json:"source"`
	P          []float64   `json:"P"`
	Q          [][]float64 `json:"Q"`
	Difference float64     `json:"difference"` // largest, relative to the largest entry of P or Q
}

// form is a market with a closed form: all traders alike, also with the same
// common values between all, or strategic traders alike beside a fringe that
// comes last. Alike in cost and impact factor, all conducts come to the same.
type form struct {
	large      int
	cost, rate float64
	factor     float64 // φ of the misperceived; 0 of all others
	bounded    bool    // somebody is not strategic
	fringe     float64 // its holding cost; 0 without one
	common     float64 // φ of common values; 0 for private values
	committed  float64 // the rate to which the one large trader is bound; 0 in equilibrium
}

// formOf recognises a market, shown member by member; ok is false where there
// is no formula.
func (v *view) formOf() (f form, ok bool) {
	common, uniform := v.market.Game.CommonValue()
	if v.counts != nil || v.market.Game.Exponential || !uniform {
		return form{}, false
	}
	f.common = common
	f.rate = v.market.Game.DiscountRate
	for i, seat := range v.seats {
		trader := v.market.Game.Traders[seat.Type]
		switch {
		case trader.Kind == equilibrium.Fringe && i == len(v.seats)-1:
			f.fringe = trader.HoldingCost
		case trader.Kind == equilibrium.Fringe || f.large > 0 && (trader.HoldingCost != f.cost || trader.ImpactFactor != f.factor):
			return form{}, false
		default:
			f.cost, f.factor, f.large = trader.HoldingCost, trader.ImpactFactor, f.large+1
			f.bounded = f.bounded || trader.Kind != equilibrium.Strategic
		}
	}
	return f, f.large > 0 && !(f.bounded && f.fringe > 0)
}

// closedForm is the formula for the market in continuous time, or in the
// discrete game if step > 0; nil where there is none.
func (v *view) closedForm(step float64, p []float64, q [][]float64) *ClosedForm {
	f, ok := v.formOf()
	if ok && v.market.Commitment != nil {
		var err error
		f.committed, err = v.market.committedRate(step)
		ok = err == nil
	}
	if !ok {
		return nil
	}
	m, source, err := f.evaluate(step)
	if source == "" || err != nil {
		return nil
	}
	c := &ClosedForm{Source: source, P: m.P, Q: rows(m.Q)}
	c.Difference = distance([][]float64{c.P}, [][]float64{p})
	c.Difference = math.Max(c.Difference, distance(c.Q, q))
	return c
}

// evaluate picks the formula; source is empty where there is none.
func (f form) evaluate(step float64) (m closedform.Mechanism, source string, err error) {
	switch {
	case f.committed > 0 && step > 0:
		m, err = closedform.LargeAndFringeCommittedDiscrete(f.cost, f.fringe, f.rate, f.committed, step)
		return m, "commitment to a rate, discrete game", err
	case f.committed > 0:
		m, err = closedform.LargeAndFringeCommitted(f.cost, f.fringe, f.rate, f.committed)
		return m, "commitment to a rate (SS Proposition 8)", err
	case step > 0 && f.common != 0:
		m, err = closedform.SymmetricCommonDiscrete(f.large, f.cost, f.rate, f.common, step)
		return m, "identical traders with common values, discrete game", err
	case f.common != 0:
		m, err = closedform.SymmetricCommon(f.large, f.cost, f.rate, f.common)
		return m, "identical traders with common values (SS section 6)", err
	case f.factor > 0 && step > 0:
		m, err = closedform.MisperceivedDiscrete(f.large, f.cost, f.factor, f.rate, step)
		return m, "identical traders who misperceive their impact, discrete game", err
	case f.factor > 0:
		m, err = closedform.Misperceived(f.large, f.cost, f.factor, f.rate)
		return m, "identical traders who misperceive their impact", err
	case step > 0 && f.fringe == 0:
		m, err = closedform.SymmetricDiscrete(f.large, f.cost, f.rate, step)
		return m, "identical traders, discrete game", err
	case step > 0:
		return m, "", nil
	case f.fringe == 0:
		m, err = closedform.Symmetric(f.large, f.cost, f.rate)
		return m, "identical traders (SS Proposition 12)", err
	case f.large == 1:
		m, err = closedform.LargeAndFringe(f.cost, f.fringe, f.rate)
		return m, "one large trader and a fringe (SS Propositions 5, 6)", err
	default:
		m, _, err = closedform.IdenticalLargeAndFringe(f.large, f.cost, f.fringe, f.rate)
		return m, "identical large traders and a fringe (SS section 5.6)", err
	}
}

// distance is the largest difference of two matrices, relative to the largest
// entry of the first.
func distance(a, b [][]float64) float64 {
	difference, scale := 0.0, 0.0
	for i := range a {
		for j := range a[i] {
			difference = math.Max(difference, math.Abs(a[i][j]-b[i][j]))
			scale = math.Max(scale, math.Abs(a[i][j]))
		}
	}
	return difference / scale
}
