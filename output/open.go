package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// What stands in .partial. The identity file makes it that of a run; without
// one, what is left there belongs to nobody, and is cleared away.
const (
	identityName  = "identity"
	intentName    = "publish.json" // the manifest: results are complete, moving has begun
	lockName      = "lock"
	segmentsName  = "segments"
	resultsName   = "results"
	temporaryName = "temporary"
)

var partialNames = []string{identityName, intentName, lockName, lockName + ".held", segmentsName, resultsName, temporaryName}

// enter decides, takes the lock, and decides again, as another process may
// have been faster.
func (d *Directory) enter(o OpenOptions) (decision, error) {
	s, err := inspect(d.path)
	if err != nil {
		return 0, err
	}
	if s.identity == nil { // else look first whether somebody is at work
		what, err := s.decide(d.path, d.identity, o)
		if err != nil || what == done && !s.partial {
			return what, err
		}
	}
	if err := d.makeDirs(); err != nil {
		return 0, err
	}
	if err := d.disk.mkdir(d.partial()); err != nil {
		return 0, err
	}
	d.entered = true
	if err = d.acquire(); err != nil {
		return 0, err
	}
	if s, err = inspect(d.path); err != nil {
		return 0, err
	}
	d.intent = s.intent && s.identity != nil
	return s.decide(d.path, d.identity, o)
}

// acquire locks .partial, which is there.
func (d *Directory) acquire() (err error) {
	d.lock, err = acquire(d.partial(lockName))
	var busy *BusyError
	if errors.As(err, &busy) {
		busy.Dir = d.path
	}
	return err
}

// makeDirs makes the run directory and remembers which directories it made.
func (d *Directory) makeDirs() error {
	var missing []string
	for p := d.path; !exists(p); p = filepath.Dir(p) {
		missing = append(missing, p)
	}
	for _, p := range slices.Backward(missing) {
		if err := d.disk.mkdir(p); err != nil {
			return err
		}
		d.made = append(d.made, p)
		if err := d.disk.syncDir(filepath.Dir(p)); err != nil {
			return err
		}
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// discard removes what an earlier attempt has left in .partial. The intent
// goes first: without results it would promise too much.
func (d *Directory) discard() error {
	if err := d.disk.remove(d.partial(intentName)); err != nil {
		return err
	}
	if err := d.disk.syncDir(d.partial()); err != nil {
		return err
	}
	if err := d.disk.removeTree(d.partial(segmentsName)); err != nil {
		return err
	}
	return d.disk.removeTree(d.partial(resultsName))
}

// claim makes .partial this run's own.
func (d *Directory) claim() error {
	if err := d.discard(); err != nil {
		return err
	}
	d.intent = false
	if err := d.disk.replace(d.partial(identityName), d.partial(temporaryName), d.identity); err != nil {
		return err
	}
	return d.disk.syncDir(d.path)
}

// start carries out the decision.
func (d *Directory) start(what decision) error {
	switch what {
	case done:
		d.complete = true
		if d.lock != nil {
			_ = d.clear() // what Publish could not remove
		}
		return nil
	case begin, replace:
		if d.intent && d.finishPublishing() == nil {
			// Complete results stay until others are published, also
			// those that were just being moved into place. Look again.
			return errGone
		}
		if err := d.claim(); err != nil {
			return err
		}
	case proceed:
		if d.intent {
			return d.finishPublishing()
		}
		if err := d.disk.removeTree(d.partial(resultsName)); err != nil {
			return err
		}
	default:
		panic(fmt.Sprintf("output: decision %d", what))
	}
	for _, name := range []string{segmentsName, resultsName} {
		if err := d.disk.mkdir(d.partial(name)); err != nil {
			return err
		}
	}
	return d.loadSegments()
}
