package output

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Publish makes the run complete. The manifest's files are those that were
// created here; rows that m.Files gives are taken over, and a digest that m
// gives must be theirs. Then, in this order: the manifest is laid down in
// .partial, from where a later Resume would finish the work; the old manifest
// is removed; old result files without a successor are removed; the new ones
// are moved into place; the manifest is; .partial is removed.
func (d *Directory) Publish(m Manifest) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.usable(); err != nil {
		return err
	}
	if err := d.fill(&m); err != nil {
		return err
	}
	if err := d.precheck(m.Files); err != nil {
		return err
	}
	text, err := m.encode()
	if err != nil {
		return err
	}
	for folder := range folders(m.Files) {
		if err := d.disk.syncDir(d.result(folder)); err != nil {
			return err
		}
	}
	if err := d.disk.replace(d.partial(intentName), d.partial(temporaryName), text); err != nil {
		// The name may be there although its directory was not synced.
		_ = d.disk.remove(d.partial(intentName))
		return err
	}
	d.intent = true
	return d.finishPublishing()
}

// fill completes the manifest.
func (d *Directory) fill(m *Manifest) error {
	given := map[string]FileInfo{}
	for _, f := range m.Files {
		given[f.Name] = f
	}
	m.Files = nil
	for name, f := range d.files {
		switch f.state {
		case fileOpen:
			return fmt.Errorf("output: %q is not closed", name)
		case fileDropped:
			continue
		}
		info := f.info
		if g, ok := given[name]; ok {
			delete(given, name)
			if g.Rows != 0 {
				info.Rows = g.Rows
			}
			if g.SHA256 != "" && g.SHA256 != info.SHA256 || g.Bytes != 0 && g.Bytes != info.Bytes {
				return fmt.Errorf("output: %q is not what the manifest says", name)
			}
		}
		m.Files = append(m.Files, info)
	}
	for name := range given {
		return fmt.Errorf("output: %q is in the manifest but was not created", name)
	}
	slices.SortFunc(m.Files, func(a, b FileInfo) int { return strings.Compare(a.Name, b.Name) })
	m.Status, m.Identity = "complete", checksum(d.identity)
	digest := Digest(m.Scenario, m.Files)
	if m.Digest != "" && m.Digest != digest {
		return fmt.Errorf("output: digest %s is not that of the results, %s", m.Digest, digest)
	}
	m.Digest = digest
	return nil
}

// folders returns the folders in which files stand, "." among them.
func folders(files []FileInfo) map[string]bool {
	f := map[string]bool{".": true}
	for _, info := range files {
		f[path.Dir(info.Name)] = true
	}
	return f
}

// precheck finds, before anything is moved, what would stop the moving half
// way: a folder that is somebody else's where a file must go, or the reverse.
func (d *Directory) precheck(files []FileInfo) error {
	for _, f := range files {
		place := filepath.Join(d.path, filepath.FromSlash(f.Name))
		if folder := path.Dir(f.Name); folder != "." {
			full := filepath.Join(d.path, folder)
			if exists(full) && !isDir(full) && !d.contract.covers(folder) {
				return &Error{"publish", full, errors.New("not a directory")}
			}
		}
		if !isDir(place) {
			continue
		}
		entries, err := os.ReadDir(place)
		if err != nil {
			return fail("publish", place, err)
		}
		for _, e := range entries {
			if e.IsDir() || !d.contract.covers(f.Name+"/"+e.Name()) {
				return &Error{"publish", place, fmt.Errorf("a directory with %q in it, which is not a result", e.Name())}
			}
		}
	}
	return nil
}

// finishPublishing moves results into place. Every step may be the last one
// before the machine stops: done again from the start, it leads to the same
// end. The caller holds the lock and the intent.
func (d *Directory) finishPublishing() error {
	text, m, err := readManifest(d.partial(intentName))
	if err != nil {
		return err
	}
	if err := d.removeOld(m.Files); err != nil {
		return err
	}
	for _, f := range m.Files {
		if err := d.move(f); err != nil {
			return err
		}
	}
	for folder := range folders(m.Files) {
		if err := d.disk.syncDir(filepath.Join(d.path, folder)); err != nil {
			return err
		}
	}
	if err := d.disk.replace(filepath.Join(d.path, manifestName), d.partial(temporaryName), text); err != nil {
		return err
	}
	d.complete, d.intent = true, false
	// The run is complete: what cannot be removed now, the next Open removes.
	_ = d.clear()
	return nil
}

// removeOld removes the old manifest, durably, before the files it speaks of,
// and then those that get no successor.
func (d *Directory) removeOld(files []FileInfo) error {
	if err := d.disk.remove(filepath.Join(d.path, manifestName)); err != nil {
		return err
	}
	if err := d.disk.syncDir(d.path); err != nil {
		return err
	}
	next := map[string]bool{}
	for _, f := range files {
		next[f.Name] = true
	}
	for _, name := range d.contract.files(d.path) {
		if next[name] {
			continue
		}
		if err := d.disk.remove(filepath.Join(d.path, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return d.removeFolders(folders(files))
}

// removeFolders removes the folders of results that are empty now, except the
// ones in use.
func (d *Directory) removeFolders(used map[string]bool) error {
	for _, name := range append([]string{plotsName}, d.contract.folders...) {
		full := filepath.Join(d.path, name)
		if used[name] || !isDir(full) {
			continue
		}
		if entries, err := os.ReadDir(full); err != nil || len(entries) > 0 {
			continue // somebody's files
		}
		if err := d.disk.remove(full); err != nil {
			return err
		}
	}
	return nil
}

// move puts one result into place, or finds it there.
func (d *Directory) move(f FileInfo) error {
	from, to := d.result(f.Name), filepath.Join(d.path, filepath.FromSlash(f.Name))
	if !d.contract.covers(f.Name) {
		return &Error{"publish", to, errors.New("not a result file")}
	}
	if !isFile(from) {
		if !isFile(to) || verifyFile(d.path, f) != nil { // perhaps an old one
			return &Error{"publish", from, os.ErrNotExist}
		}
		return nil
	}
	if folder := path.Dir(f.Name); folder != "." {
		if err := d.disk.mkdir(filepath.Join(d.path, folder)); err != nil {
			return err
		}
	}
	return d.disk.rename(from, to)
}
