package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Problem is one thing that is wrong with a scenario, and where.
type Problem struct {
	File         string // a path, "<stdin>", "five-traders (built-in)", "--set 'key=value'", "--paths"
	Line, Column int    // from 1; Line 0: no file but a flag; Column 0: no position at all
	Key          string // as in --set: agents.t1.holding_cost; empty if no key is concerned
	Message      string // the offending value, and what is allowed
	Hint         string // what to do, if that is known
	Err          error  // the cause, if it came from outside (a file that cannot be read)
}

// String is the problem on one line: file:line:column: key: message; hint.
func (p Problem) String() string {
	parts := []string{p.where()}
	if p.Key != "" {
		parts = append(parts, p.Key)
	}
	text := p.Message
	if p.Hint != "" {
		text += "; " + p.Hint
	}
	return oneLine(strings.Join(append(parts, text), ": "))
}

func (p Problem) where() string { return place{p.File, p.Line, p.Column}.String() }

// Problems is every problem of a scenario at once.
type Problems []Problem

// maxPrinted keeps the answer to a hopeless file readable.
const maxPrinted = 100

// Error prints one problem per line.
func (p Problems) Error() string {
	var b strings.Builder
	for i, q := range p {
		if i == maxPrinted {
			fmt.Fprintf(&b, "\n… and %d more problems", len(p)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(q.String())
	}
	return b.String()
}

// Unwrap gives the causes that came from outside, for errors.Is.
func (p Problems) Unwrap() []error {
	var errs []error
	for _, q := range p {
		if q.Err != nil {
			errs = append(errs, q.Err)
		}
	}
	return errs
}

// sorted orders problems by file (in the order in which files were read),
// line and column; flags come last.
func (p Problems) sorted(files []string) Problems {
	rank := func(q Problem) int {
		if i := slices.Index(files, q.File); i >= 0 {
			return i
		}
		return len(files)
	}
	slices.SortStableFunc(p, func(a, b Problem) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		if a.Line == 0 { // flags keep the order in which they were given
			return 0
		}
		return a.Column - b.Column
	})
	return slices.Compact(p)
}

// oneLine escapes what would break a line or hide text on a terminal.
func oneLine(s string) string {
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if hidden(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hidden tells control characters and the format characters that reverse or
// hide text.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}
