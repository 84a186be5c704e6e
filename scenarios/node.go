package scenarios

import (
	"fmt"
	"strconv"
	"strings"
)

// place is where something was written.
type place struct {
	file         string
	line, column int
}

// String is file:line:column; of a flag, which has no lines, its column.
func (p place) String() string {
	switch {
	case p.line > 0:
		return fmt.Sprintf("%s:%d:%d", p.file, p.line, p.column)
	case p.column > 0:
		return fmt.Sprintf("%s: column %d", p.file, p.column)
	}
	return p.file
}

type nodeKind int

const (
	scalar nodeKind = iota
	list
	mapping
)

// node is a value of a scenario file with its place. Nodes are never changed
// once they are built: merging and overriding make new nodes that share the
// old ones, so that a sweep of many points costs little.
type node struct {
	at      place
	kind    nodeKind
	value   any    // of a scalar: nil, bool, int64, uint64, float64, string
	text    string // of a scalar: as it was written
	tag     string // of a scalar: its YAML type
	cleared bool   // a null that clears a key on purpose
	entries []entry
	items   []*node
}

// entry is a key of a mapping and its value.
type entry struct {
	key   *node
	value *node
}

func (n *node) null() bool { return n.kind == scalar && n.value == nil && n.tag == "!!null" }

// get finds the value of a key; nil if there is none.
func (n *node) get(key string) *node {
	if n == nil || n.kind != mapping {
		return nil
	}
	for _, e := range n.entries {
		if e.key.text == key {
			return e.value
		}
	}
	return nil
}

// with is a copy of the mapping n in which key has value.
func (n *node) with(key, value *node) *node {
	c := *n
	c.entries = append([]entry(nil), n.entries...)
	for i, e := range c.entries {
		if e.key.text == key.text {
			c.entries[i] = entry{key, value}
			return &c
		}
	}
	c.entries = append(c.entries, entry{key, value})
	return &c
}

// word is the text of a scalar that is a string, else empty.
func (n *node) word() string {
	if n == nil || n.kind != scalar {
		return ""
	}
	s, _ := n.value.(string)
	return s
}

// describe shows a value in a message: short, quoted if it is text.
func (n *node) describe() string {
	switch n.kind {
	case list:
		return "a list"
	case mapping:
		return "a mapping"
	}
	switch v := n.value.(type) {
	case nil:
		return "null"
	case string:
		return quote(v)
	default:
		return short(n.text)
	}
}

func quote(s string) string { return strconv.Quote(short(s)) }

// short cuts long text; a message is no place for a novel.
func short(s string) string {
	const limit = 60
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}

// join appends a key to a path, in quotes where the path would be ambiguous.
func join(path, key string) string {
	if key = quoteSegment(key); path == "" {
		return key
	}
	return path + "." + key
}

func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// quoteSegment writes one segment of a key path so that parsePath reads it.
func quoteSegment(key string) string {
	if key == "" || strings.ContainsAny(key, ".=\"'\\ ") || strings.ContainsFunc(key, hidden) {
		return strconv.Quote(key)
	}
	return key
}

// parents lists the paths above a path: agents[0].name gives agents[0], agents.
func parents(path string) []string {
	var up []string
	for {
		i := strings.LastIndexAny(path, ".[")
		if i < 0 {
			return up
		}
		path = path[:i]
		up = append(up, path)
	}
}
