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

// chapters compute the entries of the sources, in order.
var chapters = []struct {
	source string
	parts  []func(*page, lab) error
}{
	{SS, []func(*page, lab) error{preferences, fiveTraders, impacts, approximation, otherValues, symmetric, largeAndFringe, welfare, conduct, identicalLarge}},
	{CMZ, []func(*page, lab) error{calibration, liquiditySurface, durations, statics, competition, largeSeller, appendix, concepts}},
}

// Check computes all entries, in the order of the sources, or those of the given
// sources alone. Estimates are the same for every number of workers ≥ 1.
func Check(ctx context.Context, workers int, sources ...string) ([]Entry, error) {
	var list []Entry
	for _, c := range chapters {
		if len(sources) > 0 && !slices.Contains(sources, c.source) {
			continue
		}
		p := &page{source: c.source}
		for _, part := range c.parts {
			if err := part(p, lab{ctx, workers}); err != nil {
				return nil, err
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		for _, e := range p.entries {
			e.judge()
			list = append(list, *e)
		}
	}
	return list, nil
}

// SourceNames are the sources in order.
func SourceNames() (list []string) {
	for _, c := range chapters {
		list = append(list, c.source)
	}
	return list
}

// Sources are those to which names, of sources or of errata, belong.
func Sources(names []string) (list []string, err error) {
	for _, name := range names {
		source, known := name, slices.Contains(SourceNames(), name)
		for _, c := range Errata {
			if c.ID == name {
				source, known = sourceOf(c.ID), true
			}
		}
		if !known {
			return nil, fmt.Errorf("%q is no source and no erratum; sources are %s, errata %s to %s, see docs/errata.md",
				name, strings.Join(SourceNames(), ", "), Errata[0].ID, Errata[len(Errata)-1].ID)
		}
		list = append(list, source)
	}
	return list, nil
}

// sourceOf is the source to which an erratum belongs.
func sourceOf(id string) string {
	prefix, _, _ := strings.Cut(id, "-")
	if prefix == "T" {
		return Talk
	}
	return prefix
}

// Select keeps the entries that belong to one of the names, of sources or of
// errata; no names keep all.
func Select(list []Entry, names []string) (kept []Entry) {
	for _, e := range list {
		if len(names) == 0 || slices.Contains(names, e.Source) || slices.Contains(names, e.Erratum) {
			kept = append(kept, e)
		}
	}
	return kept
}

// Counts is the number of entries with each verdict.
func Counts(list []Entry) map[Verdict]int {
	n := make(map[Verdict]int)
	for _, e := range list {
		n[e.Verdict]++
	}
	return n
}
