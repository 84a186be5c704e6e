package scenarios

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON Schema of scenario files, for editors. It knows what one
// key may hold; rules that involve several keys are left to [Load].
func Schema() ([]byte, error) {
	s := registered.root.schema(registered)
	s.Version = jsonschema.Version
	s.Title = "walras scenario"
	s.Description = "One simulated market: its agents, its clock, and what is recorded."
	s.AnyOf = []*jsonschema.Schema{{Required: []string{"extends"}}, {Required: requiredNames(registered)}}
	return json.MarshalIndent(s, "", "  ")
}

// Keys lists the paths of all keys, for completion: clock.step,
// agents[].holding_cost and so on.
func Keys() []string { return slices.Clone(registered.paths) }

// Keys lists the paths of the keys that --set takes for this scenario: those of its
// market, and of each agent those of its kind.
func (s *Scenario) Keys() []string {
	var all []string
	m := registered.market(s.Market)
	for _, f := range rootFields(scope{lang: registered, market: m}) {
		switch f.name {
		case "extends": // followed before anything is set
		case "agents":
			for _, a := range s.Agents {
				for _, g := range agentFields(scope{registered, m, a.Kind}) {
					all = append(all, g.keys(registered, join(join("agents", a.Name), g.name))...)
				}
			}
		default:
			all = append(all, f.keys(registered, f.name)...)
		}
	}
	return all
}

// Words lists the words that the key at a path, written as Keys writes it, can hold; none if
// it holds something else. Which of them this market takes, Load says.
func (s *Scenario) Words(path string) []string {
	m := registered.market(s.Market)
	var list []string
	scenario, agent := newScenario(), newAgent() // for defaults, which are not asked for
	for _, f := range rootFields(scope{lang: registered, market: m}) {
		list = append(list, wordsAt(f.schema(registered, &scenario), f.name, path)...)
	}
	for _, a := range s.Agents {
		for _, f := range agentFields(scope{registered, m, a.Kind}) {
			list = append(list, wordsAt(f.schema(registered, &agent), join(join("agents", a.Name), f.name), path)...)
		}
	}
	return list
}

// wordsAt lists the words of a schema that stands at a path, for one at or below it.
func wordsAt(s *jsonschema.Schema, at, path string) []string {
	var list []string
	if at == path {
		for _, w := range s.Enum {
			list = append(list, fmt.Sprint(w))
		}
	}
	for _, either := range slices.Concat(s.AnyOf, s.OneOf) {
		list = append(list, wordsAt(either, at, path)...)
	}
	if s.Properties != nil {
		for p := s.Properties.Oldest(); p != nil; p = p.Next() {
			list = append(list, wordsAt(p.Value, join(at, p.Key), path)...)
		}
	}
	return list
}

func requiredNames(l *language) []string {
	var names []string
	for _, f := range rootFields(scope{lang: l}) {
		if f.required {
			names = append(names, f.name)
		}
	}
	return names
}

// objectSchema describes a mapping. It requires nothing: any key may come
// from the scenario that is extended.
func objectSchema[T any](l *language, fields []field[T], fresh T) *jsonschema.Schema {
	properties := jsonschema.NewProperties()
	for _, f := range fields {
		s := f.schema(l, &fresh)
		if f.required {
			s.Default = nil
		}
		properties.Set(f.name, s)
	}
	return &jsonschema.Schema{Type: "object", Properties: properties, AdditionalProperties: jsonschema.FalseSchema}
}

// describe adds the documentation and the default. An empty word, a zero whole
// number and a zero that the key does not allow are not defaults: they stand for
// what follows from other keys.
func describe(s *jsonschema.Schema, doc string, fresh any) *jsonschema.Schema {
	s.Description = doc
	switch v := reflect.ValueOf(fresh).Elem(); v.Kind() {
	case reflect.Float64:
		if !v.IsZero() || s.ExclusiveMinimum == "" {
			s.Default = v.Interface()
		}
	case reflect.String, reflect.Int, reflect.Int64, reflect.Uint64:
		if !v.IsZero() {
			s.Default = v.Interface()
		}
	}
	return s
}
