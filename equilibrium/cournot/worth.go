package cournot

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/internal/lyapunov"
)

// Worth is the value of a maker, the present value of its payoffs, in parts that
// are never subtracted from each other: Idle is of order 1/β.
type Worth struct {
	Idle        float64 // E_θ = 2δω²/(β(N+1)²), without orders and inventories
	Inventories float64 // what the inventories add without orders
	Orders      float64 // what the orders add: I_θ at inventory 0
}

// Value is the sum of the parts.
func (w Worth) Value() float64 { return w.Idle + w.Inventories + w.Orders }

// payoffFlow is a flow of money x'Qx + 2x'Cz + z'Rz.
type payoffFlow struct {
	xx     *mat.SymDense
	xz, zz *mat.Dense
}

// Worth is the value of a member of seat j when the inventories are these.
func (p *Play) Worth(j int, inventories []float64) (Worth, error) {
	w := Worth{Idle: p.idle(p.DiscountRate)}
	x := mat.NewVecDense(len(inventories), inventories)
	own, orders, err := p.present(p.payoff(j), p.follow, p.rates, x)
	if err != nil {
		return Worth{}, err
	}
	w.Inventories, w.Orders = own, orders
	for _, s := range p.stretches {
		w.Orders += math.Exp(-p.DiscountRate*s.from) * h(p.DiscountRate, s.to-s.from) * p.turnover(s.sell+s.buy)
	}
	return w, nil
}

// idle is the payoff per time without orders and inventories, over a rate.
func (p *Seats) idle(rate float64) float64 {
	n1 := float64(p.Makers + 1)
	return 2 * p.Activity * p.Reservation * p.Reservation / (rate * n1 * n1)
}

// turnover is what large orders of the rates v together add to the payoff per
// time of a maker that trades as much on both sides: (2δω+v)² − (2δω)² over
// 2δ(N+1)².
func (p *Seats) turnover(v float64) float64 {
	n1 := float64(p.Makers + 1)
	return v * (4*p.Activity*p.Reservation + v) / (2 * p.Activity * n1 * n1)
}

// payoff is the strategic part of the payoff of seat j, u_j(n − U)/(2δ) − ηx_j².
func (p *Profile) payoff(j int) payoffFlow {
	seats := len(p.Members)
	members := mat.NewVecDense(seats, p.Members)
	var all, rates mat.VecDense // U = rates'z − all'x
	all.MulVec(p.Reversion.T(), members)
	rates.MulVec(p.rates.T(), members)
	left := mat.NewVecDense(rates.Len(), nil) // n − U at x = 0
	left.SetVec(left.Len()-1, 1)
	left.SubVec(left, &rates)
	m, r := row(p.Reversion, j), row(p.rates, j)

	var xx, xz, zz, other mat.Dense
	δ := p.Activity
	xx.Outer(-1/(2*δ), m, &all)
	xx.Set(j, j, xx.At(j, j)-p.InventoryCosts[j])
	xz.Outer(1/(4*δ), &all, r)
	other.Outer(-1/(4*δ), m, left)
	xz.Add(&xz, &other)
	zz.Outer(1/(2*δ), r, left)
	return payoffFlow{xx: lyapunov.Symmetric(&xx), xz: &xz, zz: mat.DenseCopyOf(lyapunov.Symmetric(&zz))}
}

// present is the present value of a flow x'Qx + 2x'Cz + z'Rz when the inventories
// move as in the profile, in two parts: without orders, and what orders add. z may
// have more coordinates than that of the profile, with these follow and rates. The
// value is x'Px + g'x + c, and
//
//	(β/2+M)'P + P(β/2+M) = Q,   g' = −(β+M')g + 2Cz + 2Pr,   c' = −βc + z'Rz + g'r.
//
// g is kept in units of a rate, 2δg, with z.
func (p *Play) present(flow payoffFlow, follow, rates *mat.Dense, x *mat.VecDense) (alone, orders float64, err error) {
	β, δ := p.DiscountRate, p.Activity
	seats, size := len(p.Members), follow.RawMatrix().Rows
	g := scaledIdentity(seats, β/2)
	g.Add(g, p.Reversion)
	solver, err := lyapunov.NewLyapunov(g)
	if err != nil {
		return 0, 0, err
	}
	curvature := solver.Solve(flow.xx)

	w, q := mat.NewDense(size+seats, size+seats, nil), mat.NewDense(size+seats, size+seats, nil)
	w.Slice(0, size, 0, size).(*mat.Dense).Copy(follow)
	var drive mat.Dense
	drive.Mul(curvature, rates)
	drive.Add(&drive, flow.xz)
	drive.Scale(4*δ, &drive)
	w.Slice(size, size+seats, 0, size).(*mat.Dense).Copy(&drive)
	for i := range seats {
		for k := range seats {
			w.Set(size+i, size+k, -p.Reversion.At(k, i))
		}
		w.Set(size+i, size+i, w.At(size+i, size+i)-β)
		for k := range size {
			q.Set(size+i, k, rates.At(i, k)/(4*δ))
			q.Set(k, size+i, rates.At(i, k)/(4*δ))
		}
	}
	q.Slice(0, size, 0, size).(*mat.Dense).Copy(flow.zz)

	z := p.backwards(w, func(z *mat.VecDense, u float64) *mat.VecDense {
		e, sum := gathered(w, q, β, u)
		orders = math.Exp(-β*u)*orders + quadraticForm(sum, z)
		var out mat.VecDense
		out.MulVec(e, z)
		return &out
	})
	for i := range seats {
		orders += z.AtVec(size+i) * x.AtVec(i) / (2 * δ)
	}
	return quadraticForm(curvature, x), orders, nil
}

// backwards takes an extended z from the end of the flows to time 0: by jumps
// where they jump, and over each stretch.
func (p *Play) backwards(w *mat.Dense, over func(z *mat.VecDense, u float64) *mat.VecDense) *mat.VecDense {
	z := mat.NewVecDense(w.RawMatrix().Rows, nil)
	next := 0.
	for i := len(p.stretches) - 1; i >= 0; i-- {
		s := p.stretches[i]
		for k := range p.jump.Len() {
			z.SetVec(k, z.AtVec(k)+(s.net()-next)*p.jump.AtVec(k))
		}
		z, next = over(z, s.to-s.from), s.net()
	}
	return z
}
