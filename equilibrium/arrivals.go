package equilibrium

import "math"

// Arrivals is a market of Cournot market makers whom investors meet one at a time, as
// it is played in continuous time, or at Bernoulli steps. Buyers and sellers arrive by
// Poisson processes and trade at the quotes that stand before they come; large orders
// trade at the quotes all the time, as a flow. Prices are relative to the fundamental
// value.
//
// It is the market, not its solution: where the makers' quotes come from it does not
// know.
type Arrivals struct {
	Makers    []MakerType       // seats 0 … n−1: members who hold the same and do the same share one
	Investors ArrivingInvestors // seat n
	Orders    []FlowingOrder    // the seats that follow
	Phases    []Phase           // in order of time; at least one, the last without end
	End       *RandomEnd        // of the orders; nil if phases end at given times

	// Valuations are what seats expect while the market is played, for control variates;
	// nil: none.
	Valuations []Valuation

	// Step is Δ where everything happens at ticks: at most one investor arrives in a
	// step, with probability (λ_B + λ_S)Δ. 0 is continuous time.
	Step float64
}

// MakerType is a number of market makers who share a state.
type MakerType struct {
	Count         int       // members, ≥ 1
	InventoryCost float64   // Θ, money per asset unit squared per time, per member
	Slopes        []float64 // of what a member sells at the ask, per asset unit that a member of each type holds; at the bid it buys as much less
	Worth         EndWorth  // of a member; nil is 0
}

// ArrivingInvestors come one at a time: a buyer buys c(p̃ − a), a seller sells
// c(b + p̃).
type ArrivingInvestors struct {
	BuyRate, SellRate float64  // λ_B at the ask, λ_S at the bid: arrivals per time
	Size              float64  // c, asset units per money per asset unit
	Reservation       float64  // p̃, money per asset unit
	Worth             EndWorth // nil is 0
}

// FlowingOrder is a large order that trades at the quotes all the time.
type FlowingOrder struct {
	Buys  bool
	Rates []float64 // per phase, asset units per time
	Worth EndWorth  // nil is 0
}

// Phase is a stretch of time in which orders trade at constant rates and what makers
// quote changes smoothly.
type Phase struct {
	// Until is when it ends; relative to the end of the orders where that is random;
	// +Inf for the last phase. Phases of no length, and of a time before 0, are skipped.
	Until float64

	// Bid and Ask are the quantities that a member of each type quotes when nobody
	// holds any inventory, functions of time; relative to the end of the orders where
	// that is random and known. They are asked for only within the phase and at its
	// ends.
	Bid, Ask []func(t float64) float64
}

// RandomEnd is the law of the time at which all orders end.
type RandomEnd struct {
	Components []Waiting // one of them is drawn
	Known      bool      // whether makers know the time drawn from the beginning
}

// Waiting is a sum of Stages exponential times, each of mean Mean/Stages: Erlang's law.
type Waiting struct {
	Weight float64 // probability
	Stages int     // ≥ 1
	Mean   float64
}

// EndWorth is what a seat ends with, a function of the inventories of a member of
// each type at the horizon, of the phase that holds, and of the time until the orders
// end, where makers know it; not discounted.
type EndWorth func(x []float64, phase int, left float64) float64

// Valuation is what a seat can expect from a time on, Square y² + Slope y + Constant:
// y is what a maker holds itself, for other seats what makers hold on average. The
// functions of time are those of the phases, as Phase.Bid; not discounted.
type Valuation struct {
	Square          float64
	Slope, Constant []func(t float64) float64
}

// Seats is the number of seats: the types of makers, the investors, the large orders.
func (a *Arrivals) Seats() int { return len(a.Makers) + 1 + len(a.Orders) }

// InvestorSeat is the seat of the investors.
func (a *Arrivals) InvestorSeat() int { return len(a.Makers) }

// Members is the number of makers.
func (a *Arrivals) Members() int {
	n := 0
	for _, m := range a.Makers {
		n += m.Count
	}
	return n
}

// WorthOf is what seat i ends with; see EndWorth.
func (a *Arrivals) WorthOf(i int, x []float64, phase int, left float64) float64 {
	worth := a.Investors.Worth
	switch n := a.InvestorSeat(); {
	case i < n:
		worth = a.Makers[i].Worth
	case i > n:
		worth = a.Orders[i-n-1].Worth
	}
	if worth == nil {
		return 0
	}
	return worth(x, phase, left)
}

// Flow is what the orders sell at the bid and buy at the ask in a phase, per time.
func (a *Arrivals) Flow(phase int) (sell, buy float64) {
	for _, o := range a.Orders {
		if o.Buys {
			buy += o.Rates[phase]
		} else {
			sell += o.Rates[phase]
		}
	}
	return sell, buy
}

// Stretch is the time of phase k up to a horizon, as its functions count it. Counted
// from the orders' end, that of the first phase has no beginning: it is a point, so what
// is quoted in it must not depend on time.
func (a *Arrivals) Stretch(k int, horizon float64) (from, to float64) {
	to = min(a.Phases[k].Until, horizon)
	switch {
	case k > 0:
		from = a.Phases[k-1].Until
	case a.Anchored():
		from = to
	}
	if a.End != nil && !a.End.Known { // any of its phases may hold at any time
		return 0, horizon
	}
	return min(from, to), to
}

// Anchored reports whether the phases' functions count time from the end of the
// orders.
func (a *Arrivals) Anchored() bool { return a.End != nil && a.End.Known }

// Rate is that of arrivals on both sides together.
func (i ArrivingInvestors) Rate() float64 { return i.BuyRate + i.SellRate }

// Forever is the end of the last phase.
func Forever() float64 { return math.Inf(1) }
