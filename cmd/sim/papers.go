package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"walras/papers"
)

// checkPapers is `sim verify --papers`: what the sources print beside what is
// computed. Names are sources or errata; none is all.
func (f *verifyFlags) checkPapers(c *cobra.Command, names []string, io streams) error {
	for _, flag := range []string{"paths", "seed", "set"} {
		if c.Flags().Changed(flag) {
			return usage("--" + flag + " is for scenarios; what the papers print is verified with its own")
		}
	}
	if f.asJSON && f.markdown {
		return usage("--json and --markdown both say how to print; give one of them")
	}
	if f.out != "" && !strings.HasSuffix(f.out, ".parquet") {
		return usage(fmt.Sprintf("--out is %q, and the table is written as Parquet: end its name in .parquet", f.out))
	}
	list, err := papers.Check(c.Context(), f.cores(), names...)
	var unknown *papers.NameError
	if errors.As(err, &unknown) {
		return usage(err.Error())
	}
	if errors.Is(err, context.Canceled) {
		return &interruptedError{"interrupted; nothing was written"}
	}
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := papers.Write(f.out, list, version); err != nil {
			return err
		}
	}
	switch {
	case f.quiet:
	case f.asJSON:
		err = printJSON(io.out, paperRows(list))
	case f.markdown:
		_, err = fmt.Fprint(io.out, papers.Markdown(list))
	default:
		err = printPapers(io.out, list)
	}
	if err != nil {
		return err
	}
	if n := papers.Counts(list)[papers.Fail]; n > 0 {
		return &failedError{fmt.Sprintf("%d of %d entries fail: a difference without an erratum, an erratum without a difference, or a simulation that strays", n, len(list))}
	}
	return nil
}

// printPapers prints a table for each source and market, and the errata that are
// needed.
func printPapers(w io.Writer, list []papers.Entry) error {
	var needed []string
	t := &table{}
	flush := func() error {
		err := t.print(w, "  ")
		t = &table{}
		return err
	}
	for i, e := range list {
		source := i == 0 || e.Source != list[i-1].Source
		if source || e.Market != list[i-1].Market {
			if err := flush(); err != nil {
				return err
			}
			if source {
				fmt.Fprintf(w, "\n%s\n", papers.Titles[e.Source])
			}
			if e.Market != "" {
				fmt.Fprintf(w, "\n  %s\n", e.Market)
			}
			fmt.Fprintln(w)
			t.add(append([]string{""}, papers.Columns...)...)
		}
		t.add(append([]string{e.Place + ", " + e.What}, e.Cells()...)...)
		if e.Erratum != "" && !slices.Contains(needed, e.Erratum) {
			needed = append(needed, e.Erratum)
		}
	}
	if err := flush(); err != nil {
		return err
	}
	if len(needed) > 0 {
		fmt.Fprint(w, "\nerrata, with evidence in docs/errata.md\n\n")
		for _, c := range papers.Errata {
			if slices.Contains(needed, c.ID) {
				fmt.Fprintf(w, "  %-8s%s\n", c.ID, c.Sentence)
			}
		}
	}
	_, err := fmt.Fprintf(w, "\n%s\n", papers.Summary(list))
	return err
}

// paperRow is an entry in JSON; what does not exist is null or left out.
type paperRow struct {
	Source     string   `json:"source"`
	Place      string   `json:"place"`
	Market     string   `json:"market,omitempty"`
	What       string   `json:"what"`
	Kind       string   `json:"kind"`
	Printed    string   `json:"printed"`
	Reference  *float64 `json:"reference"`
	Computed   *float64 `json:"computed"`
	Played     *float64 `json:"played"`
	Simulated  *float64 `json:"simulated"`
	StdError   *float64 `json:"std_error"`
	Difference *float64 `json:"difference"`
	Verdict    string   `json:"verdict"`
	Erratum    string   `json:"erratum,omitempty"`
}

func paperRows(list []papers.Entry) []paperRow {
	rows := make([]paperRow, len(list))
	for i, e := range list {
		rows[i] = paperRow{
			Source: e.Source, Place: e.Place, Market: e.Market, What: e.What, Kind: string(e.Kind), Printed: e.Printed,
			Reference: orNull(e.Reference), Computed: orNull(e.Computed), Played: orNull(e.Played), Simulated: orNull(e.Simulated), StdError: orNull(e.StdError),
			Difference: orNull(e.Difference), Verdict: string(e.Verdict), Erratum: e.Erratum,
		}
	}
	return rows
}

// completePapers completes sources and errata.
func completePapers() (list []string) {
	for _, source := range papers.Sources() {
		list = append(list, source+"\t"+papers.Titles[source])
	}
	for _, c := range papers.Errata {
		list = append(list, c.ID+"\t"+strings.TrimSuffix(c.Sentence, "."))
	}
	return list
}
