package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"walras/output"
	"walras/scenarios"
)

func newCheck(io streams) *cobra.Command {
	var f source
	c := &cobra.Command{
		Use: "check FILE...", Short: "Validate scenario files: every problem at once", Args: cobra.MinimumNArgs(1),
		Long: `Validate scenario files and nothing else. Every problem is printed with
file:line:column, the offending value and what is allowed. - reads standard
input. Whether an equilibrium exists is a question for sim solve. Overrides are
those of sim solve and sim run, and apply to every file.`,
		Example: `  sim check mine.yaml
  sim check scenarios/*.yaml
  sim check stealth --set agents.fund.duration.erlang=2
  cat mine.yaml | sim check -`,
		RunE: func(c *cobra.Command, args []string) error {
			var all scenarios.Problems
			for _, name := range args {
				s, err := f.load(c, name, io)
				var problems scenarios.Problems
				switch {
				case errors.As(err, &problems):
					all = appendNew(all, problems)
				case err != nil:
					return err
				default:
					fmt.Fprintf(io.out, "%s: ok (%s: %s)\n", name, s.Name, s.Title)
				}
			}
			if len(all) > 0 {
				return all
			}
			return nil
		},
	}
	f.add(c, false)
	c.ValidArgsFunction = completeFiles
	return c
}

// appendNew appends the problems that are not listed yet: those of an override are the
// same in every file.
func appendNew(all, found scenarios.Problems) scenarios.Problems {
	for _, p := range found {
		if !slices.ContainsFunc(all, func(q scenarios.Problem) bool { return q.String() == p.String() }) {
			all = append(all, p)
		}
	}
	return all
}

func newInit(io streams) *cobra.Command {
	return &cobra.Command{
		Use: "init NAME [FILE]", Short: "Write a commented copy of a built-in scenario", Args: cobra.RangeArgs(1, 2),
		Long: `Write a commented copy of a built-in scenario to start from: to FILE, or to
NAME.yaml; - is standard output. A file that exists is never overwritten. The copy takes its name,
and so its run directory, from FILE.`,
		Example:           "  sim init five-traders\n  sim init front-running mine.yaml",
		ValidArgsFunction: completeInit,
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := scenarios.Source(args[0])
			if err != nil {
				return err
			}
			file := args[0] + ".yaml"
			if len(args) > 1 {
				file = args[1]
				text = rename(text, file)
			}
			if file == "-" {
				_, err := io.out.Write(text)
				return err
			}
			if err := writeNew(file, text); err != nil {
				return err
			}
			fmt.Fprintf(io.err, "%s written; edit it, then: sim run %s\n", file, file)
			return nil
		},
	}
}

var nameLine = regexp.MustCompile(`(?m)^name:.*$`)

// rename gives the copy the name of its file, where that is a plain word.
func rename(text []byte, file string) []byte {
	base := filepath.Base(file)
	base = strings.TrimSuffix(base, filepath.Ext(base))
	if !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`).MatchString(base) {
		return text
	}
	if regexp.MustCompile(`^[0-9.+-]+$|^(?i:true|false|null|yes|no|on|off)$`).MatchString(base) {
		base = `"` + base + `"`
	}
	return nameLine.ReplaceAllLiteral(text, []byte("name: "+base))
}

// writeNew writes a file that must not exist yet.
func writeNew(file string, text []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return usage(fmt.Sprintf("%s exists and is not overwritten; give another name: sim init NAME FILE", file))
	}
	if err != nil {
		return &output.Error{Op: "create", Path: file, Err: err}
	}
	_, err = f.Write(text)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return errors.Join(&output.Error{Op: "write", Path: file, Err: err}, os.Remove(file))
	}
	return nil
}
