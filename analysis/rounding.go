package analysis

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"walras/market"
	"walras/montecarlo"
)

// identityTolerance is the rounding level of an identity, relative to the size
// of its terms, in a market whose auction is well conditioned.
const identityTolerance = 1e-12

// identityErrors is how many standard errors an identity may be off besides: its
// standard error is at rounding level, but need not be zero.
const identityErrors = 6

// roundTrips is how many times the error of one round trip through the auction an
// identity over many auctions may be off.
const roundTrips = 64

// rounding is the rounding level of the identities of a simulation. Where
// traders differ a lot in size the schedules' system is ill conditioned, and the
// auction itself rounds more coarsely than 1e-12. How much is measured, apart
// from any path: a mechanism is turned into schedules and cleared again.
func rounding(sim *montecarlo.Simulation, size []float64) float64 {
	p, q := sim.Play.Policy.Mechanism()
	profile, err := market.ProfileOf(p, q)
	if err != nil {
		return identityTolerance
	}
	price, flows, err := profile.Mechanism()
	if err != nil {
		return identityTolerance
	}
	worst := relativeError(p, price, size)
	for i := range size {
		worst = math.Max(worst, relativeError(mat.Row(nil, i, q), mat.Row(nil, i, flows), size))
	}
	return math.Max(identityTolerance, roundTrips*worst)
}

// relativeError compares two linear functions of inventories of given sizes.
func relativeError(a, b, size []float64) float64 {
	difference, scale := 0.0, 0.0
	for j, s := range size {
		difference += math.Abs(a[j]-b[j]) * s
		scale += math.Abs(a[j]) * s
	}
	if scale == 0 {
		return 0
	}
	return difference / scale
}

// groupShare is the part of the largest size in a market of groups to which sizes of
// single members are raised.
const groupShare = 0.1

// coarsen raises sizes where members stand beside groups of thousands: the auction
// solves for all trades together, and rounds small ones like the largest.
func coarsen(sim *montecarlo.Simulation, sizes []float64) {
	largest, groups := 0.0, false
	for i, seat := range sim.Play.Policy.Seats {
		largest = math.Max(largest, sizes[i])
		groups = groups || seat.Members > 1
	}
	for i := range sizes {
		if groups {
			sizes[i] = math.Max(sizes[i], groupShare*largest)
		}
	}
}
