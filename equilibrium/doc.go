// Package equilibrium computes policies and value functions: what every kind
// of agent does in equilibrium, and what its inventory is worth to it.
//
// This version holds one model, the conditional double auction of Sannikov and
// Skrzypacz, "Dynamic Trading: Price Inertia and Front-Running" (SS in the
// comments), in continuous time and as the exact discrete-time game. Inventory
// X is in asset units, positive when long; selling rates q are in asset units
// per time (continuous) or asset units per auction (discrete); prices are
// deviations from the fundamental value in money per asset unit.
//
// Traders come in types: Count identical members. By symmetry a member's
// trade depends on its own inventory and on the totals of the types,
//
//	q_i = own_t X_i + Σ_s cross_ts S_s,   p = Σ_s price_s S_s,
//
// so a type of a million members costs as much as a single trader. A Policy
// is the same thing for given seats (single members or whole groups), which is
// what simulations use.
//
// Everything here is a pure function of its arguments: no randomness, no
// input or output, no shared state; all functions are safe for concurrent use
// on different values, and results are the same on every call.
package equilibrium
