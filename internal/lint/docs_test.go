package lint

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// page is a Markdown file.
type page struct {
	name  string // with slashes, from the root
	lines []line
}

// line is a line of a page, and what kind of text it is part of.
type line struct {
	text  string
	fence string // of a fenced block: what stands behind its ```; " " if nothing
}

// prose is the text outside blocks and code, code being blotted out.
func (l line) prose() string {
	if l.fence != "" || strings.HasPrefix(l.text, "    ") {
		return ""
	}
	return codeSpan.ReplaceAllStringFunc(l.text, func(s string) string { return strings.Repeat("x", len(s)) })
}

var codeSpan = regexp.MustCompile("`[^`]*`")

func newPage(name, text string) *page {
	p, fence := &page{name: name}, ""
	for s := range strings.Lines(text) {
		s = strings.TrimSuffix(s, "\n")
		mark, isFence := strings.CutPrefix(strings.TrimSpace(s), "```")
		switch {
		case isFence && fence == "":
			fence = mark + " "
			p.lines = append(p.lines, line{s, " "})
		case isFence:
			fence = ""
			p.lines = append(p.lines, line{s, " "})
		default:
			p.lines = append(p.lines, line{s, fence})
		}
	}
	return p
}

func (p *page) at(i int) string { return fmt.Sprintf("%s:%d", p.name, i+1) }

// pages are the Markdown files of the module.
func pages(t *testing.T) []*page {
	t.Helper()
	var list []*page
	walk(t, func(name string) {
		if path.Ext(name) == ".md" {
			list = append(list, newPage(name, string(read(t, name))))
		}
	})
	require.Greater(t, len(list), 10, "the pages are not where they are looked for")
	return list
}

// write holds every page against a rule.
func write(t *testing.T, rule func(*page) []string) {
	t.Helper()
	for _, p := range pages(t) {
		for _, found := range rule(p) {
			t.Error(found)
		}
	}
}

// fails checks that a rule finds something in a text.
func fails(t *testing.T, rule func(*page) []string, name, text string, n int) {
	t.Helper()
	found := rule(newPage(name, text))
	require.Len(t, found, n, "%s: %q", text, found)
}

var (
	linkTarget = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	anchorID   = regexp.MustCompile(`<a id="([^"]+)">`)
	notInSlug  = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// anchors are what links may name in a page: its headings, as GitHub spells them,
// and marks of its own.
func (p *page) anchors() (list []string) {
	for _, l := range p.lines {
		for _, m := range anchorID.FindAllStringSubmatch(l.text, -1) {
			list = append(list, m[1])
		}
		if l.fence != "" || !strings.HasPrefix(l.text, "#") {
			continue
		}
		title := strings.ToLower(strings.TrimSpace(strings.TrimLeft(l.text, "#")))
		list = append(list, strings.ReplaceAll(notInSlug.ReplaceAllString(title, ""), " ", "-"))
	}
	return list
}

// deadLinks finds relative links that lead nowhere.
func deadLinks(p *page) (found []string) {
	for i, l := range p.lines {
		for _, m := range linkTarget.FindAllStringSubmatch(l.prose(), -1) {
			file, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(file, ":") { // another place
				continue
			}
			target := p
			if file != "" {
				name := path.Join(path.Dir(p.name), file)
				text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
				if _, missing := os.Stat(filepath.Join(root, filepath.FromSlash(name))); missing != nil {
					found = append(found, fmt.Sprintf("%s: %s is not there", p.at(i), m[1]))
					continue
				}
				if err != nil { // a directory
					continue
				}
				target = newPage(name, string(text))
			}
			if anchor != "" && !slices.Contains(target.anchors(), anchor) {
				found = append(found, fmt.Sprintf("%s: %s has no such heading", p.at(i), m[1]))
			}
		}
	}
	return found
}

func TestLinksLeadSomewhere(t *testing.T) {
	fails(t, deadLinks, "README.md", "[a](docs/nowhere.md)\n[b](#nothing) [c](#one-two)\n\n# One, two\n\n`[d](x)` [e](https://x.y/z)\n[f](docs/files.md#no-such)", 3)
	write(t, deadLinks)
}

var (
	repoFile   = regexp.MustCompile(`^[a-z][\w/]*/[\w.-]+\.go$`)
	identifier = regexp.MustCompile(`^[\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)?$`)
)

// misplaced finds Go files that are not there; and, in the pages of the models,
// names behind a file that it does not declare.
func misplaced(p *page) (found []string) {
	for i, l := range p.lines {
		if l.fence != "" {
			continue
		}
		var names []string
		file := ""
		for _, span := range codeSpan.FindAllString(l.text, -1) {
			word := strings.Trim(span, "`")
			switch {
			case repoFile.MatchString(word):
				if file, names = word, nil; !exists(word) {
					found = append(found, fmt.Sprintf("%s: %s is not there", p.at(i), word))
					file = ""
				}
			case file == "" || path.Dir(p.name) != "docs/models" || !identifier.MatchString(word):
			default:
				if names == nil {
					names = declared(file)
				}
				if !slices.Contains(names, word) {
					found = append(found, fmt.Sprintf("%s: %s does not declare %s", p.at(i), file, word))
				}
			}
		}
	}
	return found
}

func exists(name string) bool {
	_, err := os.Stat(filepath.Join(root, filepath.FromSlash(name)))
	return err == nil
}

// declared are the names of a file: functions, types, values, and methods and
// fields as Type.Name.
func declared(name string) (list []string) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		return nil
	}
	for _, d := range mustParse(name, text).Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil {
				list = append(list, receiver(d)+"."+d.Name.Name)
			} else {
				list = append(list, d.Name.Name)
			}
		case *ast.GenDecl:
			list = append(list, declaredIn(d)...)
		}
	}
	return list
}

func declaredIn(d *ast.GenDecl) (list []string) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			for _, n := range spec.Names {
				list = append(list, n.Name)
			}
		case *ast.TypeSpec:
			list = append(list, spec.Name.Name)
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					for _, n := range f.Names {
						list = append(list, spec.Name.Name+"."+n.Name)
					}
				}
			}
		}
	}
	return list
}

func TestPagesNameWhatIsThere(t *testing.T) {
	fails(t, misplaced, "docs/models/x.md", "`market/nothing.go`\n`market/auction.go` `Auction.Clear` `systemMatrix` `Auction.Nothing` `nothing`\n`nothing` `market/side.go`", 3)
	fails(t, misplaced, "docs/x.md", "`market/auction.go` `nothing`", 0)
	write(t, misplaced)
}

// mustParse parses a file that the compiler has accepted.
func mustParse(name string, text []byte) *ast.File {
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		panic(err)
	}
	return file
}

// stale finds changes in ```diff blocks that no longer fit: what a "+++ FILE" line
// is followed by must stand in that file, without the lines that are added.
func stale(p *page) (found []string) {
	file, at, before := "", 0, []string(nil)
	check := func() {
		if file == "" {
			return
		}
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
		for _, part := range before {
			if err != nil || !strings.Contains(string(text), part) {
				found = append(found, fmt.Sprintf("%s: %s does not have %q", p.at(at), file, part))
			}
		}
		file, before = "", nil
	}
	indent, added := "", false
	for i, l := range p.lines {
		if l.fence != "diff " {
			check()
			indent = l.text[:len(l.text)-len(strings.TrimLeft(l.text, " "))]
			continue
		}
		text := strings.TrimPrefix(l.text, indent)
		name, begins := strings.CutPrefix(text, "+++ ")
		switch {
		case begins:
			check()
			file, at, added = name, i, true
		case strings.HasPrefix(text, "+"):
			added = true
		case text == "" || text[0] != ' ' && text[0] != '-':
			found = append(found, p.at(i)+": neither kept, taken away nor added")
		case added || len(before) == 0:
			before, added = append(before, text[1:]+"\n"), false
		default:
			before[len(before)-1] += text[1:] + "\n"
		}
	}
	check()
	return found
}

func TestChangesInPagesFit(t *testing.T) {
	block := "   ```diff\n   +++ market/doc.go\n%s   ```\n"
	fails(t, stale, "x.md", fmt.Sprintf(block, "    package market\n   +x\n"), 0)
	fails(t, stale, "x.md", fmt.Sprintf(block, "   -package bazaar\n   +x\n"), 1)
	fails(t, stale, "x.md", fmt.Sprintf(block, "   package market\n"), 1)
	write(t, stale)
}
