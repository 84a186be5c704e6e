// Package rungekutta integrates ordinary differential equations whose right-hand side
// is smooth, to high accuracy.
package rungekutta

import "math"

// System writes the slope y' = f(t, y).
type System func(t float64, y, slope []float64)

// Solver integrates one system. It keeps its step from one stretch to the next.
type Solver struct {
	system System
	slopes [stages][]float64
	next   []float64
	step   float64
}

// New is a solver of a system with n components.
func New(system System, n int) *Solver {
	s := &Solver{system: system, next: make([]float64, n)}
	for i := range s.slopes {
		s.slopes[i] = make([]float64, n)
	}
	return s
}

// Steps grow and shrink at most by these factors, and are a little shorter than the
// error estimate allows.
const (
	growth  = 6.0
	shrink  = 0.2
	caution = 0.9
	least   = 1e-13 // of the stretch: what is left there is rounding
)

// Advance moves y from one time to a later one; if it is not later nothing happens. A
// step may err by tolerance times the size of each component, which is at least the
// given one: above 0, unless the component stays 0. Where no step leads to numbers,
// however short, y becomes NaN.
func (s *Solver) Advance(from, to float64, y, size []float64, tolerance float64) {
	t, length := from, to-from
	if !(length > 0) {
		return
	}
	if s.step == 0 {
		s.step = s.first(t, length, y, size, tolerance)
	}
	for t < to {
		h := s.step
		last := t+h >= to-least*length
		if last {
			h = to - t
		}
		s.try(t, h, y)
		e := s.failure(h, y, size) / tolerance
		if math.IsNaN(e) && h <= least*length {
			for i := range y {
				y[i] = math.NaN()
			}
			return
		}
		if e <= 1 || h <= least*length {
			copy(y, s.next)
			t += h
			if last {
				t = to
			}
		}
		factor := shrink // also where the failure is no number
		if e <= math.Pow(caution/shrink, 8) {
			factor = math.Min(growth, caution*math.Pow(e, -1./8))
		}
		if !last || factor < 1 {
			s.step = math.Max(h*factor, least*length)
		}
	}
}

// first is a step in which y moves by a small part of its size.
func (s *Solver) first(t, length float64, y, size []float64, tolerance float64) float64 {
	s.system(t, y, s.slopes[0])
	fastest := 0.0
	for i, v := range s.slopes[0] {
		if scale := math.Max(math.Abs(y[i]), size[i]); scale > 0 {
			fastest = math.Max(fastest, math.Abs(v)/scale)
		}
	}
	if math.IsNaN(fastest) {
		return length
	}
	return math.Min(length, math.Pow(tolerance, 1./8)/math.Max(fastest, 1/length))
}

// try makes a step of length h.
func (s *Solver) try(t, h float64, y []float64) {
	for i := range stages + 1 {
		copy(s.next, y)
		for j, a := range coupling[i] {
			if a == 0 {
				continue
			}
			for c, slope := range s.slopes[j][:len(s.next)] {
				s.next[c] += h * a * slope
			}
		}
		if i < stages {
			s.system(t+nodes[i]*h, s.next, s.slopes[i])
		}
	}
}

// failure is the estimated error of the step, in sizes of the components.
func (s *Solver) failure(h float64, y, size []float64) float64 {
	of5, of3 := 0.0, 0.0
	for c := range y {
		e5, e3 := 0.0, 0.0
		for j := range stages {
			e5 += fifth[j] * s.slopes[j][c]
			e3 += (coupling[stages][j] - third[j]) * s.slopes[j][c]
		}
		if e5 == 0 && e3 == 0 {
			continue
		}
		scale := math.Max(size[c], math.Max(math.Abs(y[c]), math.Abs(s.next[c])))
		of5 += (e5 / scale) * (e5 / scale)
		of3 += (e3 / scale) * (e3 / scale)
	}
	if of5 == 0 {
		return 0
	}
	return h * of5 / math.Sqrt((of5+of3/100)*float64(len(y)))
}
