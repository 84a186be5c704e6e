package papers

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Kind is what a source prints.
type Kind string

// The kinds of entries.
const (
	Number  Kind = "number"  // digits: the computed value must round, or truncate, to them
	Formula Kind = "formula" // a formula: its value must agree to rounding errors
	Claim   Kind = "claim"   // a statement: what is computed must bear it out
)

// Verdict is how an entry came out.
type Verdict string

// The verdicts.
const (
	Pass      Verdict = "pass"      // within half a unit of the last printed digit, equal to a formula, or true
	Truncated Verdict = "truncated" // within one unit of the last printed digit
	Erratum   Verdict = "erratum"   // the source is wrong, and the entry names its erratum
	Fail      Verdict = "FAIL"      // a difference without erratum, an erratum without difference, or a simulation that strays
)

// agreement is how far, relative to the larger, a formula may be from a computed
// value: rounding errors, and those of values that are found by iteration.
const agreement = 1e-9

// Entry is something printed beside what is computed. Numbers that do not exist
// are NaN.
type Entry struct {
	Source  string
	Place   string // page, section, equation, table, figure or slide
	Market  string // in which it is evaluated, where the source does not say
	What    string
	Kind    Kind
	Printed string // the digits as printed, a formula, or a statement

	Reference float64 // the printed digits, or the formula's value, as a number
	Computed  float64
	Simulated float64 // the same measured in a simulation
	StdError  float64 // of Simulated; 0 where nothing in it is random
	Played    float64 // what is computed for the game that the simulation plays

	Difference float64 // Computed − Reference
	Verdict    Verdict
	Erratum    string  // id of the erratum that explains the difference; empty for none
	holds      bool    // of a claim
	tolerance  float64 // of a formula, relative
	allowed    float64 // difference between Played and Computed, of a simulation at ticks
}

// judge fills in difference and verdict.
func (e *Entry) judge() {
	e.Difference = e.Computed - e.Reference
	verdict := e.compare()
	if e.Erratum != "" {
		if verdict == Fail {
			verdict = Erratum
		} else {
			verdict = Fail
		}
	}
	if !e.confirmed() {
		verdict = Fail
	}
	e.Verdict = verdict
}

// Strays is how many standard errors a simulation may be from what is computed for
// the game that it plays: of some hundred estimates not one is farther by chance.
const Strays = 5

// confirmed says whether the simulation, if there is one, gives what is computed for
// the game that it plays, and that game is the one in question: the same, or the same
// at ticks.
func (e *Entry) confirmed() bool {
	if math.IsNaN(e.Simulated) {
		return true
	}
	rounding := agreement * math.Max(1, math.Abs(e.Played))
	return math.Abs(e.Simulated-e.Played) <= Strays*e.StdError+rounding && math.Abs(e.Played-e.Computed) <= e.allowed+rounding
}

func (e *Entry) compare() Verdict {
	off := math.Abs(e.Difference)
	pass := false
	switch e.Kind {
	case Number:
		unit := lastDigit(e.Printed)
		const rounding = 1 + 1e-9 // printed digits are no binary fractions
		if off <= unit*rounding && off > unit/2*rounding {
			return Truncated
		}
		pass = off <= unit/2*rounding
	case Formula:
		pass = off <= e.tolerance*math.Max(math.Abs(e.Computed), math.Abs(e.Reference))
	case Claim:
		pass = e.holds
	}
	if pass {
		return Pass
	}
	return Fail
}

// lastDigit is the unit of the last digit of a printed number.
func lastDigit(printed string) float64 {
	_, fraction, _ := strings.Cut(printed, ".")
	unit, _ := strconv.ParseFloat("1e-"+strconv.Itoa(len(fraction)), 64)
	return unit
}

// simulated adds what a simulation measures.
func (e *Entry) simulated(m measured) *Entry {
	e.Simulated, e.StdError, e.Played = m.value, m.stdError, m.played
	return e
}

// atTicks says that the simulation plays the game at ticks of this length, the other
// in continuous time. The two differ by an error of order Δ: by no more than what
// changes at this rate, relative to size, does in one step.
func (e *Entry) atTicks(step, rate, size float64) *Entry {
	e.allowed = step * rate * math.Abs(size)
	return e
}

// within loosens the tolerance of a formula that is a limit, or of which a
// difference quotient is computed.
func (e *Entry) within(tolerance float64) *Entry {
	e.tolerance = tolerance
	return e
}

// errs names the erratum that explains the difference.
func (e *Entry) errs(id string) *Entry {
	e.Erratum = id
	return e
}

// measured is an estimate with its standard error, and what is computed for the very
// game that is played.
type measured struct{ value, stdError, played float64 }

// page collects the entries of a source.
type page struct {
	source  string
	market  string // of the entries to come
	entries []*Entry
}

func (p *page) add(e Entry) *Entry {
	e.Source, e.Market, e.Simulated, e.StdError, e.Played = p.source, p.market, math.NaN(), math.NaN(), math.NaN()
	p.entries = append(p.entries, &e)
	return p.entries[len(p.entries)-1]
}

// number adds a printed number.
func (p *page) number(place, what, printed string, computed float64) *Entry {
	v, err := strconv.ParseFloat(printed, 64)
	if err != nil {
		panic("papers: " + place + ": " + err.Error())
	}
	return p.add(Entry{Place: place, What: what, Kind: Number, Printed: printed, Reference: v, Computed: computed})
}

// vector adds printed numbers, one for each computed one.
func (p *page) vector(place, name, printed string, computed []float64) []*Entry {
	digits := strings.Fields(printed)
	if len(digits) != len(computed) {
		panic(fmt.Sprintf("papers: %s: %s has %d printed numbers for %d computed ones", place, name, len(digits), len(computed)))
	}
	list := make([]*Entry, len(digits))
	for i, text := range digits {
		list[i] = p.number(place, fmt.Sprintf("%s_%d", name, i+1), text, computed[i])
	}
	return list
}

// matrix adds printed rows; entry ij is number i, j.
func (p *page) matrix(place, name string, printed []string, computed [][]float64) [][]*Entry {
	if len(printed) != len(computed) {
		panic(fmt.Sprintf("papers: %s: %s has %d printed rows for %d computed ones", place, name, len(printed), len(computed)))
	}
	list := make([][]*Entry, len(printed))
	for i, row := range printed {
		list[i] = p.vector(place, fmt.Sprintf("%s_%d", name, i+1), row, computed[i])
		for j, e := range list[i] {
			e.What = fmt.Sprintf("%s_%d%d", name, i+1, j+1)
		}
	}
	return list
}

// formula adds a printed formula with its value.
func (p *page) formula(place, what, printed string, value, computed float64) *Entry {
	return p.add(Entry{Place: place, What: what, Kind: Formula, Printed: printed, Reference: value, Computed: computed, tolerance: agreement})
}

// claim adds a statement about a computed number, and whether that bears it out.
func (p *page) claim(place, what, printed string, computed float64, holds bool) *Entry {
	return p.add(Entry{Place: place, What: what, Kind: Claim, Printed: printed, Reference: math.NaN(), Computed: computed, holds: holds})
}

// short writes a parameter.
func short(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
