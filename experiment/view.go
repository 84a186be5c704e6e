package experiment

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/equilibrium/closedform"
)

// view is how a market is shown: member by member, or by types.
type view struct {
	market *Market
	seats  []equilibrium.Seat // shown rows
	names  []string
	counts []int // nil member by member
	types  []int // type of each row
}

func (m *Market) view() *view {
	v := &view{market: m}
	if m.Game.Members() <= shownMembers {
		v.seats, v.names = m.Seats, m.Names
	} else {
		for t, trader := range m.Game.Traders {
			v.seats = append(v.seats, equilibrium.Seat{Type: t, Members: trader.Count})
			v.names = append(v.names, trader.Name)
			v.counts = append(v.counts, trader.Count)
		}
	}
	for _, seat := range v.seats {
		v.types = append(v.types, seat.Type)
	}
	return v
}

// worth is what inventories are worth in a solution.
type worth struct {
	a          [][][]float64
	k, welfare []float64
}

// values of one member per row, at the initial inventories.
func (v *view) values(s *equilibrium.Solution, full bool) (worth, error) {
	if v.counts != nil && !full && len(v.market.Seats) > 2*len(v.counts) {
		return v.valuesByType(s)
	}
	list, err := s.ValuesOn(v.market.Seats, v.market.Covariance)
	if err != nil {
		return worth{}, err
	}
	var w worth
	seen := make(map[int]bool)
	for i, seat := range v.market.Seats {
		if seat.Members > 1 || v.counts != nil && seen[seat.Type] {
			continue
		}
		seen[seat.Type] = true
		w.k = append(w.k, list[i].K)
		w.welfare = append(w.welfare, list[i].At(v.market.Initial))
		if v.counts == nil || full && v.market.followsMembers() {
			w.a = append(w.a, rows(list[i].Dense()))
		}
	}
	return w, nil
}

// valuesByType values a tagged member of each type beside the totals of all
// others, so that the size of the types does not matter.
func (v *view) valuesByType(s *equilibrium.Solution) (worth, error) {
	var w worth
	for t := range v.counts {
		seats := s.Game.Tagged(t)
		initial, covariance := v.market.regroup(seats)
		value, err := s.ValueOn(seats, 0, covariance)
		if err != nil {
			return worth{}, err
		}
		w.k, w.welfare = append(w.k, value.K), append(w.welfare, value.At(initial))
	}
	return w, nil
}

// regroup sums initial inventories and covariance over other seats of the same
// members: the first single member of a type takes the place of a tagged one.
func (m *Market) regroup(seats []equilibrium.Seat) (initial []float64, covariance *mat.SymDense) {
	sum := mat.NewDense(len(seats), len(m.Seats), nil)
	left := make([]int, len(seats))
	for i, seat := range seats {
		left[i] = seat.Members
	}
	for j, from := range m.Seats {
		for i, to := range seats {
			if to.Type == from.Type && left[i] >= from.Members {
				sum.Set(i, j, 1)
				left[i] -= from.Members
				break
			}
		}
	}
	var x mat.VecDense
	x.MulVec(sum, mat.NewVecDense(len(m.Initial), m.Initial))
	var half, full mat.Dense
	half.Mul(sum, m.Covariance)
	full.Mul(&half, sum.T())
	covariance = mat.NewSymDense(len(seats), nil)
	for i := range seats {
		for j := i; j < len(seats); j++ {
			covariance.SetSym(i, j, full.At(i, j))
		}
	}
	return x.RawVector().Data, covariance
}

func (v *view) continuous(s *equilibrium.Solution, full bool) (*Continuous, error) {
	w, err := v.values(s, full)
	if err != nil {
		return nil, err
	}
	out := &Continuous{
		P: s.PriceOn(v.seats), Q: rows(s.FlowsOn(v.seats)), A: w.a, K: w.k, Welfare: w.welfare, Residual: s.Residual,
	}
	if v.counts != nil {
		out.Speeds = s.Speeds()
	} else if speeds, vectors, ok := s.Modes(); ok {
		out.Speeds, out.Eigenvectors = speeds, rows(vectors)
	} else { // complex, or equal but for rounding
		out.Speeds = s.Speeds()
	}
	out.Impact = v.impact(s)
	out.FirstBest = v.firstBest()
	out.ClosedForm = v.closedForm(0, out.P, out.Q)
	return out, nil
}

func (v *view) impact(s *equilibrium.Solution) Impact {
	var out Impact
	if v.market.Game.Members() == 1 {
		return out // a fringe alone has nobody to sell to
	}
	defined := true
	for _, t := range v.types {
		i := s.ImpactOf(t)
		out.Instantaneous = append(out.Instantaneous, i.Instantaneous)
		out.Permanent = append(out.Permanent, i.Permanent)
		out.Transient = append(out.Transient, i.Transient)
		defined = defined && !math.IsNaN(i.Permanent)
	}
	if !defined {
		out.Permanent, out.Transient = nil, nil
	}
	return out
}

// firstBest is the price without market power, −1/(rβ) for every unit. Common
// values do not change it: X counts them in, and trade moves X_i one for one.
// Under exponential utility it depends on the shocks, and is nil.
func (v *view) firstBest() *Price {
	if v.market.Game.Exponential {
		return nil
	}
	p := &Price{}
	for range v.types {
		p.P = append(p.P, -1/(v.market.Game.DiscountRate*v.market.Game.RiskCapacity()))
	}
	return p
}

func (v *view) discrete(s *equilibrium.Solution, full bool) (*Discrete, error) {
	w, err := v.values(s, full)
	if err != nil {
		return nil, err
	}
	out := &Discrete{
		Step: s.Timing.Step, P: s.PriceOn(v.seats), Q: rows(s.FlowsOn(v.seats)),
		A: w.a, K: w.k, Welfare: w.welfare, Residual: s.Residual,
	}
	out.ClosedForm = v.closedForm(out.Step, out.P, out.Q)
	return out, nil
}

// approximation is nil by types and where (SS 41) does not hold: where anybody
// is not strategic, under common values and exponential utility.
func (v *view) approximation() *Approximation {
	if v.counts != nil || v.market.Game.Interaction != nil || v.market.Game.Exponential {
		return nil
	}
	var costs []float64
	for _, seat := range v.seats {
		trader := v.market.Game.Traders[seat.Type]
		if trader.Kind != equilibrium.Strategic {
			return nil
		}
		costs = append(costs, trader.HoldingCost)
	}
	m, err := closedform.NearSymmetric(costs, v.market.Game.DiscountRate)
	if err != nil {
		return nil
	}
	return &Approximation{P: m.P, Q: rows(m.Q)}
}

// rows copies a matrix into nested slices; rounding residue of exact zeros
// stays as it is.
func rows(m mat.Matrix) [][]float64 {
	r, c := m.Dims()
	out := make([][]float64, r)
	for i := range out {
		out[i] = make([]float64, c)
		for j := range out[i] {
			out[i][j] = m.At(i, j)
		}
	}
	return out
}
