// Package lint holds the house rules that a program can check: which room may
// import which, what nothing below the command may do, documentation, format,
// and length. It has tests only, which read the source of the whole module with
// go/parser; what they find names file and line.
//
// The rules are in docs/ARCHITECTURE.md. A rule that is in the way is changed
// there and here, for everybody; there are no exceptions for single files.
package lint
