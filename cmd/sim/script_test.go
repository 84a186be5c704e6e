package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts call this test binary as sim.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sim": main})
}

// TestScripts runs testdata/script: what a user types, and what must come out.
// Besides testscript's own commands there are
//
//	exits N cmd args…       the command ends with exactly this status
//	replace FILE OLD NEW    edits a file; OLD must occur in it exactly once
//	holds DIR [path…]       the files under DIR are exactly these
//	refused N FILE [WANT]   check, solve and run all end with status N, print
//	                        nothing but WANT on standard error, leave no file
//	same DIR DIR            the two runs have the same result files, byte for byte
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                filepath.Join("testdata", "script"),
		RequireUniqueNames: true,
		Condition:          condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "replace": replace, "holds": holds, "refused": refused, "same": same,
		},
	})
}

// condition knows [root]: permissions stop everybody else.
func condition(name string) (bool, error) {
	if name != "root" {
		return false, fmt.Errorf("unknown condition %q", name)
	}
	return os.Geteuid() == 0, nil
}

// arguments refuses a script's line that cannot mean anything.
func arguments(ts *testscript.TestScript, neg, enough bool, usage string) {
	if neg || !enough {
		ts.Fatalf("usage: %s", usage)
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, len(args) >= 2, "exits N cmd args…")
	if got := status(ts, args[1:]); got != number(ts, args[0]) {
		ts.Fatalf("%s: exit status %d, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// status runs a command and returns its exit status.
func status(ts *testscript.TestScript, line []string) int {
	err := ts.Exec(line[0], line[1:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	ts.Check(err)
	return 0
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

func replace(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, len(args) == 3, "replace FILE OLD NEW")
	text := ts.ReadFile(args[0])
	if n := strings.Count(text, args[1]); n != 1 {
		ts.Fatalf("%q occurs %d times in %s", args[1], n, args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o644))
}

func holds(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, len(args) >= 1, "holds DIR [path…]")
	got, want := files(ts, ts.MkAbs(args[0])), args[1:]
	slices.Sort(want)
	if !slices.Equal(got, want) {
		ts.Fatalf("%s holds %q, want %q", args[0], got, want)
	}
}

// files lists what is under dir, with slashes, sorted; an empty directory
// counts as one entry that ends with a slash. A dir that is missing holds nothing.
func files(ts *testscript.TestScript, dir string) []string {
	var list []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		if e.Name() == ".tmp" {
			return filepath.SkipDir // testscript's own
		}
		name, err := filepath.Rel(dir, path)
		if e.IsDir() {
			inside, err := os.ReadDir(path)
			if err != nil || len(inside) > 0 {
				return err
			}
			name += "/"
		}
		list = append(list, filepath.ToSlash(name))
		return err
	})
	if !errors.Is(err, fs.ErrNotExist) {
		ts.Check(err)
	}
	slices.Sort(list)
	return list
}

func refused(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, len(args) == 2 || len(args) == 3, "refused N FILE [WANT]")
	want := ""
	if len(args) == 3 {
		want = ts.ReadFile(args[2])
	}
	before := files(ts, ts.MkAbs("."))
	for _, command := range []string{"check", "solve", "run"} {
		if got := status(ts, []string{"sim", command, args[1]}); got != number(ts, args[0]) {
			ts.Fatalf("sim %s %s: exit status %d, want %s", command, args[1], got, args[0])
		}
		if got := ts.ReadFile("stdout"); got != "" {
			ts.Fatalf("sim %s %s printed a result: %s", command, args[1], got)
		}
		if got := ts.ReadFile("stderr"); want != "" && got != want || got == "" {
			ts.Fatalf("sim %s %s said\n%swant\n%s", command, args[1], got, want)
		}
		if after := files(ts, ts.MkAbs(".")); !slices.Equal(before, after) {
			ts.Fatalf("sim %s %s left files behind: %q, before %q", command, args[1], after, before)
		}
	}
}

func same(ts *testscript.TestScript, neg bool, args []string) {
	arguments(ts, neg, len(args) == 2, "same DIR DIR")
	a, b := results(ts, args[0]), results(ts, args[1])
	if len(a) != 5 || len(b) != len(a) {
		ts.Fatalf("%d and %d result files, want 5", len(a), len(b))
	}
	for name, bytes := range a {
		if b[name] != bytes {
			ts.Fatalf("%s differs between %s and %s", name, args[0], args[1])
		}
	}
}

// results are the result files of a run directory, by name.
func results(ts *testscript.TestScript, dir string) map[string]string {
	found := make(map[string]string)
	for _, name := range files(ts, ts.MkAbs(dir)) {
		if strings.HasSuffix(name, ".parquet") {
			found[name] = ts.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		}
	}
	return found
}
