package scenarios

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

// library is the built-in scenarios: a further one is a further file.
//
//go:embed library/*.yaml
var library embed.FS

// Info describes a built-in scenario.
type Info struct{ Name, Title, Market string }

// Names lists the built-in scenarios by market and name.
func Names() []Info { return slices.Clone(infos()) }

var infos = sync.OnceValue(func() []Info {
	var all []Info
	for _, name := range builtinNames() {
		s, err := Load(name, Options{})
		if err != nil { // a test loads them all
			panic("scenarios: built-in " + name + ": " + err.Error())
		}
		all = append(all, Info{name, s.Title, s.Market})
	}
	slices.SortStableFunc(all, func(a, b Info) int { return cmp.Compare(a.Market, b.Market) })
	return all
})

// Source is the commented text of a built-in scenario, to start from.
func Source(name string) ([]byte, error) {
	text, err := library.ReadFile(libraryPath(name))
	if err != nil {
		return nil, Problems{{File: name, Message: "there is no built-in scenario of this name",
			Hint: builtinHint(name), Err: fmt.Errorf("scenarios: %w", err)}}
	}
	return text, nil
}

func libraryPath(name string) string { return "library/" + name + ".yaml" }

// builtinNames lists the names, sorted.
func builtinNames() []string {
	files, err := fs.Glob(library, libraryPath("*"))
	if err != nil {
		panic("scenarios: bad pattern")
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(strings.TrimPrefix(f, "library/"), ".yaml")
	}
	slices.Sort(files) // with their endings, x-y.yaml would come before x.yaml
	return files
}
