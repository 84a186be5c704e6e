package report_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestFewPathsOfARandomMarket: that one path does not differ from itself is no sign that
// nothing is random.
func TestFewPathsOfARandomMarket(t *testing.T) {
	for _, c := range []struct {
		name, paths, words string
		random, boxes      bool
	}{
		{"five-traders", "1", "1 path is recorded, too few for quantiles", true, false},
		{"stealth", "4", "4 paths are recorded, too few for quantiles", true, false},
		{"stealth", "5", "Quantiles over 5 recorded paths, and 3 of them", true, true},
		{"overlapping-orders", "1", "Nothing in it is random", false, false},
	} {
		for _, all := range []string{c.paths, "30"} {
			if c.boxes && all != c.paths {
				continue
			}
			dir := play(t, c.name, "clock.horizon=2", "record.statistics_every=5", "monte_carlo.paths="+all, "record.paths="+c.paths)
			text, _ := page(t, dir)
			contains(t, text, c.words)
			if !c.random {
				contains(t, text, "Neither prices nor inventories are random")
				contains(t, text, " The ask goes from")
				continue
			}
			lacks(t, text, "Nothing in it is random")
			lacks(t, text, "Neither prices nor inventories are random")
			contains(t, text, "the mean by theory, and as simulated over all paths.")
			if c.boxes {
				assert.Contains(t, figureNames(t, dir), "boxes-inventory-1")
				contains(t, text, "The median of the")
				continue
			}
			assert.NotContains(t, figureNames(t, dir), "boxes-inventory-1")
			contains(t, text, "too few to show how prices and inventories are distributed: with --set record.paths=5 or more")
			contains(t, text, "By theory the mean of the inventory goes from")
			lacks(t, text, "The median of the")
		}
	}
}
