package scenarios

import (
	"fmt"
	"slices"
	"strings"
)

// overForm says how an axis is written on a command line.
const overForm = "write --over KEY=v1,v2,… or --over KEY=a:b:n, for example --over discount_rate=1:5:9; log:a:b:n has equal ratios"

// parseOver reads an axis of a sweep as a flag gives it: "KEY=v1,v2,…", or
// "KEY=a:b:n" for n values from a to b, with "log:" before a for equal ratios. The
// node is what the sweep of a file would say, with columns of the argument.
func parseOver(arg string) (*node, Problems) {
	o := overArgument{arg: arg, file: "--over " + singleQuoted(arg)}
	path, end, fault := parsePath(arg, o.file)
	switch {
	case fault != "":
		return o.fail(end, fault, overForm)
	case end == len(arg):
		return o.fail(end, "there is no =", overForm)
	case strings.TrimSpace(arg[end+1:]) == "":
		return o.fail(end+1, "there are no values", overForm)
	}
	axis := &node{kind: mapping, at: path[0].at}
	add := func(key string, value *node) {
		name := &node{at: value.at, value: key, text: key, tag: "!!str"}
		axis.entries = append(axis.entries, entry{name, value})
	}
	add("key", o.text(0, pathText(path)))
	text := arg[end+1:]
	if strings.Contains(text, ":") {
		return o.spread(axis, add, end+1)
	}
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		return o.fail(end+1, "a list in brackets", "write the values without: v1,v2,…")
	}
	values, problems := o.scalars(strings.Split(text, ","), end+1)
	add("values", &node{kind: list, at: o.at(end + 1), items: values})
	return axis, problems
}

// overArgument is an argument of --over.
type overArgument struct{ arg, file string }

func (o overArgument) at(i int) place { return place{file: o.file, column: column(o.arg, i)} }

func (o overArgument) text(i int, word string) *node {
	return &node{at: o.at(i), value: word, text: word, tag: "!!str"}
}

func (o overArgument) fail(i int, message, hint string) (*node, Problems) {
	return nil, Problems{{File: o.file, Column: column(o.arg, i), Message: message, Hint: hint}}
}

// spread reads the range that begins at start.
func (o overArgument) spread(axis *node, add func(string, *node), start int) (*node, Problems) {
	text := o.arg[start:]
	if i := strings.Index(text, ","); i >= 0 {
		return o.fail(start+i, "both a range and a list of values", overForm)
	}
	parts := strings.Split(text, ":")
	if len(parts) == 4 {
		add("scale", o.text(start, strings.TrimSpace(parts[0])))
		start += len(parts[0]) + 1
		parts = parts[1:]
	}
	if len(parts) != 3 {
		return o.fail(start, fmt.Sprintf("a range of %d parts, want the first value, the last, and how many", len(parts)), overForm)
	}
	values, problems := o.scalars(parts, start)
	if len(problems) > 0 {
		return nil, problems
	}
	for i, key := range []string{"from", "to", "points"} {
		add(key, values[i])
	}
	return axis, nil
}

// scalars reads values that stand one after another, a character between them.
// Each is YAML, so that numbers and words are what they are in a file.
func (o overArgument) scalars(parts []string, start int) (values []*node, problems Problems) {
	for _, part := range parts {
		from := start
		start += len(part) + 1
		if strings.TrimSpace(part) == "" {
			_, missing := o.fail(from, "there is no value here", overForm)
			problems = append(problems, missing...)
			continue
		}
		value, wrong := parse(o.file, []byte(part))
		for _, p := range wrong {
			problems = append(problems, inSet(p, o.arg, from))
		}
		if value != nil {
			values = append(values, moved(value, o.arg, from))
		}
	}
	return values, problems
}

// pathText writes a key path in the one form that all its spellings share.
func pathText(path []segment) string {
	text := ""
	for _, s := range path {
		text = join(text, s.text)
	}
	return text
}

// sweepOver gives the tree with an axis more, or another axis for its key.
func sweepOver(root, axis *node) *node {
	sweep := root.get("sweep")
	if sweep == nil || sweep.null() {
		sweep = &node{kind: list, at: axis.at}
	}
	if root.kind != mapping || sweep.kind != list {
		return root // what it is instead is reported when it is read
	}
	changed := *sweep
	changed.items = slices.Clone(sweep.items)
	key := axis.get("key").text
	if i := slices.IndexFunc(changed.items, func(n *node) bool { return sweptKey(n) == key }); i >= 0 {
		changed.items[i] = axis
	} else {
		changed.items = append(changed.items, axis)
	}
	return root.with(&node{at: axis.at, value: "sweep", text: "sweep", tag: "!!str"}, &changed)
}

// sweptKey is the key of an axis in a file, if it has one that can be read.
func sweptKey(axis *node) string {
	text := axis.get("key").word()
	if path, end, fault := parsePath(text, ""); fault == "" && end == len(text) {
		return pathText(path)
	}
	return ""
}
