package scenarios

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// origin is where the text of a scenario comes from.
type origin struct {
	label string // for messages
	id    string // the same for the same source
	dir   string // what relative references in it start from
	text  []byte
}

// find reads a source: "-", the name of a built-in, or a file relative to
// dir. A scenario that is extended must be a regular file: a pipe or terminal
// named in a file would be waited for without end. A bare name always means the built-in if there is one, so that a
// directory or file that happens to be called like it does no harm.
func find(source, dir string, stdin io.Reader, extended bool) (origin, error) {
	if source == "-" && stdin != nil {
		text, err := readAll(stdin)
		return origin{"<stdin>", "<stdin>", "", text}, err
	}
	if text, err := library.ReadFile(libraryPath(source)); err == nil && !pathLike(source) {
		label := source + " (built-in)"
		return origin{label, label, dir, text}, nil
	}
	path := source
	if dir != "" && !filepath.IsAbs(source) {
		path = filepath.Join(dir, source)
	}
	text, err := readFile(path, extended)
	id := path
	if abs, e := filepath.Abs(path); e == nil {
		id = abs
	}
	return origin{path, id, filepath.Dir(path), text}, err
}

// pathLike tells references that can only mean files.
func pathLike(source string) bool {
	switch filepath.Ext(source) {
	case ".yaml", ".yml", ".json":
		return true
	}
	return strings.ContainsRune(source, '/') || strings.ContainsRune(source, filepath.Separator)
}

func readFile(path string, onlyRegular bool) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && onlyRegular && !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(f)
}

// readAll reads one byte more than is allowed, so that too much is noticed
// and a file without end does no harm.
func readAll(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, maxBytes+1)) }

// unreadable says why a source cannot be read, and what was probably meant.
func unreadable(source string, o origin, err error) Problem {
	p := Problem{File: o.label, Err: fmt.Errorf("scenarios: %w", err)}
	reason := err.Error()
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		reason = pathError.Err.Error()
	}
	switch {
	case source == "":
		p.File, p.Message = "scenario", "no file and no name is given"
	case source == "-":
		p.Message = "standard input cannot be read: " + reason
	case errors.Is(err, fs.ErrNotExist) && !pathLike(source):
		p.Message = "there is no built-in scenario and no file of this name"
	default:
		p.Message = "cannot be read: " + reason
	}
	if errors.Is(err, fs.ErrNotExist) {
		p.Hint = builtinHint(source)
	}
	return p
}

func builtinHint(source string) string {
	base := filepath.Base(source)
	base = strings.TrimSuffix(base, filepath.Ext(base))
	if hint := didYouMean(base, builtinNames()); hint != "" {
		return hint
	}
	return "built-in: " + strings.Join(builtinNames(), ", ")
}
