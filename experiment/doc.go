// Package experiment runs one scenario from beginning to end: it turns the
// scenario into a market, solves the equilibrium, simulates, judges, and
// publishes the run directory.
//
// It joins the rooms below it and adds no model of its own. It prints nothing
// and does not read the wall clock; progress and provenance that depend on the
// machine come from the caller. One run directory belongs to one Run at a time.
package experiment
