package papers

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"walras/internal/numeral"
	"walras/output"
)

// Columns head the numbers of an entry.
var Columns = []string{"printed", "computed", "at ticks", "simulated", "± s.e.", "difference", "verdict"}

// Cells are an entry below the Columns, empty where there is no number. At ticks is
// what is computed for the game that is simulated, if that is another.
func (e Entry) Cells() []string {
	computed, simulated, stdError, difference := e.numbers()
	ticks := ""
	if e.allowed > 0 {
		ticks = e.digits(e.Played)
	}
	return []string{e.printed(), computed, ticks, simulated, stdError, difference, e.outcome()}
}

// numbers are what is computed, simulated and its standard error, and the difference.
func (e Entry) numbers() (computed, simulated, stdError, difference string) {
	computed = e.digits(e.Computed)
	if !math.IsNaN(e.Simulated) {
		simulated, stdError = e.digits(e.Simulated), "0"
		if e.StdError > 0 {
			d := numeral.Decimals(e.StdError)
			simulated, stdError = numeral.Fixed(e.Simulated, d), numeral.Fixed(e.StdError, d)
		}
	}
	switch {
	case math.IsNaN(e.Difference):
	case e.Kind == Formula && e.compare() == Pass:
		difference = "0"
	default:
		difference = strconv.FormatFloat(e.Difference, 'g', 2, 64)
	}
	return computed, simulated, stdError, difference
}

// printed is what is printed, of a formula with its value.
func (e Entry) printed() string {
	if value := e.digits(e.Reference); e.Kind == Formula && value != e.Printed {
		return e.Printed + " = " + value
	}
	return e.Printed
}

// digits writes a number with two digits more than are printed, else with six.
func (e Entry) digits(v float64) string {
	switch {
	case math.IsNaN(v):
		return ""
	case math.Abs(v) < 1e-9: // rounding errors, which are not the same everywhere
		return "0"
	case e.Kind == Number:
		_, fraction, _ := strings.Cut(e.Printed, ".")
		return strconv.FormatFloat(v, 'f', len(fraction)+2, 64)
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// Titles name the sources.
var Titles = map[string]string{
	SS:   "Sannikov & Skrzypacz, Dynamic Trading: Price Inertia and Front-Running",
	CMZ:  "Capponi, Menkveld & Zhang (2023), Large Orders in Small Markets",
	Talk: "Capponi, Menkveld & Zhang, slides of September 2019",
}

// Markdown is the page docs/papers.md.
func Markdown(list []Entry) string {
	var b strings.Builder
	b.WriteString(`# What the papers print

Every number, formula and claim of the three sources that the models can produce,
beside what this program computes and, where a simulation can measure it, simulates.
Made by

    sim verify --papers --markdown > docs/papers.md

A printed number passes within half a unit of its last digit; within one unit it is
*truncated*. A formula passes if it gives what is computed, a claim if what is computed
bears it out. What differs by more names its erratum, see [errata.md](errata.md).
What a simulation measures is part of the verdict: an entry fails, whatever is printed,
if its estimate is more than ` + strconv.Itoa(Strays) + ` standard errors from what is computed for the game that is
played, or by more than rounding where the standard error is 0, which means that nothing
in it is random. Mostly that game is the one in question. Where it is played at ticks and
the one in question in continuous time, *at ticks* is the exact value of the former, and
it may differ from the latter by as much as the quantity changes in one step. Simulations
have the seed ` + strconv.Itoa(Seed) + `. Of entries without an estimate, print and computation are compared.

`)
	b.WriteString(Summary(list) + "\n")
	source, market := "", ""
	for i, e := range list {
		first := i == 0 || e.Source != source
		if first {
			fmt.Fprintf(&b, "\n## %s\n", Titles[e.Source])
		}
		if first || e.Market != market {
			if e.Market != "" {
				fmt.Fprintf(&b, "\nIn the market: %s.\n", e.Market)
			}
			b.WriteString("\n| place | what | " + strings.Join(Columns, " | ") + " |\n|---|---|---|---:|---:|---:|---:|---:|---|\n")
		}
		source, market = e.Source, e.Market
		row := append([]string{e.Place, e.What}, e.Cells()...)
		b.WriteString("| " + plain.Replace(strings.Join(row, " | ")) + " |\n")
	}
	return b.String()
}

// plain keeps Markdown from reading f* as emphasis.
var plain = strings.NewReplacer("*", `\*`)

// outcome is the verdict with the erratum that it needs.
func (e Entry) outcome() string {
	if e.Erratum == "" {
		return string(e.Verdict)
	}
	return string(e.Verdict) + " " + e.Erratum
}

// Summary counts verdicts in a sentence.
func Summary(list []Entry) string {
	n := Counts(list)
	return fmt.Sprintf("%d entries: %d pass, %d truncated, %d explained by an erratum, %d fail.", len(list), n[Pass], n[Truncated], n[Erratum], n[Fail])
}

// Write writes the entries as a Parquet file, whole or not at all.
func Write(path string, list []Entry, version string) error {
	schema := output.Schema{
		{Name: "source", Kind: output.Name}, {Name: "place", Kind: output.Name}, {Name: "market", Kind: output.Name},
		{Name: "what", Kind: output.Name}, {Name: "kind", Kind: output.Name}, {Name: "printed", Kind: output.Name},
	}
	for _, name := range []string{"reference", "computed", "played", "simulated", "std_error", "difference"} {
		schema = append(schema, output.Column{Name: name, Kind: output.Float64, Nullable: true})
	}
	schema = append(schema, output.Column{Name: "verdict", Kind: output.Name}, output.Column{Name: "erratum", Kind: output.Name, Nullable: true})
	meta := map[string]string{"walras.format": "1", "walras.version": version, "walras.seed": strconv.Itoa(Seed)}
	return output.WriteTable(path, schema, meta, func(t *output.Table) error {
		batch := t.Batch()
		for _, e := range list {
			for i, text := range []string{e.Source, e.Place, e.Market, e.What, string(e.Kind), e.Printed} {
				batch.Name(i, text)
			}
			for i, v := range []float64{e.Reference, e.Computed, e.Played, e.Simulated, e.StdError, e.Difference} {
				batch.FloatOrNull(6+i, v, !math.IsNaN(v))
			}
			batch.Name(12, string(e.Verdict))
			if e.Erratum == "" {
				batch.Null(13)
			} else {
				batch.Name(13, e.Erratum)
			}
		}
		return t.Write(batch)
	})
}
