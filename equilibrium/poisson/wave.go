package poisson

import (
	"math"
	"math/cmplx"
)

// wave is a characteristic function on a grid of u while it moves in time. Beyond
// the inner part, where u is small, it is known: a normal law's.
type wave struct {
	market  Constants
	u       []float64
	phi     []complex128
	inner   int
	lag     int // u_{j+lag} = ρ u_j
	spacing float64
}

func newWave(c Constants, deviation float64) *wave {
	contraction := math.Log1p(2 * c.Size * c.A / float64(c.Makers+1)) // −ln ρ
	w := &wave{market: c, lag: int(math.Ceil(contraction / resolution))}
	w.spacing = contraction / float64(w.lag)
	w.inner = int(math.Ceil(math.Log(widest/narrowest)/w.spacing)) + 1
	w.u = make([]float64, w.inner+w.lag)
	w.phi = make([]complex128, len(w.u))
	for j := range w.u {
		w.u[j] = widest / deviation * math.Exp(-w.spacing*float64(j))
	}
	return w
}

// gaussian has the characteristic function e^{iu mean − u² variance/2}.
type gaussian struct{ mean, variance float64 }

// gaussian is the normal law with the moments of a spell at time t.
func (s *spell) gaussian(t float64) gaussian {
	return gaussian{s.mean.at(t-s.from, s.length), s.variance.at(t-s.from, s.length)}
}

// set writes the characteristic function of a normal law from place j on.
func (w *wave) set(j int, phi []complex128, g gaussian) {
	for ; j < len(phi); j++ {
		u := w.u[j]
		phi[j] = cmplx.Rect(math.Exp(-u*u*g.variance/2), u*g.mean)
	}
}

// follow moves the wave along a spell from time t to end.
func (w *wave) follow(s *spell, t, end float64) {
	c := w.market
	drift := (s.sell - s.buy) / float64(c.Makers)
	fast := math.Max(c.Arrivals(), c.R*math.Abs(drift)*.4*w.u[0])
	steps := math.Ceil((end - t) * fast / arrivalStep)
	dt := (end - t) / steps
	at := c.Policy(c.B0+s.settled, s.sell, s.buy)
	passing := c.Size / c.K * s.passing

	n := len(w.u)
	jump, turn := make([]complex128, w.inner), make([]complex128, w.inner)
	for j, u := range w.u[:w.inner] {
		jump[j] = complex(c.BuyRate, 0)*cmplx.Rect(1, -u*at.Sells) + complex(c.SellRate, 0)*cmplx.Rect(1, u*at.Buys)
		turn[j] = cmplx.Rect(1, u*drift*dt/2)
	}
	// shift is what a B that has not settled adds to both α^b and −α^a.
	shift := func(t float64) []complex128 {
		if passing == 0 {
			return jump
		}
		moved := make([]complex128, w.inner)
		x := passing * math.Exp(-c.Delta*(s.from+s.length-t))
		for j, u := range w.u[:w.inner] {
			moved[j] = jump[j] * cmplx.Rect(1, u*x)
		}
		return moved
	}
	// slope is ∂φ/∂t but for the turning.
	slope := func(phi, jump, out []complex128) {
		Λ := complex(c.Arrivals(), 0)
		for j := range out {
			out[j] = jump[j]*phi[j+w.lag] - Λ*phi[j]
		}
	}
	var k [4][]complex128
	for i := range k {
		k[i] = make([]complex128, w.inner)
	}
	h, stage := complex(dt, 0), make([]complex128, n)
	next := shift(t)
	for i := range int(steps) {
		now := t + float64(i)*dt
		first, middle, last := next, shift(now+dt/2), shift(now+dt)
		next = last
		halfway, after := s.gaussian(now+dt/2), s.gaussian(now+dt)
		slope(w.phi, first, k[0])
		w.set(w.inner, stage, halfway)
		for j := range k[0] {
			stage[j] = turn[j] * (w.phi[j] + h/2*k[0][j])
		}
		slope(stage, middle, k[1])
		for j := range k[0] {
			stage[j] = turn[j]*w.phi[j] + h/2*k[1][j]
		}
		slope(stage, middle, k[2])
		w.set(w.inner, stage, after)
		for j := range k[0] {
			stage[j] = turn[j] * (turn[j]*w.phi[j] + h*k[2][j])
		}
		slope(stage, last, k[3])
		for j := range k[0] {
			w.phi[j] = turn[j]*(turn[j]*(w.phi[j]+h/6*k[0][j])+h/3*(k[1][j]+k[2][j])) + h/6*k[3][j]
		}
		w.set(w.inner, w.phi, after)
	}
}
