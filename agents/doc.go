// Package agents is what each kind of agent does at a moment, for a block of
// paths at once: it submits its order to the auction, and it earns what the
// period after the auction pays.
//
// Where investors come one at a time every path has its own time, and agents are
// Dealing: they stand behind their quotes for a period, and meet who comes at its end.
//
// An agent sits in one seat and sees its own inventory; its schedule conditions
// on the others' trades through its slopes. Agents hold no state besides their
// coefficients, so one agent may serve several blocks, one after another; an
// agent is not safe for concurrent use with the same block.
package agents
