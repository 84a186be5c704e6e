package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Limits of a scenario file. A file that needs more is not a scenario.
const (
	maxBytes   = 1 << 20 // 1 MB
	maxDepth   = 32      // nested lists and mappings
	maxAliased = 10_000  // values that come from aliases, all together
)

// parse reads one YAML document into a node; nil if that is impossible.
func parse(file string, text []byte) (*node, Problems) {
	if p := readable(file, text); p != nil {
		return nil, Problems{*p}
	}
	loader, err := yaml.NewLoader(bytes.NewReader(joinSurrogates(text)))
	if err != nil {
		return nil, Problems{syntaxProblem(file, err)}
	}
	var first, second yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF):
		return nil, Problems{{File: file, Line: 1, Column: 1, Message: "the scenario is empty",
			Hint: "start from a built-in one: sim init five-traders"}}
	case err != nil:
		return nil, Problems{syntaxProblem(file, err)}
	}
	b := builder{file: file}
	switch err := loader.Load(&second); {
	case err == nil:
		b.report(&second, "", "a second document begins here, a scenario is one document", "put it into a file of its own")
	case !errors.Is(err, io.EOF):
		return nil, Problems{syntaxProblem(file, err)}
	}
	root := b.build(first.Content[0], "", 0, false)
	for i := range b.problems {
		b.problems[i].Key = shown(root, b.problems[i].Key)
	}
	return root, b.problems
}

// readable checks the size and the characters, for which the YAML library
// gives no position.
func readable(file string, text []byte) *Problem {
	if len(text) > maxBytes {
		return &Problem{File: file, Line: 1, Column: 1,
			Message: "the scenario is larger than 1 MB, the limit", Hint: "is this the right file?"}
	}
	line, column := 1, 1
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return &Problem{File: file, Line: line, Column: column,
				Message: fmt.Sprintf("byte 0x%02x is not UTF-8", text[i]), Hint: "save the file as UTF-8"}
		}
		if forbidden(r) {
			return &Problem{File: file, Line: line, Column: column,
				Message: fmt.Sprintf("control character %U", r), Hint: "remove it, or write it as an escape in double quotes"}
		}
		if column++; r == '\n' {
			line, column = line+1, 1
		}
		i += size
	}
	return nil
}

// surrogates finds characters beyond U+FFFF as JSON escapes them. An escaped
// backslash is matched, and rewritten, too, lest its second half begin one.
var surrogates = regexp.MustCompile(`\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}`)

// joinSurrogates rewrites them as YAML does, of which JSON is a subset but for
// this.
func joinSurrogates(text []byte) []byte {
	if !json.Valid(text) {
		return text
	}
	return surrogates.ReplaceAllFunc(text, func(escape []byte) []byte {
		var r string
		if json.Unmarshal(append(append([]byte{'"'}, escape...), '"'), &r) != nil {
			return escape
		}
		c, _ := utf8.DecodeRuneInString(r)
		return fmt.Appendf(nil, `\U%08X`, c)
	})
}

// forbidden tells the characters that YAML 1.2 does not allow in a file.
func forbidden(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r', r == 0x85:
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0, r == 0xfffe, r == 0xffff:
		return true
	}
	return false
}

func syntaxProblem(file string, err error) Problem {
	p := Problem{File: file, Line: 1, Column: 1, Message: err.Error()}
	var e *yaml.LoadError
	if errors.As(err, &e) {
		p.Message = "not YAML: " + e.Message
		if e.ContextMsg != "" {
			p.Message = "not YAML: " + e.ContextMsg + ", " + e.Message
		}
		if m := e.Mark; m.Line > 0 {
			p.Line, p.Column = m.Line, max(m.Column, 1)
		}
	}
	if strings.Contains(p.Message, "cannot start any token") {
		p.Hint = "indent with spaces, not tabs; put text that begins with a special character in quotes"
	}
	return p
}

// builder turns the library's nodes into ours: aliases followed within a
// budget, scalars resolved, duplicate keys found.
type builder struct {
	file     string
	problems Problems
	aliased  int  // values built from aliases so far
	full     bool // a limit was reached, said once
}

func (b *builder) report(n *yaml.Node, key, message, hint string) {
	b.problems = append(b.problems, Problem{File: b.file, Line: n.Line, Column: n.Column, Key: key, Message: message, Hint: hint})
}

// build never returns nil; what cannot be built becomes a null.
func (b *builder) build(n *yaml.Node, path string, depth int, alias bool) *node {
	out := &node{at: place{b.file, n.Line, n.Column}, tag: "!!null"}
	if alias {
		b.aliased++
	}
	if !b.within(n, path, depth) {
		return out
	}
	switch n.Kind {
	case yaml.MappingNode:
		out.kind = mapping
		b.entries(out, n, path, depth, alias)
	case yaml.SequenceNode:
		out.kind = list
		for i, c := range n.Content {
			out.items = append(out.items, b.build(c, index(path, i), depth+1, alias))
		}
	case yaml.AliasNode:
		out = b.build(n.Alias, path, depth+1, true)
		out.at = place{b.file, n.Line, n.Column}
	default:
		b.scalar(out, n, path)
	}
	return out
}

func (b *builder) within(n *yaml.Node, path string, depth int) bool {
	switch {
	case b.full:
		return false
	case depth > maxDepth:
		b.report(n, short(path), fmt.Sprintf("nested deeper than %d levels, the limit", maxDepth), "")
	case b.aliased > maxAliased:
		b.report(n, short(path), fmt.Sprintf("aliases stand for more than %d values, the limit", maxAliased), "write the values out, or use count")
	default:
		return true
	}
	b.full = true
	return false
}

func (b *builder) entries(out *node, n *yaml.Node, path string, depth int, alias bool) {
	first := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind == yaml.AliasNode {
			k = k.Alias
		}
		switch old := first[k.Value]; {
		case k.Kind != yaml.ScalarNode:
			b.report(k, path, "a list or mapping cannot be a key", "")
			continue
		case k.ShortTag() == "!!merge":
			b.report(k, path, "merge keys (<<) are not part of the format", "use extends")
			continue
		case old != nil:
			b.report(k, join(path, short(k.Value)), "the key stands here twice", fmt.Sprintf("the first is in line %d", old.Line))
			continue
		}
		first[k.Value] = k
		key := &node{at: place{b.file, k.Line, k.Column}, value: k.Value, text: k.Value, tag: "!!str"}
		out.entries = append(out.entries, entry{key, b.build(v, join(path, short(k.Value)), depth+1, alias)})
	}
}

func (b *builder) scalar(out *node, n *yaml.Node, path string) {
	out.tag, out.text = n.ShortTag(), n.Value
	var v any
	if err := n.Decode(&v); err != nil {
		b.report(n, path, fmt.Sprintf("%s is not of the type %s that its tag says", quote(n.Value), short(out.tag)), "remove the tag")
		return
	}
	switch x := v.(type) {
	case int:
		v = int64(x)
	case string, bool, nil, int64, uint64, float64:
	default: // a date; YAML 1.2 knows none, so it is text
		v, out.tag = n.Value, "!!str"
	}
	switch {
	case out.tag != "!!str" && isText(v):
		b.report(n, path, "the tag "+short(out.tag)+" is not part of the format", "remove it")
	case octal(n.Value) && !isText(v):
		b.report(n, path, fmt.Sprintf("%s begins with 0, which some programs read as octal", short(n.Value)), "remove the 0, or put text in quotes")
	}
	out.value = v
}

func isText(v any) bool {
	_, ok := v.(string)
	return ok
}

// octal tells numbers like 010, which YAML 1.1 reads as 8 and 1.2 as 10.
func octal(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) > 1 && s[0] == '0' && strings.Trim(s, "0123456789_") == ""
}
