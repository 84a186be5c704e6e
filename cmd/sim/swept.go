package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"time"

	"walras/experiment"
)

// shownPoints is the largest number of rows of a sweep that are printed; of more
// the first and the last are.
const shownPoints = 40

// printSwept prints the table of a sweep, as much of it as people read.
func printSwept(w io.Writer, r *experiment.Sweep, elapsed time.Duration) error {
	s := r.Scenario
	fmt.Fprintf(w, "%s   %s, sweep of %s     %s     %.1f s\n\n", s.Name, marketWords(s.Market), plural(len(r.Rows), "point"), sweptWords(r), elapsed.Seconds())
	bad := r.Solved() < len(r.Rows)
	shown := min(widest, len(r.Names))
	t := &table{}
	head := append([]string{}, r.Keys...)
	if bad {
		head = append(head, "status")
	}
	if r.Simulated {
		head = append(head, "largest |z|", "passed")
	}
	t.add(append(head, r.Names[:shown]...)...)
	for i, row := range r.Rows {
		if len(r.Rows) > shownPoints && i >= shownPoints/2 && i < len(r.Rows)-shownPoints/2 {
			if i == shownPoints/2 {
				t.add("…")
			}
			continue
		}
		t.add(sweptCells(r, row, bad, shown)...)
	}
	if err := t.print(w, "  "); err != nil {
		return err
	}
	if hidden := len(r.Rows) - shownPoints; hidden > 0 {
		fmt.Fprintf(w, "  … %s between in the file\n", plural(hidden, "point"))
	}
	if hidden := len(r.Names) - shown; hidden > 0 {
		fmt.Fprintf(w, "  … and %s more in the file\n", plural(hidden, "column"))
	}
	fmt.Fprintln(w)
	if r.Simulated {
		word := "passed"
		if !r.Passed {
			word = "FAILED"
		}
		fmt.Fprintf(w, "%s, largest |z| %.1f, allowed %.1f: %s\n", plural(r.Checks, "check"), r.Largest, r.Allowed, word)
	}
	file := filepath.ToSlash(filepath.Join(r.Directory, "sweep.parquet"))
	_, err := fmt.Fprintf(w, "%s (digest %s); open with pd.read_parquet(%q)\n", r.Directory, short(r.Manifest.Digest), file)
	return err
}

// sweptCells are a row of the printed table.
func sweptCells(r *experiment.Sweep, row experiment.SweepRow, bad bool, shown int) []string {
	var cells []string
	for _, setting := range row.Point {
		cells = append(cells, setting.Value.String())
	}
	if bad {
		cells = append(cells, row.Status)
	}
	if r.Simulated {
		z, passed := "", ""
		if row.Judged {
			z, passed = strconv.FormatFloat(row.Largest, 'f', 1, 64), experiment.Yes(row.Passed)
		}
		cells = append(cells, z, passed)
	}
	for _, v := range row.Values[:shown] {
		cells = append(cells, brief(v))
	}
	return cells
}

// sweptJSON is a sweep as `sweep --json` prints it.
type sweptJSON struct {
	Scenario  string       `json:"scenario"`
	Market    string       `json:"market"`
	Directory string       `json:"directory"`
	Digest    string       `json:"digest"`
	Passed    bool         `json:"passed"`
	Rows      []orderedMap `json:"rows"` // with the columns of sweep.parquet
}

func printSweptJSON(w io.Writer, r *experiment.Sweep) error {
	out := sweptJSON{Scenario: r.Scenario.Name, Market: r.Scenario.Market, Directory: r.Directory, Digest: r.Manifest.Digest, Passed: r.Passed}
	for i, row := range r.Rows {
		var m orderedMap
		m.add("point", i)
		for j, setting := range row.Point {
			if setting.Value.Word != "" {
				m.add(r.Keys[j], setting.Value.Word)
			} else {
				m.add(r.Keys[j], setting.Value.Number)
			}
		}
		m.add("status", row.Status)
		m.add("message", orAbsent(row.Message, row.Message != ""))
		if r.Simulated {
			m.add("checks", orAbsent(row.Checks, row.Judged))
			m.add("largest_z", orAbsent(row.Largest, row.Judged))
			m.add("passed", orAbsent(row.Passed, row.Judged))
		}
		for j, v := range row.Values {
			m.add(r.Names[j], orAbsent(v, !math.IsNaN(v)))
		}
		out.Rows = append(out.Rows, m)
	}
	return printJSON(w, out)
}

// orAbsent is null for what there is not.
func orAbsent(v any, there bool) any {
	if !there {
		return nil
	}
	return v
}

// orderedMap is a JSON object whose keys keep their order.
type orderedMap struct {
	keys   []string
	values []any
}

func (m *orderedMap) add(key string, value any) {
	m.keys, m.values = append(m.keys, key), append(m.values, value)
}

// MarshalJSON writes the keys in the order in which they were added.
func (m orderedMap) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, key := range m.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.values[i])
		if err != nil {
			return nil, err
		}
		b.Write(append(append(name, ':'), value...))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
