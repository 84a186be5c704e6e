package clock_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"walras/clock"
)

// selling is the schedule of most tests: a gap, a jump, a buy and no end.
var selling = clock.Schedule{{From: .2, To: .5, Rate: 2}, {From: .5, To: 1, Rate: -3}, {From: 4, To: math.Inf(1), Rate: .7}}

func TestSchedule(t *testing.T) {
	require.NoError(t, selling.Validate())
	for at, want := range map[float64]float64{0: 0, .2: 2, .49: 2, .5: -3, .99: -3, 1: 0, 3.9: 0, 4: .7, 1e9: .7} {
		require.Equal(t, want, selling.Rate(at), "at %g", at)
	}
	for _, c := range []struct{ from, to, want float64 }{
		{0, .2, 0}, {0, .3, .2}, {.3, .4, .2}, {.4, .6, -.1}, {0, 4, -.9}, {1, 4, 0}, {0, 6, .5}, {5, 5, 0}, {6, 5, 0},
	} {
		require.InDelta(t, c.want, selling.Quantity(c.from, c.to), 1e-15, "%g to %g", c.from, c.to)
	}
	require.Zero(t, clock.Schedule(nil).Quantity(0, 9))
	require.Zero(t, clock.Schedule(nil).Rate(0))
	require.NoError(t, clock.Schedule(nil).Validate())
}

func TestSchedulePieces(t *testing.T) {
	require.Equal(t, []clock.Interval{
		{From: 0, To: .2}, {From: .2, To: .5, Rate: 2}, {From: .5, To: 1, Rate: -3}, {From: 1, To: 4}, {From: 4, To: 5, Rate: .7},
	}, selling.Pieces(5))
	require.Equal(t, []clock.Interval{{From: 0, To: .2}, {From: .2, To: .3, Rate: 2}}, selling.Pieces(.3))
	require.Equal(t, []clock.Interval{{From: 0, To: 2}}, clock.Schedule(nil).Pieces(2))
	require.Empty(t, selling.Pieces(0))
}

// TestScheduleQuantitiesAddUp cuts a stretch of time anywhere: nothing is lost
// and nothing sold twice, and the quantity is the sum over the pieces.
func TestScheduleQuantitiesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s clock.Schedule
		at := 0.0
		for range rapid.IntRange(0, 5).Draw(t, "intervals") {
			from := at + rapid.Float64Range(0, 1).Draw(t, "gap")
			at = from + rapid.Float64Range(.01, 1).Draw(t, "length")
			s = append(s, clock.Interval{From: from, To: at, Rate: rapid.Float64Range(-5, 5).Draw(t, "rate")})
		}
		require.NoError(t, s.Validate())
		a, b, c := rapid.Float64Range(0, 3).Draw(t, "a"), rapid.Float64Range(3, 5).Draw(t, "b"), rapid.Float64Range(5, 9).Draw(t, "c")
		require.InDelta(t, s.Quantity(a, c), s.Quantity(a, b)+s.Quantity(b, c), 1e-13)

		sum := 0.0
		for _, p := range s.Pieces(c) {
			sum += p.Rate * (p.To - p.From)
			require.Equal(t, p.Rate, s.Rate((p.From+p.To)/2))
		}
		require.InDelta(t, s.Quantity(0, c), sum, 1e-13)
	})
}

func TestScheduleErrors(t *testing.T) {
	for text, s := range map[string]clock.Schedule{
		"interval 1 of the schedule: begins at -1; must begin at a time from 0 on":                                                      {{From: -1, To: 2}},
		"interval 1 of the schedule: begins at NaN; must begin at a time from 0 on":                                                     {{From: math.NaN(), To: 2}},
		"interval 1 of the schedule: begins at +Inf; must begin at a time from 0 on":                                                    {{From: math.Inf(1), To: math.Inf(1)}},
		"interval 1 of the schedule: runs from 2 to 2; must end after it begins":                                                        {{From: 2, To: 2}},
		"interval 1 of the schedule: runs from 2 to NaN; must end after it begins":                                                      {{From: 2, To: math.NaN()}},
		"interval 1 of the schedule: has rate -Inf; must be a finite number":                                                            {{To: 2, Rate: math.Inf(-1)}},
		"interval 2 of the schedule: begins at 1, before the interval before it ends at 2; list them in order of time, without overlap": {{To: 2}, {From: 1, To: 3}},
	} {
		var wrong *clock.ScheduleError
		require.ErrorAs(t, s.Validate(), &wrong)
		require.EqualError(t, wrong, text)
	}
}
