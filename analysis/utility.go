package analysis

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
	"walras/montecarlo"
)

// Utilities are the moments of the value of seat i under exponential utility at
// the ticks 0 … steps, for a trader that starts without wealth and consumes
// c = r(w + f(X)) (SS appendix A): E[|V_k|^power] with
//
//	V = −(1/r) exp(−rα(w + f(X))),   f(X) = XᵀAX + k.
//
// In continuous time V is a martingale; on a grid it drifts by the bias of the
// grid. The expectation is exact: with wealth and inventories following
//
//	w' = w − rΔ f(X) + PX·Q^iX + M^iX·(B' − B),   X' = MX + ε,
//
// B' − B normal of variance Δ and ε normal of covariance S = ΔC, a period takes
// the form XᵀBX + κ in the exponent, for the power m, to
//
//	−rΔA + ½(PᵀQ^i + Q^{iᵀ}P) − (m rαΔ/2)M^{iᵀ}M^i + Mᵀ B(I + θSB)⁻¹ M,   θ = 2m rα,
//	κ − rΔk + ln det(I + θSB)/θ.
//
// Where I + θSB is not positive the moment is infinite, and so are the entries
// from there on.
func Utilities(policy *equilibrium.Policy, i int, initial []float64, covariance mat.Symmetric, steps int, power float64) []float64 {
	r, step := policy.Timing.DiscountRate, policy.Timing.Step
	theta := 2 * power * policy.HoldingCost[i] // b = rα
	n := len(initial)
	x := mat.NewVecDense(n, initial)
	u := newUtilityRecursion(policy, i, power)
	form, constant := mat.NewSymDense(n, nil), policy.Values[i].K
	form.CopySym(policy.Values[i].A)
	out := make([]float64, steps+1)
	for k := range out {
		out[k] = math.Exp(-theta/2*(mat.Inner(x, form, x)+constant)) / math.Pow(r, power)
		if k == steps {
			break
		}
		carried, logDet, ok := average(form, covariance, theta*step)
		if !ok {
			for ; k < steps; k++ {
				out[k+1] = math.Inf(1)
			}
			break
		}
		form = u.period(carried)
		constant += logDet/theta - r*step*policy.Values[i].K
	}
	return out
}

// utilityOf is V of a certainty equivalent: −(1/r) exp(−rαf).
func utilityOf(equivalent float64, policy *equilibrium.Policy, i int) float64 {
	return -math.Exp(-policy.HoldingCost[i]*equivalent) / policy.Timing.DiscountRate
}

// utility adds the statistics of a trader with exponential utility: payoff is the
// utility of what it consumed, and the certainty equivalent is the money that is
// worth as much as its welfare.
func (s *statistician) utility(i int, name string, volume float64, limit *Limit) {
	m := s.utilities(i)
	bias := nan
	if limit != nil {
		bias = m.payoff + m.terminal - limit.Welfare[i]
	}
	enough, size := s.enough, math.Abs(m.payoff)+math.Abs(m.terminal)
	for _, r := range []struct {
		name           string
		kind           int
		analytic, tail float64
	}{
		{"welfare", montecarlo.OutcomeWelfare, m.payoff + m.terminal, m.payoffTail + m.terminalTail},
		{"payoff", montecarlo.OutcomePayoff, m.payoff, m.payoffTail},
		{"terminal_value", montecarlo.OutcomeTerminal, m.terminal, m.terminalTail},
	} {
		s.enough, s.tail = enough && s.nearNormal(r.kind, i, r.tail), r.tail
		if r.kind == montecarlo.OutcomeWelfare {
			s.outcome(r.name, name, r.kind, i, r.analytic, size, bias)
			s.equivalent(i, limit)
			continue
		}
		s.outcome(r.name, name, r.kind, i, r.analytic, size, nan)
	}
	s.enough, s.tail = enough, 0
	s.outcome("volume", name, montecarlo.OutcomeVolume, i, volume, s.trade[i]*float64(s.sim.Clock.Steps), nan)
}

// utilityMoments are the expected discounted utility until the horizon and the
// value there, and bounds of their fourth central norms: of a sum, the sum of
// those of its terms.
type utilityMoments struct{ payoff, terminal, payoffTail, terminalTail float64 }

func (s *statistician) utilities(i int) utilityMoments {
	policy, steps := s.sim.Play.Policy, s.sim.Clock.Steps
	var power [5][]float64
	for m := 1; m < len(power); m++ {
		power[m] = Utilities(policy, i, s.sim.Initial, s.sim.Covariance, steps, float64(m))
	}
	var out utilityMoments
	for k := range steps + 1 {
		a, b, c, d := power[1][k], power[2][k], power[3][k], power[4][k]
		tail := math.Pow(math.Max(0, d-4*a*c+6*a*a*b-3*a*a*a*a), 0.25)
		weight := s.sim.Clock.At(k).Discount
		if k == steps {
			out.terminal, out.terminalTail = -weight*a, weight*tail
			break
		}
		weight *= policy.Timing.HoldingTime() * policy.Timing.DiscountRate
		out.payoff -= weight * a
		out.payoffTail += weight * tail
	}
	return out
}

// nearNormal reports whether the mean of an outcome with the given fourth norm is
// near enough to normal for its z to be judged: utilities have a long tail, which a
// sample that missed it does not show in its standard error.
func (s *statistician) nearNormal(kind, i int, tail float64) bool {
	mean := s.add[s.layout.Outcome(kind, i)] / s.pairs
	variance := s.add[s.layout.OutcomeSquare(kind, i)]/s.pairs - mean*mean
	kurtosis := math.Pow(tail, 4) / (variance * variance)
	return normal(kurtosis-3, s.pairs)
}

// equivalent is the row of the certainty equivalent −ln(−rV)/(rα), from that of
// the welfare before it; its standard error is to first order.
func (s *statistician) equivalent(i int, limit *Limit) {
	policy := s.sim.Play.Policy
	r, b := s.rows[len(s.rows)-1], policy.HoldingCost[i]
	money := func(v float64) float64 { return -math.Log(-policy.Timing.DiscountRate*v) / b }
	marginal := 1 / (b * math.Abs(r.Estimate)) // money per unit of utility
	r.Statistic, r.StdError, r.scale, r.tail = "certainty_equivalent", r.StdError*marginal, r.scale*marginal, r.tail*marginal
	r.Estimate, r.Analytic, r.Bias = money(r.Estimate), money(r.Analytic), nan
	if limit != nil {
		r.Bias = r.Analytic - money(limit.Welfare[i])
	}
	s.close(r, s.enough)
}

// utilityRecursion is what does not change from period to period.
type utilityRecursion struct {
	transition *mat.Dense    // M
	flow       *mat.SymDense // all terms but the last
}

func newUtilityRecursion(policy *equilibrium.Policy, i int, power float64) *utilityRecursion {
	n := len(policy.Price)
	u := &utilityRecursion{transition: policy.Transition(), flow: mat.NewSymDense(n, nil)}
	r, step, a := policy.Timing.DiscountRate, policy.Timing.Step, policy.Values[i].A
	for j := range n {
		for k := j; k < n; k++ {
			revenue := policy.Price[j]*policy.Flows.At(i, k) + policy.Price[k]*policy.Flows.At(i, j)
			held := u.transition.At(i, j) * u.transition.At(i, k)
			u.flow.SetSym(j, k, revenue/2-r*step*a.At(j, k)-power*policy.HoldingCost[i]*step/2*held)
		}
	}
	return u
}

func (u *utilityRecursion) period(carried *mat.SymDense) *mat.SymDense {
	n := carried.SymmetricDim()
	var half, full mat.Dense
	half.Mul(u.transition.T(), carried)
	full.Mul(&half, u.transition)
	out := mat.NewSymDense(n, nil)
	for j := range n {
		for k := j; k < n; k++ {
			out.SetSym(j, k, u.flow.At(j, k)+(full.At(j, k)+full.At(k, j))/2)
		}
	}
	return out
}

// average is B(I + θSB)⁻¹ and ln det(I + θSB) for weight θΔ and S/Δ the
// covariance; false where the expectation of the exponential is infinite. It is
// written with a root S = RRᵀ, so that S may be singular:
// B(I + θSB)⁻¹ = B − θBR(I + θRᵀBR)⁻¹RᵀB.
func average(b *mat.SymDense, covariance mat.Symmetric, weight float64) (*mat.SymDense, float64, bool) {
	n := b.SymmetricDim()
	root := rootOf(covariance)
	var br, inner mat.Dense
	br.Mul(b, root)
	inner.Mul(root.T(), &br)
	shift := mat.NewSymDense(n, nil)
	for j := range n {
		for k := j; k < n; k++ {
			v := weight * (inner.At(j, k) + inner.At(k, j)) / 2
			if j == k {
				v++
			}
			shift.SetSym(j, k, v)
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(shift) {
		return nil, 0, false
	}
	var solved, full mat.Dense
	if err := chol.SolveTo(&solved, br.T()); err != nil {
		if _, illConditioned := err.(mat.Condition); !illConditioned {
			return nil, 0, false
		}
	}
	full.Mul(&br, &solved)
	out := mat.NewSymDense(n, nil)
	for j := range n {
		for k := j; k < n; k++ {
			out.SetSym(j, k, b.At(j, k)-weight*(full.At(j, k)+full.At(k, j))/2)
		}
	}
	return out, chol.LogDet(), true
}

// rootOf is a square root of a covariance matrix, which may be singular.
func rootOf(c mat.Symmetric) *mat.Dense {
	n := c.SymmetricDim()
	var eigen mat.EigenSym
	if !eigen.Factorize(c, true) {
		panic("analysis: the eigenvalues of a covariance do not converge")
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	root := mat.NewDense(n, n, nil)
	for k, v := range eigen.Values(nil) {
		scale := math.Sqrt(math.Max(0, v))
		for j := range n {
			root.Set(j, k, scale*vectors.At(j, k))
		}
	}
	return root
}
