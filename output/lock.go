package output

import (
	"errors"
	"io/fs"
	"os"
)

var (
	errGone    = errors.New("lock file was removed meanwhile")
	errNoFlock = errors.New("file system without locks")
)

// lock keeps other processes out of a .partial directory.
type lock struct {
	file  *os.File
	stale string // a file that stands for the lock, removed on release
}

// acquire locks path. Where neither system nor file system (Lustre without the
// flock option) has locks that end with their process, a file beside it stands
// for the lock, and stays behind when the process is killed.
func acquire(path string) (*lock, error) {
	l, err := acquireFlock(path)
	if !errors.Is(err, errNoFlock) {
		return l, err
	}
	held := path + ".held"
	f, err := os.OpenFile(held, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, &BusyError{Lock: held}
	case errors.Is(err, fs.ErrNotExist):
		return nil, errGone
	case err != nil:
		return nil, fail("lock", held, err)
	}
	return &lock{file: f, stale: held}, nil
}

// release lets others in; it may be called twice.
func (l *lock) release() {
	if l == nil || l.file == nil {
		return
	}
	_ = l.file.Close() // nothing was written to it
	if l.stale != "" {
		_ = os.Remove(l.stale)
	}
	l.file = nil
}
