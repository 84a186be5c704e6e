package scenarios

import (
	"fmt"
	"io"
	"strings"
)

// maxAncestors bounds a chain of extends.
const maxAncestors = 20

// loader reads a scenario with all that it extends into one tree. Its nodes
// remember their files, so that a problem in a parent points there.
type loader struct {
	stdin    io.Reader
	files    []string // in the order in which they were read
	problems Problems
}

// tree reads a source; nil if it cannot be read. The chain holds the sources
// that led here.
func (l *loader) tree(source, dir string, chain []string) (root *node, unread *Problem) {
	o, err := find(source, dir, l.stdin, len(chain) > 0)
	if err != nil {
		p := unreadable(source, o, err)
		return nil, &p
	}
	for i, id := range chain {
		if id == o.id {
			return nil, &Problem{Message: "the scenarios extend each other in a circle: " + strings.Join(append(chain[i:], o.id), " → ")}
		}
	}
	if len(chain) > maxAncestors {
		return nil, &Problem{Message: fmt.Sprintf("more than %d scenarios extend each other", maxAncestors)}
	}
	l.files = append(l.files, o.label)
	root, problems := parse(o.label, o.text)
	l.problems = append(l.problems, problems...)
	if root == nil || root.get("extends") == nil {
		return root, nil
	}
	return l.extend(root, o, append(chain, o.id)), nil
}

// extend merges a scenario over its parent. Without a parent it stays alone,
// and no key is missed that the parent may have had.
func (l *loader) extend(child *node, o origin, chain []string) *node {
	ref := child.get("extends")
	fail := func(p Problem) *node {
		p.File, p.Line, p.Column, p.Key = ref.at.file, ref.at.line, ref.at.column, "extends"
		l.problems = append(l.problems, p)
		return nil
	}
	name, isText := ref.value.(string)
	switch {
	case ref.kind != scalar || !isText || name == "":
		return fail(Problem{Message: "got " + ref.describe() + ", want the name of a built-in scenario or a file"})
	case name == "-":
		return fail(Problem{Message: "a scenario cannot extend standard input", Hint: "name a file or a built-in scenario"})
	}
	parent, p := l.tree(name, o.dir, chain)
	if p != nil {
		if p.File != "" {
			p.Message = short(p.File) + ": " + p.Message
		}
		return fail(*p)
	}
	if parent == nil {
		return nil
	}
	l.sameSchema(parent, child)
	return merge(parent, child, "")
}

// sameSchema keeps a child from hiding that its parent is of another version,
// in which the same keys may mean something else.
func (l *loader) sameSchema(parent, child *node) {
	p, c := parent.get("schema"), child.get("schema")
	if p != nil && c != nil && p.text != c.text {
		l.problems = append(l.problems, Problem{File: p.at.file, Line: p.at.line, Column: p.at.column, Key: "schema",
			Message: fmt.Sprintf("got %s, but %s, which extends this, is of schema %s", p.describe(), c.at.file, c.describe())})
	}
}

// merge lays child over parent: mappings merge, agents merge by name, null
// clears, everything else replaces.
func merge(parent, child *node, path string) *node {
	switch {
	case parent != nil && child.kind == list && parent.kind == list && path == "agents":
		return mergeAgents(parent, child)
	case child.kind != mapping:
		return cleared(child)
	case parent == nil || parent.kind != mapping:
		parent = &node{kind: mapping}
	}
	m := *parent
	m.at = child.at
	out := &m
	for _, e := range child.entries {
		out = out.with(e.key, merge(parent.get(e.key.text), e.value, join(path, e.key.text)))
	}
	return out
}

// mergeAgents merges agents of the same name and appends the others. Each of
// the parent's agents is merged once: a second of the same name stays one too
// many, and is reported as such.
func mergeAgents(parent, child *node) *node {
	m := *parent
	m.at = child.at
	m.items = append([]*node(nil), parent.items...)
	place := map[string]int{}
	for i, item := range parent.items {
		if name := item.get("name").word(); name != "" {
			place[name] = i
		}
	}
	for _, item := range child.items {
		name := item.get("name").word()
		if i, ok := place[name]; ok {
			m.items[i] = merge(parent.items[i], item, "agents[]")
			delete(place, name)
		} else {
			m.items = append(m.items, item)
		}
	}
	return &m
}
