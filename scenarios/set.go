package scenarios

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// override is one assignment to a key, from a flag or from a sweep.
type override struct {
	path  []segment
	value *node
}

// segment is one word of a key path and where it was written.
type segment struct {
	text string
	at   place
}

// parseSet reads "key.path=value". The value is YAML, so that numbers, words,
// lists and null are what they are in a file.
func parseSet(arg string) (override, Problems) {
	file := "--set " + singleQuoted(arg)
	fail := func(at int, message, hint string) (override, Problems) {
		return override{}, Problems{{File: file, Column: column(arg, at), Message: message, Hint: hint}}
	}
	const form = "write --set key.path=value, for example --set clock.step=0.1"
	path, end, fault := parsePath(arg, file)
	switch {
	case fault != "":
		return fail(end, fault, form)
	case end == len(arg):
		return fail(end, "there is no =", form)
	case strings.TrimSpace(arg[end+1:]) == "":
		return fail(end+1, "there is no value", "key=null clears a key")
	}
	value, problems := parse(file, []byte(arg[end+1:]))
	for i, p := range problems {
		problems[i] = inSet(p, arg, end+1)
	}
	if value == nil || len(problems) > 0 {
		return override{}, problems
	}
	if value.null() && value.text == "" {
		return fail(end+1, "there is no value", "put text that begins with # in quotes; key=null clears a key")
	}
	return override{path, cleared(moved(value, arg, end+1))}, nil
}

// moved gives a value the columns of the whole argument; flags have no lines.
func moved(n *node, arg string, start int) *node {
	m := *n
	m.at.column, m.at.line = setColumn(arg, start, n.at.line, n.at.column), 0
	m.items, m.entries = nil, nil
	for _, item := range n.items {
		m.items = append(m.items, moved(item, arg, start))
	}
	for _, e := range n.entries {
		m.entries = append(m.entries, entry{moved(e.key, arg, start), moved(e.value, arg, start)})
	}
	return &m
}

func inSet(p Problem, arg string, start int) Problem {
	p.Column, p.Line = setColumn(arg, start, p.Line, p.Column), 0
	if strings.HasPrefix(p.Message, "the scenario is empty") {
		p.Message, p.Hint = "there is no value", "key=null clears a key"
	}
	return p
}

// setColumn is the column in arg of a line and column of the text from start.
func setColumn(arg string, start, line, col int) int {
	for ; line > 1; line-- {
		if i := strings.IndexByte(arg[start:], '\n'); i >= 0 {
			start += i + 1
		}
	}
	return column(arg, start) + max(col, 1) - 1
}

func column(s string, at int) int { return utf8.RuneCountInString(s[:at]) + 1 }

// cleared marks a null as one that clears its key.
func cleared(n *node) *node {
	c := *n
	c.cleared = n.null()
	return &c
}

func singleQuoted(s string) string {
	if strings.ContainsRune(s, '\'') {
		return quote(s)
	}
	return "'" + short(s) + "'"
}

// parsePath reads a key path up to "=" or the end, and where it ended. A
// segment with a dot or an equals sign stands in quotes, single or double.
func parsePath(s, file string) (path []segment, end int, fault string) {
	for i := 0; ; i++ {
		word, next, ok := parseSegment(s[i:])
		if !ok {
			return nil, i, "a quote is not closed"
		}
		if next == 0 {
			return nil, i, "a word of the key is missing"
		}
		path = append(path, segment{word, place{file: file, column: column(s, i)}})
		for i += next; i < len(s) && s[i] == ' '; i++ {
		}
		if i == len(s) || s[i] == '=' {
			return path, i, ""
		}
		if s[i] != '.' {
			return nil, i, "want a dot or = after a quoted word"
		}
	}
}

// parseSegment reads one segment and gives the bytes that it took.
func parseSegment(s string) (word string, next int, ok bool) {
	switch {
	case strings.HasPrefix(s, `"`):
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			return "", 0, false
		}
		word, err = strconv.Unquote(quoted)
		return word, len(quoted), err == nil
	case strings.HasPrefix(s, `'`):
		inside, _, closed := strings.Cut(s[1:], `'`)
		return inside, len(inside) + 2, closed
	}
	if next = strings.IndexAny(s, ".="); next < 0 {
		next = len(s)
	}
	return strings.Trim(s[:next], " "), next, true
}

// lastSegment is the word after the last dot.
func lastSegment(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }
