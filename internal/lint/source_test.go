package lint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the module's directory, seen from this one.
const root = "../.."

// module is the prefix of the import paths of this module.
const module = "walras/"

// source is a parsed Go file.
type source struct {
	name string // with slashes, from the root
	text []byte
	set  *token.FileSet
	ast  *ast.File
}

func (s *source) dir() string     { return path.Dir(s.name) }
func (s *source) test() bool      { return strings.HasSuffix(s.name, "_test.go") }
func (s *source) generated() bool { return ast.IsGenerated(s.ast) }

// at names a place for people and editors.
func (s *source) at(p token.Pos) string {
	return s.name + ":" + strconv.Itoa(s.line(p))
}

func (s *source) line(p token.Pos) int { return s.set.Position(p).Line }

// imports maps the local names of imported packages to their paths.
func (s *source) imports() map[string]string {
	names := make(map[string]string)
	for _, spec := range s.ast.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(strings.TrimSuffix(p, "/v2"))
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = p
	}
	return names
}

// walk visits every file of the module, but not what Git, a run or an editor has
// put there.
func walk(t *testing.T, visit func(name string)) {
	t.Helper()
	skipped := []string{".git", "runs", ".venv", "__pycache__", ".ipynb_checkpoints"}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && slices.Contains(skipped, e.Name()):
			return fs.SkipDir
		case e.Type().IsRegular() && e.Name() != ".git": // in a second work tree it is a file
			visit(name)
		}
		return nil
	})
	require.NoError(t, err)
}

// sources are the Go files of the module.
func sources(t *testing.T) []*source {
	t.Helper()
	var list []*source
	walk(t, func(name string) {
		if path.Ext(name) == ".go" && !strings.Contains(name, "testdata/") {
			list = append(list, parse(t, name, read(t, name)))
		}
	})
	require.Greater(t, len(list), 50, "the module is not where it is looked for")
	return list
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	require.NoError(t, err)
	return text
}

func parse(t *testing.T, name string, text []byte) *source {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	require.NoError(t, err)
	return &source{name, text, set, file}
}

// apply holds every file against a rule and reports all that break it.
func apply(t *testing.T, rule func(*source) []string) {
	t.Helper()
	for _, s := range sources(t) {
		for _, found := range rule(s) {
			t.Error(found)
		}
	}
}

// breaks checks that a rule finds something in a text: a rule that cannot fail
// is no rule.
func breaks(t *testing.T, rule func(*source) []string, name, text string, n int) {
	t.Helper()
	require.Len(t, rule(parse(t, name, []byte(text))), n, text)
}
