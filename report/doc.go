// Package report makes a page of a run or sweep directory, with its plots.
//
// # Purpose
//
// [Write] reads what stands in a directory, the manifest and the tables, and puts
// report.html and plots/*.svg and *.png beside them. The page is one file: no
// network, no scripts, readable on a telephone, in the dark and on paper.
//
// It follows the tables. A statistic, a column of prices, a key of a scenario or a
// number of a sweep that is new has its place on the page without a line here.
//
// # Non-goals
//
// No run is simulated again. The equilibrium is solved again from the scenario in the
// manifest, and where it takes no time the deviation lab is played, on a few paths; all
// other numbers are those of the tables, whose sizes and checksums are compared with the
// manifest first.
//
// # Determinism
//
// The page depends on the directory and the version of the program alone.
//
// # Errors
//
// What cannot be read or written, and a file that is missing or not as the run has
// written it, is an *output.Error, a place without a complete run a *[NoRunError], a
// scenario of another version scenarios.Problems.
package report
