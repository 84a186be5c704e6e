package equilibrium

import (
	"fmt"
	"math"
)

// rounding is how much numbers may differ that count as one, relative to the larger.
const rounding = 1e-12

// mostAnchored is how many phases a known random end may have: one of any length, in
// which nothing depends on time, one that leads to the end, and what follows.
const mostAnchored = 3

// Validate returns an error for a market whose phases cannot be played, or valued, as
// they are described; nothing would show it in the results.
func (a *Arrivals) Validate() error {
	last := len(a.Phases) - 1
	if last < 0 || !math.IsInf(a.Phases[last].Until, 1) {
		return fmt.Errorf("equilibrium: %d phases: there must be one at least, the last without end", last+1)
	}
	for i, o := range a.Orders {
		if len(o.Rates) != len(a.Phases) {
			return fmt.Errorf("equilibrium: order %d has %d rates: must be one for each of %d phases", i, len(o.Rates), len(a.Phases))
		}
	}
	if most := a.Investors.Rate() * a.Step; !(most <= 1+rounding) {
		return fmt.Errorf("equilibrium: %v investors are expected in a step of %v: must be 1 at most; take shorter steps", most, a.Step)
	}
	switch {
	case a.End == nil:
		return nil
	case last == 0:
		return fmt.Errorf("equilibrium: orders that end at random in a single phase: there must be one after their end")
	case !a.End.Known && (last != 1 || a.Phases[0].Until != 0):
		return fmt.Errorf("equilibrium: orders whose end is hidden have %d phases, the first until %v after it: must be two, of which the end is the limit", last+1, a.Phases[0].Until)
	case !a.End.Known:
		return nil
	case last >= mostAnchored || a.Phases[last-1].Until != 0:
		return fmt.Errorf("equilibrium: orders with a known random end have %d phases, the last but one until %v after it: must be %d at most, of which the end is the limit of the last but one; make the first begin nearer to the end", last+1, a.Phases[last-1].Until, mostAnchored)
	}
	return a.validateFirst()
}

// validateFirst returns an error if what makers quote in the first phase changes with the
// time until the orders end, which in that phase is as long as it happens to be: quotes
// are tabulated, and for it there is no table.
func (a *Arrivals) validateFirst() error {
	mean := 0.
	for _, w := range a.End.Components {
		mean += float64(w.Weight * w.Mean)
	}
	first := a.Phases[0]
	for side, quotes := range [2][]func(float64) float64{first.Bid, first.Ask} {
		for seat, f := range quotes {
			want := f(first.Until)
			for before := mean / 32; before < 64*mean; before *= 2 {
				t := first.Until - before
				if got := f(t); !(math.Abs(got-want) <= rounding*math.Max(math.Abs(got), math.Abs(want))) {
					return fmt.Errorf("equilibrium: in the first phase of orders with a known random end makers of seat %d quote %v at %s %v before the end, and %v when the phase ends: must not depend on time; begin with a phase in which it does not", seat, got, [2]string{"the bid", "the ask"}[side], -t, want)
				}
			}
		}
	}
	return nil
}
