package scenarios

import (
	"bytes"
	"slices"

	"github.com/invopop/jsonschema"
)

// value is what a key may hold. One value knows how to read a V from a node,
// how to write it in canonical form and how to describe itself; everything
// else in the package follows from tables of values.
type value[V any] interface {
	// read sets *into, or reports why it cannot.
	read(c *checker, n *node, path string, into *V)
	// write appends canonical JSON; false if there is nothing to say.
	write(w *writer, path string, v *V) bool
	schema(l *language) *jsonschema.Schema
	// keys lists the key paths at and below path.
	keys(l *language, path string) []string
}

// field is one key of an object that is read into a T.
type field[T any] struct {
	name     string
	doc      string
	required bool
	when     func(c *checker) bool // what is required is so only then; nil: always
	read     func(c *checker, n *node, path string, into *T)
	write    func(w *writer, path string, from *T) bool
	schema   func(l *language, fresh *T) *jsonschema.Schema
	keys     func(l *language, path string) []string
}

// key binds a name and its documentation to the place in T that holds it.
func key[T, V any](name string, v value[V], place func(*T) *V, doc string) field[T] {
	return field[T]{
		name: name, doc: doc,
		read: func(c *checker, n *node, path string, into *T) { readKey(c, v, n, path, place(into)) },
		write: func(w *writer, path string, from *T) bool {
			return !w.omit[path] && v.write(w, path, place(from))
		},
		schema: func(l *language, fresh *T) *jsonschema.Schema {
			return describe(v.schema(l), doc, place(fresh))
		},
		keys: v.keys,
	}
}

// required marks a key without default.
func required[T any](f field[T]) field[T] {
	f.required = true
	return f
}

// silent is a value that the canonical form does not mention where it has its
// default.
type silent[V comparable] struct {
	value[V]
	fallback V
}

func (k silent[V]) write(w *writer, path string, v *V) bool {
	return *v != k.fallback && k.value.write(w, path, v)
}

// writtenWhen marks a key that the canonical form mentions only then.
func writtenWhen[T any](when func(*T) bool, f field[T]) field[T] {
	write := f.write
	f.write = func(w *writer, path string, from *T) bool { return when(from) && write(w, path, from) }
	return f
}

// or is the key f, in a schema one of two keys of the same name.
func (f field[T]) or(g field[T]) field[T] {
	either := f
	either.keys = func(l *language, path string) []string {
		all := f.keys(l, path)
		for _, k := range g.keys(l, path) {
			if !slices.Contains(all, k) {
				all = append(all, k)
			}
		}
		return all
	}
	either.schema = func(l *language, fresh *T) *jsonschema.Schema {
		a, b := f.schema(l, fresh), g.schema(l, fresh)
		s := &jsonschema.Schema{Description: f.doc + " Or " + g.doc, AnyOf: []*jsonschema.Schema{a, b}}
		if a.Default == b.Default {
			s.Default = a.Default
		}
		return s
	}
	return either
}

// readKey reads the value of a key, or one item of a list: null is nothing,
// unless it clears a key on purpose.
func readKey[V any](c *checker, v value[V], n *node, path string, into *V) {
	if n.null() {
		if !n.cleared {
			c.report(n, path, "the key has no value (null)", "give it one, or remove the key")
		}
		return
	}
	c.places[path] = n
	v.read(c, n, path, into)
}

// object is a mapping with known keys. Which keys those are may depend on the
// market, and for an agent on its kind.
type object[T any] struct {
	fields func(s scope) []field[T]
	later  map[string]bool // keys of the format that this version lacks
	fresh  func() T        // a T with every default
}

// scope is what the keys of an object may depend on; its zero value stands
// for every market and every kind.
type scope struct {
	lang   *language
	market *market
	kind   string
}

// keyPlace says which keys are expected at a place, for messages.
type keyPlace struct {
	allowed   []string
	later     map[string]bool
	elsewhere map[string]string // key → the market or kind it belongs to
}

func always[T any](fields ...field[T]) func(scope) []field[T] {
	return func(scope) []field[T] { return fields }
}

func (o object[T]) read(c *checker, n *node, path string, into *T) {
	o.readIn(c, scope{lang: c.lang, market: c.market}, n, path, into)
}

func (o object[T]) readIn(c *checker, s scope, n *node, path string, into *T) {
	if n.kind != mapping {
		c.want(n, path, "a mapping of keys", "")
		return
	}
	fields := o.fields(s)
	meant := map[string]bool{} // keys that are there, if perhaps misspelt
	for _, e := range n.entries {
		i := slices.IndexFunc(fields, func(f field[T]) bool { return f.name == e.key.text })
		if i < 0 {
			meant[c.unknownKey(e.key, path, o.place(s, fields))] = true
			continue
		}
		if !e.value.cleared {
			meant[e.key.text] = true
		}
		fields[i].read(c, e.value, join(path, fields[i].name), into)
	}
	o.missing(c, n, path, fields, meant)
}

func (o object[T]) missing(c *checker, n *node, path string, fields []field[T], meant map[string]bool) {
	for _, f := range fields {
		at := join(path, f.name)
		switch {
		case !f.required || f.when != nil && !f.when(c):
		case !meant[f.name]:
			c.report(n, at, "the key is missing", f.doc)
		case !c.given(at):
			c.spoil(at)
		}
	}
}

// place collects what a message about an unknown key needs.
func (o object[T]) place(s scope, fields []field[T]) keyPlace {
	p := keyPlace{later: o.later, elsewhere: map[string]string{}}
	for _, f := range fields {
		p.allowed = append(p.allowed, f.name)
	}
	markets, kinds := map[string][]string{}, map[string][]string{}
	for _, m := range s.lang.markets {
		for _, f := range o.fields(scope{lang: s.lang, market: m}) {
			markets[f.name] = append(markets[f.name], m.name)
		}
		for _, k := range m.kinds {
			for _, f := range o.fields(scope{s.lang, m, k.name}) {
				if m == s.market {
					kinds[f.name] = append(kinds[f.name], k.name)
				}
			}
		}
	}
	for name, homes := range markets {
		p.elsewhere[name] = "market " + oneOf(homes)
	}
	for name, homes := range kinds {
		p.elsewhere[name] = "kind " + oneOf(homes)
	}
	return p
}

func (o object[T]) write(w *writer, path string, v *T) bool {
	return o.writeIn(w, scope{lang: w.lang, market: w.market}, path, v)
}

func (o object[T]) writeIn(w *writer, s scope, path string, v *T) bool {
	w.WriteByte('{')
	empty := true
	for _, f := range o.fields(s) {
		mark := w.Len()
		if !empty {
			w.WriteByte(',')
		}
		w.text(f.name)
		w.WriteByte(':')
		if f.write(w, join(path, f.name), v) {
			empty = false
		} else {
			w.Truncate(mark)
		}
	}
	w.WriteByte('}')
	return !empty
}

func (o object[T]) schema(l *language) *jsonschema.Schema {
	return objectSchema(l, o.fields(scope{lang: l}), o.fresh())
}

func (o object[T]) keys(l *language, path string) []string {
	var all []string
	for _, f := range o.fields(scope{lang: l}) {
		all = append(all, f.keys(l, join(path, f.name))...)
	}
	return all
}

// sequence is a list whose items are all alike.
type sequence[V any] struct {
	of    value[V]
	fresh func() V // nil: the zero value
	least int      // items
	what  string   // for messages: "a list of numbers"
}

func (q sequence[V]) read(c *checker, n *node, path string, into *[]V) {
	switch {
	case n.kind != list:
		c.want(n, path, q.what, "")
		return
	case len(n.items) < q.least:
		c.report(n, path, "the list is empty", "want "+q.what)
		return
	}
	*into = make([]V, len(n.items))
	for i, item := range n.items {
		if q.fresh != nil {
			(*into)[i] = q.fresh()
		}
		readKey(c, q.of, item, index(path, i), &(*into)[i])
	}
}

func (q sequence[V]) write(w *writer, path string, v *[]V) bool {
	if *v == nil {
		return false
	}
	w.WriteByte('[')
	for i := range *v {
		if i > 0 {
			w.WriteByte(',')
		}
		if !q.of.write(w, index(path, i), &(*v)[i]) {
			w.WriteString("null")
		}
	}
	w.WriteByte(']')
	return true
}

func (q sequence[V]) schema(l *language) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "array", Items: q.of.schema(l)}
	if q.least > 0 {
		s.MinItems = new(uint64(q.least))
	}
	return s
}

func (q sequence[V]) keys(_ *language, path string) []string { return []string{path} }

// writer collects canonical JSON.
type writer struct {
	bytes.Buffer
	lang   *language
	market *market
	omit   map[string]bool // keys left to follow from others
}
