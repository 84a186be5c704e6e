package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"walras/internal/numeral"
)

// table prints rows with the first column on the left and the others on the
// right, as numbers want it.
type table struct{ rows [][]string }

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) print(w io.Writer, indent string) error {
	var width []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range t.rows {
		line := indent
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				line += cell + pad
				continue
			}
			line += "   " + pad + cell
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " ")); err != nil {
			return err
		}
	}
	return nil
}

// Numbers for people; grouped writes 100000 as 100,000.
var (
	decimals = numeral.Decimals
	fixed    = numeral.Fixed
	brief    = numeral.Brief
	grouped  = numeral.Grouped
)

func short(digest string) string {
	if len(digest) > 12 {
		return digest[:12] + "…"
	}
	return digest
}

// size writes a number of bytes for people.
func size(bytes int64) string {
	switch {
	case bytes >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	case bytes >= 1e6:
		return fmt.Sprintf("%.0f MB", float64(bytes)/1e6)
	default:
		return fmt.Sprintf("%.0f kB", math.Max(1, float64(bytes)/1e3))
	}
}
