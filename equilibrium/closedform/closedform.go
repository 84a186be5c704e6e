// Package closedform holds the equilibria of the conditional double auction
// that can be written down without a general solver: identical traders in
// continuous and in discrete time (with common values, or who misperceive their
// impact), one large trader and a fringe, identical large traders and a fringe,
// and the first-order approximation near identical traders; the welfare results
// about them (mergers, commitment, entry); and the seller of Almgren and Chriss,
// who faces a given price impact. They are reference columns and tests for the
// numerical solver, and therefore share no code with it.
//
// Source: Sannikov & Skrzypacz, "Dynamic Trading: Price Inertia and
// Front-Running", cited as SS with its own proposition and equation numbers.
//
// # Objects and units
//
// N traders hold inventories X (asset units). Trader i pays (b_i/2) X_i² per
// unit of time for holding X_i; b_i > 0 is its holding cost (money per asset
// unit squared per time) and 1/b_i its risk capacity. Payoffs are discounted
// at the rate r > 0 (per time). A stationary linear mechanism sets the price
// p = P X (money per asset unit, the deviation from fundamental value) and the
// selling rates q = Q X (asset units per time; in discrete time asset units
// per auction). Columns of Q sum to zero: what one sells another buys. The
// value of trader i is XᵀA^iX plus a constant due to shocks, a present value
// in money.
//
// # Contract
//
// Functions are pure: no state, no randomness, safe for concurrent use.
// Parameters outside their range are reported as a *ParameterError. A result
// of N traders takes O(N²) memory for Q; value matrices, O(N³) in all, are
// filled for at most MaxValueTraders traders. Results are accurate to
// rounding, relative to the largest entry, but are not promised to be
// bit-identical on processors that fuse multiplication and addition.
//
// Non-goals: schedules of the auction and exponential utility.
// Constants k^i of the value functions follow from A^i by ShockValue.
package closedform

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// MaxValueTraders is the largest number of traders for which value matrices
// are filled in; beyond it Mechanism.A is nil. (N matrices of N×N numbers take
// 8 MB at N = 100 and 8 GB at N = 1000.)
const MaxValueTraders = 100

// Mechanism is a stationary linear mechanism (P, Q), SS §2.1, and what it is
// worth to each trader.
type Mechanism struct {
	// P has length N: the price is Σ_j P[j] X_j. Money per asset unit squared.
	P []float64

	// Q is N×N: trader i sells Σ_j Q_ij X_j. Per unit of time in continuous
	// time, a pure number (quantity per auction) in discrete time.
	Q *mat.Dense

	// A has length N: the value of trader i is XᵀA[i]X plus a constant. Money
	// per asset unit squared. Nil where no closed form is known and for more
	// than MaxValueTraders traders.
	A []*mat.SymDense
}

// ParameterError reports a parameter outside the range of a closed form.
type ParameterError struct {
	Name  string  // the parameter, as in the function's signature
	Value float64 // what was given
	Limit string  // what is allowed
}

// Error names the parameter, its value and its limit.
func (e *ParameterError) Error() string {
	return fmt.Sprintf("closedform: %s = %v: must be %s", e.Name, e.Value, e.Limit)
}

// positive returns a *ParameterError unless value is positive and finite.
func positive(name string, value float64) error {
	if value > 0 && !math.IsInf(value, 1) {
		return nil
	}
	return &ParameterError{Name: name, Value: value, Limit: "positive and finite"}
}

// atLeast returns a *ParameterError unless n ≥ least.
func atLeast(name string, n, least int) error {
	if n >= least {
		return nil
	}
	return &ParameterError{Name: name, Value: float64(n), Limit: fmt.Sprintf("at least %d", least)}
}

// firstError returns the first error that is not nil.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// positiveCosts checks a list of at least `least` holding costs.
func positiveCosts(holdingCosts []float64, least int) error {
	if err := atLeast("len(holdingCosts)", len(holdingCosts), least); err != nil {
		return err
	}
	for i, b := range holdingCosts {
		if err := positive(fmt.Sprintf("holdingCosts[%d]", i), b); err != nil {
			return err
		}
	}
	return nil
}
