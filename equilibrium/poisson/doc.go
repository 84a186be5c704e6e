// Package poisson holds the theory of a market in which end investors arrive one
// by one: market makers compete in quantities for each arrival, and a large order
// trades continuously beside them, announced (sunshine trading) or hidden
// (stealth trading). Nothing is simulated here.
//
// Source: the talk of Capponi, Menkveld & Zhang, "Large Orders in Small Markets",
// September 2019, cited by slide; everything was derived anew from the Bellman
// equation, with buyers and unequal arrival rates beside what the slides have.
//
// # Objects and units
//
// Buyers arrive at the rate λ_B and sellers at λ_S. An arriving buyer takes
// c(p − a) at the ask a, an arriving seller gives c(p + b) at the bid b; p is their
// reservation value, and prices are relative to the fundamental value. N makers
// quote what each trades if a buyer or a seller arrives now, x^a and x^b, so that
//
//	a = p − (N/c) x^a,   b = −p + (N/c) x^b.
//
// Between arrivals a large seller sells f dt at the quoted bid and a large buyer
// buys φ dt at the quoted ask, shared by the makers. The inventory of one maker is
// i, and costs it Θ i² per unit of time. Everything is discounted at the rate β.
// Any consistent units do: prices in basis points, quantities in thousands of
// euros and time in trading days give values in bps × EUR 1000.
//
// # Solution concepts
//
// Published lets a maker respond to rivals whose inventory mirrors its own, as the
// slides do; OpenLoop takes what rivals do as a function of their own inventories
// as given. They agree for N = 1. The policies have one form,
//
//	x^a = (c/K)(p − B − φ/(cλ_B N) + 2Ai),   x^b = (c/K)(p + B − f/(cλ_S N) − 2Ai),
//
// K = N + 1 + 2cA, with the slope A and the anticipation B of each concept.
//
// # Contract
//
// Functions are pure: no state, no randomness, safe for concurrent use.
// Parameters outside their range are reported by Validate; the other functions
// take valid ones. Gains are never differences of values, which are of order 1/β.
// Results are accurate to rounding relative to their scale, for any β > 0, but are
// not promised to be bit-identical on processors that fuse multiplication and
// addition.
package poisson
