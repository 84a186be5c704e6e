package lint

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms from top to bottom; below them is internal, whose packages do not know
// each other. A package imports only from below its own room.
var rooms = []string{
	"docs/figure", // a command that draws for the README
	"cmd/sim",
	"report",
	"papers",
	"experiment",
	"analysis",
	"montecarlo",
	"output",
	"scenarios",
	"agents",
	"market",
	"equilibrium",
	"equilibrium/poisson",
	"equilibrium/cournot",
	"equilibrium/closedform",
	"clock",
	"shocks/internal/ziggurat/generate", // a command that makes tables
	"shocks",
	"shocks/internal/ziggurat",
}

// floor is how far down a directory is; -1 for none of the rooms.
func floor(dir string) int {
	if dir == "internal/fixeddraws" { // for the tests of every room, helpers included
		return len(rooms) + 1
	}
	if strings.HasPrefix(dir, "internal/") {
		return len(rooms)
	}
	return slices.Index(rooms, dir)
}

func importsFromBelow(s *source) (found []string) {
	own := floor(s.dir())
	if own < 0 {
		return []string{fmt.Sprintf("%s: %q is no room; give it a place in rooms_test.go and in docs/ARCHITECTURE.md", s.name, s.dir())}
	}
	for _, spec := range s.ast.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		dir, ours := strings.CutPrefix(imported, module)
		if !ours || dir == s.dir() && s.test() {
			continue
		}
		if floor(dir) <= own {
			found = append(found, fmt.Sprintf("%s: %s may not import %s, which is not below it", s.at(spec.Pos()), s.dir(), dir))
		}
	}
	return found
}

func TestImportsPointDown(t *testing.T) {
	breaks(t, importsFromBelow, "market/x.go", `package market; import ("fmt"; "walras/shocks"; "walras/agents"; "walras/market"; "walras/new")`, 3)
	breaks(t, importsFromBelow, "internal/kernel/x.go", `package kernel; import "walras/internal/lyapunov"`, 1)
	breaks(t, importsFromBelow, "new/x.go", `package new`, 1)
	breaks(t, importsFromBelow, "market/x_test.go", `package market_test; import "walras/market"`, 0)
	apply(t, importsFromBelow)
}

// forbidden are packages that nothing below the command may import: they print,
// stop the process, or draw random numbers that nobody has keyed.
var forbidden = []string{"os/signal", "log", "log/slog", "math/rand"}

// calls that nothing below the command may make. Values of math/rand/v2 are
// made from a stream; its top-level functions draw from a hidden one.
var calls = map[string][]string{
	"os":           {"Exit", "Stdout", "Stderr", "Stdin"},
	"time":         {"Now", "Since", "Until"},
	"fmt":          {"Print", "Printf", "Println"},
	"math/rand/v2": {"ExpFloat64", "Float32", "Float64", "Int", "Int32", "Int32N", "Int64", "Int64N", "IntN", "N", "NormFloat64", "Perm", "Shuffle", "Uint", "Uint32", "Uint32N", "Uint64", "Uint64N", "UintN"},
}

func noSideEffects(s *source) (found []string) {
	// Tests may; the generator of tables is a command of its own.
	if s.test() || s.dir() == "cmd/sim" || s.ast.Name.Name == "main" {
		return nil
	}
	names := s.imports()
	for _, p := range names {
		if slices.Contains(forbidden, p) {
			found = append(found, fmt.Sprintf("%s: imports %s", s.name, p))
		}
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && slices.Contains(calls[names[x.Name]], n.Sel.Name) {
				found = append(found, fmt.Sprintf("%s: uses %s.%s", s.at(n.Pos()), x.Name, n.Sel.Name))
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "print" || f.Name == "println") {
				found = append(found, fmt.Sprintf("%s: calls %s", s.at(n.Pos()), f.Name))
			}
		}
		return true
	})
	return found
}

func TestNoSideEffectsBelowTheCommand(t *testing.T) {
	breaks(t, noSideEffects, "market/x.go", `package market; import ("log"; "math/rand"; "os/signal"; clock "time"; r "math/rand/v2"; "os"; "fmt")
		func f() { clock.Now(); r.IntN(3); r.New(nil); os.Exit(1); fmt.Println(); fmt.Sprint(); println() }`, 8)
	breaks(t, noSideEffects, "cmd/sim/x.go", `package main; import "os"; func f() { os.Exit(1) }`, 0)
	apply(t, noSideEffects)
}
