package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
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

// decimals is how many decimals show two digits of a standard error.
func decimals(stdError float64) int {
	if !(stdError > 0) {
		return 6
	}
	return max(0, min(15, 1-int(math.Floor(math.Log10(stdError)))))
}

// fixed writes v with the given decimals; enormous numbers as they are.
func fixed(v float64, decimals int) string {
	if math.IsNaN(v) {
		return ""
	}
	if math.Abs(v) >= 1e9 {
		return brief(v)
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		return strings.TrimPrefix(s, "-")
	}
	return s
}

// brief writes v with at most six digits.
func brief(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

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
