package output

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// state is what Open finds.
type state struct {
	exists      bool
	foreign     bool // entries other than manifest.json and .partial
	manifest    bool
	partial     bool // the directory .partial is there
	identity    []byte
	intent      bool
	manifestID  string
	manifestErr error
}

// inspect looks at a directory and changes nothing.
func inspect(dir string) (s state, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) && !isLink(dir) {
		return s, nil
	}
	if err != nil {
		return s, fail("open", dir, err)
	}
	s.exists = true
	for _, e := range entries {
		switch e.Name() {
		case manifestName:
			s.manifest = true
		case partialName:
			s.partial = true
		default:
			s.foreign = true
		}
	}
	if s.manifest {
		m, err := ReadManifest(dir)
		if s.manifestErr = err; err == nil {
			s.manifestID = m.Identity
		}
	}
	if s.partial {
		err = s.inspectPartial(dir)
	}
	return s, err
}

// inspectPartial refuses a .partial that this package cannot have made: to
// follow a link would be to write, and to remove, somewhere else.
func (s *state) inspectPartial(dir string) error {
	partial := filepath.Join(dir, partialName)
	if !isDir(partial) {
		return &ForeignError{dir, "has a " + partialName + " that is not a directory"}
	}
	entries, err := os.ReadDir(partial)
	if errors.Is(err, fs.ErrNotExist) {
		s.partial = false // its owner has just finished
		return nil
	}
	if err != nil {
		return fail("open", partial, err)
	}
	known := true
	for _, e := range entries {
		folder := e.Name() == segmentsName || e.Name() == resultsName
		if !slices.Contains(partialNames, e.Name()) {
			// NFS keeps removed files that are still open.
			known = known && strings.HasPrefix(e.Name(), ".nfs")
		} else if folder != e.IsDir() || !folder && !e.Type().IsRegular() {
			return &ForeignError{dir, "has a " + partialName + "/" + e.Name() + " that no run has written"}
		}
		s.intent = s.intent || e.Name() == intentName
	}
	s.identity, err = os.ReadFile(filepath.Join(partial, identityName))
	if errors.Is(err, fs.ErrNotExist) {
		s.identity, err = nil, nil
		if !known {
			return &ForeignError{dir, "has a " + partialName + " that no run has written"}
		}
	}
	return fail("read", filepath.Join(partial, identityName), err)
}

// decision is what Open does about a state.
type decision int

const (
	begin   decision = iota + 1 // start anew; in .partial only what belongs to nobody
	replace                     // start anew, over another run or an unfinished one
	proceed                     // continue with the committed segments
	done                        // the run is complete
)

// decide applies the rules of --resume and --force. With both, what can be
// resumed is resumed, and anything else that a run has left is replaced.
func (s state) decide(dir string, identity []byte, o OpenOptions) (decision, error) {
	unfinished := s.identity != nil
	mine := unfinished && bytes.Equal(s.identity, identity)
	switch {
	case !unfinished && !s.manifest && !s.foreign:
		return begin, nil
	case !unfinished && !s.manifest:
		return 0, &ForeignError{dir, "is not empty and does not hold a run"}
	case o.Resume && mine:
		return proceed, nil
	case o.Resume && !unfinished && s.manifestErr == nil && s.manifestID == checksum(identity):
		return done, nil
	case o.Force:
		return replace, nil
	case o.Resume && !unfinished && s.manifestErr != nil:
		return 0, s.manifestErr
	case o.Resume:
		return 0, &OtherRunError{dir}
	}
	return 0, &ExistsError{Dir: dir, Unfinished: unfinished && !s.manifest}
}
