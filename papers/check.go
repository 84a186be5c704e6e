package papers

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// The sources.
const (
	SS   = "SS"
	CMZ  = "CMZ"
	Talk = "talk"
)

// part computes some of a source's entries, and says which errata they need.
type part struct {
	compute func(*page, lab) error
	errata  []string
}

// chapters are the parts of the sources, in order.
var chapters = []struct {
	source string
	parts  []part
}{
	{SS, []part{
		{preferences, []string{"SS-2"}}, {fiveTraders, nil}, {impacts, nil}, {approximation, nil}, {otherValues, nil}, {comparisons, nil},
		{symmetric, nil}, {largeAndFringe, nil}, {welfare, nil}, {committed, nil}, {conduct, []string{"SS-1"}}, {identicalLarge, nil},
		{responses, nil}, {modes, nil},
	}},
	{CMZ, []part{
		{calibration, []string{"CMZ-14", "CMZ-15", "CMZ-16", "CMZ-18", "CMZ-19"}},
		{liquiditySurface, []string{"CMZ-16", "CMZ-17"}},
		{durations, []string{"CMZ-20"}},
		{statics, nil},
		{competition, []string{"CMZ-2", "CMZ-3"}},
		{largeSeller, []string{"CMZ-8", "CMZ-11"}},
		{depth, nil}, {shapes, nil},
		{appendix, []string{"CMZ-4", "CMZ-5", "CMZ-6", "CMZ-7", "CMZ-9", "CMZ-10", "CMZ-12", "CMZ-13"}},
		{concepts, []string{"CMZ-1"}},
	}},
	{Talk, []part{
		{stealth, []string{"T-2"}},
		{sunshine, []string{"T-1", "T-5"}},
		{proceeds, []string{"T-3"}},
		{others, []string{"T-4"}},
		{respond, []string{"T-6"}},
		{figures, nil},
	}},
}

// agrees panics unless the part names the errata of its entries, by which it is
// found when they are asked for.
func (p part) agrees(entries []*Entry) {
	var used []string
	for _, e := range entries {
		if e.Erratum != "" {
			used = append(used, e.Erratum)
		}
	}
	slices.Sort(used)
	named := slices.Sorted(slices.Values(p.errata))
	if used = slices.Compact(used); !slices.Equal(used, named) {
		panic(fmt.Sprintf("papers: a part names the errata %v and needs %v", named, used))
	}
}

// Check computes the entries of the sources and those that need the errata of
// these names, in the order of the sources; without names, all. Estimates are the
// same for every number of workers ≥ 1. An unknown name is an error, and so is
// whatever keeps a model from being solved.
func Check(ctx context.Context, workers int, names ...string) ([]Entry, error) {
	for _, name := range names {
		if err := known(name); err != nil {
			return nil, err
		}
	}
	named := func(name string) bool { return len(names) == 0 || slices.Contains(names, name) }
	var list []Entry
	for _, c := range chapters {
		p := &page{source: c.source}
		for _, part := range c.parts {
			if !named(c.source) && !slices.ContainsFunc(part.errata, named) {
				continue
			}
			from := len(p.entries)
			if err := part.compute(p, lab{ctx, workers}); err != nil {
				return nil, err
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			part.agrees(p.entries[from:])
		}
		for _, e := range p.entries {
			if e.judge(); named(c.source) || named(e.Erratum) {
				list = append(list, *e)
			}
		}
	}
	return list, nil
}

// NameError is a name that no source and no erratum has.
type NameError struct{ Name string }

// Error says which there are.
func (e *NameError) Error() string {
	return fmt.Sprintf("%q is no source and no erratum; sources are %s, errata %s to %s, see docs/errata.md",
		e.Name, strings.Join(Sources(), ", "), Errata[0].ID, Errata[len(Errata)-1].ID)
}

func known(name string) error {
	isIt := func(c Correction) bool { return c.ID == name }
	if slices.Contains(Sources(), name) || slices.ContainsFunc(Errata, isIt) {
		return nil
	}
	return &NameError{name}
}

// Sources are the sources in order.
func Sources() (list []string) {
	for _, c := range chapters {
		list = append(list, c.source)
	}
	return list
}

// Counts is the number of entries with each verdict.
func Counts(list []Entry) map[Verdict]int {
	n := make(map[Verdict]int)
	for _, e := range list {
		n[e.Verdict]++
	}
	return n
}
