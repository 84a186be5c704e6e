package cournot

import (
	"gonum.org/v1/gonum/mat"

	"walras/internal/lyapunov"
)

// bestReply is what is best for seat j at ticks, a single maker, while all others
// keep to the policy.
type bestReply struct {
	*Policy         // in which j replies
	weight  float64 // w: leaving the best net trade by Δu costs dt wΔu²/2
}

// reply solves for the best reply. With E, m and ρ_k as in [Profile.BestResponse]
// the value is −x'Px + g_k'x + c_k, and with w = 1/δ + 2D dt P_jj
//
//	u = [(n_k − ρ_k + m'x)/(2δ) + D(g_{k+1} − 2P x⁺)_j]/w = u_k + κ'x,
//
// where x⁺ are the inventories after the others' trades.
func (p *Policy) reply(j int) (*bestReply, error) {
	curvature, κ, weight, err := p.replyCurvature(j)
	if err != nil {
		return nil, err
	}
	seats, t, δ := len(p.Members), timed(p.DiscountRate, p.Flows.Step), p.Activity
	m := p.others(j)
	q := *p
	q.plan = nil
	q.Reversion = mat.DenseCopyOf(p.Reversion)
	for i := range seats {
		q.Reversion.Set(j, i, -κ.AtVec(i))
	}
	s := scaledIdentity(seats, 1)
	s.Sub(s, times(t.step, q.Reversion))
	q.Net = make([][]float64, p.ticks())
	g := mat.NewVecDense(seats, nil)
	for k := len(q.Net) - 1; k >= 0; k-- {
		r := append([]float64(nil), p.net(k)...)
		left := p.Flows.net(k)
		for i := range r {
			if i != j {
				left -= p.Members[i] * r[i]
			}
		}
		r[j] = 0
		var bent, next mat.VecDense
		bent.MulVec(curvature, mat.NewVecDense(seats, r))
		u := (left/(2*δ) + t.discount*(g.AtVec(j)-2*t.step*bent.AtVec(j))) / weight
		r[j] = u
		q.Net[k] = r
		bent.MulVec(curvature, mat.NewVecDense(seats, r))
		g.AddScaledVec(g, -2*t.step, &bent)
		next.MulVec(s.T(), g)
		g.ScaleVec(t.discount, &next)
		g.AddScaledVec(g, t.step*u/(2*δ), m)
		g.AddScaledVec(g, t.step*(left-2*u)/(2*δ), κ)
	}
	return &bestReply{Policy: &q, weight: weight}, nil
}

// others is m: the net trades of all but seat j fall by m'x with the inventories.
func (p *Policy) others(j int) *mat.VecDense {
	members := mat.VecDenseCopyOf(mat.NewVecDense(len(p.Members), p.Members))
	members.SetVec(j, 0)
	var m mat.VecDense
	m.MulVec(p.Reversion.T(), members)
	return &m
}

// replyCurvature is P, κ and w, by Newton's method from the policy that is left:
// each step is the value of a reply κ, P = dt[ηee' + κκ'/(2δ) − (κm' + mκ')/(4δ)] +
// D S'PS, and the best reply to be made before that value.
func (p *Policy) replyCurvature(j int) (curvature *mat.SymDense, κ *mat.VecDense, weight float64, err error) {
	seats, t, δ := len(p.Members), timed(p.DiscountRate, p.Flows.Step), p.Activity
	m := p.others(j)
	κ = scaledVec(-1, row(p.Reversion, j))
	s := scaledIdentity(seats, 1)
	s.Sub(s, times(t.step, p.Reversion))
	for range maxNewton {
		for i := range seats {
			s.Set(j, i, t.step*κ.AtVec(i))
		}
		s.Set(j, j, s.At(j, j)+1)
		solver, err := lyapunov.NewStein(s, t.discount)
		if err != nil {
			return nil, nil, 0, err
		}
		var cost, cross mat.Dense
		cost.Outer(1/(2*δ), κ, κ)
		cross.Outer(-1/(2*δ), κ, m) // its symmetric part is meant
		cost.Add(&cost, &cross)
		cost.Set(j, j, cost.At(j, j)+p.InventoryCosts[j])
		curvature = solver.Solve(lyapunov.Symmetric(times(t.step, &cost)))

		weight = 1/δ + 2*t.discount*t.step*curvature.At(j, j)
		var next mat.VecDense // S_E'P e_j, S_E the others' reversion
		next.MulVec(s.T(), mat.NewVecDense(seats, mat.Row(nil, j, curvature)))
		// s has row j of the reply; in S_E it is e_j.
		next.AddScaledVec(&next, -t.step*curvature.At(j, j), κ)
		next.ScaleVec(-2*t.discount/weight, &next)
		next.AddScaledVec(&next, 1/(2*δ*weight), m)
		var change mat.VecDense
		change.SubVec(&next, κ)
		κ = &next
		if mat.Norm(&change, 2) <= squares*mat.Norm(κ, 2) {
			break
		}
	}
	return curvature, κ, weight, nil
}

// BestResponse is the policy in which seat j, a single maker, does what is best for
// it while all others keep to theirs.
func (p *Policy) BestResponse(j int) (*Policy, error) {
	if err := p.single(j); err != nil {
		return nil, err
	}
	reply, err := p.reply(j)
	if err != nil {
		return nil, err
	}
	return reply.Policy, nil
}

// TickDeviation is what one maker can gain by leaving its policy at ticks.
type TickDeviation struct {
	Gain     float64 // money, present value
	Response *Policy // all makers' policy when it does
}

// Deviation is what seat j, a single maker, gains by its best response from these
// inventories, Σ Dᵏ dt w(u* − u)²/2 along the path without deviation; see
// [Play.Deviation].
func (p *Policy) Deviation(j int, inventories []float64) (TickDeviation, error) {
	if err := p.single(j); err != nil {
		return TickDeviation{}, err
	}
	reply, err := p.reply(j)
	if err != nil {
		return TickDeviation{}, err
	}
	x := row(p.Reversion, j) // u* − u = x'x + constant
	x.SubVec(x, row(reply.Reversion, j))
	on, start := p, inventories
	if p.plan != nil && onPlan(j, p.member, inventories) {
		on, start = p.plan, inventories[:j]
		x = collapsed(x, p.member)
	}
	var xx mat.Dense
	xx.Outer(reply.weight/2, x, x)
	flow := tickFlow{xx: lyapunov.Symmetric(&xx), at: func(k int) (*mat.VecDense, float64) {
		constant := reply.net(k)[j] - p.net(k)[j]
		return scaledVec(reply.weight/2*constant, x), reply.weight / 2 * constant * constant
	}}
	alone, orders, err := on.present(flow, mat.NewVecDense(len(start), start))
	return TickDeviation{Gain: alone + orders, Response: reply.Policy}, err
}
