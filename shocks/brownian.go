package shocks

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Brownian is a Brownian motion in as many dimensions as there are agents, with
// covariance Σ per unit of time. It is immutable.
//
// Agent i draws εᵢ from its own channel, and the shocks are L·ε with L the lower
// Cholesky factor of Σ in the order of the agents. So εᵢ never depends on who
// else is there; nor does the shock of an agent that is independent of the
// earlier ones.
type Brownian struct {
	factor   *mat.TriDense
	channels []uint64
}

// NewBrownian returns the Brownian motion with this covariance per unit of time
// ((unit of the shock)² / unit of time) for agents with these channels, one for
// each row; see [Channel]. The covariance may be singular. The error is a
// [*NotPSDError], [*NonFiniteError] or [*SameChannelError].
func NewBrownian(covariance mat.Symmetric, channels []uint64) (*Brownian, error) {
	n := covariance.SymmetricDim()
	if n == 0 || n != len(channels) {
		panic("shocks: number of channels differs from the size of the covariance, or is 0")
	}
	if err := distinct(channels); err != nil {
		return nil, err
	}
	if err := finite(covariance); err != nil {
		return nil, err
	}
	l, err := factorize(covariance)
	if err != nil {
		return nil, err
	}
	return &Brownian{factor: l, channels: append([]uint64(nil), channels...)}, nil
}

// Factor returns a copy of L, lower triangular with L·Lᵀ = Σ, in (unit of the
// shock) / √(unit of time). If Σ is diagonal, so is L.
func (b *Brownian) Factor() mat.Matrix {
	l := mat.NewTriDense(len(b.channels), mat.Lower, nil)
	l.Copy(b.factor)
	return l
}

func distinct(channels []uint64) error {
	first := make(map[uint64]int, len(channels))
	for i, c := range channels {
		if j, ok := first[c]; ok {
			return &SameChannelError{First: j, Second: i}
		}
		first[c] = i
	}
	return nil
}

func finite(a mat.Symmetric) error {
	for i := range a.SymmetricDim() {
		for j := range i + 1 {
			if x := a.At(i, j); math.IsNaN(x) || math.IsInf(x, 0) {
				return &NonFiniteError{Row: i, Column: j, Value: x}
			}
		}
	}
	return nil
}
