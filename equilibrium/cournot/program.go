package cournot

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"walras/clock"
)

// Program is the seller's problem on a grid: rates f_1, …, f_n ≥ 0 on n equal
// intervals of [0, d], with prices at their midpoints t_i,
//
//	max Σ h e^{−βt_i} f_i (u_0 − H f_i − h Σ_j K(t_i,t_j) f_j),   h Σ f_i = S.
//
// It knows nothing of the equations of Optimal, to which it converges like h²,
// and unlike that it keeps rates at 0 or above when late money is worth little.
type Program struct {
	Market         Constants
	Size, Duration float64 // S, d
	Free           bool    // the best size instead of S
	Intervals      int     // n
}

// Programmed is the solution of a Program.
type Programmed struct {
	Schedule   clock.Schedule
	Proceeds   float64 // of the grid's objective; those of Schedule differ by O(h²)
	Multiplier float64 // Λ of the size; 0 if it is free
}

// ErrNoConvergence says that the active set of a program kept changing.
var ErrNoConvergence = errors.New("cournot: the set of intervals on which nothing is sold keeps changing; take fewer intervals or a shorter duration")

var errNotConcave = errors.New("cournot: the seller's program is not concave; take a shorter duration")

// Validate returns a *ParameterError for the first field outside its range.
func (p Program) Validate() error {
	if p.Intervals < 1 {
		return &ParameterError{Name: "Intervals", Value: float64(p.Intervals), Limit: "at least 1"}
	}
	if !p.Free {
		if err := positive("Size", p.Size); err != nil {
			return err
		}
	}
	return positive("Duration", p.Duration)
}

// kernel is K(t, s): by how much a unit rate at time s lowers the bid at time t
// per unit of time, and the mean of the limits at s = t.
func (c Constants) kernel(t, s float64) float64 {
	n, n1 := c.counts()
	inventory := 2 * c.A * n / (n1 * n1)
	offset := func(t float64) float64 { return c.Kappa * c.M * h(c.M+c.Gamma, t) }
	before := inventory * math.Exp(-c.M*(t-s)) * (1 - offset(s))
	after := math.Exp(-c.Gamma*(s-t)) * (n*c.K/n1 - inventory*offset(t))
	switch {
	case s < t:
		return before
	case s > t:
		return after
	}
	return (before + after) / 2
}

// scaled is the program as ½xᵀGx − bᵀx with x_i = e^{−βt_i/2}f_i, which keeps G
// well conditioned however late money is discounted, and S e^{−βd/2} = aᵀx.
type scaled struct {
	g    *mat.SymDense
	b, a []float64
}

func (p Program) scaled() scaled {
	c, size := &p.Market, p.Intervals
	n, n1 := c.counts()
	step, β := p.Duration/float64(size), c.DiscountRate/2
	s := scaled{g: mat.NewSymDense(size, nil), b: make([]float64, size), a: make([]float64, size)}
	for i := range size {
		t := p.midpoint(i)
		s.b[i] = step * n * c.Reservation / n1 * math.Exp(-β*t)
		s.a[i] = step * math.Exp(-β*(p.Duration-t))
		s.g.SetSym(i, i, 2*step*(c.Impact+step*c.kernel(t, t)))
		for j := range i {
			since := t - p.midpoint(j)
			s.g.SetSym(i, j, step*step*(math.Exp(-β*since)*c.kernel(t, t-since)+math.Exp(β*since)*c.kernel(t-since, t)))
		}
	}
	return s
}

// midpoint is t_i, for i from 0.
func (p Program) midpoint(i int) float64 {
	return (float64(i) + .5) * p.Duration / float64(p.Intervals)
}

// Solve finds the rates by the primal-dual active set method: intervals leave
// when their rate is negative, and return when selling there would pay.
func (p Program) Solve() (Programmed, error) {
	if err := p.Validate(); err != nil {
		return Programmed{}, err
	}
	s := p.scaled()
	sells := make([]int, p.Intervals)
	for i := range sells {
		sells[i] = i
	}
	for range 100 {
		x, multiplier, err := p.on(sells, s)
		if err != nil {
			return Programmed{}, err
		}
		var worse mat.VecDense // what one more unit costs on each interval
		worse.MulVec(s.g, mat.NewVecDense(len(x), x))
		var next []int
		for i := range x {
			_, selling := slices.BinarySearch(sells, i)
			if selling && x[i] >= 0 || !selling && s.b[i]-s.a[i]*multiplier > worse.AtVec(i) {
				next = append(next, i)
			}
		}
		if slices.Equal(next, sells) {
			return p.programmed(x, multiplier, s), nil
		}
		sells = next
	}
	return Programmed{}, ErrNoConvergence
}

// on is the best answer that sells on these intervals only.
func (p Program) on(sells []int, s scaled) (x []float64, multiplier float64, err error) {
	n := len(sells)
	part, right := mat.NewSymDense(n, nil), mat.NewDense(n, 2, nil)
	for i, from := range sells {
		for j := i; j < n; j++ {
			part.SetSym(i, j, s.g.At(from, sells[j]))
		}
		right.Set(i, 0, s.b[from])
		right.Set(i, 1, s.a[from])
	}
	var chol mat.Cholesky
	var answers mat.Dense
	if !chol.Factorize(part) {
		return nil, 0, errNotConcave
	}
	if err := chol.SolveTo(&answers, right); err != nil {
		return nil, 0, fmt.Errorf("%w: %w", errNotConcave, err)
	}
	if !p.Free {
		free, priced := 0., 0.
		for i, k := range sells {
			free += s.a[k] * answers.At(i, 0)
			priced += s.a[k] * answers.At(i, 1)
		}
		multiplier = (free - p.Size*math.Exp(-p.Market.DiscountRate*p.Duration/2)) / priced
	}
	x = make([]float64, p.Intervals)
	for i, k := range sells {
		x[k] = answers.At(i, 0) - multiplier*answers.At(i, 1)
	}
	return x, multiplier, nil
}

// programmed is the solution in rates, and what it earns.
func (p Program) programmed(x []float64, multiplier float64, s scaled) Programmed {
	β, vector := p.Market.DiscountRate/2, mat.NewVecDense(len(x), x)
	solution := Programmed{
		Multiplier: multiplier * math.Exp(-β*p.Duration),
		Proceeds:   mat.Dot(vector, mat.NewVecDense(len(x), s.b)) - mat.Inner(vector, s.g, vector)/2,
	}
	step := p.Duration / float64(p.Intervals)
	for i := range x {
		solution.Schedule = append(solution.Schedule, clock.Interval{
			From: float64(i) * step, To: float64(i+1) * step, Rate: x[i] * math.Exp(β*p.midpoint(i)),
		})
	}
	return solution
}
