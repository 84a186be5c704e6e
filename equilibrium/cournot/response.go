package cournot

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/mat"

	"walras/internal/lyapunov"
)

// Deviation is what one maker can gain by leaving its policy while the others
// keep theirs.
type Deviation struct {
	Gain     float64 // money, present value
	Response *Play   // all makers' play when it does
}

// Apart lets one member of seat j follow its own inventory beside the others, who
// do what they would have done had it not left its path: each follows its own
// inventory, too, and none that of the member. The member has the last seat; seat
// j stays with one member less, whose inventory is that of the plan.
//
// Against published and open_loop this is what the others do by the solution
// itself; under feedback they would respond to the member's inventory.
func (p *Profile) Apart(j int) *Profile {
	seats, size := len(p.Members), p.jump.Len()
	q := *p
	q.Seats, q.Reversion = p.Seats.apart(j), apart(p.Reversion, j)
	q.plan, q.member = p, j
	q.rates = mat.NewDense(seats+1, size, nil)
	q.rates.Slice(0, seats, 0, size).(*mat.Dense).Copy(p.rates)
	q.rates.SetRow(seats, p.rates.RawRowView(j))
	return &q
}

// apart gives a member of seat j a seat of its own.
func (p *Seats) apart(j int) Seats {
	q := *p
	q.Members = append(slices.Clone(p.Members), 1)
	q.Members[j]--
	q.InventoryCosts = append(slices.Clone(p.InventoryCosts), p.InventoryCosts[j])
	return q
}

// apart is how inventories revert with a member of seat j at the end of the list.
// It follows its own inventory where seat j follows that of seat j; on the path of
// the plan the two are the same.
func apart(reversion *mat.Dense, j int) *mat.Dense {
	seats, _ := reversion.Dims()
	m := mat.NewDense(seats+1, seats+1, nil)
	m.Slice(0, seats, 0, seats).(*mat.Dense).Copy(reversion)
	for k := range seats {
		m.Set(seats, k, reversion.At(j, k))
	}
	m.Set(seats, j, 0)
	m.Set(seats, seats, reversion.At(j, j))
	return m
}

// Apart is the play of the profile's [Profile.Apart].
func (p *Play) Apart(j int) *Play { return p.Profile.Apart(j).Play(p.Flows) }

// BestResponse is the profile in which seat j, a single maker, does what is best
// for it while all others keep their policies. With E all inventories but x_j,
// ρ = Σ r and m = Σ row of M over the others, its value is −x'Px + g'x + c and its
// net trade ½(n − ρ) + δg_j + k'x, k = ½m − 2δPe_j, where
//
//	0 = ηe_je_j' − βP − kk'/(2δ) − PEM − M'EP,
//	g' = −βg − (M'E − ke_j')g + (n − ρ)k/(2δ) − 2PEr in time to go.
//
// The horizon is infinite: others do not mirror the maker, and its problem is concave.
func (p *Profile) BestResponse(j int) (*Profile, error) {
	if err := p.single(j); err != nil {
		return nil, err
	}
	seats, size, δ := len(p.Members), p.jump.Len(), p.Activity
	m, ρ := p.others(j)
	curvature, err := p.responseCurvature(j, m)
	if err != nil {
		return nil, fmt.Errorf("cournot: best response: %w", err)
	}
	k := mat.NewVecDense(seats, nil)
	for i := range seats {
		k.SetVec(i, m.AtVec(i)/2-2*δ*curvature.At(i, j))
	}
	q := *p
	q.plan = nil
	q.Reversion = mat.DenseCopyOf(p.Reversion)
	others := mat.DenseCopyOf(p.rates) // E r
	for i := range seats {
		q.Reversion.Set(j, i, -k.AtVec(i))
	}
	for i := range size {
		others.Set(j, i, 0)
	}
	left := scaledVec(-1, ρ) // n − ρ
	left.SetVec(size-1, left.AtVec(size-1)+1)

	// z becomes (y, 2δg, n).
	q.follow = mat.NewDense(size+seats, size+seats, nil)
	q.rates = mat.NewDense(seats, size+seats, nil)
	q.jump = mat.NewVecDense(size+seats, nil)
	at := func(i int) int { // where coordinate i of z goes
		if i == size-1 {
			return size + seats - 1
		}
		return i
	}
	var drive, worth mat.Dense
	drive.Outer(1, k, left)
	worth.Mul(curvature, others)
	worth.Scale(4*δ, &worth)
	drive.Sub(&drive, &worth)
	for i := range size {
		q.jump.SetVec(at(i), p.jump.AtVec(i))
		for l := range size {
			q.follow.Set(at(i), at(l), p.follow.At(i, l))
		}
		for l := range seats {
			q.follow.Set(size-1+l, at(i), drive.At(l, i))
			q.rates.Set(l, at(i), p.rates.At(l, i))
		}
		q.rates.Set(j, at(i), left.AtVec(i)/2)
	}
	q.rates.Set(j, size-1+j, .5)
	for i := range seats {
		for l := range seats {
			q.follow.Set(size-1+i, size-1+l, -q.Reversion.At(l, i))
		}
		q.follow.Set(size-1+i, size-1+i, q.follow.At(size-1+i, size-1+i)-p.DiscountRate)
	}
	return &q, nil
}

// single returns a *ParameterError unless one maker sits on seat j.
func (p *Seats) single(j int) error {
	if p.Members[j] == 1 {
		return nil
	}
	return &ParameterError{Name: fmt.Sprintf("Members[%d]", j), Value: p.Members[j], Limit: "1: it is one maker that responds; set it Apart"}
}

// others are m and ρ of all makers but j: their net trades add up to ρ'z − m'x.
func (p *Profile) others(j int) (m, ρ *mat.VecDense) {
	members := mat.VecDenseCopyOf(mat.NewVecDense(len(p.Members), p.Members))
	members.SetVec(j, 0)
	m, ρ = new(mat.VecDense), new(mat.VecDense)
	m.MulVec(p.Reversion.T(), members)
	ρ.MulVec(p.rates.T(), members)
	return m, ρ
}

// responseCurvature is P, by Newton's method from the policy that is left, which
// is stable: a start whose feedback is that of row j.
func (p *Profile) responseCurvature(j int, m *mat.VecDense) (*mat.SymDense, error) {
	seats, δ := len(p.Members), p.Activity
	g, c := mat.NewDense(seats, seats, nil), mat.NewDense(seats, seats, nil)
	s, start := mat.NewSymDense(seats, nil), mat.NewSymDense(seats, nil)
	s.SetSym(j, j, 2*δ)
	c.Outer(-1/(8*δ), m, m)
	c.Set(j, j, c.At(j, j)+p.InventoryCosts[j])
	for i := range seats {
		for k := range seats {
			if i != j {
				g.Set(i, k, p.Reversion.At(i, k))
			} else {
				g.Set(i, k, -m.AtVec(k)/2)
			}
		}
		g.Set(i, i, g.At(i, i)+p.DiscountRate/2)
		start.SetSym(i, j, (m.AtVec(i)/2+p.Reversion.At(j, i))/(2*δ))
	}
	return lyapunov.Riccati(g, s, lyapunov.Symmetric(c), start)
}

// Deviation is what a member of seat j gains by its best response while the
// others keep to the profile as it is: where they watch its inventory they respond
// to it. From these inventories,
//
//	gain = ∫e^{−βt}(u* − u)²/(2δ)dt
//
// along the path without deviation, u* being what the best response would do
// there: no values are subtracted.
func (p *Play) Deviation(j int, inventories []float64) (Deviation, error) {
	best, err := p.BestResponse(j)
	if err != nil {
		return Deviation{}, err
	}
	// u* − u = z'z − x'x, z of the response.
	x, z := row(best.Reversion, j), row(best.rates, j)
	x.SubVec(x, row(p.Reversion, j))
	z.SubVec(z, row(best.widened(p.rates), j))
	on, start := p.Profile, inventories
	if p.plan != nil && onPlan(j, p.member, inventories) {
		on, start = p.plan, inventories[:j]
		x = collapsed(x, p.member)
	}
	var xx, xz, zz mat.Dense
	scale := 1 / (2 * p.Activity)
	xx.Outer(scale, x, x)
	xz.Outer(-scale, x, z)
	zz.Outer(scale, z, z)

	path := *p
	path.Profile = &Profile{Seats: on.Seats, Reversion: on.Reversion, jump: best.jump}
	alone, orders, err := path.present(payoffFlow{xx: lyapunov.Symmetric(&xx), xz: &xz, zz: &zz},
		best.follow, best.widened(on.rates), mat.NewVecDense(len(start), start))
	return Deviation{Gain: alone + orders, Response: best.Play(p.Flows)}, err
}

// widened has the columns of rates of (y, n) where a best response has z = (y, …, n).
func (p *Profile) widened(rates *mat.Dense) *mat.Dense {
	seats, size := rates.Dims()
	wide := mat.NewDense(seats, p.jump.Len(), nil)
	for l := range seats {
		for i := range size - 1 {
			wide.Set(l, i, rates.At(l, i))
		}
		wide.Set(l, p.jump.Len()-1, rates.At(l, size-1))
	}
	return wide
}

// onPlan tells whether j is the last seat, and has the inventory of the seat of the
// plan that it comes from.
func onPlan(j, member int, inventories []float64) bool {
	return j == len(inventories)-1 && inventories[j] == inventories[member]
}

// collapsed takes coefficients of inventories to the plan, where the last is the
// same as that of a member: what is opposed in them goes out and not into rounding.
func collapsed(x *mat.VecDense, member int) *mat.VecDense {
	last := x.Len() - 1
	y := mat.VecDenseCopyOf(x.SliceVec(0, last))
	y.SetVec(member, y.AtVec(member)+x.AtVec(last))
	return y
}

func scaledVec(c float64, v mat.Vector) *mat.VecDense {
	var out mat.VecDense
	out.ScaleVec(c, v)
	return &out
}
