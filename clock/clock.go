// Package clock tells a simulation when things happen: the ticks at which
// auctions are held, the grids on which results are recorded, and schedules of
// rates that change at given times.
//
// Time is model time in the user's units; nothing here reads the wall clock.
// Values are immutable and safe for concurrent use.
package clock

import "math"

// Clock holds auctions at 0, Step, …, (Steps−1)·Step and ends at the horizon.
type Clock struct {
	Step         float64 // Δ > 0, time between auctions
	Steps        int     // K ≥ 1 auctions; the horizon is K·Δ
	DiscountRate float64 // r ≥ 0
}

// Moment is one tick.
type Moment struct {
	Index    int     // k
	Time     float64 // kΔ
	Discount float64 // ρ^k = e^{−rkΔ}
}

// At is the moment of tick k, 0 ≤ k ≤ Steps.
func (c Clock) At(k int) Moment {
	t := float64(k) * c.Step
	return Moment{Index: k, Time: t, Discount: math.Exp(-c.DiscountRate * t)}
}

// Moments are the ticks 0 … Steps; the last one has no auction.
func (c Clock) Moments() []Moment {
	list := make([]Moment, c.Steps+1)
	for k := range list {
		list[k] = c.At(k)
	}
	return list
}

// Grid is every n-th tick from 0 on, and always the last.
func (c Clock) Grid(every int) []int {
	if every < 1 {
		panic("clock: a grid needs a positive spacing")
	}
	var ticks []int
	for k := 0; k < c.Steps; k += every {
		ticks = append(ticks, k)
	}
	return append(ticks, c.Steps)
}
