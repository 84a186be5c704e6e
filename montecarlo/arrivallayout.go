package montecarlo

import (
	"walras/agents"
	"walras/market"
)

// ArrivalLayout says where each statistic of a market that investors come to one at a
// time stands in Sums. Everything is taken as the ticks find it, the orders that end
// there being over. Moments are those about 0.
type ArrivalLayout struct {
	Seats    int
	Makers   int // types, the first seats
	Ticks    []int
	Levels   [][variables][]float64 // per tick and variable, see Simulation.Levels
	Outcomes [outcomes][]float64    // centres, per kind and seat

	dealers []agents.Dealing // of a run

	below []int // places of the levels, per tick and variable
	ends  int   // of the places of the levels
}

// The variables whose distribution is followed.
const (
	AggregateInventory = iota // what all makers hold together
	MidQuote
	variables
)

// higher is how many more sums the inventory of a maker has at a tick.
const higher = 3

// Inventory is the number of the quantity X_i, of a member where the seat is a type of
// makers.
func (l *ArrivalLayout) Inventory(i int) int { return i }

// Price is the number of the quote of a side.
func (l *ArrivalLayout) Price(side int) int { return l.Seats + side }

// Mid is the number of the mid-quote.
func (l *ArrivalLayout) Mid() int { return l.Price(market.Ask) + 1 }

// Active is the number of the quantity that is 1 while orders trade, else 0.
func (l *ArrivalLayout) Active() int { return l.Mid() + 1 }

func (l *ArrivalLayout) quantities() int { return l.Active() + 1 }

// Sum is the place of Σx of a quantity at the j-th tick; that of Σx² follows.
func (l *ArrivalLayout) Sum(j, quantity int) int { return j*l.perTick() + 2*quantity }

// Higher is the place of Σx³ of the inventory of a type of makers at the j-th tick;
// those of Σx⁴ and of Σxy, with y the inventory at the tick of statistics before,
// follow.
func (l *ArrivalLayout) Higher(j, maker int) int {
	return j*l.perTick() + 2*l.quantities() + higher*maker
}

func (l *ArrivalLayout) perTick() int { return 2*l.quantities() + higher*l.Makers }

// Below is the place of the number of paths on which a variable is at most its n-th
// level at the j-th tick.
func (l *ArrivalLayout) Below(j, variable, n int) int { return l.below[j*variables+variable] + n }

// Outcome is the place of Σ(outcome − centre) of seat i; that of the squares follows.
func (l *ArrivalLayout) Outcome(kind, i int) int { return l.ends + 2*(kind*l.Seats+i) }

// Came is the place of Σ of the numbers of investors who came to a side until the
// horizon; that of the squares follows.
func (l *ArrivalLayout) Came(side int) int { return l.Outcome(len(l.Outcomes), 0) + 2*side }

// Negative is the place of the number of investors who traded less than nothing at a
// side.
func (l *ArrivalLayout) Negative(side int) int { return l.Came(market.Ask+1) + side }

// Adds is the length of Sums.Add.
func (l *ArrivalLayout) Adds() int { return l.Negative(market.Ask + 1) }

// Clearing is the place in Sums.Max of the largest relative excess |Σq| of a side.
func (l *ArrivalLayout) Clearing() int { return 0 }

// CashBalance is the place in Sums.Max of the largest |Σ cash|, relative to what has
// changed hands.
func (l *ArrivalLayout) CashBalance() int { return 1 }

// Maxes is the length of Sums.Max.
func (l *ArrivalLayout) Maxes() int { return 2 }

// ArrivalLayout describes the sums of this simulation.
func (s *Simulation) ArrivalLayout() *ArrivalLayout {
	l := &ArrivalLayout{Seats: len(s.Names), Makers: len(s.Arrivals.Makers), Ticks: s.Statistics, Levels: s.Levels}
	if l.Levels == nil {
		l.Levels = make([][variables][]float64, len(s.Statistics))
	}
	l.ends = l.Sum(len(l.Ticks), 0)
	for _, at := range l.Levels {
		for _, levels := range at {
			l.below = append(l.below, l.ends)
			l.ends += len(levels)
		}
	}
	for kind := range l.Outcomes {
		l.Outcomes[kind] = make([]float64, l.Seats)
	}
	discount := s.Clock.At(s.Clock.Steps).Discount
	for i := range s.Names {
		worth := s.Arrivals.WorthOf(i, s.Initial[:len(s.Arrivals.Makers)], 0, 0)
		l.Outcomes[OutcomeTerminal][i] = discount * worth
		l.Outcomes[OutcomeWelfare][i], l.Outcomes[OutcomeControlled][i] = worth, worth
	}
	return l
}

func (l *ArrivalLayout) open(w *worker) venue { return newFloor(w, l) }
