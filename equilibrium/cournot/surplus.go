package cournot

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/internal/lyapunov"
)

// What everybody but the makers gets from their play.

// InvestorsWorth is the value of the market to end investors, the present value of
// their surplus (δ/2)[(ω − p^a)² + (ω + p^b)²], in the parts of a maker's. The
// strategic part of the surplus is U(U − 2n)/(4δ).
func (p *Play) InvestorsWorth(inventories []float64) (Worth, error) {
	w := Worth{Idle: p.investorsIdle(p.DiscountRate)}
	own, orders, err := p.present(p.investors(), p.follow, p.rates, mat.NewVecDense(len(inventories), inventories))
	if err != nil {
		return Worth{}, err
	}
	w.Inventories, w.Orders = own, orders
	for _, s := range p.stretches {
		w.Orders += math.Exp(-p.DiscountRate*s.from) * h(p.DiscountRate, s.to-s.from) * p.investorsTurnover(s.sell, s.buy)
	}
	return w, nil
}

// investorsIdle is their surplus per time without orders and inventories, over a
// rate.
func (p *Seats) investorsIdle(rate float64) float64 {
	share := float64(p.Makers) / float64(p.Makers+1) * p.Reservation
	return p.Activity * share * share / rate
}

// investorsTurnover is what large orders add to that surplus, net trades apart.
func (p *Seats) investorsTurnover(sell, buy float64) float64 {
	n, n1 := float64(p.Makers), float64(p.Makers+1)
	up := n*(sell+buy)/(2*n1*p.Activity) - buy/p.Activity // of ω − p^a
	down := n*(sell+buy)/(2*n1*p.Activity) - sell/p.Activity
	twice := 2 * n / n1 * p.Reservation
	return p.Activity / 2 * (up*(twice+up) + down*(twice+down))
}

func (p *Profile) investors() payoffFlow {
	members := mat.NewVecDense(len(p.Members), p.Members)
	var m, r mat.VecDense // U = r'z − m'x
	m.MulVec(p.Reversion.T(), members)
	r.MulVec(p.rates.T(), members)
	less := mat.VecDenseCopyOf(&r) // U − 2n at x = 0
	less.SetVec(less.Len()-1, less.AtVec(less.Len()-1)-2)
	var xx, xz, zz, other mat.Dense
	δ := p.Activity
	xx.Outer(1/(4*δ), &m, &m)
	xz.Outer(-1/(8*δ), &m, less)
	other.Outer(-1/(8*δ), &m, &r)
	xz.Add(&xz, &other)
	zz.Outer(1/(4*δ), &r, less)
	return payoffFlow{xx: lyapunov.Symmetric(&xx), xz: &xz, zz: mat.DenseCopyOf(lyapunov.Symmetric(&zz))}
}

// Proceeds are the discounted surplus over the reservation value of some of the
// large orders, ∫e^{−βt}f(ω + p^b)dt of sells and ∫e^{−βt}φ(ω − p^a)dt of buys. Their
// rates f and φ are parts of the flows and jump only at times at which intervals of
// the flows begin or end; p.Flows asks for all.
func (p *Play) Proceeds(inventories []float64, of Flows) (sells, buys float64) {
	δ, n1 := p.Activity, float64(p.Makers+1)
	x := mat.NewVecDense(len(inventories), inventories)
	step := stepper{Play: p}
	for i, s := range p.stretches {
		weight, length := math.Exp(-p.DiscountRate*s.from), h(p.DiscountRate, s.to-s.from)
		trades := p.netTrades(x, p.ends[i], s.to-s.from) / (2 * δ)
		share := float64(p.Makers) / n1 * (p.Reservation + (s.sell+s.buy)/(2*δ))
		sells += weight * of.Sells.Rate(s.from) * ((share-s.sell/δ)*length + trades)
		buys += weight * of.Buys.Rate(s.from) * ((share-s.buy/δ)*length - trades)
		x = step.forth(x, p.ends[i], s.from, s.to)
	}
	return sells, buys
}

// netTrades is ∫e^{−βs}U ds over a stretch of length u from inventories x until z.
// With u running back from the end it is g'x + c, where U = r'z − m'x and
//
//	g' = −(β+M')g − m,   c' = −βc + r'z + g'(rates z).
func (p *Play) netTrades(x, z *mat.VecDense, u float64) float64 {
	seats, size := len(p.Members), p.jump.Len()
	members := mat.NewVecDense(seats, p.Members)
	var m, r mat.VecDense
	m.MulVec(p.Reversion.T(), members)
	r.MulVec(p.rates.T(), members)
	last := size + seats // a coordinate that is 1
	w, q := mat.NewDense(last+1, last+1, nil), mat.NewDense(last+1, last+1, nil)
	w.Slice(0, size, 0, size).(*mat.Dense).Copy(p.follow)
	for i := range seats {
		for k := range seats {
			w.Set(size+i, size+k, -p.Reversion.At(k, i))
		}
		w.Set(size+i, size+i, w.At(size+i, size+i)-p.DiscountRate)
		w.Set(size+i, last, -m.AtVec(i))
		for k := range size {
			q.Set(size+i, k, p.rates.At(i, k)/2)
			q.Set(k, size+i, p.rates.At(i, k)/2)
		}
	}
	for k := range size {
		q.Set(last, k, r.AtVec(k)/2)
		q.Set(k, last, r.AtVec(k)/2)
	}
	end := mat.NewVecDense(last+1, nil)
	for k := range size {
		end.SetVec(k, z.AtVec(k))
	}
	end.SetVec(last, 1)
	e, sum := gathered(w, q, p.DiscountRate, u)
	var begin mat.VecDense
	begin.MulVec(e, end)
	total := quadraticForm(sum, end)
	for i := range seats {
		total += begin.AtVec(size+i) * x.AtVec(i)
	}
	return total
}

// Undiscounted is the same play for those who count all money alike: makers discount
// as they did, but [Play.Proceeds] are sums.
func (p *Play) Undiscounted() *Play {
	play, profile := *p, *p.Profile
	profile.DiscountRate = 0
	play.Profile = &profile
	return &play
}
