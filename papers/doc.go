// Package papers holds what the three sources print and puts it beside what this
// program computes: every number of a table, every formula and every claim that
// the models can produce.
//
//	SS    Sannikov & Skrzypacz, "Dynamic Trading: Price Inertia and Front-Running"
//	CMZ   Capponi, Menkveld & Zhang (2023), "Large Orders in Small Markets"
//	talk  Capponi, Menkveld & Zhang, slides of September 2019, with Poisson investors
//
// An entry is a place in a source and one of three things: a number as it is
// printed, a formula, or a claim. What it is compared with comes from the solvers
// and, where a simulation can measure it, from one; nothing computed is written
// down here. Where a source is wrong the entry names an erratum, and must then
// disagree: an erratum that nothing needs is a failure, too.
//
// Formulas are transcribed literally, mistakes included, and share no code with
// what they are compared with.
//
// Results depend on Seed alone, not on the number of workers. Nothing is printed
// and no file is written.
package papers
