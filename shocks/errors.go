package shocks

import "fmt"

// NotPSDError reports a covariance matrix that is not positive semidefinite
// beyond rounding: no shocks have it.
type NotPSDError struct {
	// Smallest is the smallest eigenvalue of the matrix; negative.
	Smallest float64
}

// Error gives the smallest eigenvalue.
func (e *NotPSDError) Error() string {
	return fmt.Sprintf("shocks: covariance not positive semidefinite: smallest eigenvalue %g", e.Smallest)
}

// NonFiniteError reports an entry of a covariance matrix that is not a finite
// number.
type NonFiniteError struct {
	Row, Column int
	Value       float64
}

// Error names the entry.
func (e *NonFiniteError) Error() string {
	return fmt.Sprintf("shocks: covariance of agents %d and %d is %g", e.Row, e.Column, e.Value)
}

// SameChannelError reports two agents on one channel: they would receive the
// same numbers. The cause is a name used twice, or a collision of hashes.
type SameChannelError struct{ First, Second int }

// Error names the two agents.
func (e *SameChannelError) Error() string {
	return fmt.Sprintf("shocks: agents %d and %d have the same channel", e.First, e.Second)
}
