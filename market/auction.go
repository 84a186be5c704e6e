package market

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"

	"walras/internal/kernel"
)

// NotAcceptableError says that the orders of an auction, or a mechanism, do not
// determine a price and quantities.
type NotAcceptableError struct {
	Seats  []int  // the seats whose orders do not fit together
	Reason string // why
}

// Error names the seats, counted from 1.
func (e *NotAcceptableError) Error() string {
	names := make([]string, len(e.Seats))
	for i, s := range e.Seats {
		names[i] = fmt.Sprint(s + 1)
	}
	return fmt.Sprintf("market: not acceptable: %s (seats %s)", e.Reason, strings.Join(names, ", "))
}

// Auction is the conditional double auction: one price at which every order
// holds and quantities sum to zero.
type Auction struct {
	seats    int
	lower    [][]float64 // rows of −D⁻¹L'D left of the diagonal, with Π = (I + L')U
	upper    [][]float64 // rows of −D⁻¹U right of the diagonal, D the diagonal of U
	inverse  []float64   // D⁻¹
	order    []int       // row i of the factors is the order of seat order[i]
	unknowns [][]float64 // of the block at hand: price, quantities of seats 2 … N
	minus    []float64

	orders  *Orders // whose factors these are,
	version int     // and of which version
}

// NewAuction makes an auction for the given number of seats.
func NewAuction(seats int) *Auction {
	a := &Auction{seats: seats, unknowns: make([][]float64, seats), minus: make([]float64, seats)}
	for i := range a.minus {
		a.minus[i] = -1
	}
	return a
}

// Clear solves the auction on the first paths and writes price and trades of its
// side. The error is a NotAcceptableError.
//
// Unknowns are (p, q₂ … q_N) with q₁ = −Σ q_j (SS, Theorem 1): column 1 of the
// system matrix Π holds the weights of the price, column j the slopes
// π^{ij} − π^{i1}. Its factors are kept until an order changes.
func (a *Auction) Clear(o *Orders, s *Side, paths int) error {
	if a.orders != o || a.version != o.version {
		if err := a.factor(o); err != nil {
			return err
		}
		a.orders, a.version = o, o.version
	}
	n, x := paths, a.unknowns
	x[0] = s.Price[:n]
	for j := 1; j < a.seats; j++ {
		x[j] = s.Trade[j][:n]
	}
	for i, seat := range a.order {
		kernel.CombineScaled(x[i], a.inverse[i], o.Intercept[seat][:n], a.lower[i], x[:i])
	}
	for i := a.seats - 2; i >= 0; i-- {
		kernel.Combine(x[i], x[i], a.upper[i], x[i+1:])
	}
	first := s.Trade[0][:n]
	if a.seats == 1 {
		clear(first)
		return nil
	}
	kernel.CombineScaled(first, -1, x[1], a.minus[2:], x[2:])
	return nil
}

// factor computes Π = LU with partial pivoting and keeps the rows of both
// triangles divided by the diagonal of U, so that solving needs no divisions.
func (a *Auction) factor(o *Orders) error {
	n := a.seats
	system := systemMatrix(o.weight, o.slopes, n)
	if scaled := relative(system, o.weight); singular(scaled) {
		return &NotAcceptableError{Seats: dependent(scaled), Reason: "the orders do not determine a price"}
	}
	var lu mat.LU
	lu.Factorize(system)
	// RowPivots lists, for each row of the matrix, the row of the factors.
	a.order = make([]int, n)
	for row, factor := range lu.RowPivots(nil) {
		a.order[factor] = row
	}
	var l, u mat.TriDense
	lu.LTo(&l)
	lu.UTo(&u)
	a.lower, a.upper, a.inverse = make([][]float64, n), make([][]float64, n), make([]float64, n)
	for i := range n {
		for j := range i {
			a.lower[i] = append(a.lower[i], -l.At(i, j)*u.At(j, j)/u.At(i, i))
		}
		for j := i + 1; j < n; j++ {
			a.upper[i] = append(a.upper[i], -u.At(i, j)/u.At(i, i))
		}
		a.inverse[i] = 1 / u.At(i, i)
	}
	return nil
}

// systemMatrix is Π for weights and slopes of the orders.
func systemMatrix(weight, slopes []float64, n int) *mat.Dense {
	system := mat.NewDense(n, n, nil)
	for i := range n {
		system.Set(i, 0, weight[i])
		for j := 1; j < n; j++ {
			system.Set(i, j, slopes[i*n+j]-slopes[i*n])
		}
	}
	return system
}

// relative is Π with prices in units of the largest slope, so that whether it is
// singular does not depend on the units of money.
func relative(system *mat.Dense, weight []float64) *mat.Dense {
	n, _ := system.Dims()
	unit := 0.0
	for i, w := range weight {
		for j := 1; w != 0 && j < n; j++ {
			unit = math.Max(unit, math.Abs(system.At(i, j)))
		}
	}
	if unit == 0 {
		return system
	}
	scaled := mat.DenseCopyOf(system)
	for i, w := range weight {
		for j := 1; w != 0 && j < n; j++ {
			scaled.Set(i, j, system.At(i, j)/unit)
		}
	}
	return scaled
}

// singular reports whether rounding errors decide the solution.
func singular(m *mat.Dense) bool {
	var lu mat.LU
	lu.Factorize(m)
	return !(lu.Cond() <= 1e15)
}

// dependent names the rows of a singular matrix that are combinations of each
// other: the entries of the left null vector.
func dependent(m *mat.Dense) []int {
	n, _ := m.Dims()
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDThinU) {
		return nil
	}
	var u mat.Dense
	svd.UTo(&u)
	var rows []int
	for i := range n {
		if math.Abs(u.At(i, n-1)) > 1e-8 {
			rows = append(rows, i)
		}
	}
	return rows
}
