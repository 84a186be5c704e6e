package analysis

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/equilibrium"
)

// Welfare is the expected outcome of one seat: E of the payoff to the horizon,
// of the discounted value there, and of Σ|q|.
type Welfare struct {
	Value, Payoff, Terminal, Volume float64
}

// Outcomes computes the expected outcomes of every seat; those without a payoff get zeros. Where
// nobody deviates Value is f^i(X₀); else it is what the auctions pay in
// expectation, period by period, and the value at the horizon. The volume is a
// sum of means of folded normal variables.
func Outcomes(play *equilibrium.Play, initial []float64, covariance mat.Symmetric, steps int) []Welfare {
	list := make([]Welfare, len(initial))
	policy := play.Policy
	discount := math.Exp(-policy.Timing.DiscountRate * policy.Timing.Step * float64(steps))
	period := newPeriod(play)
	walk(play, initial, covariance, steps, func(k int, mean *mat.VecDense, v *mat.SymDense) {
		period.at(k)
		var traces, traded []float64
		if k == steps {
			traces = equilibrium.Traces(policy.Values, v)
		} else {
			traded = variances(play.Flows, v)
		}
		for i, value := range policy.Values {
			if !play.Pays(i) {
				continue
			}
			w := &list[i]
			if k < steps {
				q := mat.NewVecDense(len(initial), play.Flows.RawRowView(i))
				w.Volume += foldedNormal(mat.Dot(q, mean)+period.trade[i], math.Sqrt(math.Max(0, traded[i])))
				if play.Deviates() {
					w.Payoff += math.Exp(-policy.Timing.DiscountRate*policy.Timing.Step*float64(k)) * period.payoff(i, mean, v)
				}
				continue
			}
			if value.Known() {
				w.Terminal = discount * (value.At(mean.RawVector().Data) + traces[i])
			}
			if play.Deviates() {
				w.Value = w.Payoff + w.Terminal
				continue
			}
			w.Value = value.At(initial)
			w.Payoff = w.Value - w.Terminal
		}
	})
	return list
}

// period is what one auction and the time until the next pay in expectation.
type period struct {
	play  *equilibrium.Play
	price float64   // p̃
	trade []float64 // q̃
}

func newPeriod(play *equilibrium.Play) *period {
	return &period{play: play, trade: make([]float64, len(play.Price))}
}

func (p *period) at(k int) { p.price = p.play.Constants(k, p.trade) }

// payoff is E[p q_i − (b_i h/2)(X⁺_i)²] at inventories of the given mean and
// covariance.
func (p *period) payoff(i int, mean *mat.VecDense, v *mat.SymDense) float64 {
	n, policy := mean.Len(), p.play.Policy
	price := mat.NewVecDense(n, p.play.Price)
	trade := mat.NewVecDense(n, p.play.Flows.RawRowView(i))
	held := mat.NewVecDense(n, nil)
	held.ScaleVec(-1, trade)
	held.SetVec(i, held.AtVec(i)+1)
	quantity, kept := mat.Dot(trade, mean)+p.trade[i], mat.Dot(held, mean)-p.trade[i]
	revenue := (mat.Dot(price, mean)+p.price)*quantity + mat.Inner(price, v, trade)
	cost := policy.HoldingCost[i] * policy.Timing.HoldingTime() / 2
	return revenue - cost*(kept*kept+mat.Inner(held, v, held))
}

// Gain is what the deviations of a play bring seat i in expectation over its
// value function, by the regret identity: Σ_{k<K} ρ^k E[R_k(X_k)].
func Gain(play *equilibrium.Play, i int, initial []float64, covariance mat.Symmetric, steps int) float64 {
	regret := play.Regret(i)
	linear := mat.NewVecDense(len(initial), nil)
	gain := 0.0
	walk(play, initial, covariance, steps, func(k int, mean *mat.VecDense, v *mat.SymDense) {
		if k == steps {
			return
		}
		constant := regret.At(k, linear.RawVector().Data)
		period := regret.Expected(mean, v) + mat.Dot(linear, mean) + constant
		gain += math.Exp(-play.Policy.Timing.DiscountRate*play.Policy.Timing.Step*float64(k)) * period
	})
	return gain
}

// foldedNormal is E|Y| for Y normal with mean m and standard deviation s.
func foldedNormal(m, s float64) float64 {
	if s == 0 {
		return math.Abs(m)
	}
	z := m / s
	return s*math.Sqrt(2/math.Pi)*math.Exp(-z*z/2) + m*math.Erf(z/math.Sqrt2)
}
