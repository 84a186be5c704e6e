package scenarios

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/invopop/jsonschema"
)

// number is a finite float64 in a range.
type number struct {
	least    float64 // if bounded
	bounded  bool
	positive bool // greater than zero
}

var (
	anyNumber   = number{}
	notNegative = number{bounded: true}
	positive    = number{positive: true}
)

func (k number) what() string {
	switch {
	case k.positive:
		return "a number greater than 0"
	case k.bounded:
		return "a number of at least " + shortest(k.least)
	}
	return "a number"
}

func (k number) read(c *checker, n *node, path string, into *float64) {
	x, ok := n.float()
	switch {
	case !ok:
		c.want(n, path, k.what(), numberHint(n))
	case math.IsNaN(x) || math.IsInf(x, 0):
		c.want(n, path, k.what()+", finite", "")
	case k.positive && x <= 0, k.bounded && x < k.least:
		c.want(n, path, k.what(), "")
	default:
		*into = x + 0 // −0 is 0
	}
}

func numberHint(n *node) string {
	s := n.word()
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	switch {
	case s == "":
		return ""
	case math.IsInf(x, 0) || math.IsNaN(x):
		return "it is not a finite number"
	case err == nil:
		return "write it without quotes"
	}
	return ""
}

func (k number) write(w *writer, _ string, v *float64) bool {
	if math.IsNaN(*v) || math.IsInf(*v, 0) {
		panic("scenarios: Canonical of a scenario with a number that is not finite")
	}
	w.WriteString(shortest(*v + 0)) // −0 is 0
	return true
}

func (k number) schema(*language) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "number"}
	if k.positive {
		s.ExclusiveMinimum = "0"
	}
	if k.bounded {
		s.Minimum = json.Number(shortest(k.least))
	}
	return s
}

func (k number) keys(_ *language, path string) []string { return []string{path} }

// float is the number that a scalar holds.
func (n *node) float() (float64, bool) {
	switch x := n.value.(type) {
	case int64:
		return float64(x), n.kind == scalar
	case uint64:
		return float64(x), n.kind == scalar
	case float64:
		return x, n.kind == scalar
	}
	return 0, false
}

// integer is a whole number in a range.
type integer[I int | int64 | uint64] struct{ least, most uint64 }

func (k integer[I]) read(c *checker, n *node, path string, into *I) {
	x, ok := n.whole()
	if !ok || x < k.least || x > k.most {
		c.want(n, path, k.what(), numberHint(n))
		return
	}
	*into = I(x)
}

func (k integer[I]) what() string {
	if k.least == k.most {
		return fmt.Sprint(k.least)
	}
	return fmt.Sprintf("a whole number from %d to %d", k.least, k.most)
}

// whole is the natural number that a scalar holds; 1e6 is one, too.
func (n *node) whole() (uint64, bool) {
	const exact = 1 << 53 // above, floats skip integers
	switch x := n.value.(type) {
	case int64:
		return uint64(max(x, 0)), x >= 0
	case uint64:
		return x, true
	case float64:
		return uint64(min(max(x, 0), exact)), x >= 0 && x <= exact && x == math.Trunc(x)
	}
	return 0, false
}

func (k integer[I]) write(w *writer, _ string, v *I) bool {
	fmt.Fprintf(w, "%d", *v)
	return true
}

func (k integer[I]) schema(*language) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "integer", Minimum: natural(k.least), Maximum: natural(k.most)}
}

func (k integer[I]) keys(_ *language, path string) []string { return []string{path} }

func natural(x uint64) json.Number { return json.Number(strconv.FormatUint(x, 10)) }

// word is one of a few words.
type word struct {
	allowed func(l *language, m *market) []string
}

// words is a word that is the same for all markets.
func words(allowed ...string) word {
	return word{allowed: func(*language, *market) []string { return allowed }}
}

func (k word) read(c *checker, n *node, path string, into *string) {
	s, allowed := n.word(), k.allowed(c.lang, c.market)
	if !slices.Contains(allowed, s) {
		c.want(n, path, oneOf(allowed), didYouMean(n.text, allowed))
		return
	}
	*into = s
}

func (k word) write(w *writer, _ string, v *string) bool {
	w.text(*v)
	return *v != ""
}

func (k word) schema(l *language) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, a := range k.allowed(l, nil) {
		s.Enum = append(s.Enum, a)
	}
	return s
}

func (k word) keys(_ *language, path string) []string { return []string{path} }

// text is free text.
type text struct {
	least, most int // characters
	check       func(s string) string
}

// check gives what is wanted instead of s, or nothing.
func (k text) fault(s string) string {
	switch n := utf8.RuneCountInString(s); {
	case n < k.least || n > k.most:
		return fmt.Sprintf("text of %d to %d characters", k.least, k.most)
	case strings.ContainsFunc(s, isControl):
		return "text without control characters and line breaks"
	case strings.ContainsFunc(s, reorders):
		return "text without characters that embed, override or isolate a direction (U+202A to U+202E, U+2066 to U+2069); letters written from right to left need none"
	case k.check != nil:
		return k.check(s)
	}
	return ""
}

func (k text) read(c *checker, n *node, path string, into *string) {
	s, ok := n.value.(string)
	if !ok || n.kind != scalar {
		c.want(n, path, "text", textHint(n))
		return
	}
	if want := k.fault(s); want != "" {
		c.want(n, path, want, "")
		return
	}
	*into = s
}

func textHint(n *node) string {
	if n.kind == scalar {
		return "put it in quotes"
	}
	return ""
}

func (k text) write(w *writer, _ string, v *string) bool {
	w.text(*v)
	return *v != ""
}

func (k text) schema(*language) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string", MaxLength: new(uint64(k.most))}
	if k.least > 0 {
		s.MinLength = new(uint64(k.least))
	}
	return s
}

func (k text) keys(_ *language, path string) []string { return []string{path} }
