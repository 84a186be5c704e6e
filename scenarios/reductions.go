package scenarios

import "github.com/invopop/jsonschema"

// reductions reads the list of variance reductions.
type reductions struct{}

var reductionWord = words("antithetic").except(laterReductions...)

func (reductions) read(c *checker, n *node, path string, into *bool) {
	var methods []string
	sequence[string]{of: reductionWord, what: "a list, as in [antithetic]"}.read(c, n, path, &methods)
	seen := map[string]bool{}
	for i, m := range methods {
		if seen[m] && m != "" {
			c.reportAt(index(path, i), quote(m)+" stands here twice", "remove one")
		}
		seen[m] = true
	}
	*into = seen["antithetic"]
}

func (reductions) write(w *writer, _ string, v *bool) bool {
	if *v {
		w.WriteString(`["antithetic"]`)
	}
	return *v
}

func (reductions) schema(l *language) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "array", Items: reductionWord.schema(l), UniqueItems: true}
}

func (reductions) keys(_ *language, path string) []string { return []string{path} }
