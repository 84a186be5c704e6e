package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"walras/internal/numeral"
	"walras/internal/picture"
	"walras/output"
	"walras/scenarios"
)

// Page is the name of the report in a directory.
const Page = "report.html"

// NoRunError is a place without a complete run or sweep.
type NoRunError struct{ Dir, Reason string }

// Error says what there should be.
func (e *NoRunError) Error() string {
	return e.Dir + " holds no complete run or sweep: " + e.Reason + "; give the directory that sim run or sim sweep has written"
}

// Write makes the report of a directory and returns the place of the page.
func Write(dir string) (string, error) {
	p, figures, err := Make(dir)
	if err != nil {
		return "", err
	}
	files, err := plots(figures)
	if err != nil {
		return "", err
	}
	files[Page] = p
	return filepath.Join(dir, Page), output.Illustrate(dir, files)
}

// Plots makes the plots of a directory alone, and tells how many figures there are.
func Plots(dir string) (int, error) {
	_, figures, err := Make(dir)
	if err != nil || len(figures) == 0 {
		return 0, err
	}
	files, err := plots(figures)
	if err != nil {
		return 0, err
	}
	return len(figures), output.Illustrate(dir, files)
}

// plots are the files of figures, each as SVG and as PNG.
func plots(figures []*picture.Figure) (map[string][]byte, error) {
	files := make(map[string][]byte)
	for _, f := range figures {
		name := "plots/" + f.Name
		var err error
		if files[name+".svg"], err = f.File(); err != nil {
			return nil, err
		}
		if files[name+".png"], err = f.PNG(); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// Make is the page of a directory and the figures on it; nothing is written.
func Make(dir string) ([]byte, []*picture.Figure, error) {
	d, err := load(dir)
	if err != nil {
		return nil, nil, err
	}
	p := &page{Title: d.scenario.Title, Name: d.scenario.Name}
	build := d.run
	if _, swept := d.find("sweep"); swept {
		build = d.sweep
	}
	if err := build(p); err != nil {
		return nil, nil, err
	}
	text, err := p.render()
	return text, d.figures, err
}

// directory is what a report is made of.
type directory struct {
	dir      string
	manifest *output.Manifest
	scenario *scenarios.Scenario
	figures  []*picture.Figure // all that were drawn
}

// load reads what the manifest says, and holds the files against it: a page shows
// nothing but what the run has written.
func load(dir string) (*directory, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, &NoRunError{dir, "it is a file"}
	}
	m, err := output.ReadManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &NoRunError{dir, "there is no manifest.json"}
	}
	if err != nil {
		return nil, err
	}
	if m.Status == "" || len(m.Scenario) == 0 {
		return nil, &NoRunError{dir, "its manifest.json has no status or no scenario"}
	}
	if err := output.Verify(dir); err != nil {
		return nil, fmt.Errorf("the results are not those that the run has written; run it again: %w", err)
	}
	s, err := scenarios.Load("-", scenarios.Options{Stdin: bytes.NewReader(m.Scenario)})
	var problems scenarios.Problems
	if errors.As(err, &problems) {
		for i := range problems {
			problems[i].File = filepath.Join(dir, "manifest.json") + " (scenario)"
		}
		return nil, problems
	}
	return &directory{dir: dir, manifest: m, scenario: s}, err
}

// run is the report of a run.
func (d *directory) run(p *page) error {
	s := d.scenario
	p.Lead = fmt.Sprintf("Run of %s", s.Name)
	statistics, err := d.readStatistics("statistics", "statistic")
	if err != nil {
		return err
	}
	checks, err := d.readStatistics("checks", "check")
	if err != nil {
		return err
	}
	scenario, err := d.scenarioPart()
	if err != nil {
		return err
	}
	equilibrium, err := d.equilibriumPart()
	if err != nil {
		return err
	}
	verdict := d.verdictPart(p, statistics, checks)
	plots, err := d.plotParts(statistics)
	if err != nil {
		return err
	}
	p.Parts = append([]part{scenario, equilibrium, verdict}, plots...)
	p.Parts = append(p.Parts, d.deviationPart(), d.provenancePart("run"))
	return nil
}

// draw turns figures into what the page shows, and keeps them for the files.
func (d *directory) draw(list ...*picture.Figure) ([]drawn, error) {
	var out []drawn
	for _, f := range list {
		if f == nil {
			continue
		}
		svg, err := f.SVG()
		if err != nil {
			return nil, err
		}
		d.figures = append(d.figures, f)
		out = append(out, drawn{Title: f.Title, Words: f.Words, Name: f.Name, SVG: htmlOf(svg)})
	}
	return out, nil
}

// environment is what the manifest says of the execution.
type environment struct {
	Host     string  `json:"host"`
	Cores    int     `json:"cores"`
	Workers  int     `json:"workers"`
	Seconds  float64 `json:"seconds"`
	Finished string  `json:"finished"`
	Command  string  `json:"command"`
}

// resolved takes the scenario out of the manifest, for a command on the next line.
const resolved = "jq -c .scenario manifest.json > scenario.json\n"

// provenancePart says where the numbers come from, and how to have them again.
func (d *directory) provenancePart(verb string) part {
	m := d.manifest
	var e environment
	if json.Unmarshal(m.Environment, &e) != nil {
		e = environment{} // somebody else's
	}
	t := table{Caption: "Where the numbers come from"}
	add := func(name, value string) {
		if value != "" {
			t.Rows = append(t.Rows, []cell{{Text: name}, {Text: value}})
		}
	}
	add("version", "walras "+m.Walras)
	add("seed", fmt.Sprint(m.Seed))
	add("digest of the results", m.Digest)
	add("finished", e.Finished)
	if e.Seconds > 0 {
		add("took", fmt.Sprintf("%g s on %s, %s", e.Seconds, numeral.Counted(int64(e.Workers), "worker"), numeral.Counted(int64(e.Cores), "core")))
	}
	add("made with", fmt.Sprintf("%s, %s", m.Versions["go"], m.Versions["platform"]))
	p := part{ID: "provenance", Title: "Provenance", Tables: []table{t, filesTable(m)}}
	if e.Command != "" {
		p.Code = append(p.Code, code{"It was made by this command:", e.Command})
	}
	p.Code = append(p.Code, code{"The manifest holds the scenario with everything filled in. The same results, wherever the scenario file has gone:", resolved + "sim " + verb + " scenario.json"})
	var b bytes.Buffer
	if json.Indent(&b, m.Scenario, "", "  ") == nil {
		p.Folds = append(p.Folds, fold{Summary: "The resolved scenario", Code: b.String()})
	}
	return p
}
