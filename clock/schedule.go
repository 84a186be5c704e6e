package clock

import (
	"fmt"
	"math"
)

// Interval is a stretch of time [From, To) with a constant rate.
type Interval struct {
	From, To float64 // times, 0 ≤ From < To; To may be +Inf
	Rate     float64 // quantity per time
}

// Schedule is a rate that is constant by pieces: intervals in order of time that
// do not overlap, with rate 0 outside of them. The zero value is 0 at all times.
type Schedule []Interval

// ScheduleError says which interval of a schedule cannot stand.
type ScheduleError struct {
	Index  int // of the interval, from 0
	Reason string
}

// Error names the interval and what is allowed.
func (e *ScheduleError) Error() string {
	return fmt.Sprintf("interval %d of the schedule: %s", e.Index+1, e.Reason)
}

// Validate returns a *ScheduleError for the first interval that is empty, begins
// before time 0 or before the end of the one before it, or has no finite rate.
func (s Schedule) Validate() error {
	end := 0.0
	for i, v := range s {
		reason := ""
		switch {
		case !(v.From >= 0) || math.IsInf(v.From, 1):
			reason = fmt.Sprintf("begins at %v; must begin at a time from 0 on", v.From)
		case !(v.To > v.From):
			reason = fmt.Sprintf("runs from %v to %v; must end after it begins", v.From, v.To)
		case math.IsNaN(v.Rate) || math.IsInf(v.Rate, 0):
			reason = fmt.Sprintf("has rate %v; must be a finite number", v.Rate)
		case v.From < end:
			reason = fmt.Sprintf("begins at %v, before the interval before it ends at %v; list them in order of time, without overlap", v.From, end)
		}
		if reason != "" {
			return &ScheduleError{Index: i, Reason: reason}
		}
		end = v.To
	}
	return nil
}

// Quantity is the integral of the rate from one time to a later one.
func (s Schedule) Quantity(from, to float64) float64 {
	sum := 0.0
	for _, v := range s {
		if overlap := math.Min(to, v.To) - math.Max(from, v.From); overlap > 0 {
			sum += float64(v.Rate * overlap)
		}
	}
	return sum
}

// Rate is the rate at a time; where it jumps, the rate just after.
func (s Schedule) Rate(t float64) float64 {
	for _, v := range s {
		if v.From <= t && t < v.To {
			return v.Rate
		}
	}
	return 0
}

// Pieces cuts [0, end) into intervals of constant rate, those with rate 0
// included.
func (s Schedule) Pieces(end float64) []Interval {
	var pieces []Interval
	at := 0.0
	add := func(to, rate float64) {
		if to = math.Min(to, end); to > at {
			pieces = append(pieces, Interval{From: at, To: to, Rate: rate})
			at = to
		}
	}
	for _, v := range s {
		add(v.From, 0)
		add(v.To, v.Rate)
	}
	add(end, 0)
	return pieces
}
