package output

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// What a run directory consists of. Files of other names are never touched.
const (
	manifestName = "manifest.json"
	reportName   = "report.html"
	plotsName    = "plots"
	partialName  = ".partial"
)

// tableNames are the tables of runs and sweeps; each is a file NAME.parquet or a
// folder of that name with part-*.parquet in it.
var tableNames = []string{"market", "agents", "events", "outcomes", "statistics", "checks", "sweep"}

// contract knows which names belong to a run directory.
type contract struct {
	folders []string // the names in the directory that a table may have
}

func newContract(more []string) contract {
	var c contract
	for _, t := range append(slices.Clone(tableNames), more...) {
		if strings.ContainsAny(t, `/\`) || !printable(t) {
			panic("output: table name is not a file name")
		}
		c.folders = append(c.folders, t+".parquet")
	}
	return c
}

// covers says whether name, with slashes, is that of a result file.
func (c contract) covers(name string) bool {
	folder, file := path.Split(name)
	switch {
	case folder == "":
		return file == reportName || slices.Contains(c.folders, file)
	case folder == plotsName+"/":
		return isPlot(file)
	}
	return slices.Contains(c.folders, strings.TrimSuffix(folder, "/")) && isPart(file)
}

func isPlot(file string) bool {
	ext := path.Ext(file)
	return (ext == ".svg" || ext == ".png") && safe(strings.TrimSuffix(file, ext))
}

func isPart(file string) bool {
	middle, ok := strings.CutPrefix(file, "part-")
	middle, isParquet := strings.CutSuffix(middle, ".parquet")
	return ok && isParquet && safe(middle)
}

// safe refuses names that a file system or a line of the digest could
// misunderstand.
func safe(s string) bool {
	return printable(s) && s[0] != '.' && !strings.ContainsAny(s, ` /\:"`)
}

// files lists the result files that stand in dir, with slashes, sorted.
// A link to a folder is not followed: what is in it belongs to somebody else.
func (c contract) files(dir string) []string {
	var found []string
	for _, name := range append([]string{reportName, plotsName}, c.folders...) {
		full := filepath.Join(dir, name)
		if !isDir(full) {
			if _, err := os.Lstat(full); err == nil && c.covers(name) {
				found = append(found, name)
			}
			continue
		}
		entries, _ := os.ReadDir(full)
		for _, e := range entries {
			if inner := name + "/" + e.Name(); c.covers(inner) && !e.IsDir() {
				found = append(found, inner)
			}
		}
	}
	slices.Sort(found)
	return found
}

// isResult says whether a file is part of what was computed, and so of the
// digest; reports and plots only show it.
func isResult(name string) bool {
	return name != reportName && !strings.HasPrefix(name, plotsName+"/")
}
