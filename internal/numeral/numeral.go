// Package numeral writes numbers for people, in tables and pages alike.
package numeral

import (
	"math"
	"strconv"
	"strings"
)

// Decimals is how many decimals show two digits of a standard error.
func Decimals(stdError float64) int {
	if !(stdError > 0) {
		return 6
	}
	return max(0, min(15, 1-int(math.Floor(math.Log10(stdError)))))
}

// Fixed writes v with the given decimals; enormous numbers as they are, and
// nothing for NaN.
func Fixed(v float64, decimals int) string {
	if math.IsNaN(v) {
		return ""
	}
	if math.Abs(v) >= 1e9 {
		return Brief(v)
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		return strings.TrimPrefix(s, "-")
	}
	return s
}

// Brief writes v with at most six digits, and nothing for NaN.
func Brief(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// Counted writes a number of things, whose word takes an s where they are several:
// 1 path, 100,000 paths.
func Counted(n int64, word string) string {
	if n != 1 {
		word += "s"
	}
	return Grouped(n) + " " + word
}

// Grouped writes 100000 as 100,000.
func Grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, parts...), ",")
}

// mostListed is the largest number of numbers in a line.
const mostListed = 12

// Several writes numbers one after the other, the first and last of many.
func Several(values []float64) string {
	var list []string
	for i, v := range values {
		switch {
		case len(values) <= mostListed || i < mostListed/2 || i >= len(values)-mostListed/2:
			list = append(list, Brief(v))
		case i == mostListed/2:
			list = append(list, "…")
		}
	}
	return strings.Join(list, ", ")
}
