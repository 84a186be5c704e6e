package scenarios

import (
	"encoding/json"
	"fmt"
)

// Canonical is the resolved scenario as JSON in one line: keys in a fixed
// order, numbers in the shortest form that reads back exactly. It is itself a
// scenario file, and loading it gives the same Scenario. Only in a scenario
// with a sweep are keys left out that follow from others, since they differ
// from point to point. It panics if a number is not finite, which no loaded
// scenario has.
func (s *Scenario) Canonical() []byte {
	w := &writer{lang: registered, market: registered.market(s.Market), omit: set(s.unstated...)}
	registered.root.write(w, "", s)
	return w.Bytes()
}

// MarshalJSON gives the canonical form.
func (s *Scenario) MarshalJSON() ([]byte, error) { return s.Canonical(), nil }

// text writes a JSON string that YAML reads back, too: YAML does not allow
// some characters that JSON does.
func (w *writer) text(s string) {
	mark := w.Len()
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic("scenarios: a string that JSON cannot hold: " + err.Error())
	}
	line := string(w.Bytes()[mark : w.Len()-1]) // without the line break
	w.Truncate(mark)
	for _, r := range line {
		if r == 0xfeff || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff {
			fmt.Fprintf(w, `\u%04x`, r)
		} else {
			w.WriteRune(r)
		}
	}
}
