package output

import (
	"errors"
	"path/filepath"
	"slices"
	"sync"
)

// OpenOptions says what to do about a directory that is not empty.
type OpenOptions struct {
	Resume bool     // continue the run that was interrupted
	Force  bool     // replace the run that is there
	Tables []string // tables of this kind of run besides market, agents, events, outcomes, statistics, checks and sweep
}

// Directory is the place of one run.
type Directory struct {
	disk     disk
	path     string
	identity []byte
	contract contract
	lock     *lock
	made     []string // directories that Open had to make, outermost first
	entered  bool     // .partial was looked at and is ours to remove when empty

	mu       sync.Mutex
	complete bool
	intent   bool // results are complete, and are being moved
	closed   bool
	segments []Segment // committed, in order of First
	writing  map[int64]bool
	files    map[string]*File
}

// Open prepares a run directory for the run with the given identity: canonical
// text that says everything the results depend on. Under dir/.partial stands
// what is not complete.
//
//   - A missing or empty directory is a fresh start.
//   - With a run in it, complete or not, Open returns an *ExistsError.
//   - Resume continues an unfinished run with this identity, and returns a
//     Directory that is Complete for a finished one; with another identity it
//     returns an *OtherRunError.
//   - Force starts anew. The old results stay until Publish replaces them;
//     only what was unfinished is dropped.
//   - A directory with contents but neither manifest.json nor the identity of
//     an unfinished run is a *ForeignError, and one in which another process
//     works is a *BusyError.
//
// Files that are not part of a run are never touched.
func Open(dir string, identity []byte, o OpenOptions) (*Directory, error) {
	return open(disk{}, dir, identity, o)
}

func open(k disk, dir string, identity []byte, o OpenOptions) (*Directory, error) {
	if len(identity) == 0 {
		panic("output: Open without identity")
	}
	const attempts = 10 // others may come and go between two looks
	var err error
	for range attempts {
		d := &Directory{
			disk: k, path: filepath.Clean(dir), identity: slices.Clone(identity),
			contract: newContract(o.Tables), writing: map[int64]bool{}, files: map[string]*File{},
		}
		var what decision
		if what, err = d.enter(o); err == nil {
			err = d.start(what)
		}
		if err == nil {
			return d, nil
		}
		d.retreat()
		if !errors.Is(err, errGone) {
			return nil, err
		}
	}
	return nil, fail("lock", dir, err)
}

// retreat undoes what a failed Open has made, if nothing is in it.
func (d *Directory) retreat() {
	if d.lock != nil {
		if s, err := inspect(d.path); err == nil && s.identity == nil && s.partial {
			d.clear()
		}
		d.lock.release()
	}
	if d.entered {
		_ = d.disk.remove(d.partial()) // fails unless empty
	}
	d.removeMade()
}

func (d *Directory) removeMade() {
	for _, p := range slices.Backward(d.made) {
		if d.disk.remove(p) != nil {
			return // not empty: somebody else uses it
		}
	}
}

// partial returns a path under .partial.
func (d *Directory) partial(names ...string) string {
	return filepath.Join(append([]string{d.path, partialName}, names...)...)
}

// Path returns the directory that was opened.
func (d *Directory) Path() string { return d.path }

// Complete says whether the run was complete when it was opened, or has been
// published since: there is nothing to do.
func (d *Directory) Complete() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.complete
}

// usable refuses work on a directory that takes no more of it.
func (d *Directory) usable() error {
	switch {
	case d.closed:
		return errors.New("output: run directory is closed")
	case d.complete:
		return errors.New("output: run is complete")
	case d.intent:
		return errors.New("output: run is being published")
	}
	return nil
}

// Close releases the directory for others. Committed segments stay for a later
// Resume. Without any, .partial is removed, and with it the directories that
// Open made, if nothing else is in them: a run that failed at once leaves
// nothing behind. Close may be called twice, and after Publish.
func (d *Directory) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed = true
	for _, f := range d.files {
		f.drop()
	}
	var err error
	if !d.complete && !d.intent && len(d.segments) == 0 {
		err = d.clear()
	}
	d.lock.release()
	if d.lock != nil {
		_ = d.disk.remove(d.partial()) // once more: NFS keeps the lock file while it is open
	}
	if !d.complete {
		d.removeMade()
	}
	return err
}

// clear removes .partial. The identity goes after what it vouches for, and the
// intent after the identity, so that after every step the rest is either a run
// that can be resumed or nobody's.
func (d *Directory) clear() error {
	steps := []func() error{
		func() error { return d.disk.removeTree(d.partial(segmentsName)) },
		func() error { return d.disk.removeTree(d.partial(resultsName)) },
		func() error { return d.disk.remove(d.partial(temporaryName)) },
		func() error { return d.disk.remove(d.partial(identityName)) },
		func() error { return d.disk.remove(d.partial(intentName)) },
		func() error { return d.disk.remove(d.partial(lockName)) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	_ = d.disk.remove(d.partial()) // stays if somebody has put something in it
	return nil
}
