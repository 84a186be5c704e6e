package scenarios

import "github.com/invopop/jsonschema"

// reductions reads the list of variance reductions.
type reductions struct{}

const antithetic, control = "antithetic", "control"

var reductionWord = words(antithetic, control)

func (reductions) read(c *checker, n *node, path string, into *MonteCarlo) {
	var methods []string
	sequence[string]{of: reductionWord, what: "a list, as in [antithetic, control]"}.read(c, n, path, &methods)
	seen := map[string]bool{}
	for i, m := range methods {
		if seen[m] && m != "" {
			c.reportAt(index(path, i), quote(m)+" stands here twice", "remove one")
		}
		seen[m] = true
	}
	into.Antithetic, into.Control = seen[antithetic], seen[control]
}

func (reductions) write(w *writer, path string, m *MonteCarlo) bool {
	var methods []string
	if m.Antithetic {
		methods = append(methods, antithetic)
	}
	if m.Control {
		methods = append(methods, control)
	}
	return sequence[string]{of: reductionWord}.write(w, path, &methods)
}

func (reductions) schema(l *language) *jsonschema.Schema {
	return &jsonschema.Schema{Type: "array", Items: reductionWord.schema(l), UniqueItems: true}
}

func (reductions) keys(_ *language, path string) []string { return []string{path} }
