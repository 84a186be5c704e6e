package scenarios

import "strings"

// didYouMean is the hint "did you mean X?" for the allowed word nearest to
// word, or empty if none is near.
func didYouMean(word string, allowed []string) string {
	if near := nearest(word, allowed); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// nearest is the allowed word within a third of the letters, or empty if
// there is none or more than one. Case and the choice of hyphen, underscore or
// space do not count.
func nearest(word string, allowed []string) string {
	if len(word) > 100 {
		return ""
	}
	best, bestDistance := "", 1+max(1, len(word)/3)
	for _, a := range allowed {
		switch d := distance(fold(word), fold(a)); {
		case d < bestDistance:
			best, bestDistance = a, d
		case d == bestDistance && a != best:
			best = ""
		}
	}
	return best
}

func fold(s string) string {
	return strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(s))
}

// distance is the number of insertions, deletions, replacements and swaps of
// neighbours that turn a into b (optimal string alignment).
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	rows := [3][]int{make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(s); i++ {
		before, above, row := rows[(i+1)%3], rows[(i+2)%3], rows[i%3]
		row[0] = i
		for j := 1; j <= len(t); j++ {
			change := above[j-1]
			if s[i-1] != t[j-1] {
				change++
			}
			row[j] = min(above[j]+1, row[j-1]+1, change)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return rows[len(s)%3][len(t)]
}

// oneOf lists words as "a, b or c".
func oneOf(words []string) string {
	switch n := len(words); n {
	case 0:
		return "nothing"
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
}
