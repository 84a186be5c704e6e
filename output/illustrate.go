package output

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Illustrate puts a report and its plots beside the results of a complete run: the
// files of the given names, with slashes, which are report.html, plots/*.svg and
// plots/*.png. Each appears whole or not at all, report.html after what it may speak
// of; those of an earlier report that have no successor are removed. The manifest
// stays as it is, and so do the files that it lists. Where there is none, the error is
// that of [ReadManifest]; while another process works in the directory, a *BusyError.
func Illustrate(dir string, files map[string][]byte) error {
	return illustrate(disk{}, dir, files)
}

func illustrate(k disk, dir string, files map[string][]byte) error {
	names := slices.Sorted(maps.Keys(files)) // plots/… before report.html
	for _, name := range names {
		if isResult(name) || !newContract(nil).covers(name) {
			return fmt.Errorf("output: %q is no file of a report", name)
		}
	}
	m, err := ReadManifest(dir)
	if err != nil {
		return err
	}
	kept := make(map[string]bool)
	for _, f := range m.Files {
		if kept[f.Name] = true; files[f.Name] != nil {
			return &Error{"write", filepath.Join(dir, f.Name), errors.New("the run itself has written a file of this name")}
		}
	}
	d := &Directory{disk: k, path: filepath.Clean(dir), contract: newContract(nil)}
	if s, err := inspect(d.path); err != nil {
		return err
	} else if s.intent { // its results are not all in place
		return &BusyError{Dir: d.path}
	}
	if err := d.disk.mkdir(d.partial()); err != nil {
		return err
	}
	d.entered = true
	defer d.retreat()
	if err := d.acquire(); err != nil {
		return err
	}
	for _, name := range names {
		if folder := path.Dir(name); folder != "." {
			if err := d.disk.mkdir(filepath.Join(d.path, folder)); err != nil {
				return err
			}
		}
		place := filepath.Join(d.path, filepath.FromSlash(name))
		if err := d.disk.replace(place, d.partial(temporaryName), files[name]); err != nil {
			return err
		}
	}
	for _, name := range names {
		kept[name] = true
	}
	return d.removeOldPlots(kept)
}

// removeOldPlots removes what an earlier report has left.
func (d *Directory) removeOldPlots(kept map[string]bool) error {
	for _, name := range d.contract.files(d.path) {
		if kept[name] || !strings.HasPrefix(name, plotsName+"/") {
			continue
		}
		if err := d.disk.remove(filepath.Join(d.path, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	plots := filepath.Join(d.path, plotsName)
	if entries, err := os.ReadDir(plots); err == nil && isDir(plots) && len(entries) == 0 {
		return d.disk.remove(plots)
	}
	return nil
}
