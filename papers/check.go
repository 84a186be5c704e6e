package papers

import (
	"context"
	"slices"
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

// Select keeps the entries of a source, or those that need an erratum.
func Select(list []Entry, name string) (kept []Entry) {
	for _, e := range list {
		if e.Source == name || e.Erratum == name {
			kept = append(kept, e)
		}
	}
	return kept
}

// Failures is the number of entries that fail.
func Failures(list []Entry) int { return Counts(list)[Fail] }

// Counts is the number of entries with each verdict.
func Counts(list []Entry) map[Verdict]int {
	n := make(map[Verdict]int)
	for _, e := range list {
		n[e.Verdict]++
	}
	return n
}
