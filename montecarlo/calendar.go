package montecarlo

import "walras/clock"

// calendar is what happens at which tick, for all workers of a run: it is not
// changed.
type calendar struct {
	moments   []clock.Moment
	statistic []int // place of a tick in Simulation.Statistics, or −1
	recorded  []int // place of a tick in Record.Ticks, or −1
}

func newCalendar(s *Simulation) *calendar {
	return &calendar{
		moments: s.Clock.Moments(), statistic: places(s.Statistics, s.Clock.Steps), recorded: places(s.Record.Ticks, s.Clock.Steps),
	}
}

// places maps ticks 0 … steps to their place in a list, or −1.
func places(ticks []int, steps int) []int {
	list := make([]int, steps+1)
	for i := range list {
		list[i] = -1
	}
	for j, k := range ticks {
		list[k] = j
	}
	return list
}
