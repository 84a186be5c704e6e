package scenarios

import (
	"fmt"
	"strings"
)

// checker reads a tree of nodes into a Scenario and collects problems. It
// remembers where every key stands, so that checks that compare several keys
// can point at the one that is wrong.
type checker struct {
	lang     *language
	market   *market // nil if the file names none that is known
	root     *node
	problems Problems
	places   map[string]*node // every key that was read, and its value
	bad      map[string]bool  // paths with a problem, and all above them (false: only above)
	memo     memo             // what was computed about nodes, shared by the points of a sweep
}

// memo keeps results that are too costly to compute for every point.
type memo map[*node]matrixVerdict

func newChecker(l *language, root *node, m memo) *checker {
	return &checker{lang: l, market: l.marketOf(root), root: root,
		places: map[string]*node{}, bad: map[string]bool{}, memo: m}
}

// report adds a problem at a node.
func (c *checker) report(n *node, path, message, hint string) {
	c.spoil(path)
	c.problems = append(c.problems, Problem{
		File: n.at.file, Line: n.at.line, Column: n.at.column,
		Key: shown(c.root, path), Message: message, Hint: hint,
	})
}

// reportAt adds a problem at a key: at its value, or at the nearest mapping
// around it if the key was not given.
func (c *checker) reportAt(path, message, hint string) {
	c.report(c.at(path), path, message, hint)
}

// want reports a value that is not what it should be.
func (c *checker) want(n *node, path, what, hint string) {
	c.report(n, path, "got "+n.describe()+", want "+what, hint)
}

// spoil marks a path so that no further check relies on its value.
func (c *checker) spoil(path string) {
	c.bad[path] = true
	for _, up := range parents(path) {
		if !c.bad[up] {
			c.bad[up] = false // there, but not bad itself
		}
	}
}

// usable tells whether the values at all paths were read without a problem,
// in them, above them or below them.
func (c *checker) usable(paths ...string) bool {
	for _, p := range paths {
		if _, bad := c.bad[p]; bad {
			return false
		}
		for _, up := range parents(p) {
			if c.bad[up] {
				return false
			}
		}
	}
	return true
}

// given tells whether the file or a flag states the key.
func (c *checker) given(path string) bool { return c.places[path] != nil }

func (c *checker) at(path string) *node {
	if n := c.places[path]; n != nil {
		return n
	}
	for _, up := range parents(path) {
		if n := c.places[up]; n != nil {
			return n
		}
	}
	return c.root
}

// shown turns agents[2].name into agents.t3.name, as --set takes it.
func shown(root *node, path string) string {
	rest, ok := strings.CutPrefix(path, "agents[")
	if !ok {
		return path
	}
	var i int
	if _, err := fmt.Sscanf(rest, "%d]", &i); err != nil {
		return path
	}
	agents := root.get("agents")
	if agents == nil || i >= len(agents.items) {
		return path
	}
	name := agents.items[i].get("name").word()
	if name == "" {
		return path
	}
	_, rest, _ = strings.Cut(rest, "]")
	return "agents." + quoteSegment(short(name)) + rest
}

// unknownKey reports a key that does not belong where it stands, with the
// reason that helps most: not yet there, at home elsewhere, or misspelt. It
// gives the key that was probably meant.
func (c *checker) unknownKey(key *node, path string, place keyPlace) string {
	name := key.text
	full := join(path, short(name))
	if place.later[name] {
		c.report(key, full, "this key is not available in this version", "remove it")
		return ""
	}
	if home := place.elsewhere[name]; home != "" {
		c.report(key, full, "this key does not belong here", "it is a key of "+home)
		return ""
	}
	hint := didYouMean(name, place.allowed)
	if hint == "" && lacking[name] {
		c.report(key, full, "this key is not available in this version", "remove it")
		return ""
	}
	if hint == "" {
		hint = c.lang.elsewhere(name)
	}
	if hint == "" {
		hint = "allowed here: " + oneOf(place.allowed)
	}
	c.report(key, full, "there is no such key", hint)
	return nearest(name, place.allowed)
}
