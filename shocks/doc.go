// Package shocks makes the random numbers of a simulation: keyed streams of
// uniform, normal and exponential numbers, and increments of Brownian motions and
// compound Poisson processes with a given covariance for many agents and many
// paths at once.
//
// # Contract
//
// A stream is a pure function of its [Key]: seed, domain, path, channel and
// purpose. There is no global generator, no seed taken from the clock, and
// nothing depends on the order in which streams are made. Agents own channels
// (hashes of their names), so an agent's own shocks stay the same when another
// agent is added, removed, or behaves differently; and paths are numbered, so
// they stay the same however the paths are divided among tiles and workers.
//
// The numbers are frozen: the same key gives the same bytes in every version
// and on every architecture. Products that feed sums are written
// float64(x*y) + z, which forbids fused multiply-add, the tables are constants,
// and math.Exp and math.Log, whose last bits differ, are not used.
//
// # Units
//
// Uniform, normal and exponential numbers have no unit. A covariance is a rate:
// (unit of the shock)² per unit of time; an increment over a step Δ, in the
// same unit of time, has covariance ΣΔ and the unit of the shock.
//
// # Concurrency
//
// A [Brownian] and a [CompoundPoisson] are immutable and may be shared. A [Stream]
// and [Increments] have state: one goroutine each.
//
// # Non-goals
//
// The streams are not secure against an adversary. There is no skipping ahead
// within a stream, and no quasi-random sequence. Other distributions are left
// to gonum, whose distuv types accept a Stream as their source; their numbers
// are not frozen by this package.
package shocks

//go:generate go run ./internal/ziggurat/generate
