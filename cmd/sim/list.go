package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"walras/analysis"
	"walras/scenarios"
)

// version of the program; the results of a run name it.
const version = "0.1.0"

func newList(io streams) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List the built-in scenarios", Args: cobra.NoArgs,
		Long:    "List the built-in scenarios with a line each. sim init NAME writes a commented copy of one.",
		Example: "  sim list\n  sim list --json",
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return printJSON(io.out, listJSON())
			}
			w := tabwriter.NewWriter(io.out, 0, 0, 3, ' ', 0)
			for _, info := range scenarios.Names() {
				fmt.Fprintf(w, "%s\t%s\n", info.Name, info.Title)
			}
			return w.Flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// entry is a built-in scenario as `list --json` prints it.
type entry struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Market string `json:"market"`
}

func listJSON() []entry {
	var list []entry
	for _, info := range scenarios.Names() {
		list = append(list, entry(info))
	}
	return list
}

func newSchema(io streams) *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of scenario files", Args: cobra.NoArgs,
		Long:    "Print the JSON Schema of scenario files, with which editors complete and explain keys.",
		Example: "  sim schema > walras.schema.json\n  sim schema | head -n 12",
		RunE: func(*cobra.Command, []string) error {
			text, err := scenarios.Schema()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(io.out, "%s\n", text)
			return err
		},
	}
}

func newVersion(io streams) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print version, Go version and platform", Args: cobra.NoArgs,
		Long:    "Print version, Go version and platform. Results depend on scenario, seed and version alone.",
		Example: "  sim version\n  sim version | cut -d ' ' -f 2",
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(io.out, versionLine())
			return err
		},
	}
}

func versionLine() string {
	return fmt.Sprintf("walras %s %s %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// printJSON prints a value as indented JSON. A number that JSON cannot write left
// the range of numbers: what was computed cannot be told.
func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	var infinite *json.UnsupportedValueError
	if errors.As(err, &infinite) {
		return &analysis.NotFiniteError{Statistic: "a number of the result"}
	}
	return err
}
