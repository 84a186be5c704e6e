//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package output

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// acquireFlock takes an advisory lock that the system releases when the
// process ends, however it ends.
func acquireFlock(path string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o666)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errGone // with its directory
	}
	if err != nil {
		return nil, fail("lock", path, err)
	}
	if err := hold(f, path); err != nil {
		_ = f.Close()
		return nil, err
	}
	return &lock{file: f}, nil
}

// hold locks f, which was opened at path.
func hold(f *os.File, path string) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	switch {
	case err == nil:
		return sameFile(f, path)
	case errors.Is(err, unix.EWOULDBLOCK):
		return &BusyError{}
	case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.ENOTSUP), errors.Is(err, unix.ENOLCK):
		return errNoFlock
	}
	return fail("lock", path, err)
}

// sameFile refuses a lock on a file that its last owner has removed: whoever
// comes next would lock another one.
func sameFile(f *os.File, path string) error {
	mine, err := f.Stat()
	if err != nil {
		return fail("lock", path, err)
	}
	there, err := os.Lstat(path)
	if err != nil || !os.SameFile(mine, there) {
		return errGone
	}
	return nil
}
