// Package cournot holds the theory of a market in which market makers compete in
// quantities and a large order trades against them: quotes, the makers'
// inventories, the proceeds of the order, what it is worth to everybody, and what
// changes with the parameters. Nothing is simulated here.
//
// There are closed forms for identical makers under two of the three concepts
// below ([Constants], [Path], [Public]). All concepts, makers with costs of their
// own ([Different]) and the exact games in discrete time go through a [Profile] of
// linear strategies: a [Play] is one in continuous time against given orders, a
// [Policy] what makers do at the ticks of a clock. Both know their values and the
// best response of one maker to the others.
//
// Source: Capponi, Menkveld & Zhang (2023), "Large Orders in Small Markets:
// Execution with Endogenous Liquidity Supply", cited as CMZ with its own
// equation numbers.
//
// # Objects and units
//
// N makers buy at the bid and sell at the ask; both prices are relative to the
// fundamental value. Small end investors sell δ(ω + p^b) and buy δ(ω − p^a) per
// unit of time. A large seller adds a rate f ≥ 0 to the sales at the bid, a
// large buyer φ ≥ 0 to the purchases at the ask. The inventory of one maker is
// i, and costs it η i² per unit of time. Everything is discounted at the rate β.
// Any consistent units do. Those of the paper: prices in basis points, quantities
// in thousands of euros, time in trading days; then ω is in bps, δ in EUR 1000
// per bps and day, η in bps per EUR 1000 and day, f in EUR 1000 per day, and
// values are in bps × EUR 1000.
//
// # Solution concepts
//
// The proof of CMZ lets a maker respond to rivals whose inventory mirrors its
// own, whatever it does (Published). Definition 1 of the same paper takes the
// rivals' strategies as given: OpenLoop is the Nash equilibrium in paths,
// Feedback the Nash equilibrium in functions of all inventories (Markov
// perfect). The three agree for N = 1.
//
// # Contract
//
// Functions are pure: no state, no randomness, safe for concurrent use.
// Parameters outside their range are reported as a *ParameterError by Validate;
// the other functions take valid models. An order announced at time 0 is sold
// until d; at d, where the bid jumps, a path has its right limit unless a
// function says otherwise. Results are accurate to rounding relative to their
// scale, for long and short orders and for any β > 0, but are not promised to be
// bit-identical on processors that fuse multiplication and addition.
package cournot
