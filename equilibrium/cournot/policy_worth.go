package cournot

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/internal/lyapunov"
)

// tickFlow is a payment per time x'Qx + 2l_k'x + c_k.
type tickFlow struct {
	xx *mat.SymDense
	at func(k int) (l *mat.VecDense, c float64)
}

// Worth is the value of a member of seat j when the inventories are these before
// the first trade: with the payoff of period k discounted by Dᵏ.
func (p *Policy) Worth(j int, inventories []float64) (Worth, error) {
	t := timed(p.DiscountRate, p.Flows.Step)
	w := Worth{Idle: p.idle(t.rate)}
	own, orders, err := p.present(p.payoff(j), mat.NewVecDense(len(inventories), inventories))
	if err != nil {
		return Worth{}, err
	}
	w.Inventories, w.Orders = own, orders
	for k := range p.Flows.Sells {
		sell, buy := p.flow(k)
		w.Orders += t.step * math.Exp(-p.DiscountRate*t.step*float64(k)) * p.turnover(sell+buy)
	}
	return w, nil
}

// payoff is the strategic part of the payoff of seat j, u_j(n − U)/(2δ) − ηx_j².
func (p *Policy) payoff(j int) tickFlow {
	members := mat.NewVecDense(len(p.Members), p.Members)
	m, all := row(p.Reversion, j), new(mat.VecDense)
	all.MulVec(p.Reversion.T(), members)
	δ := p.Activity
	var xx mat.Dense
	xx.Outer(-1/(2*δ), m, all)
	xx.Set(j, j, xx.At(j, j)-p.InventoryCosts[j])
	return tickFlow{xx: lyapunov.Symmetric(&xx), at: func(k int) (*mat.VecDense, float64) {
		r := p.net(k)
		left := p.Flows.net(k) - mat.Dot(members, mat.NewVecDense(len(r), r))
		l := scaledVec(r[j]/(4*δ), all)
		l.AddScaledVec(l, -left/(4*δ), m)
		return l, r[j] * left / (2 * δ)
	}}
}

// ticks is how many ticks the policy is told of.
func (p *Policy) ticks() int { return max(len(p.Net), len(p.Flows.Sells)) }

// present is the present value of a flow, without and due to what depends on the
// tick: of x'Px + g'x + c with S = I − dt M,
//
//	P = dt Q + D S'PS,   g_k = 2dt l_k + D S'(g_{k+1} + 2dt P r_k),
//	c_k = dt c_k + D(c_{k+1} + dt g_{k+1}'r_k + dt² r_k'Pr_k).
func (p *Policy) present(flow tickFlow, x *mat.VecDense) (alone, orders float64, err error) {
	seats, t := len(p.Members), timed(p.DiscountRate, p.Flows.Step)
	s := scaledIdentity(seats, 1)
	s.Sub(s, times(t.step, p.Reversion))
	solver, err := lyapunov.NewStein(s, t.discount)
	if err != nil {
		return 0, 0, err
	}
	curvature := solver.Solve(lyapunov.Symmetric(times(t.step, flow.xx)))
	g, c := mat.NewVecDense(seats, nil), 0.
	for k := p.ticks() - 1; k >= 0; k-- {
		r := mat.NewVecDense(seats, p.net(k))
		var bent, next mat.VecDense
		bent.MulVec(curvature, r)
		l, payment := flow.at(k)
		c = t.step*payment + t.discount*(c+t.step*mat.Dot(g, r)+t.step*t.step*mat.Dot(r, &bent))
		g.AddScaledVec(g, 2*t.step, &bent)
		next.MulVec(s.T(), g)
		g.ScaleVec(t.discount, &next)
		g.AddScaledVec(g, 2*t.step, l)
	}
	return quadraticForm(curvature, x), mat.Dot(g, x) + c, nil
}

// InvestorsWorth is the value of the market to end investors; see
// [Play.InvestorsWorth].
func (p *Policy) InvestorsWorth(inventories []float64) (Worth, error) {
	t := timed(p.DiscountRate, p.Flows.Step)
	members := mat.NewVecDense(len(p.Members), p.Members)
	var m mat.VecDense
	m.MulVec(p.Reversion.T(), members)
	var xx mat.Dense
	δ := p.Activity
	xx.Outer(1/(4*δ), &m, &m)
	own, orders, err := p.present(tickFlow{xx: lyapunov.Symmetric(&xx), at: func(k int) (*mat.VecDense, float64) {
		r, n := mat.Dot(members, mat.NewVecDense(len(p.Members), p.net(k))), p.Flows.net(k)
		return scaledVec((n-r)/(4*δ), &m), r * (r - 2*n) / (4 * δ)
	}}, mat.NewVecDense(len(inventories), inventories))
	w := Worth{Idle: p.investorsIdle(t.rate), Inventories: own, Orders: orders}
	for k := range p.Flows.Sells {
		w.Orders += t.step * math.Exp(-p.DiscountRate*t.step*float64(k)) * p.investorsTurnover(p.flow(k))
	}
	return w, err
}
