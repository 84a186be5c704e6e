// Package montecarlo plays a market through time on many paths: the loop of
// the model's protocol, over tiles of paths, blocks over workers.
//
// The unit of everything is a block of BlockSize consecutive paths. A block's
// result depends on the simulation and on its number alone: not on workers, on
// the order of execution, or on where a run was interrupted. Partial sums of
// blocks are combined on a fixed binary tree over block numbers, so statistics
// are the same to the last bit for any split of a run into parts.
//
// Units are those of the simulation's policy. The package does no input or
// output and does not read the wall clock; finished blocks are handed to the
// caller in order. A Simulation is immutable and safe for concurrent use.
package montecarlo
