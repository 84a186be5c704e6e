package scenarios

import (
	"slices"

	"github.com/invopop/jsonschema"
)

// agentsList is the list of agents; what an agent may say depends on its kind.
var agentsList = agentSequence{sequence[Agent]{of: agentValue{}, fresh: newAgent, least: 1, what: "a list of agents"}}

type agentSequence struct{ sequence[Agent] }

// keys of the list are those of its items: agents[].name and so on.
func (q agentSequence) keys(l *language, path string) []string {
	return q.of.keys(l, path+"[]")
}

func newAgent() Agent { return Agent{Count: 1, Conduct: ConductStrategic} }

// agentValue reads one agent with the keys of its kind.
type agentValue struct{}

func agentObject() object[Agent] {
	return object[Agent]{fields: agentFields, fresh: newAgent}
}

// agentFields are the keys of a kind, or of all kinds where none is known.
func agentFields(s scope) []field[Agent] {
	if !slices.Contains(kindNames(s.lang, s.market), s.kind) {
		s.kind = ""
	}
	if kept, ok := s.lang.agentTables.Load(s); ok {
		return kept.([]field[Agent])
	}
	table := agentTable(s)
	s.lang.agentTables.Store(s, table)
	return table
}

func agentTable(s scope) []field[Agent] {
	tables := [][]field[Agent]{{
		required(key("name", text{least: 1, most: 100}, func(a *Agent) *string { return &a.Name },
			"Any text; no other agent's.")),
		required(key("kind", word{allowed: kindNames}, func(a *Agent) *string { return &a.Kind },
			"How the agent behaves.")),
	}}
	for _, m := range s.in() {
		for _, k := range m.kinds {
			switch s.kind {
			case k.name:
				tables = append(tables, k.keys)
			case "":
				tables = append(tables, optional(k.keys))
			}
		}
	}
	return union(tables...)
}

// optional is a table without required keys: of an agent whose kind is not
// known nothing is missing but the kind, of a scenario whose market is not known
// none of a market's keys.
func optional[T any](table []field[T]) []field[T] {
	all := append([]field[T](nil), table...)
	for i := range all {
		all[i].required = false
	}
	return all
}

func (agentValue) read(c *checker, n *node, path string, into *Agent) {
	s := scope{c.lang, c.market, n.get("kind").word()}
	for _, m := range s.in() {
		for _, k := range m.kinds {
			if k.name == s.kind && k.defaults != nil {
				k.defaults(into)
			}
		}
	}
	agentObject().readIn(c, s, n, path, into)
}

func (agentValue) write(w *writer, path string, a *Agent) bool {
	return agentObject().writeIn(w, scope{w.lang, w.market, a.Kind}, path, a)
}

func (agentValue) schema(l *language) *jsonschema.Schema {
	s := agentObject().schema(l)
	s.Required = []string{"name"} // the rest may come from the scenario that is extended
	return s
}

func (agentValue) keys(l *language, path string) []string { return agentObject().keys(l, path) }
