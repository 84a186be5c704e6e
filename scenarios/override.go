package scenarios

import "strings"

// apply gives the tree with one key overridden. The tree itself stays as it
// was. Whether the key exists is found out when the tree is read.
func (o override) apply(root *node) (*node, *Problem) {
	switch first := o.path[0]; first.text {
	case "extends":
		return root, o.problem(0, "extends cannot be overridden", "write a file that extends the other scenario")
	case "agents":
		if len(o.path) > 1 {
			return o.agent(root)
		}
	}
	return o.below(root, 0)
}

func (o override) problem(i int, message, hint string) *Problem {
	path, at := "", o.path[i].at
	for _, s := range o.path[:i+1] {
		path = join(path, short(s.text))
	}
	return &Problem{File: at.file, Line: at.line, Column: at.column, Key: path, Message: message, Hint: hint}
}

// below sets the path from its i-th segment on in n, which may be missing.
func (o override) below(n *node, i int) (*node, *Problem) {
	if i == len(o.path) {
		return o.value, nil
	}
	s := o.path[i]
	switch {
	case n == nil || n.null():
		n = &node{kind: mapping, at: s.at}
	case n.kind != mapping:
		return nil, o.problem(i, "there are no keys inside "+n.describe(), "set the key above it")
	}
	value, p := o.below(n.get(s.text), i+1)
	if p != nil {
		return nil, p
	}
	return n.with(&node{at: s.at, value: s.text, text: s.text, tag: "!!str"}, value), nil
}

// agent sets a key of the agent that the second segment names, or removes
// the agent.
func (o override) agent(root *node) (*node, *Problem) {
	agents := root.get("agents")
	if agents == nil || agents.kind != list {
		return root, o.problem(1, "there are no agents", "")
	}
	changed := *agents
	changed.items = nil
	var names []string
	found := false
	for _, item := range agents.items {
		name := item.get("name").word()
		names = append(names, name)
		if found || name != o.path[1].text {
			changed.items = append(changed.items, item)
			continue
		}
		found = true
		value, p := o.below(item, 2)
		if p != nil {
			return root, p
		}
		if !value.cleared {
			changed.items = append(changed.items, value)
		}
	}
	if !found {
		return root, o.problem(1, "there is no agent of this name", o.agentHint(names))
	}
	return root.with(&node{at: o.path[0].at, value: "agents", text: "agents", tag: "!!str"}, &changed), nil
}

// agentHint thinks of names with dots that were not put in quotes.
func (o override) agentHint(names []string) string {
	var words []string
	for _, s := range o.path[1:] {
		words = append(words, s.text)
	}
	for _, name := range names {
		if strings.Contains(name, ".") && strings.HasPrefix(strings.Join(words, ".")+".", name+".") {
			return "put a name with a dot in quotes: agents." + quoteSegment(name)
		}
	}
	if hint := didYouMean(o.path[1].text, names); hint != "" {
		return hint
	}
	if len(names) == 0 {
		return "there are none"
	}
	if len(names) > 10 {
		names = append(names[:10:10], "…")
	}
	return "the agents are " + strings.Join(names, ", ")
}
