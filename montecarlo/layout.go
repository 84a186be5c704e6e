package montecarlo

// PairSeats is the largest number of seats of which all covariances are followed;
// of more seats, variances alone.
const PairSeats = 100

// Layout says where in Sums.Add and Sums.Max each statistic of a simulation
// stands. Sums of x are taken about a centre known beforehand (the path without
// shocks), which costs nothing and keeps the digits that a raw second moment
// would lose.
type Layout struct {
	Seats    int
	Ticks    []int // of statistics
	Centres  []Centre
	Outcomes [outcomes][]float64 // of the path without shocks, per seat
	Sells    bool                // the first seat is the seller of a liquidation
}

// Centre is the path without shocks at a tick.
type Centre struct {
	Inventory []float64
	Trade     []float64
	Price     float64
	Change    float64 // of the price to the next auction
}

// Offsets within the sums of one tick.
func (l *Layout) perTick() int { return 3*l.Seats + l.pairs() + 3 }

func (l *Layout) pairs() int {
	if l.Seats > PairSeats {
		return l.Seats
	}
	return l.Seats * (l.Seats + 1) / 2
}

func (l *Layout) tick(j int) int { return j * l.perTick() }

// Inventory is the place of Σ(X_i − centre) at the j-th recorded tick.
func (l *Layout) Inventory(j, i int) int { return l.tick(j) + i }

// FirstPartner is the first seat b whose covariance with seat a is followed, up to
// a itself.
func (l *Layout) FirstPartner(a int) int {
	if l.Seats > PairSeats {
		return a
	}
	return 0
}

// Covariance is the place of Σ(X_a − centre)(X_b − centre), FirstPartner(a) ≤ b ≤ a.
func (l *Layout) Covariance(j, a, b int) int {
	if l.Seats > PairSeats {
		return l.tick(j) + l.Seats + a
	}
	return l.tick(j) + l.Seats + a*(a+1)/2 + b
}

// Trade is the place of Σ(q_i − centre).
func (l *Layout) Trade(j, i int) int { return l.tick(j) + l.Seats + l.pairs() + i }

// TradeSquare is the place of Σ(q_i − centre)².
func (l *Layout) TradeSquare(j, i int) int { return l.Trade(j, i) + l.Seats }

// Price is the place of Σ(p − centre).
func (l *Layout) Price(j int) int { return l.tick(j) + 3*l.Seats + l.pairs() }

// PriceSquare is the place of Σ(p − centre)².
func (l *Layout) PriceSquare(j int) int { return l.Price(j) + 1 }

// Change is the place of Σ(Δp − centre).
func (l *Layout) Change(j int) int { return l.Price(j) + 2 }

// Kinds of outcome, summed per seat at the end of a path.
const (
	OutcomeWelfare = iota
	OutcomePayoff
	OutcomeTerminal
	OutcomeVolume
	OutcomeControlled // welfare less the surprise of the shocks, with Simulation.Control
	outcomes
)

func (l *Layout) end() int { return len(l.Ticks) * l.perTick() }

// Outcome is the place of Σ(outcome − centre) of seat i over observations: paths,
// or means of antithetic pairs.
func (l *Layout) Outcome(kind, i int) int { return l.end() + kind*l.Seats + i }

// OutcomeSquare is the place of Σ(outcome − centre)².
func (l *Layout) OutcomeSquare(kind, i int) int { return l.Outcome(kind, i) + outcomes*l.Seats }

// Slope is the place of the five sums of the momentum regression over
// observations: with v = Σ_k d_k² of a path and u = Σ_k d_kΔp_k − v, which is 0
// without shocks, Σu, Σv, Σu², Σuv, Σv².
func (l *Layout) Slope() int { return l.end() + 2*outcomes*l.Seats }

// Sale is the place of two sums over paths, where a seat sells: Σ(payoff − centre)
// and Σ(payoff − centre)².
func (l *Layout) Sale() int { return l.Slope() + 5 }

// Adds is the length of Sums.Add.
func (l *Layout) Adds() int {
	if l.Sells {
		return l.Sale() + 2
	}
	return l.Sale()
}

// Identity is the place in Sums.Max of the largest relative error of the
// pathwise identity of seat i.
func (l *Layout) Identity(i int) int { return i }

// Clearing is the place in Sums.Max of the largest relative excess |Σq|.
func (l *Layout) Clearing() int { return l.Seats }

// CashBalance is the place in Sums.Max of the largest relative |Σ cash|.
func (l *Layout) CashBalance() int { return l.Seats + 1 }

// Maxes is the length of Sums.Max.
func (l *Layout) Maxes() int { return l.Seats + 2 }
