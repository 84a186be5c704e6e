package equilibrium

import (
	"iter"
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/equilibrium/closedform"
)

// Liquidation is one seller in a market whose price impact is given, SS (1) and
// Almgren & Chriss: there are auctions a step Δ apart, and the seller begins to
// sell at the one at time Start. Time and quantities are those of the whole
// order, money is not discounted.
type Liquidation struct {
	Seller     closedform.AlmgrenChriss // from its first auction on; the horizon is what it takes to sell
	Start      float64                  // a multiple of Step
	Step       float64                  // Δ
	Optimal    bool                     // the schedule maximises E − γ Var; else the rate is constant
	Quantities []float64                // sold at each auction from Start on
}

// Seats of a liquidation.
const (
	SellerSeat = iota
	CounterpartySeat
)

// NewLiquidation plans the quantities of a seller. An optimal schedule is the best
// for these very auctions, or, on a grid, what the best one in continuous time
// sells from each auction to the next. The error is a *closedform.ParameterError.
func NewLiquidation(seller closedform.AlmgrenChriss, start, step float64, optimal, onGrid bool) (*Liquidation, error) {
	if err := seller.Validate(); err != nil {
		return nil, err
	}
	l := &Liquidation{Seller: seller, Start: start, Step: step, Optimal: optimal}
	auctions := int(math.Round(seller.Horizon / step))
	switch {
	case optimal && !onGrid:
		best, err := seller.BestQuantities(auctions)
		if err != nil {
			return nil, err
		}
		l.Quantities = best
	case optimal:
		for k := range auctions {
			l.Quantities = append(l.Quantities, seller.Inventory(float64(k)*step)-seller.Inventory(float64(k+1)*step))
		}
		l.Quantities[auctions-1] = seller.Inventory(float64(auctions-1) * step) // whatever the horizon rounds to
	default:
		for range auctions {
			l.Quantities = append(l.Quantities, seller.Quantity/float64(auctions))
		}
	}
	return l, nil
}

// Quantity is what is sold at the auction of tick k.
func (l *Liquidation) Quantity(k int) float64 {
	k -= int(math.Round(l.Start / l.Step))
	if k < 0 || k >= len(l.Quantities) {
		return 0
	}
	return l.Quantities[k]
}

// Revenue is that of the auctions, as seen from time 0.
func (l *Liquidation) Revenue() closedform.Revenue {
	return l.waited(l.Seller.AtAuctions(l.Quantities))
}

// Continuous is the revenue of the same strategy in continuous time (SS Lemma 1),
// as seen from time 0.
func (l *Liquidation) Continuous() closedform.Revenue {
	if l.Optimal {
		return l.waited(l.Seller.Optimal())
	}
	return l.waited(l.Seller.Constant())
}

// waited adds the risk of the price until the first auction, at which everything
// is still to be sold.
func (l *Liquidation) waited(y closedform.Revenue) closedform.Revenue {
	held := l.Seller.Volatility * l.Seller.Quantity
	y.Variance += float64(held*held) * l.Start
	return y
}

// Payoff is Revenue less the worth of what is sold at the price of time 0.
func (l *Liquidation) Payoff() closedform.Revenue { return l.unpriced().Revenue() }

// ContinuousPayoff is Continuous less the worth of what is sold at the price of
// time 0.
func (l *Liquidation) ContinuousPayoff() closedform.Revenue { return l.unpriced().Continuous() }

func (l *Liquidation) unpriced() *Liquidation {
	relative := *l
	relative.Seller.Price = 0
	return &relative
}

// At is the inventory, the selling rate and the price relative to the fundamental
// in continuous time, just after time t.
func (l *Liquidation) At(t float64) (inventory, rate, price float64) {
	s := l.Seller
	passed := t - l.Start
	late := 1e-9 * l.Step // of a tick that is where the order begins or ends, but for rounding
	switch {
	case passed < -late:
		return s.Quantity, 0, 0
	case passed >= s.Horizon-late:
		return 0, 0, -s.Permanent * s.Quantity
	}
	passed = math.Max(0, passed)
	inventory, rate = s.Quantity*(1-passed/s.Horizon), s.Quantity/s.Horizon
	if l.Optimal {
		inventory, rate = s.Inventory(passed), s.Rate(passed)
	}
	return inventory, rate, -float64(s.Instantaneous*rate) - float64(s.Permanent*(s.Quantity-inventory))
}

// Play is the market with two seats: the seller, who sells its quantities whatever
// the price, and a counterparty who takes them at the price
//
//	p_k = −(I/Δ)q_k − λ·(what it has taken before),
//
// a linear market with P̃ = (0, −λ), Q̃ = 0 and p̃_k = −(I/Δ)a_k over the two
// inventories.
func (l *Liquidation) Play() *Play {
	p := []float64{0, -l.Seller.Permanent}
	still := mat.NewDense(2, 2, nil)
	return &Play{
		Policy: &Policy{
			Timing: Timing{Step: l.Step}, Seats: []Seat{{Type: SellerSeat, Members: 1}, {Type: CounterpartySeat, Members: 1}},
			Kinds: make([]Kind, 2), HoldingCost: make([]float64, 2), Price: p, Flows: still, Values: make([]Value, 2),
		},
		Price: p, Flows: still, Liquidation: l,
		acts: []act{{quantity: l.Quantity, price: -l.Impact(), trade: []float64{1, -1}}},
	}
}

// Impact is I/Δ, by which a unit sold at an auction lowers its price.
func (l *Liquidation) Impact() float64 { return l.Seller.Instantaneous / l.Step }

// Parts are the market at the auctions of the ticks 0 … steps (at the last there is
// none), computed as they are asked for: the price falls short of the fundamental
// by its instantaneous and its permanent part alone.
func (l *Liquidation) Parts(steps int) iter.Seq[ResponsePoint] {
	return func(yield func(ResponsePoint) bool) {
		sold := 0.0
		for k := range steps + 1 {
			q := l.Quantity(k)
			part := ResponsePoint{
				Time: float64(k) * l.Step, Sold: q, Inventories: []float64{l.Seller.Quantity - sold, sold},
				Instantaneous: l.Impact() * q, Permanent: l.Seller.Permanent * sold,
			}
			part.Price = -part.Instantaneous - part.Permanent
			if !yield(part) {
				return
			}
			sold += q
		}
	}
}
