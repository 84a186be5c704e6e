package report

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"

	"walras/internal/picture"
)

// compact writes three digits, thousands and millions by a letter.
func compact(v float64) string {
	letter := ""
	switch size := math.Abs(v); {
	case size >= 1e10:
	case size >= 1e6:
		v, letter = v/1e6, "M"
	case size >= 1e4:
		v, letter = v/1e3, "k"
	case size >= 1e3:
		return strings.Replace(fmt.Sprintf("%.4g", v), "-", "−", 1)
	}
	return strings.Replace(fmt.Sprintf("%.3g", v), "-", "−", 1) + letter
}

// compactTicks are the common ones with compact labels, if these differ.
func compactTicks(low, high float64) []plot.Tick {
	list := picture.Ticks(low, high)
	short := make([]plot.Tick, len(list))
	for i, t := range list {
		short[i] = plot.Tick{Value: t.Value, Label: compact(t.Value)}
		if i > 0 && short[i].Label == short[i-1].Label {
			return list // three digits do not tell them apart
		}
	}
	return short
}
