package cournot

import (
	"fmt"
	"math"

	"walras/clock"
)

// Optimal is the best schedule of a seller who announces it at time 0 and keeps
// to it: it maximises the proceeds ∫₀ᵈ e^{−βt} f(ω + p^b)dt over rates f. The
// seller knows what makers will anticipate and hold. With Λ the multiplier of
// ∫f = S, u_0 = Nω/(N+1), c = 2AN/(N+1) and costates μ of i and ν of B,
//
//	2H f = u_0 − Λe^{βt} − c i + NB/(N+1) + μ/(N+1) + kν,
//	i' = −M i + (f + 2δB)/(N+1),        i(0) = 0,
//	B' = γB + k f,                      B(d) = 0,
//	μ' = (β+M)μ + c f,                  μ(d) = 0,
//	ν' = (β−γ)ν − Nf/(N+1) − 2δμ/(N+1), ν(0) = 0.
//
// Everything is a sum of a constant, of e^{βt}, and of two modes that decay and
// two that grow. What decays is anchored at 0 and what grows at d, so that
// nothing overflows. The optimum is one of commitment: makers look ahead, and
// later the seller would like to depart from it.
//
// A small size with much time is all sold early, because late money is worth
// less. Without the bound f ≥ 0 the seller would then buy back; with it the sale
// ends before d, where f has fallen to 0, and d is replaced by that time.
type Optimal struct {
	Market         Constants
	Size, Duration float64 // S, d
	End            float64 // when the sale is over, d or earlier
	Multiplier     float64 // Λ: worth of having one unit less to sell; 0 for a free size

	modes []mode
}

// NegativeRateError says that the optimal schedule would buy back.
type NegativeRateError struct {
	Time, Rate float64 // where the rate is lowest
}

// Error says where and what to do.
func (e *NegativeRateError) Error() string {
	return fmt.Sprintf("cournot: the optimal schedule would buy back, with rate %v at time %v; make the duration shorter, or solve a Program, whose rates are 0 or more", e.Rate, e.Time)
}

// OptimalSchedule is the best schedule of this size on [0, d]. The error is a
// *ParameterError or a *NegativeRateError.
func (c Constants) OptimalSchedule(size, duration float64) (*Optimal, error) {
	if err := positive("Size", size); err != nil {
		return nil, err
	}
	return c.optimal(size, duration, false)
}

// OptimalSize is the best schedule on [0, d] whatever it sells, Λ = 0.
func (c Constants) OptimalSize(duration float64) (*Optimal, error) {
	return c.optimal(0, duration, true)
}

func (c Constants) optimal(size, duration float64, free bool) (*Optimal, error) {
	if err := positive("Duration", duration); err != nil {
		return nil, err
	}
	o, err := c.committed(size, duration, free)
	if err != nil {
		return nil, err
	}
	if o.Rate(duration) < 0 {
		end := root(func(end float64) float64 {
			shorter, err := c.committed(size, end, free)
			if err != nil {
				return math.NaN()
			}
			return -shorter.Rate(end)
		}, 0, duration)
		if o, err = c.committed(size, end, free); err != nil {
			return nil, err
		}
		o.Duration = duration
	}
	return o, o.sells()
}

// committed solves the equations on [0, end], whatever the sign of the rates.
func (c Constants) committed(size, end float64, free bool) (*Optimal, error) {
	o := &Optimal{Market: c, Size: size, Duration: end, End: end}
	n, n1 := c.counts()
	constant, growing := o.forced()
	idle, err := o.answer(constant)
	if err != nil {
		return nil, err
	}
	priced, err := o.answer(growing)
	if err != nil {
		return nil, err
	}
	u0, ending := n*c.Reservation/n1, 0. // ending is Λe^{βd}, which does not overflow
	if free {
		o.Size = u0 * total(idle, end)
	} else {
		ending = (size - u0*total(idle, end)) / total(priced, end)
	}
	o.Multiplier = ending * math.Exp(-c.DiscountRate*end)
	for j := range idle {
		o.modes = append(o.modes, idle[j].times(u0), priced[j].times(ending))
	}
	return o, nil
}

// sells returns a *NegativeRateError unless the rate is 0 or more; it looks at
// the ends more closely than between.
func (o *Optimal) sells() error {
	rounding := 1e-8 * o.Size / o.End // after centuries of discounting
	worst := NegativeRateError{Rate: -rounding}
	look := func(t float64) {
		if f := o.Rate(t); f < worst.Rate {
			worst = NegativeRateError{Time: t, Rate: f}
		}
	}
	const points = 400
	for k := range points + 1 {
		x := float64(k) / points
		look(x * o.End)
		look(math.Pow(x, 8) * o.End)
		look(o.End - math.Pow(x, 8)*o.End)
	}
	if worst.Rate < -rounding {
		return &worst
	}
	return nil
}

// Rate is f(t), at the end just before the sale is over and 0 after that.
func (o *Optimal) Rate(t float64) (sum float64) {
	if t > o.End {
		return 0
	}
	for _, v := range o.modes {
		sum += v.rates * v.at(t, o.End)
	}
	return sum
}

// At is the market at time t ≥ 0; at the end of the sale just after.
func (o *Optimal) At(t float64) Moment {
	if t >= o.End {
		i := o.Before(o.End).Inventory
		return o.Market.moment(0, 0, 0, i*math.Exp(-o.Market.M*(t-o.End)))
	}
	return o.Before(t)
}

// Before is the market at time t ≥ 0; at the end of the sale just before.
func (o *Optimal) Before(t float64) Moment {
	if t > o.End {
		return o.At(t)
	}
	var i, anticipation float64
	for _, v := range o.modes {
		i += v.held(o.Market.M, t, o.End)
		anticipation += v.anticipation * v.at(t, o.End)
	}
	return o.Market.moment(o.Rate(t), 0, anticipation, i)
}

// Schedule is the average rate on each interval of a grid: ascending times from
// 0 on, of which the last is d or later.
func (o *Optimal) Schedule(grid []float64) clock.Schedule {
	var s clock.Schedule
	for k := 1; k < len(grid) && grid[k-1] < o.End; k++ {
		from, to := grid[k-1], math.Min(grid[k], o.End)
		sold := 0.
		for _, v := range o.modes {
			anchor := from
			if v.fromEnd {
				anchor = to
			}
			sold += v.rates * v.at(anchor, o.End) * h(v.decay, to-from)
		}
		s = append(s, clock.Interval{From: from, To: grid[k], Rate: math.Max(0, sold) / (grid[k] - from)})
	}
	return s
}

// Execution is what the seller gets.
func (o *Optimal) Execution() Execution {
	β, ω := o.Market.DiscountRate, o.Market.Reservation
	discount := 0.
	for _, v := range o.modes {
		discount += v.rates * overlap(β, o.End, v)
	}
	proceeds := o.surplus(β)
	return Execution{
		Quantity: o.Size, Proceeds: proceeds,
		AverageImpact: AverageImpact{
			Discounted: (ω*discount - proceeds) / o.Size, Undiscounted: ω - o.surplus(0)/o.Size,
			Shortfall: ω - proceeds/o.Size,
		},
	}
}

// surplus is ∫₀ᵈ e^{−rate t} f(ω + p^b)dt, a sum over pairs of modes.
func (o *Optimal) surplus(rate float64) (sum float64) {
	n, n1 := o.Market.counts()
	for _, v := range o.modes {
		sum += v.rates * n * o.Market.Reservation / n1 * overlap(rate, o.End, v)
		for _, w := range o.modes {
			price := -o.Market.Impact*w.rates - 2*o.Market.A*n/n1*w.inventory + n/n1*w.anticipation
			sum += v.rates * price * overlap(rate, o.End, v, w)
		}
	}
	return sum
}
